"""Sentences beside the pictures: plain, true, and without a rank."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.rules import sentences
from nimo.community.indicators.rules.sentences import Said
from nimo.community.indicators.rules.words import SUPPRESSED

NAME = "1年以上の入院者数"


def one(value: int | None, year: str = "令和5年度", *, region: str = "太田市", state: str = "", **more) -> Said:
    found = state or ("value" if value is not None else "absent")
    given_ = {"unit": "人", "kind": "count", **more}
    text = f"{value}{given_['unit']}" if value is not None else "—"
    return Said(region, year, f"{year}末時点", text, found, None if value is None else Decimal(value), **given_)


def test_says_the_figure_its_time_and_how_it_moved():
    points = [one(240, "令和3年度"), one(233, "令和4年度"), one(210)]
    said = sentences.trend(NAME, points, comparable=[True, True], direction="lower")
    assert said == (
        "太田市の1年以上の入院者数は、令和5年度末時点で210人です。その前の令和4年度（233人）からは、23人減りました。"
        "令和3年度（240人）からは、30人減りました。計画では、低いほど望ましいとされている指標です。"
    )


def test_a_year_counted_in_another_way_is_not_compared():
    said = sentences.trend(NAME, [one(999, "令和4年度"), one(210)], comparable=[False])
    assert "999" not in said
    assert "比べられる値はありません" in said


def test_what_is_hidden_is_said_to_be_hidden_and_not_zero():
    said = sentences.trend(NAME, [one(12, "令和4年度"), one(None, state=SUPPRESSED)], comparable=[True])
    assert "公表していません" in said
    assert "0という意味ではありません" in said
    assert "令和4年度で、12人です" in said


def test_rates_are_compared_and_counts_are_not():
    rate = {"unit": "%", "kind": "rate"}
    said = sentences.comparison("割合", one(30, **rate), [(one(25, region="群馬県", **rate), "")])
    assert "群馬県（25%）より5ポイント高い" in said
    said = sentences.comparison(NAME, one(30), [(one(2_500, region="群馬県"), "")])
    assert "大小は比べません" in said


def test_what_does_not_compare_says_why():
    said = sentences.comparison(NAME, one(30), [(one(2_500, region="群馬県"), "時点が違います。")])
    assert "群馬県とは比べていません（時点が違います）" in said


def test_neighbours_are_a_span_and_no_rank():
    figures = [(one(value, region=f"架空{value}市"), "") for value in (30, 10, 20)]
    said = sentences.neighbours("太田市", 3, figures, "", [])
    assert "10人から30人の間" in said
    assert "順位ではありません" in said


@pytest.mark.parametrize("state", ["absent", "not_filled", SUPPRESSED])
def test_a_region_without_a_value_is_not_compared(state):
    said = sentences.comparison(NAME, one(None, state=state), [(one(5, region="群馬県"), "")])
    assert "5人" not in said
    assert "比べていません" in said


def test_the_map_says_how_much_of_it_is_known():
    said = sentences.regions("群馬県", NAME, "令和5年度", whole=35, valued=3, hidden=1, unlike=2)
    assert "35の地域のうち" in said
    assert "残りの29は値がありません" in said


@given(st.lists(st.integers(0, 10_000) | st.none(), min_size=1, max_size=8), st.booleans())
def test_no_sentence_has_a_rank_or_a_number_nobody_gave(values, may):
    points = [one(value, f"令和{number}年度") for number, value in enumerate(values, 1)]
    said = sentences.trend(NAME, points, comparable=[may] * (len(points) - 1))
    assert "位" not in said.replace("単位", "")
    assert "最も" not in said
    if all(value is None for value in values):
        assert "人です" not in said
