"""Confidence intervals of counts and proportions, exact where a closed form is not good enough. Plain floats in and out.

Poisson: Garwood (1936) Biometrika 28:437, by the gamma distribution. Proportions: Wilson (1927) J Am Stat Assoc 22:209.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

_STEPS = 200
_TINY = 1e-300


def z_of(confidence_percent: int) -> float:
    """The two-sided normal quantile: 95 → 1.959964. ValueError outside 1–99."""
    if not 1 <= confidence_percent <= 99:
        raise ValueError("a confidence level lies between 1 and 99 percent")
    return NormalDist().inv_cdf(0.5 + confidence_percent / 200)


def gamma_cdf(shape: float, x: float) -> float:
    """P(X ≤ x) of a gamma distribution with scale 1: the regularised lower incomplete gamma function."""
    if x <= 0:
        return 0.0
    front = math.exp(-x + shape * math.log(x) - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        for step in range(1, 100_000):
            term *= x / (shape + step)
            total += term
            if term < total * 1e-16:
                break
        return min(1.0, total * front)
    # Lentz's continued fraction for the upper tail.
    b, c = x + 1 - shape, 1 / _TINY
    d = value = 1 / b
    for step in range(1, 100_000):
        a = -step * (step - shape)
        b += 2
        d = a * d + b or _TINY
        c = b + a / c or _TINY
        d = 1 / d
        value *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return max(0.0, 1 - value * front)


def _root(grows: Callable[[float], float], target: float, start: float) -> float:
    """x with grows(x) = target, for a function that grows from 0 to 1."""
    low, high = 0.0, max(1.0, start)
    while grows(high) < target:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if grows(middle) < target else (low, middle)
    return (low + high) / 2


def poisson_interval(count: int, confidence_percent: int = 95) -> tuple[float, float]:
    """Exact limits of the mean of a Poisson count: 0 → (0, 3.689), 10 → (4.795, 18.390). ValueError below zero."""
    if count < 0:
        raise ValueError("a count is not negative")
    tail = (1 - confidence_percent / 100) / 2
    low = 0.0 if count == 0 else _root(lambda x: gamma_cdf(count, x), tail, count)
    return low, _root(lambda x: gamma_cdf(count + 1, x), 1 - tail, count + 1)


def wilson_interval(part: int, whole: int, confidence_percent: int = 95) -> tuple[float, float]:
    """Limits of a proportion (0–1). ValueError unless 0 ≤ part ≤ whole and whole > 0."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError("a proportion needs a part within a whole greater than zero")
    z = z_of(confidence_percent)
    share, square = part / whole, z * z / whole
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / whole + square / (4 * whole))
    return (0.0 if part == 0 else centre - half), (1.0 if part == whole else centre + half)
