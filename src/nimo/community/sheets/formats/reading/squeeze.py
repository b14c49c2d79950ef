"""Text without its white space and line cuts, to find titles and labels that were cut, glued or widened.

Half and full width become one; ①②③ stay. Every found span leads back to the pieces of the source behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.core.aligned import align
from nimo.core.text import normalise

_VOICE_MARKS = "\u3099\u309a"


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """One text squeezed: for comparing a cell or a line with a title or a label. A sheet is asked again and again."""
    return "".join(normalise(text).split())


def _characters(text: str) -> list[tuple[str, int]]:
    """The squeezed characters, each with the index of the source character behind it."""
    aligned = align(text)
    out: list[tuple[str, int]] = []
    for character, origin in zip(aligned.text, aligned.origins, strict=True):
        follows = bool(out) and character in _VOICE_MARKS and out[-1][1] + 1 == origin
        composed = unicodedata.normalize("NFC", out[-1][0] + character) if follows else ""
        if len(composed) == 1:
            # ｹﾞ is two characters; taken one by one NFKC leaves the voice mark on its own.
            out[-1] = (composed, out[-1][1])
        elif not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc"):
            out.append((character, origin))
    return out


class Squeezed:
    """Several lines squeezed into one text. Positions are those of `text`."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self.lines = lines
        parts: list[str] = []
        self._line_of: list[int] = []
        self._offset: list[int] = []
        self._line_start: set[int] = set()
        length = 0
        for number, line in enumerate(lines):
            characters = _characters(line.text)
            if characters:
                self._line_start.add(length)
            parts.append("".join(character for character, _ in characters))
            self._line_of.extend([number] * len(characters))
            self._offset.extend(line.piece.start + origin for _, origin in characters)
            length += len(characters)
        self.text = "".join(parts)

    def line_number(self, position: int) -> int:
        """Index in `lines` of the line that holds the character at `position`."""
        return self._line_of[position]

    def starts_line(self, position: int) -> bool:
        return position in self._line_start

    def ends_line(self, position: int) -> bool:
        """True when the character before `position` is the last of its line."""
        return position == len(self.text) or position in self._line_start

    def line_end(self, position: int) -> int:
        """The position just after the last character of the line that holds `position`."""
        while position + 1 < len(self.text) and (position + 1) not in self._line_start:
            position += 1
        return min(position + 1, len(self.text))

    def rest_of_line(self, position: int, limit: int) -> str | None:
        """What follows `position` on its line; None when that is longer than `limit`."""
        end = position
        while not self.ends_line(end):
            end += 1
            if end - position > limit:
                return None
        return self.text[position:end]

    def begin_of_line(self, position: int, limit: int) -> str | None:
        """What stands before `position` on its line; None when that is longer than `limit`."""
        start = position
        while start and not self.starts_line(start):
            start -= 1
            if position - start > limit:
                return None
        return self.text[start:position]

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The source behind `text[start:end]`, one piece for each line it touches, white space inside included."""
        found: list[Piece] = []
        at = start
        while at < end:
            line = self._line_of[at]
            last = at
            while last + 1 < end and self._line_of[last + 1] == line:
                last += 1
            source = self.lines[line].piece
            finish = self._offset[last] + 1
            text_end = source.start + len(self.lines[line].text)
            # A character written as two (ｹﾞ) ends after its voice mark.
            while finish < text_end and self.lines[line].text[finish - source.start] in "ﾞﾟ":
                finish += 1
            found.append(Piece(source.source, self._offset[at], finish))
            at = last + 1
        return found

    def offset(self, position: int) -> int:
        """The offset in its source of the character at `position`."""
        return self._offset[position]

    def search(self, pattern: re.Pattern[str], start: int = 0) -> re.Match[str] | None:
        return pattern.search(self.text, start)


def blank_runs(lines: Iterable[TextLine]) -> list[list[TextLine]]:
    """Lines in blocks: what stands between blank lines."""
    blocks: list[list[TextLine]] = [[]]
    for line in lines:
        if line.is_blank:
            blocks.append([])
        else:
            blocks[-1].append(line)
    return [block for block in blocks if block]
