"""A table of the form as rows of texts by field: merged cells given to every row, cells that go on after a break joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nimo.community.sheets.formats.layouts.model import Block, Column, Names
from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.source import Cell, Place, Table


class DoesNotFollow(Exception):
    """The file does not follow its form to the letter; the general reader reads it."""


@dataclass(slots=True)
class FoundRow:
    """Texts by field, and where each stands."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, name: str, text: str, place: Place, continued: str) -> None:
        if text.startswith(continued):
            self.texts[name] = self.texts.get(name, "") + text.removeprefix(continued)
        elif text or name not in self.texts:
            self.texts[name] = text
        self.places.setdefault(name, place)

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for text in self.texts.values())


class Matrix:
    """The cells of a table by place; a merged one at every place it covers."""

    def __init__(self, table: Table) -> None:
        self.rows, self.columns = table.row_count, table.column_count
        self._at: dict[tuple[int, int], Cell] = {}
        for cell in table.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    self._at[row, column] = cell

    def cell(self, row: int, column: int) -> Cell | None:
        return self._at.get((row, column))

    def text(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return cell.text if cell else ""

    def begins(self, row: int, column: int) -> bool:
        cell = self.cell(row, column)
        return cell is not None and cell.row == row

    def line(self, row: int) -> list[Cell]:
        """The cells that begin in a row."""
        cells = (self.cell(row, column) for column in range(self.columns))
        found: list[Cell] = []
        for cell in cells:
            if cell is not None and cell.row == row and cell not in found:
                found.append(cell)
        return found


def titles_of(block: Block, names: Names) -> list[str]:
    """The titles as they must stand, without white space."""
    titles = [column.title for column in block.columns if column.title] or list(block.titles)
    return [squeeze(names.put_into(title)) for title in titles]


def has_titles(matrix: Matrix, block: Block, names: Names) -> bool:
    wanted = titles_of(block, names)
    return bool(wanted) and [squeeze(cell.text) for cell in matrix.line(0)] == wanted


def rows_of(matrix: Matrix, block: Block, before: list[FoundRow], continued: str) -> list[FoundRow]:
    """All rows of the block, with those of `before` (the same table on an earlier page), the last of which may go on."""
    width = sum(2 if column.parts else 1 for column in block.columns)
    if matrix.rows > 1 and matrix.columns != width:
        raise DoesNotFollow(block.name)
    rows = list(before)
    for row in range(1, matrix.rows):
        if block.columns[-1].parts:
            _divided(matrix, block, row, rows, continued)
        else:
            _plain(matrix, block, row, rows, continued)
    return rows


def _cells(matrix: Matrix, block: Block, row: int) -> Iterator[tuple[Column, int, str, Place | None]]:
    for position, column in enumerate(column for column in block.columns if not column.parts):
        cell = matrix.cell(row, position)
        yield column, position, cell.text if cell else "", cell.place if cell else None


def _divided(matrix: Matrix, block: Block, row: int, rows: list[FoundRow], continued: str) -> None:
    """One labelled line of a record whose other cells are merged over all its lines."""
    lead = list(_cells(matrix, block, row))
    if any(matrix.begins(row, position) for _, position, _, _ in lead) or not rows:
        goes_on = rows and any(text.startswith(continued) for _, _, text, _ in lead)
        if not goes_on:
            rows.append(FoundRow())
        for column, _, text, place in lead:
            if place is not None:
                rows[-1].add(column.field, text, place, continued)
    position = len(lead)
    label, cell = squeeze(matrix.text(row, position)), matrix.cell(row, position + 1)
    part = next((part for part in block.columns[-1].parts if squeeze(part.label) == label), None)
    if part is None or cell is None:
        raise DoesNotFollow(f"{block.name}: {label}")
    rows[-1].add(part.field, cell.text, cell.place, continued)


def _plain(matrix: Matrix, block: Block, row: int, rows: list[FoundRow], continued: str) -> None:
    cells = list(_cells(matrix, block, row))
    own = [text for column, _, text, _ in cells if not column.merged]
    lead = [text for column, _, text, _ in cells if column.merged]
    carried = bool(rows) and any(text.startswith(continued) for text in lead)
    goes_on = bool(rows) and (
        any(text.startswith(continued) for text in own) or (carried and not any(text.strip() for text in own))
    )
    if carried:
        _lengthen(cells, matrix, row, rows, continued)
    if goes_on:
        for column, _, text, place in cells:
            if not column.merged and place is not None:
                rows[-1].add(column.field, text, place, continued)
        return
    found = FoundRow()
    for column, _, text, place in cells:
        if place is None:
            continue
        shared = rows[-1].texts.get(column.field, "") if text.startswith(continued) and column.merged and rows else text
        found.add(column.field, shared, place, continued)
    rows.append(found)


def _lengthen(
    cells: list[tuple[Column, int, str, Place | None]],
    matrix: Matrix,
    row: int,
    rows: list[FoundRow],
    continued: str,
) -> None:
    """A merged cell that goes on belongs to all the rows above that share it."""
    for column, position, text, _ in cells:
        if not column.merged or not text.startswith(continued) or not matrix.begins(row, position):
            continue
        more, shared = text.removeprefix(continued), rows[-1].texts.get(column.field)
        for found in reversed(rows):
            if not more or found.texts.get(column.field) != shared:
                break
            found.texts[column.field] = (shared or "") + more


_COUNT = re.compile(r"\d+\s*/\s*\d+")


def is_page_number(text: str) -> bool:
    return _COUNT.fullmatch(text.strip()) is not None
