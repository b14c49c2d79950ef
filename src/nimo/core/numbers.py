"""Figures as people write them in a cell: １１か所（政令市を除く）, 107.3 万人, 月1回, 66人 17.1%, 前年度増, －.

The raw text is always kept. What cannot be read for certain is left unread: a missing number can be asked for,
a wrong one is believed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from nimo.core.counters import PER_AFTER_PATTERN, PER_BEFORE_PATTERN, UNIT_PATTERN, canonical_unit, per_of
from nimo.core.number_masks import BLANK, mask
from nimo.core.numerals import KANJI_NUMERAL_CHARACTERS, kanji_number
from nimo.core.text import is_not_filled, join_wrapped, split_row_mark, strip_markup

State = Literal["value", "no_number", "not_filled", "blank"]

LOWER, UPPER = "下限", "上限"
NUMERATOR, DENOMINATOR = "分子", "分母"
IN_BRACKETS = "括弧内"


@dataclass(frozen=True, slots=True)
class NumberWithUnit:
    """One number: an int, or a Decimal as exact as written. `per`: 月1回 → per 月. `label`: 退院者数14人 → 退院者数.

    The two ends of 10～20人 are labelled 下限 and 上限, the parts of 10／12 分子 and 分母, the second number of
    13（11） 括弧内.
    """

    value: int | Decimal
    unit: str | None = None
    per: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedQuantity:
    """A cell as read. `state`: value, no_number (前年度増), not_filled (－), blank. Only `value` has values.

    `qualifier`: what the text says besides numbers and labels; `coverage`: the part of it that says what is left out or
    counted alone (政令市を除く), because figures of different coverage are never added or compared.
    """

    raw: str
    values: tuple[NumberWithUnit, ...]
    qualifier: str | None
    coverage: str | None
    state: State


@dataclass(slots=True)
class _Token:
    """A number in the text: where it stands, and the 以上 or 増 that follows it."""

    start: int
    end: int
    number: NumberWithUnit
    suffix: str
    in_brackets: bool = False


_PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# 千円 and 百万円 are units the source chose and are kept; 3万円 is 30000円.
_TIMES = (
    r"(?:\s?(?:千|百|十)?[万億兆](?![全一年])|[千百](?=[0-9\s、。()~]|$|"
    + UNIT_PATTERN
    + r"))(?!(?<=[千百])円|(?<=百万)円)"
)
_KANJI = f"[{KANJI_NUMERAL_CHARACTERS}]"
_KANJI_END = rf"(?=$|[\s、。,.()~・:;/※{BLANK}]|以上|以下|未満|程度|ずつ|増|減|が|を|の|に|で)"
_SUFFIX = r"(?:以上|以下|未満|以内|程度|前後|ずつ|ほど|余り?|超|強|弱|増加?|減少?)?"
_NUMBER = re.compile(
    rf"(?:{PER_BEFORE_PATTERN})?"
    rf"(?:(?<![0-9.,])(?P<digits>{_PLAIN}(?:{_TIMES}(?:{_PLAIN}{_TIMES}?)*)?)(?:\s?(?P<unit>{UNIT_PATTERN}))?"
    rf"|(?P<kanji>{_KANJI}{{1,20}})(?P<kanji_unit>{UNIT_PATTERN}){_KANJI_END})"
    rf"(?P<suffix>{_SUFFIX})(?:{PER_AFTER_PATTERN})?"
)
_PART = re.compile(rf"(?P<amount>{_PLAIN})(?P<times>{_TIMES})?")
_TIMES_VALUE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "億": 10**8, "兆": 10**12}


def _amount(written: str) -> int | Decimal | None:
    """107.3万 → 1073000, 1万2千 → 12000; None when the parts do not go down (2千3万)."""
    total = Decimal(0)
    below = Decimal(10) ** 20
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


_TYPED_MARK = re.compile(r"^[0-9]{1,2}[.)]\s+(?=\S)|^[0-9]{1,2}\)(?=\S)", re.MULTILINE)


def _prepare(raw: str) -> str:
    """Whole lines instead of cut ones, half-width digits, no markup; row marks go before they can join a number."""
    lines = join_wrapped(strip_markup(raw).split("\n")).split("\n")
    return _TYPED_MARK.sub("", "\n".join(split_row_mark(line)[1] for line in lines)).strip()


_OPENING = {"(": ")", "[": "]", "〔": "〕", "【": "】", "〈": "〉", "《": "》"}
_NOTE = re.compile(r"(?:※|(?<!\S)\*).*")


def _remarks(text: str) -> list[tuple[int, int]]:
    """Spans of the bracketed parts (outermost; one never closed runs to the end) and of the ※ notes, in order."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        closing = _OPENING.get(text[at])
        note = _NOTE.match(text, at)
        if closing:
            depth, end = 1, at + 1
            while end < len(text) and depth:
                depth += (text[end] == text[at]) - (text[end] == closing)
                end += 1
            spans.append((at, end))
            at = end
        elif note:
            spans.append(note.span())
            at = note.end()
        else:
            at += 1
    return spans


def _inside(text: str, span: tuple[int, int]) -> str:
    part = text[slice(*span)]
    closing = _OPENING.get(part[0])
    if closing is None:
        return part.strip()
    return part[1:].removesuffix(closing).strip()


def _is_typed_mark(text: str, span: tuple[int, int], inside: str) -> bool:
    """(1) 3回 and (1) 実施: a bare number in brackets before a number, or at a line start before anything."""
    if not re.fullmatch("[0-9]{1,2}", inside):
        return False
    after = text[span[1] :].split("\n")[0].lstrip()
    at_line_start = not text[: span[0]].rsplit("\n", 1)[-1].strip()
    return bool(after) and (after[0].isdigit() or at_line_start)


def _token(text: str, match: re.Match[str]) -> _Token | None:
    groups = match.groupdict()
    start = match.start()
    if groups["kanji"] is not None:
        if start == match.start("kanji") and re.match("[一-鿿]", text[start - 1 : start]):
            return None
        value: int | Decimal | None = kanji_number(groups["kanji"])
        unit = groups["kanji_unit"]
    else:
        value, unit = _amount(groups["digits"]), groups["unit"]
        if start == match.start("digits") and re.search(r"(?:^|[\s(:、])[-−]$|[△▲]$", text[:start]):
            start -= 1
            value = None if value is None else -value
    if value is None:
        return None
    number = NumberWithUnit(value, None if unit is None else canonical_unit(unit), per_of(groups))
    return _Token(start, match.end(), number, groups["suffix"] or "")


def _pair(text: str, tokens: list[_Token]) -> list[_Token]:
    """Label the two numbers of 10～20人, 12／12, 12市町村中10市町村 and 12分の10; drop 13/12, which is no proportion."""
    kept: list[_Token] = []
    at = 0
    while at < len(tokens):
        pair = tokens[at : at + 2]
        between = text[pair[0].end : pair[1].start].strip() if len(pair) == 2 else None
        first, second = pair[0].number, pair[-1].number
        goes_up = first.value <= second.value
        labels: tuple[str, str] | None = None
        if between in ("~", "〜", "～", "から") or (between == "-" and first.unit in (None, second.unit)):
            labels = (LOWER, UPPER) if goes_up else None
        elif between == "/" and first.unit is None:
            if not goes_up:
                at += 2
                continue
            labels = (NUMERATOR, DENOMINATOR)
        elif (between == "中" and first.unit == second.unit) or (between == "の" and first.unit == "分"):
            labels = (DENOMINATOR, NUMERATOR)
        if labels is None:
            kept.append(pair[0])
            at += 1
            continue
        unit = None if between == "の" else first.unit or second.unit
        per = first.per or second.per
        for token, label in zip(pair, labels, strict=True):
            token.number = replace(token.number, unit=None if between == "の" else token.number.unit or unit)
            token.number = replace(token.number, per=token.number.per or per, label=label)
        kept.extend(pair)
        at += 2
    return kept


_EDGES = " \t\n・･:：、,。.;=~〜～-‐−|/＝→⇒*" + "()[]〔〕【】〈〉《》" + BLANK
_APPROXIMATE = re.compile(r"(?:約|およそ|おおよそ|おおむね|概ね|ほぼ|最大|最低|少なくとも)$")
_EXISTENCE = re.compile(r"^(?:有り?|無し?|あり|なし)(?=$|[\s・、,:])")


def _tidy(text: str) -> str:
    marks_gone = "".join(" " if unicodedata.category(character) == "No" else character for character in text)
    return " ".join(marks_gone.strip(_EDGES).split())


def _label(segment: str) -> tuple[str | None, list[str]]:
    """The label at the end of the text before a number, and the remarks that stand before or around it."""
    remarks: list[str] = []
    *before, label = re.split(r"[、。\n;]", segment.strip(_EDGES))
    remarks.extend(_tidy(part) for part in before)
    existence = _EXISTENCE.match(label)
    if existence:
        remarks.append(existence.group())
        label = label[existence.end() :]
    approximate = _APPROXIMATE.search(label)
    if approximate:
        remarks.append(approximate.group())
        label = label[: approximate.start()]
    label = re.sub(r"(?<=.)(?:は|が|を)$", "", _tidy(label))
    return _tidy(label) or None, [remark for remark in remarks if remark]


_COVERAGE = re.compile(
    r"(?P<what>[^、。,;※*()\s]+?)(?P<how>を?除(?:く|いた|き)|を?含(?:む|めた|まない|めない)|以外|のみ|だけ)"
)


def _coverage(remarks: list[str]) -> str | None:
    """What is left out or counted alone, in one wording: 政令指定都市除く → 政令市を除く."""
    for remark in remarks:
        match = _COVERAGE.search(remark)
        if match:
            what = re.sub("^(?:うち|但し|ただし)", "", match["what"])
            what = re.sub("(?:政令指定都市|指定都市|政令都市)", "政令市", what)
            how = {"除いた": "除く", "除き": "除く", "含めた": "含む", "含めない": "含まない"}
            plain = match["how"].removeprefix("を")
            return what + ("を" if plain[0] in "除含" else "") + how.get(plain, plain)
    return None


def _read(text: str, *, classes: bool) -> tuple[tuple[NumberWithUnit, ...], list[str], str]:
    """Values, remarks in the order of the text, and the text without its remarks."""
    masked = mask(text, classes=classes)
    plain = text
    set_aside: list[tuple[int, str]] = []
    in_brackets: list[tuple[int, int]] = []
    for span in _remarks(text):
        inside = _inside(text, span)
        blank = BLANK * (span[1] - span[0])
        if _is_typed_mark(text, span, inside):
            pass
        elif text[span[0]] in _OPENING and _NUMBER.fullmatch(_inside(masked, span)):
            in_brackets.append(span)
            continue
        elif inside:
            set_aside.append((span[0], inside))
        masked = masked[: span[0]] + blank + masked[span[1] :]
        plain = plain[: span[0]] + blank + plain[span[1] :]
    tokens = [token for match in _NUMBER.finditer(masked) if (token := _token(masked, match))]
    for token in tokens:
        token.in_brackets = any(start < token.start < end for start, end in in_brackets)
    tokens = _pair(plain, tokens)
    values: list[NumberWithUnit] = []
    position = 0
    for token in tokens:
        label, remarks = _label(plain[position : token.start])
        set_aside.extend((position, remark) for remark in remarks)
        if token.suffix:
            set_aside.append((token.end, token.suffix))
        number = token.number
        if number.label is not None:
            if label:
                set_aside.append((position, label))
        elif label is None and token.in_brackets and number.unit != "%":
            number = replace(number, label=IN_BRACKETS)
        else:
            number = replace(number, label=label)
        values.append(number)
        position = token.end
    if values and (rest := _tidy(plain[position:])):
        set_aside.append((position, rest))
    return tuple(values), [remark for _, remark in sorted(set_aside, key=lambda one: one[0])], plain


def parse_quantities(raw: str) -> ParsedQuantity:
    """Read every number of a cell with its unit, rate and label; keep the raw text and whatever else it says."""
    text = _prepare(raw)
    if not text:
        return ParsedQuantity(raw, (), None, None, "blank")
    values, remarks, plain = _read(text, classes=True)
    if not values:
        values, remarks, plain = _read(text, classes=False)
    state: State = "value" if values else "no_number"
    if not values and is_not_filled(plain.replace(BLANK, " ")):
        state = "not_filled"
    return ParsedQuantity(raw, values, " ".join(remarks) or None, _coverage(remarks), state)


def format_number(number: int | Decimal) -> str:
    """222364 → "222,364"; the decimals of a Decimal stay as they are."""
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,d}"


def share_of(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """Percentage of `part` in `whole`, one decimal, half up: 66 of 386 → 17.1. ValueError unless whole > 0."""
    if whole <= 0:
        raise ValueError("a share needs a whole above zero")
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
