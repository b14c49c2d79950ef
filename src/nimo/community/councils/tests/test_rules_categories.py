from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.councils.choices.bodies import Category
from nimo.community.councils.rules.bodies import about_one_person
from nimo.community.councils.rules.categories import OTHERS, fold, fold_visits, telling_words, threshold_of
from nimo.core.disclosure.policy import shipped_policy

COUNTS = st.dictionaries(st.sampled_from(list(Category)), st.integers(0, 40))


def test_a_council_of_five_shows_its_size_and_no_parts():
    folded = fold({Category.HEALTH: 2, Category.WELFARE: 2, Category.PEER: 1}, 10)
    assert folded.total == 5
    assert folded.parts == ()
    assert "当事者" not in folded.note


def test_peers_and_families_stand_among_the_others_while_they_are_few():
    folded = fold({Category.HEALTH: 9, Category.PEER: 1, Category.FAMILY: 12}, 10)
    assert dict(folded.parts)[OTHERS] == 13
    assert all(label not in {"当事者", "家族", "その他"} for label, _ in folded.parts)


def test_many_of_both_are_counted_apart():
    parts = dict(fold({Category.PEER: 10, Category.FAMILY: 12}, 10).parts)
    assert (parts["当事者"], parts["家族"]) == (10, 12)


@given(COUNTS, st.integers(0, 9), st.integers(0, 9))
def test_any_small_split_between_peers_families_and_others_looks_the_same(counts, peers, families):
    rest = 18
    one = {**counts, Category.PEER: peers, Category.FAMILY: families, Category.OTHER: rest - peers - families}
    other = {**counts, Category.PEER: 0, Category.FAMILY: 0, Category.OTHER: rest}
    assert fold(one, 10) == fold(other, 10)


@given(COUNTS)
def test_no_part_is_lost(counts):
    folded = fold(counts, 10)
    assert folded.total == sum(counts.values())
    assert not folded.parts or sum(number for _, number in folded.parts) == folded.total


def test_the_threshold_is_the_policys():
    assert threshold_of(shipped_policy()) == 10


@pytest.mark.parametrize("text", ["当事者代表", "家族会 会長", "ピアサポーター", "患者会"])
def test_words_that_tell_are_found(text):
    assert telling_words(text)


def test_a_neutral_title_tells_nothing():
    assert telling_words("委員", "架空病院 地域連携室長") == []


@pytest.mark.parametrize(
    "name", ["ケア会議", "個別ケア会議", "退院前カンファレンスとケア会議", "地域ケア個別会議", "サービス担当者会議"]
)
def test_a_meeting_about_one_person_is_told(name):
    assert about_one_person(name)


@pytest.mark.parametrize("name", ["地域ケア会議", "事例検討会", "にも包括協議会", "精神障がい者部会"])
def test_a_body_is_not_taken_for_one(name):
    assert not about_one_person(name)


@given(st.lists(st.fixed_dictionaries({one: st.integers(0, 30) for one in Category}), min_size=1, max_size=4))
def test_visits_added_up_never_tell_peers_or_families_apart(meetings):
    made = fold_visits(meetings, 10)
    assert made.total == sum(number for counts in meetings for number in counts.values())
    assert not {"当事者", "家族"} & dict(made.parts).keys()
    assert sum(number for _, number in made.parts) in {made.total, 0}
    assert made.parts or made.total < 10


def test_visits_with_a_category_nobody_noted_leave_only_their_total():
    full = dict.fromkeys(Category, 5)
    short = {Category.HEALTH: 5}
    assert fold_visits([full, full], 10).parts
    assert fold_visits([full, short], 10).parts == ()
    assert fold_visits([full, short], 10).total == 45
