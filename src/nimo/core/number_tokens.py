"""The numbers of a normalised text, one by one and in pairs: amounts, units, rates, ranges, proportions.

Works on text whose other digits `number_masks.mask` has blanked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nimo.core.counters import (
    KANJI_UNIT_PATTERN,
    PER_AFTER_PATTERN,
    PER_BEFORE_PATTERN,
    UNIT_PATTERN,
    canonical_unit,
    per_of,
)
from nimo.core.number_masks import BLANK, GAP
from nimo.core.numerals import KANJI_NUMERAL_CHARACTERS, kanji_number

LOWER, UPPER = "下限", "上限"
NUMERATOR, DENOMINATOR = "分子", "分母"


@dataclass(slots=True)
class Token:
    """A number and where it stands. `suffix` is the 以上 or 増 after it; `label` and `ends_pair` when it is one of a pair."""

    start: int
    end: int
    value: int | Decimal
    unit: str | None
    per: str | None
    suffix: str
    label: str | None = None
    ends_pair: bool = False

    @property
    def is_change(self) -> bool:
        """2回増 says how much more, not how many."""
        return self.suffix[:1] in ("増", "減")


_PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# 千円 and 百万円 are units the source chose and are kept; 3万円 is 30000円. 3万全, 5千葉: other words.
_TIMES = (
    r"(?:(?:\s?(?:千|百|十)?[万億兆](?![全一年])"
    rf"|[千百](?=[0-9\s、。()~]|$|{UNIT_PATTERN}))(?!(?<=千)円|(?<=百)円|(?<=百万)円))"
)
_KANJI = f"[{KANJI_NUMERAL_CHARACTERS}]"
_WORD_END = rf"$|[\s、。,.()\[\]~・:;/※{BLANK}{GAP}]|以上|以下|未満|程度|ずつ|増|減"
_SUFFIX = r"(?:以上|以下|未満|以内|程度|前後|ずつ|ほど|余り?|超|強|弱|増加|増やす|増|減少|減らす|減)?"
_NUMBER = re.compile(
    rf"(?:{PER_BEFORE_PATTERN})?"
    rf"(?:(?<![0-9.,])(?P<digits>{_PLAIN}(?:{_TIMES}(?:{_PLAIN}{_TIMES}?)*)?)(?:[\s⁰¹²³⁴-⁹]?(?P<unit>{UNIT_PATTERN}))?"
    rf"|(?P<kanji>{_KANJI}{{1,31}})(?P<kanji_unit>{KANJI_UNIT_PATTERN})(?={_WORD_END}|[がをのにで]))"
    rf"(?P<suffix>{_SUFFIX})(?:{PER_AFTER_PATTERN})?"
)
_PART = re.compile(rf"(?P<amount>{_PLAIN})(?P<times>{_TIMES})?")
_TIMES_VALUE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "億": 10**8, "兆": 10**12}


def _amount(written: str) -> int | Decimal | None:
    """107.3万 → 1073000, 1万2千 → 12000; None when the parts do not go down (2千3万)."""
    total = Decimal(0)
    below = Decimal(10) ** 30
    multiplied = False
    for part in _PART.finditer(written):
        amount = Decimal(part["amount"].replace(",", ""))
        times = 1
        for character in (part["times"] or "").strip():
            times *= _TIMES_VALUE[character]
        if amount * times >= below:
            return None
        total, below, multiplied = total + amount * times, Decimal(times), multiplied or times > 1
    if "." not in written or (multiplied and total == total.to_integral_value()):
        return int(total)
    return total


def _in_kanji(match: re.Match[str], text: str) -> int | None:
    """A count in kanji. Not one: 一人で (prose), 数十人, 〇〇人 and 〇回 (left open in a form)."""
    written = match["kanji"]
    begins_number = match.start() == match.start("kanji")
    if begins_number and re.match("[一-鿿々]", text[match.start() - 1 : match.start()]):
        return None
    if set(written) == {"〇"} or (len(written) == 1 and text[match.end("kanji_unit") :][:1] in tuple("がをのにで")):
        return None
    return kanji_number(written)


# At the start of the text, after a space or a colon; a dash after a word is a dash.
_MINUS = re.compile(r"[\s(:、]?[-−]|.?[△▲]", re.DOTALL)


def _token(match: re.Match[str], text: str) -> Token | None:
    start = match.start()
    if match["kanji"] is not None:
        value: int | Decimal | None = _in_kanji(match, text)
        unit = match["kanji_unit"]
    else:
        value, unit = _amount(match["digits"]), match["unit"]
        begins_number = start == match.start("digits")
        # プラン8 and メニュー1 are names; a count without a unit stands alone or after a space.
        if begins_number and unit is None and re.match("[ァ-ヶー]", text[start - 1 : start]):
            return None
        if begins_number and value is not None and _MINUS.fullmatch(text[max(0, start - 2) : start]):
            start, value = start - 1, -value
    if value is None:
        return None
    per = per_of(match.groupdict())
    return Token(start, match.end(), value, None if unit is None else canonical_unit(unit), per, match["suffix"] or "")


def find_tokens(masked: str) -> list[Token]:
    """The numbers of a masked text, in order."""
    return [token for match in _NUMBER.finditer(masked) if (token := _token(match, masked))]


def is_one_number(masked: str) -> bool:
    """Whether the text is one number with its unit and nothing else."""
    return _NUMBER.fullmatch(masked.strip()) is not None


# 12圏域／12圏域 says how many of how many; 2回／3回 may be plan and result.
_PLACES = ("圏域", "市町村", "か所", "市", "町", "村", "保健所")
_RANGE_SIGNS = ("~", "〜", "から")


def _pair_labels(first: Token, second: Token, between: str) -> tuple[str, str] | None:
    """What two neighbouring numbers are to each other, by what stands between them."""
    goes_up = first.value <= second.value
    if between in _RANGE_SIGNS or (between == "-" and first.unit in (None, second.unit)):
        return (LOWER, UPPER) if goes_up else None
    if between == "/" and goes_up and (first.unit is None or first.unit == second.unit in _PLACES):
        return NUMERATOR, DENOMINATOR
    if (between == "中" and first.unit == second.unit and not goes_up) or (between == "の" and first.unit == "分"):
        return DENOMINATOR, NUMERATOR
    return None


def pair(text: str, tokens: list[Token]) -> list[Token]:
    """Label the two numbers of 10～20人, 12／12, 12市町村中10市町村, 12分の10; drop 13/12, which is no proportion."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        first = tokens[at]
        second = tokens[at + 1] if at + 1 < len(tokens) else None
        if second is None:
            kept.append(first)
            break
        between = text[first.end : second.start].strip()
        labels = _pair_labels(first, second, between)
        if labels is None:
            unreadable = between == "/" and first.unit is None
            kept.extend([] if unreadable else [first])
            at += 2 if unreadable else 1
            continue
        if between == "の":
            first.unit = None
        else:
            first.unit, second.unit = first.unit or second.unit, second.unit or first.unit
            first.per, second.per = first.per or second.per, second.per or first.per
        first.label, second.label = labels
        second.ends_pair = True
        kept.extend((first, second))
        at += 2
    return kept
