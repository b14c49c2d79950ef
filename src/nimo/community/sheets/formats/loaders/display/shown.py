"""A stored number as the cell shows it: 222364 with "#,##0人" → 222,364人, 0.171 with "0.0%" → 17.1%.

What a format code asks for and this module cannot reproduce is shown as Excel's General and marked inexact,
so that the caller can say so. Rounding is half away from zero on the decimal digits, as Excel rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from nimo.community.sheets.formats.loaders.display.clock import shown_date
from nimo.community.sheets.formats.loaders.display.formats import Section, Token, sections
from nimo.core.numerals import kanji_numeral

_GENERAL_WIDTH = 11
_FULL_WIDTH = {ord("0") + i: ord("０") + i for i in range(10)} | {ord("."): "．", ord(","): "，", ord("-"): "－"}


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    exact: bool = True
    """False where the format could not be reproduced and the plain number stands instead."""


def shown_number(value: Decimal, code: str, *, epoch_1904: bool = False) -> Shown:
    """`value` under the format `code`; `epoch_1904` is the workbook's date system."""
    if code == "General":
        return Shown(general(value))
    parts = sections(code)
    section, magnitude, sign = _choose(parts, value)
    if section is None:
        return Shown("" if len(parts) > 1 else general(value))
    if section.is_date:
        text = shown_date(value, section, epoch_1904=epoch_1904)
        return Shown(text) if text is not None else Shown(general(value), exact=False)
    if section.has("general"):
        return _native(sign + _literals_around(section, general(magnitude)), section, value)
    if section.has("slash") and section.has("digit"):
        return Shown(general(value), exact=False)
    if section.has("text"):
        return Shown(_with_text(section, general(value)))
    if not section.has("digit"):
        return Shown(sign + "".join(t.text for t in section.tokens if t.kind in ("literal", "percent", "point")))
    try:
        text = _exponential(section, magnitude) if section.has("exponent") else _fixed(section, magnitude)
    except InvalidOperation:
        return Shown(general(value), exact=False)
    if not any(c in "123456789" for c in text):
        sign = ""
    return _native(sign + text, section, value)


def shown_text(text: str, code: str) -> str:
    """A stored text under a format code: the fourth section, or a single section with @, may add literals."""
    parts = sections(code)
    section = parts[3] if len(parts) == 4 else next((p for p in parts if p.has("text")), None)
    if section is None or not section.has("text"):
        return text
    return _with_text(section, text)


def general(value: Decimal) -> str:
    """Excel's General: as many decimals as fit in eleven characters, no trailing zeros."""
    if value == value.to_integral_value():
        return str(int(value))
    places = max(0, _GENERAL_WIDTH - 1 - len(str(abs(int(value)))))
    rounded = _round(value, places)
    if rounded == 0:
        return f"{value:.5E}"
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _choose(parts: tuple[Section, ...], value: Decimal) -> tuple[Section | None, Decimal, str]:
    """The section for `value`, the number to put into it, and the sign Excel adds in front."""
    if any(part.condition for part in parts):
        return _by_condition(parts, value)
    numeric = [p for p in parts[:3] if not (len(parts) > 1 and p is parts[-1] and p.has("text"))]
    if not numeric:
        return (parts[0] if parts else None), value, ""
    if value < 0 and len(numeric) >= 2:
        return numeric[1], -value, ""
    if value == 0 and len(numeric) >= 3:
        return numeric[2], value, ""
    return numeric[0], abs(value), "-" if value < 0 else ""


def _by_condition(parts: tuple[Section, ...], value: Decimal) -> tuple[Section | None, Decimal, str]:
    for index, part in enumerate(parts):
        if part.condition is None:
            if index == len(parts) - 1 or index >= 2:
                return part, abs(value), "-" if value < 0 else ""
            continue
        operator, limit = part.condition[0], Decimal(part.condition[1])
        holds = {
            "<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit,
            "=": value == limit, "<>": value != limit,
        }[operator]  # fmt: skip
        if holds:
            return part, abs(value), "-" if value < 0 else ""
    return None, value, ""


def _literals_around(section: Section, number: str) -> str:
    return "".join(
        number if t.kind == "general" else t.text for t in section.tokens if t.kind in ("general", "literal")
    )


def _with_text(section: Section, text: str) -> str:
    return "".join(
        text if t.kind == "text" else t.text for t in section.tokens if t.kind in ("text", "literal", "slash")
    )


def _fixed(section: Section, value: Decimal) -> str:
    tokens = list(section.tokens)
    point = next((i for i, t in enumerate(tokens) if t.kind == "point"), None)
    whole_part = tokens[:point] if point is not None else tokens
    fraction = tokens[point:] if point is not None else []
    digits = [i for i, t in enumerate(whole_part) if t.kind == "digit"]
    last_digit = max((i for i, t in enumerate(tokens) if t.kind == "digit"), default=-1)
    scale = 0
    for token in tokens[last_digit + 1 :]:
        if token.kind != "comma":
            break
        scale += 1
    grouped = bool(digits) and any(t.kind == "comma" for t in whole_part[digits[0] : digits[-1] + 1])
    percent = sum(t.kind == "percent" for t in tokens)
    places = sum(t.kind == "digit" for t in fraction)
    rounded = _round(value.scaleb(2 * percent - 3 * scale), places)
    number, _, decimals = f"{rounded:f}".partition(".")
    return _whole(whole_part, "" if number == "0" else number, grouped) + _decimals(fraction, decimals)


def _whole(tokens: list[Token], number: str, grouped: bool) -> str:
    """Digits into their places from the right; what is left over goes before the first place."""
    out: list[str] = []
    placed = 0
    rest = number
    first = next((i for i, t in enumerate(tokens) if t.kind == "digit"), None)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind == "digit":
            taken = rest if index == first else rest[-1:]
            rest = "" if index == first else rest[:-1]
            if not taken:
                taken = {"0": "0", "?": " ", "#": ""}[token.text]
            for character in reversed(taken):
                if grouped and placed and placed % 3 == 0 and character.isdigit():
                    out.append(",")
                out.append(character)
                placed += 1
        elif token.kind in ("literal", "percent", "slash"):
            out.append(token.text[::-1])
    if first is None and rest:
        out.append(rest[::-1])
    return "".join(out)[::-1]


def _decimals(tokens: list[Token], decimals: str) -> str:
    out = []
    position = 0
    for token in tokens:
        if token.kind == "point":
            out.append(".")
        elif token.kind == "digit":
            digit = decimals[position : position + 1]
            position += 1
            optional = token.text != "0" and not decimals[position - 1 :].strip("0")
            out.append(("" if token.text == "#" else " ") if optional else digit)
        elif token.kind in ("literal", "percent", "slash"):
            out.append(token.text)
    return "".join(out)


def _exponential(section: Section, value: Decimal) -> str:
    tokens = list(section.tokens)
    at = next(i for i, t in enumerate(tokens) if t.kind == "exponent")
    point = next((i for i, t in enumerate(tokens[:at]) if t.kind == "point"), at)
    places = sum(t.kind == "digit" for t in tokens[point:at])
    exponent = value.adjusted() if value else 0
    mantissa = _round(value.scaleb(-exponent), places)
    if abs(mantissa) >= 10:
        exponent += 1
        mantissa = _round(value.scaleb(-exponent), places)
    width = sum(t.kind == "digit" for t in tokens[at:])
    return f"{mantissa:f}E{'-' if exponent < 0 else '+'}{abs(exponent):0{width}d}"


def _native(text: str, section: Section, value: Decimal) -> Shown:
    """[DBNum1] writes kanji numerals, [DBNum3] full-width digits; the formal numerals of [DBNum2] are left."""
    if section.native_digits == 3:
        return Shown(text.translate(_FULL_WIDTH))
    if section.native_digits == 1 and value == value.to_integral_value() and 0 <= value < 10**16:
        number = general(value)
        return Shown(text.replace(number, kanji_numeral(int(value))), exact=number in text)
    return Shown(text, exact=section.native_digits == 0)
