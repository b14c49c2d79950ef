"""在院の生存曲線: the share still in hospital by days since admission, exact by day or by bands of days.

Kaplan & Meier (1958) J Am Stat Assoc 53:457; variance: Greenwood (1926); bands on the log(−log) scale: Kalbfleisch &
Prentice (1980); bands of days: the actuarial life table, Cutler & Ederer (1958) J Chronic Dis 8:699.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from nimo.analysis.rates.intervals import z_of
from nimo.analysis.rates.places import decimal


@dataclass(frozen=True, slots=True)
class Point:
    """The curve right after `days`. at_risk: in hospital just before; censored at this day leave after it.

    survival, low, high: shares 0–1; low and high None where the variance says nothing (nobody left yet, or all did).
    """

    days: int
    at_risk: int
    events: int
    censored: int
    survival: Decimal
    low: Decimal | None
    high: Decimal | None


def _limits(survival: float, greenwood: float, z: float) -> tuple[Decimal | None, Decimal | None]:
    if not 0 < survival < 1 or not math.isfinite(greenwood):
        return None, None
    width = z * math.sqrt(greenwood) / abs(math.log(survival))
    return decimal(survival ** math.exp(width)), decimal(survival ** math.exp(-width))


def kaplan_meier(rows: Iterable[Mapping[str, int]], *, confidence_percent: int = 95) -> list[Point]:
    """The curve from rows of `indicators.stay_days.durations` (days, event, stays), one point per day with an event."""
    events: dict[int, int] = {}
    censored: dict[int, int] = {}
    for row in rows:
        target = events if row["event"] else censored
        target[row["days"]] = target.get(row["days"], 0) + row["stays"]
    at_risk = sum(events.values()) + sum(censored.values())
    z, survival, greenwood = z_of(confidence_percent), Decimal(1), 0.0
    points = []
    with localcontext(prec=50):
        for days in sorted(events.keys() | censored.keys()):
            left, lost = events.get(days, 0), censored.get(days, 0)
            if left:
                survival = survival * (at_risk - left) / at_risk
                greenwood += math.inf if left == at_risk else left / (at_risk * (at_risk - left))
                low, high = _limits(float(survival), greenwood, z)
                points.append(Point(days, at_risk, left, lost, decimal(float(survival)), low, high))
            at_risk -= left + lost
    return points


def survival_at(points: Sequence[Point], days: int) -> Decimal:
    """The share still in hospital after `days`, from the points of a curve (1 before the first)."""
    found = Decimal(1)
    for point in points:
        if point.days > days:
            break
        found = point.survival
    return found


def life_table(
    grid: Sequence[int], events: Sequence[int], censored: Sequence[int], beyond: int, *, confidence_percent: int = 95
) -> list[Point]:
    """The curve at the ends of bands of days. events, censored: by band; beyond: stays longer than the last band.

    Those censored within a band count for half of it. Without censoring it equals the exact curve at these days.
    ValueError when the lengths differ.
    """
    if not len(grid) == len(events) == len(censored):
        raise ValueError("one number of events and of censored stays for each band")
    at_risk = sum(events) + sum(censored) + beyond
    z, survival, greenwood = z_of(confidence_percent), Decimal(1), 0.0
    points = []
    with localcontext(prec=50):
        for days, left, lost in zip(grid, events, censored, strict=True):
            exposed = at_risk - Decimal(lost) / 2
            if exposed > 0:
                survival = survival * (exposed - left) / exposed
                share = float(left / (exposed * (exposed - left))) if left < exposed else math.inf
                greenwood += share
            low, high = _limits(float(survival), greenwood, z)
            points.append(Point(days, at_risk, left, lost, decimal(float(survival)), low, high))
            at_risk -= left + lost
    return points
