"""Text that does not fit goes on after the break: rows are cut, nothing is lost, and the reader can join them again.

A cell that goes on begins with the form's sign （前の頁から続く）: followed by a line break where the text had one at the
cut, else by the text itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from nimo.community.sheets.formats.writing.page import Cell, Group


class Measure(Protocol):
    """How much room a text takes. `room`: for so many lines; width: of the cell, in the unit of the writer."""

    def lines(self, text: str, width: float) -> int: ...

    def position(self, text: str, width: float, lines: int) -> int:
        """After how many characters of the text so many lines are full."""
        ...

    def room(self, lines: int) -> float: ...

    def fitting(self, room: float) -> int:
        """How many lines fit into this room."""
        ...


def ems(character: str) -> float:
    """The width of a character in ems, on the wide side: Japanese letters are square, Latin ones about half."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
        return 0.0
    if character == "\t":
        return 2.0
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else (0.72 if character.isupper() else 0.58)


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Lines of a plain font, broken at any character. All in points."""

    size: float
    line_height: float
    padding: float
    """Above and below the text of a cell, together."""
    margin: float
    """Left and right of it, together."""

    def breaks(self, text: str, width: float) -> list[int]:
        """Where each line begins."""
        limit = max((width - self.margin) / self.size, 1.0)
        starts, used = [0], 0.0
        for index, character in enumerate(text):
            if character == "\n":
                starts.append(index + 1)
                used = 0.0
                continue
            wide = ems(character)
            if used + wide > limit and used > 0:
                starts.append(index)
                used = 0.0
            used += wide
        return starts

    def lines(self, text: str, width: float) -> int:
        return len(self.breaks(text, width))

    def position(self, text: str, width: float, lines: int) -> int:
        starts = self.breaks(text, width)
        return len(text) if lines >= len(starts) else starts[lines]

    def room(self, lines: int) -> float:
        return lines * self.line_height + self.padding

    def fitting(self, room: float) -> int:
        return max(int((room - self.padding) / self.line_height), 0)


@dataclass(frozen=True, slots=True)
class Characters:
    """A limit on the number of characters of a cell, as Excel has one."""

    def lines(self, text: str, width: float) -> int:
        return len(text)

    def position(self, text: str, width: float, lines: int) -> int:
        return min(lines, len(text))

    def room(self, lines: int) -> float:
        return float(lines)

    def fitting(self, room: float) -> int:
        return int(room)


def cut(text: str, at: int, continued: str) -> tuple[str, str]:
    """(what stands before the break, what goes on after it); the second is "" where nothing is left."""
    if at >= len(text):
        return text, ""
    if at > 0 and text[at - 1] == "\n":
        at -= 1
    while at > 0 and text[at] == "\n" and text[at - 1] == "\n":
        at -= 1
    return text[:at], continued + text[at:]


def joined(before: str, after: str, continued: str) -> str:
    """The inverse of `cut`; `after` begins with the sign."""
    return before + after.removeprefix(continued)


def widths_of(cells: Sequence[Cell], widths: Sequence[float], first: int = 0) -> list[float]:
    """How wide each cell is that begins at column `first`."""
    found, column = [], first
    for cell in cells:
        found.append(sum(widths[column : column + cell.columns]))
        column += cell.columns
    return found


def row_room(cells: Sequence[Cell], widths: Sequence[float], measure: Measure, first: int = 0) -> float:
    sizes = widths_of(cells, widths, first)
    return measure.room(max((measure.lines(c.text, w) for c, w in zip(cells, sizes, strict=True)), default=1))


def lead_columns(group: Group) -> int:
    return sum(cell.columns for cell in group.lead)


def row_rooms(group: Group, widths: Sequence[float], measure: Measure) -> list[float]:
    """The room of each row, the last one stretched where a merged cell needs more than all of them."""
    first = lead_columns(group)
    rooms = [row_room(row, widths, measure, first) for row in group.rows]
    if group.lead:
        rooms[-1] += max(row_room(group.lead, widths, measure) - sum(rooms), 0.0)
    return rooms


def group_room(group: Group, widths: Sequence[float], measure: Measure) -> float:
    return sum(row_rooms(group, widths, measure))


def split(
    group: Group, widths: Sequence[float], measure: Measure, room: float, continued: str
) -> tuple[Group, Group | None]:
    """What of a group fits into the room, at least one line of it, and what goes on after the break."""
    first = lead_columns(group)
    now: list[tuple[Cell, ...]] = []
    rest: list[tuple[Cell, ...]] = []
    used = 0.0
    for index, row in enumerate(group.rows):
        needed = row_room(row, widths, measure, first)
        if used + needed <= room:
            now.append(row)
            used += needed
            continue
        lines = measure.fitting(room - used)
        if lines >= 1 or not now:
            here, there = _cut_row(row, widths_of(row, widths, first), measure, max(lines, 1), continued)
            now.append(here)
            rest.append(there)
            rest += group.rows[index + 1 :]
        else:
            rest += group.rows[index:]
        break
    lead_lines = max(measure.fitting(room), 1)
    sizes = widths_of(group.lead, widths)
    cuts = [
        cut(cell.text, measure.position(cell.text, size, lead_lines), continued)
        for cell, size in zip(group.lead, sizes, strict=True)
    ]
    if not rest and not any(after for _, after in cuts):
        return group, None
    if not rest:
        rest = [tuple(cell if cell.role == "label" else replace(cell, text="", note="") for cell in group.rows[-1])]
    lead_now = tuple(replace(cell, text=text) for cell, (text, _) in zip(group.lead, cuts, strict=True))
    lead_rest = tuple(
        replace(cell, text=after or continued, note="") for cell, (_, after) in zip(group.lead, cuts, strict=True)
    )
    return Group(tuple(now), lead_now), Group(tuple(rest), lead_rest)


def _cut_row(
    row: tuple[Cell, ...], sizes: Sequence[float], measure: Measure, lines: int, continued: str
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    here, there = [], []
    for cell, size in zip(row, sizes, strict=True):
        if cell.role == "label":
            here.append(cell)
            there.append(cell)
            continue
        now, after = cut(cell.text, measure.position(cell.text, size, lines), continued)
        here.append(replace(cell, text=now))
        there.append(replace(cell, text=after, note=""))
    return tuple(here), tuple(there)
