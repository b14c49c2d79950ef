"""Whole numbers written in kanji: 三千二百九十三 → 3293, 二〇二四 → 2024, 2千3百 → 2300."""

from __future__ import annotations

import re

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}

KANJI_NUMERAL_CHARACTERS = "〇零一二三四五六七八九十百千万億兆"
_POSITIONAL = re.compile("[〇零一二三四五六七八九]{1,15}")
_ADDITIVE = re.compile(f"[{KANJI_NUMERAL_CHARACTERS}]{{1,31}}")


def kanji_number(text: str) -> int | None:
    """The whole number a run of kanji numerals stands for; None for anything else (十千, 万億, 一二十)."""
    if _POSITIONAL.fullmatch(text):
        return int("".join(str(_DIGITS[character]) for character in text))
    if not _ADDITIVE.fullmatch(text):
        return None
    total = 0
    section: int | None = None
    digit: int | None = None
    small_below, large_below = 10**4, 10**16
    for character in text:
        if character in _SMALL:
            unit = _SMALL[character]
            if unit >= small_below or digit == 0:
                return None
            section = (section or 0) + (1 if digit is None else digit) * unit
            digit, small_below = None, unit
        elif character in _LARGE:
            unit = _LARGE[character]
            if unit >= large_below or (section is None and digit is None):
                return None
            total += ((section or 0) + (digit or 0)) * unit
            section, digit, small_below, large_below = None, None, 10**4, unit
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[character]
    return total + (section or 0) + (digit or 0)


def whole_number(text: str) -> int | None:
    """A whole number in half-width digits or in kanji numerals; 元 is 1 (元年)."""
    if text == "元":
        return 1
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    return kanji_number(text)


def kanji_numeral(number: int) -> str:
    """Write 0 ≤ number < 10^16 in kanji: 3293 → 三千二百九十三."""
    if not 0 <= number < 10**16:
        raise ValueError(f"kanji numerals are written here for 0 to 10^16 - 1, not for {number}")
    if number == 0:
        return "〇"
    written = ""
    for name, unit in [*reversed(_LARGE.items()), ("", 1)]:
        group = number // unit % 10_000
        if not group:
            continue
        for small_name, small in [*reversed(_SMALL.items()), ("", 1)]:
            digit = group // small % 10
            if digit:
                written += ("" if digit == 1 and small > 1 else "〇一二三四五六七八九"[digit]) + small_name
        written += name
    return written
