"""Municipalities alike: the nearest by stated features, each with the reason. Nearness, never rank: no value is better.

Robust standardised distance: each feature is divided by its spread over all municipalities that state it (median absolute
deviation × 1.4826, so that a few very large cities do not decide what is near), weighted, and joined as a root mean square.
A feature somebody does not state counts as `missing_distance`; one the asking municipality does not state is not used, and
named. Floats here are distances only, no figure; equal ones are settled by the code of the municipality.
Rousseeuw & Croux 1993 (J. Am. Stat. Assoc. 88) on the median absolute deviation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from nimo.community.indicators.rules.evaluation import shown
from nimo.community.indicators.rules.expressions import Reference, parse, references
from nimo.core.numbers import format_number

_MAD = 1.4826
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Feature:
    """numerator and denominator (empty: none) each name indicators, the first that is stated is taken."""

    key: str
    label: str
    numerator: tuple[Reference, ...]
    denominator: tuple[Reference, ...]
    per: int
    unit: str
    places: int
    logarithmic: bool
    weight: float
    required: bool

    def words(self, value: Fraction) -> str:
        return f"{format_number(shown(value, self.places))}{self.unit}"


@dataclass(frozen=True, slots=True)
class Parameters:
    """close, far: up to and from which standardised distance a feature is named as alike, or as different.

    years: how many fiscal years back a feature may be stated.
    """

    neighbours: int
    years: int
    missing_distance: float
    close: float
    far: float
    features: tuple[Feature, ...]


def _references(texts: Sequence[str]) -> tuple[Reference, ...]:
    return tuple(one for text in texts for one in references(parse(text)))


def parameters_of(given: Mapping[str, Any]) -> Parameters:
    """From the data file. Raises KeyError and ValueError for what cannot be used."""
    features = tuple(
        Feature(
            key=one["key"],
            label=one["label"],
            numerator=_references(one["numerator"]),
            denominator=_references(one["denominator"]),
            per=one["per"],
            unit=one["unit"],
            places=one["places"],
            logarithmic={"log": True, "linear": False}[one["scale"]],
            weight=one["weight"],
            required=one["required"],
        )
        for one in given["features"]
    )
    if any(feature.weight <= 0 or not feature.numerator for feature in features) or given["neighbours"] < 1:
        raise ValueError("likeness: every feature needs a weight and an indicator")
    return Parameters(
        neighbours=given["neighbours"],
        years=given["years"],
        missing_distance=given["missing_distance"],
        close=given["close"],
        far=given["far"],
        features=features,
    )


Stated = Mapping[Reference, Fraction]
"""The figures of one municipality as the reader may see them."""


def feature_value(feature: Feature, stated: Stated) -> Fraction | None:
    """None where the municipality does not state it, or where it cannot be formed (over zero, the logarithm of zero)."""
    above = next((stated[one] for one in feature.numerator if one in stated), None)
    if above is None or (feature.logarithmic and above <= 0):
        return None
    if not feature.denominator:
        return above * feature.per
    below = next((stated[one] for one in feature.denominator if one in stated), None)
    return above * feature.per / below if below else None


@dataclass(frozen=True, slots=True)
class Likeness:
    """One feature of two municipalities: standardised distance (0 the same), None where the other does not state it."""

    feature: Feature
    mine: Fraction
    theirs: Fraction | None
    distance: float | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    code: str
    distance: float
    likenesses: tuple[Likeness, ...]

    def reason(self, parameters: Parameters) -> str:
        """人口が近い（222,364人 と 213,000人）、…; what differs or is not stated is said as well."""
        known = [one for one in self.likenesses if one.distance is not None and one.theirs is not None]
        near = [one for one in known if one.distance is not None and one.distance <= parameters.close]
        different = [one for one in known if one.distance is not None and one.distance >= parameters.far]
        unknown = [one.feature.label for one in self.likenesses if one.theirs is None]
        said = [f"{one.feature.label}が近い（{_pair(one)}）" for one in near]
        if not near and known:
            nearest = min(known, key=lambda one: (one.distance or 0.0, one.feature.key))
            said.append(f"{nearest.feature.label}が、ほかの項目より近い（{_pair(nearest)}）")
        if different:
            said.append(f"違うところ: {'、'.join(f'{one.feature.label}（{_pair(one)}）' for one in different)}")
        if unknown:
            said.append(f"分からないところ: {'、'.join(unknown)}")
        return "。".join(said)


def _pair(one: Likeness) -> str:
    theirs = one.feature.words(one.theirs) if one.theirs is not None else "値なし"
    return f"{one.feature.words(one.mine)} と {theirs}"


@dataclass(frozen=True, slots=True)
class Alike:
    """neighbours: the nearest first. used, missing: features the municipality states, and those it does not.

    reason: why there is nobody ("" when there is).
    """

    neighbours: tuple[Neighbour, ...]
    used: tuple[Feature, ...]
    missing: tuple[Feature, ...]
    compared: int = 0
    reason: str = ""


def _scaled(feature: Feature, value: Fraction) -> float:
    return math.log(value) if feature.logarithmic else float(value)


def _spread(values: Sequence[float]) -> float:
    """Never zero: where half of all say the same, the mean deviation; where all do, one (then nothing is far)."""
    middle = median(values)
    away = [abs(value - middle) for value in values]
    return median(away) * _MAD or (sum(away) / len(away)) * 1.2533 or 1.0


def alike(code: str, stated: Mapping[str, Stated], parameters: Parameters) -> Alike:
    """The municipalities most like `code` of all that state anything; always the same answer for the same figures."""
    mine_all = stated.get(code, {})
    mine = {feature: feature_value(feature, mine_all) for feature in parameters.features}
    used = [feature for feature in parameters.features if mine[feature] is not None]
    missing = tuple(feature for feature in parameters.features if mine[feature] is None)
    lacking = next((feature for feature in missing if feature.required), None)
    if lacking is not None or not used:
        label = lacking.label if lacking else "比べる項目"
        return Alike(
            (), tuple(used), missing, reason=f"この市町村の{label}の値がないため、似ている市町村を探せません。"
        )
    found: dict[str, list[Fraction | None]] = {}
    for other, figures in stated.items():
        values = [feature_value(feature, figures) for feature in used]
        if all(value is not None for feature, value in zip(used, values, strict=True) if feature.required):
            found[other] = values
    others = [other for other in found if other != code]
    if not others:
        return Alike((), tuple(used), missing, reason="比べられる値のある市町村が、ほかにありません。")
    spreads = [
        _spread([_scaled(feature, value) for values in found.values() if (value := values[place]) is not None])
        for place, feature in enumerate(used)
    ]
    weights = sum(feature.weight for feature in used)
    neighbours = []
    for other in others:
        likenesses = []
        square = 0.0
        for feature, spread, own, theirs in zip(used, spreads, found[code], found[other], strict=True):
            assert own is not None  # `used` holds only what the municipality states
            distance = None if theirs is None else abs(_scaled(feature, own) - _scaled(feature, theirs)) / spread
            square += feature.weight * (parameters.missing_distance if distance is None else distance) ** 2
            likenesses.append(Likeness(feature, own, theirs, distance))
        neighbours.append(Neighbour(other, round(math.sqrt(square / weights), _DIGITS), tuple(likenesses)))
    neighbours.sort(key=lambda one: (one.distance, one.code))
    return Alike(tuple(neighbours[: parameters.neighbours]), tuple(used), missing, len(others))
