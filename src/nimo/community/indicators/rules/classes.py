"""Classes for maps: five groups of about equal size. A map shows where, never who is first or last."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.indicators.rules.values import Number
from nimo.core.numbers import format_number

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """bounds: the least value of each class from the second on; limits: least and greatest value of all."""

    bounds: tuple[Number, ...]
    limits: tuple[Number, Number]

    def level_of(self, value: Number) -> int:
        """0 to 4; equal values always share a level."""
        return bisect_right(self.bounds, value)

    def labels(self, unit: str) -> list[str]:
        """What each class covers: 100床以上200床未満, and at last 200床以上."""
        starts = [self.limits[0], *self.bounds]
        ends = [f"{format_number(bound)}{unit}未満" for bound in self.bounds]
        return [f"{format_number(start)}{unit}以上{end}" for start, end in zip(starts, [*ends, ""], strict=True)]


def classes_of(values: Sequence[Number]) -> Classes | None:
    """Quantile classes of the values shown; fewer than five where values repeat; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    bounds: list[Number] = []
    for place in range(1, LEVELS):
        bound = ordered[place * len(ordered) // LEVELS]
        if bound > ordered[0] and (not bounds or bound > bounds[-1]):
            bounds.append(bound)
    return Classes(tuple(bounds), (ordered[0], ordered[-1]))
