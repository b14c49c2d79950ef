"""Tables without rules: columns kept apart by white space only, over several lines.

Only three columns and more are taken for a table; two may as well be prose set in columns. A row begins where the
white space above is larger than between its own lines, where a row mark (①, ・, 1.) stands in the first column, or,
failing both, where every column begins anew. What is found this way is a guess at the layout, so the caller says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nimo.community.sheets.formats.loaders.pdf.characters import Fragment
from nimo.community.sheets.formats.loaders.pdf.ruled import PageTable, TableCell
from nimo.community.sheets.formats.loaders.reading_order import Box

_MIN_COLUMNS = 3
_GUTTER = 0.8
"""Smallest white space between columns, in character sizes."""
_ROW_GAP = 1.35
"""A gap so many times the smallest one separates rows."""
_MARK = re.compile(r"[①-⑳㉑-㉟]|[0-9０-９]{1,2}[.．)）、]")


@dataclass(slots=True)
class _TextLine:
    fragments: list[Fragment]

    @property
    def top(self) -> float:
        return min(f.box.top for f in self.fragments)

    @property
    def bottom(self) -> float:
        return max(f.box.bottom for f in self.fragments)

    @property
    def size(self) -> float:
        return max(f.size for f in self.fragments)


def aligned_tables(fragments: Sequence[Fragment], page: int) -> tuple[list[PageTable], list[Fragment]]:
    """Tables found among the fragments of a page, and the fragments that are left."""
    horizontal = [fragment for fragment in fragments if not fragment.is_vertical]
    lines = _lines(horizontal)
    tables: list[PageTable] = []
    taken: set[int] = set()
    start = 0
    while start < len(lines):
        end, columns = _extent(lines, start)
        if columns is None:
            start += 1
            continue
        members = lines[start:end]
        tables.append(_table(members, columns, page))
        taken.update(id(fragment) for line in members for fragment in line.fragments)
        start = end
    return tables, [fragment for fragment in fragments if id(fragment) not in taken]


def _lines(fragments: list[Fragment]) -> list[_TextLine]:
    lines: list[_TextLine] = []
    for fragment in sorted(fragments, key=lambda f: (f.box.top + f.box.bottom, f.box.left)):
        middle = (fragment.box.top + fragment.box.bottom) / 2
        if lines and lines[-1].top <= middle <= lines[-1].bottom:
            lines[-1].fragments.append(fragment)
        else:
            lines.append(_TextLine([fragment]))
    for line in lines:
        line.fragments.sort(key=lambda f: f.box.left)
    return lines


def _extent(lines: list[_TextLine], start: int) -> tuple[int, list[tuple[float, float]] | None]:
    """How far down the lines from `start` keep the same columns; None where they are no table."""
    if len(lines[start].fragments) < _MIN_COLUMNS:
        return start + 1, None
    columns = _columns(lines[start : start + 1])
    full = 1
    end = start + 1
    while end < len(lines):
        line = lines[end]
        if line.top - lines[end - 1].bottom > 2.5 * line.size:
            break
        widened = _columns(lines[start : end + 1])
        if len(widened) < _MIN_COLUMNS or len(widened) < len(columns):
            break
        columns = widened
        full += len(line.fragments) >= _MIN_COLUMNS
        end += 1
    while end > start + 1 and len(lines[end - 1].fragments) == 1 and _sticks_out(lines[end - 1], columns):
        end -= 1
    return (end, columns) if full >= 2 else (start + 1, None)


def _columns(lines: Sequence[_TextLine]) -> list[tuple[float, float]]:
    """Horizontal stretches covered by text, white space between them at least a gutter wide."""
    size = max(line.size for line in lines)
    stretches: list[tuple[float, float]] = []
    for left, right in sorted((f.box.left, f.box.right) for line in lines for f in line.fragments):
        if stretches and left - stretches[-1][1] < _GUTTER * size:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], right))
        else:
            stretches.append((left, right))
    return stretches


def _sticks_out(line: _TextLine, columns: list[tuple[float, float]]) -> bool:
    """A last line that begins left of the first column or is a heading of its own."""
    fragment = line.fragments[0]
    return fragment.box.left < columns[0][0] - fragment.size


def _table(lines: list[_TextLine], columns: list[tuple[float, float]], page: int) -> PageTable:
    texts: dict[tuple[int, int], list[str]] = {}
    row = -1
    for index, starts in enumerate(_row_starts(lines, columns)):
        row += starts or row < 0
        for column, members in _by_column(lines[index], columns).items():
            texts.setdefault((row, column), []).append(" ".join(f.text for f in members))
    cells = [
        TableCell("\n".join(texts.get((r, c), ())), r, c, page=page, page_row=r)
        for r in range(row + 1)
        for c in range(len(columns))
    ]
    box = Box(columns[0][0], lines[0].top, columns[-1][1], lines[-1].bottom)
    edges = tuple(left for left, _ in columns) + (columns[-1][1],)
    return PageTable(box, edges, cells, is_ruled=False)


def _by_column(line: _TextLine, columns: list[tuple[float, float]]) -> dict[int, list[Fragment]]:
    found: dict[int, list[Fragment]] = {}
    for fragment in line.fragments:
        middle = (fragment.box.left + fragment.box.right) / 2
        column = min(range(len(columns)), key=lambda i: max(columns[i][0] - middle, middle - columns[i][1]))
        found.setdefault(column, []).append(fragment)
    return found


def _row_starts(lines: list[_TextLine], columns: list[tuple[float, float]]) -> list[bool]:
    gaps = [after.top - before.bottom for before, after in pairwise(lines)]
    leading = [after.top - before.top for before, after in pairwise(lines)]
    filled = [_by_column(line, columns) for line in lines]
    by_gap = bool(leading) and max(leading) > _ROW_GAP * min(leading)
    marked = [0 in parts and bool(_MARK.match(parts[0][0].text)) for parts in filled]
    most = max(len(parts) for parts in filled)
    starts = [True]
    for index in range(1, len(lines)):
        if by_gap:
            starts.append(leading[index - 1] > _ROW_GAP * min(leading) or gaps[index - 1] > lines[index].size)
        elif sum(marked) > 1:
            starts.append(marked[index])
        else:
            starts.append(len(filled[index]) == most)
    return starts
