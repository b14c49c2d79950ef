from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.choices import Basis, ValueState
from nimo.community.indicators.rules.classes import classes_of
from nimo.community.indicators.rules.periods import (
    UnableToReadAsOf,
    as_of_words,
    check_as_of,
    fiscal_year_of,
    same_day_of_year,
    sortable,
)
from nimo.community.indicators.rules.values import rounded, to_number, to_text
from nimo.community.indicators.rules.words import BASES, STATES

exact = st.one_of(st.integers(-(10**18), 10**18), st.decimals(allow_nan=False, allow_infinity=False, places=4))


def test_the_words_of_refusals_are_those_of_the_choices():
    assert dict(Basis.choices) == dict(BASES)
    assert dict(ValueState.choices) == dict(STATES)


@given(exact)
def test_an_exact_number_survives_its_text(number):
    again = to_number(to_text(number))
    assert again == number
    assert to_text(again) == to_text(number)


def test_keeps_the_digits_as_given():
    assert to_text(Decimal("16.10")) == "16.10"
    assert to_text(Decimal("1E+3")) == "1000"
    assert to_number("16.10") == Decimal("16.10")
    assert isinstance(to_number("291008"), int)


@pytest.mark.parametrize("number", [1.5, True, "12", None])
def test_refuses_what_is_not_exact(number):
    with pytest.raises(TypeError):
        to_text(number)


@pytest.mark.parametrize("text", ["", "1,234", "１２", "1e5", "NaN", "--1", "1.2.3", "abc"])
def test_refuses_text_that_is_no_number(text):
    with pytest.raises(ValueError):
        to_number(text)


def test_refuses_infinity():
    with pytest.raises(ValueError):
        to_text(Decimal("Infinity"))


def test_rounds_half_up():
    assert rounded(Decimal("0.25"), 1) == Decimal("0.3")
    assert rounded(Decimal("0.35"), 1) == Decimal("0.4")


@pytest.mark.parametrize(
    "as_of, year",
    [
        ("2023-06-30", 2023),
        ("2024-03-31", 2023),
        ("2024-05", 2024),
        ("2024-03", 2023),
        ("FY2023", 2023),
        ("2024", None),
        ("", None),
    ],
)
def test_a_value_belongs_to_the_year_of_its_day(as_of, year):
    assert fiscal_year_of(as_of) == year


@pytest.mark.parametrize("as_of", ["2023-13", "2023-02-30", "R5", "2023/6/30", "2023-6-30", "FY23", "1700", "FY9999"])
def test_refuses_an_as_of_that_cannot_be(as_of):
    with pytest.raises(UnableToReadAsOf):
        check_as_of(as_of)


def test_sorts_a_partial_date_by_its_last_day():
    assert sortable("2024-05", 2024) == date(2024, 5, 31)
    assert sortable("FY2023", 2023) == date(2024, 3, 31)
    assert sortable("", 2023) == date(2023, 4, 1)


def test_says_the_time_in_both_calendars():
    assert as_of_words("2023-06-30") == "令和5年6月30日（2023年）"
    assert as_of_words("FY2023") == "令和5年度（2023年度）"
    assert as_of_words("") == "時点の記載なし"


def test_knows_the_same_point_of_different_years():
    assert same_day_of_year("2023-06-30", "2024-06-30")
    assert same_day_of_year("FY2023", "FY2024")
    assert not same_day_of_year("FY2023", "2024-06-30")
    assert not same_day_of_year("2023-06", "2024-06-30")
    assert not same_day_of_year("", "")


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_map_classes_keep_equal_values_together_and_in_order(values):
    classes = classes_of(values)
    if not values:
        assert classes is None
        return
    assert classes is not None
    levels = {value: classes.level_of(value) for value in values}
    assert all(0 <= level <= 4 for level in levels.values())
    ordered = sorted(levels)
    assert [levels[value] for value in ordered] == sorted(levels.values())
    assert len(classes.labels("床")) == len(classes.bounds) + 1
