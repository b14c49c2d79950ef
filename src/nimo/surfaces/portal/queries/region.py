"""The region page as a read model: figures in context, stays, chapters, the regions around it.

A fixed number of queries, whatever the number of years, figures and municipalities in the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.community.indicators.queries.figures import RegionFigure, explore_href, region_figures
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.queries.recount import STALE_MARK
from nimo.community.indicators.queries.series import STAY_CODES, StayBreakdown, stay_breakdowns
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.queries.sheets import SheetYear, regions_with_public_sheets, sheet_years
from nimo.core.fiscal import FiscalYear
from nimo.core.panels import Panel, panels_for
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.maps import shape_map
from nimo.foundation.regions.queries.places import ancestors, children, municipalities_of
from nimo.foundation.regions.rules.places import AreaValue
from nimo.foundation.ui.components.charts import Chart, Point, Series
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.figures import Figure
from nimo.foundation.ui.components.maps import LegendItem, ShapeMap
from nimo.foundation.ui.components.navigation import Tab
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table
from nimo.surfaces.portal.queries.chapters import ChapterView, chapter_view, sheet_href
from nimo.surfaces.portal.queries.over_years import THEN, History, OverYears, history_of, over_years, region_href

LEADING = (
    "population",
    "psychiatric_hospitals",
    "hospitals_with_psychiatric_beds",
    "psychiatric_beds",
    "inpatients",
    "inpatients_over_1_year",
)
ON_THE_PAGE = (
    SectionKey.RESULTS,
    SectionKey.TARGETS,
    SectionKey.STRENGTHS,
    SectionKey.CHALLENGES,
    SectionKey.COUNCILS,
    SectionKey.COORDINATION,
    SectionKey.LONG_TERM,
    SectionKey.SCHEDULE,
)


@dataclass(frozen=True, slots=True)
class RegionPage:
    region: Region
    kind_label: str
    breadcrumbs: list[tuple[str, str]]
    areas: list[tuple[str, str, str]]
    """(kind, name, href) of the areas the region belongs to."""
    sentence: str
    leading: list[Figure]
    others: Table | None
    stays: Chart | None
    stay_table: Table | None
    stay_notes: list[str]
    over_years: OverYears
    history: History
    shapes: ShapeMap | None
    year_tabs: list[Tab]
    chapters: list[ChapterView]
    sheets: Table
    members: Table | None
    panels: list[Panel]
    sections: list[Panel]
    """Of the apps, for every reader; each asks for itself what this one may see."""
    is_empty: bool
    csv_href: str
    credits: list[str] = field(default_factory=list)


def sheet_figure_table(figures: Sequence[RegionFigure], code: str) -> Table | None:
    """Every figure that is not at the top of the page, one a row, each opening its record."""
    rows: list[Row] = []
    for one in figures:
        seen = one.figure
        compared = [f"{c.label} {c.figure.cell_text}" for c in one.comparisons if not c.reason]
        rows.append(
            {
                "name": Cell(
                    seen.name if not seen.dimension else f"{seen.name}（{seen.dimension_text}）",
                    href=explore_href(seen),
                ),
                "value": Cell(
                    seen.cell_text,
                    href=seen.href,
                    note=seen.reason or (STALE_MARK if one.stale else None),
                    csv_value=_plain(seen),
                ),
                "as_of": seen.as_of_text,
                "basis": seen.basis_text + (f"、{seen.coverage_text}" if seen.coverage else ""),
                "compared": "、".join(compared) or None,
                "source": seen.source_title,
            }
        )
    if not rows:
        return None
    return Table(
        id="figures",
        caption="基本の数の一覧",
        columns=[
            Column("name", "項目", is_row_header=True),
            Column("value", "値", align="end"),
            Column("as_of", "時点"),
            Column("basis", "数え方・範囲"),
            Column("compared", "比べられる値"),
            Column("source", "出典"),
        ],
        rows=rows,
        csv_href=f"{region_href(code)}figures.csv",
        note="値を選ぶと、その数がどこから来たかを見られます。",
    )


def _plain(seen: Seen) -> str | int | None:
    """The number itself for a CSV; nothing where it is hidden or absent."""
    if seen.value is None:
        return None
    return seen.value if isinstance(seen.value, int) else str(seen.value)


def figure_table(actor: Actor, code: str) -> Table:
    """All figures of the region for the CSV, in the form this reader may see."""
    table = sheet_figure_table(region_figures(actor, code), code)
    empty = Table(id="figures", caption="基本の数の一覧", columns=[Column("name", "項目", is_row_header=True)], rows=[])
    return table or empty


def _stay_chart(stays: Sequence[StayBreakdown], name: str) -> Chart | None:
    """Bars of the years; a year without a visible part is a gap. Nothing is added that its source does not add."""
    names = list(dict.fromkeys(part.figure.name for stay in stays for part in stay.stays))
    if not names:
        return None
    bars = []
    for each in names:
        points = []
        for stay in stays:
            part = next((part for part in stay.stays if part.figure.name == each), None)
            value = part.figure.value if part else None
            note = "" if value is not None else (part.figure.cell_text if part else "資料に記載なし")
            points.append(Point(FiscalYear(stay.fiscal_year).label, value, note))
        bars.append(Series(each, points))
    latest = stays[-1]
    return Chart(
        id="stays",
        kind="stacked_bar",
        title=f"{name}の入院者（在院期間別）",
        series=bars,
        unit="人",
        description="在院期間の区分ごとの人数を、年度ごとに積み上げた棒です。伏せた値と記載のない値は切れ目にしています。",
        source=f"{latest.source_title}（{latest.as_of_text}）",
        label_heading="年度",
    )


def _stay_table(stays: Sequence[StayBreakdown]) -> Table | None:
    rows: list[Row] = []
    for stay in reversed(stays):
        parts = [*stay.stays, *stay.ages]
        whole = [(stay.whole, None)] if stay.whole else []
        shown = [*whole, *[(part.figure, part.share) for part in parts], *[(seen, None) for seen in stay.mixed]]
        rows += [
            {
                "year": FiscalYear(stay.fiscal_year).label,
                "name": seen.name,
                "value": Cell(seen.cell_text, href=seen.href, note=seen.reason or None, csv_value=_plain(seen)),
                "share": f"{share}%" if share is not None else None,
                "basis": seen.basis_text,
                "as_of": seen.as_of_text,
            }
            for seen, share in shown
        ]
    if not rows:
        return None
    return Table(
        id="stay-figures",
        caption="在院期間と年齢の内訳",
        columns=[
            Column("name", "区分", is_row_header=True),
            Column("year", "年度"),
            Column("value", "人数", align="end"),
            Column("share", "割合", align="end"),
            Column("basis", "数え方"),
            Column("as_of", "時点"),
        ],
        rows=rows,
    )


def _shapes(region: Region) -> ShapeMap | None:
    """The municipalities of a prefecture, when boundaries are loaded: where a sheet can be read."""
    if region.kind != RegionKind.PREFECTURE:
        return None
    newest = regions_with_public_sheets()
    values = {
        one.code: AreaValue(
            value_text=f"{FiscalYear(newest[one.code]).label}のシート"
            if one.code in newest
            else "公開されたシートなし",
            level=3 if one.code in newest else None,
            href=region_href(one.code),
        )
        for one in municipalities_of(region.code)
    }
    legend = [LegendItem("公開されたシートがある", 3), LegendItem("まだない", None)]
    return shape_map(region.code, values, id="municipality-map", title=f"{region.name}の市町村", legend=legend)


def _sentence(name: str, stays: Sequence[StayBreakdown]) -> str:
    """What is going on, in one sentence; only from values this reader may see."""
    if not stays or stays[-1].whole is None or stays[-1].whole.value_text is None:
        return ""
    latest = stays[-1]
    whole = latest.whole
    assert whole is not None  # checked above
    said = f"{latest.as_of_text}に入院していた人は{whole.value_text}人です。"
    long = next((part for part in latest.stays if part.figure.indicator == "inpatients_over_1_year"), None)
    if long and long.figure.value_text is not None:
        share = f"（{long.share}%）" if long.share is not None else ""
        said += f"そのうち1年以上の人が{long.figure.value_text}人{share}います。"
    return said


def _year_tabs(years: Sequence[SheetYear], chosen: SheetYear | None, code: str) -> list[Tab]:
    return [
        Tab(FiscalYear(year.fiscal_year).label, f"{region_href(code)}?year={year.fiscal_year}#sheet", year is chosen)
        for year in years
    ]


def _sheet_table(years: Sequence[SheetYear], code: str) -> Table:
    rows: list[Row] = [
        {
            "year": Cell(FiscalYear(year.fiscal_year).label, href=sheet_href(code, year.fiscal_year)),
            "chapters": "、".join(chapter.label for chapter in year.chapters.values()),
            "public": Cell(
                "公開"
                if all(c.published for c in year.chapters.values())
                else "一部を公開"
                if any(c.published for c in year.chapters.values())
                else "公開前",
                tone="success" if any(c.published for c in year.chapters.values()) else "warning",
            ),
        }
        for year in years
    ]
    return Table(
        id="sheets",
        caption="年度ごとの自治体情報シート",
        columns=[Column("year", "年度", is_row_header=True), Column("chapters", "読める章"), Column("public", "公開")],
        rows=rows,
        empty=EmptyState(
            "公開されたシートはまだありません",
            "自治体情報シートは、都道府県や市町村が年に一度つくる、取組と目標のまとめです。担当者が公開するとここで読めます。",
        ),
    )


def _members(region: Region, fiscal_year: FiscalYear) -> Table | None:
    """What lies in the region: prefectures of the nation, municipalities of a prefecture or an area, wards of a city."""
    rows: list[Row] = [
        {
            "name": Cell(one.name, href=region_href(one.code), sort_key=one.kana),
            "kind": one.get_kind_display(),
            "code": one.code,
        }
        for one in children(region, fiscal_year)
    ]
    if not rows:
        return None
    return Table(
        id="members",
        caption=f"{region.name}に含まれる地域",
        columns=[
            Column("name", "地域", is_row_header=True, sortable=True),
            Column("kind", "区分", sortable=True),
            Column("code", "コード", sortable=True),
        ],
        rows=rows,
    )


def region_page(actor: Actor, region: Region, *, year: int | None = None, areas_view: str = THEN) -> RegionPage:
    """Everything on the page of one region, as this reader may see it. `year`: the sheet whose chapters are shown.

    areas_view: figures over the years as the areas were then, or on today's map (queries.over_years).
    """
    this_year = FiscalYear.of(actor.today)
    figures = region_figures(actor, region.code)
    stays = stay_breakdowns(actor, region.code)
    years = sheet_years(actor, [region.code]).get(region.code, [])
    chosen = next((one for one in years if one.fiscal_year == year), years[0] if years else None)
    above = ancestors(region, this_year)
    leading = [one for code in LEADING for one in figures if one.figure.indicator == code][:6]
    others = [one for one in figures if one not in leading and one.figure.indicator not in STAY_CODES]
    chapters = [
        chapter_view(chosen.chapters[key.value], region.code)
        for key in ON_THE_PAGE
        if chosen and key.value in chosen.chapters
    ]
    notes = [text for stay in stays for text in (stay.doubt, stay.mixed_reason) if text]
    areas = {RegionKind.WELFARE_AREA, RegionKind.HEALTH_CENTRE_AREA, RegionKind.MEDICAL_AREA, RegionKind.LIVING_AREA}
    sections = panels_for("region.section", actor, region)
    trail = [one for one in reversed(above) if one.kind not in areas]
    return RegionPage(
        region=region,
        kind_label=region.get_kind_display(),
        breadcrumbs=[
            (
                "全国" if one.code == NATION_CODE else one.name,
                "/regions/" if one.code == NATION_CODE else region_href(one.code),
            )
            for one in trail
        ],
        areas=[(one.get_kind_display(), one.name, region_href(one.code)) for one in above if one.kind in areas],
        sentence=_sentence(region.name, stays),
        leading=[one.as_component for one in leading],
        others=sheet_figure_table(others, region.code),
        stays=_stay_chart(stays, region.name),
        stay_table=_stay_table(stays),
        stay_notes=list(dict.fromkeys(notes)),
        over_years=over_years(actor, region, (*LEADING, *STAY_CODES), view=areas_view, year=year),
        history=history_of(region, this_year.end),
        shapes=_shapes(region),
        year_tabs=_year_tabs(years, chosen, region.code),
        chapters=chapters,
        sheets=_sheet_table(years, region.code),
        members=_members(region, this_year),
        panels=panels_for("region.next", actor, region) if actor.is_authenticated else [],
        sections=sections,
        is_empty=not (figures or years or sections),
        csv_href=f"{region_href(region.code)}figures.csv",
    )
