"""Recording, planning, mending and cancelling meetings."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from nimo.community.councils.choices.bodies import Category, HatKind, QuorumKind, Stated
from nimo.community.councils.choices.meetings import Attendance, MeetingState, MeetingWay
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.policies.meetings import get_meeting, visible_meetings
from nimo.community.councils.queries.meetings import Wanted, meeting_page, meeting_table, meetings_of
from nimo.community.councils.services.meetings import (
    MeetingFacts,
    UnableToRecordMeeting,
    cancel_meeting,
    hold_meeting,
    plan_meeting,
    record_meeting,
)
from nimo.community.councils.tests.meeting_support import DAY, OTHER_CITY, body_of, hat_of, held, seat_five, secretary
from nimo.core.ids import new_id
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from tests.support.people import NOW, actor_of, load_places
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture
def officer():
    load_places()
    return secretary()


@pytest.fixture
def body(officer):
    return body_of(officer)


def test_the_minimum_makes_one_held_meeting(officer, body):
    meeting = held(officer, body)
    assert Meeting.objects.filter(body=body, state=MeetingState.HELD).count() == 1
    assert meeting.fiscal_year == 2026
    assert meeting.title == "令和8年度 第1回"
    assert Entry.objects.filter(verb="councils.record_meeting", target_id=str(meeting.pk)).count() == 1


@pytest.mark.parametrize(
    ("facts", "counts", "words"),
    [
        (MeetingFacts(summary="要旨"), {Category.HEALTH: 1}, "開催日を入れてください"),
        (MeetingFacts(held_on=date(2026, 12, 1), summary="要旨"), {Category.HEALTH: 1}, "まだ来ていません"),
        (MeetingFacts(held_on=DAY, summary="要旨"), {}, "参加者数を、少なくとも一つ"),
        (MeetingFacts(held_on=DAY, summary="要旨"), {Category.HEALTH: -1}, "0以上"),
        (MeetingFacts(held_on=DAY, summary="  "), {Category.HEALTH: 1}, "ひとこと"),
    ],
)
def test_refuses_less_than_the_minimum(officer, body, facts, counts, words):
    with pytest.raises(UnableToRecordMeeting, match=words):
        record_meeting(actor=officer, body_id=body.pk, facts=facts, counts=counts)
    assert not Meeting.objects.exists()


def test_a_category_nobody_spoke_of_is_not_zero(officer, body):
    meeting = record_meeting(
        actor=officer,
        body_id=body.pk,
        facts=MeetingFacts(held_on=DAY, summary="要旨"),
        counts={Category.HEALTH: 0, Category.PEER: None},
    )
    assert dict(meeting.counts.values_list("category", "number")) == {Category.HEALTH: 0}


def test_asks_before_a_second_meeting_of_one_day(officer, body):
    held(officer, body)
    with pytest.raises(UnableToRecordMeeting, match="同じ日の会議") as refusal:
        held(officer, body)
    assert refusal.value.double
    record_meeting(
        actor=officer,
        body_id=body.pk,
        facts=MeetingFacts(held_on=DAY, summary="午後の会議"),
        counts={Category.HEALTH: 1},
        again=True,
    )
    assert Meeting.objects.filter(held_on=DAY).count() == 2


def test_a_meeting_that_served_two_hats_is_one_meeting(officer, body):
    hats = [hat_of(body, HatKind.INPATIENT_VISITS), hat_of(body, HatKind.TRAINING)]
    meeting = held(officer, body, hats=tuple(hat.pk for hat in hats))
    assert meeting.hats.count() == 2
    assert Meeting.objects.count() == 1


def test_refuses_a_hat_of_another_body(officer, body):
    strange = hat_of(body_of(officer, name="別の会議体"), HatKind.TRAINING)
    with pytest.raises(UnableToRecordMeeting, match="兼ねる会議"):
        held(officer, body, hats=(strange.pk,))


def _regulation(body, **more):
    return Regulation.objects.create(
        id=new_id(), body=body, title="要綱", effective_from=date(2026, 4, 1), created_at=NOW, **more
    )


def test_a_written_meeting_the_regulation_forbids_needs_a_second_look(officer, body):
    _regulation(body, written=Stated.NO)
    facts = MeetingFacts(way=MeetingWay.WRITTEN, answer_by=date(2026, 12, 1))
    with pytest.raises(UnableToRecordMeeting, match="書面での開催を認めていません") as refusal:
        plan_meeting(actor=officer, body_id=body.pk, facts=facts)
    assert refusal.value.regulation
    meeting = plan_meeting(actor=officer, body_id=body.pk, facts=facts, regulation_read=True)
    assert any("書面での開催" in one for one in meeting_page(officer, meeting).findings)


def test_a_written_meeting_needs_the_day_answers_are_due(officer, body):
    with pytest.raises(UnableToRecordMeeting, match="回答期限日"):
        plan_meeting(
            actor=officer, body_id=body.pk, facts=MeetingFacts(way=MeetingWay.WRITTEN, held_on=date(2026, 12, 1))
        )


def test_a_missed_quorum_warns_and_blocks_nothing(officer, body):
    _regulation(body, quorum=QuorumKind.MAJORITY)
    meeting = held(officer, body)
    for number, holding in enumerate(seat_five(body)):
        Attendee.objects.create(
            id=new_id(),
            meeting=meeting,
            holding=holding,
            name=holding.participant.name,
            standing=holding.standing,
            attendance=Attendance.PRESENT if number < 2 else Attendance.ABSENT,
        )
    found = meeting_page(officer, meeting).findings
    assert any("定足数を満たしていません" in one for one in found)
    hold_meeting(
        actor=officer,
        meeting_id=meeting.pk,
        version=meeting.version,
        facts=MeetingFacts(held_on=DAY, summary="直した要旨"),
        counts={Category.HEALTH: 2},
    )


def test_a_plan_becomes_a_held_meeting(officer, body):
    meeting = plan_meeting(actor=officer, body_id=body.pk, facts=MeetingFacts(held_on=date(2026, 11, 10)))
    assert meeting.state == MeetingState.PLANNED
    after = hold_meeting(
        actor=officer,
        meeting_id=meeting.pk,
        version=meeting.version,
        facts=MeetingFacts(held_on=date(2026, 11, 10), summary="要旨"),
        counts={Category.FAMILY: 1},
    )
    assert after.state == MeetingState.HELD
    assert after.title == meeting.title


def test_two_people_mending_one_meeting_do_not_overwrite_each_other(officer, body):
    meeting = held(officer, body)
    facts = MeetingFacts(held_on=DAY, summary="先の人の要旨")
    hold_meeting(
        actor=officer, meeting_id=meeting.pk, version=meeting.version, facts=facts, counts={Category.HEALTH: 1}
    )
    with pytest.raises(UnableToRecordMeeting, match="ほかの人が先に"):
        hold_meeting(
            actor=officer, meeting_id=meeting.pk, version=meeting.version, facts=facts, counts={Category.HEALTH: 9}
        )


def test_a_cancelled_meeting_stays_and_does_not_count(officer, body):
    meeting = held(officer, body)
    with pytest.raises(UnableToRecordMeeting, match="理由"):
        cancel_meeting(actor=officer, meeting_id=meeting.pk, version=meeting.version, reason=" ")
    cancel_meeting(actor=officer, meeting_id=meeting.pk, version=meeting.version, reason="二重に記録した")
    assert not Meeting.objects.filter(state=MeetingState.HELD).exists()
    assert Meeting.objects.get().state_reason == "二重に記録した"


def test_another_town_records_nothing_and_sees_no_plan(officer, body):
    stranger = secretary(OTHER_CITY)
    with pytest.raises(NotVisible):
        held(stranger, body)
    plan = plan_meeting(actor=officer, body_id=body.pk, facts=MeetingFacts(held_on=date(2026, 12, 10)))
    done = held(officer, body)
    assert list(visible_meetings(stranger)) == [done]
    with pytest.raises(NotVisible):
        get_meeting(stranger, plan.pk)


def test_the_line_of_a_meeting_and_small_counts_are_not_for_strangers(officer, body):
    meeting = held(officer, body)
    shown = meeting_page(secretary(OTHER_CITY), meeting)
    assert not shown.near
    assert "要旨" not in dict(shown.facts)
    table = meeting_table([meeting], near=False)
    assert "summary" not in [column.key for column in table.columns]
    assert shown.attendance is not None
    assert shown.attendance.parts == ()  # five people are not told apart


def test_the_list_is_filtered_by_year_state_and_way(officer, body):
    held(officer, body)
    held(officer, body, day=date(2026, 3, 3), way=MeetingWay.ONLINE)
    assert meetings_of(officer, body, Wanted(fiscal_year=2025)).count() == 1
    assert meetings_of(officer, body, Wanted(way=MeetingWay.ONLINE)).count() == 1
    assert meetings_of(officer, body, Wanted(state=MeetingState.PLANNED)).count() == 0


def test_the_list_asks_the_database_equally_often_however_long_it_is(officer, body):
    held(officer, body)
    manager = actor_of(Role.PREFECTURE_OFFICER, "10000")

    def run():
        rows = list(meetings_of(manager, body, Wanted())[:50])
        meeting_table(rows, near=True)

    def grow():
        for day in range(3, 15):
            held(officer, body, day=date(2026, 10, day))

    assert_constant_queries(run, grow)


def test_the_list_of_a_body_is_read_by_its_index(officer, body):
    plan = meetings_of(officer, body, Wanted())[:50].explain()
    assert (
        "councils_meeting_body" in plan or "Seq Scan on councils_meeting" in plan
    )  # PostgreSQL reads tiny tables whole
    if connection.vendor == "sqlite":
        assert "USING INDEX councils_meeting_body" in plan


def test_a_meeting_without_a_day_comes_last_on_every_database(officer, body):
    someday = plan_meeting(actor=officer, body_id=body.pk, facts=MeetingFacts(), fiscal_year=2026)
    first = held(officer, body)
    assert list(meetings_of(officer, body, Wanted())) == [first, someday]
