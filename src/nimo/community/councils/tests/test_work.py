"""What waits for a secretariat: each kind of it, for nobody else, without a name, in constant queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nimo.community.councils.choices.meetings import DecisionState, MeetingWay, ReferralState, Reply, ReplyChannel
from nimo.community.councils.models.meetings import Attendee
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.queries.work import waiting_for_secretariat
from nimo.community.councils.services.agenda import ItemFacts, put_item
from nimo.community.councils.services.calls import Slip, call_meeting, enter_replies
from nimo.community.councils.services.decisions import (
    DecisionFacts,
    answer_referral,
    close_decision,
    raise_item,
    record_decision,
)
from nimo.community.councils.services.meetings import MeetingFacts, cancel_meeting, plan_meeting
from nimo.community.councils.services.minutes import approve_minutes, save_minute
from nimo.community.councils.tests.meeting_support import OTHER_CITY, SEATS, body_of, held, seat_five, secretary
from nimo.foundation.access.permissions import Role
from tests.support.people import actor_of, load_places
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    load_places()
    actor = secretary()
    body = body_of(actor)
    return actor, body, seat_five(body)


def states(actor) -> list[str]:
    return [one.state for one in waiting_for_secretariat(actor, limit=10)]


def plan(actor, body, days: int):
    day = actor.today + timedelta(days=days)
    return plan_meeting(actor=actor, body_id=body.pk, facts=MeetingFacts(held_on=day))


def test_nothing_waits_where_nothing_is_late(office):
    actor, body, _ = office
    held(actor, body)
    plan(actor, body, 40)
    assert states(actor) == []


def test_a_decision_past_its_day_waits_until_its_outcome_is_recorded(office):
    actor, body, _ = office
    item = put_item(actor=actor, meeting_id=held(actor, body).pk, facts=ItemFacts("退院後の住まい"))
    due = DecisionFacts("一覧を作る", due_on=actor.today - timedelta(days=1))
    made = record_decision(actor=actor, item_id=item.pk, facts=due)
    record_decision(actor=actor, item_id=item.pk, facts=DecisionFacts("今日まで", due_on=actor.today))
    (one,) = waiting_for_secretariat(actor, limit=10)
    assert (one.state, one.since) == ("期限を過ぎています", due.due_on)
    assert "一覧を作る" in one.text
    close_decision(actor=actor, decision_id=made.pk, version=made.version, state=DecisionState.DONE, outcome="")
    assert states(actor) == []


def test_an_item_raised_to_a_body_waits_for_its_answer(office):
    actor, body, _ = office
    sender = secretary(OTHER_CITY)
    body_of(sender, name="架空のほかの協議の場")
    mine = body_of(actor, name="架空市 部会")
    item = put_item(actor=actor, meeting_id=held(actor, mine).pk, facts=ItemFacts("夜間の相談先"))
    referral = raise_item(actor=actor, item_id=item.pk, to_body_id=body.pk, summary="圏域で考えたい")
    assert states(actor) == ["返事待ち"]
    assert states(sender) == [], "what another office is asked is its own affair"
    answer_referral(
        actor=actor, referral_id=referral.pk, version=referral.version, state=ReferralState.ACCEPTED, answer=""
    )
    assert states(actor) == []


def test_a_meeting_whose_day_passed_waits_to_be_recorded_or_cancelled(office):
    actor, body, _ = office
    meeting = plan(actor, body, -3)
    assert states(actor) == ["開催日を過ぎています"]
    cancel_meeting(actor=actor, meeting_id=meeting.pk, version=meeting.version, reason="大雪のため")
    assert states(actor) == []


def test_a_near_meeting_waits_for_the_call_and_then_for_the_slips(office):
    actor, body, _ = office
    meeting = plan(actor, body, 10)
    assert states(actor) == ["招集前"]
    call_meeting(actor=actor, meeting_id=meeting.pk, version=meeting.version, answer_by=actor.today - timedelta(days=1))
    assert states(actor) == ["回答待ち 5人"]
    slips = {one.pk: Slip(one.version, Reply.COMING) for one in Attendee.objects.filter(meeting=meeting)}
    enter_replies(actor=actor, meeting_id=meeting.pk, channel=ReplyChannel.FAX, slips=slips)
    assert states(actor) == []


def test_a_meeting_whose_slips_are_all_there_takes_no_place_from_one_whose_are_not(office):
    actor, body, _ = office
    for days in (5, 9):
        meeting = plan(actor, body, days)
        due = actor.today - timedelta(days=1)
        call_meeting(actor=actor, meeting_id=meeting.pk, version=meeting.version, answer_by=due)
        if days == 5:
            slips = {one.pk: Slip(one.version, Reply.COMING) for one in Attendee.objects.filter(meeting=meeting)}
            enter_replies(actor=actor, meeting_id=meeting.pk, channel=ReplyChannel.FAX, slips=slips)
    (one,) = waiting_for_secretariat(actor, limit=1)
    assert f"/councils/meetings/{meeting.pk}/" in one.href


def test_a_written_meeting_waits_to_be_recorded_once_its_answers_are_due(office):
    actor, body, _ = office
    due = actor.today - timedelta(days=1)
    plan_meeting(actor=actor, body_id=body.pk, facts=MeetingFacts(way=MeetingWay.WRITTEN, answer_by=due))
    (one,) = waiting_for_secretariat(actor, limit=10)
    assert (one.state, one.since) == ("回答期限日を過ぎています", due)


def test_unfinished_minutes_wait_after_two_weeks(office):
    actor, body, _ = office
    meeting = held(actor, body, day=actor.today - timedelta(days=14))
    item = put_item(actor=actor, meeting_id=meeting.pk, facts=ItemFacts("退院後の住まい"))
    assert states(actor) == [], "a meeting with its one line needs no minutes"
    save_minute(actor=actor, item_id=item.pk, version=0, text="話し合った")
    assert states(actor) == ["作成中"]
    version = Minutes.objects.get(pk=meeting.pk).version
    approve_minutes(actor=actor, meeting_id=meeting.pk, version=version, confirmed_by="会長")
    assert states(actor) == []


def test_terms_that_ended_are_counted_and_not_named(office):
    actor, _body, holdings = office
    Holding.objects.filter(pk__in=[one.pk for one in holdings[:2]]).update(term_to=date(2026, 10, 31))
    (one,) = waiting_for_secretariat(actor, limit=10)
    assert "任期の終わった席 2" in one.text
    assert not any(name in one.text for _, _, name, _ in SEATS)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.AUDITOR])
def test_nothing_waits_for_those_who_keep_no_council(office, role):
    actor, body, _ = office
    plan(actor, body, -3)
    assert waiting_for_secretariat(actor_of(role, "10000"), limit=10) == []


@pytest.mark.django_db(databases=["default", "side"])
def test_queries_stay_the_same_however_much_waits(office):
    actor, body, _ = office
    begun = iter(range(1, 20))

    def grow() -> None:
        for number in (next(begun), next(begun)):
            plan(actor, body, -number)
            plan(actor, body, number)
            meeting = held(actor, body, day=date(2026, 9, number))
            item = put_item(actor=actor, meeting_id=meeting.pk, facts=ItemFacts("議題"))
            save_minute(actor=actor, item_id=item.pk, version=0, text="話し合った")
            late = DecisionFacts("調べる", due_on=actor.today - timedelta(days=number))
            record_decision(actor=actor, item_id=item.pk, facts=late)

    grow()
    assert len(states(actor)) == 8
    assert_constant_queries(lambda: waiting_for_secretariat(actor, limit=10), grow)
