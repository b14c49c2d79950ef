"""What the disclosure gate needs to judge figures of persons: everything that a sum ties to them.

Reads without asking who reads: the gate must know more than any reader. Used by services.publication only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db.models import Max, Min, Q

from nimo.community.indicators.choices import Exposure, RowState
from nimo.community.indicators.models import Indicator, Observation, ObservationQuerySet
from nimo.community.indicators.rules.sums import Node, Place, Row
from nimo.core.disclosure.policy import Kind, Level
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region, RegionMembership
from nimo.foundation.regions.queries.changes import recorded_changes
from nimo.foundation.regions.rules.changes import compose

POPULATION = "population"
_CHUNK = 500
_LEVELS = {
    RegionKind.NATION: Level.NATION,
    RegionKind.PREFECTURE: Level.PREFECTURE,
    RegionKind.LIVING_AREA: Level.COMMUNITY,
    RegionKind.WARD: Level.WARD,
    **dict.fromkeys(AREA_KINDS - {RegionKind.LIVING_AREA}, Level.AREA),
    **dict.fromkeys(MUNICIPALITY_KINDS, Level.MUNICIPALITY),
}
_FIELDS = (
    "id",
    "indicator_id",
    "region_id",
    "fiscal_year",
    "as_of",
    "basis",
    "coverage",
    "dimension",
    "state",
    "value",
    "numerator",
    "denominator",
    "status",
    "published_at",
    "was_shown",
    "exposure",
    "source__series",
    "source_id",
    "superseded_by_id",
    "superseded_by_source_id",
)


class _BlockKey(NamedTuple):
    fiscal_year: int
    as_of: str
    basis: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Block:
    """Figures of one time, basis and breakdown: only within one can sums tie them. `seeds`: the rows to be judged."""

    rows: tuple[Row, ...]
    seeds: frozenset[int]
    nodes: dict[str, Node]
    places: dict[str, Place]


Item = TypeVar("Item", int, str)


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Lists short enough for one IN (…) on either database."""
    found = sorted(items)
    for start in range(0, len(found), _CHUNK):
        yield found[start : start + _CHUNK]


def sensitive_nodes() -> dict[str, Node]:
    """The indicators that count persons, and their places in the sums."""
    return {
        row.code: Node(row.code, row.kind, Kind(row.disclosure), row.part_of_id or "", row.partition)
        for row in Indicator.objects.exclude(disclosure=Kind.OPEN)
    }


class _Seed(NamedTuple):
    id: int
    prefecture: str
    block: _BlockKey


def _seeds(source_ids: Sequence[int], codes: set[str]) -> dict[int, _Seed]:
    """Published figures of persons of these sources, and those of regions whose population these sources state."""
    found: dict[int, _Seed] = {}

    def keep(rows: ObservationQuerySet) -> None:
        fields = ("id", "region_id", "region__prefecture_id", "fiscal_year", "as_of", "basis", "dimension")
        for row_id, region, prefecture, *block in rows.filter(indicator_id__in=codes).values_list(*fields):
            found[row_id] = _Seed(row_id, prefecture or region, _BlockKey(*block))

    regions: set[str] = set()
    for chunk in chunks(source_ids):
        mine = Observation.objects.published().filter(source_id__in=chunk)
        keep(mine)
        regions.update(mine.filter(indicator_id=POPULATION).values_list("region_id", flat=True))
    for some in chunks(regions):
        keep(Observation.objects.published().filter(region_id__in=some))
    return found


def _batches(rows: Iterable[Mapping[str, Any]]) -> dict[int, tuple[int, int]]:
    """source → the ids of its first and last figure, of the sources that replaced something or were withdrawn."""
    replaced = [row for row in rows if row["status"] != RowState.LIVE]
    sources = {row["superseded_by_source_id"] or row["source_id"] for row in replaced}
    found: dict[int, tuple[int, int]] = {}
    for chunk in chunks(sources):
        written = Observation.objects.filter(source_id__in=chunk).values("source_id")
        ends = written.annotate(first=Min("pk"), last=Max("pk")).values_list("source_id", "first", "last")
        found.update((source, (first, last)) for source, first, last in ends)
    return found


def _until(row: Mapping[str, Any], batches: Mapping[int, tuple[int, int]]) -> int | None:
    """The id from which on the figure no longer stood: one of a new edition, of its correction, of after its withdrawal."""
    if row["status"] == RowState.LIVE:
        return None
    new = row["superseded_by_source_id"]
    if new is None:
        return batches[row["source_id"]][1] + 1
    if new == row["source_id"]:
        return int(row["superseded_by_id"])
    return batches[new][0]


def _rows(key: _BlockKey, prefectures: set[str], codes: set[str]) -> list[Row]:
    near = Q(region__prefecture_id__in=prefectures) | Q(region__kind__in=[RegionKind.NATION, RegionKind.PREFECTURE])
    once_public = ~Q(exposure=Exposure.NOT_ASSESSED)
    rows = list(
        Observation.objects.filter(
            near,
            Q(status=RowState.LIVE) | once_public,
            **key._asdict(),
            indicator_id__in=codes,
        ).values(*_FIELDS)
    )
    batches = _batches(rows)
    return [
        Row(
            id=row["id"],
            indicator=row["indicator_id"],
            region_code=row["region_id"],
            fiscal_year=row["fiscal_year"],
            as_of=row["as_of"],
            basis=row["basis"],
            coverage=row["coverage"],
            dimension=row["dimension"],
            state=row["state"],
            value=row["value"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            live=row["status"] == RowState.LIVE,
            published=row["status"] == RowState.LIVE and row["published_at"] is not None,
            was_shown=row["was_shown"],
            exposure="" if row["exposure"] == Exposure.NOT_ASSESSED else row["exposure"],
            edition=f"{row['source__series']}#{row['source_id']}",
            until=_until(row, batches),
        )
        for row in rows
    ]


_SMALL = frozenset(MUNICIPALITY_KINDS | {RegionKind.WARD, RegionKind.LIVING_AREA})


def _exists(region: Region, year: FiscalYear) -> bool:
    begun = region.valid_from is None or region.valid_from <= year.end
    return begun and (region.valid_to is None or region.valid_to > year.start)


class _Geography:
    """Regions near the figures: their levels, populations and what makes them up. Loaded once for all blocks."""

    def __init__(self, prefectures: set[str]) -> None:
        near = Q(prefecture_id__in=prefectures) | Q(kind__in=[RegionKind.NATION, RegionKind.PREFECTURE])
        fields = ("code", "kind", "prefecture_id", "city_id", "valid_from", "valid_to")
        self.regions = {region.code: region for region in Region.objects.filter(near).only(*fields)}
        self.inside: dict[str, list[Region]] = defaultdict(list)
        for region in self.regions.values():
            container = region.city_id or region.prefecture_id
            if container is None and region.kind == RegionKind.PREFECTURE:
                container = NATION_CODE
            if container is not None:
                self.inside[container].append(region)
        self.members: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        held = RegionMembership.objects.filter(parent__prefecture_id__in=prefectures)
        for parent, child, year in held.values_list("parent_id", "child_id", "fiscal_year"):
            if child in self.regions:
                self.members[parent][year].append(child)
        self.changes = recorded_changes(sorted(prefectures))
        self.populations = self._populations()

    def _populations(self) -> dict[str, int]:
        """The latest population stated for each municipality, ward and community, whoever may see it."""
        found: dict[str, int] = {}
        for chunk in chunks(code for code, region in self.regions.items() if region.kind in _SMALL):
            rows = (
                Observation.objects.live()
                .filter(region_id__in=chunk, indicator_id=POPULATION, coverage="", dimension="", value__isnull=False)
                .order_by("as_of_sort", "id")
                .values_list("region_id", "value")
            )
            found.update((code, int(value)) for code, value in rows if value is not None)
        return found

    def _children(self, region: Region, year: FiscalYear) -> tuple[tuple[str, ...], ...]:
        """Each set makes up the whole region: its municipalities; its areas of one kind; wards; what it was made of."""
        sets: dict[str, set[str]] = defaultdict(set)
        inside = [child for child in self.inside[region.code] if _exists(child, year)]
        inside += [self.regions[code] for code in self._members(region.code, year.year)]
        for child in inside:
            if child.kind == RegionKind.WARD and region.kind == RegionKind.PREFECTURE:
                continue  # its city is there already
            sets["municipalities" if child.kind in MUNICIPALITY_KINDS else child.kind].add(child.code)
        before = compose(region.code, self.changes, day=year.start, on=date.max)
        if region.code not in before.codes and before.codes == before.whole:
            sets["before"] = set(before.whole)  # a source may state a merged town for the years before: it is their sum
        return tuple(tuple(sorted(codes)) for _, codes in sorted(sets.items()))

    def _members(self, parent: str, year: int) -> list[str]:
        """An area's rows of the year, else of the latest before it, else of the first after it."""
        years = self.members.get(parent, {})
        if not years:
            return []
        before = [known for known in years if known <= year]
        return years[max(before)] if before else years[min(years)]

    def places(self, rows: Sequence[Row], fiscal_year: int) -> dict[str, Place]:
        year = FiscalYear(fiscal_year)
        stated = {row.region_code for row in rows}
        places = {
            code: Place(
                _LEVELS[RegionKind(self.regions[code].kind)],
                self.populations.get(code),
                self._children(self.regions[code], year),
            )
            for code in stated
        }
        for place in list(places.values()):
            for children in place.children:
                for code in children:
                    if code not in places:
                        kind = RegionKind(self.regions[code].kind)
                        places[code] = Place(_LEVELS[kind], self.populations.get(code))
        return places


def blocks_to_judge(source_ids: Sequence[int]) -> Iterator[Block]:
    """Every block that holds a published figure of persons of these sources, complete with what sums tie to it."""
    nodes = sensitive_nodes()
    codes = set(nodes)
    seeds = _seeds(source_ids, codes)
    if not seeds:
        return
    blocks: dict[_BlockKey, set[int]] = defaultdict(set)
    for seed in seeds.values():
        blocks[seed.block].add(seed.id)
    prefectures = {seed.prefecture for seed in seeds.values()}
    geography = _Geography(prefectures)
    for key, mine in sorted(blocks.items()):
        rows = _rows(key, prefectures, codes)
        yield Block(tuple(rows), frozenset(mine), nodes, geography.places(rows, key.fiscal_year))
