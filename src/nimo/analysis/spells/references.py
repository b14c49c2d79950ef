"""Small tables that stand beside the spells: hospitals, merged municipalities, areas, populations. All may be empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from nimo.core.codes import AreaCode


class ReferencesError(ValueError):
    """A table beside the spells contradicts itself; the message (Japanese) names the line."""


@dataclass(frozen=True, slots=True)
class Hospital:
    """municipality: five digits; closed_on: the last day it had patients, None while it is open."""

    code: str
    municipality: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """`old` became (part of) `new` on that day. A municipality that was divided cannot be followed and is not listed."""

    old: str
    new: str
    on: date


@dataclass(frozen=True, slots=True)
class Population:
    """persons: by age class code ("" for all ages together)."""

    municipality: str
    persons: int
    by_age: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class References:
    """What is known beside the spells.

    areas: municipality → area code (圏域, 二次医療圏 …), any text.
    """

    hospitals: Sequence[Hospital] = ()
    successions: Sequence[Succession] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
    populations: Sequence[Population] = ()
    standard: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def population_of(self) -> Mapping[str, Population]:
        return {one.municipality: one for one in self.populations}

    @cached_property
    def hospital_codes(self) -> frozenset[str]:
        return frozenset(hospital.code for hospital in self.hospitals)

    def current_codes(self, on: date) -> dict[str, str]:
        """Old municipality code → the code in use on a day, through chains of mergers. ReferencesError for a circle."""
        step = {one.old: one.new for one in self.successions if one.on <= on}
        found = {}
        for old in step:
            new, seen = old, {old}
            while new in step:
                new = step[new]
                if new in seen:
                    raise ReferencesError(f"市町村の合併の表が循環しています（{old}）。計算は始めていません。")
                seen.add(new)
            found[old] = new
        return found


def is_municipality(code: str) -> bool:
    """True for the five-digit code of a municipality or ward; prefectures and impossible codes are not."""
    try:
        return not AreaCode(code).code.endswith("000")
    except ValueError:
        return False
