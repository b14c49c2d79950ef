"""Intervals, rates, standardisation and survival against published values and plain arithmetic."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.analysis.rates.intervals import gamma_cdf, poisson_interval, wilson_interval, z_of
from nimo.analysis.rates.places import RateError, area_rate, smoothed_rates, standardised_rate
from nimo.analysis.rates.survival import kaplan_meier, life_table, survival_at


@pytest.mark.parametrize(
    "count, low, high",
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904), (100, 81.3640, 121.6272)],
)
def test_gives_the_exact_limits_of_a_count(count: int, low: float, high: float):
    """Garwood's table."""
    assert poisson_interval(count) == pytest.approx((low, high), abs=5e-4)


def test_gives_the_limits_of_a_proportion():
    """Newcombe (1998) Stat Med 17:857, table I, method 3."""
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_refuses_what_is_no_proportion_no_count_and_no_level():
    for part, whole in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="proportion"):
            wilson_interval(part, whole)
    with pytest.raises(ValueError, match="negative"):
        poisson_interval(-1)
    for level in (0, 100):
        with pytest.raises(ValueError, match="confidence"):
            z_of(level)


@given(count=st.integers(0, 400), level=st.sampled_from([50, 90, 95, 99]))
def test_the_exact_limits_leave_half_the_rest_on_each_side(count: int, level: int):
    low, high = poisson_interval(count, level)
    tail = (1 - level / 100) / 2

    def at_most(number: int, mean: float) -> float:
        return math.fsum(math.exp(-mean + n * math.log(mean) - math.lgamma(n + 1)) for n in range(number + 1))

    assert at_most(count, high) == pytest.approx(tail, abs=1e-9)
    if count:
        assert 1 - at_most(count - 1, low) == pytest.approx(tail, abs=1e-9)


@given(shape=st.integers(1, 60), x=st.floats(0.01, 120))
def test_the_gamma_distribution_is_a_sum_of_poisson_terms(shape: int, x: float):
    rest = math.fsum(math.exp(-x + n * math.log(x) - math.lgamma(n + 1)) for n in range(shape))
    assert gamma_cdf(shape, x) == pytest.approx(1 - rest, abs=1e-9)


def test_a_rate_keeps_its_parts_and_a_place_without_people_has_none():
    rate = area_rate(10, 40_000)
    assert (rate.numerator, rate.denominator, rate.value) == (10, 40_000, Decimal("25.0000"))
    assert (rate.low, rate.high) == (Decimal("11.9885"), Decimal("45.9759"))
    assert area_rate(3, 0).value is None


def test_standardises_by_age():
    """By hand: Σ w·d/n = (1000·2/500 + 3000·9/1000) ÷ 4000."""
    rate = standardised_rate({"young": 2, "old": 9}, {"young": 500, "old": 1000}, {"young": 1000, "old": 3000})
    assert rate.value == Decimal("775.0000")
    variance = Fraction(1000**2 * 2, 500**2) + Fraction(3000**2 * 9, 1000**2)
    scale = math.sqrt(variance / 11) / 4000
    low, high = poisson_interval(11)
    assert float(rate.low) == pytest.approx((0.00775 + scale * (low - 11)) * 100_000, abs=1e-3)
    assert float(rate.high) == pytest.approx((0.00775 + scale * (high - 11)) * 100_000, abs=1e-3)
    assert (rate.events, rate.persons) == (11, 1500)


def test_a_population_like_the_standard_keeps_its_crude_rate():
    standard = {"a": 10_000, "b": 20_000, "c": 5_000}
    rate = standardised_rate(
        {"a": 7, "b": 30, "c": 12}, {age: number // 10 for age, number in standard.items()}, standard
    )
    assert rate.value == area_rate(49, 3_500).value


def test_nobody_is_a_rate_of_zero_with_an_upper_limit():
    rate = standardised_rate({"a": 0}, {"a": 1000, "b": 10}, {"a": 1, "b": 1})
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high > area_rate(0, 1010).high, "one event among the ten would weigh more"


@pytest.mark.parametrize(
    "events, persons, standard",
    [
        ({"a": 1}, {"a": 10}, {}),
        ({"a": 1, "unknown": 2}, {"a": 10}, {"a": 5}),
        ({"a": 1}, {"a": 10, "b": 0}, {"a": 5, "b": 5}),
    ],
)
def test_refuses_to_standardise_what_does_not_fit(
    events: dict[str, int], persons: dict[str, int], standard: dict[str, int]
):
    with pytest.raises(RateError):
        standardised_rate(events, persons, standard)


def test_draws_small_places_towards_all():
    events, persons = {"small": 3, "large": 400, "other": 100}, {"small": 1_000, "large": 400_000, "other": 200_000}
    found = smoothed_rates({**events, "nobody": 0}, {**persons, "nobody": 0})
    assert set(found) == set(events), "a place without people has no rate"
    assert Decimal(50) < found["small"].value < Decimal(300)
    assert found["small"].weight < found["other"].weight < found["large"].weight
    with pytest.raises(RateError):
        smoothed_rates({"a": 1}, {})


# Freireich et al. (1963), 6-MP group: weeks of remission, + censored. Values as printed in Kleinbaum & Klein.
WEEKS = [(6, 1)] * 3 + [(6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0), (20, 0)]
WEEKS += [(22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]


def test_draws_the_curve_of_the_textbook():
    rows = [{"days": days, "event": event, "stays": n} for (days, event), n in Counter(WEEKS).items()]
    points = kaplan_meier(rows)
    assert [(p.days, p.at_risk, p.survival) for p in points] == [
        (6, 21, Decimal("0.8571")), (7, 17, Decimal("0.8067")), (10, 15, Decimal("0.7529")), (13, 12, Decimal("0.6902")),
        (16, 11, Decimal("0.6275")), (22, 7, Decimal("0.5378")), (23, 6, Decimal("0.4482")),
    ]  # fmt: skip
    assert (points[0].low, points[0].high) == (Decimal("0.6197"), Decimal("0.9516")), "log(−log) band, as R survival"
    assert survival_at(points, 5) == 1
    assert survival_at(points, 15) == Decimal("0.6902")


def test_says_nothing_where_everybody_left():
    (point,) = kaplan_meier([{"days": 3, "event": 1, "stays": 4}])
    assert (point.survival, point.low, point.high) == (0, None, None)
    assert kaplan_meier([]) == []


@given(
    left=st.lists(st.integers(0, 30), min_size=1, max_size=9),
    beyond=st.integers(0, 30),
)
def test_bands_of_days_give_the_exact_curve_where_nobody_is_lost(left: list[int], beyond: int):
    grid = [10 * (n + 1) for n in range(len(left))]
    rows = [{"days": day, "event": 1, "stays": n} for day, n in zip(grid, left, strict=True) if n]
    rows += [{"days": grid[-1] + 1, "event": 0, "stays": beyond}] if beyond else []
    exact = kaplan_meier(rows)
    banded = life_table(grid, left, [0] * len(left), beyond)
    for point in banded:
        assert point.survival == survival_at(exact, point.days) or not sum(left) + beyond
    with pytest.raises(ValueError, match="each band"):
        life_table(grid, left, [], beyond)
