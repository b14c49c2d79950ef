"""Publishing: a named person opens figures, the disclosure gate decides in which form, and the decision is kept.

The decision is made once, for everything that a sum ties together, and stored with the figure: so no order of visits
to pages, maps and files tells more than another (firsts: small-cell suppression everywhere).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from nimo.community.indicators.choices import Exposure, SourceState
from nimo.community.indicators.models import Observation, ObservationQuerySet, Source
from nimo.community.indicators.policies import get_source, may_publish
from nimo.community.indicators.services.exposure import assess
from nimo.core.disclosure.policy import Kind
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

PUBLISH = register_verb("indicators.publish", "指標の値を公開した")
UNPUBLISH = register_verb("indicators.unpublish", "指標の値の公開をやめた")


class UnableToPublish(Exception):
    """Nothing was published or taken back; the message says why."""


@dataclass(frozen=True, slots=True)
class Published:
    """How many figures became public; of those that count persons, how many stand there only as a mark."""

    published: int
    hidden: int
    exposed: int = 0


def _sources(actor: Actor, source_ids: Sequence[int]) -> list[Source]:
    """The active editions among them, each within the actor's right to publish."""
    found = []
    for source_id in dict.fromkeys(source_ids):
        source = get_source(actor, source_id)
        decision = may_publish(actor, source)
        if not decision:
            raise UnableToPublish(decision.reason)
        if source.state != SourceState.ACTIVE:
            raise UnableToPublish(
                f"「{source.title}」は{source.get_state_display()}です。何も変わっていません。有効な版を開いて操作してください。"
            )
        found.append(source)
    return found


def _rows(source: Source, codes: Collection[str] | None) -> ObservationQuerySet:
    rows = Observation.objects.live().filter(source=source)
    return rows if codes is None else rows.filter(indicator_id__in=list(codes))


def _publishable(source: Source, codes: Collection[str] | None) -> ObservationQuerySet:
    """Those that may become public at all. A count of persons with a breakdown of its own (内訳) stays inside: the gate
    judges what stands in one breakdown, and 全体 − 内訳 would tell what it hides."""
    return _rows(source, codes).exclude(~Q(dimension="") & ~Q(indicator__disclosure=Kind.OPEN))


def publish(
    *, actor: Actor, source_ids: Sequence[int], indicator_codes: Collection[str] | None = None, reason: str = ""
) -> Published:
    """Open the live figures of these sources (of some indicators only, if given) to everyone.

    Figures that count persons become public in the form the gate gives them. What is already public stays so.
    Raises FigureNotAvailable (no such source for this actor) and UnableToPublish. Audit: one entry a source.
    """
    with transaction.atomic():
        sources = _sources(actor, source_ids)
        counts = {
            source.pk: _publishable(source, indicator_codes)
            .filter(published_at__isnull=True)
            .update(published_at=actor.now, published_by_name=actor.name)
            for source in sources
        }
        if not any(counts.values()):
            raise UnableToPublish(
                "公開する値がありませんでした（すでに公開されているか、値が記録されていないか、内訳のある人数だけです。"
                "内訳のある人数は、引き算で少ない数が分かることがあるため、公開の画面には出しません）。"
            )
        outcome = assess(actor=actor, source_ids=[pk for pk, count in counts.items() if count])
        hidden = sum(1 for decided in outcome.decided.values() if decided.exposure != Exposure.SHOWN)
        for source in sources:
            if counts[source.pk]:
                record(
                    actor,
                    verb=PUBLISH,
                    target=("indicators.source", str(source.pk)),
                    region_code=source.region_id,
                    reason=reason,
                    diff={
                        "資料": [None, source.title],
                        "公開した件数": [None, counts[source.pk]],
                        "指標": [None, "すべて" if indicator_codes is None else "、".join(sorted(indicator_codes))],
                    },
                )
    return Published(sum(counts.values()), hidden, outcome.exposed)


def unpublish(
    *, actor: Actor, source_ids: Sequence[int], indicator_codes: Collection[str] | None = None, reason: str
) -> int:
    """Take figures back from the public pages; returns how many. A reason is needed and stands in the audit.

    What was shown is known outside from then on: the gate remembers it (`was_shown`) when it judges later editions.
    Raises FigureNotAvailable and UnableToPublish. Audit: one entry a source.
    """
    if not reason.strip():
        raise UnableToPublish("公開をやめる理由を書いてください。何も変わっていません。")
    with transaction.atomic():
        total = 0
        for source in _sources(actor, source_ids):
            count = (
                _rows(source, indicator_codes)
                .filter(published_at__isnull=False)
                .update(published_at=None, published_by_name="")
            )
            total += count
            if count:
                record(
                    actor,
                    verb=UNPUBLISH,
                    target=("indicators.source", str(source.pk)),
                    region_code=source.region_id,
                    reason=reason,
                    diff={"資料": [source.title, source.title], "公開をやめた件数": [None, count]},
                )
        if not total:
            raise UnableToPublish("公開をやめる値がありませんでした（公開されていません）。")
    return total
