"""A document as one stream of lines and table rows, each tied to the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.source import Line, Place, SourceDocument, Table


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of running text (or one line of a cell that is no table's)."""

    piece: Piece
    text: str
    place: Place

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell of a row. `carried`: a merged cell of a row above reaches down to here."""

    piece: Piece
    text: str
    column: int
    span: int
    place: Place
    carried: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with its cells from left to right, blank ones too. `width`: columns of its table."""

    table: int
    number: int
    cells: tuple[RowCell, ...]
    place: Place
    width: int

    @property
    def filled(self) -> list[RowCell]:
        """The cells that begin in this row and say something."""
        return [cell for cell in self.cells if not cell.carried and not cell.is_blank]

    @property
    def is_blank(self) -> bool:
        return all(cell.is_blank for cell in self.cells)


Item = TextLine | TableRow


def lines_of_piece(ledger: Ledger, piece: Piece) -> list[TextLine]:
    """A piece cut at its line breaks."""
    place, lines, start = ledger.place(piece), [], piece.start
    for text in ledger.text(piece).split("\n"):
        lines.append(TextLine(Piece(piece.source, start, start + len(text)), text, place))
        start += len(text) + 1
    return lines


def _rows(ledger: Ledger, table: Table, number: int) -> Iterator[TableRow]:
    by_row: dict[int, list[RowCell]] = {}
    width = table.column_count
    for cell in table.cells:
        piece = ledger.add(cell.text, cell.place)
        for row in range(cell.row, cell.row + cell.row_span):
            held = RowCell(piece, cell.text, cell.column, cell.column_span, cell.place, carried=row > cell.row)
            by_row.setdefault(row, []).append(held)
    for row in sorted(by_row):
        cells = tuple(sorted(by_row[row], key=lambda cell: cell.column))
        own = [cell.place for cell in cells if not cell.carried]
        line = table.place.line + row
        place = own[0] if own else Place(line, table.place.page, table.place.label)
        yield TableRow(number, row, cells, place, width)


def _is_one_column(table: Table) -> bool:
    """A box drawn as a table: all its text stands in its first column, so it is running text.

    Text in a later column alone may be the rest of a row that began on the page before.
    """
    return {cell.column for cell in table.cells if cell.text.strip()} <= {0}


def stream(document: SourceDocument, ledger: Ledger) -> list[Item]:
    """Every block of the document in order; every character of it is entered into the ledger."""
    items: list[Item] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Line):
            items.extend(lines_of_piece(ledger, ledger.add(block.text, block.place)))
        elif _is_one_column(block):
            for cell in sorted(block.cells, key=lambda c: c.row):
                items.extend(lines_of_piece(ledger, ledger.add(cell.text, cell.place)))
        else:
            items.extend(_rows(ledger, block, number))
    return items
