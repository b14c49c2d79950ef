"""Measures: counts that apps offer by code, so that indicators can recount and open them without importing the app.

@measure(code="councils.meetings", label="協議の場の開催回数", unit="回", basis="records",
         facts={"councils.meeting": "会議の記録"})
def meetings(region_code, fiscal_year): return MeasureCount(value=3, records=3)

@meetings.together  # unique records of several regions: one meeting of two towns is one meeting of their area
def meetings_together(region_codes, fiscal_year): ...

@meetings.many  # the same counts, a table at a time
def meetings_by_region(region_codes, fiscal_years): return {("10205", 2024): MeasureCount(value=3, records=3)}

@meetings.opens
def meeting_records(actor, region_codes, fiscal_year): return [MeasureRecord("第1回 全体会", "/councils/…/")]
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """A figure counted again from rows. `value` None is "cannot be told", never zero; `records` says how many rows it is from.

    withheld: why a figure that could be counted is not told to anybody (too few people to tell them apart); then it has
    no value (ValueError). A rate carries numerator and denominator, both or neither, and no value when the denominator is 0 (ValueError).
    """

    value: int | Decimal | None
    records: int
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    withheld: str = ""

    def __post_init__(self) -> None:
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("a rate carries its numerator and its denominator")
        if self.denominator == 0 and self.value is not None:
            raise ValueError("a rate over nothing has no value")
        if self.withheld and self.value is not None:
            raise ValueError("a figure that is withheld has no value")
        if self.records < 0:
            raise ValueError("a measure cannot rest on fewer than no records")


@dataclass(frozen=True, slots=True)
class MeasureRecord:
    """A record behind a count, as a list shows it: what it is, the address inside nimo where it opens, a remark."""

    text: str
    path: str
    note: str = ""


Key = tuple[str, int]
"""(region code, fiscal year)."""
Over = Literal["added", "own"]
CountFunction = Callable[[str, int], MeasureCount]
TogetherFunction = Callable[[tuple[str, ...], int], MeasureCount]
ManyFunction = Callable[[Collection[str], Collection[int]], Mapping[Key, MeasureCount]]
RecordsFunction = Callable[[Any, tuple[str, ...], int], Iterable[MeasureRecord]]


class CannotOpen(LookupError):
    """The measure offers no way to open the records behind it."""


@dataclass(slots=True)
class Measure:
    """A registered measure; calling it counts the records of exactly one region: `meetings("10205", 2024)`.

    over: how a region that contains others is counted where no `together` is offered: "added" from its municipalities
    by the addition rules, or "own": its own records only (a prefecture's own councils).
    facts: what it is counted from, as services name it when they mark something stale, with its Japanese name
    ("sheets.sheet": 自治体情報シート); its own code is one of them.
    """

    code: str
    label: str
    unit: str
    basis: str
    count: CountFunction
    facts: Mapping[str, str] = field(default_factory=dict)
    over: Over = "added"
    _opener: RecordsFunction | None = field(default=None, repr=False)
    _together: TogetherFunction | None = field(default=None, repr=False)
    _many: ManyFunction | None = field(default=None, repr=False)

    def __call__(self, region_code: str, fiscal_year: int) -> MeasureCount:
        return self.count(region_code, fiscal_year)

    def opens(self, function: RecordsFunction) -> RecordsFunction:
        """Register the function that gives the records behind the count, as far as the actor may see them."""
        if self._opener is not None:
            raise ValueError(f"measure {self.code} already has a way to open its records")
        self._opener = function
        return function

    def together(self, function: TogetherFunction) -> TogetherFunction:
        """Register the function that counts the unique records of several regions (one region is several of one)."""
        if self._together is not None:
            raise ValueError(f"measure {self.code} already counts regions together")
        self._together = function
        return function

    def many(self, function: ManyFunction) -> ManyFunction:
        """Register the function that counts single regions a table at a time; what it leaves out is counted one by one."""
        if self._many is not None:
            raise ValueError(f"measure {self.code} already counts many at once")
        self._many = function
        return function

    @property
    def can_open(self) -> bool:
        return self._opener is not None

    @property
    def counts_together(self) -> bool:
        return self._together is not None

    def count_together(self, region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
        """The unique records of several regions. LookupError when the measure cannot tell (then it is added up)."""
        if self._together is None:
            raise LookupError(self.code)
        return self._together(region_codes, fiscal_year)

    def count_many(self, keys: Collection[Key]) -> dict[Key, MeasureCount]:
        """The count of each (region, year), each of that region's own records."""
        counted: Mapping[Key, MeasureCount] = {}
        if self._many is not None and len(keys) > 1:
            counted = self._many({code for code, _ in keys}, {year for _, year in keys})
        return {key: counted[key] if key in counted else self.count(*key) for key in keys}

    def records(self, actor: Any, region_codes: tuple[str, ...], fiscal_year: int) -> Iterable[MeasureRecord]:
        """The records behind the count that this actor may see, each once. CannotOpen when the measure offers none."""
        if self._opener is None:
            raise CannotOpen(self.code)
        return self._opener(actor, region_codes, fiscal_year)


class UnknownMeasure(LookupError):
    """No measure is registered under this code."""


_measures: dict[str, Measure] = {}


def measure(
    *, code: str, label: str, unit: str, basis: str, facts: Mapping[str, str] | None = None, over: Over = "added"
) -> Callable[[CountFunction], Measure]:
    """Register a function `(region_code, fiscal_year) -> MeasureCount`. `region_code` is five digits, `fiscal_year`
    the western year it begins in, `basis` what is counted after which rule. facts: what makes it stale besides its own
    code. ValueError for a code used twice.
    """

    def register(count: CountFunction) -> Measure:
        if code in _measures:
            raise ValueError(f"measure {code} is registered twice")
        _measures[code] = Measure(code, label, unit, basis, count, {code: label, **(facts or {})}, over)
        return _measures[code]

    return register


def get(code: str) -> Measure:
    """The measure of a code. UnknownMeasure when there is none."""
    try:
        return _measures[code]
    except KeyError:
        raise UnknownMeasure(code) from None


def all_measures() -> tuple[Measure, ...]:
    """Every measure, by code."""
    return tuple(_measures[code] for code in sorted(_measures))


def counted_from(fact: str) -> tuple[Measure, ...]:
    """The measures that become stale when this fact changes, by code."""
    return tuple(one for one in all_measures() if fact in one.facts)
