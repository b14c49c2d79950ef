"""A figure as the checks see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nimo.community.indicators.rules.drafts import Meaning
from nimo.community.indicators.rules.periods import UnableToReadAsOf, fiscal_year_of

Number = int | Decimal
Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """number: its place in the file. cell: how a message names it (E5). region_kind: for alike regions ("" unknown).

    value, numerator, denominator: None where the cell states none. counter: what stood behind the number.
    problem: why there is no certain number. axes: broken down by; "" the total.
    """

    number: int
    table: str
    sheet: str
    row: int
    cell: str
    indicator: str
    region: str
    as_of: str
    fiscal_year: int | None
    basis: str
    coverage: str
    dimension: str
    state: str
    value: Number | None
    raw: str
    unit: str | None = None
    counter: str = ""
    problem: str = ""
    numerator: Number | None = None
    denominator: Number | None = None
    region_kind: str = ""
    axes: Mapping[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        if self.fiscal_year is not None:
            return self.fiscal_year
        try:
            return fiscal_year_of(self.as_of)
        except UnableToReadAsOf:
            return None

    @property
    def series(self) -> Key:
        """The same fact in another year has the same one."""
        return (
            self.indicator,
            self.region,
            self.basis,
            self.coverage,
            self.dimension,
            self.as_of[4:] if self.as_of[:1].isdigit() else "FY",
        )


@dataclass(frozen=True, slots=True)
class Context:
    """meanings: the dictionary's entries by code. before: Subject.series → (year, value) of the last year known."""

    meanings: Mapping[str, Meaning]
    before: Mapping[Key, tuple[int, Number]] = field(default_factory=dict)
    expected_year: int | None = None
