"""A table row as collected, before it becomes part of the sheet: pieces by column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.community.sheets.formats.reading.columns import Header
from nimo.community.sheets.formats.reading.figures import is_figure
from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.reading.stream import RowCell, TableRow
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


NUMBER_COLUMNS = frozenset({"target", "actual", "current", "frequency"})


def raw_row(ledger: Ledger, header: Header, row: TableRow, *, keeps_trailing: bool) -> RawRow:
    """A table row under its header.

    `keeps_trailing`: rows of this document end in blank cells where the last columns are empty, so a row that is too
    short has lost a cell, and nobody knows which.
    """
    at = row.cells[0].piece if row.cells else Piece(0, 0, 0)
    raw = RawRow(row.filled[0].piece if row.filled else at)
    own = [cell for cell in row.cells if not cell.carried]
    is_short = len(row.cells) < len(header.starts) and header.kind != "challenges"
    if is_short and own:
        _fit(raw, header, [cell for cell in own if not cell.is_blank], from_left=not keeps_trailing)
        return raw
    raw.carried = {cell.piece for cell in row.cells if cell.carried}
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
    for name in NUMBER_COLUMNS & raw.cells.keys():
        said = [piece for piece in raw.cells[name] if ledger.text(piece).strip()]
        if len(said) > 1:
            raw.unclear.extend(said)
            raw.cells[name] = []


def _fit(raw: RawRow, header: Header, cells: Sequence[RowCell], *, from_left: bool) -> None:
    """Give the cells of a short row to columns, as far as only one way of doing it agrees with what they hold."""
    names = header.names
    ways = [way for way in _ways(len(cells), len(names)) if _agrees(cells, names, way)]
    left = tuple(range(len(cells)))
    if from_left and left in ways:
        ways = [left]
    for position, cell in enumerate(cells):
        columns = {way[position] for way in ways}
        if len(columns) == 1:
            raw.cells.setdefault(names[columns.pop()], []).append(cell.piece)
        else:
            raw.unclear.append(cell.piece)


def _ways(cells: int, columns: int, first: int = 0) -> list[tuple[int, ...]]:
    """Every way to place cells into columns without changing their order."""
    if cells == 0:
        return [()]
    return [
        (column, *rest)
        for column in range(first, columns - cells + 1)
        for rest in _ways(cells - 1, columns, column + 1)
    ]


def _agrees(cells: Sequence[RowCell], names: Sequence[str], way: tuple[int, ...]) -> bool:
    return all(
        is_figure(cell.text) == (names[column] in NUMBER_COLUMNS) for cell, column in zip(cells, way, strict=True)
    )
