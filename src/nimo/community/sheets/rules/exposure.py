"""What a person should look at again before a chapter becomes public: small numbers of people, names of facilities.

A hint, never a judgement: the named person who publishes decides. Figures of the basic-info block are protected by
core.disclosure; free text is not, so the places where it speaks of few people are shown.
"""

from __future__ import annotations

import re
from typing import Any

from nimo.core.text import normalise

FEW = 10
"""Numbers of people below this are pointed out (NDBガイドライン 最小集計単位の原則: 10未満)."""

_PEOPLE = re.compile(r"(?<![0-9.,])([0-9]{1,3})\s*(?:人|名|件|例)(?!口|員|材|体制)")
_FACILITY = re.compile(r"[^\s、。，・「」（）()]{1,20}(?:病院|クリニック|医院|診療所|訪問看護ステーション)")
_PLAIN_WORDS = (
    "精神科病院",
    "精神科",
    "各病院",
    "県内病院",
    "管内病院",
    "病院、",
    "協力病院",
    "拠点病院",
    "入院先の病院",
)


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        return [text for value in content.values() for text in _texts(value)]
    if isinstance(content, list):
        return [text for value in content for text in _texts(value)]
    return []


def sensitive_spots(key: str, content: Any) -> list[str]:
    """Sentences for the publishing screen: what to look at again in this chapter."""
    if key == "basic_info":
        return []
    spots: list[str] = []
    for text in _texts(content):
        plain = normalise(text)
        for match in _PEOPLE.finditer(plain):
            if 0 < int(match[1]) < FEW:
                around = plain[max(0, match.start() - 15) : match.end() + 5].replace("\n", " ")
                spots.append(f"少ない人数の記載: 「…{around}…」")
        for match in _FACILITY.finditer(plain):
            if not match[0].endswith(_PLAIN_WORDS) and match[0] not in {"病院", "医院", "診療所", "クリニック"}:
                spots.append(f"施設の名前らしい記載: 「{match[0]}」")
    return list(dict.fromkeys(spots))[:20]
