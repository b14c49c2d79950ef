from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.councils.choices.bodies import Category, Participation
from nimo.community.councils.rules.regulations import SeatFacts, Terms, add_months, check_members

TODAY = date(2026, 11, 20)
WHOLE = SeatFacts("架空病院 看護師長", 1, (date(2027, 3, 31),), (date(2025, 4, 1),))


def _codes(terms, seats=(WHOLE,), people=frozenset(), members=1):
    return [one.code for one in check_members(terms, seats, people, members, TODAY)]


def test_nothing_is_found_where_nothing_is_stated():
    assert _codes(Terms("要綱")) == []


def test_a_seat_without_a_person_is_found_without_a_regulation_too():
    assert _codes(None, (SeatFacts("架空病院 医師", 0),)) == ["empty-seat"]


def test_a_term_that_ended_yesterday_is_found_and_one_that_ends_today_is_not():
    ended = SeatFacts("委員", 1, (date(2026, 11, 19),), (date(2025, 4, 1),))
    today = SeatFacts("委員", 1, (TODAY,), (date(2025, 4, 1),))
    assert _codes(None, (ended, today)) == ["term-ended"]


def test_a_term_longer_than_the_regulation_is_found():
    assert _codes(Terms("要綱", term_months=12)) == ["term-too-long"]
    assert _codes(Terms("要綱", term_months=24)) == []


def test_too_many_members_are_found():
    assert _codes(Terms("要綱", member_limit=1), members=2) == ["too-many"]


@pytest.mark.parametrize(
    "asked,people,found",
    [
        (Participation.EITHER, {Category.FAMILY}, False),
        (Participation.EITHER, set(), True),
        (Participation.BOTH, {Category.PEER}, True),
        (Participation.BOTH, {Category.PEER, Category.FAMILY}, False),
        (Participation.PEER, {Category.FAMILY}, True),
        (Participation.UNSTATED, set(), False),
    ],
)
def test_missing_participation_is_found_when_asked_for(asked, people, found):
    assert ("participation" in _codes(Terms("要綱", participation=asked), people=frozenset(people))) is found


def test_a_term_of_two_years_ends_on_the_last_day_of_march():
    assert add_months(date(2026, 4, 1), 24) == date(2028, 3, 31)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 120))
def test_a_longer_term_never_ends_earlier(begun, months):
    assert begun <= add_months(begun, months) <= add_months(begun, months + 1)
