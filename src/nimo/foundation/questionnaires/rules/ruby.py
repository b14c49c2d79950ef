"""Readings above kanji, written as 漢字《かんじ》 or ｜始まり《はじまり》 (the notation of Aozora Bunko)."""

from __future__ import annotations

import re

_KANJI = r"々〆〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUBY = re.compile(
    rf"(?:[｜|](?P<marked>[^｜|《》\n]{{1,40}})|(?P<kanji>[{_KANJI}]{{1,40}}))《(?P<reading>[^《》\n]{{1,60}})》"
)

Segment = tuple[str, str]
"""(text, its reading or "")."""


def segments(text: str) -> list[Segment]:
    """The text cut at its readings; joined, the first parts are the text without readings."""
    found: list[Segment] = []
    at = 0
    for match in _RUBY.finditer(text):
        if match.start() > at:
            found.append((text[at : match.start()], ""))
        found.append((match["marked"] or match["kanji"], match["reading"]))
        at = match.end()
    if at < len(text):
        found.append((text[at:], ""))
    return found


def without_ruby(text: str) -> str:
    """The text as it reads without readings: for tables, files and error messages."""
    return "".join(base for base, _ in segments(text))


def in_brackets(text: str) -> str:
    """漢字（かんじ）: for paper and files, where nothing can stand above."""
    return "".join(f"{base}（{reading}）" if reading else base for base, reading in segments(text))
