"""Measures: counts that apps offer by code, so that indicators can recount and open them without importing the app.

@measure(code="councils.meetings", label="協議の場の開催回数", unit="回", basis="records")
def meetings(region_code, fiscal_year): return MeasureCount(value=3, records=3)

@meetings.opens
def meeting_records(actor, region_code, fiscal_year): return visible_meetings(actor).filter(…)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """A figure counted again from rows. `value` None is "cannot be told", never zero; `records` says how many rows it is from.

    A rate carries numerator and denominator, both or neither, and no value when the denominator is 0 (ValueError).
    """

    value: int | Decimal | None
    records: int
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None

    def __post_init__(self) -> None:
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("a rate carries its numerator and its denominator")
        if self.denominator == 0 and self.value is not None:
            raise ValueError("a rate over nothing has no value")
        if self.records < 0:
            raise ValueError("a measure cannot rest on fewer than no records")


CountFunction = Callable[[str, int], MeasureCount]
RecordsFunction = Callable[[Any, str, int], Iterable[Any]]


class CannotOpen(LookupError):
    """The measure offers no way to open the records behind it."""


@dataclass(slots=True)
class Measure:
    """A registered measure; calling it counts: `meetings("10205", 2024)`."""

    code: str
    label: str
    unit: str
    basis: str
    count: CountFunction
    _opener: RecordsFunction | None = field(default=None, repr=False)

    def __call__(self, region_code: str, fiscal_year: int) -> MeasureCount:
        return self.count(region_code, fiscal_year)

    def opens(self, function: RecordsFunction) -> RecordsFunction:
        """Register the function that gives the records behind the count, as far as the actor may see them."""
        if self._opener is not None:
            raise ValueError(f"measure {self.code} already has a way to open its records")
        self._opener = function
        return function

    @property
    def can_open(self) -> bool:
        return self._opener is not None

    def records(self, actor: Any, region_code: str, fiscal_year: int) -> Iterable[Any]:
        """The records behind the count that this actor may see. CannotOpen when the measure offers none."""
        if self._opener is None:
            raise CannotOpen(self.code)
        return self._opener(actor, region_code, fiscal_year)


class UnknownMeasure(LookupError):
    """No measure is registered under this code."""


_measures: dict[str, Measure] = {}


def measure(*, code: str, label: str, unit: str, basis: str) -> Callable[[CountFunction], Measure]:
    """Register a function `(region_code, fiscal_year) -> MeasureCount`. `region_code` is five digits, `fiscal_year`
    the western year it begins in, `basis` what is counted after which rule. ValueError for a code used twice.
    """

    def register(count: CountFunction) -> Measure:
        if code in _measures:
            raise ValueError(f"measure {code} is registered twice")
        _measures[code] = Measure(code, label, unit, basis, count)
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
