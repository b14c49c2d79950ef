"""A sheet as an Excel file: one worksheet on A4 landscape, every table with its merged cells, the origin of a figure as
a comment on its cell.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import xlsxwriter

from nimo.community.sheets.formats.writing.flow import (
    Characters,
    Typesetter,
    lead_columns,
    row_room,
    row_rooms,
    split,
)
from nimo.community.sheets.formats.writing.page import Cell, Grid, Group, Label, SheetPages
from nimo.community.sheets.formats.writing.repack import repacked

FONT = "BIZ UDPゴシック"
COLUMNS = 24
"""The worksheet's own columns, of which the columns of each table take several."""
_COLUMN_CHARACTERS = 6.2
_COLUMN_POINTS = 36.5
_SIZE = 10
_MEASURE = Typesetter(size=_SIZE * 1.02, line_height=13.2, padding=5.0, margin=6.0)
_TALLEST_ROW = 380.0
"""Excel shows no row above 409 points: a taller one is made of several, merged."""
_LONGEST_TEXT = 32_000
"""Excel keeps 32,767 characters in a cell."""
_SHEET_NAME = "自治体情報シート"
_TYPED_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHIELD, _ESCAPED = "\ufdd0", "_x005F_"
"""Excel reads `_x000B_` as a line end; typed as seven letters, it begins with an escape. xlsxwriter finds no second one
that begins with the last letter of the first (`_x000B_x000B_`), so each goes past it as a noncharacter."""


def write_workbook(pages: SheetPages, at: datetime) -> bytes:
    """The file; `at` stands in its properties. The same pages and moment give the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": pages.title, "author": "nimo", "created": at.replace(tzinfo=None)})
    _Writer(book, pages).write()
    book.close()
    return repacked(out.getvalue(), {"xl/sharedStrings.xml": _unshielded})


def _shielded(text: str) -> str:
    return _TYPED_ESCAPE.sub(_SHIELD, text.replace(_SHIELD, ""))


def _unshielded(part: bytes) -> bytes:
    return part.replace(_SHIELD.encode(), _ESCAPED.encode())


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, pages: SheetPages) -> None:
        self.book = book
        self.pages = pages
        self.sheet: Any = book.add_worksheet(_SHEET_NAME)
        self.row = 0
        base = {"font_name": FONT, "font_size": _SIZE, "text_wrap": True, "valign": "top", "num_format": "@"}
        box = {**base, "border": 1}
        self.formats = {
            "text": book.add_format(box),
            "label": book.add_format({**box, "bg_color": "#F2F2F2", "valign": "vcenter"}),
            "head": book.add_format(
                {**box, "bg_color": "#D9D9D9", "bold": True, "align": "center", "valign": "vcenter"}
            ),
            "form": book.add_format({**base, "font_size": 8, "font_color": "#595959"}),
            "title": book.add_format({**base, "font_size": 16, "bold": True}),
            "chapter": book.add_format({**base, "font_size": 12, "bold": True, "bottom": 2}),
            "line": book.add_format({**base, "bold": True}),
        }

    def write(self) -> None:
        self._set_up()
        self._line(self.pages.form_line, "form")
        if self.pages.mark:
            self._line(self.pages.mark, "line")
        self._line(self.pages.title, "title", 24.0)
        breaks = []
        for number, chapter in enumerate(self.pages.chapters):
            self.row += 1
            if chapter.heading:
                if number > 1:
                    breaks.append(self.row)
                self._line(chapter.heading, "chapter", 18.0)
                self.row += 1
            for part in chapter.parts:
                if isinstance(part, Label):
                    self._line(part.text, "line")
                else:
                    self._grid(part)
                    self.row += 1
        for remark in self.pages.remarks:
            self._line(remark, "form")
        self.sheet.set_h_pagebreaks(breaks)
        self.sheet.print_area(0, 0, max(self.row - 1, 0), COLUMNS - 1)

    def _set_up(self) -> None:
        sheet = self.sheet
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.fit_to_pages(1, 0)
        sheet.print_black_and_white()
        sheet.hide_gridlines(2)
        sheet.set_column(0, COLUMNS - 1, _COLUMN_CHARACTERS)
        sheet.set_footer("&C&P / &N")
        if self.pages.mark:
            sheet.set_header(f"&R{self.pages.mark}")
        sheet.set_comments_author("nimo")

    def _line(self, text: str, style: str, height: float | None = None) -> None:
        lines = _MEASURE.lines(text, COLUMNS * _COLUMN_POINTS)
        self.sheet.set_row(self.row, max(height or 0.0, _MEASURE.room(lines)))
        self.sheet.merge_range(self.row, 0, self.row, COLUMNS - 1, "", self.formats[style])
        self.sheet.write_string(self.row, 0, _shielded(text), self.formats[style])
        self.row += 1

    def _grid(self, grid: Grid) -> None:
        edges = _edges(grid.widths)
        widths = [(end - start) * _COLUMN_POINTS for start, end in pairwise(edges)]
        if grid.head:
            room = row_room(grid.head, widths, _MEASURE)
            self._cells(grid.head, edges, 0, self.row, self._rows(room))
        for group in grid.groups:
            for piece in _pieces(group, widths, self.pages.continued):
                self._group(piece, edges, widths, grid.is_box)

    def _group(self, group: Group, edges: Sequence[int], widths: Sequence[float], is_box: bool) -> None:
        top, first = self.row, lead_columns(group)
        for row, room in zip(group.rows, row_rooms(group, widths, _MEASURE), strict=True):
            # A lone cell of one row would be a line of prose: a box always has two.
            self._cells(row, edges, first, self.row, self._rows(room, 2 if is_box else 1))
        self._cells(group.lead, edges, 0, top, self.row - top)

    def _rows(self, room: float, fewest: int = 1) -> int:
        """Makes room with as many rows as it takes, beginning at the present one; returns their number."""
        count = max(int(-(-room // _TALLEST_ROW)), fewest)
        for row in range(self.row, self.row + count):
            self.sheet.set_row(row, room / count)
        self.row += count
        return count

    def _cells(self, cells: Sequence[Cell], edges: Sequence[int], first: int, top: int, rows: int) -> None:
        column = first
        for cell in cells:
            left, right = edges[column], edges[column + cell.columns] - 1
            style = self.formats[cell.role]
            if rows > 1 or right > left:
                self.sheet.merge_range(top, left, top + rows - 1, right, "", style)
            if cell.text:
                self.sheet.write_string(top, left, _shielded(cell.text), style)
            else:
                self.sheet.write_blank(top, left, None, style)
            if cell.note:
                self.sheet.write_comment(top, left, cell.note, {"x_scale": 2, "y_scale": 0.8, "font_size": 9})
            column += cell.columns


def _edges(widths: Sequence[int]) -> list[int]:
    """Where the columns of a table begin on the worksheet's grid, and its end."""
    total, edges, sum_before = sum(widths), [0], 0
    for number, width in enumerate(widths, start=1):
        sum_before += width
        left_for_others = len(widths) - number
        wanted = round(sum_before * COLUMNS / total)
        edges.append(min(max(wanted, edges[-1] + 1), COLUMNS - left_for_others))
    return edges


def _pieces(group: Group, widths: Sequence[float], continued: str) -> list[Group]:
    """The group itself; cut where a text is longer than Excel keeps in one cell."""
    pieces: list[Group] = []
    rest: Group | None = group
    while rest is not None:
        cells = [*rest.lead, *(cell for row in rest.rows for cell in row)]
        if all(len(cell.text) <= _LONGEST_TEXT for cell in cells):
            return [*pieces, rest]
        piece, rest = split(rest, widths, Characters(), _LONGEST_TEXT, continued)
        pieces.append(piece)
    return pieces
