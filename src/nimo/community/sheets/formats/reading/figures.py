"""Telling a cell with figures from prose, where the columns of a table are no longer visible."""

from __future__ import annotations

import re
from functools import lru_cache

from nimo.core.counters import UNIT_PATTERN
from nimo.core.numbers import parse_quantities
from nimo.core.text import is_not_filled, normalise

_LONGEST = 60
_PROSE = re.compile(r"[。、「」『』]|(?:した|する|いる|ある|など)$")
_REMARK = re.compile(
    r"[(（※].*|[^\w]*(?:以上|以下|未満|以内|程度|前後|ずつ|超|強|弱|増加?|減少?|約|およそ|各|有り?|無し?|あり|なし)"
)
_IN_WORDS = re.compile(
    r"(?:前年度?|昨年度?|現状|当初|前回|今年度)(?:比|より|から|と)?(?:の?(?:増加?|減少?|維持|以上|以下|同(?:数|程度|様|じ)|並み?|水準))+"
    r"|(?:増加|減少|維持|現状維持|継続|同数|同程度|未実施|未設置|未開催|未定|未把握|検討中|実施|実施済み?|設置|設置済み?|設置なし|随時|皆増)"
)
_LEADING_FIGURE = re.compile(r"(?:約|およそ|延べ|のべ|計|各|全|毎?[年月週]間?|隔[月週]|\d+か月に)?[0-9]")


def is_figure(text: str) -> bool:
    """True for what stands in a number column: １３, 11か所（政令市を除く）, 月1回, 事例検討数44人, 前年度増, －."""
    return len(text) <= _LONGEST and _is_figure(text)


@lru_cache(maxsize=4096)
def _is_figure(text: str) -> bool:
    # The same short cells (1回, －) are asked about again and again.
    plain = normalise(text).strip()
    return bool(plain) and (is_not_filled(plain) or is_in_words(plain) or is_number(plain))


def is_in_words(text: str) -> bool:
    """前年度増, 未実施: a number column filled without a number."""
    return _IN_WORDS.fullmatch(normalise(text).strip()) is not None


def is_number(text: str) -> bool:
    """True when a text states numbers and nothing else but units, labels and bracketed remarks."""
    plain = normalise(text).strip()
    outside = re.sub(r"[(（][^()（）]*[)）]|※.*", "", plain)
    if _PROSE.search(outside):
        return False
    parsed = parse_quantities(plain)
    if parsed.state != "value":
        return False
    if parsed.qualifier and not all(_is_remark(part, plain) for part in parsed.qualifier.split(" ")):
        return False
    return all(_is_plausible_label(value.label, value.unit, plain) for value in parsed.values)


def _is_remark(part: str, whole: str) -> bool:
    """A qualifier that is printed in brackets, after ※, or is one of the small words that go with a number."""
    bracketed = "".join(re.findall(r"[(（][^()（）]*[)）]|※.*", whole))
    return part in bracketed or part.lstrip("※") in bracketed or _REMARK.fullmatch(part) is not None


def _is_plausible_label(label: str | None, unit: str | None, whole: str) -> bool:
    return (
        label is None or (unit is not None and len(label) <= 12) or label in ("分子", "分母", "括弧内", "下限", "上限")
    )


_UNIT = re.compile(UNIT_PATTERN)


def is_unit(text: str) -> bool:
    """か所, 人: a unit that a space has parted from its number."""
    return _UNIT.fullmatch(normalise(text).strip()) is not None


def is_labelled(text: str) -> bool:
    """退院者数14人: a figure that says itself what it counts, so that several may share one cell."""
    plain = normalise(text).strip()
    return (
        is_number(plain) and not _LEADING_FIGURE.match(plain) and any(v.label for v in parse_quantities(plain).values)
    )


def is_remark_on_figure(text: str) -> bool:
    """（政令市を除く）, ※…: goes with the figure before it."""
    return text.strip()[:1] in "(（※"
