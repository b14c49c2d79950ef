"""Recording figures with their lineage, correcting them, and taking an import back. Nothing is ever overwritten."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from django.db import IntegrityError, transaction

from nimo.community.indicators.choices import RowState, SourceKind, SourceState, ValueState
from nimo.community.indicators.models import Indicator, Observation, Source
from nimo.community.indicators.policies import get_observation, get_source, may_record, may_withdraw
from nimo.community.indicators.queries.exposure import chunks
from nimo.community.indicators.rules.drafts import Meaning, ObservationDraft, SourceDraft, problems_of
from nimo.community.indicators.rules.periods import sortable
from nimo.community.indicators.services.exposure import assess
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.regions.models import Region

RECORD = register_verb("indicators.record", "指標の値を記録した")
CORRECT = register_verb("indicators.correct", "指標の値を訂正した")
WITHDRAW = register_verb("indicators.withdraw", "指標の値の取込みを取り消した")

_SHOWN_PROBLEMS = 20
_OPEN_KINDS = (SourceKind.OFFICIAL_STATISTICS, SourceKind.REPORT)


class UnableToRecord(Exception):
    """Nothing was recorded; the message names each figure and what is wrong with it. `problems` are its lines."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class UnableToWithdraw(Exception):
    """The import stays as it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """recorded: rows written; superseded: rows of the former edition they replaced; unchanged: the very same
    source with the same figures was already there and nothing was written."""

    source_id: int
    recorded: int
    superseded: int
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """restored_source_id: the edition that is valid again (None: there was none)."""

    withdrawn: int
    restored: int
    restored_source_id: int | None


def _meanings(codes: Iterable[str]) -> dict[str, Meaning]:
    return {
        row.code: Meaning(
            code=row.code,
            name=row.name,
            kind=row.kind,
            unit=row.unit,
            unit_aliases=frozenset(alias for alias in row.unit_aliases.split(";") if alias),
            bases=frozenset(row.bases.split(";")),
        )
        for row in Indicator.objects.filter(code__in=set(codes))
    }


def _checked(actor: Actor, drafts: Sequence[ObservationDraft], source: SourceDraft) -> dict[str, Meaning]:
    if not drafts:
        raise UnableToRecord("記録する値がありません。何も記録していません。")
    if source.kind not in SourceKind.values:
        raise UnableToRecord(f"資料の種類「{source.kind}」は使えません。何も記録していません。")
    if source.open_reason and source.kind not in _OPEN_KINDS:
        raise UnableToRecord("取込みと同時に公開できるのは、公表された統計・資料だけです。何も記録していません。")
    codes = {draft.region_code for draft in drafts} | {source.region_code}
    decision = may_record(actor, source.kind, codes)
    if not decision:
        raise UnableToRecord(decision.reason)
    meanings = _meanings(draft.indicator for draft in drafts)
    problems = problems_of(drafts, meanings)
    known: set[str] = set()
    for chunk in chunks(codes):
        known.update(Region.objects.filter(code__in=chunk).values_list("code", flat=True))
    problems += [f"地域コード {code} は地域の表にありません。" for code in sorted(codes - known)]
    if problems:
        listed = problems[:_SHOWN_PROBLEMS]
        more = f"（ほか{len(problems) - len(listed)}件）" if len(problems) > len(listed) else ""
        raise UnableToRecord("値を記録できませんでした。何も記録していません。\n" + "\n".join(listed) + more, problems)
    return meanings


def _digest(drafts: Sequence[ObservationDraft], source: SourceDraft) -> str:
    """Of the document and of every figure taken from it: corrected readings of one file are another edition."""
    content = hashlib.sha256(source.digest.encode())
    for draft in drafts:
        content.update(repr(astuple(draft)).encode())
    return content.hexdigest()


def _row(draft: ObservationDraft, meaning: Meaning, source: Source, actor: Actor) -> Observation:
    year = draft.year
    assert year is not None  # problems_of
    return Observation(
        indicator_id=draft.indicator,
        region_id=draft.region_code,
        source=source,
        fiscal_year=year,
        as_of=draft.as_of,
        as_of_sort=sortable(draft.as_of, year),
        basis=draft.basis,
        coverage=draft.coverage,
        dimension=draft.dimension,
        state=draft.state,
        value=draft.value,
        numerator=draft.numerator,
        denominator=draft.denominator,
        yes_no=draft.yes_no,
        text=draft.text,
        unit=meaning.canonical_unit(draft.unit),
        qualifier=draft.qualifier,
        evidence=draft.evidence,
        note=draft.note,
        locator=draft.locator,
        raw=draft.raw,
        recorded_at=actor.now,
        recorded_by_name=actor.name,
    )


def _key(row: Observation) -> tuple[object, ...]:
    return (
        row.indicator_id,
        row.region_id,
        row.fiscal_year,
        row.as_of,
        row.basis,
        row.coverage,
        row.dimension,
    )


def _supersede(former: Source, new: Source, rows: Sequence[Observation]) -> int:
    """The former edition's rows give way, each to the row that states the same fact, if there is one."""
    successors = {_key(row): row.pk for row in rows}
    old = list(Observation.objects.live().filter(source=former))
    for row in old:
        row.status = RowState.SUPERSEDED
        row.superseded_by_source = new
        row.superseded_by_id = successors.get(_key(row))
    Observation.objects.bulk_update(old, ["status", "superseded_by_source", "superseded_by"], batch_size=200)
    Source.objects.filter(pk=former.pk).update(superseded_by=new)
    return len(old)


def _new_source(draft: SourceDraft, digest: str, actor: Actor) -> Source:
    return Source.objects.create(
        series=draft.series,
        origin=draft.origin or draft.series,
        kind=draft.kind,
        title=draft.title,
        publisher=draft.publisher,
        reference=draft.reference,
        credit=draft.credit,
        published_on=draft.published_on,
        retrieved_on=draft.retrieved_on,
        file_id=draft.file_id,
        digest=digest,
        region_id=draft.region_code,
        fiscal_year=draft.fiscal_year,
        organisation_id=actor.organisation.organisation_id if actor.organisation else None,
        open_reason=draft.open_reason,
        recorded_at=actor.now,
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name,
    )


def record_observations(*, actor: Actor, rows: Iterable[ObservationDraft], source: SourceDraft) -> Recorded:
    """Record every figure of one edition of one document, all or none, with its lineage.

    The active edition of the same `series` is replaced: its rows stay, marked superseded, and `withdraw_source` brings
    them back. Nothing becomes public, except with `source.open_reason` (published statistics and documents).
    Raises UnableToRecord (a figure that cannot be, an unknown region or indicator, no permission, two people at once).
    Audit: one entry with the counts and the source.
    """
    drafts = list(rows)
    meanings = _checked(actor, drafts, source)
    digest = _digest(drafts, source)
    try:
        with transaction.atomic():
            former = Source.objects.filter(series=source.series, state=SourceState.ACTIVE).first()
            if former is not None and former.digest == digest:
                return Recorded(former.pk, 0, 0, unchanged=True)
            if former is not None:
                _give_way(former)
            new = _new_source(source, digest, actor)
            written = Observation.objects.bulk_create(
                [_row(draft, meanings[draft.indicator], new, actor) for draft in drafts], batch_size=500
            )
            superseded = _supersede(former, new, written) if former is not None else 0
            if source.open_reason:
                Observation.objects.filter(source=new).update(published_at=actor.now, published_by_name=actor.name)
                assess(actor=actor, source_ids=[new.pk])
            states = Counter(draft.state for draft in drafts)
            record(
                actor,
                verb=RECORD,
                target=("indicators.source", str(new.pk)),
                region_code=source.region_code,
                reason=source.open_reason,
                diff={
                    "資料": [former.title if former else None, new.title],
                    "系列": [None, new.series],
                    "記録した件数": [None, len(drafts)],
                    "うち値あり": [None, states[ValueState.VALUE]],
                    "置き換えた件数": [None, superseded],
                },
            )
    except IntegrityError as error:
        raise UnableToRecord(
            f"「{source.title}」は、ほかの人が同時に取り込んだため記録できませんでした。何も記録していません。"
            "画面を開き直して、今の内容を確かめてください。"
        ) from error
    return Recorded(new.pk, len(written), superseded)


def _give_way(former: Source) -> None:
    changed = Source.objects.filter(pk=former.pk, state=SourceState.ACTIVE).update(state=SourceState.SUPERSEDED)
    if changed != 1:
        raise UnableToRecord(
            f"「{former.title}」の新しい版が、ほかの人によって同時に取り込まれました。何も記録していません。"
            "画面を開き直して、今の内容を確かめてください。"
        )


def withdraw_source(*, actor: Actor, source_id: int, reason: str) -> Withdrawn:
    """Undo an import: its figures become invalid, and what they had replaced is valid again, published as it was.

    Raises FigureNotAvailable and UnableToWithdraw (no permission, no reason, or a later edition stands on it).
    Audit: one entry with the counts.
    """
    source = get_source(actor, source_id)
    decision = may_withdraw(actor, source)
    if not decision:
        raise UnableToWithdraw(decision.reason)
    if not reason.strip():
        raise UnableToWithdraw("取り消す理由を書いてください。何も変わっていません。")
    with transaction.atomic():
        changed = Source.objects.filter(pk=source.pk, state=SourceState.ACTIVE).update(
            state=SourceState.WITHDRAWN,
            withdrawn_at=actor.now,
            withdrawn_by_name=actor.name,
            withdrawal_reason=reason.strip()[:200],
        )
        if changed != 1:
            raise UnableToWithdraw(
                f"「{source.title}」は、すでに取り消されたか、あとの取込みで置き換えられています。何も変わっていません。"
                "置き換えられている場合は、あとの取込みを先に取り消してください。"
            )
        withdrawn = Observation.objects.live().filter(source=source).update(status=RowState.WITHDRAWN)
        former = Source.objects.filter(superseded_by=source, state=SourceState.SUPERSEDED).first()
        restored = 0
        if former is not None:
            Source.objects.filter(pk=former.pk).update(state=SourceState.ACTIVE, superseded_by=None)
            restored = Observation.objects.filter(
                source=former, status=RowState.SUPERSEDED, superseded_by_source=source
            ).update(status=RowState.LIVE, superseded_by=None, superseded_by_source=None)
            assess(actor=actor, source_ids=[former.pk])
        record(
            actor,
            verb=WITHDRAW,
            target=("indicators.source", str(source.pk)),
            region_code=source.region_id,
            reason=reason.strip(),
            diff={
                "資料": [source.title, former.title if former else None],
                "取り消した件数": [None, withdrawn],
                "戻した件数": [None, restored],
            },
        )
    return Withdrawn(withdrawn, restored, former.pk if former else None)


def correct_observation(*, actor: Actor, observation_id: int, draft: ObservationDraft, reason: str) -> int:
    """Replace one live figure by another reading of the same source; returns the new row's id.

    draft: the corrected figure; indicator, region and locator stay those of the old row. The new row is not public.
    Raises FigureNotAvailable and UnableToRecord. Audit: old and new value.
    """
    old = get_observation(actor, observation_id)
    if not reason.strip():
        raise UnableToRecord("訂正の理由を書いてください。何も変わっていません。")
    corrected = replace(draft, indicator=old.indicator_id, region_code=old.region_id, locator=old.locator)
    decision = may_record(actor, old.source.kind, {old.region_id})
    if not decision:
        raise UnableToRecord(decision.reason)
    meaning = _meanings([old.indicator_id])[old.indicator_id]
    problems = problems_of([corrected], {meaning.code: meaning})
    if problems:
        raise UnableToRecord("訂正できませんでした。何も変わっていません。\n" + "\n".join(problems), problems)
    try:
        with transaction.atomic():
            changed = Observation.objects.live().filter(pk=old.pk).update(status=RowState.SUPERSEDED)
            if changed != 1:
                raise UnableToRecord(
                    "この値は、すでに訂正されたか取り消されています。何も変わっていません。画面を開き直してください。"
                )
            new = _row(corrected, meaning, old.source, actor)
            new.save(force_insert=True)
            Observation.objects.filter(pk=old.pk).update(
                superseded_by=new, superseded_by_source=old.source, supersession_reason=reason.strip()[:200]
            )
            record(
                actor,
                verb=CORRECT,
                target=("indicators.observation", str(new.pk)),
                region_code=old.region_id,
                reason=reason.strip(),
                diff={
                    "値": [_words(old), _words(new)],
                    "時点": [old.as_of, new.as_of],
                    "訂正前の番号": [None, old.pk],
                },
            )
    except IntegrityError as error:
        raise UnableToRecord("同じ資料に同じ時点・基準の値がすでにあります。何も変わっていません。") from error
    return new.pk


def _words(row: Observation) -> str:
    if row.state != ValueState.VALUE:
        return str(row.get_state_display())
    given = next((item for item in (row.value, row.yes_no, row.text) if item is not None), "")
    return f"{given}{row.unit}"
