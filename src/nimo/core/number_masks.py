"""Digits that are no quantities: dates, ordinals, articles, ages, telephone numbers, names in quotation marks.

`mask` blanks them (same length), so that whoever reads numbers afterwards sees only those that count something.
"""

from __future__ import annotations

import re

from nimo.core.counters import UNIT_PATTERN
from nimo.core.eras import find_partial_dates
from nimo.core.fiscal import find_fiscal_years

BLANK = "\ufdd0"
"""Stands for a digit or a word that counts nothing."""
GAP = "\ufdd1"
"""Stands for a remark that was set aside; what follows it begins afresh."""

_MONTHS = "[かヵヶカケ箇個]月"
_FROM_FIRST_DIGIT = (
    r"[0-9]+\s*年\s*度",
    r"[0-9]{1,2}\s*(?:[~〜・,-]\s*[0-9]{1,2}\s*)?月(?:\s*[0-9]{1,2}\s*日)?",
    r"[0-9]+\s*(?:条|項(?!目)|号|章|節|款|番|階|丁目|次|級|期|類|型|問題|調査|通報|代|[回年人件か]?目)",
    r"[0-9]+\s*[歳才](?=\s*(?:以上|未満|以下|代|超|~|から|児))",
    r"24\s*時間(?:\s*[・、,]?\s*365\s*日)?(?=\s*(?:体制|対応|支援|365|相談|電話|$))",
    r"[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}\s*時(?!間)(?:[0-9]{1,2}分|半)?",
    # Not readable as one number: 1,23  1.2.3  048-830-1234  1½  and more digits than anything countable has.
    r"[0-9]+(?:-[0-9]+){2,}",
    r"[0-9]+(?:\.[0-9]+){2,}",
    r"(?![0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9,]))[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?",
    r"[0-9][0-9,.]*[¼-¾⅐-⅞↉]",
    r"[0-9]{16,}(?:\.[0-9]+)?",
    r"[0-9,]+\.[0-9]{7,}",
    # 人口10万対, 1,000人当たり: what a rate is reckoned on.
    r"[0-9][0-9,]*\s*[千万]?\s*人?\s*(?:対|当たり|あたり)",
    # 2F, 3DK: part of a name.
    r"[0-9]+(?:[.,][0-9]+)*[A-Za-z]+",
)
_NEVER = re.compile(
    # The first digit only: a run of digits is looked at once, however long.
    rf"(?<![0-9])(?:{'|'.join(_FROM_FIRST_DIGIT)})"
    r"|「[^「」]*」|『[^『』]*』"
    r"|第\s*[0-9一二三四五六七八九十]+(?:\s*[~〜・、,-]\s*第?[0-9]+)*\s*[回期次]?"
    # R6, m2, No.3; but PSW3名 counts.
    rf"|[A-Za-z][A-Za-z.]{{0,20}}-?[0-9]+(?:[.,][0-9]+)*(?![0-9]|{UNIT_PATTERN})[A-Za-z]*"
)
_LENGTH = rf"[0-9]+\s*(?:年|{_MONTHS}|週間?|日|人)\s*(?:以上|未満|以内|以下|超)"
_CLASS = re.compile(
    rf"(?<![0-9])(?:[0-9]+\s*(?:年|{_MONTHS}|週|日)間(?!\s*(?:に|ごと|毎|おき|あたり))|{_LENGTH}(?:\s*{_LENGTH})?)"
)
_POINT_IN_TIME = re.compile(rf"(?<![0-9])[0-9]+\s*(?:年|{_MONTHS}|週間?|日)\s*(?:後|前|時点|目)")


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + BLANK * (end - start) + text[end:]


def mask(text: str, *, classes: bool) -> str:
    """Blank the digits of `text` (already normalised) that count nothing; the length stays.

    `classes`: also blank classes such as 1年以上 or 3か月未満, which name what is counted when a figure stands beside.
    """
    masked = text
    for start, end in [one.span for one in find_partial_dates(text)] + [one.span for one in find_fiscal_years(text)]:
        masked = _blank(masked, start, end)
    for pattern in (_POINT_IN_TIME, _NEVER, *((_CLASS,) if classes else ())):
        masked = pattern.sub(lambda match: BLANK * len(match.group()), masked)
    return masked
