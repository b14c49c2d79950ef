"""Loading the dictionary that ships with nimo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction

from nimo.community.indicators.formats.packaged import Derived, Dictionary, Entry, Target, packaged_dictionary
from nimo.community.indicators.models import DerivedIndicator, DictionaryVersion, Indicator, Observation, PlanTarget
from nimo.community.indicators.policies import may_load_dictionary
from nimo.community.indicators.queries.finding import INDICATOR_WORDS, dictionary_codes
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.search.services import index

LOAD_DICTIONARY = register_verb("indicators.load_dictionary", "指標の辞書を読み込んだ")

MEANING = ("kind", "unit", "period", "numerator", "denominator")
"""What makes a figure what it is: never changed under a code that already has figures."""
EXPRESSION = ("expression", "unit", "kind")


class UnableToLoadDictionary(Exception):
    """The dictionary in the database stays as it was; the message says why."""


@dataclass(frozen=True, slots=True)
class LoadedDictionary:
    """unchanged: this very edition was loaded before and nothing was written."""

    version: str
    added: int
    changed: int
    targets: int
    unchanged: bool = False


def _values(entry: Entry, version: str) -> dict[str, object]:
    values = asdict(entry)
    values["dimensions"] = list(entry.dimensions)
    values["part_of_id"] = values.pop("part_of") or None
    values["dictionary_version"] = version
    return values


def _keep_meanings(dictionary: Dictionary, known: Mapping[str, Indicator]) -> None:
    changed = [
        entry
        for entry in dictionary.entries
        if entry.code in known and any(getattr(known[entry.code], name) != getattr(entry, name) for name in MEANING)
    ]
    used = set(
        Observation.objects.filter(indicator_id__in=[entry.code for entry in changed])
        .values_list("indicator_id", flat=True)
        .distinct()
    )
    names = [f"{entry.name}（{entry.code}）" for entry in changed if entry.code in used]
    if names:
        raise UnableToLoadDictionary(
            f"{'、'.join(names)}は、すでに値があるのに単位や分子・分母が変わっています。何も変わっていません。"
            "意味を変えるときは、新しいコードの指標にしてください。"
        )


def _keep_expressions(dictionary: Dictionary, known: Mapping[str, DerivedIndicator]) -> None:
    """A derived code keeps its expression: papers and files that name it must mean the same for good."""
    changed = [
        f"{entry.name}（{entry.code}）"
        for entry in dictionary.derived
        if entry.code in known and any(getattr(known[entry.code], name) != getattr(entry, name) for name in EXPRESSION)
    ]
    if changed:
        raise UnableToLoadDictionary(
            f"{'、'.join(changed)}の式か単位が変わっています。何も変わっていません。"
            "求め方を変えるときは、新しいコードにしてください。"
        )


def _store_derived(derived: tuple[Derived, ...], known: Mapping[str, DerivedIndicator], version: str) -> int:
    """How many are new. Codes no longer in the edition stay."""
    for entry in derived:
        values = asdict(entry) | {"dictionary_version": version}
        if entry.code in known:
            DerivedIndicator.objects.filter(pk=entry.code).update(**values)
        else:
            DerivedIndicator.objects.create(**values)
    return sum(1 for entry in derived if entry.code not in known)


def _store_entries(dictionary: Dictionary, known: Mapping[str, Indicator]) -> tuple[int, dict[str, object]]:
    added = 0
    diff: dict[str, object] = {}
    for entry in dictionary.entries:
        values = _values(entry, dictionary.version)
        old = known.get(entry.code)
        if old is None:
            Indicator.objects.create(**values)
            added += 1
            continue
        changes = diff_of({name: getattr(old, name) for name in values}, values)
        changes.pop("dictionary_version", None)
        changes.pop("position", None)
        if changes:
            diff[entry.code] = changes
        Indicator.objects.filter(pk=entry.code).update(**values)
    return added, diff


def _store_targets(targets: tuple[Target, ...]) -> None:
    """Targets are data of the edition: those no longer in it go, the audit keeps the edition's digest."""
    PlanTarget.objects.all().delete()
    PlanTarget.objects.bulk_create(
        PlanTarget(indicator_id=target.indicator, **{k: v for k, v in asdict(target).items() if k != "indicator"})
        for target in targets
    )


def load_dictionary(*, actor: Actor, dictionary: Dictionary | None = None) -> LoadedDictionary:
    """Load the packaged dictionary (or another one of the same shape). Loading the same edition again does nothing.

    Codes no longer in the edition stay, with their figures. Raises UnableToLoadDictionary (no permission; a code with
    figures would change its meaning) and formats.packaged.DictionaryError. Audit: counts, and the changed fields.
    """
    decision = may_load_dictionary(actor)
    if not decision:
        raise UnableToLoadDictionary(decision.reason)
    edition = dictionary or packaged_dictionary()
    with transaction.atomic():
        last = DictionaryVersion.objects.order_by("-pk").first()
        if last is not None and last.digest == edition.digest:
            return LoadedDictionary(edition.version, 0, 0, len(edition.targets), unchanged=True)
        known = {row.code: row for row in Indicator.objects.all()}
        derived = {row.code: row for row in DerivedIndicator.objects.all()}
        _keep_meanings(edition, known)
        _keep_expressions(edition, derived)
        added, diff = _store_entries(edition, known)
        computed = _store_derived(edition.derived, derived, edition.version)
        _store_targets(edition.targets)
        DictionaryVersion.objects.filter(version=edition.version).delete()
        DictionaryVersion.objects.create(
            version=edition.version, digest=edition.digest, loaded_at=actor.now, loaded_by_name=actor.name
        )
        index.refresh(actor=actor, source=INDICATOR_WORDS, owners=dictionary_codes())
        record(
            actor,
            verb=LOAD_DICTIONARY,
            target=("indicators.dictionary", edition.version),
            diff={
                "版": [last.version if last else None, edition.version],
                "内容のハッシュ": [last.digest if last else None, edition.digest],
                "加えた指標": [None, added],
                "加えた計算で求める指標": [None, computed],
                "目標値": [None, len(edition.targets)],
                **{f"指標 {code}": changes for code, changes in diff.items()},
            },
        )
    return LoadedDictionary(edition.version, added, len(diff), len(edition.targets))
