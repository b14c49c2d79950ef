"""Characters that some font does not have: they stay in the file, and the person who sends it is told."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from nimo.community.sheets.formats.codes import finding
from nimo.community.sheets.formats.source import Finding

_SHOWN = 20


def _named(letters: Iterable[str]) -> str:
    found = list(dict.fromkeys(letters))
    more = f"ほか{len(found) - _SHOWN}字" if len(found) > _SHOWN else ""
    return "".join(found[:_SHOWN]) + more


def _is_variant(letter: str) -> bool:
    """Selectors of a variant form (葛󠄀): they follow the letter they change."""
    return 0xE0100 <= ord(letter) <= 0xE01EF or 0xFE00 <= ord(letter) <= 0xFE0F


def findings(texts: Iterable[str], *, missing: str, stripped: bool) -> tuple[Finding, ...]:
    """missing: what stands in the PDF as 〓. stripped: whether control characters were left out."""
    text = "".join(texts)
    variants = [text[at - 1 : at + 1] for at, letter in enumerate(text) if at and _is_variant(letter)]
    own = [letter for letter in text if unicodedata.category(letter) == "Co"]
    rare = [letter for letter in text if ord(letter) > 0xFFFF and not _is_variant(letter) and letter not in own]
    found = []
    if missing:
        found.append(finding("letters_missing", "document", letters=_named(missing)))
    if variants:
        found.append(finding("letters_variant", "document", letters=_named(variants)))
    if own:
        codes = "、".join(dict.fromkeys(f"U+{ord(letter):04X}" for letter in own[:_SHOWN]))
        found.append(finding("letters_private", "document", letters=codes))
    if rest := [letter for letter in rare if letter not in missing]:
        found.append(finding("letters_rare", "document", letters=_named(rest)))
    if stripped:
        found.append(finding("control_characters", "document"))
    return tuple(found)
