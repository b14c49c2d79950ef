"""Described sheets as XLSX: one worksheet each, ruled grids with merged ranges, figures stored as numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from nimo.community.sheets.tests.builders.parts import Grid, Heading, PageBreak, Paragraph, Part

_RULE = Side(style="thin")
_BOX = Border(left=_RULE, right=_RULE, top=_RULE, bottom=_RULE)
_FINE = 20
"""Columns of the underlying "graph paper": grids of different widths are merged onto it."""


def as_workbook(sheets: Mapping[str, Sequence[Part]]) -> bytes:
    """`sheets`: the parts of each worksheet by its name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, parts in sheets.items():
        write_sheet(book.create_sheet(name), parts)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_sheet(sheet: Worksheet, parts: Sequence[Part]) -> None:
    row = 1
    for part in parts:
        if isinstance(part, Heading):
            sheet.cell(row, 1, part.text)
            row += 1
        elif isinstance(part, Paragraph):
            for line in part.lines:
                sheet.cell(row, 1, line)
                row += 1
            row += 1
        elif isinstance(part, PageBreak):
            row += 1
        else:
            row = _write_grid(sheet, part, row) + 1


def _write_grid(sheet: Worksheet, grid: Grid, top: int) -> int:
    total = sum(grid.widths)
    edges = [1]
    for index in range(len(grid.widths)):
        share = sum(grid.widths[: index + 1]) / total
        edges.append(max(edges[-1] + 1, 1 + round(share * _FINE)))
    for placed in grid.placed:
        first_row, last_row = top + placed.row, top + placed.row + placed.rows - 1
        first, last = edges[placed.column], edges[placed.column + placed.columns] - 1
        cell = sheet.cell(first_row, first)
        if placed.cell.number is not None:
            cell.value, cell.number_format = placed.cell.number, placed.cell.number_format
        else:
            # A leading apostrophe's effect: texts that look like formulas stay texts.
            cell.value, cell.data_type = placed.text, "s"
        cell.alignment = Alignment(wrap_text=True)
        for row in range(first_row, last_row + 1):
            for column in range(first, last + 1):
                sheet.cell(row, column).border = _BOX
        if (first_row, first) != (last_row, last):
            sheet.merge_cells(start_row=first_row, start_column=first, end_row=last_row, end_column=last)
    return top + grid.row_count
