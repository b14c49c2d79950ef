"""Counters and units (か所, 人, 回, 床, %…) and the lengths of time figures are given per (月1回, 3カ月に1回)."""

from __future__ import annotations

import re

from nimo.core.numerals import whole_number

# Canonical form, then the other ways it is written. か所 and か月 after 公用文作成の考え方 (文化審議会建議, 2022).
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "か所": ("ヶ所", "ヵ所", "カ所", "ケ所", "箇所", "個所", "ゕ所", "ゖ所"),
    "か月": (
        "ヶ月",
        "ヵ月",
        "カ月",
        "ケ月",
        "箇月",
        "個月",
        "か月間",
        "ヶ月間",
        "ヵ月間",
        "カ月間",
        "ケ月間",
        "箇月間",
    ),
    "人": ("名",),
    "%": ("パーセント",),
    "件": ("ケース",),
    "年": ("年間",),
    "週": ("週間",),
    "日": ("日間",),
}
# Units, each with the characters that may not follow it because they make another word: 3人材 is not three persons.
_UNITS: dict[str, str] = {
    **dict.fromkeys(("市区町村", "市町村", "都道府県", "圏域", "か所", "か月", "世帯", "団体", "法人", "時間"), ""),
    **dict.fromkeys(("病院", "診療所", "保健所", "事業所", "医療機関", "機関", "施設", "部会", "会場", "事例"), ""),
    **dict.fromkeys(("拠点", "ブロック", "協議会", "協議体", "会議", "講座", "地区", "地域", "項目"), ""),
    **dict.fromkeys(
        ("コース", "クール", "グループ", "チーム", "ポイント", "枚", "冊", "室", "棟", "戸", "つ", "種類"), ""
    ),
    **dict.fromkeys(("百万円", "千円", "円", "%", "歳", "種", "週"), ""),
    "人": "材権口事員間格数暮ひ",
    "床": "数",
    "回": "答復数線",
    "件": "数",
    "例": "会え年示",
    "市": "民長役内外立営街場域",
    "町": "内会民長立役域",
    "村": "民長立役内域",
    "区": "域分民長役内間",
    "県": "民内外庁立域",
    "日": "本中常程頃曜付市",
    "時間": "体帯外",
    "分": "科野析類担",
    "年": "度代末始次",
    "割": "合",
    "校": "区",
    "社": "会協",
    "台": "帳",
    "部": "会署門局分長屋",
}
# Kanji numerals before other units are everyday words: 十分, 一部, 一種, 一例, 一つ.
_COUNTED_IN_KANJI = frozenset(
    ("か所", "か月", "人", "床", "回", "件", "市", "町", "村", "市町村", "圏域", "病院", "診療所", "保健所", "事業所")
    + ("施設", "機関", "団体", "世帯", "事例", "日", "時間", "円", "%")
)
_CANONICAL = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_STOPS = {**{written: _UNITS[unit] for written, unit in _CANONICAL.items()}, **_UNITS, "名": "称前簿義"}


def _pattern(units: frozenset[str] | None = None) -> str:
    written = (one for one in _STOPS if units is None or _CANONICAL.get(one, one) in units)
    longest_first = sorted(written, key=lambda one: (-len(one), one))
    return "|".join(re.escape(one) + (f"(?![{_STOPS[one]}])" if _STOPS[one] else "") for one in longest_first)


UNIT_PATTERN = f"(?:{_pattern()})"
"""Matches any known unit in text normalised by `text.normalise`."""
KANJI_UNIT_PATTERN = f"(?:{_pattern(_COUNTED_IN_KANJI)})"
"""Matches the units a kanji numeral may stand before."""


def canonical_unit(written: str) -> str:
    """The one way a unit is kept: ヶ所 箇所 → か所, 名 → 人. Unknown units stay as written."""
    return _CANONICAL.get(written, written)


_MONTHS = "(?:[かヵヶカケ箇個]月)"
_COUNT = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
# The character before a bare 年, 月, 週 or 日 that makes it another word: 昨年3回, 今月2回, 4月1回.
_NOT_AFTER = r"(?<![0-9一二三四五六七八九十昨前今本翌来同当先通例々近かヵヶカケ箇\ufdd0])"
PER_BEFORE_PATTERN = (
    r"(?:毎(?P<every>[年月週日])(?:に|度)?|隔(?P<second>[年月週日])(?:に)?|(?P<half>半年|四半期)(?:に|ごとに|毎に)"
    rf"|(?:(?P<from>{_COUNT})\s*[~〜・]\s*)?(?P<count>{_COUNT})\s*(?P<length>{_MONTHS}|年|週間?|日)"
    r"\s*(?:間?に|ごとに?|毎に?|おきに?|あたり|当たり)"
    rf"|(?P<months>{_COUNT})\s*{_MONTHS}(?=\s*{_COUNT}\s*回)"
    rf"|{_NOT_AFTER}(?P<bare>年|月|週|日)間?(?:に|平均|あたり|当たり)?)\s*"
)
PER_AFTER_PATTERN = rf"\s*/\s*(?:(?P<after_count>{_COUNT})\s*(?P<after_length>{_MONTHS}|年|週)|(?P<after>年度?|月|週|日|圏域|人|回))(?![0-9])"


def _length(count: int | None, unit: str, *, start: str | None = None) -> str | None:
    if count is None:
        return None
    unit = "か月" if unit.endswith("月") else unit[0]
    if start is not None:
        first = whole_number(start)
        return None if first is None else f"{first}~{count}{unit}"
    return unit[-1] if count == 1 else f"{count}{unit}"


def per_of(groups: dict[str, str | None]) -> str | None:
    """The length of time of a match of the two patterns above: 月, 年, 週, 3か月 (3カ月に1回), 2週 (隔週), 2~3か月."""
    if every := groups.get("every") or groups.get("bare"):
        return every
    if second := groups.get("second"):
        return _length(2, second)
    if half := groups.get("half"):
        return "6か月" if half == "半年" else "3か月"
    if months := groups.get("months"):
        return _length(whole_number(months), "月")
    if length := groups.get("length"):
        return _length(whole_number(groups.get("count") or ""), length, start=groups.get("from"))
    if after_length := groups.get("after_length"):
        return _length(whole_number(groups.get("after_count") or ""), after_length)
    after = groups.get("after")
    return "年" if after == "年度" else after
