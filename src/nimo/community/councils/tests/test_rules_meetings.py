"""Findings against the regulation: they warn, and only about what the regulation states."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.councils.choices.bodies import QuorumKind, Stated
from nimo.community.councils.choices.meetings import MeetingWay
from nimo.community.councils.rules.meetings import (
    Regulated,
    Taking,
    empty_posts,
    needed,
    quorum_finding,
    terms_ended,
    way_finding,
)


@pytest.mark.parametrize(
    ("kind", "members", "least"),
    [
        (QuorumKind.MAJORITY, 10, 6),
        (QuorumKind.MAJORITY, 11, 6),
        (QuorumKind.HALF, 10, 5),
        (QuorumKind.HALF, 11, 6),
        (QuorumKind.TWO_THIRDS, 10, 7),
        (QuorumKind.TWO_THIRDS, 9, 6),
        (QuorumKind.NONE, 10, None),
        (QuorumKind.UNSTATED, 10, None),
    ],
)
def test_counts_how_many_are_needed(kind, members, least):
    assert needed(Regulated(quorum=kind), members) == least


def test_warns_when_too_few_members_came():
    sentence = quorum_finding(Regulated(quorum=QuorumKind.MAJORITY), Taking(members=10, present=5, proxies=0))
    assert "定足数を満たしていません" in sentence
    assert "6人以上" in sentence
    assert "保存できます" in sentence


def test_counts_proxies_only_where_the_regulation_says_so():
    taking = Taking(members=10, present=5, proxies=1)
    assert quorum_finding(Regulated(QuorumKind.MAJORITY, proxies_count=Stated.YES), taking) == ""
    assert "代理" in quorum_finding(Regulated(QuorumKind.MAJORITY, proxies_count=Stated.NO), taking)
    assert "定めがない" in quorum_finding(Regulated(QuorumKind.MAJORITY), taking)


def test_a_number_of_people_can_be_the_quorum():
    assert quorum_finding(Regulated(QuorumKind.NUMBER, 3), Taking(10, 3, 0)) == ""


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 10), st.sampled_from(list(QuorumKind)))
@settings(max_examples=50)
def test_one_more_member_present_never_makes_it_worse(members, present, proxies, kind):
    regulated = Regulated(kind, 5 if kind is QuorumKind.NUMBER else None)
    if quorum_finding(regulated, Taking(members, present, proxies)) == "":
        assert quorum_finding(regulated, Taking(members, present + 1, proxies)) == ""


def test_says_that_a_written_meeting_is_not_allowed():
    assert "書面での開催を認めていません" in way_finding(Regulated(written=Stated.NO), MeetingWay.WRITTEN)
    assert way_finding(Regulated(written=Stated.UNSTATED), MeetingWay.WRITTEN) == ""
    assert "オンライン" in way_finding(Regulated(online=Stated.NO), MeetingWay.BOTH)


def test_names_terms_that_ended_and_seats_without_a_person():
    assert (
        "2026年3月31日" in terms_ended([("課長", date(2026, 3, 31)), ("師長", date(2027, 3, 31))], date(2026, 4, 1))[0]
    )
    assert len(terms_ended([("課長", None)], date(2026, 4, 1))) == 0
    assert empty_posts([("課長", True), ("師長", False)]) == [
        "「師長」に就いている人が記録されていません。招集の宛先に入りません。"
    ]
