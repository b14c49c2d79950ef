"""Counting again: figures that apps count from their records, written as new rows where they changed, in short steps.

A step reads the marks, counts without a transaction, and then, in one short transaction, takes away the marks it began
with and writes what changed. A mark that was put again meanwhile is another mark (`StaleMark.token`): it stays, and its
figures are not written from a count that is already old.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from nimo.community.indicators.choices import Basis, Evidence, RowState, SourceKind, SourceState
from nimo.community.indicators.models import Indicator, Observation, Source, StaleMark
from nimo.community.indicators.policies import may_recount
from nimo.community.indicators.queries.exposure import chunks
from nimo.community.indicators.queries.recount import (
    Wanted,
    count,
    countable_facts,
    marks_within,
    measure_of,
    measures_of,
    regions_to_count,
)
from nimo.community.indicators.rules.periods import sortable
from nimo.community.indicators.rules.recount import Counted, as_of, indicator_code, locator, words
from nimo.community.indicators.services.stale import put_marks
from nimo.core.fiscal import FiscalYear
from nimo.core.measures import all_measures
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.jobs.models import Job
from nimo.foundation.jobs.queries import is_waiting
from nimo.foundation.jobs.services import enqueue
from nimo.foundation.regions.models import Region

RECOUNT = register_verb("indicators.recount", "指標の値を数え直した")
REQUEST = register_verb("indicators.request_recount", "指標の値の数え直しを依頼した")
JOB = "indicators.recount"
STEP = 200
"""Marks a step takes: some milliseconds of writing, so that nobody who saves a form beside it waits."""

FigureKey = tuple[str, str, int]
"""(indicator code, region code, fiscal year)."""


class UnableToRecount(Exception):
    """Nothing was counted; the message says why."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """counted: figures counted; changed: of them, written anew; left: marks that were put again meanwhile."""

    counted: int = 0
    changed: int = 0
    left: int = 0

    def __add__(self, other: Recounted) -> Recounted:
        return Recounted(self.counted + other.counted, self.changed + other.changed, self.left + other.left)


def request_recount(*, actor: Actor, region_code: str | None = None) -> Job:
    """Ask for the waiting figures of one's regions (of one region and what lies in it, if given) to be counted.

    Raises UnableToRecount: no permission, nothing waits, or nothing that waits can be counted.
    """
    decision = may_recount(actor, region_code)
    if not decision:
        raise UnableToRecount(decision.reason)
    marks = marks_within(actor, Permission.RECOUNT_INDICATORS, region_code)
    if not marks.filter(fact__in=countable_facts()).exists():
        raise UnableToRecount("数え直しを待っている値はありません。どの値も、今の記録から数えたものです。")
    with transaction.atomic():
        return _ask(actor, "待っている指標の値の数え直し", {"region": region_code}, region_code or "")


def request_full_recount(*, actor: Actor, from_year: int, to_year: int) -> Job:
    """Ask for every counted figure of all one's regions and these fiscal years to be counted again.

    Raises UnableToRecount: no permission, or the years are in the wrong order or more than twenty.
    """
    decision = may_recount(actor)
    if not decision:
        raise UnableToRecount(decision.reason)
    if from_year > to_year or to_year - from_year >= 20:
        raise UnableToRecount("年度は、古いほうから新しいほうへ、20年度分までで選んでください。何も始めていません。")
    span = f"{FiscalYear(from_year).label}から{FiscalYear(to_year).label}まで"
    with transaction.atomic():
        return _ask(actor, f"指標の値の数え直し（{span}のすべて）", {"from": from_year, "to": to_year}, "")


def is_asked_for() -> bool:
    """Whether the system's own recount is still to be done: asked again it would only find nothing to do."""
    return is_waiting(code=JOB)


def _ask(actor: Actor, title: str, parameters: Mapping[str, object], region_code: str) -> Job:
    job = enqueue(actor=actor, code=JOB, title=title, parameters=parameters, region_code=region_code)
    record(actor, verb=REQUEST, target=("jobs.job", str(job.pk)), region_code=region_code, diff={"依頼": [None, title]})
    return job


def mark_all(*, actor: Actor, region_codes: Collection[str], from_year: int, to_year: int) -> int:
    """Put the marks of a full recount for some regions: a recount that dies in the middle goes on from them.

    Raises UnableToRecount for a region out of reach. Returns how many marks there are.
    """
    countable_facts()
    years = range(from_year, to_year + 1)
    _check_reach(actor, region_codes)
    keys = [(one.code, code, year) for one in all_measures() for code in region_codes for year in years]
    put_marks(actor=actor, keys=keys)
    return len(keys)


def _check_reach(actor: Actor, region_codes: Collection[str]) -> None:
    for code in sorted(set(region_codes)):
        decision = may_recount(actor, code)
        if not decision:
            raise UnableToRecount(f"地域コード {code}: {decision.reason}")


def next_marks(*, actor: Actor, region_code: str | None, after: int, limit: int = STEP) -> list[StaleMark]:
    """The next marks in reach that can be counted, by number; `after` is the number of the last one that was tried."""
    marks = marks_within(actor, Permission.RECOUNT_INDICATORS, region_code).filter(pk__gt=after)
    return list(marks.filter(fact__in=countable_facts()).order_by("pk")[:limit])


def marks_left(*, actor: Actor, region_code: str | None) -> int:
    """How many marks in reach can be counted now: the length of the progress bar."""
    marks = marks_within(actor, Permission.RECOUNT_INDICATORS, region_code)
    return marks.filter(fact__in=countable_facts()).count()


def recount(*, actor: Actor, marks: Sequence[StaleMark]) -> Recounted:
    """Count what these marks speak of, write what changed, take the marks away. One step of the job.

    A value that is the same leaves no row; one that cannot be told replaces an older value, and leaves nothing where
    there was none. New rows are not public. Raises UnableToRecount for a region out of reach.
    Audit: one entry a region with changes.
    """
    _check_reach(actor, {mark.region_id for mark in marks})
    wanted = {
        (measure.code, mark.region_id, mark.fiscal_year): Wanted(measure, mark.region_id, mark.fiscal_year)
        for mark in marks
        for measure in measures_of(mark.fact)
    }
    figures = count(list(wanted.values()))
    with transaction.atomic():
        held = _held(marks)
        keys = _keys(held)
        due = {key: figure for key, figure in figures.items() if key in keys}
        changed = _write(actor, due)
        StaleMark.objects.filter(pk__in=[mark.pk for mark in held]).delete()
    return Recounted(len(due), changed, len(marks) - len(held))


def _held(marks: Sequence[StaleMark]) -> list[StaleMark]:
    """Those of the marks that are still the same. One that somebody is putting again just now is left to the next step:
    nobody who saves a record ever waits for a recount in a circle."""
    same = {mark.token for mark in marks}
    rows = StaleMark.objects.select_for_update(skip_locked=True).filter(pk__in=[mark.pk for mark in marks])
    return [mark for mark in rows.order_by("pk") if mark.token in same]


def _keys(marks: Sequence[StaleMark]) -> set[FigureKey]:
    return {
        (indicator_code(measure.code), mark.region_id, mark.fiscal_year)
        for mark in marks
        for measure in measures_of(mark.fact)
    }


def _sources(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """The id of each region's source of counted figures; those that are missing are made. Two workers make one."""
    wanted = {f"counted:{code}": code for code in codes}

    def known() -> dict[str, int]:
        found: dict[str, int] = {}
        for chunk in chunks(sorted(wanted)):
            rows = Source.objects.filter(series__in=chunk, state=SourceState.ACTIVE).values_list("series", "pk")
            found.update({wanted[series]: pk for series, pk in rows})
        return found

    ids = known()
    missing = sorted(set(codes) - ids.keys())
    if missing:
        Source.objects.bulk_create(
            [
                Source(
                    series=f"counted:{region.code}",
                    origin="counted",
                    kind=SourceKind.COUNTED,
                    title=f"{region.name}の記録から数えた値",
                    publisher="nimo",
                    region=region,
                    organisation_id=actor.organisation.organisation_id if actor.organisation else None,
                    recorded_at=actor.now,
                    recorded_by_id=actor.user_id,
                    recorded_by_name=actor.name,
                )
                for region in Region.objects.filter(pk__in=missing).order_by("code")
            ],
            ignore_conflicts=True,
        )
        ids = known()
    return ids


@dataclass(frozen=True, slots=True)
class _Live:
    """What stands there now: the row and its figure."""

    pk: int
    state: str
    figure: Counted


def _live(source_ids: Collection[int], figures: Mapping[FigureKey, Counted]) -> dict[FigureKey, _Live]:
    found: dict[FigureKey, _Live] = {}
    rows = Observation.objects.live().filter(
        indicator_id__in={indicator for indicator, _, _ in figures}, fiscal_year__in={year for _, _, year in figures}
    )
    columns = ("indicator_id", "region_id", "fiscal_year", "pk", "state", "value", "numerator", "denominator")
    for chunk in chunks(sorted({region for _, region, _ in figures})):
        inside = rows.filter(region_id__in=chunk, source_id__in=source_ids)
        for indicator, region, year, pk, state, *numbers in inside.values_list(*columns):
            if (indicator, region, year) in figures:
                found[indicator, region, year] = _Live(pk, state, Counted(*numbers))
    return found


def _same(row: _Live, figure: Counted) -> bool:
    """The same figure, told the same way: 3 and 3.0 are one number, a value and no value are not."""
    old = row.figure
    return (row.state, old.value, old.numerator, old.denominator) == (
        figure.state,
        figure.value,
        figure.numerator,
        figure.denominator,
    )


def _write(actor: Actor, figures: Mapping[FigureKey, Counted]) -> int:
    """Rows for the figures that changed; the rows they replace stay, superseded. Returns how many."""
    if not figures:
        return 0
    sources = _sources(actor, {region for _, region, _ in figures})
    live = _live(list(sources.values()), figures)
    changed = {
        key: figure
        for key, figure in figures.items()
        if (not _same(live[key], figure) if key in live else figure.value is not None or figure.withheld)
    }
    if not changed:
        return 0
    units = dict(Indicator.objects.values_list("code", "unit"))
    replaced = {key: live[key].pk for key in changed if key in live}
    for chunk in chunks(sorted(replaced.values())):
        Observation.objects.filter(pk__in=chunk).update(status=RowState.SUPERSEDED)
    rows = Observation.objects.bulk_create(
        [_row(actor, key, figure, sources, units) for key, figure in changed.items()], batch_size=200
    )
    successors = {(row.indicator_id, row.region_id, row.fiscal_year): row for row in rows}
    old = [
        Observation(
            pk=pk,
            superseded_by=successors[key],
            superseded_by_source_id=successors[key].source_id,
            supersession_reason="数え直し",
        )
        for key, pk in replaced.items()
    ]
    Observation.objects.bulk_update(
        old, ["superseded_by", "superseded_by_source", "supersession_reason"], batch_size=100
    )
    _audit(actor, sources, live, changed, units)
    return len(changed)


def _row(
    actor: Actor, key: FigureKey, figure: Counted, sources: Mapping[str, int], units: Mapping[str, str]
) -> Observation:
    indicator, region, year = key
    measure = measure_of(indicator)
    assert measure is not None  # queries.recount.count
    return Observation(
        indicator_id=indicator,
        region_id=region,
        source_id=sources[region],
        fiscal_year=year,
        as_of=as_of(year),
        as_of_sort=sortable(as_of(year), year),
        basis=Basis.RECORDS,
        state=figure.state,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        unit=units[indicator],
        evidence=Evidence.DERIVED,
        note=figure.note,
        locator=locator(measure),
        recorded_at=actor.now,
        recorded_by_name=actor.name,
    )


def _audit(
    actor: Actor,
    sources: Mapping[str, int],
    live: Mapping[FigureKey, _Live],
    changed: Mapping[FigureKey, Counted],
    units: Mapping[str, str],
) -> None:
    """One entry a region: how many figures, and the first of them with what they were before."""
    regions = Counter(region for _, region, _ in changed)
    for region, number in sorted(regions.items()):
        own = sorted((key, figure) for key, figure in changed.items() if key[1] == region)[:20]
        record(
            actor,
            verb=RECOUNT,
            target=("indicators.source", str(sources[region])),
            region_code=region,
            diff={
                "変わった値": [None, number],
                **{
                    f"{indicator} {year}年度": [
                        words(live[key].figure, units[indicator])
                        if (key := (indicator, region, year)) in live
                        else None,
                        words(figure, units[indicator]),
                    ]
                    for (indicator, _, year), figure in own
                },
            },
        )


def full_plan(*, actor: Actor) -> list[str]:
    """The regions a full recount walks through, as far as the actor reaches."""
    return regions_to_count(actor, Permission.RECOUNT_INDICATORS)
