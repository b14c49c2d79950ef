"""The explorer's page: for each indicator asked for the trend, what it compares with, who is alike, the places around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from nimo.community.indicators.queries.alike import alike_regions
from nimo.community.indicators.queries.catalogue import Catalogue, Entry
from nimo.community.indicators.queries.explorer import pictures
from nimo.community.indicators.queries.explorer.asking import Asked
from nimo.community.indicators.queries.explorer.gathering import (
    Line,
    Question,
    latest_years,
    lines_of,
    of_one_year,
    over_years,
    usual_dimension,
)
from nimo.community.indicators.queries.explorer.pictures import NOT_ALIKE, AlikeRow, said
from nimo.community.indicators.queries.figures import Compared, RegionFigure, compared, preference
from nimo.community.indicators.queries.maps import MapValues, classified, measure_of
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.rules import sentences
from nimo.community.indicators.rules.alike import Alike, Parameters
from nimo.community.indicators.rules.comparison import comparable
from nimo.community.indicators.rules.words import SUPPRESSED, UNSTATED_BASES
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import children
from nimo.foundation.ui.components.charts import Chart
from nimo.foundation.ui.components.figures import Figure
from nimo.foundation.ui.components.maps import ShapeMap, TileMap
from nimo.foundation.ui.components.tables import Table


@dataclass(frozen=True, slots=True)
class Block:
    """Everything about one indicator. The raw figures stand beside the pictures for the file.

    own: the region's line; upper: (region, line) of others in the same picture; beside: (label, figure, why it does not
    compare); without: regions asked for that have no figure of the year.
    """

    entry: Entry
    number: int
    figure: Figure | None
    formula: str
    own: Line | None
    other_lines: Sequence[Line]
    upper: Sequence[tuple[str, Line]]
    years: Table | None
    trend_sentence: str
    trend: Chart | None
    others: Table | None
    beside: Sequence[tuple[str, Seen, str]]
    without: Sequence[Region]
    beside_sentence: str
    beside_table: Table | None
    alike: Sequence[AlikeRow]
    alike_sentence: str
    alike_table: Table | None
    inside: MapValues
    refused: Mapping[str, str]
    inside_sentence: str
    inside_table: Table | None
    tiles: TileMap | None
    shapes: ShapeMap | None


@dataclass(frozen=True, slots=True)
class ExplorerPage:
    """place, inside: the region whose parts are shown, and those; bases, dimensions: what else may be chosen."""

    asked: Asked
    region: Region
    place: Region
    inside: Sequence[Region]
    blocks: Sequence[Block]
    parameters: Parameters | None
    bases: Sequence[str]
    dimensions: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Around:
    """The regions of the pictures."""

    region: Region
    place: Region
    inside: Sequence[Region]
    above: Sequence[Region]
    chosen: Sequence[Region]


def _around(region: Region, nation: Region, year: FiscalYear, chosen: Sequence[Region]) -> _Around:
    named = {one.code: one for one in (*chosen, region.prefecture, nation) if one is not None}
    above = [one for one in named.values() if one.code != region.code]
    place = region
    if region.kind in MUNICIPALITY_KINDS | {RegionKind.WARD, RegionKind.LIVING_AREA} and region.prefecture is not None:
        place = region.prefecture
    return _Around(region, place, children(place, year), above, chosen)


def _inside_rows(around: _Around) -> Q:
    """By their codes: the index by region answers at once, however many regions and years the store holds."""
    return Q(region_id__in=[one.code for one in around.inside])


def _chosen(lines: Sequence[Line], basis: str) -> Line | None:
    """The line asked for by its basis, else the leading one."""
    return next((line for line in lines if basis and line.last.basis == basis), lines[0] if lines else None)


def _upper_lines(own: Line, around: _Around, figures: Sequence[Seen]) -> list[tuple[str, Line]]:
    """Lines of the regions chosen, the prefecture and the nation on the same way of counting; of counts those chosen only."""
    if own.last.basis_matters and own.last.basis in UNSTATED_BASES:
        return []
    found = []
    for region in around.above if own.last.kind in ("rate", "days") else around.chosen:
        lines = lines_of(one for one in figures if one.region_code == region.code)
        same = next((line for line in lines if line.key == own.key), None)
        if same is not None:
            found.append((region.name, same))
    return found


def _beside(own: Seen, figures: Sequence[Seen], above: Sequence[Region]) -> list[Compared]:
    names = {one.code: one.name for one in above}
    return compared(own, figures, [one.code for one in above], names)


def _refusals(reference: Seen | None, inside: MapValues) -> dict[str, str]:
    """Which figures of the place may not stand beside the region's, and why."""
    first = reference
    if first is None:
        first = next((value.figure for value in inside.values.values() if value.level is not None), None)
    if first is None:
        return {}
    found = {}
    for code, value in inside.values.items():
        one = value.figure
        if one.region_code == first.region_code or one.value is None or first.value is None:
            continue
        decision = comparable(first.datum, one.datum, across="regions")
        if not decision:
            found[code] = f"比べられません。{decision.reason}"
    return found


def _inside_sentence(around: _Around, name: str, year: int, inside: MapValues, refused: Mapping[str, str]) -> str:
    figures = [value.figure for value in inside.values.values()]
    valued = [one for one in figures if one.value is not None]
    return sentences.regions(
        around.place.name,
        name,
        FiscalYear(year).label,
        whole=len(around.inside),
        valued=sum(1 for one in valued if one.region_code not in refused),
        hidden=sum(1 for one in figures if one.state == SUPPRESSED),
        unlike=sum(1 for one in valued if one.region_code in refused),
    )


class _Reading:
    """What was read for the whole page."""

    def __init__(self, actor: Actor, asked: Asked, catalogue: Catalogue, around: _Around) -> None:
        self.asked, self.around = asked, around
        self.question = Question(asked.entries, catalogue)
        codes = [around.region.code, *(one.code for one in around.above)]
        self.years = over_years(actor, self.question, codes, asked.from_year, asked.to_year)
        self.dimensions = {
            code: usual_dimension(
                [one for one in seen if one.region_code == around.region.code] or seen, asked.dimension
            )
            for code, seen in self.years.items()
        }
        self.lines = {code: self._lines(code) for code in self.years}
        self.focus = {code: line.last for code in self.years if (line := _chosen(self.lines[code], asked.basis))}
        latest: dict[str, int] = {}
        if len(self.focus) < len(asked.entries):
            latest = latest_years(actor, self.question, _inside_rows(around), asked.to_year)
        self.focus_years = {
            entry.code: self.focus[entry.code].fiscal_year if entry.code in self.focus else latest[entry.code]
            for entry in asked.entries
            if entry.code in self.focus or entry.code in latest
        }
        self.inside = of_one_year(actor, self.question, _inside_rows(around), self.focus_years, self.dimensions)
        self.alike: Alike | None = None
        self.parameters: Parameters | None = None
        self.neighbours: dict[str, list[Seen]] = {}
        self.regions: dict[str, Region] = {}
        if around.region.kind in MUNICIPALITY_KINDS:
            self._find_alike(actor)

    def _lines(self, code: str) -> list[Line]:
        own = [one for one in self.years[code] if one.region_code == self.around.region.code]
        derived = any(one.group == "derived" for one in own)
        return lines_of(one for one in own if derived or one.dimension == self.dimensions[code])

    def _find_alike(self, actor: Actor) -> None:
        year = max(self.focus_years.values(), default=FiscalYear.of(actor.today).year)
        self.alike, self.parameters = alike_regions(actor, self.around.region.code, year)
        codes = [one.code for one in self.alike.neighbours]
        self.regions = {one.code: one for one in Region.objects.filter(pk__in=codes).select_related("prefecture")}
        self.neighbours = of_one_year(actor, self.question, Q(region_id__in=codes), self.focus_years, self.dimensions)

    def near(self, code: str, own: Seen | None) -> dict[str, Seen]:
        """The figure of each municipality alike that goes best with the region's own."""
        found: dict[str, Seen] = {}
        for one in sorted(self.neighbours.get(code, ()), key=lambda one: (not _same(own, one), preference(one))):
            found.setdefault(one.region_code, one)
        return found


def _same(own: Seen | None, one: Seen) -> bool:
    return own is not None and measure_of(own) == measure_of(one)


def _own_part(reading: _Reading, entry: Entry, number: int, own: Line | None) -> dict[str, object]:
    """The region's own years, and the regions above it."""
    name = entry.name if own is None or not own.last.dimension_text else f"{entry.name}（{own.last.dimension_text}）"
    if own is None:
        return {
            "figure": None,
            "other_lines": (),
            "upper": (),
            "years": None,
            "trend_sentence": sentences.nothing(reading.around.region.name, name),
            "trend": None,
            "others": None,
            "beside": (),
            "without": (),
            "beside_sentence": "",
            "beside_table": None,
        }
    figures = reading.years[entry.code]
    above = _beside(own.last, figures, reading.around.above)
    beside = [(one.label, one.figure, one.reason) for one in above]
    upper = [(said(one.figure), one.reason) for one in above if one.figure.region_code != own.last.region_code]
    others = [line for line in reading.lines[entry.code] if line is not own]
    may = [bool(comparable(own.last.datum, point.datum, across="years")) for point in own.points[:-1]]
    drawn = _upper_lines(own, reading.around, figures)
    stated = {one.region_code for _, one, _ in beside}
    without = [region for region in reading.around.chosen if region.code not in stated]
    return {
        "figure": replace(
            RegionFigure(own.last, tuple(above)).as_component, actions=(), source=pictures.source_words(own.last)
        ),
        "other_lines": others,
        "upper": drawn,
        "years": pictures.years_table(f"years-{number}", f"{name}の年度ごとの値", [own])
        if len(own.points) > 1
        else None,
        "trend_sentence": sentences.trend(
            name, [said(one) for one in own.points], comparable=may, direction=entry.direction
        ),
        "trend": pictures.trend_chart(number, name, own, drawn),
        "others": pictures.years_table(f"other-lines-{number}", f"{entry.name}（数え方の違う値）", others, NOT_ALIKE)
        if others
        else None,
        "beside": beside,
        "without": without,
        "beside_sentence": sentences.comparison(name, said(own.last), upper) if upper else "",
        "beside_table": pictures.beside_table(number, name, own.last, beside, without) if beside or without else None,
    }


def _alike_part(
    reading: _Reading, entry: Entry, number: int, own: Seen | None, hrefs: Mapping[str, str]
) -> dict[str, object]:
    if reading.alike is None or reading.parameters is None:
        return {"alike": (), "alike_sentence": "", "alike_table": None}
    rows = pictures.alike_rows(own, reading.alike, reading.regions, reading.near(entry.code, own))
    sentence = sentences.neighbours(
        reading.around.region.name,
        len(rows),
        [(said(row.figure), row.refused) for row in rows if row.figure is not None],
        reading.alike.reason,
        [feature.label for feature in reading.alike.missing],
    )
    table = pictures.alike_table(number, entry.name, rows, reading.parameters, hrefs) if rows else None
    return {"alike": rows, "alike_sentence": sentence, "alike_table": table}


def _inside_part(
    reading: _Reading, entry: Entry, number: int, own: Seen | None, hrefs: Mapping[str, str]
) -> dict[str, object]:
    around = reading.around
    inside = classified(reading.inside.get(entry.code, []), measure_of(own) if own is not None else None)
    refused = _refusals(own, inside)
    year = reading.focus_years.get(entry.code)
    if year is None or not around.inside:
        return {
            "inside": inside,
            "refused": refused,
            "inside_sentence": "",
            "inside_table": None,
            "tiles": None,
            "shapes": None,
        }
    title = f"{around.place.name}の中の{entry.name}（{FiscalYear(year).label}）"
    tiles, shapes = pictures.area_map(number, title, around.place, inside, refused, hrefs)
    return {
        "inside": inside,
        "refused": refused,
        "inside_sentence": _inside_sentence(around, entry.name, year, inside, refused),
        "inside_table": pictures.regions_table(number, title, around.inside, inside, refused, hrefs),
        "tiles": tiles,
        "shapes": shapes,
    }


def explore(actor: Actor, asked: Asked, catalogue: Catalogue) -> ExplorerPage | None:
    """Everything on the page, as this reader may see it; None without a region. A fixed number of queries."""
    if asked.region is None:
        return None
    nation = Region.objects.filter(pk=NATION_CODE).first() or asked.region
    around = _around(asked.region, nation, FiscalYear.of(actor.today), asked.beside)
    reading = _Reading(actor, asked, catalogue, around)
    codes = {one.code for one in around.inside} | set(reading.regions)
    hrefs = {code: asked.href(region_code=code) for code in codes}
    blocks = []
    for number, entry in enumerate(asked.entries):
        own = _chosen(reading.lines.get(entry.code, []), asked.basis)
        parts = {
            **_own_part(reading, entry, number, own),
            **_alike_part(reading, entry, number, own.last if own else None, hrefs),
            **_inside_part(reading, entry, number, own.last if own else None, hrefs),
        }
        formula = catalogue.formula(entry.derived) if entry.derived else ""
        blocks.append(Block(entry=entry, number=number, formula=formula, own=own, **parts))  # type: ignore[arg-type]
    seen = [one for rows in reading.years.values() for one in rows if one.region_code == asked.region.code]
    return ExplorerPage(
        asked=asked,
        region=asked.region,
        place=around.place,
        inside=around.inside,
        blocks=blocks,
        parameters=reading.parameters,
        bases=sorted({one.basis for one in seen}),
        dimensions=sorted({one.dimension for one in seen if one.group != "derived"}),
    )
