"""Municipalities alike: nearness by what is stated, never rank."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.indicators.formats.packaged import packaged_likeness
from nimo.community.indicators.rules.alike import alike, feature_value, parameters_of
from nimo.community.indicators.rules.expressions import Reference

PARAMETERS = packaged_likeness()
POPULATION, OLD, WHOLE, BEDS = (
    Reference(code)
    for code in ("population", "resident_population_65_and_over", "resident_population", "psychiatric_beds")
)


def town(population: int, old: int | None = None, beds: int | None = None) -> dict[Reference, Fraction]:
    stated = {POPULATION: Fraction(population), WHOLE: Fraction(population)}
    if old is not None:
        stated[OLD] = Fraction(old)
    if beds is not None:
        stated[BEDS] = Fraction(beds)
    return stated


NATION = {
    "10001": town(222_000, 58_000, 400),
    "10002": town(219_000, 57_000, 410),
    "10003": town(5_000, 2_400, 0),
    "10004": town(1_800_000, 400_000, 3_000),
    "10005": town(230_000, 90_000, 90),
}


def test_the_nearest_comes_first_and_says_why():
    found = alike("10001", NATION, PARAMETERS)
    assert found.neighbours[0].code == "10002"
    reason = found.neighbours[0].reason(PARAMETERS)
    assert "人口が近い（222,000人 と 219,000人）" in reason
    assert "分からないところ" not in reason


def test_what_differs_is_said_as_well():
    (far,) = [one for one in alike("10001", NATION, PARAMETERS).neighbours if one.code == "10004"]
    assert "違うところ: " in far.reason(PARAMETERS)


def test_a_town_without_a_population_is_told_so():
    found = alike("10009", {**NATION, "10009": {BEDS: Fraction(10)}}, PARAMETERS)
    assert not found.neighbours
    assert "人口の値がないため" in found.reason


def test_what_the_town_does_not_state_is_named_and_not_used():
    found = alike("10001", {**NATION, "10001": town(222_000)}, PARAMETERS)
    assert "65歳以上の割合" in [feature.label for feature in found.missing]
    assert found.neighbours


def test_the_only_town_has_nobody_alike():
    assert "ほかにありません" in alike("10001", {"10001": NATION["10001"]}, PARAMETERS).reason


def test_nothing_is_divided_by_zero():
    ageing = next(one for one in PARAMETERS.features if one.key == "ageing")
    assert feature_value(ageing, {OLD: Fraction(1), WHOLE: Fraction(0)}) is None
    population = next(one for one in PARAMETERS.features if one.key == "population")
    assert feature_value(population, {POPULATION: Fraction(0)}) is None


@pytest.mark.parametrize("change", [{"weight": 0}, {"numerator": []}])
def test_refuses_a_feature_that_cannot_be_used(change):
    feature = {
        "key": "x", "label": "架空", "numerator": ["population"], "denominator": [], "per": 1, "unit": "人",
        "places": 0, "scale": "linear", "weight": 1.0, "required": False,
    }  # fmt: skip
    given_ = {"neighbours": 6, "years": 3, "missing_distance": 1, "close": 0.3, "far": 1.5}
    with pytest.raises(ValueError, match="likeness"):
        parameters_of({**given_, "features": [{**feature, **change}]})


_TOWNS = st.dictionaries(
    st.integers(10_000, 10_060).map(str),
    st.builds(
        town,
        st.integers(1, 4_000_000),
        st.none() | st.integers(0, 1_000_000),
        st.none() | st.integers(0, 9_000),
    ),
    min_size=2,
    max_size=12,
)


@settings(max_examples=50)
@given(_TOWNS)
def test_the_order_is_of_distance_and_does_not_hang_on_the_order_of_rows(nation):
    code = min(nation)
    found = alike(code, nation, PARAMETERS)
    again = alike(code, dict(reversed(list(nation.items()))), PARAMETERS)
    assert found == again
    assert [one.distance for one in found.neighbours] == sorted(one.distance for one in found.neighbours)
    assert code not in {one.code for one in found.neighbours}
    assert len(found.neighbours) == min(PARAMETERS.neighbours, len(nation) - 1)


@settings(max_examples=50)
@given(_TOWNS)
def test_a_twin_is_nearest_of_all(nation):
    code = min(nation)
    found = alike(code, {**nation, "10999": dict(nation[code])}, PARAMETERS)
    twin = next((one for one in found.neighbours if one.code == "10999"), None)
    nearest = found.neighbours[0]
    assert twin is None or twin.distance == nearest.distance
    assert nearest.distance == min(one.distance for one in found.neighbours)
