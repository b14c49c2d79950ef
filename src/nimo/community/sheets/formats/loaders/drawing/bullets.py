"""Bullets and automatic numbers, which stand on the slide but not in its text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from nimo.community.sheets.formats.loaders.markup import local, whole
from nimo.core.numerals import kanji_numeral

_SYMBOLS = {
    "l": "●", "n": "■", "u": "◆", "Ø": "➢", "ü": "✓", "§": "▪", "q": "□", "v": "❖", "p": "□", "è": "➔", "à": "→",
    "s": "◆", "w": "◆", "¡": "○", "m": "○", "o": "□", "\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0d8": "➢",
    "\uf0fc": "✓", "\uf0a7": "▪", "\uf071": "□", "\uf076": "❖", "\uf0e8": "➔", "\uf0e0": "→", "\uf0b7": "・", "·": "・",
}  # fmt: skip
"""Wingdings and Symbol draw these letters as the marks on the right (Unicode's mapping of the Wingdings fonts)."""
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(slots=True)
class BulletCounter:
    """Numbers the paragraphs of one text body; the numbering of a level ends where the level is interrupted."""

    _running: dict[int, tuple[str, int]] = field(default_factory=dict)

    def mark(self, properties: Sequence[etree._Element], level: int) -> str:
        """The mark before a paragraph, "" for none. `properties`: its pPr, then what it inherits from, nearest first."""
        for deeper in [key for key in self._running if key > level]:
            del self._running[deeper]
        bullet = _first_bullet(properties)
        name = local(bullet) if bullet is not None else "buNone"
        if name == "buAutoNum" and bullet is not None:
            return self._number(bullet.get("type", "arabicPeriod"), whole(bullet.get("startAt"), 1), level)
        self._running.pop(level, None)
        if name == "buChar" and bullet is not None:
            return _symbol(bullet.get("char", ""), _font(properties))
        # A picture as bullet (buBlip) has no character; the place is kept.
        return "・" if name == "buBlip" else ""

    def _number(self, kind: str, start: int, level: int) -> str:
        running = self._running.get(level)
        number = running[1] + 1 if running is not None and running[0] == f"{kind}/{start}" else start
        self._running[level] = (f"{kind}/{start}", number)
        return numbered(kind, number)


def with_mark(mark: str, text: str) -> str:
    """Full-width marks stand close to the text (・地域), narrow ones are set off by a space (1. 地域)."""
    if not mark:
        return text
    narrow = unicodedata.east_asian_width(mark[-1]) in ("N", "Na", "H")
    return f"{mark} {text}" if narrow else f"{mark}{text}"


def _first_bullet(properties: Sequence[etree._Element]) -> etree._Element | None:
    for element in properties:
        for child in element:
            if local(child) in ("buNone", "buChar", "buAutoNum", "buBlip"):
                return child
    return None


def _font(properties: Sequence[etree._Element]) -> str:
    for element in properties:
        font = element.find("{*}buFont")
        if font is not None:
            return str(font.get("typeface", ""))
    return ""


def _symbol(character: str, font: str) -> str:
    if font.lower().startswith(("wingdings", "symbol", "webdings")):
        return _SYMBOLS.get(character, "・")
    return _SYMBOLS.get(character, character) if "\uf000" <= character <= "\uf0ff" else character


def numbered(kind: str, number: int) -> str:
    """`number` as DrawingML's scheme `kind` writes it, e.g. "circleNumDbPlain", 3 → ③ (ECMA-376 §20.1.10.61)."""
    text = _digits(kind, number)
    if kind.startswith("circleNum"):
        return text
    wide = "Db" in kind or kind.startswith("ea1")
    if kind.endswith("ParenBoth"):
        return f"（{text}）" if wide else f"({text})"
    if kind.endswith("ParenR"):
        return f"{text}）" if wide else f"{text})"
    if kind.endswith("Period"):
        return f"{text}．" if wide else f"{text}."
    return text


def _digits(kind: str, number: int) -> str:
    if kind.startswith("circleNum"):
        return _circled(number)
    if kind.startswith("arabicDb"):
        return str(number).translate({ord("0") + i: ord("０") + i for i in range(10)})
    if kind.startswith("alpha"):
        letters = ""
        rest = max(1, number)
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("a") + digit) + letters
        return letters.upper() if kind.startswith("alphaUc") else letters
    if kind.startswith("roman"):
        letters = ""
        rest = number
        for value, symbol in _ROMAN:
            while rest >= value:
                letters += symbol
                rest -= value
        return letters.upper() if kind.startswith("romanUc") else letters
    if kind.startswith("ea1") and number >= 0:
        return kanji_numeral(number)
    return str(number)


def _circled(number: int) -> str:
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    if 36 <= number <= 50:
        return chr(0x32B1 + number - 36)
    return f"({number})"
