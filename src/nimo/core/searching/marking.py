"""Where in the text as written the words of a question stand, although they are compared in folded form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nimo.core.searching.words import Question
from nimo.core.text import fold

Range = tuple[int, int]
MARKED_LENGTH = 20_000
"""Characters of a text that are looked through for marks."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """`text` is `fold(source)`; `origins[i]` the span of the source that became its character i."""

    text: str
    origins: tuple[Range, ...]

    def span(self, start: int, end: int) -> Range:
        """The span of the source behind `text[start:end]` (start < end)."""
        return min(first for first, _ in self.origins[start:end]), max(last for _, last in self.origins[start:end])


def fold_with_origins(source: str) -> FoldedText:
    """Fold a text and remember where each character came from; `text` is always `fold(source)`.

    The text is cut where folding the parts gives the same as folding the whole; what belongs together (か + ゛, 障がい,
    取り組み) stays in one part, whose characters all point to the part as a whole. A line that defies the cutting (a
    zero-width character inside 取り組み) is one part, so that its marks are too wide rather than wrong.
    """
    fine = _put_together(source, _parts(source))
    whole = fold(source)
    if fine.text == whole:
        return fine
    by_line = _put_together(source, _lines(source))
    return by_line if by_line.text == whole else FoldedText(whole, ((0, len(source)),) * len(whole))


def _put_together(source: str, parts: Iterable[Range]) -> FoldedText:
    text: list[str] = []
    origins: list[Range] = []
    for start, end in parts:
        each = [_one(character) for character in source[start:end]]
        folded = each[0] if len(each) == 1 else fold(source[start:end])
        text.append(folded)
        if "".join(each) == folded:
            for at, characters in enumerate(each, start):
                origins.extend([(at, at + 1)] * len(characters))
        else:
            origins.extend([(start, end)] * len(folded))
    return FoldedText("".join(text), tuple(origins))


def _lines(source: str) -> Iterator[Range]:
    """The parts of each line where they fold right, else the line."""
    at = 0
    for line in source.splitlines(keepends=True):
        parts = list(_parts(line))
        if _put_together(line, parts).text == fold(line):
            yield from ((at + start, at + end) for start, end in parts)
        else:
            yield at, at + len(line)
        at += len(line)


@lru_cache(maxsize=16384)
def _one(character: str) -> str:
    return fold(character)


# Where the rules of `fold` look at more than one character: the words of variants.SPELLINGS with what stands before.
_TOGETHER = re.compile(
    "(?:支|故|保)?障(?:がい|ガイ|ｶﾞｲ|碍|礙)"
    "|[0-9０-９〇一二三四五六七八九十百千数何]?[ヵヶカケかｶｹ箇個][所月国年]"
    "|取り?組み?|打ち?合わ?せ|問い?合わ?せ|受け?入れ|申し?込み?|引き?継ぎ?|話し?合い?|手続き?|子ども|子供|こども"
)


@lru_cache(maxsize=16384)
def _joins(character: str) -> bool:
    """Whether a character may become one with what stands before it: ゛ ﾞ ¯ and the parts of a Hangul syllable."""
    return "\u1160" <= character <= "\u11ff" or any(
        unicodedata.combining(part) for part in unicodedata.normalize("NFKD", character)
    )


def _parts(source: str) -> Iterator[Range]:
    """Spans that can be folded by themselves, in order, leaving nothing out."""
    at = 0
    while at < len(source):
        word = _TOGETHER.match(source, at)
        end = word.end() if word else at + 1
        while end < len(source) and (_joins(source[end]) or _glued(source, at, end)):
            end += 1
        yield at, end
        at = end


def _glued(source: str, start: int, end: int) -> bool:
    """White space and invisible characters go to the part before them, so that 障 害 cut by a line is still marked."""
    return _one(source[end]) == "" and _one(source[start]) != ""


def ranges(text: str, words: Iterable[str]) -> list[Range]:
    """Spans of the text that stand for one of these folded words, merged where they touch, in order."""
    folded = fold_with_origins(text[:MARKED_LENGTH])
    found: list[Range] = []
    for word in words:
        at = folded.text.find(word) if word else -1
        while at >= 0:
            found.append(_tidy(text, folded.span(at, at + len(word))))
            at = folded.text.find(word, at + len(word))
    return _merged(found)


def _tidy(text: str, span: Range) -> Range:
    start, end = span
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _merged(spans: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def words_of(question: Question, text: str) -> list[str]:
    """What to mark in a text: the terms and their other words; where none stands there, the pairs of the question."""
    whole = [word for term in question.terms for word in term.alternatives]
    folded = fold(text[:MARKED_LENGTH])
    met = [word for word in whole if word in folded]
    if met:
        return met
    pairs = {word[at : at + 2] for word in whole for at in range(len(word) - 1)}
    return sorted(pair for pair in pairs if pair in folded)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked or not."""

    text: str
    marked: bool


def pieces(text: str, spans: Sequence[Range]) -> list[Piece]:
    """The whole text as marked and unmarked runs; put together they are the text."""
    out: list[Piece] = []
    at = 0
    for start, end in spans:
        if start > at:
            out.append(Piece(text[at:start], False))
        out.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        out.append(Piece(text[at:], False))
    return out


def excerpt(text: str, question: Question, *, length: int = 140) -> list[Piece]:
    """About `length` characters of the text around the most marks, with … where something is left out."""
    spans = ranges(text, words_of(question, text))
    start, end = _window(len(text), spans, length)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    out = pieces(text[start:end], inside)
    if start > 0:
        out.insert(0, Piece("…", False))
    if end < len(text):
        out.append(Piece("…", False))
    return out


def _window(total: int, spans: Sequence[Range], length: int) -> Range:
    """The stretch that holds the most marks; the earliest of equals; with a little of what stands before."""
    if total <= length or not spans:
        return 0, min(total, length)
    before = length // 5

    def held(begin: int) -> int:
        return sum(1 for a, b in spans if a >= begin and b <= begin + length)

    begin = max((max(a - before, 0) for a, _ in spans), key=lambda at: (held(at), -at))
    begin = min(begin, total - length)
    return begin, begin + length
