"""Figures as people write them in a cell: １１か所（政令市を除く）, 107.3 万人, 月1回, 66人 17.1%, 前年度増, －.

The raw text is always kept. What cannot be read for certain is left unread: a missing number can be asked for,
a wrong one is believed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from nimo.core.number_masks import GAP, mask
from nimo.core.number_tokens import Token, find_tokens, is_one_number, pair
from nimo.core.text import is_not_filled, join_wrapped, split_row_mark, strip_markup

State = Literal["value", "no_number", "not_filled", "blank"]

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


_EDGES = " \t\n・･:：、,。.;=~〜～-‐−|/＝→⇒*()[]〔〕【】〈〉《》" + GAP
_APPROXIMATE = re.compile(r"(?:約|およそ|おおよそ|おおむね|概ね|ほぼ|最大|最低|少なくとも)$")
_EXISTENCE = re.compile(r"^(?:有り?|無し?|あり|なし)(?=$|[\s・、,:])")


def _tidy(text: str) -> str:
    """Text without row marks, set-aside remarks and punctuation at its ends."""
    kept = "".join(" " if one == GAP or unicodedata.category(one) == "No" else one for one in text)
    return " ".join(kept.strip(_EDGES).split())


def _label(segment: str, *, is_first: bool) -> tuple[str | None, list[str]]:
    """The label at the end of the text before a number, and the remarks that stand before or around it."""
    *before, label = re.split(r"[。\n;]" if is_first else r"[、。\n;]", segment.strip(_EDGES))
    remarks = [_tidy(part) for part in before]
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
    r"(?:但し|ただし|うち)?(?P<what>[^0-9]{2,20}?)"
    r"(?P<how>[をは]?除(?:く|いた|き)|[をは]?含(?:む|めた|まない|めない)|以外|のみ|だけ)(?:数|値|の数)?"
)
_HOW = {"除いた": "除く", "除き": "除く", "含めた": "含む", "含めない": "含まない"}


def _coverage(remarks: list[str]) -> str | None:
    """What is left out or counted alone, in one wording: 政令指定都市除く → 政令市を除く."""
    for part in (part for remark in remarks for part in re.split(r"[、。,;※*()\s]+", remark)):
        match = _COVERAGE.fullmatch(part)
        if match:
            what = re.sub("政令指定都市|指定都市|政令都市", "政令市", match["what"])
            how = match["how"].lstrip("をは")
            return what + ("を" if how[0] in "除含" else "") + _HOW.get(how, how)
    return None


@dataclass(slots=True)
class _Reading:
    """Values, the remarks with their places, and the text without its bracketed parts and notes."""

    values: list[NumberWithUnit]
    remarks: list[tuple[int, str]]
    plain: str


def _set_aside(text: str, masked: str) -> tuple[str, str, list[tuple[int, str]], list[tuple[int, int]]]:
    """Blank the remarks in both texts; return them with their places, and the spans of numbers in brackets: 13（11）."""
    plain = text
    remarks: list[tuple[int, str]] = []
    in_brackets: list[tuple[int, int]] = []
    for span in _remarks(text):
        inside = _inside(text, span)
        is_mark = _is_typed_mark(text, span, inside)
        if not is_mark and text[span[0]] in _OPENING and is_one_number(_inside(masked, span)):
            in_brackets.append(span)
            continue
        if inside and not is_mark:
            remarks.append((span[0], inside))
        blank = GAP * (span[1] - span[0])
        masked = masked[: span[0]] + blank + masked[span[1] :]
        plain = plain[: span[0]] + blank + plain[span[1] :]
    return plain, masked, remarks, in_brackets


def _value(token: Token, label: str | None, *, in_brackets: bool) -> NumberWithUnit:
    if token.label is None and label is None and in_brackets and token.unit != "%":
        label = IN_BRACKETS
    return NumberWithUnit(token.value, token.unit, token.per, token.label or label)


def _read(text: str, *, classes: bool) -> _Reading:
    plain, masked, remarks, in_brackets = _set_aside(text, mask(text, classes=classes))
    values: list[NumberWithUnit] = []
    position = 0
    for token in pair(plain, find_tokens(masked)):
        if token.is_change:
            # 2回増 is no figure of 2: it stays text.
            continue
        between = "" if token.ends_pair else plain[position : token.start]
        label, around = _label(between, is_first=position == 0)
        remarks.extend((position, remark) for remark in around)
        if token.suffix:
            remarks.append((token.end, token.suffix))
        if token.label and label:
            remarks.append((position, label))
        values.append(_value(token, label, in_brackets=any(start < token.start < end for start, end in in_brackets)))
        position = token.end
    rest = _tidy(plain[position:])
    if values and rest:
        remarks.append((position, rest))
    return _Reading(values, sorted(remarks, key=lambda remark: remark[0]), plain)


def parse_quantities(raw: str) -> ParsedQuantity:
    """Read every number of a cell with its unit, rate and label; keep the raw text and whatever else it says."""
    text = _prepare(raw)
    if not text:
        return ParsedQuantity(raw, (), None, None, "blank")
    reading = _read(text, classes=True)
    if not reading.values:
        reading = _read(text, classes=False)
    remarks = [remark for _, remark in reading.remarks]
    state: State = "value" if reading.values else "no_number"
    if not reading.values and is_not_filled(reading.plain.replace(GAP, " ")):
        state = "not_filled"
    return ParsedQuantity(raw, tuple(reading.values), " ".join(remarks) or None, _coverage(remarks), state)


def format_number(number: int | Decimal) -> str:
    """222364 → "222,364"; the decimals of a Decimal stay as they are."""
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,d}"


def share_of(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """Percentage of `part` in `whole`, one decimal, half up: 66 of 386 → 17.1. ValueError unless part ≥ 0 and whole > 0."""
    if whole <= 0 or part < 0:
        raise ValueError("a share needs a whole above zero and a part not below it")
    tenths = floor(Fraction(part) * 1000 / Fraction(whole) + Fraction(1, 2))
    return Decimal(tenths).scaleb(-1)
