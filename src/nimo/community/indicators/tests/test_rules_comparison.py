from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.rules.comparison import comparable
from nimo.community.indicators.rules.values import Datum

BEDS = Datum(
    indicator="psychiatric_beds",
    kind="count",
    region_code="10000",
    fiscal_year=2025,
    as_of="2025-06-30",
    basis="630_hospital",
    coverage="",
    unit="床",
    state="value",
    value=4953,
    origin="630",
    basis_matters=False,
    label="群馬県の精神病床数",
)
NATION = replace(BEDS, region_code="00000", value=291_008, label="全国の精神病床数")
OTHER = {
    "indicator": "inpatients",
    "unit": "人",
    "basis": "630_address",
    "coverage": "政令市を除く",
    "dimension": "会議=全体会",
    "as_of": "2024-06-30",
    "state": "not_filled",
}
texts = st.sampled_from(["", "2023", "2023-05", "2023-06-30", "2024-06-30", "FY2023", "FY2024"])
data = st.builds(
    Datum,
    indicator=st.sampled_from(["a", "b"]),
    kind=st.just("count"),
    region_code=st.sampled_from(["10000", "10205"]),
    fiscal_year=st.sampled_from([2023, 2024]),
    as_of=texts,
    basis=st.sampled_from(["630_address", "630_hospital", "unspecified", "sheet_as_given"]),
    coverage=st.sampled_from(["", "政令市を除く"]),
    unit=st.sampled_from(["人", "床"]),
    state=st.sampled_from(["value", "absent"]),
    value=st.integers(0, 9),
    origin=st.sampled_from(["x", "y"]),
    basis_matters=st.booleans(),
)


def test_allows_a_prefecture_beside_the_nation_on_the_same_basis_and_day():
    assert comparable(BEDS, NATION, across="regions")


@pytest.mark.parametrize("name", list(OTHER))
def test_refuses_when_one_thing_differs_and_says_so_in_japanese(name):
    different = replace(NATION, **{name: OTHER[name]})
    decision = comparable(BEDS, different, across="regions")
    assert not decision
    assert decision.reason.endswith("比べられません。") or "比べられません（" in decision.reason


def test_names_both_bases_in_the_reason():
    reason = comparable(BEDS, replace(NATION, basis="630_address"), across="regions").reason
    assert "病院の所在地" in reason
    assert "患者の住所地" in reason


def test_names_what_a_coverage_leaves_out():
    reason = comparable(BEDS, replace(NATION, coverage="政令市を除く"), across="regions").reason
    assert "全域" in reason
    assert "政令市を除く" in reason


def test_compares_a_region_with_its_own_year_before_at_the_same_day_of_the_year():
    before = replace(BEDS, fiscal_year=2024, as_of="2024-06-30", value=5000)
    assert comparable(BEDS, before, across="years")


@pytest.mark.parametrize("as_of", ["2024-05-31", "2024-06", "FY2024", "2024", ""])
def test_refuses_another_point_of_the_year(as_of):
    assert not comparable(BEDS, replace(BEDS, fiscal_year=2024, as_of=as_of), across="years")


def test_refuses_two_undated_figures():
    assert "時点の記載がない" in comparable(replace(BEDS, as_of=""), replace(NATION, as_of=""), across="regions").reason


def test_sheets_of_one_municipality_compare_over_years_although_they_state_no_basis():
    now = replace(BEDS, indicator="inpatients", basis="sheet_as_given", basis_matters=True, origin="sheet:10205")
    assert comparable(now, replace(now, fiscal_year=2024, as_of="2024-06-30"), across="years")


def test_sheets_of_two_authors_do_not_compare_where_the_basis_matters():
    own = replace(BEDS, basis="sheet_as_given", basis_matters=True, origin="sheet:10205")
    other = replace(NATION, basis="sheet_as_given", basis_matters=True, origin="sheet:10000")
    assert "示していない" in comparable(own, other, across="regions").reason
    one_of_them = replace(own, basis_matters=False)
    assert not comparable(one_of_them, other, across="regions")
    assert not comparable(other, one_of_them, across="regions")
    free = replace(own, basis_matters=False), replace(other, basis_matters=False)
    assert comparable(*free, across="regions")


@given(data, data, st.sampled_from(["regions", "years"]))
def test_the_order_does_not_change_the_answer(a, b, across):
    assert bool(comparable(a, b, across=across)) == bool(comparable(b, a, across=across))


@given(data, data, st.sampled_from(["regions", "years"]))
def test_nothing_of_different_meaning_unit_basis_or_coverage_ever_compares(a, b, across):
    decision = comparable(a, b, across=across)
    if decision:
        assert (a.indicator, a.unit, a.basis, a.coverage) == (b.indicator, b.unit, b.basis, b.coverage)
        assert a.state == b.state == "value"
        assert a.as_of == b.as_of or (across == "years" and a.region_code == b.region_code)
    else:
        assert decision.reason
