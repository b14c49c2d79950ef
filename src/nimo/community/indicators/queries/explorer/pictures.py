"""Chart, tables and map of one indicator, each with its sentence. Order of codes or of likeness, never of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nimo.community.indicators.queries.explorer.gathering import Line
from nimo.community.indicators.queries.maps import MapValues
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.queries.tables import value_cell
from nimo.community.indicators.rules.alike import Alike, Neighbour, Parameters
from nimo.community.indicators.rules.comparison import comparable
from nimo.community.indicators.rules.sentences import Said
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.maps import prefecture_tiles, shape_map
from nimo.foundation.regions.rules.places import AreaValue
from nimo.foundation.ui.components.charts import Chart, Point, Series
from nimo.foundation.ui.components.maps import LegendItem, ShapeMap, TileMap
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

NO_RANKING = "順位を付けるための表ではありません。"
NOT_ALIKE = "数え方の違う値どうしは比べられません。"
OPENS = "値を選ぶと、その値がどこから来たかを確かめられます。"


def said(one: Seen) -> Said:
    """A figure for a sentence."""
    year = FiscalYear(one.fiscal_year).label
    when = f"{one.as_of_text}時点" if one.as_of and not one.as_of.startswith("FY") else year
    return Said(one.region_name, year, when, one.cell_text, one.state, one.value, one.unit, one.kind)


def _format(figures: Sequence[Seen]) -> str:
    """As many decimal places as the figures were stated with."""
    exponents = [one.value.as_tuple().exponent for one in figures if isinstance(one.value, Decimal)]
    places = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    return f",.{min(places, 3)}f" if places > 0 else ","


def trend_chart(number: int, name: str, own: Line, others: Sequence[tuple[str, Line]]) -> Chart | None:
    """The years of the region, and beside them those of the regions it lies in where sizes may be compared."""
    shown = [(own.last.region_name, own), *others]
    valued = [point.fiscal_year for _, line in shown for point in line.points if point.value is not None]
    if sum(1 for point in own.points if point.value is not None) < 2:
        return None
    years = range(min(valued), max(max(valued), own.last.fiscal_year) + 1)
    series = []
    for label, line in shown:
        points = {point.fiscal_year: point for point in line.points}
        series.append(Series(label, [_point(year, points.get(year)) for year in years]))
    figures = [point for _, line in shown for point in line.points]
    return Chart(
        id=f"trend-{number}",
        kind="line",
        title=f"{name}の移り変わり（{own.words}）",
        series=series,
        unit=own.last.unit,
        description="値のない年度は線を切っています。数え方の違う値は、この線に入れていません。",
        source="、".join(dict.fromkeys(point.source_title for point in figures)),
        label_heading="年度",
        value_format=_format(figures),
    )


def _point(year: int, one: Seen | None) -> Point:
    label = FiscalYear(year).label
    if one is None:
        return Point(label, None, "記録なし")
    return Point(label, one.value, one.qualifier if one.value is not None else one.cell_text)


def _row(one: Seen, place: Cell | str, why: str) -> Row:
    return {
        "region": place,
        "value": value_cell(one),
        "as_of": one.as_of_text,
        "basis": "、".join(part for part in (one.basis_text, one.coverage, one.dimension_text) if part),
        "why": why or None,
    }


def source_words(one: Seen) -> str:
    """自治体情報シート（令和6年度）［原典で確認］: where the figure stands and how surely it was read there."""
    return f"{one.source_title}［{one.evidence_text}］"


def _table(
    table_id: str, caption: str, why: str, rows: Sequence[tuple[Seen | None, Row]], note: str, place: str = "地域"
) -> Table:
    """The figures behind the rows give the sources: one for all is told below the table, several in a column."""
    sources = list(dict.fromkeys(source_words(one) for one, _ in rows if one is not None))
    columns = [
        Column("region", place, is_row_header=True),
        Column("value", "値", align="end"),
        Column("as_of", "時点"),
        Column("basis", "数え方・範囲"),
        Column("why", why),
    ]
    shown = [row for _, row in rows]
    if len(sources) > 1:
        columns.append(Column("source", "出典"))
        shown = [
            {**row, "source": Cell(one.source_title, note=one.evidence_text) if one is not None else None}
            for one, row in rows
        ]
    elif sources:
        note += f"出典: {sources[0]}。"
    return Table(id=table_id, caption=caption, columns=columns, rows=shown, note=note)


def years_table(table_id: str, caption: str, lines: Sequence[Line], note: str = "") -> Table:
    """Every year of some lines, the latest first, each with the way to its record."""
    rows = [
        (one, _row(one, FiscalYear(one.fiscal_year).label, one.note)) for line in lines for one in reversed(line.points)
    ]
    return _table(table_id, caption, "注意", rows, note + OPENS, "年度")


def beside_table(
    number: int, name: str, own: Seen, others: Sequence[tuple[str, Seen, str]], without: Sequence[Region]
) -> Table:
    """The figure with its own past and other regions: (label, figure, why it does not compare); without: those that
    were asked for and have no figure of the year."""
    rows = [(own, _row(own, f"{own.region_name}（{FiscalYear(own.fiscal_year).label}）", own.note))]
    rows += [
        (one, _row(one, label, f"比べられません。{reason}" if reason else one.note)) for label, one, reason in others
    ]
    missing = "、".join(region.name for region in without)
    note = (
        f"{FiscalYear(own.fiscal_year).label}の値の記録がない地域（0という意味ではありません）: {missing}。"
        if missing
        else ""
    )
    return _table(
        f"beside-{number}", f"{name}を前の年度、ほかの地域とならべる", "注意", rows, note + OPENS, "地域・年度"
    )


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """A municipality alike, with its figure if there is one, and why it does not compare ("" when it does)."""

    neighbour: Neighbour
    region: Region
    figure: Seen | None
    refused: str


def alike_rows(
    own: Seen | None, found: Alike, regions: Mapping[str, Region], figures: Mapping[str, Seen]
) -> list[AlikeRow]:
    """In the order of likeness."""
    rows = []
    for neighbour in found.neighbours:
        if neighbour.code in regions:
            one = figures.get(neighbour.code)
            decision = comparable(own.datum, one.datum, across="regions") if own is not None and one else None
            refused = "" if decision is None or decision or (one is not None and one.value is None) else decision.reason
            rows.append(AlikeRow(neighbour, regions[neighbour.code], one, refused))
    return rows


def alike_table(
    number: int, name: str, rows: Sequence[AlikeRow], parameters: Parameters, hrefs: Mapping[str, str]
) -> Table:
    """The municipalities alike, the nearest first, each with the reason."""
    table: list[tuple[Seen | None, Row]] = []
    for row in rows:
        prefecture = row.region.prefecture.name if row.region.prefecture else ""
        reason = row.neighbour.reason(parameters)
        place = Cell(f"{prefecture} {row.region.name}".strip(), href=hrefs.get(row.region.code))
        shown: Row = {"region": place, "value": None, "as_of": None, "basis": None}
        if row.figure is not None:
            shown = _row(row.figure, place, "")
        why = Cell(reason, note=f"値は比べられません。{row.refused}" if row.refused else None)
        table.append((row.figure, {**shown, "why": why}))
    note = f"似ている順に並べています。{NO_RANKING}市町村を選ぶと、その市町村から同じものを見られます。"
    return _table(f"alike-{number}", f"似ている市町村の{name}", "似ている理由", table, note)


def regions_table(
    number: int,
    caption: str,
    regions: Sequence[Region],
    found: MapValues,
    refused: Mapping[str, str],
    hrefs: Mapping[str, str],
) -> Table:
    """The regions of a place that have a figure, or the word that it is hidden, in the order of codes; the others are named
    below (the file has a line for each)."""
    rows: list[tuple[Seen | None, Row]] = []
    without = [region.name for region in regions if region.code not in found.values]
    for region in regions:
        value = found.values.get(region.code)
        if value is None:
            continue
        place = Cell(region.name, href=hrefs.get(region.code))
        why = refused.get(region.code) or value.note or value.figure.note
        rows.append((value.figure, _row(value.figure, place, "" if why == value.figure.reason else why)))
    note = f"地域コードの順に並べています。{NO_RANKING}"
    if without:
        note += f"値の記録がない地域（0という意味ではありません）: {'、'.join(without)}。"
    return _table(f"regions-{number}", caption, "注意", rows, note)


def legend_of(found: MapValues) -> list[LegendItem]:
    if found.classes is None or found.measure is None:
        return []
    items = [LegendItem(label, level) for level, label in enumerate(found.classes.labels(found.measure.unit))]
    return [*items, LegendItem("比べられる値なし", None)]


def area_map(
    number: int, title: str, place: Region, found: MapValues, refused: Mapping[str, str], hrefs: Mapping[str, str]
) -> tuple[TileMap | None, ShapeMap | None]:
    """Outlines where they are loaded, else tiles of the prefectures; nothing for places that have neither."""
    values = {
        code: AreaValue(
            value_text=value.text,
            level=None if code in refused else value.level,
            href=hrefs.get(code),
            note=refused.get(code) or value.note,
        )
        for code, value in found.values.items()
    }
    words = f"{found.measure.words}。" if found.measure else ""
    named: dict[str, str] = {"id": f"map-{number}", "title": title, "description": words}
    if place.kind == RegionKind.NATION or place.code == NATION_CODE:
        shapes = shape_map(None, values, legend=legend_of(found), **named)
        return (None if shapes else prefecture_tiles(values, legend=legend_of(found), **named)), shapes
    if place.kind == RegionKind.PREFECTURE:
        return None, shape_map(place.code, values, legend=legend_of(found), **named)
    return None, None
