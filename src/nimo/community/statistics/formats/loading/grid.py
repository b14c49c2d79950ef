"""A file of tables as the layouts see it: tables of lines of texts, each cell with its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING: Mapping[int, str] = MappingProxyType({})
FORMULA, ERROR, PERCENT = "formula", "error", "percent"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def address(row: int, column: int) -> str:
    """Row from 1, column from 0: (5, 4) → "E5"."""
    return f"{letters(column)}{row}"


def parse_address(text: str) -> tuple[int, int] | None:
    """ "E5" → (5, 4); None for anything else."""
    match = _ADDRESS.fullmatch(text.replace("$", "").upper())
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row. number: from 1, as Excel counts. cells: texts as shown, "" where there is nothing.

    marks: column → "formula" (no result is stored), "error" (#REF! …) or "percent" (shown with %).
    """

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, str] = field(default_factory=lambda: NOTHING)

    def text(self, column: int) -> str:
        return self.cells[column] if 0 <= column < len(self.cells) else ""

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows from 1, columns from 0, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One table. name: the worksheet's, "" for a text file. `lines()` reads anew from the beginning each time."""

    name: str
    lines: Callable[[], Iterator[Line]]
    merges: tuple[Merge, ...] = ()

    def place(self, row: int, column: int) -> str:
        """シート「Ⅲ.2.(11)」のE5 / E5."""
        cell = address(row, column)
        return f"シート「{self.name}」の{cell}" if self.name else cell


@dataclass(frozen=True, slots=True)
class Book:
    """A file. kind: "xlsx" or "text". notes: what a person should know (macros, hidden sheets), Japanese sentences."""

    kind: str
    name: str
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    encoding: str = ""
