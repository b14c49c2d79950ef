"""Rates of places per population: with their parts, an interval, and standardised by age."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nimo.analysis.rates.intervals import poisson_interval


class RateError(ValueError):
    """The rate cannot be computed; the message (Japanese) says what is missing."""


@dataclass(frozen=True, slots=True)
class Rate:
    """numerator ÷ denominator × per, with the limits of its interval. value None when the denominator is zero."""

    numerator: int
    denominator: int
    per: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    method: str


@dataclass(frozen=True, slots=True)
class StandardisedRate:
    """A directly standardised rate per `per` persons. events, persons: of all age classes together."""

    events: int
    persons: int
    per: int
    value: Decimal
    low: Decimal
    high: Decimal
    method: str


def decimal(value: float, places: int = 4) -> Decimal:
    """A float rounded half up; its last digits are never shown."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def area_rate(events: int, persons: int, *, per: int = 100_000, confidence_percent: int = 95) -> Rate:
    """人口あたりの率. Unit: per `per` persons. Exact Poisson limits (Garwood 1936), good for small areas too.

    ValueError for a negative count.
    """
    if persons <= 0:
        return Rate(events, persons, per, None, None, None, "poisson_exact")
    low, high = (limit * per / persons for limit in poisson_interval(events, confidence_percent))
    return Rate(events, persons, per, decimal(events * per / persons), decimal(low), decimal(high), "poisson_exact")


def standardised_rate(
    events: Mapping[str, int],
    persons: Mapping[str, int],
    standard: Mapping[str, int],
    *,
    per: int = 100_000,
    confidence_percent: int = 95,
) -> StandardisedRate:
    """直接法による年齢調整率. Unit: per `per` persons of the standard population.

    events, persons, standard: by age class; the classes of `standard` count. Definition: Σ w·events/persons ÷ Σ w.
    Interval: Dobson, Kuulasmaa, Eberle & Scherer (1991) Stat Med 10:457 with exact Poisson limits of all events.
    RateError when a class of the standard population has no persons, or events lie outside the classes.
    """
    total = sum(standard.values())
    if total <= 0:
        raise RateError("基準人口がありません。")
    outside = [age for age, number in events.items() if number and not standard.get(age)]
    if outside:
        raise RateError("基準人口にない年齢区分に人がいるため、年齢調整率を計算できません。")
    rate = variance = 0.0
    for age, weight in standard.items():
        if weight == 0:
            continue
        base = persons.get(age, 0)
        if base <= 0:
            raise RateError("人口のない年齢区分があるため、年齢調整率を計算できません。")
        number = events.get(age, 0)
        rate += weight * number / base
        variance += weight * weight * number / base**2
    rate, variance = rate / total, variance / total**2
    count = sum(events.get(age, 0) for age in standard)
    low, high = poisson_interval(count, confidence_percent)
    if count == 0:
        # Nothing happened: Dobson's ratio is 0/0. The upper limit takes the largest weight an event could have had.
        scale = max(weight / total / persons[age] for age, weight in standard.items() if weight)
        limits = 0.0, scale * high
    else:
        scale = math.sqrt(variance / count)
        limits = max(0.0, rate + scale * (low - count)), rate + scale * (high - count)
    return StandardisedRate(
        events=count,
        persons=sum(persons.get(age, 0) for age in standard),
        per=per,
        value=decimal(rate * per),
        low=decimal(limits[0] * per),
        high=decimal(limits[1] * per),
        method="direct_dobson",
    )


@dataclass(frozen=True, slots=True)
class Smoothed:
    """A rate drawn towards that of all places together; weight 1 keeps its own rate, 0 takes the common one."""

    value: Decimal
    weight: Decimal
    per: int


def smoothed_rates(events: Mapping[str, int], persons: Mapping[str, int], *, per: int = 100_000) -> dict[str, Smoothed]:
    """経験ベイズ推定による率 of small areas (an estimate, not a count). Places without population are left out.

    Marshall (1991) Appl Stat 40:283, global moments. RateError when no place has population.
    """
    places = [code for code in events if persons.get(code, 0) > 0]
    if not places:
        raise RateError("人口の分かる地域がありません。")
    whole = sum(persons[code] for code in places)
    common = sum(events[code] for code in places) / whole
    spread = sum(persons[code] * (events[code] / persons[code] - common) ** 2 for code in places) / whole
    between = max(0.0, spread - common / (whole / len(places)))
    found = {}
    for code in places:
        own = events[code] / persons[code]
        noise = common / persons[code]
        weight = between / (between + noise) if between + noise > 0 else 0.0
        found[code] = Smoothed(decimal((common + weight * (own - common)) * per), decimal(weight), per)
    return found
