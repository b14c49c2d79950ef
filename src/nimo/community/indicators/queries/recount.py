"""What waits to be counted again, what to count for it, and the records behind a counted figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules

from nimo.community.indicators.choices import RowState, SourceKind
from nimo.community.indicators.models import Indicator, Observation, StaleMark
from nimo.community.indicators.policies import FigureNotAvailable, get_observation, may_recount, sees_recorded
from nimo.community.indicators.rules.recount import Counted, added, indicator_code
from nimo.core.fiscal import FiscalYear
from nimo.core.measures import Key, Measure, MeasureRecord, all_measures, counted_from
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import Decision
from nimo.foundation.jobs.queries import moment
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import children, codes_below
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table

SHOWN = 500
STALE_MARK = "数え直し待ち"
CONTAINERS = AREA_KINDS | {RegionKind.PREFECTURE}


@cache
def discover() -> None:
    """Imports every app's `measures` once, also where no address was resolved yet (commands, tests)."""
    autodiscover_modules("measures")


def measures_of(fact: str) -> tuple[Measure, ...]:
    discover()
    return counted_from(fact)


def countable_facts() -> list[str]:
    """Every fact that some measure counts from, by name."""
    discover()
    return sorted({fact for one in all_measures() for fact in one.facts})


def measure_of(indicator: str) -> Measure | None:
    """The measure that counts an indicator; None for figures that come from documents."""
    discover()
    return next((one for one in all_measures() if indicator_code(one.code) == indicator), None)


def stale_indicators(marks: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """(fact, fiscal year) → (indicator code, fiscal year) of every figure that waits: the fact's own, and the counted ones."""
    waiting: set[tuple[str, int]] = set()
    for fact, year in marks:
        waiting.add((fact, year))
        waiting.update((indicator_code(one.code), year) for one in measures_of(fact))
    return waiting


def is_stale(region_code: str, indicator: str, fiscal_year: int) -> bool:
    marks = StaleMark.objects.filter(region_id=region_code, fiscal_year=fiscal_year)
    return (indicator, fiscal_year) in stale_indicators(marks.values_list("fact", "fiscal_year"))


def marks_within(actor: Actor, permission: Permission, region_code: str | None = None) -> QuerySet[StaleMark]:
    """The marks of the regions a permission reaches; of one region and what lies in it, if given."""
    reach = actor.reach(permission)
    marks = StaleMark.objects.all()
    if not reach.everything:
        marks = marks.filter(region_id__in=reach.region_codes)
    if region_code is not None:
        region = Region.objects.filter(pk=region_code).first()
        inside = codes_below([region], actor.today)[region_code] if region else frozenset()
        marks = marks.filter(region_id__in=inside)
    return marks


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Marks of one region and fact. years_text: 令和5年度、令和6年度; figures: names of what is counted from it."""

    region_code: str
    region_name: str
    fact: str
    fact_label: str
    years_text: str
    figures_text: str
    since: datetime
    countable: bool


def waiting_rows(marks: QuerySet[StaleMark], *, limit: int) -> list[WaitingRow]:
    """The marks by region and fact, oldest first; figures that no measure counts are named as such. Two queries."""
    names = dict(Indicator.objects.values_list("code", "name"))
    grouped: dict[tuple[str, str], list[StaleMark]] = defaultdict(list)
    for mark in marks.select_related("region").order_by("first_marked_at", "pk")[:limit]:
        grouped[mark.region_id, mark.fact].append(mark)
    rows = []
    for (code, fact), same in grouped.items():
        counted = measures_of(fact)
        years = sorted({mark.fiscal_year for mark in same})
        rows.append(
            WaitingRow(
                region_code=code,
                region_name=same[0].region.name,
                fact=fact,
                fact_label=fact_label(fact, names),
                years_text="、".join(FiscalYear(year).label for year in years),
                figures_text="、".join(names.get(indicator_code(one.code), one.label) for one in counted),
                since=same[0].first_marked_at,
                countable=bool(counted),
            )
        )
    return rows


def fact_label(fact: str, names: Mapping[str, str]) -> str:
    """What changed, in Japanese: a known fact, the figure counted from it, an indicator; else the fact as written."""
    counted = measures_of(fact)
    return names.get(fact) or (counted[0].facts[fact] if counted else fact)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure to count: a measure for a region and a year."""

    measure: Measure
    region_code: str
    fiscal_year: int


class _Places:
    """Which regions lie in which, asked once a region and year."""

    def __init__(self, codes: Collection[str]) -> None:
        self.regions = {one.code: one for one in Region.objects.filter(pk__in=codes)}
        self._below: dict[Key, tuple[str, ...]] = {}
        self._members: dict[Key, tuple[Region, ...]] = {}

    def kind(self, code: str) -> str:
        return self.regions[code].kind

    def below(self, code: str, year: int) -> tuple[str, ...]:
        """The region's own code and everything in it in that year."""
        if self.kind(code) not in CONTAINERS | {RegionKind.DESIGNATED_CITY, RegionKind.NATION}:
            return (code,)
        if (code, year) not in self._below:
            inside = codes_below([self.regions[code]], FiscalYear(year).end)[code]
            self._below[code, year] = tuple(sorted(inside))
        return self._below[code, year]

    def members(self, code: str, year: int) -> tuple[Region, ...]:
        if (code, year) not in self._members:
            self._members[code, year] = tuple(children(self.regions[code], year))
        return self._members[code, year]


def _added(measure: Measure, kind: str, code: str, year: int, places: _Places) -> Counted:
    members = places.members(code, year)
    counts = measure.count_many([(one.code, year) for one in members])
    parents = {one.code: frozenset({one.city_id} if one.city_id else ()) for one in members}
    return added(measure, kind, year, counts, {one.code: one.name for one in members}, parents)


def count(wanted: Collection[Wanted]) -> dict[tuple[str, str, int], Counted]:
    """Counts anew: (indicator code, region code, fiscal year) → figure. Reads only; nothing is written, nobody is asked.

    A region that contains others: unique records where the measure knows them, else the addition rules (`over`).
    Measures without an entry in the dictionary are left out.
    """
    kinds = dict(Indicator.objects.values_list("code", "kind"))
    places = _Places({one.region_code for one in wanted})
    counted: dict[tuple[str, str, int], Counted] = {}
    by_measure: dict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_measure[one.measure.code].append(one)
    for same in by_measure.values():
        measure, indicator = same[0].measure, indicator_code(same[0].measure.code)
        if indicator not in kinds:
            continue
        single: list[Key] = []
        for one in same:
            code, year = one.region_code, one.fiscal_year
            inside = places.below(code, year) if measure.counts_together else (code,)
            if len(inside) > 1:
                counted[indicator, code, year] = Counted.of(measure.count_together(inside, year))
            elif measure.over == "added" and not measure.counts_together and places.kind(code) in CONTAINERS:
                counted[indicator, code, year] = _added(measure, kinds[indicator], code, year, places)
            else:
                single.append((code, year))
        for (code, year), found in measure.count_many(single).items():
            counted[indicator, code, year] = Counted.of(found)
    return counted


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a counted figure: those the actor may see, and how many others there are."""

    observation: Observation
    measure: Measure
    records: Sequence[MeasureRecord]
    others: int
    stale: bool


def _inside(measure: Measure, region: Region, year: int) -> tuple[str, ...]:
    places = _Places([region.code])
    if measure.counts_together:
        return places.below(region.code, year)
    if measure.over == "added" and region.kind in CONTAINERS:
        return tuple(one.code for one in places.members(region.code, year))
    return (region.code,)


def records_behind(actor: Actor, observation_id: int) -> Behind:
    """The records of a counted figure. Raises FigureNotAvailable: no such figure, not a counted one, outside the reach
    (outside it the number of records would tell what the gate hides)."""
    row = get_observation(actor, observation_id)
    measure = measure_of(row.indicator_id)
    if measure is None or row.source.kind != SourceKind.COUNTED or not sees_recorded(actor, row.region_id):
        raise FigureNotAvailable
    if not measure.can_open:
        raise FigureNotAvailable
    codes = _inside(measure, row.region, row.fiscal_year)
    seen = {record.path: record for record in measure.records(actor, codes, row.fiscal_year)}
    if measure.counts_together:
        number = measure.count_together(codes, row.fiscal_year).records
    else:
        number = sum(one.records for one in measure.count_many([(code, row.fiscal_year) for code in codes]).values())
    return Behind(
        observation=row,
        measure=measure,
        records=sorted(seen.values(), key=lambda one: (one.text, one.path)),
        others=max(0, number - len(seen)),
        stale=is_stale(row.region_id, row.indicator_id, row.fiscal_year),
    )


@dataclass(frozen=True, slots=True)
class CountedNote:
    """What the page of a figure says of counting: whether it waits, and where its records are listed ("" nowhere)."""

    stale: bool
    records_href: str


def counted_note(actor: Actor, observation: Observation) -> CountedNote:
    """For a live figure only: a replaced one neither waits nor can be opened, its records have changed since."""
    if observation.status != RowState.LIVE or not sees_recorded(actor, observation.region_id):
        return CountedNote(False, "")
    measure = measure_of(observation.indicator_id) if observation.source.kind == SourceKind.COUNTED else None
    opens = measure is not None and measure.can_open
    return CountedNote(
        is_stale(observation.region_id, observation.indicator_id, observation.fiscal_year),
        reverse("indicators:observation_records", args=[observation.pk]) if opens else "",
    )


@dataclass(frozen=True, slots=True)
class RecountPage:
    """The screen of what waits. request: may the actor ask for a recount, and the reason why not."""

    table: Table
    waiting: int
    countable: bool
    more: bool
    request: Decision
    years: tuple[str, str]


def _waiting_table(rows: Sequence[WaitingRow]) -> Table:
    return Table(
        id="waiting",
        caption=f"{STALE_MARK}の値",
        columns=[
            Column("region", "地域", is_row_header=True),
            Column("fact", "変わった記録"),
            Column("years", "年度"),
            Column("figures", "数え直す値"),
            Column("since", "いつから"),
        ],
        rows=[
            {
                "region": Cell(row.region_name, href=f"/regions/{row.region_code}/"),
                "fact": row.fact_label,
                "years": row.years_text,
                "figures": row.figures_text
                if row.countable
                else Cell("なし", note="この値は資料から取り込んだものです。新しい資料を取り込んでください。"),
                "since": moment(row.since),
            }
            for row in rows
        ],
        empty=EmptyState(
            title="数え直しを待っている値はありません",
            body="もとになる記録が変わると、そこから数えた値がここに並びます。毎日、自動でも数え直します。",
        ),
    )


def recount_page(actor: Actor) -> RecountPage:
    """What waits in the actor's reach, and what may be done about it."""
    marks = marks_within(actor, Permission.VIEW_INDICATORS)
    rows = waiting_rows(marks, limit=SHOWN)
    year = FiscalYear.of(actor.today).year
    number = marks.count()
    return RecountPage(
        table=_waiting_table(rows),
        waiting=number,
        countable=any(row.countable for row in rows),
        more=number > SHOWN,
        request=may_recount(actor),
        years=(FiscalYear(year - 9).label, FiscalYear(year).label),
    )


def regions_to_count(actor: Actor, permission: Permission) -> list[str]:
    """The municipalities, areas and prefectures a full recount walks through, by code."""
    kinds = MUNICIPALITY_KINDS | CONTAINERS
    rows = Region.objects.living().filter(kind__in=kinds)
    reach = actor.reach(permission)
    if not reach.everything:
        rows = rows.filter(pk__in=reach.region_codes)
    return list(rows.order_by("code").values_list("code", flat=True))
