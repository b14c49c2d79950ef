"""The figures of an answer as they were known when it was written: plain texts, kept with the answer for good.

A snapshot is complete: the sheet is printed from it alone, so that the same answer gives the same paper in ten years,
whatever was corrected, recounted or published since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

YEARS = 5
MOST_INDICATORS = 4
MOST_FIGURES = 8
MOST_PREVIOUS = 3
SHAPE = 1
"""Of the JSON; a later shape must still read this one."""


@dataclass(frozen=True, slots=True)
class YearValue:
    """One fiscal year. value: exact decimal text for the bar, None where there is none (text then says why)."""

    label: str
    text: str
    value: str | None
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """The prefecture, the nation, the year before. reason: why it may not be compared ("" when it may)."""

    label: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FigureSnapshot:
    """One figure with everything that must stand beside it. text: with its unit, or the words in its place."""

    indicator: str
    name: str
    definition: str
    state: str
    text: str
    unit: str
    as_of: str
    basis: str
    coverage: str
    source: str
    path: str
    years: tuple[YearValue, ...]
    comparisons: tuple[ComparedValue, ...]
    caveats: tuple[str, ...]

    @property
    def number(self) -> str:
        """The text without its unit, for the large print."""
        return self.text.removesuffix(self.unit) if self.state == "value" else self.text


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """What was answered before, word for word."""

    asked_on: str
    meeting: str
    answerer: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """taken: the day, in words. public: only what everyone may know, in its public form."""

    taken: str
    public: bool
    figures: tuple[FigureSnapshot, ...]
    previous: tuple[PreviousAnswer, ...]

    def as_json(self) -> dict[str, Any]:
        return {"shape": SHAPE, **asdict(self)}


def _figure(given: Mapping[str, Any]) -> FigureSnapshot:
    rest = {name: given[name] for name in given if name not in ("years", "comparisons", "caveats")}
    return FigureSnapshot(
        years=tuple(YearValue(**year) for year in given["years"]),
        comparisons=tuple(ComparedValue(**one) for one in given["comparisons"]),
        caveats=tuple(given["caveats"]),
        **rest,
    )


def from_json(given: Mapping[str, Any]) -> Snapshot:
    """What `as_json` made. ValueError for a shape of another nimo."""
    if given.get("shape") != SHAPE:
        raise ValueError(f"a snapshot of shape {given.get('shape')!r}")
    return Snapshot(
        taken=given["taken"],
        public=given["public"],
        figures=tuple(_figure(one) for one in given["figures"]),
        previous=tuple(PreviousAnswer(**one) for one in given["previous"]),
    )


def bars(years: Sequence[YearValue]) -> list[tuple[str, Decimal | None, str]]:
    """(label, length, text) of each year."""
    return [(year.label, None if year.value is None else Decimal(year.value), year.text) for year in years]


def shown_years(years: Sequence[YearValue]) -> bool:
    """Is there more than one value to draw?"""
    return sum(1 for year in years if year.value is not None) > 1
