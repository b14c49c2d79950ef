"""The headings of a printed table: rows of merged cells over the figures, read as a path of words for each column.

Nothing is known by its position. What stands over a column is gathered from the merged cells above it, or, where a
file has lost its merges, from the nearest heading to the left in the same group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from nimo.community.statistics.formats.loading.grid import Grid, Line, Merge
from nimo.community.statistics.formats.reading import plain, read_cell

_SEARCHED = 80
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Word:
    """One heading over a column. row, column: the cell it is written in. text: as written; plain: to compare."""

    row: int
    column: int
    text: str

    @property
    def plain(self) -> str:
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Headed:
    """A table under its headings.

    paths: column → its headings from above. label: the column of the region. titles: texts above the headings, with
    their cells. filled: some headings had to be filled in from the left. first: the first row of figures.
    """

    grid: Grid
    label: int
    paths: dict[int, tuple[Word, ...]]
    titles: tuple[Word, ...]
    first: int
    filled: bool = False
    rows: tuple[int, ...] = field(default=())

    def body(self) -> Iterator[Line]:
        return (line for line in self.grid.lines() if line.number >= self.first)

    def words(self, column: int) -> str:
        return "・".join(word.text.strip().replace("\n", "") for word in self.paths.get(column, ()))


def top_of(grid: Grid, limit: int = _SEARCHED) -> list[Line]:
    """The first lines of a grid."""
    found: list[Line] = []
    for line in grid.lines():
        found.append(line)
        if len(found) >= limit:
            break
    return found


def _is_figure(text: str, mark: str) -> bool:
    return bool(mark) or (bool(text.strip()) and read_cell(text).state != "unreadable")


def find_headed(grid: Grid, is_label: Callable[[str], bool]) -> Headed | None:
    """The table whose first row of figures begins with a label; None where there is none in the first lines."""
    lines = top_of(grid)
    for index, line in enumerate(lines):
        for column in range(min(5, len(line.cells))):
            if not is_label(line.text(column)):
                continue
            figures = [
                other
                for other in range(column + 1, max([len(line.cells), *(key + 1 for key in line.marks)]))
                if _is_figure(line.text(other), line.marks.get(other, ""))
            ]
            if figures:
                return _headed(grid, lines[:index], line, column)
    return None


def find_under(grid: Grid, is_heading: Callable[[str], bool]) -> Headed | None:
    """The table with a heading of that kind (市町村名, 県名) in its first columns; figures begin under its headings.

    The row under the lowest cell of that heading (it may be merged downwards) is the first row of figures.
    """
    lines = top_of(grid)
    for index, line in enumerate(lines):
        for column in range(min(5, len(line.cells))):
            if is_heading(line.text(column)):
                merge = _merge_at(grid.merges, line.number, column)
                last = merge.bottom if merge else _last_heading_row(lines, index, column)
                above = [one for one in lines if one.number <= last]
                under = next((one for one in lines if one.number > last), None)
                return _headed(grid, above, under, column) if under is not None else None
    return None


def _last_heading_row(lines: Sequence[Line], index: int, label: int) -> int:
    """Without merges: rows under the heading whose own label cell is empty still belong to the headings."""
    last = lines[index].number
    for line in lines[index + 1 : index + 4]:
        if line.text(label).strip() or any(read_cell(text).state == "value" for text in line.cells if text.strip()):
            break
        last = line.number
    return last


def _merge_at(merges: Sequence[Merge], row: int, column: int) -> Merge | None:
    return next((m for m in merges if m.top <= row <= m.bottom and m.left <= column <= m.right), None)


def _headed(grid: Grid, above: Sequence[Line], first: Line, label: int) -> Headed:
    expanded: dict[int, dict[int, Word]] = {}
    filled_over: set[tuple[int, int]] = set()
    for line in above:
        row: dict[int, Word] = expanded.setdefault(line.number, {})
        for column, text in enumerate(line.cells):
            if text.strip():
                row[column] = Word(line.number, column, text.strip())
    for merge in grid.merges:
        origin = expanded.get(merge.top, {}).get(merge.left)
        if origin is None or merge.top >= first.number:
            continue
        for number in range(merge.top, min(merge.bottom, first.number - 1) + 1):
            for column in range(merge.left, merge.right + 1):
                expanded.setdefault(number, {})[column] = origin
                filled_over.add((number, column))
    header: list[int] = []
    expected = first.number
    for number in sorted((number for number in expanded if expanded[number]), reverse=True):
        own = {(word.row, word.column) for word in expanded[number].values()}
        gap = 1 if header else 2  # a blank row may stand under the headings, none inside them
        if len(own) < 2 or expected - number > gap or len(header) >= _DEEPEST:
            break
        header.append(number)
        expected = number
    header.reverse()
    last = max([len(first.cells) - 1, *first.marks, *(max(expanded[number]) for number in header)], default=0)
    filled = _fill(expanded, header, last, label, filled_over)
    paths: dict[int, tuple[Word, ...]] = {}
    for column in range(last + 1):
        words: list[Word] = []
        for number in header:
            word = expanded[number].get(column)
            if word is not None and word not in words:
                words.append(word)
        paths[column] = tuple(words)
    titles = tuple(
        word for number in sorted(expanded) if number not in header for word in dict.fromkeys(expanded[number].values())
    )
    return Headed(grid, label, paths, titles, first.number, filled, tuple(header))


def _fill(
    expanded: dict[int, dict[int, Word]], header: Sequence[int], last: int, label: int, merged: set[tuple[int, int]]
) -> bool:
    """Blank heading cells right of a heading belong to it, as long as the headings above stay the same."""
    filled = False
    for level, number in enumerate(header[:-1]):
        row = expanded[number]
        for column in range(label + 2, last + 1):
            left = row.get(column - 1)
            lower = any(column in expanded[below] for below in header[level + 1 :])
            same_group = all(expanded[upper].get(column) == expanded[upper].get(column - 1) for upper in header[:level])
            if column not in row and left is not None and left.column > label and lower and same_group:
                if (number, column - 1) in merged and (number, column) not in merged:
                    continue  # the file still has its merges: this group ended here
                row[column] = left
                filled = True
    return filled
