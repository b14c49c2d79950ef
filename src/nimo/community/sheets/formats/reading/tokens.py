"""Rows of running text whose cells are only separated by spaces: anchor on the two figures, not on positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.figures import (
    is_figure,
    is_in_words,
    is_labelled,
    is_remark_on_figure,
    is_unit,
)
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.core.characters import BULLETS

_WORD = re.compile(r"[^\s\u3000]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A run without spaces. `line`: index of its line in the row; `block`: how many blank lines stand before it."""

    text: str
    piece: Piece
    line: int
    block: int
    first: bool


def tokens_of(lines: Sequence[TextLine]) -> list[Token]:
    """The words of a row's lines; blank lines count as block ends."""
    tokens: list[Token] = []
    block = 0
    for number, line in enumerate(lines):
        if line.is_blank:
            block += 1
            continue
        for order, match in enumerate(_WORD.finditer(line.text)):
            start = line.piece.start + match.start()
            piece = Piece(line.piece.source, start, line.piece.start + match.end())
            tokens.append(Token(match.group(), piece, number, block, order == 0))
    return tokens


def spanning(tokens: Sequence[Token]) -> list[Piece]:
    """One piece for each line the tokens stand on, spaces between them included."""
    pieces: list[Piece] = []
    for token in tokens:
        if pieces and pieces[-1].source == token.piece.source and not token.first:
            pieces[-1] = Piece(token.piece.source, pieces[-1].start, token.piece.end)
        else:
            pieces.append(token.piece)
    return pieces


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells with figures: tokens [start, end), cut into `cells`."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


def figure_runs(tokens: Sequence[Token]) -> list[Run]:
    """Every stretch of tokens that are figures with their remarks, in order."""
    runs: list[Run] = []
    at = 0
    while at < len(tokens):
        if not is_figure(tokens[at].text):
            at += 1
            continue
        start, cells = at, []
        while at < len(tokens) and is_figure(tokens[at].text):
            end = _end_of_cell(tokens, at)
            cells.append((at, end))
            at = end
        cells = _merge_labelled(tokens, cells)
        if not all(is_in_words(tokens[first].text) for first, _ in cells):
            runs.append(Run(start, at, tuple(cells)))
    return runs


def _end_of_cell(tokens: Sequence[Token], at: int) -> int:
    """A figure with its unit after a space (11 か所) and the remarks that belong to it: （政令市を除く）, and ※… down to the next blank line or bullet."""
    end = at + 1
    if end < len(tokens) and is_unit(tokens[end].text) and tokens[end].line == tokens[at].line:
        end += 1
    while end < len(tokens) and is_remark_on_figure(tokens[end].text):
        opening = tokens[end]
        end += 1
        if opening.text.startswith("※"):
            while end < len(tokens) and tokens[end].block == opening.block and not _opens_new_cell(tokens, end):
                end += 1
        else:
            depth = _depth(opening.text)
            while depth > 0 and end < len(tokens) and tokens[end].block == opening.block:
                depth += _depth(tokens[end].text)
                end += 1
    return end


def _opens_new_cell(tokens: Sequence[Token], at: int) -> bool:
    text = tokens[at].text
    return is_figure(text) or is_remark_on_figure(text) or text[0] in BULLETS.replace("-", "") or not tokens[at].first


def _depth(text: str) -> int:
    return sum(text.count(mark) for mark in "(（") - sum(text.count(mark) for mark in ")）")


def _merge_labelled(tokens: Sequence[Token], cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """検討数44人 / 退院者数14人 one under the other are one cell; side by side only when a further figure follows."""
    merged: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(cells):
        together = (
            bool(merged)
            and is_labelled(tokens[start].text)
            and is_labelled(tokens[merged[-1][0]].text)
            and tokens[start].block == tokens[start - 1].block
            and (tokens[start].first or number + 1 < len(cells))
        )
        if together:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
