"""The national view and the front of the portal: a map by prefecture, the prefectures, what is open."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.community.indicators.choices import Basis
from nimo.community.indicators.queries.figures import region_figures
from nimo.community.indicators.queries.maps import MapValues, map_values
from nimo.community.sheets.queries.sheets import regions_with_public_sheets
from nimo.core.codes import WrongCheckDigit
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.maps import prefecture_tiles, shape_map
from nimo.foundation.regions.queries.places import prefectures, search
from nimo.foundation.regions.rules.places import AreaValue
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.figures import Figure
from nimo.foundation.ui.components.maps import LegendItem, ShapeMap, TileMap
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table
from nimo.surfaces.portal.queries.region import region_href

MAP_YEAR = 2025
MAP_INDICATOR = "inpatients"


@dataclass(frozen=True, slots=True)
class NationPage:
    figures: list[Figure]
    tiles: TileMap | None
    shapes: ShapeMap | None
    prefectures: Table
    open_regions: Table
    map_note: str


def _area_values(found: MapValues) -> dict[str, AreaValue]:
    return {
        code: AreaValue(value_text=value.text, level=value.level, href=region_href(code), note=value.note)
        for code, value in found.values.items()
    }


def _legend(found: MapValues) -> list[LegendItem]:
    if found.classes is None or found.measure is None:
        return []
    return [LegendItem(label, level) for level, label in enumerate(found.classes.labels(found.measure.unit))]


def nation_page(actor: Actor) -> NationPage:
    """Published statistics by prefecture, and where a sheet can be read."""
    found = map_values(
        actor, MAP_INDICATOR, MAP_YEAR, region_kinds=[RegionKind.PREFECTURE], basis=Basis.HOSPITAL_630.value
    )
    values = _area_values(found)
    for one in prefectures():
        values.setdefault(one.code, AreaValue(href=region_href(one.code), note="値なし"))
    words = f"{found.measure.words}。" if found.measure else ""
    title = f"精神病床に入院している人（{FiscalYear(MAP_YEAR).label}）"
    legend = _legend(found)
    shapes = shape_map(None, values, id="map", title=title, legend=legend, description=words)
    beds = map_values(
        actor, "psychiatric_beds", MAP_YEAR, region_kinds=[RegionKind.PREFECTURE], basis=Basis.HOSPITAL_630.value
    )
    open_sheets = regions_with_public_sheets()
    rows: list[Row] = [
        {
            "name": Cell(one.name, href=region_href(one.code), sort_key=one.code),
            "inpatients": _cell(found, one.code),
            "beds": _cell(beds, one.code),
            "sheet": Cell(FiscalYear(open_sheets[one.code]).label, href=region_href(one.code))
            if one.code in open_sheets
            else None,
        }
        for one in prefectures()
    ]
    return NationPage(
        figures=[
            one.as_component
            for one in region_figures(
                actor,
                NATION_CODE,
                indicator_codes=[
                    "hospitals_with_psychiatric_beds",
                    "psychiatric_beds",
                    "inpatients",
                    "inpatients_over_1_year",
                ],
            )
        ],
        tiles=None if shapes else prefecture_tiles(values, id="map", title=title, legend=legend, description=words),
        shapes=shapes,
        prefectures=Table(
            id="prefectures",
            caption=f"都道府県（{FiscalYear(MAP_YEAR).label}）",
            columns=[
                Column("name", "都道府県", is_row_header=True, sortable=True),
                Column("inpatients", "入院者", align="end"),
                Column("beds", "精神病床", align="end"),
                Column("sheet", "公開されたシート"),
            ],
            rows=rows,
            csv_href="/regions/prefectures.csv",
            keep_on_phone=True,
            note="順位を付けるための表ではありません。並びは地方公共団体コードの順です。",
        ),
        open_regions=_open_regions(open_sheets),
        map_note=words,
    )


def _full_name(one: Region) -> str:
    return one.name if one.prefecture is None else f"{one.prefecture.name} {one.name}"


def _cell(found: MapValues, code: str) -> Cell | None:
    value = found.values.get(code)
    if value is None:
        return None
    number = value.figure.value
    return Cell(
        value.text,
        href=value.figure.href,
        note=value.note or None,
        csv_value=int(number) if number is not None else None,
    )


def _open_regions(open_sheets: dict[str, int]) -> Table:
    named = Region.objects.filter(pk__in=list(open_sheets)).select_related("prefecture").order_by("code")
    rows: list[Row] = [
        {"name": Cell(_full_name(one), href=region_href(one.code)), "year": FiscalYear(open_sheets[one.code]).label}
        for one in named
    ]
    return Table(
        id="open",
        caption="シートを公開している地域",
        columns=[Column("name", "地域", is_row_header=True), Column("year", "いちばん新しい年度")],
        rows=rows,
        empty=EmptyState(
            "公開されたシートはまだありません", "担当者が章ごとに公開すると、ここから読めるようになります。"
        ),
    )


def region_search(text: str) -> Table:
    """Regions by name, reading or code."""
    hint = "市町村の名前、よみ、5桁のコードで探せます。"
    try:
        found = search(text, limit=50)
    except WrongCheckDigit:
        found, hint = [], "6桁のコードの最後の数字（検査数字）が合いません。5桁で入れるか、数字を確かめてください。"
    rows: list[Row] = [
        {"name": Cell(_full_name(one), href=region_href(one.code)), "kind": one.get_kind_display(), "code": one.code}
        for one in found
    ]
    return Table(
        id="found",
        caption=f"「{text}」に合う地域",
        columns=[Column("name", "地域", is_row_header=True), Column("kind", "区分"), Column("code", "コード")],
        rows=rows,
        empty=EmptyState("見つかりませんでした", hint),
    )
