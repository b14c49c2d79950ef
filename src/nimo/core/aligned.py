"""Compatibility-normalised text that remembers where each character came from.

Finders (dates, fiscal years) match against plain half-width text and report spans of the text as it was written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from nimo.core.characters import RADICALS


@dataclass(frozen=True, slots=True)
class Aligned:
    """`text` is the normalised form; `origins[i]` is the index in the source of the character behind `text[i]`."""

    text: str
    origins: tuple[int, ...]
    source_length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source behind `text[start:end]` (start < end)."""
        first = self.origins[start]
        last = self.origins[end - 1]
        return first, last + 1


def align(text: str) -> Aligned:
    """Normalise character by character: NFKC, except that marks and other numbers (① ² ½) stay as they are."""
    out: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        if unicodedata.category(character) == "No":
            plain = character
        else:
            plain = RADICALS.get(ord(character)) or unicodedata.normalize("NFKC", character)
        out.append(plain)
        origins.extend([index] * len(plain))
    return Aligned("".join(out), tuple(origins), len(text))
