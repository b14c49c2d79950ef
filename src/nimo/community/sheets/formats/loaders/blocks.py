"""Collecting blocks in reading order: numbers every line and table row, and stops at the limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.source import Cell, Finding, Line, Place, Table


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell before it is placed. `label` and `page` override the table's: an address ("B5"), a table over two pages."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    label: str | None = None
    page: int | None = None


class BlockCollector:
    """Blocks of one document. Line numbers rise by one for each line and each table row."""

    def __init__(self, file_name: str, limits: Limits) -> None:
        self.blocks: list[Line | Table] = []
        self.findings: list[Finding] = []
        self.file_name = file_name
        self.limits = limits
        self._next_line = 1
        self._cells = 0
        self._characters = 0

    @property
    def next_line(self) -> int:
        return self._next_line

    def add_line(self, text: str, page: int | None, label: str) -> None:
        """One line; `text` holds no line break."""
        self._count_characters(text)
        if len(self.blocks) >= self.limits.lines:
            raise refusal("too_much_text", self.file_name, f"上限は{self.limits.lines:,}行です。")
        self.blocks.append(Line(text, Place(self._next_line, page, label)))
        self._next_line += 1

    def add_blank(self, page: int | None, label: str) -> None:
        """An empty line between passages of a page that stand apart, never two in a row."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Line) and last.text.strip() and last.place.page == page:
            self.add_line("", page, label)

    def add_table(self, cells: Sequence[GridCell], page: int | None, label: str) -> None:
        """A table; a cell without a label of its own is called "<label> n行目" after its row."""
        if not cells:
            return
        rows = max(cell.row + cell.row_span for cell in cells)
        columns = max(cell.column + cell.column_span for cell in cells)
        self.refuse_more_cells(rows * columns)
        self._cells += rows * columns
        first = self._next_line
        placed = []
        for cell in sorted(cells, key=lambda c: (c.row, c.column)):
            self._count_characters(cell.text)
            name = cell.label or f"{label} {cell.row + 1}行目"
            place = Place(first + cell.row, cell.page or page, name)
            placed.append(Cell(cell.text, cell.row, cell.column, place, cell.row_span, cell.column_span))
        self.blocks.append(Table(tuple(placed), Place(first, page, label)))
        self._next_line = first + rows

    def find(self, code: str, where: str, message: str, line: int | None = None) -> None:
        self.findings.append(Finding(code, where, message, line))

    def refuse_more_cells(self, number: int) -> None:
        """Raises UnableToRead: too_many_cells, when `number` more cells would pass the limit."""
        if self._cells + number > self.limits.cells:
            raise refusal("too_many_cells", self.file_name, f"上限は{self.limits.cells:,}セルです。")

    def _count_characters(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > self.limits.characters:
            raise refusal("too_much_text", self.file_name, f"上限は{self.limits.characters:,}文字です。")

    @property
    def has_text(self) -> bool:
        return any(
            block.text.strip() if isinstance(block, Line) else any(cell.text.strip() for cell in block.cells)
            for block in self.blocks
        )
