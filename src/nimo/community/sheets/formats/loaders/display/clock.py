"""Dates and times as a cell shows them, eras included: 45413 with ggge"年"m"月"d"日" → 令和6年5月1日."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from nimo.community.sheets.formats.loaders.display.formats import Section, Token
from nimo.core.eras import era_of

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SECONDS_A_DAY = 86_400
_LAST_SERIAL = 2_958_466
"""The day after 9999-12-31 in the 1900 system."""


def shown_date(serial: Decimal, section: Section, *, epoch_1904: bool = False) -> str | None:
    """The date or time of a serial number; None where Excel itself shows only ##### (negative, beyond year 9999)."""
    if not 0 <= serial < _LAST_SERIAL:
        return None
    decimals = _fraction_digits(section.tokens)
    step = Decimal(1).scaleb(-decimals)
    seconds = (serial * _SECONDS_A_DAY).quantize(step, rounding=ROUND_HALF_UP)
    days, within = divmod(seconds, _SECONDS_A_DAY)
    moment = _moment(int(days), epoch_1904) + timedelta(seconds=int(within))
    written = []
    for index, token in enumerate(section.tokens):
        if token.kind == "elapsed":
            written.append(_elapsed(token.text, int(seconds)))
        elif token.kind == "half":
            written.append(_half(token.text, moment.hour))
        elif token.kind == "date":
            text = _part(token.text, moment, section)
            if text is None:
                return None
            written.append(text)
        elif token.kind == "digit":
            written.append(_fraction(section.tokens, index, within))
        else:
            written.append(token.text)
    return "".join(written)


def _moment(days: int, epoch_1904: bool) -> datetime:
    """Excel's 1900 system counts a 29 February 1900 that never was: before it, one day is missing."""
    if epoch_1904:
        return datetime(1904, 1, 1) + timedelta(days=days)
    return datetime(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)


def _part(code: str, moment: datetime, section: Section) -> str | None:
    if code[0] in "gre":
        return _era_part(code, moment.date(), section)
    hour = moment.hour % 12 or 12 if section.has("half") else moment.hour
    weekday = moment.weekday()
    written = {
        "y": f"{moment.year % 100:02d}", "yy": f"{moment.year % 100:02d}", "yyy": str(moment.year), "yyyy": str(moment.year),
        "b": f"{(moment.year + 543) % 100:02d}", "bbbb": str(moment.year + 543),
        "m": str(moment.month), "mm": f"{moment.month:02d}", "mmm": _MONTHS[moment.month - 1][:3],
        "mmmm": _MONTHS[moment.month - 1], "mmmmm": _MONTHS[moment.month - 1][0],
        "d": str(moment.day), "dd": f"{moment.day:02d}", "ddd": _DAYS[weekday][:3], "dddd": _DAYS[weekday],
        "aaa": "月火水木金土日"[weekday], "aaaa": "月火水木金土日"[weekday] + "曜日",
        "h": str(hour), "hh": f"{hour:02d}", "n": str(moment.minute), "nn": f"{moment.minute:02d}",
        "s": str(moment.second), "ss": f"{moment.second:02d}",
    }  # fmt: skip
    return written.get(code)


def _era_part(code: str, day: date, section: Section) -> str | None:
    """g → R, gg → 令, ggg → 令和, e → year of the era; r and rr stand for e and for ggge."""
    try:
        era = era_of(day)
    except ValueError:
        return None
    number = day.year - era.start.year + 1
    year = "元" if number == 1 and section.first_year_is_gannen else str(number)
    written = {
        "g": era.letter, "gg": era.name[0], "ggg": era.name, "e": year,
        "ee": year.zfill(2) if year.isdigit() else year, "r": year.zfill(2) if year.isdigit() else year, "rr": era.name + year,
    }  # fmt: skip
    return written.get(code)


def _elapsed(code: str, seconds: int) -> str:
    unit = {"h": 3600, "m": 60, "s": 1}[code[0]]
    return str(seconds // unit).zfill(len(code))


def _half(code: str, hour: int) -> str:
    morning, afternoon = code.split("/")
    return morning if hour < 12 else afternoon


def _fraction_digits(tokens: tuple[Token, ...]) -> int:
    return sum(token.kind == "digit" for token in tokens)


def _fraction(tokens: tuple[Token, ...], index: int, within: Decimal) -> str:
    """The digit of the fraction of a second that stands at token `index` (ss.00)."""
    position = sum(token.kind == "digit" for token in tokens[:index])
    fraction = f"{within % 1:f}".partition(".")[2]
    return fraction[position : position + 1] or "0"
