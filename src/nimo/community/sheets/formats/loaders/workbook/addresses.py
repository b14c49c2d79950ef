"""Cell addresses: "B5" is row 4, column 1 (both counted from 0)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
LAST_ROW = 1_048_575
LAST_COLUMN = 16_383


@dataclass(frozen=True, slots=True)
class Range:
    """Inclusive on all sides."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def clipped(self, other: Range) -> Range:
        """The part of this range inside `other`; its own top-left corner is always kept."""
        return Range(
            self.top,
            self.left,
            max(self.top, min(self.bottom, other.bottom)),
            max(self.left, min(self.right, other.right)),
        )

    @property
    def area(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def address(row: int, column: int) -> str:
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def parse_address(text: str) -> tuple[int, int] | None:
    """(row, column), None for anything else than one cell of a worksheet."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2]) - 1
    return (row, column - 1) if 0 <= row <= LAST_ROW and column - 1 <= LAST_COLUMN else None


def parse_range(text: str) -> Range | None:
    """ "A1:C3" or "A1"; None for anything else."""
    first, _, last = text.partition(":")
    start, end = parse_address(first), parse_address(last or first)
    if start is None or end is None:
        return None
    return Range(min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1]))
