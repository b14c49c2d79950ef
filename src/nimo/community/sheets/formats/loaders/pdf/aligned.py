"""Tables without rules: columns kept apart by white space only, over several lines.

Only three columns and more are taken for a table; two may as well be prose set in columns. A row begins where the
white space above is larger than between its own lines, where a row mark (①, 1.) stands in the first column, or, failing
both, where every column begins anew. What is found this way is a guess at the layout, so the caller says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nimo.community.sheets.formats.loaders.pdf.characters import Fragment
from nimo.community.sheets.formats.loaders.pdf.ruled import PageTable, TableCell
from nimo.community.sheets.formats.loaders.reading_order import Box

_MIN_COLUMNS = 3
_GUTTER = 0.8
"""Smallest white space between columns, in character sizes."""
_ROW_GAP = 1.35
"""A gap so many times the smallest one separates rows."""
_TABLE_GAP = 2.5
"""White space of so many character sizes ends a table."""
_NEAR = 0.7
"""Left edges this close, in character sizes, are the same edge."""
_MARK = re.compile(r"[①-⑳㉑-㉟]|[0-9０-９]{1,2}[.．)）、]")

Columns = list[tuple[float, float]]


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


@dataclass(slots=True)
class _Run:
    """Lines that may be one table. `core` lines make the columns; the others have cells over several of them."""

    lines: list[_TextLine]
    core: list[_TextLine] = field(default_factory=list)
    columns: Columns = field(default_factory=list)

    def takes(self, line: _TextLine) -> bool:
        """Adds the line if the columns stay what they are, or become finer than a heading let them seem."""
        if line.top - self.lines[-1].bottom > _TABLE_GAP * line.size or self._breaks_an_edge(line):
            return False
        together = _columns([*self.core, line])
        alone = _columns([line])
        if len(together) >= len(self.columns) and len(together) >= len(alone):
            self.core.append(line)
            self.columns = together
        elif len(alone) > len(self.columns) and all(_spans(before, alone) for before in self.lines):
            self.core = [line]
            self.columns = alone
        elif not _spans(line, self.columns):
            return False
        self.lines.append(line)
        return True

    def _breaks_an_edge(self, line: _TextLine) -> bool:
        """Whether a column that has begun at the same edge line after line would begin elsewhere: another table."""
        if len(line.fragments) < 2:
            return False
        for column, members in _by_column(line, self.columns).items():
            earlier = [f for before in self.lines for f in _by_column(before, self.columns).get(column, [])[:1]]
            lefts = [f.box.left for f in earlier]
            steady = len(lefts) > 1 and max(lefts) - min(lefts) <= _NEAR * line.size
            if steady and abs(members[0].box.left - lefts[0]) > 2 * line.size:
                return True
        return False

    @property
    def is_table(self) -> bool:
        return len(self.columns) >= _MIN_COLUMNS and sum(len(ln.fragments) >= _MIN_COLUMNS for ln in self.lines) >= 2


def aligned_tables(
    fragments: Sequence[Fragment], page: int, page_width: float
) -> tuple[list[PageTable], list[Fragment]]:
    """Tables found among the fragments of a page, and the fragments that are left."""
    lines = _lines([fragment for fragment in fragments if not fragment.is_vertical])
    # Margins are mostly even: text could go on as far to the right as it begins from the left.
    right_edge = page_width - min((fragment.box.left for fragment in fragments), default=0.0)
    tables: list[PageTable] = []
    taken: set[int] = set()
    start = free = 0
    while start < len(lines):
        run = _run_from(lines, start)
        if run is None:
            start += 1
            continue
        above = lines[free:start]
        start = free = start + len(run.lines)
        run.lines = [*_rows_above(above, run), *run.lines]
        tables.append(_table(run, page, right_edge))
        taken.update(id(fragment) for line in run.lines for fragment in line.fragments)
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


def _run_from(lines: list[_TextLine], start: int) -> _Run | None:
    first = lines[start]
    if len(first.fragments) < _MIN_COLUMNS:
        return None
    run = _Run([first], [first], _columns([first]))
    for line in lines[start + 1 :]:
        if not run.takes(line):
            break
    while len(run.lines) > 2 and (_covers_all(run.lines[-1], run.columns) or _stands_off(run)):
        run.lines.pop()
    return run if run.is_table else None


def _rows_above(lines: list[_TextLine], run: _Run) -> list[_TextLine]:
    """Rows of fewer cells before the first full one: merged heads, or labels with a text over the other columns."""
    first = len(lines)
    below = run.lines[0]
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if below.top - line.bottom > _TABLE_GAP * line.size or not _spans(line, run.columns):
            break
        if len(line.fragments) > 1:
            first = index
        below = line
    return lines[first:]


def _covers_all(line: _TextLine, columns: Columns) -> bool:
    """A line of prose right below a table."""
    box = line.fragments[0].box
    return len(line.fragments) == 1 and box.right > columns[1][0] and box.left < columns[0][1]


def _stands_off(run: _Run) -> bool:
    """A last line in the first column only, no closer than rows are to each other: a note below the table."""
    last = run.lines[-1]
    leading = [after.top - before.top for before, after in pairwise(run.lines)]
    only_first = len(last.fragments) == 1 and 0 in _by_column(last, run.columns)
    return only_first and leading[-1] >= 0.9 * max(leading[:-1])


def _columns(lines: Sequence[_TextLine]) -> Columns:
    """Horizontal stretches covered by text, white space between them at least a gutter wide."""
    size = max(line.size for line in lines)
    stretches: Columns = []
    for left, right in sorted((f.box.left, f.box.right) for line in lines for f in line.fragments):
        if stretches and left - stretches[-1][1] < _GUTTER * size:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], right))
        else:
            stretches.append((left, right))
    return stretches


def _spans(line: _TextLine, columns: Columns) -> bool:
    """Whether every piece of a line begins at the edge of a column, though it may reach over the next ones."""
    if len(line.fragments) == 1 and _covers_all(line, columns):
        return False
    near = _NEAR * line.size
    return all(
        any(
            abs(f.box.left - left) <= near or left <= f.box.left <= f.box.right <= right + near
            for left, right in columns
        )
        for f in line.fragments
    )


def _by_column(line: _TextLine, columns: Columns) -> dict[int, list[Fragment]]:
    """Pieces of a line by the column they begin in."""
    found: dict[int, list[Fragment]] = {}
    for fragment in line.fragments:
        at = min(fragment.box.left + fragment.size / 2, fragment.box.right)
        column = min(range(len(columns)), key=lambda i: max(columns[i][0] - at, at - columns[i][1]))
        found.setdefault(column, []).append(fragment)
    return found


def _table(run: _Run, page: int, right_edge: float) -> PageTable:
    texts: dict[tuple[int, int], list[str]] = {}
    spans: dict[tuple[int, int], int] = {}
    columns = run.columns
    row = -1
    for line, starts in zip(run.lines, _row_starts(run, right_edge), strict=True):
        row += starts or row < 0
        for column, members in _by_column(line, columns).items():
            texts.setdefault((row, column), []).append(" ".join(f.text for f in members))
            reach = sum(members[-1].box.right > left + members[-1].size for left, _ in columns[column:])
            spans[row, column] = max(spans.get((row, column), 1), reach)
    cells = _cells(texts, spans, row + 1, len(columns), page)
    box = Box(columns[0][0], run.lines[0].top, columns[-1][1], run.lines[-1].bottom)
    return PageTable(box, (*(left for left, _ in columns), columns[-1][1]), cells, is_ruled=False)


def _cells(
    texts: dict[tuple[int, int], list[str]], spans: dict[tuple[int, int], int], rows: int, columns: int, page: int
) -> list[TableCell]:
    cells = []
    for row in range(rows):
        column = 0
        while column < columns:
            span = 1
            while span < spans.get((row, column), 1) and (row, column + span) not in texts:
                span += 1
            text = "\n".join(texts.get((row, column), ()))
            cells.append(TableCell(text, row, column, column_span=span, page=page, page_row=row))
            column += span
    return cells


def _row_starts(run: _Run, right_edge: float) -> list[bool]:
    lines, columns = run.lines, run.columns
    gaps = [after.top - before.bottom for before, after in pairwise(lines)]
    leading = [after.top - before.top for before, after in pairwise(lines)]
    filled = [_by_column(line, columns) for line in lines]
    marked = [0 in parts and bool(_MARK.match(parts[0][0].text)) for parts in filled]
    by_gap = bool(leading) and max(leading) > _ROW_GAP * min(leading)
    most = max(len(parts) for parts in filled)
    starts = [True]
    last: dict[int, Fragment] = {}
    for index, parts in enumerate(filled):
        if index:
            if by_gap:
                apart = leading[index - 1] > _ROW_GAP * min(leading) or gaps[index - 1] > lines[index].size
            else:
                apart = marked[index] if sum(marked) > 1 else len(parts) == most
            starts.append(apart or _begins_anew(parts, last, columns, right_edge))
        last = {column: members[-1] for column, members in parts.items()} | ({} if starts[-1] else last)
        last |= {column: members[-1] for column, members in parts.items()}
    return starts


def _begins_anew(
    parts: dict[int, list[Fragment]], last: dict[int, Fragment], columns: Columns, right_edge: float
) -> bool:
    """Several columns, the last among them, go on although no line before was full: new cells, not wrapped lines.

    Without the last column it is a heading of two lines (目標値 / 昨年度当初) or a list beside a longer text.
    """
    if len(parts) < 2 or len(columns) - 1 not in parts or not set(parts) <= set(last):
        return False
    for column in parts:
        limit = columns[column + 1][0] - last[column].size if column + 1 < len(columns) else right_edge
        if last[column].box.right > limit - 1.5 * last[column].size:
            return False
    return True
