"""A table row as collected, before it becomes part of the sheet: pieces by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nimo.community.sheets.formats.reading.alignment import ROLE_LABEL, align
from nimo.community.sheets.formats.reading.columns import Header
from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.reading.stream import TableRow
from nimo.core.characters import ROW_MARKS

_MARK = re.compile(
    rf"\s*(?:[-*] +)?(?P<mark>[{ROW_MARKS}]|[(（][0-9０-９]{{1,2}}[)）]|[0-9０-９]{{1,2}}[.．)）](?=\s*[^\s0-9０-９]))"
)
_BARE_MARK = re.compile(rf"\s*(?:[{ROW_MARKS}]|[0-9０-９]{{1,2}}[.．)）]?)\s*")


@dataclass(slots=True)
class RawRow:
    """One row: pieces by column, its mark (①), and what could not be given to a column."""

    at: Piece
    cells: dict[str, list[Piece]] = field(default_factory=dict)
    mark: Piece | None = None
    unclear: list[Piece] = field(default_factory=list)
    carried: set[Piece] = field(default_factory=set)
    """Cells that begin in a row above and reach down to this one."""

    def pieces(self, column: str) -> list[Piece]:
        return self.cells.get(column, [])

    def says(self, ledger: Ledger, column: str) -> bool:
        return any(ledger.text(piece).strip() for piece in self.pieces(column))


def split_mark(ledger: Ledger, piece: Piece) -> tuple[Piece | None, Piece]:
    """A row mark and what follows it. No mark: (None, the piece)."""
    match = _MARK.match(ledger.text(piece))
    if not match:
        return None, piece
    start, end = match.span("mark")
    mark = Piece(piece.source, piece.start + start, piece.start + end)
    return mark, Piece(piece.source, piece.start + match.end(), piece.end)


def mark_number(text: str) -> int | None:
    """The number of a circled mark (① → 1); None for other marks."""
    for first, count in (("①", 20), ("❶", 10), ("⓵", 10), ("⑴", 20)):
        offset = ord(text[0]) - ord(first) if text else -1
        if 0 <= offset < count:
            return offset + 1
    return None


FIGURE_COLUMNS = frozenset({"target", "actual", "current"})


def raw_row(ledger: Ledger, header: Header, row: TableRow, *, by_tabs: bool, from_left: bool) -> RawRow:
    """A table row under its header.

    `by_tabs`: cells are only counted, not drawn, so a row with another number of cells than its header lost one.
    `from_left`: see `alignment.align`.
    """
    at = row.cells[0].piece if row.cells else Piece(0, 0, 0)
    raw = RawRow(row.filled[0].piece if row.filled else at)
    raw.carried = {cell.piece for cell in row.cells if cell.carried}
    if by_tabs and len(row.cells) != header.cell_count:
        for cell, name in zip(row.cells, align(header, row.cells, from_left=from_left), strict=True):
            if name is not None:
                raw.cells.setdefault("roles" if name == ROLE_LABEL else name, []).append(cell.piece)
            elif not cell.is_blank:
                raw.unclear.append(cell.piece)
        return raw
    for cell in row.cells:
        name = header.column_of(cell.column)
        if name is None and not cell.is_blank and not cell.carried:
            if _BARE_MARK.fullmatch(cell.text) and raw.mark is None:
                raw.mark = cell.piece
            else:
                raw.unclear.append(cell.piece)
        elif name is not None and not (cell.carried and cell.is_blank):
            raw.cells.setdefault(name, []).append(cell.piece)
    _refuse_doubled_figures(ledger, raw)
    return raw


def _refuse_doubled_figures(ledger: Ledger, raw: RawRow) -> None:
    """Two cells with figures under one title: one of them stands in a column that lost its title."""
    for name in FIGURE_COLUMNS & raw.cells.keys():
        said = [piece for piece in raw.cells[name] if ledger.text(piece).strip()]
        if len(said) > 1:
            raw.unclear.extend(said)
            raw.cells[name] = []
