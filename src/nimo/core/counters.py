"""Counters and units (か所, 人, 回, 床, %…) and the lengths of time figures are given per (月1回, 3カ月に1回)."""

from __future__ import annotations

import re

from nimo.core.numerals import whole_number

# Canonical form, then the other ways it is written. か所 and か月 after 公用文作成の考え方 (文化審議会建議, 2022).
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "か所": ("ヶ所", "ヵ所", "カ所", "ケ所", "箇所", "個所", "ゕ所", "ゖ所"),
    "か月": ("ヶ月", "ヵ月", "カ月", "ケ月", "箇月", "個月"),
    "人": ("名",),
    "%": ("パーセント",),
    "件": ("ケース",),
}
# The unit, and the continuations that show it is another word after all: 3人材 is not three persons.
_UNITS: dict[str, str] = {
    "市区町村": "",
    "市町村": "",
    "都道府県": "",
    "保健所": "",
    "圏域": "",
    "事業所": "",
    "診療所": "",
    "病院": "",
    "医療機関": "",
    "機関": "",
    "施設": "",
    "法人": "",
    "団体": "",
    "世帯": "",
    "部会": "",
    "会場": "",
    "コース": "",
    "クール": "",
    "グループ": "",
    "チーム": "",
    "事例": "検討",
    "例": "会え年示",
    "か所": "",
    "か月": "",
    "人": "材権口事員間格数暮ひ",
    "床": "数",
    "回": "答復数線",
    "件": "数",
    "市": "民長役内外立営街場域",
    "町": "内会民長立役域",
    "村": "民長立役内域",
    "区": "域分民長役内間",
    "県": "民内外庁立域",
    "日": "本中常程頃曜付市",
    "時間": "体帯外",
    "分": "科野析類担の",
    "週間": "",
    "週": "",
    "年": "度代末始次",
    "歳": "",
    "%": "",
    "割": "合",
    "ポイント": "",
    "百万円": "",
    "千円": "",
    "円": "",
    "校": "区",
    "社": "会協",
    "台": "帳",
    "枚": "",
    "冊": "",
    "部": "会署門局分長屋",
    "室": "",
    "棟": "",
    "戸": "",
    "つ": "",
    "種類": "",
    "種": "",
}
_CANONICAL = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_BY_LENGTH = sorted({*_UNITS, *_CANONICAL}, key=len, reverse=True)


def _alternative(written: str) -> str:
    stopped = _UNITS[_CANONICAL.get(written, written)]
    if written == "名":
        stopped = "称前簿義"
    return re.escape(written) + (f"(?![{stopped}])" if stopped else "")


UNIT_PATTERN = "(?:" + "|".join(_alternative(written) for written in _BY_LENGTH) + ")"
"""Matches any known unit in text normalised by `text.normalise`."""


def canonical_unit(written: str) -> str:
    """The one way a unit is kept: ヶ所 箇所 → か所, 名 → 人. Unknown units stay as written."""
    return _CANONICAL.get(written, written)


_MONTHS = "(?:[かヵヶカケ箇個]月)"
_COUNT = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
# The character before a bare 年, 月, 週 or 日 that makes it another word: 昨年3回, 今月2回, 4月1回.
_NOT_AFTER = r"(?<![0-9一二三四五六七八九十昨前今本翌来同当先通例々近かヵヶカケ箇\ue000])"
PER_BEFORE_PATTERN = (
    rf"(?:毎(?P<every>[年月週日])(?:に|度)?|隔(?P<second>[年月週日])(?:に)?|(?P<half>半年|四半期)(?:に|ごとに|毎に)"
    rf"|(?P<count>{_COUNT})\s*(?P<length>{_MONTHS}|年|週間?|日)\s*(?:間?に|ごとに?|毎に?|おきに?|あたり|当たり)"
    rf"|(?P<months>{_COUNT})\s*{_MONTHS}(?=\s*{_COUNT}\s*回)"
    rf"|{_NOT_AFTER}(?P<bare>年|月|週|日)間?(?:に|平均|あたり|当たり)?)\s*"
)
PER_AFTER_PATTERN = rf"\s*/\s*(?:(?P<after_count>{_COUNT})\s*)?(?P<after>年度?|月|週|日|{_MONTHS}|圏域|人|回)(?![0-9])"


def _length(count: int, unit: str) -> str:
    if unit.endswith("月"):
        return "月" if count == 1 else f"{count}か月"
    unit = unit[0]
    return unit if count == 1 else f"{count}{unit}"


def per_of(groups: dict[str, str | None]) -> str | None:
    """The length of time of a match of the two patterns above: 月, 年, 週, 3か月 (3カ月に1回), 2週 (隔週)."""
    if every := groups.get("every") or groups.get("bare"):
        return every
    if second := groups.get("second"):
        return _length(2, second)
    if half := groups.get("half"):
        return "6か月" if half == "半年" else "3か月"
    if months := groups.get("months"):
        count = whole_number(months)
        return None if count is None else _length(count, "月")
    if length := groups.get("length"):
        count = whole_number(groups.get("count") or "")
        return None if count is None else _length(count, length)
    if after := groups.get("after"):
        if after in ("圏域", "人", "回"):
            return after
        return _length(whole_number(groups.get("after_count") or "1") or 1, after)
    return None
