from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.rules.addition import UnableToAdd, addable, pooled, share, total
from nimo.community.indicators.rules.values import Datum

ONE = Datum(
    indicator="inpatients_over_1_year",
    kind="count",
    region_code="10201",
    fiscal_year=2023,
    as_of="2023-06-30",
    basis="630_address",
    coverage="",
    unit="人",
    state="value",
    value=284,
    part_of="inpatients",
    label="前橋市の1年以上長期入院患者数",
)
TWO = replace(ONE, region_code="10205", value=100, label="太田市の1年以上長期入院患者数")
RATE = replace(ONE, kind="rate", unit="%", value=Decimal("50.0"), numerator=10, denominator=20)


def over_regions(values: list[int]) -> list[Datum]:
    return [replace(ONE, region_code=f"10{300 + place}", value=value) for place, value in enumerate(values)]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.randoms())
def test_a_total_is_the_plain_sum_in_any_order(values: list[int], chance: random.Random):
    items = over_regions(values)
    chance.shuffle(items)
    assert total(items, over="regions").value == sum(values)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=12), st.integers(1, 11))
def test_totals_of_two_halves_make_the_whole(values: list[int], cut: int):
    items = over_regions(values)
    halves = [half for half in (items[:cut], items[cut:]) if half]
    parts = [total(half, over="regions").value for half in halves]
    assert sum(part for part in parts if part is not None) == total(items, over="regions").value


@given(
    st.lists(st.integers(0, 999), min_size=2, max_size=8),
    st.sampled_from(
        [
            {"basis": "630_hospital"},
            {"coverage": "政令市を除く"},
            {"unit": "床"},
            {"as_of": "2024-06-30"},
            {"as_of": ""},
            {"fiscal_year": 2024},
            {"indicator": "psychiatric_beds"},
            {"dimension": "会議=全体会"},
            {"kind": "rate"},
            {"qualifier": "約"},
            {"region_code": "10000"},
            {"region_code": "00000"},
            {"region_code": "10300"},
        ]
    ),
)
def test_one_figure_that_differs_always_stops_the_sum(values: list[int], change: dict[str, object]):
    items = over_regions(values)
    items[-1] = replace(items[-1], **change)
    with pytest.raises(UnableToAdd):
        total(items, over="regions")
    assert addable(items, over="regions").reason


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 999)), min_size=1, max_size=10).filter(lambda values: None in values)
)
def test_a_missing_figure_leaves_no_total_and_is_named(values: list[int | None]):
    items = [
        replace(
            ONE,
            region_code=f"10{300 + place}",
            value=value,
            state="value" if value is not None else "not_filled",
            label=f"{place}番目",
        )
        for place, value in enumerate(values)
    ]
    result = total(items, over="regions")
    assert result.value is None
    assert result.state == "not_filled"
    assert len(result.missing) == values.count(None)
    assert all(f"{place}番目" in result.reason for place, value in enumerate(values) if value is None)


def test_zero_is_a_value():
    assert total([replace(ONE, value=0), TWO], over="regions").value == 100


def test_refuses_a_prefecture_and_its_city():
    with pytest.raises(UnableToAdd, match="二重"):
        total([TWO, replace(ONE, region_code="10000", label="群馬県")], over="regions")


def test_refuses_an_area_and_its_city_when_told_who_belongs_where():
    area = replace(ONE, region_code="10w01", label="太田・館林圏域")
    with pytest.raises(UnableToAdd, match="含まれる"):
        total([TWO, area], over="regions", parents={"10205": frozenset({"10w01"})})


def test_a_prefecture_alone_may_be_summed():
    assert total([replace(ONE, region_code="10000")], over="regions").value == 284


def test_adds_the_parts_of_one_whole():
    short = replace(ONE, indicator="inpatients_under_3_months", value=66)
    assert total([ONE, short], over="parts").value == 350


def test_refuses_parts_of_different_wholes_and_further_breakdowns():
    with pytest.raises(UnableToAdd, match="再掲"):
        total([ONE, replace(ONE, indicator="inpatients_over_1_year_75_and_over", part_of="")], over="parts")
    with pytest.raises(UnableToAdd):
        total([ONE, replace(ONE, indicator="psychiatric_beds", part_of="other")], over="parts")


def test_refuses_age_groups_counted_on_two_bases():
    old = replace(ONE, indicator="inpatients_over_1_year_65_and_over", part_of="inpatients_over_1_year")
    young = replace(old, indicator="inpatients_over_1_year_under_65", basis="630_hospital")
    with pytest.raises(UnableToAdd, match="基準が違うため足せません"):
        total([old, young], over="parts")


def test_refuses_nothing_at_all():
    with pytest.raises(UnableToAdd):
        total([], over="regions")


def test_decimals_stay_exact():
    items = [replace(item, value=Decimal("0.1")) for item in over_regions([1, 2, 3])]
    assert total(items, over="regions").value == Decimal("0.3")


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(500, 1000)), min_size=1, max_size=10))
def test_a_pooled_rate_lies_between_the_rates_and_comes_from_the_parts(parts: list[tuple[int, int]]):
    items = [
        replace(RATE, region_code=f"10{300 + place}", numerator=numerator, denominator=denominator)
        for place, (numerator, denominator) in enumerate(parts)
    ]
    ratio = pooled(items)
    assert ratio.numerator == sum(numerator for numerator, _ in parts)
    assert ratio.denominator == sum(denominator for _, denominator in parts)
    rates = [Decimal(numerator) * 100 / denominator for numerator, denominator in parts]
    value = ratio.value(6)
    assert value is not None
    assert min(rates) - Decimal("0.000001") <= value <= max(rates) + Decimal("0.000001")


def test_refuses_to_average_rates_without_their_parts():
    with pytest.raises(UnableToAdd, match="分子と分母"):
        pooled([RATE, replace(RATE, region_code="10205", numerator=None, denominator=None)])


def test_refuses_to_sum_rates():
    with pytest.raises(UnableToAdd, match="計算し直します"):
        total([RATE, replace(RATE, region_code="10205")], over="regions")


def test_refuses_to_pool_counts_and_missing_rates():
    with pytest.raises(UnableToAdd):
        pooled([ONE])
    with pytest.raises(UnableToAdd, match="資料にない"):
        pooled([replace(RATE, state="absent", value=None, numerator=None, denominator=None)])


def test_a_share_rounds_half_up_to_one_decimal():
    whole = replace(ONE, indicator="inpatients", value=386, part_of="")
    assert share(replace(ONE, value=66), whole).value() == Decimal("17.1")
    assert share(replace(ONE, value=284), whole).value() == Decimal("73.6")


@pytest.mark.parametrize(
    "change",
    [
        {"basis": "630_hospital"},
        {"as_of": "2024-06-30"},
        {"coverage": "政令市を除く"},
        {"region_code": "10205"},
        {"value": 400},
        {"part_of": ""},
        {"state": "absent", "value": None},
    ],
)
def test_refuses_a_share_of_what_does_not_belong_together(change):
    whole = replace(ONE, indicator="inpatients", value=386, part_of="")
    with pytest.raises(UnableToAdd):
        share(replace(ONE, **change), whole)


def test_a_share_of_nobody_has_no_value():
    whole = replace(ONE, indicator="inpatients", value=0, part_of="")
    assert share(replace(ONE, value=0), whole).value() is None
