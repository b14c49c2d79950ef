"""Characters of a PDF page put together to fragments: pieces of a line without a wide gap.

A PDF knows neither words nor lines, only glyphs at places. Horizontal, vertical (縦書き) and turned text are told
apart by how the glyphs follow one another.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.loaders.reading_order import Box

WIDE_GAP = 1.5
"""In character sizes: a gap this wide separates columns; narrower ones are spaces."""
_SPACE_GAP = 0.25
_SPACE_GAP_WIDE = 0.5
"""Typesetters put a quarter of a character between Japanese and Latin text (令和 6 年) on their own."""
_STACK_SHIFT = 0.2
_STACK_STEP = 1.7


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    box: Box
    size: float
    turn: int = 0
    """0 upright, 90 reads upwards, 270 reads downwards."""

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text in one line; `size` is that of its largest character in points."""

    text: str
    box: Box
    size: float
    is_vertical: bool = False


def fragments(glyphs: Sequence[Glyph]) -> list[Fragment]:
    """Fragments from above, those of one line from the left; columns of stacked characters after them."""
    upright = [glyph for glyph in glyphs if glyph.turn == 0]
    stacked, flowing = _stacks(upright)
    found = [fragment for line in visual_lines(flowing) for fragment in _split_at_gaps(line)]
    found += [_vertical(run) for run in stacked]
    for turn in (90, 270):
        turned = [_turned(glyph, turn) for glyph in glyphs if glyph.turn == turn]
        if turned:
            found += [_turned_back(fragment, turn) for fragment in fragments(turned)]
    return found


def cell_text(glyphs: Sequence[Glyph]) -> str:
    """The text inside a table cell, its lines separated by \\n."""
    if any(glyph.turn for glyph in glyphs):
        return "\n".join(fragment.text for fragment in fragments(glyphs))
    stacked, flowing = _stacks(glyphs)
    if stacked and not any(not glyph.is_blank for glyph in flowing):
        columns = sorted((_vertical(run) for run in stacked), key=lambda f: -f.box.left)
        return "\n".join(column.text for column in columns)
    lines = [_text(line).strip(" ") for line in visual_lines(glyphs)]
    return "\n".join(line for line in lines if line)


def visual_lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs grouped to lines by their vertical middle, each line from left to right; blank lines left out."""
    lines: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.middle[1], g.box.left)):
        if lines and abs(glyph.middle[1] - middle) <= 0.45 * max(glyph.size, lines[-1][0].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
        if len(lines[-1]) == 1 or not glyph.is_blank:
            count = len(lines[-1])
            middle = glyph.middle[1] if count == 1 else middle + (glyph.middle[1] - middle) / count
    ordered = [sorted(line, key=lambda g: (g.box.left, g.box.right)) for line in lines]
    return [line for line in ordered if any(not glyph.is_blank for glyph in line)]


def _split_at_gaps(line: list[Glyph]) -> list[Fragment]:
    pieces: list[list[Glyph]] = []
    right = 0.0
    for glyph in line:
        if glyph.is_blank:
            if pieces:
                pieces[-1].append(glyph)
            continue
        if not pieces or glyph.box.left - right > WIDE_GAP * glyph.size:
            pieces.append([])
        pieces[-1].append(glyph)
        right = glyph.box.right
    return [_fragment(piece) for piece in pieces]


def _fragment(glyphs: list[Glyph]) -> Fragment:
    visible = [glyph for glyph in glyphs if not glyph.is_blank]
    return Fragment(_text(glyphs).strip(" "), _around(visible), max(glyph.size for glyph in visible))


def _text(line: Sequence[Glyph]) -> str:
    """Glyphs of one line as text; a visible gap without a space character becomes one space."""
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        if before is not None and not glyph.is_blank and not before.is_blank:
            wide = _is_wide(before.text[-1:]) or _is_wide(glyph.text[:1])
            limit = (_SPACE_GAP_WIDE if wide else _SPACE_GAP) * max(glyph.size, before.size)
            if glyph.box.left - before.box.right > limit:
                parts.append(" ")
        parts.append(glyph.text)
        before = glyph
    return "".join(parts)


def _is_wide(character: str) -> bool:
    return len(character) == 1 and unicodedata.east_asian_width(character) in ("W", "F", "A")


def _around(glyphs: Sequence[Glyph]) -> Box:
    return Box(
        min(g.box.left for g in glyphs),
        min(g.box.top for g in glyphs),
        max(g.box.right for g in glyphs),
        max(g.box.bottom for g in glyphs),
    )


def _stacks(glyphs: Sequence[Glyph]) -> tuple[list[list[Glyph]], list[Glyph]]:
    """Runs of characters that stand one below another with nothing beside them, and the other glyphs."""
    lines = visual_lines(glyphs)
    alone = [g for line in lines for g in _without_neighbours(line) if _is_wide(g.text)]
    alone.sort(key=lambda g: (round(g.middle[0], 1), g.middle[1]))
    runs: list[list[Glyph]] = []
    for glyph in sorted(alone, key=lambda g: g.middle[1]):
        for run in runs:
            last = run[-1]
            step = glyph.middle[1] - last.middle[1]
            aligned = abs(glyph.middle[0] - last.middle[0]) <= _STACK_SHIFT * glyph.size
            if aligned and abs(glyph.size - last.size) < 0.5 and 0.6 * glyph.size < step < _STACK_STEP * glyph.size:
                run.append(glyph)
                break
        else:
            runs.append([glyph])
    stacked = [run for run in runs if len(run) > 1]
    taken = {id(glyph) for run in stacked for glyph in run}
    return stacked, [glyph for glyph in glyphs if id(glyph) not in taken]


def _without_neighbours(line: list[Glyph]) -> list[Glyph]:
    visible = [glyph for glyph in line if not glyph.is_blank]
    alone = []
    for index, glyph in enumerate(visible):
        left_gap = glyph.box.left - visible[index - 1].box.right if index else float("inf")
        right_gap = visible[index + 1].box.left - glyph.box.right if index + 1 < len(visible) else float("inf")
        if min(left_gap, right_gap) > 0.6 * glyph.size:
            alone.append(glyph)
    return alone


def _vertical(run: list[Glyph]) -> Fragment:
    return Fragment("".join(g.text for g in run), _around(run), max(g.size for g in run), is_vertical=True)


def _turned(glyph: Glyph, turn: int) -> Glyph:
    """The glyph on a page turned so that its text runs from left to right."""
    box = glyph.box
    if turn == 90:
        return Glyph(glyph.text, Box(-box.bottom, box.left, -box.top, box.right), glyph.size)
    return Glyph(glyph.text, Box(box.top, -box.right, box.bottom, -box.left), glyph.size)


def _turned_back(fragment: Fragment, turn: int) -> Fragment:
    box = fragment.box
    if turn == 90:
        back = Box(box.top, -box.right, box.bottom, -box.left)
    else:
        back = Box(-box.bottom, box.left, -box.top, box.right)
    return Fragment(fragment.text, back, fragment.size, is_vertical=True)
