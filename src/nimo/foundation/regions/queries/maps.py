"""Maps of the prefectures and of the municipalities of one, and what files of outlines would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.formats.boundaries import BoundaryFile
from nimo.foundation.regions.formats.layouts import national, regional
from nimo.foundation.regions.formats.matching import BoundaryReport, KnownRegion, boundary_report
from nimo.foundation.regions.formats.tiles import PREFECTURE_TILES
from nimo.foundation.regions.models import Boundary, Region
from nimo.foundation.regions.queries.places import municipalities_of, prefectures
from nimo.foundation.regions.rules.places import AreaValue, short_prefecture_name
from nimo.foundation.ui.components.maps import LegendItem, Shape, ShapeMap, Tile, TileMap


def prefecture_tiles(
    values: Mapping[str, AreaValue],
    *,
    id: str,
    title: str,
    legend: Sequence[LegendItem] = (),
    description: str = "",
) -> TileMap:
    """The 47 prefectures as tiles of equal size. values by prefecture code; a prefecture without one shows no value."""
    tiles = []
    for one in prefectures():
        row, column = PREFECTURE_TILES[one.code]
        value = values.get(one.code, AreaValue())
        tiles.append(
            Tile(
                code=one.code,
                label=short_prefecture_name(one.name),
                row=row,
                column=column,
                value_text=value.value_text,
                level=value.level,
                href=value.href,
                note=value.note,
            )
        )
    return TileMap(id=id, title=title, tiles=tiles, legend=legend, description=description)


def shape_map(
    prefecture_code: str | None,
    values: Mapping[str, AreaValue],
    *,
    id: str,
    title: str,
    legend: Sequence[LegendItem] = (),
    description: str = "",
) -> ShapeMap | None:
    """Real outlines: of the municipalities of a prefecture, or (None) of the prefectures. None: none are loaded.

    The newest outline of each region is taken. Regions without one, and islands far out at sea, are not drawn: they
    stand in the table and are named in the description, where the credit stands too, as its terms ask.
    """
    shown = municipalities_of(prefecture_code) if prefecture_code else prefectures()
    newest: dict[str, Boundary] = {}
    for row in Boundary.objects.filter(region__in=shown).order_by("region_id", "as_of"):
        newest[row.region_id] = row
    if not newest:
        return None
    rings = {code: row.rings for code, row in newest.items()}
    picture = regional(rings) if prefecture_code else national(rings)
    shapes = []
    for one in shown:
        value, path = values.get(one.code, AreaValue()), picture.paths.get(one.code, "")
        shapes.append(
            Shape(
                code=one.code,
                label=one.name,
                path_d=path,
                value_text=value.value_text,
                level=value.level,
                href=value.href if path else None,  # an invisible link would catch the keyboard
            )
        )
    missing = "、".join(shape.label for shape in shapes if not shape.path_d)
    credit = "、".join(
        f"{credit}（{day.year}年{day.month}月{day.day}日時点）"
        for credit, day in sorted({(row.credit, row.as_of) for row in newest.values()})
    )
    notes = [
        description,
        f"地図に描いていない地域: {missing}。" if missing else "",
        picture.note,
        f"境界の出典: {credit}。",
    ]
    return ShapeMap(
        id=id, title=title, view_box=picture.view_box, shapes=shapes, legend=legend, description="".join(notes)
    )


def boundaries_loaded(prefecture_code: str | None = None) -> bool:
    """Whether real outlines can be drawn, of a prefecture's municipalities or of the prefectures."""
    rows = Boundary.objects.filter(region__kind=RegionKind.PREFECTURE)
    if prefecture_code:
        rows = Boundary.objects.filter(region__prefecture=prefecture_code, region__kind__in=MUNICIPALITY_KINDS)
    return rows.exists()


def match_boundaries(files: Sequence[BoundaryFile]) -> BoundaryReport:
    """What files of outlines would give here: by code, prefectures also by name, cities and prefectures joined."""
    rows = Region.objects.exclude(kind__in=[RegionKind.NATION, *AREA_KINDS])
    known = {one.code: KnownRegion(one.kind, one.name, one.prefecture_id, one.city_id, one.valid_to) for one in rows}
    return boundary_report(files, known)
