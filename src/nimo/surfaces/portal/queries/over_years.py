"""Figures over the years, as the areas were then or on today's map; and how the area came to be (沿革)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from nimo.community.indicators.queries.areas import LaidSeen, TodaysMap, todays_map
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.queries.series import STAY_CODES, SeriesLine, series
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.changes import history
from nimo.foundation.regions.queries.places import former_names
from nimo.foundation.ui.components.charts import Chart
from nimo.foundation.ui.components.navigation import Tab, TimelineItem
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

THEN, NOW = "then", "now"
_NAMED = 3


def region_href(code: str) -> str:
    return f"/regions/{code}/"


@dataclass(frozen=True, slots=True)
class OverYears:
    """tabs: 当時の区域 / 今の区域, only where the area changed. note: what the chosen view shows."""

    table: Table | None
    trend: Chart | None
    tabs: list[Tab]
    note: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """沿革, oldest first. related: (name, address) of the regions it came from or became."""

    items: list[TimelineItem]
    related: list[tuple[str, str]]


def _plain(seen: Seen) -> str | int | None:
    """The number itself for a CSV; nothing where it is hidden or absent."""
    if seen.value is None:
        return None
    return seen.value if isinstance(seen.value, int) else str(seen.value)


def _table(lines: Sequence[SeriesLine]) -> Table | None:
    """The leading figures, a column a year; only lines that were stated in two years or more. A gap is not a zero."""
    shown = [line for line in lines if len(line.points) > 1]
    years = sorted({point.fiscal_year for line in shown for point in line.points})
    if not shown:
        return None
    rows: list[Row] = []
    for line in shown:
        cells: dict[str, Cell | str | None] = {
            str(point.fiscal_year): Cell(
                point.cell_text, href=point.href, note=point.reason or _made_of(point) or None, csv_value=_plain(point)
            )
            for point in line.points
        }
        name = line.name + (f"（{line.dimension_text}）" if line.dimension_text else "")
        rows.append({"name": name, "basis": f"{line.basis_text}、{line.coverage_text}", **cells})
    return Table(
        id="over-years",
        caption="年度ごとの基本の数",
        columns=[
            Column("name", "項目", is_row_header=True),
            Column("basis", "数え方・範囲"),
            *[Column(str(year), FiscalYear(year).label, align="end") for year in years],
        ],
        rows=rows,
    )


def _trend(lines: Sequence[SeriesLine], name: str) -> Chart | None:
    """People in hospital over the years: one line a way of counting, never mixed."""
    shown = [line for line in lines if line.unit == "人" and line.indicator in STAY_CODES and len(line.points) > 1]
    if not shown:
        return None
    return Chart(
        id="trend",
        kind="line",
        title=f"{name}の入院者の移り変わり",
        series=[line.as_component for line in shown[:4]],
        unit="人",
        description="数え方（住所地・所在地など）の違う値は別の線にしています。伏せた値と記載のない年は切れ目です。",
        source="値ごとの出典は、下の表の値から開けます。",
        label_heading="年度",
    )


def _made_of(one: Seen) -> str:
    """Which areas a figure on today's map was made from: 架空甲町・架空乙町から."""
    if not isinstance(one, LaidSeen):
        return ""
    names = [operand.region_name for operand in one.operands]
    return (
        f"{'・'.join(names)}から" if len(names) <= _NAMED else f"{'・'.join(names[:_NAMED])}ほか{len(names)}の区域から"
    )


def _tabs(code: str, view: str, year: int | None) -> list[Tab]:
    sheet = f"&year={year}" if year else ""
    return [
        Tab(label, f"{region_href(code)}?areas={key}{sheet}#over-years", key == view)
        for key, label in ((THEN, "当時の区域"), (NOW, "今の区域"))
    ]


def _note(view: str, region: Region, there: TodaysMap) -> str:
    if view == NOW:
        return (
            f"今の{region.name}の区域に合わせた値です。合併などより前の年度は、当時の区域の人数や件数を足し、"
            "割合と平均は分子と分母から計算し直しています。計算できない年度は空けて理由を示します。"
            "値を選ぶと、どの区域の値から計算したかを見られます。"
        )
    others = sorted(there.former(region.code))
    named = "・".join(there.regions[code].name for code in others if code in there.regions)
    return f"それぞれの時点の区域のままの値です。区域が変わる前の値は、{named}のページにあります。" if named else ""


def over_years(
    actor: Actor, region: Region, indicators: Collection[str], *, view: str = THEN, year: int | None = None
) -> OverYears:
    """The leading figures over the years. Six queries, however many years, regions and changes there are."""
    there = None
    if region.kind not in {RegionKind.NATION, RegionKind.PREFECTURE}:
        there = todays_map([region.code], actor.today)
    changed = there is not None and there.changed(region.code)
    lines = series(actor, region.code, indicators, on_map=there if changed and view == NOW else None)
    return OverYears(
        table=_table(lines),
        trend=_trend(lines, region.name),
        tabs=_tabs(region.code, view, year) if changed else [],
        note=_note(view, region, there) if there is not None and changed else "",
    )


def history_of(region: Region, until: date) -> History:
    """What became of a region and what it came from, as recorded; three queries."""
    found = history(region.code, until=until)
    dated = [
        (view.change.effective_on, TimelineItem(view.day_text, view.sentence, f"根拠: {view.change.reference}"))
        for view in found
    ]
    told = {view.change.effective_on for view in found if view.change.kind == ChangeKind.RENAME}
    dated += [
        (row.valid_to, TimelineItem(to_wareki(row.valid_to), f"名称が「{row.name}」から変わりました。"))
        for row in former_names(region)
        if row.valid_to is not None and row.valid_to not in told
    ]
    others = {one.code: one.name for view in found for one in (*view.befores, *view.afters) if one.code != region.code}
    return History(
        [item for _, item in sorted(dated, key=lambda pair: pair[0])],
        [(name, region_href(code)) for code, name in sorted(others.items())],
    )
