"""What a recount writes, and how a region that contains others is counted: unique records, or the addition rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from nimo.community.indicators.rules.addition import UnableToAdd, pooled, total
from nimo.community.indicators.rules.values import Datum, Kind, Number
from nimo.core.measures import Key, Measure, MeasureCount
from nimo.core.numbers import format_number

BASIS = "records"
NOTE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure as counted just now. value None: it cannot be told, `note` says why; that is never zero.

    withheld: it was counted and is kept back, from everybody.
    """

    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    note: str = ""
    withheld: bool = False

    @property
    def state(self) -> str:
        if self.withheld:
            return "suppressed_at_source"
        return "value" if self.value is not None else "absent"

    @classmethod
    def of(cls, count: MeasureCount) -> Counted:
        if count.withheld:
            return cls(None, note=count.withheld[:NOTE_LIMIT], withheld=True)
        if count.value is None:
            return cls(None, note="もとになる記録がそろわないため、数えられません。")
        return cls(count.value, count.numerator, count.denominator)


def indicator_code(measure_code: str) -> str:
    """The dictionary's code of what a measure counts: sheets.confirmed → sheets_confirmed (codes stand in addresses)."""
    return measure_code.replace(".", "_")


def as_of(fiscal_year: int) -> str:
    """What is counted belongs to the whole fiscal year, so that counting again states the same fact."""
    return f"FY{fiscal_year}"


def locator(measure: Measure) -> str:
    return f"数え方: {measure.label}"[:200]


def added(
    measure: Measure,
    kind: str,
    fiscal_year: int,
    counts: Mapping[Key, MeasureCount],
    names: Mapping[str, str],
    parents: Mapping[str, frozenset[str]],
) -> Counted:
    """The figure of several regions from the counts of each: counts are summed, rates and means pooled, nothing else.

    counts: of one fiscal year, by (region code, year). A region without a value leaves no figure, and is named.
    """
    items: Sequence[Datum] = [
        Datum(
            indicator=indicator_code(measure.code),
            kind=cast(Kind, kind),
            region_code=code,
            fiscal_year=year,
            as_of=as_of(year),
            basis=BASIS,
            coverage="",
            unit=measure.unit,
            state="value" if count.value is not None else "absent",
            value=count.value,
            numerator=count.numerator,
            denominator=count.denominator,
            basis_matters=False,
            label=names.get(code, code),
        )
        for (code, year), count in sorted(counts.items())
        if year == fiscal_year
    ]
    if not items:
        return Counted(None, note="この地域の中の市町村が分からないため、数えられません。")
    try:
        if kind == "count":
            whole = total(items, over="regions", parents=parents)
            return Counted(whole.value, note=whole.reason[:NOTE_LIMIT])
        ratio = pooled(items, per=100 if kind == "rate" else 1, parents=parents)
    except UnableToAdd as refusal:
        return Counted(None, note=str(refusal)[:NOTE_LIMIT])
    if ratio.denominator == 0:
        return Counted(None, note="分母が0のため、割合を出せません。")
    return Counted(ratio.value(), ratio.numerator, ratio.denominator)


def words(counted: Counted, unit: str) -> str:
    return f"{format_number(counted.value)}{unit}" if counted.value is not None else "数えられない"
