"""Tables drawn with rules: cells with their spans, and what only looks like a table sorted out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.page import Page
from pdfplumber.table import TableFinder

from nimo.community.sheets.formats.loaders.pdf.characters import Glyph, cell_text
from nimo.community.sheets.formats.loaders.reading_order import Box

_SAME = 2.5
"""Rules closer than this (points) are one rule."""
_THIN = 4.5
"""No row of text is lower than this; two horizontal rules so close are a double rule."""
_PADDING = 8.0
"""White space inside a cell beside its text (points)."""
_FILLED = 0.2
"""Share of cells with text from which a lattice is a table; forms hardly filled in still have their headings."""


@dataclass(slots=True)
class TableCell:
    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    page: int = 0
    page_row: int = 0
    """Row on its own page, from 0; differs from `row` once a table over several pages has been put together."""
    ends_full: bool = False
    """The last line reaches the right edge of the cell: the text may go on."""


@dataclass(slots=True)
class PageTable:
    """A table on one page, or put together from several."""

    box: Box
    edges: tuple[float, ...]
    """Positions of the column boundaries in points, from the left."""
    cells: list[TableCell] = field(default_factory=list)
    is_ruled: bool = True

    @property
    def rows(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    def row_texts(self, row: int) -> list[tuple[int, int, str]]:
        """Column, span and text without white space, of the cells that begin in a row."""
        return [(c.column, c.column_span, "".join(c.text.split())) for c in self.cells if c.row == row]


class _Grid:
    """Cells of one drawn table on a lattice of columns and rows."""

    def __init__(self, cells: Sequence[tuple[float, float, float, float]]) -> None:
        self.columns = _edges([x for cell in cells for x in (cell[0], cell[2])], _SAME)
        self.rows = _edges([y for cell in cells for y in (cell[1], cell[3])], _THIN)
        self.box = Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])
        self.cells: list[tuple[int, int, int, int]] = []
        """Row, column, row span, column span."""
        self._at: dict[tuple[int, int], int] = {}
        for left, top, right, bottom in sorted(cells, key=lambda c: (c[2] - c[0]) * (c[3] - c[1])):
            row, last_row = _nearest(self.rows, top), _nearest(self.rows, bottom)
            column, last_column = _nearest(self.columns, left), _nearest(self.columns, right)
            places = [(r, c) for r in range(row, last_row) for c in range(column, last_column)]
            if places and not any(place in self._at for place in places):
                self._at.update(dict.fromkeys(places, len(self.cells)))
                self.cells.append((row, column, last_row - row, last_column - column))

    def right_of(self, number: int) -> float:
        _, column, _, column_span = self.cells[number]
        return self.columns[column + column_span]

    def cell_at(self, x: float, y: float) -> int | None:
        """Number of the cell that holds a point."""
        if not (self.box.left <= x < self.box.right and self.box.top <= y < self.box.bottom):
            return None
        return self._at.get((bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1))


def ruled_tables(page: Page, glyphs: Sequence[Glyph]) -> tuple[list[PageTable], list[Glyph]]:
    """Tables of a page, and the glyphs that stand in none."""
    left = list(glyphs)
    tables = []
    for found in TableFinder(page, _settings(page)).tables:
        grid = _Grid(found.cells)
        inside: dict[int, list[Glyph]] = {}
        outside = []
        for glyph in left:
            number = grid.cell_at(*glyph.middle)
            if number is None:
                outside.append(glyph)
            else:
                inside.setdefault(number, []).append(glyph)
        texts = {number: cell_text(members) for number, members in inside.items()}
        if _is_table(grid, texts):
            full = {n for n, members in inside.items() if _ends_full(members, grid.right_of(n))}
            tables.append(_table(grid, texts, full, page.page_number))
            left = outside
    return tables, left


def _settings(page: Page) -> dict[str, Any]:
    settings: dict[str, Any] = {"snap_tolerance": _SAME, "join_tolerance": _SAME, "intersection_tolerance": 3}
    sides = _missing_sides(page)
    if sides:
        settings["explicit_vertical_lines"] = sides
    return settings


def _missing_sides(page: Page) -> list[dict[str, Any]]:
    """Upright lines at the ends of horizontal rules where a table is open at its sides, as many forms are."""
    groups: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for edge in page.horizontal_edges:
        if edge["x1"] - edge["x0"] > 60:
            groups.setdefault((round(edge["x0"] / 3), round(edge["x1"] / 3)), []).append(edge)
    uprights = [(e["x0"], e["top"], e["bottom"]) for e in page.vertical_edges]
    added = []
    for edges in groups.values():
        heights = sorted({round(edge["top"]) for edge in edges})
        if len(heights) < 3 or not _inner_rules(edges, uprights):
            continue
        for x in (min(e["x0"] for e in edges), max(e["x1"] for e in edges)):
            closed = any(abs(u[0] - x) <= 4 and u[1] <= heights[0] + 4 and u[2] >= heights[0] + 4 for u in uprights)
            if not closed:
                added.append(_upright(x, float(heights[0]), float(heights[-1])))
    return added


def _inner_rules(edges: list[dict[str, Any]], uprights: list[tuple[float, float, float]]) -> bool:
    """Whether upright rules divide the space between the horizontal ones (else they are lines under text)."""
    left, right = min(e["x0"] for e in edges), max(e["x1"] for e in edges)
    top, bottom = min(e["top"] for e in edges), max(e["top"] for e in edges)
    return any(left + 5 < x < right - 5 and start < bottom - 2 and end > top + 2 for x, start, end in uprights)


def _upright(x: float, top: float, bottom: float) -> dict[str, Any]:
    return {
        "object_type": "line", "x0": x, "x1": x, "top": top, "bottom": bottom, "width": 0.0,
        "height": bottom - top, "orientation": "v",
    }  # fmt: skip


def _is_table(grid: _Grid, texts: dict[int, str]) -> bool:
    """The gridlines of a chart also make cells, but hardly any of them holds text."""
    filled = [grid.cells[number] for number, text in texts.items() if text]
    if len(grid.columns) < 3 or len(filled) < 2:
        return False
    return len(filled) >= _FILLED * len(grid.cells)


def _ends_full(glyphs: Sequence[Glyph], right: float) -> bool:
    visible = [glyph for glyph in glyphs if not glyph.is_blank]
    lowest = max((glyph.middle[1] for glyph in visible), default=0.0)
    last_line = [glyph for glyph in visible if lowest - glyph.middle[1] < 0.5 * glyph.size]
    return any(right - glyph.box.right < 2 * glyph.size + _PADDING for glyph in last_line)


def _table(grid: _Grid, texts: dict[int, str], full: set[int], page: int) -> PageTable:
    cells = [
        TableCell(texts.get(number, ""), row, column, row_span, column_span, page, row, number in full)
        for number, (row, column, row_span, column_span) in enumerate(grid.cells)
    ]
    return PageTable(grid.box, tuple(grid.columns), sorted(cells, key=lambda c: (c.row, c.column)))


def _edges(positions: Sequence[float], tolerance: float) -> list[float]:
    """Distinct positions; those within the tolerance are one."""
    found: list[float] = []
    for position in sorted(positions):
        if not found or position - found[-1] > tolerance:
            found.append(position)
    return found


def _nearest(edges: Sequence[float], position: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - position))
