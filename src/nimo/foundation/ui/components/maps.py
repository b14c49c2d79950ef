"""Maps as SVG: tiles of equal size, or real shapes. Every area is a link with its name and value as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.foundation.ui.components.registry import Context, component
from nimo.foundation.ui.components.tables import Cell, Column, Table

LEVELS = (0, 1, 2, 3, 4)
TILE = 64
GAP = 4


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A class of the map: what it means, and its level (None: no value)."""

    label: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One area. `row` and `column` count from 0. `level` None: no value; `note` says why."""

    code: str
    label: str
    row: int
    column: int
    value_text: str = ""
    level: int | None = None
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TileMap:
    id: str
    title: str
    tiles: Sequence[Tile]
    legend: Sequence[LegendItem] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One area with its outline: `path_d` in the coordinates of the map's view box."""

    code: str
    label: str
    path_d: str
    value_text: str = ""
    level: int | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ShapeMap:
    """`view_box`: "minx miny width height"."""

    id: str
    title: str
    view_box: str
    shapes: Sequence[Shape]
    legend: Sequence[LegendItem] = ()
    description: str = ""


def _check_levels(areas: Sequence[Tile | Shape]) -> None:
    for area in areas:
        if area.level is not None and area.level not in LEVELS:
            raise ValueError(f"area {area.code}: level {area.level} is not one of {LEVELS}")


def table_of(id: str, title: str, areas: Sequence[Tile | Shape]) -> Table:
    rows: list[dict[str, Cell | str | int | None]] = [
        {
            "label": Cell(area.label, href=area.href),
            "value": Cell(area.value_text or "値なし", note=getattr(area, "note", "") or None),
        }
        for area in areas
    ]
    columns = [Column("label", "地域", is_row_header=True), Column("value", "値", align="end")]
    return Table(id=f"{id}-table", caption=f"{title}の表", columns=columns, rows=rows)


@component("tile_map")
def tile_map(map: TileMap) -> Context:
    """同じ大きさのます目の地図。小さな県も同じ大きさで見え、ますを選ぶとその地域の画面に移ります。"""
    _check_levels(map.tiles)
    step = TILE + GAP
    placed = [
        {"tile": tile, "x": tile.column * step, "y": tile.row * step, "middle": tile.column * step + TILE // 2}
        for tile in map.tiles
    ]
    return {
        "map": map,
        "placed": placed,
        "size": TILE,
        "width": (max((tile.column for tile in map.tiles), default=0) + 1) * step - GAP,
        "height": (max((tile.row for tile in map.tiles), default=0) + 1) * step - GAP,
        "table": table_of(map.id, map.title, map.tiles),
        "levels": LEVELS,
    }


@component("shape_map")
def shape_map(map: ShapeMap) -> Context:
    """実際の形の地図。地域を選ぶとその地域の画面に移ります。同じ値の表が必ず並びます。"""
    _check_levels(map.shapes)
    return {"map": map, "table": table_of(map.id, map.title, map.shapes), "levels": LEVELS}
