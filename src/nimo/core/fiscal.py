"""Fiscal years (年度, April to March): their names and how documents write them.

R6, Ｒ６, 令和6年度, 令和元年度, H31 = R1, 2024年度, 昨年度 (relative to a sheet), 平成28～29年度, 平成25年度～.
A fiscal year runs from 1 April (財政法 第11条; 地方自治法 第208条).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nimo.core.aligned import align
from nimo.core.eras import ERA_PATTERN, ERAS, NUMBER_PATTERN, PartialDate, era_named, to_wareki
from nimo.core.numerals import whole_number

# 明治元年 to 令和99年: what the notations here can write.
FIRST_YEAR, LAST_YEAR = 1868, 2117


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """The fiscal year that begins on 1 April of `year`: FiscalYear(2024) is 令和6年度. ValueError outside 1868-2117."""

    year: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"fiscal years are known from {FIRST_YEAR} to {LAST_YEAR}, not {self.year}")

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """The fiscal year a day falls in: 31 March 2025 is 令和6年度."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def of_partial(cls, day: PartialDate) -> FiscalYear | None:
        """The fiscal year a month or a day falls in; None for a year alone, which lies in two."""
        return None if day.month is None else cls.of(day.first_day)

    @property
    def label(self) -> str:
        """令和6年度; 2019 is 令和元年度, as the ministries wrote it from 1 May 2019."""
        return f"{to_wareki(self.year)}度"

    @property
    def short(self) -> str:
        """R6; 2019 is R1."""
        return to_wareki(self.year, short=True)

    @property
    def label_with_western(self) -> str:
        """令和6年度（2024年度）"""
        return f"{self.label}（{self.year}年度）"

    @property
    def start(self) -> date:
        return date(self.year, 4, 1)

    @property
    def end(self) -> date:
        return date(self.year + 1, 3, 31)

    @property
    def previous(self) -> FiscalYear:
        return FiscalYear(self.year - 1)

    @property
    def next(self) -> FiscalYear:
        return FiscalYear(self.year + 1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class FiscalYearRange:
    """From `start` to `end`, both included; `end` None is open (平成25年度～). ValueError when it ends before it starts."""

    start: FiscalYear
    end: FiscalYear | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a range cannot end ({self.end}) before it starts ({self.start})")

    @property
    def label(self) -> str:
        """令和6年度～令和8年度; 令和6年度～ when open; 令和6年度 for one year."""
        if self.end == self.start:
            return self.start.label
        return f"{self.start.label}～{self.end.label if self.end else ''}"

    def __contains__(self, fiscal_year: FiscalYear) -> bool:
        return self.start <= fiscal_year and (self.end is None or fiscal_year <= self.end)

    def years(self, *, until: FiscalYear | None = None) -> Iterator[FiscalYear]:
        """The years of the range; an open range needs `until`. ValueError without it."""
        last = self.end or until
        if last is None:
            raise ValueError("an open range of fiscal years has no last year; say until when")
        return (FiscalYear(year) for year in range(self.start.year, last.year + 1))

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class FoundYear:
    """A fiscal year found in a text: `text[span[0]:span[1]] == evidence`. Both ends of a range share one evidence."""

    value: FiscalYear
    span: tuple[int, int]
    evidence: str


_RELATIVE = {
    "一昨年度": -2,
    "前々年度": -2,
    "昨年度": -1,
    "前年度": -1,
    "今年度": 0,
    "本年度": 0,
    "当年度": 0,
    "再来年度": 2,
    "翌々年度": 2,
    "来年度": 1,
    "次年度": 1,
    "翌年度": 1,
}
# 2年度にわたり is a length of time, not 令和2年度.
_BARE = r"(?<![0-9.,A-Za-z])[0-9]{1,2}(?=\s*年\s*度(?!\s*(?:に(?:わた|渡)|間|目|分|連続|ぶり|続け)))"


def _year_pattern(suffix: str) -> str:
    """A year in any notation, as groups era, number, western, relative and bare, each followed by `suffix`."""
    return (
        rf"(?:(?P<era{suffix}>{ERA_PATTERN})\s*(?P<number{suffix}>{NUMBER_PATTERN})"
        rf"|(?:西暦\s*)?(?<![0-9.,/-])(?P<western{suffix}>[12][0-9]{{3}})(?![0-9,])"
        rf"|(?P<relative{suffix}>{'|'.join(_RELATIVE)})"
        rf"|(?P<bare{suffix}>{_BARE}))"
    )


_NENDO = r"(?:(?<=年度)|\s*年\s*度)"
_EDGE = r"(?:\s*(?:当初|末))?"
_RANGE_SIGN = r"\s*(?:[~〜～―–-]|から)\s*"
_SINGLE = re.compile(_year_pattern("") + _NENDO + _EDGE)
_SECOND = rf"(?:{_year_pattern('_2')}|(?P<rest_2>(?<![0-9])[0-9]{{1,4}}))"
_RANGE = re.compile(
    rf"{_year_pattern('')}(?:(?<=年度)|\s*年(?:\s*度)?)?{_EDGE}(?P<sign>{_RANGE_SIGN}|\s*・\s*){_SECOND}{_NENDO}{_EDGE}"
)
# 目標値(R6) without 年度: heisei and reiwa letters only, standing alone (R6.5 is a date, R6年 a calendar year).
_LETTER = re.compile(
    r"(?<![A-Za-z0-9.-])(?P<era>[HR])(?P<number>[0-9]{1,2})(?![0-9A-Za-zァ-ヶー]|\s*[./-]\s*[0-9]|\s*年)" + _EDGE
)
_TYPED = re.compile(
    _year_pattern("") + r"(?:(?<=年度)|\s*年\s*度|\s*年)?" + _EDGE + r"\s*(?:時点|まで|中|分|実績|目標)?"
)
_OPEN_RANGE = re.compile(_RANGE_SIGN + r"|\s*(?:以降|より)")
# An end that cannot be read (平成30～100年度) does not make the range open.
_OPEN_ENDED = re.compile(rf"(?:{_OPEN_RANGE.pattern})(?!\s*(?:[0-9]|{ERA_PATTERN}))")
_BRACKETS = "()[]<>〈〉《》【】〔〕「」 \n\t"


def _fiscal_year(year: int | None) -> FiscalYear | None:
    return FiscalYear(year) if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


PLAN_YEARS = 6


def _without_era(number: int, sheet_year: FiscalYear | None) -> FiscalYear | None:
    """16年度 in a sheet of 令和3年度 is 平成16: the latest year of that number in any era up to the sheet's own year.

    Sheets also plan ahead (the longest plans run PLAN_YEARS): when the number could be such a coming year, None.
    """
    if sheet_year is None or number < 1:
        return None
    candidates = [
        era.start.year + number - 1 for era in ERAS if era.last_year_number is None or number <= era.last_year_number
    ]
    if any(sheet_year.year < year <= sheet_year.year + PLAN_YEARS for year in candidates):
        return None
    past = [year for year in candidates if year <= sheet_year.year]
    return _fiscal_year(max(past)) if past else None


def _read(match: re.Match[str], suffix: str, sheet_year: FiscalYear | None) -> FiscalYear | None:
    groups = match.groupdict()
    if era_text := groups.get(f"era{suffix}"):
        era, number = era_named(era_text), whole_number(groups[f"number{suffix}"])
        return None if era is None or number is None else _fiscal_year(era.western(number))
    if western := groups.get(f"western{suffix}"):
        return _fiscal_year(int(western))
    if relative := groups.get(f"relative{suffix}"):
        return None if sheet_year is None else _fiscal_year(sheet_year.year + _RELATIVE[relative])
    if bare := groups.get(f"bare{suffix}"):
        return _without_era(int(bare), sheet_year)
    return None


def _read_end(match: re.Match[str], start: FiscalYear, sheet_year: FiscalYear | None) -> FiscalYear | None:
    """The second year of a range; 29 in 平成28～29年度 takes the era of the first, 20 in 2018～20年度 its century."""
    number = match["rest_2"] or match["bare_2"]
    if number is None:
        return _read(match, "_2", sheet_year)
    if match["western"]:
        return _fiscal_year(int(number) if len(number) == 4 else start.year // 100 * 100 + int(number))
    if match["era"] and len(number) <= 2:
        era = era_named(match["era"])
        return None if era is None else _fiscal_year(era.western(int(number)))
    return _without_era(int(number), sheet_year) if match["bare"] else None


def _read_range(match: re.Match[str], sheet_year: FiscalYear | None) -> FiscalYearRange | None:
    start = _read(match, "", sheet_year)
    if start is None:
        return None
    end = _read_end(match, start, sheet_year)
    if end is None or end <= start or ("・" in match["sign"] and end != start.next):
        return None
    return FiscalYearRange(start, end)


def find_fiscal_years(text: str, *, sheet_year: FiscalYear | None = None) -> list[FoundYear]:
    """Every fiscal year a text names, in order. Relative (昨年度) and era-less (16年度) ones only with `sheet_year`.

    Calendar years and dates (令和6年5月) are not fiscal years; a range gives its first and its last year.
    """
    aligned = align(text)
    found: list[FoundYear] = []
    position = 0
    while position < len(aligned.text):
        matches = [match for pattern in (_RANGE, _SINGLE, _LETTER) if (match := pattern.search(aligned.text, position))]
        if not matches:
            break
        match = min(matches, key=lambda candidate: candidate.start())
        years: list[FiscalYear | None]
        if match.re is _RANGE:
            both = _read_range(match, sheet_year)
            if both is None:
                # Not a range after all: read its two years one by one.
                match = _SINGLE.match(aligned.text, match.start()) or match
            years = [both.start, both.end] if both else [_read(match, "", sheet_year)] if match.re is _SINGLE else []
        else:
            years = [_read(match, "", sheet_year)]
        span = aligned.span(match.start(), match.end())
        found.extend(FoundYear(year, span, text[slice(*span)]) for year in years if year is not None)
        position = match.end() if years else match.start() + 1
    return found


def parse_fiscal_year(text: str, *, sheet_year: FiscalYear | None = None) -> FiscalYear | None:
    """The one fiscal year a text states: R6, 令和6年度, H31 (= R1), Ｈ30年度当初, 2024, 令和6年, 昨年度 of a sheet.

    A longer text (目標値（R6年度）) is read when it names exactly one year. None when it names none or several,
    begins a range, is a date, or is relative and `sheet_year` is not given.
    """
    plain = align(text).text.strip(_BRACKETS)
    typed = _TYPED.fullmatch(plain)
    if typed:
        return _read(typed, "", sheet_year)
    found = find_fiscal_years(plain, sheet_year=sheet_year)
    if len({one.value for one in found}) != 1:
        return None
    if any(_OPEN_RANGE.match(plain, one.span[1]) for one in found):
        return None
    return found[0].value


def parse_fiscal_year_range(text: str, *, sheet_year: FiscalYear | None = None) -> FiscalYearRange | None:
    """The range a text states: 平成20年度～平成24年度, 平成28～29年度, 平成25年度～ (open), 平成30年度 (one year).

    None when it states none, or one that cannot be (reversed, 令和8～6年度).
    """
    plain = align(text).text.strip(_BRACKETS)
    match = _RANGE.search(plain)
    if match:
        return _read_range(match, sheet_year)
    found = find_fiscal_years(plain, sheet_year=sheet_year)
    if len({one.value for one in found}) == 1 and _OPEN_ENDED.match(plain, found[-1].span[1]):
        return FiscalYearRange(found[0].value, None)
    year = parse_fiscal_year(text, sheet_year=sheet_year)
    return None if year is None else FiscalYearRange(year, year)
