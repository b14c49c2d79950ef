from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from nimo.community.indicators.rules.drafts import Meaning, ObservationDraft, problem_of, problems_of

COUNT = Meaning("population", "人口", "count", "人", frozenset({"名"}), frozenset({"sheet_as_given", "unspecified"}))
RATE = replace(COUNT, code="rate", name="割合", kind="rate", unit="%")
YES_NO = replace(COUNT, code="yes_no", name="部会の有無", kind="yes_no", unit="")
GOOD = ObservationDraft("population", "10205", "3行目", as_of="2024-05", basis="sheet_as_given", value=222_364)


def test_takes_a_complete_figure():
    assert problem_of(GOOD, COUNT) == ""


@pytest.mark.parametrize(
    "change, words",
    [
        ({"value": None}, "値がありません"),
        ({"state": "absent"}, "なのに値があります"),
        ({"state": "gone"}, "使えません"),
        ({"as_of": "R6"}, "時点"),
        ({"as_of": "2024", "fiscal_year": None}, "年度が決まりません"),
        ({"as_of": "", "fiscal_year": 1500}, "扱えません"),
        ({"basis": "somewhere"}, "基準"),
        ({"basis": "630_address"}, "基準"),
        ({"locator": " "}, "位置"),
        ({"dimension": "全体会"}, "項目=内容"),
        ({"value": 1.5}, "正確な小数"),
        ({"value": -1}, "負の数"),
        ({"evidence": "A"}, "確認状態"),
        ({"numerator": 3}, "両方"),
        ({"yes_no": True, "value": None}, "有無の指標ではありません"),
        ({"coverage": "長" * 81}, "長すぎます"),
    ],
)
def test_says_what_is_wrong(change, words):
    assert words in problem_of(replace(GOOD, **change), COUNT)


def test_a_share_cannot_exceed_everybody():
    assert "100%" in problem_of(replace(GOOD, indicator="rate", value=Decimal("100.1")), RATE)


def test_a_rate_may_come_without_its_parts_but_not_with_one():
    assert problem_of(replace(GOOD, indicator="rate", value=Decimal("63.8")), RATE) == ""
    assert "両方" in problem_of(replace(GOOD, value=Decimal("63.8"), denominator=10), RATE)


def test_yes_and_no_are_values():
    assert problem_of(replace(GOOD, value=None, yes_no=False), YES_NO) == ""
    assert problem_of(GOOD, YES_NO) != ""


def test_absent_needs_no_value_and_no_reason_beyond_its_state():
    assert problem_of(replace(GOOD, value=None, state="absent"), COUNT) == ""


def test_finds_the_same_figure_twice_even_at_one_place():
    problems = problems_of([GOOD, GOOD, replace(GOOD, coverage="政令市を除く")], {"population": COUNT})
    assert len(problems) == 1
    assert "3行目 にもあります" in problems[0]


def test_names_an_indicator_that_is_not_in_the_dictionary():
    assert "辞書にありません" in problems_of([replace(GOOD, indicator="happiness")], {"population": COUNT})[0]


def test_reads_other_spellings_of_the_unit_and_keeps_unknown_ones():
    assert COUNT.canonical_unit(None) == "人"
    assert COUNT.canonical_unit("名") == "人"
    assert COUNT.canonical_unit("世帯") == "世帯"
