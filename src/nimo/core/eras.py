"""Eras (明治 to 令和) and dates as documents state them: 令和6年5月時点, R6.5.1, 2018年 4 月, 平成31年5月.

Era starts: 元号法 (昭和54年法律第43号) and the 元号を改める政令; 明治 and 大正 after JIS X 0301. All dates are reckoned in the
Gregorian calendar, also those before 明治6年, when Japan still used another one.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from nimo.core.aligned import align
from nimo.core.numerals import KANJI_NUMERAL_CHARACTERS, whole_number


@dataclass(frozen=True, slots=True)
class Era:
    """`end` is the last day, None for the era that is running."""

    name: str
    letter: str
    start: date
    end: date | None

    @property
    def last_year_number(self) -> int | None:
        """The number of the era's last calendar year: 31 for 平成; None while the era runs."""
        return None if self.end is None else self.end.year - self.start.year + 1

    def western(self, number: int) -> int | None:
        """The western year of a year of this era: 平成31 → 2019.

        Plans written before a change of era run on past it (平成32年度末までに), hence RUN_ON_YEARS; beyond, None.
        """
        last = self.last_year_number
        if number < 1 or number > (MAX_YEARS_OF_RUNNING_ERA if last is None else last + RUN_ON_YEARS):
            return None
        return self.start.year + number - 1


RUN_ON_YEARS = 20
MAX_YEARS_OF_RUNNING_ERA = 99

ERAS: tuple[Era, ...] = (
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 29)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 24)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", date(2019, 5, 1), None),
)
_ERA_BY_NAME = {name: era for era in ERAS for name in (era.name, era.name[0], era.letter)}


def era_named(name: str) -> Era | None:
    """The era called 令和, 令, R or r; None for anything else."""
    return _ERA_BY_NAME.get(name.upper())


def era_of(day: date) -> Era:
    """The era a day falls in. ValueError before 明治."""
    for era in reversed(ERAS):
        if day >= era.start:
            return era
    raise ValueError(f"no era before 明治: {day.isoformat()}")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as the text states it: a year, a month or a day. ValueError when there is no such date."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    @property
    def iso(self) -> str:
        """ "2024", "2024-05" or "2023-06-30"."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        if self.day is not None:
            return self.first_day
        month = self.month or 12
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return self.iso


@dataclass(frozen=True, slots=True)
class Found:
    """A date found in a text: `text[span[0]:span[1]] == evidence`."""

    value: PartialDate
    span: tuple[int, int]
    evidence: str


# These two are written into the patterns of `fiscal` as well.
ERA_PATTERN = r"(?:明治|大正|昭和|平成|令和|(?<![A-Za-z])[MTSHRmtshr]|(?<![一-鿿])[明大昭平令](?=\s*[0-9元]))"
NUMBER_PATTERN = rf"(?:元|[0-9]{{1,2}}(?![0-9])|[{KANJI_NUMERAL_CHARACTERS}]{{1,3}})"

_SMALL_NUMBER = rf"(?:[0-9]{{1,2}}(?![0-9])|[{KANJI_NUMERAL_CHARACTERS}]{{1,3}})"
_WESTERN = r"(?:西暦\s*)?(?<![0-9.,/-])(?P<western>[12][0-9]{3}|[一二][〇零一二三四五六七八九]{3})(?![0-9,])"
_JAPANESE = rf"(?P<era>{ERA_PATTERN})\s*(?P<number>{NUMBER_PATTERN})"
_IN_KANJI = (
    rf"年(?!\s*度)(?:\s*(?P<month>{_SMALL_NUMBER})\s*月(?:\s*(?P<day>{_SMALL_NUMBER})\s*日)?(?!\s*[0-9]+\s*日))?"
    r"(?!\s*[0-9]+\s*月)"
)
_WITH_SIGNS = (
    r"(?P<sign>[./-])(?P<month_s>[0-9]{1,2})(?![0-9])(?:(?P=sign)(?P<day_s>[0-9]{1,2})(?![0-9]))?"
    r"(?![./-]?[0-9]|\s*[年月日])"
)
_DATE = re.compile(rf"(?:{_WESTERN}|{_JAPANESE})(?:\s*{_IN_KANJI}|{_WITH_SIGNS})")
_BARE_YEAR = re.compile(rf"(?:{_WESTERN}|{_JAPANESE})")


def _year(match: re.Match[str]) -> int | None:
    if match["western"] is not None:
        return whole_number(match["western"])
    era, number = era_named(match["era"]), whole_number(match["number"])
    return None if era is None or number is None else era.western(number)


def _value(match: re.Match[str]) -> PartialDate | None:
    """The date a match states; None when it states one that does not exist."""
    year = _year(match)
    groups = match.groupdict()
    parts = [groups.get("month") or groups.get("month_s"), groups.get("day") or groups.get("day_s")]
    numbers = [None if part is None else whole_number(part) for part in parts]
    if year is None or any(number is None for part, number in zip(parts, numbers, strict=True) if part is not None):
        return None
    try:
        return PartialDate(year, *numbers)
    except ValueError:
        return None


def _could_be_a_decimal(match: re.Match[str]) -> bool:
    """2024.5 or M3.5 alone is as likely a decimal number; 2024.5.1 and R6.5 are dates."""
    doubtful = match["western"] is not None or match["era"] in ("M", "T", "m", "t")
    return doubtful and match["sign"] == "." and match["day_s"] is None


def find_partial_dates(text: str) -> list[Found]:
    """Every date stated in a text, in order, with its span. Fiscal years (令和6年度) and impossible dates are left out."""
    aligned = align(text)
    found: list[Found] = []
    for match in _DATE.finditer(aligned.text):
        value = None if _could_be_a_decimal(match) else _value(match)
        if value is not None:
            start, end = aligned.span(match.start(), match.end())
            found.append(Found(value, (start, end), text[start:end]))
    return found


_BRACKETS = "()[]<>〈〉《》【】〔〕「」 \n\t"
_SUFFIX = r"\s*(?:末|初|当初|頃|ごろ)?\s*(?:時点|現在|付け?|まで|作成|公表)?"
_YEAR_ALONE = re.compile(rf"{_BARE_YEAR.pattern}(?:(?P<sign>\.)(?P<month_s>[0-9]{{1,2}}))?{_SUFFIX}")
_RANGE_SIGN = re.compile(r"\s*(?:[~〜～―-]|から|以降)")


def parse_partial_date(text: str) -> PartialDate | None:
    """The one date a caption or a cell states: 令和6年5月時点 → 2024-05. Brackets and 時点, 現在, 末 are understood.

    A longer text is read when it holds exactly one date; none, several, the start of a range, a fiscal year
    or a date that does not exist give None.
    """
    plain = align(text).text.strip(_BRACKETS)
    year_alone = _YEAR_ALONE.fullmatch(plain)
    if year_alone:
        return _value(year_alone)
    if sum(1 for _ in _DATE.finditer(plain)) != 1:
        return None
    found = find_partial_dates(plain)
    if not found or _RANGE_SIGN.match(plain, found[0].span[1]):
        return None
    return found[0].value


def to_wareki(value: date | PartialDate | int, *, short: bool = False) -> str:
    """Write a day, a month or a year in the Japanese calendar: 令和6年5月1日, 令和6年5月, 令和元年; short: R6.5.1, R1.

    A year or a month in which the era changed is given the new era's name (2019 → 令和元年). ValueError before 明治.
    """
    if isinstance(value, int):
        value = PartialDate(value)
    if isinstance(value, PartialDate):
        month, day, reckoned = value.month, value.day, value.last_day
    else:
        month, day, reckoned = value.month, value.day, value
    era = era_of(reckoned)
    number = reckoned.year - era.start.year + 1
    if short:
        return ".".join([f"{era.letter}{number}", *(str(part) for part in (month, day) if part is not None)])
    written = f"{era.name}{'元' if number == 1 else number}年"
    if month is not None:
        written += f"{month}月"
    if day is not None:
        written += f"{day}日"
    return written
