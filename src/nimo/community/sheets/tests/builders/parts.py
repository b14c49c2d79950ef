"""What a described sheet consists of on paper: headings, paragraphs, grids and page breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class C:
    """A cell as it is written; `rows` and `columns` say how many it is merged over."""

    text: str
    rows: int = 1
    columns: int = 1
    number: object = None
    """What a spreadsheet stores instead of the text, with `number_format`."""
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class PlacedCell:
    text: str
    row: int
    column: int
    rows: int
    columns: int
    cell: C


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, each row naming only the cells that begin in it, as in HTML."""

    rows: tuple[tuple[C, ...], ...]
    widths: tuple[float, ...]
    """Relative widths of the columns."""
    header_rows: int = 1
    placed: tuple[PlacedCell, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "placed", tuple(_place(self.rows, len(self.widths))))

    @property
    def row_count(self) -> int:
        return len(self.rows)


Part = Heading | Paragraph | PageBreak | Grid


def grid(rows: Iterable[Sequence[C | str]], widths: Sequence[float], header_rows: int = 1) -> Grid:
    """A grid from rows of texts or cells."""
    return Grid(
        tuple(tuple(cell if isinstance(cell, C) else C(cell) for cell in row) for row in rows),
        tuple(widths),
        header_rows,
    )


def _place(rows: tuple[tuple[C, ...], ...], columns: int) -> Iterable[PlacedCell]:
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            assert column + cell.columns <= columns, f"row {row} is wider than the grid: {cell.text}"
            taken.update((row + r, column + c) for r in range(cell.rows) for c in range(cell.columns))
            yield PlacedCell(cell.text, row, column, cell.rows, cell.columns, cell)
            column += cell.columns


def columns_swapped(found: Grid, order: Sequence[int]) -> Grid:
    """A grid without merged cells, its columns in another order."""
    assert all(cell.rows == cell.columns == 1 for row in found.rows for cell in row)
    rows = tuple(tuple(row[index] for index in order) for row in found.rows)
    return Grid(rows, tuple(found.widths[index] for index in order), found.header_rows)


def continued(parts: Sequence[Part], rows: int, *, repeat_head: bool) -> list[Part]:
    """Grids with more rows cut into several, each on a page of its own; merged cells are never cut."""
    found: list[Part] = []
    for part in parts:
        if not isinstance(part, Grid) or part.row_count <= rows or not part.header_rows:
            found.append(part)
            continue
        for index, piece in enumerate(_pieces(part, rows)):
            head = part.rows[: part.header_rows] if index and repeat_head else ()
            found += [PageBreak()] if index else []
            found.append(Grid((*head, *piece), part.widths, part.header_rows if index == 0 or repeat_head else 0))
    return found


def _pieces(found: Grid, rows: int) -> list[tuple[tuple[C, ...], ...]]:
    pieces: list[tuple[tuple[C, ...], ...]] = []
    start = 0
    while start < found.row_count:
        end = min(start + rows, found.row_count)
        while any(p.row < end < p.row + p.rows for p in found.placed):
            end += 1
        pieces.append(found.rows[start:end])
        start = end
    return pieces
