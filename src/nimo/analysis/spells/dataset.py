"""What the indicators are computed from: usable spells, linked into stays once, as seen on one evening."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import ibis.expr.types as ir

from nimo.analysis.engine import Engine
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import PERSON, PSYCHIATRIC
from nimo.analysis.spells.linking import Beds, bed_intervals, link, of_beds, stays
from nimo.analysis.spells.prepare import BED_NUMBER, day_number, prepare
from nimo.analysis.spells.references import References

Basis = Literal["address", "hospital"]
BASES: tuple[Basis, ...] = ("address", "hospital")


class PeriodError(ValueError):
    """The figures cannot be had for these days; the message (Japanese) says which days can."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included. PeriodError when it ends before it begins."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError("期間の終わりが始まりより前です。")

    @property
    def days(self) -> tuple[int, int]:
        """Day numbers of the first and the last day."""
        return day_number(self.first), day_number(self.last)

    def __str__(self) -> str:
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@dataclass
class Dataset:
    """Use `open_dataset`. linked: psychiatric spells with their stay; stays: one row per stay; spells: in any bed.

    observed_until: the last day of which everything is known; what comes later is not seen.
    """

    engine: Engine
    rules: Rules
    observed_until: date
    spells: ir.Table
    linked: ir.Table
    stays: ir.Table
    _intervals: dict[Beds, ir.Table] = field(default_factory=dict)
    _has_other_beds: bool | None = None

    @property
    def has_other_beds(self) -> bool:
        """True when the table holds spells outside psychiatric beds: only then do days in any bed differ."""
        if self._has_other_beds is None:
            others = self.spells.filter(self.spells.bed != BED_NUMBER[PSYCHIATRIC])
            self._has_other_beds = bool(self.engine.rows(others.select("row").limit(1)))
        return self._has_other_beds

    def intervals(self, beds: Beds) -> ir.Table:
        """Days in bed as intervals that share no day (`bed_intervals`), computed once."""
        if beds == "any" and not self.has_other_beds:
            beds = "psychiatric"
        if beds not in self._intervals:
            self._intervals[beds] = self._any_bed() if beds == "any" else self._psychiatric()
        return self._intervals[beds]

    def _psychiatric(self) -> ir.Table:
        linking = self.rules.linking
        if linking.max_gap_days == 0 and not linking.needs_transfer:
            return self.stays.select(PERSON, "a", "end", "died")
        return self.engine.keep(bed_intervals(of_beds(self.spells, "psychiatric")))

    def _any_bed(self) -> ir.Table:
        """Only persons with another bed differ: the rest is taken from the psychiatric intervals."""
        others = self.spells.filter(self.spells.bed != BED_NUMBER[PSYCHIATRIC]).select(PERSON).distinct()
        theirs = bed_intervals(self.spells.semi_join(others, PERSON))
        rest = self.intervals("psychiatric").anti_join(others, PERSON)
        return self.engine.keep(theirs.union(rest))

    def require_observed(self, last: date) -> None:
        """PeriodError when `last` lies after the observation."""
        if last > self.observed_until:
            raise PeriodError(
                f"{self.observed_until.isoformat()} より後のことは分かりません。"
                f"{last.isoformat()} までの値は計算できません。"
            )


def open_dataset(
    engine: Engine,
    usable: ir.Table,
    *,
    observed_until: date,
    rules: Rules | None = None,
    references: References | None = None,
) -> Dataset:
    """Prepare and link usable spells (`Checked.usable`) once. They are kept by the engine until it closes."""
    rules = rules or Rules()
    spells = prepare(
        engine, usable, observed_until=observed_until, references=references or References(), age=rules.age
    )
    linked = engine.keep(link(of_beds(spells, "psychiatric"), rules.linking))
    return Dataset(engine, rules, observed_until, spells, linked, engine.keep(stays(linked)))


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)
