"""Maps as SVG: tiles of equal size, or real shapes. Every area is a link with its name and value as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.foundation.ui.components.registry import Context, component
from nimo.foundation.ui.components.tables import Cell, Column, Table

LEVELS = (0, 1, 2, 3, 4)
TILE = 64
GAP = 4
WIDTH_BESIDE = 680


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
    rows: list[dict[str, Cell | str | int | None]] = []
    for area in areas:
        text = area.value_text or "値なし"
        note = area.note if isinstance(area, Tile) and area.note != text else ""
        rows.append({"label": Cell(area.label, href=area.href), "value": Cell(text, note=note or None)})
    columns = [Column("label", "地域", is_row_header=True), Column("value", "値", align="end")]
    return Table(id=f"{id}-table", caption=f"{title}の表", columns=columns, rows=rows, keep_on_phone=True)


_SUBPATH = re.compile(r"[Mm][^Mm]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
LABEL_SHARE = 0.028
"""Size of a letter on a shape map, as a share of the map's width."""


def _ring(subpath: str) -> list[tuple[float, float]]:
    """The corners of one outline; none when it is written with anything but absolute M, L and Z."""
    if re.search(r"[^MLZz\d\s,.\-]", subpath):
        return []
    numbers = [float(text) for text in _NUMBER.findall(subpath)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def label_place(path_d: str, label: str, letter: float) -> tuple[float, float] | None:
    """Where a name fits into a shape: the centroid of its largest outline; None when it is too narrow."""
    largest: tuple[float, float, float, float] | None = None
    for subpath in _SUBPATH.findall(path_d):
        ring = _ring(subpath)
        if len(ring) < 3:
            continue
        pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
        area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2
        if area == 0 or (largest is not None and abs(area) <= largest[0]):
            continue
        x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
        y = sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (6 * area)
        width = max(x for x, _ in ring) - min(x for x, _ in ring)
        largest = (abs(area), x, y, width)
    if largest is None or largest[3] < letter * (len(label) + 1):
        return None
    return round(largest[1], 3), round(largest[2], 3)


@component("tile_map")
def tile_map(map: TileMap, heading_level: int = 3) -> Context:
    """同じ大きさのます目の地図。小さな県も同じ大きさで見え、ますを選ぶとその地域の画面に移ります。"""
    _check_levels(map.tiles)
    step = TILE + GAP
    width = (max((tile.column for tile in map.tiles), default=0) + 1) * step - GAP
    placed = [
        {"tile": tile, "x": tile.column * step, "y": tile.row * step, "middle": tile.column * step + TILE // 2}
        for tile in map.tiles
    ]
    return {
        "map": map,
        "placed": placed,
        "size": TILE,
        "width": width,
        "height": (max((tile.row for tile in map.tiles), default=0) + 1) * step - GAP,
        "table": table_of(map.id, map.title, map.tiles),
        "beside": width <= WIDTH_BESIDE,
        "scale": 1,
        "heading_level": heading_level,
    }


@component("shape_map")
def shape_map(map: ShapeMap, heading_level: int = 3) -> Context:
    """実際の形の地図。地域を選ぶとその地域の画面に移ります。同じ値の表が必ず並びます。

    Names stand on the shapes that are wide enough; the others are named by the link, its title and the table.
    """
    _check_levels(map.shapes)
    width = float(map.view_box.split()[2])
    letter = width * LABEL_SHARE
    return {
        "map": map,
        "placed": [(shape, label_place(shape.path_d, shape.label, letter)) for shape in map.shapes],
        "letter": round(letter, 4),
        "halo": round(letter / 4, 4),
        "scale": round(width / WIDTH_BESIDE, 6),
        "table": table_of(map.id, map.title, map.shapes),
        "heading_level": heading_level,
    }
