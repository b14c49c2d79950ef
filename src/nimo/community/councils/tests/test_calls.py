"""Calling a meeting, slips by FAX, attendance by name, opinions of a written meeting."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest

from nimo.community.councils.choices.bodies import Category, Standing
from nimo.community.councils.choices.meetings import Attendance, MeetingWay, Reply, ReplyChannel, Stance
from nimo.community.councils.formats.documents import minutes_paper, roster_paper
from nimo.community.councils.formats.word import write_word
from nimo.community.councils.models.meetings import Attendee, Meeting, Opinion
from nimo.community.councils.queries.renditions import lines_of
from nimo.community.councils.rules.renditions import Audience
from nimo.community.councils.services.agenda import ItemFacts, put_item
from nimo.community.councils.services.calls import (
    Slip,
    UnableToCall,
    ask_guest,
    call_meeting,
    enter_opinion,
    enter_replies,
    record_attendance,
)
from nimo.community.councils.services.meetings import MeetingFacts, hold_meeting, plan_meeting
from nimo.community.councils.tests.meeting_support import body_of, seat_five, secretary
from tests.support.people import load_places

pytestmark = pytest.mark.django_db(databases=["default", "side"])

TODAY = date(2026, 11, 20)


@pytest.fixture
def officer():
    load_places()
    return secretary()


@pytest.fixture
def body(officer):
    made = body_of(officer)
    seat_five(made)
    return made


def _planned(officer, body, **more) -> Meeting:
    facts = MeetingFacts(**({"held_on": TODAY} | more))
    return plan_meeting(actor=officer, body_id=body.pk, facts=facts)


def _called(officer, body) -> Meeting:
    meeting = _planned(officer, body)
    call_meeting(actor=officer, meeting_id=meeting.pk, version=1, answer_by=TODAY - timedelta(days=5))
    meeting.refresh_from_db()
    return meeting


def test_a_call_puts_everybody_in_a_seat_on_the_list_once(officer, body):
    meeting = _called(officer, body)
    assert meeting.attendees.count() == 5
    assert meeting.called_on == officer.today
    added = call_meeting(actor=officer, meeting_id=meeting.pk, version=meeting.version, answer_by=None)
    assert added == 0


def test_refuses_a_call_without_a_day_or_with_a_late_deadline_or_nobody(officer, body):
    someday = plan_meeting(actor=officer, body_id=body.pk, facts=MeetingFacts(), fiscal_year=2026)
    with pytest.raises(UnableToCall, match="開催日がまだ"):
        call_meeting(actor=officer, meeting_id=someday.pk, version=1, answer_by=None)
    meeting = _planned(officer, body)
    with pytest.raises(UnableToCall, match="回答期限日は"):
        call_meeting(actor=officer, meeting_id=meeting.pk, version=1, answer_by=TODAY + timedelta(days=1))
    empty = _planned(officer, body_of(officer, name="席のない会議体"))
    with pytest.raises(UnableToCall, match="席に就いている人が記録されていません"):
        call_meeting(actor=officer, meeting_id=empty.pk, version=1, answer_by=None)


def test_slips_that_came_by_fax_are_entered_together(officer, body):
    meeting = _called(officer, body)
    rows = list(meeting.attendees.order_by("position"))
    slips = {
        rows[0].pk: Slip(1, Reply.COMING),
        rows[1].pk: Slip(1, Reply.PROXY, proxy_name="架空 代子"),
        rows[2].pk: Slip(1, Reply.ABSENT),
        rows[3].pk: Slip(1, Reply.WAITING),
        rows[4].pk: Slip(1, Reply.ONLINE, support="会場までの付き添い", furigana=True),
    }
    assert enter_replies(actor=officer, meeting_id=meeting.pk, channel=ReplyChannel.FAX, slips=slips) == 4
    again = Attendee.objects.get(pk=rows[1].pk)
    assert (again.proxy_name, again.reply_channel, again.replied_on) == ("架空 代子", "fax", officer.today)
    with pytest.raises(UnableToCall, match="ほかの人が先に"):
        enter_replies(
            actor=officer, meeting_id=meeting.pk, channel=ReplyChannel.FAX, slips={rows[1].pk: Slip(1, Reply.ABSENT)}
        )


def test_attendance_by_name_gives_the_counts(officer, body):
    meeting = _called(officer, body)
    guest = ask_guest(
        actor=officer, meeting_id=meeting.pk, name="架空 客子", affiliation="消防本部", standing=Standing.GUEST
    )
    meeting.refresh_from_db()
    hold_meeting(
        actor=officer,
        meeting_id=meeting.pk,
        version=meeting.version,
        facts=MeetingFacts(held_on=TODAY, summary="要旨"),
        counts={Category.OTHER: 1},
    )
    rows = list(meeting.attendees.order_by("position"))
    there = {one.pk: (Attendance.PRESENT, None) for one in rows}
    there[rows[2].pk] = (Attendance.ABSENT, None)
    record_attendance(actor=officer, meeting_id=meeting.pk, there=there)
    counted = dict(meeting.counts.values_list("category", "number"))
    assert counted[Category.WELFARE] == 2
    assert counted[Category.PEER] == 1
    assert counted[Category.PSYCHIATRY] == 0
    assert counted[Category.OTHER] == 1  # the guest
    assert guest.standing == Standing.GUEST


def test_a_member_is_not_asked_as_a_guest(officer, body):
    meeting = _called(officer, body)
    with pytest.raises(UnableToCall, match="席に就けて"):
        ask_guest(actor=officer, meeting_id=meeting.pk, name="架空", affiliation="", standing=Standing.MEMBER)


def test_opinions_of_a_written_meeting_are_kept_and_late_ones_marked(officer, body):
    meeting = _planned(officer, body, held_on=None, way=MeetingWay.WRITTEN, answer_by=TODAY - timedelta(days=3))
    call_meeting(actor=officer, meeting_id=meeting.pk, version=1, answer_by=None)
    item = put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts("来年度の計画"))
    people = list(meeting.attendees.order_by("position"))
    given = {"actor": officer, "item_id": item.pk, "channel": ReplyChannel.FAX}
    enter_opinion(
        attendee_id=people[0].pk, stance=Stance.AGREE, text="", received_on=TODAY - timedelta(days=4), **given
    )
    late = enter_opinion(
        attendee_id=people[1].pk, stance=Stance.OPINION, text="住宅も入れる", received_on=TODAY, **given
    )
    assert late.late
    assert "賛成・異議なし 1件" in lines_of(meeting, Audience.MEMBERS).items[0].opinions[0]
    with pytest.raises(UnableToCall, match="まだ来ていません"):
        enter_opinion(
            attendee_id=people[0].pk, stance=Stance.AGREE, text="", received_on=TODAY + timedelta(days=9), **given
        )
    with pytest.raises(UnableToCall, match="意見の内容"):
        enter_opinion(attendee_id=people[0].pk, stance=Stance.OPINION, text=" ", received_on=TODAY, **given)
    assert Opinion.objects.count() == 2


def test_an_ordinary_meeting_takes_no_opinions(officer, body):
    meeting = _called(officer, body)
    item = put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts("議題"))
    with pytest.raises(UnableToCall, match="書面開催の会議だけ"):
        enter_opinion(
            actor=officer,
            item_id=item.pk,
            attendee_id=meeting.attendees.first().pk,
            stance=Stance.AGREE,
            text="",
            channel=ReplyChannel.FAX,
            received_on=TODAY,
        )


def test_no_paper_says_who_of_five_is_concerned(officer, body):
    """One of the five is 当事者: neither the list of names nor the minutes, as a file or as text, says which."""
    meeting = _called(officer, body)
    hold_meeting(
        actor=officer,
        meeting_id=meeting.pk,
        version=meeting.version,
        facts=MeetingFacts(held_on=TODAY, summary="要旨"),
        counts={Category.WELFARE: 2, Category.HEALTH: 1, Category.PSYCHIATRY: 1, Category.PEER: 1},
    )
    meeting.refresh_from_db()
    for audience in Audience:
        lines = lines_of(meeting, audience)
        for paper in (roster_paper(lines), minutes_paper(lines)):
            shown = repr(paper)
            assert "当事者" not in shown
            assert Category.PEER.value not in shown
            package = zipfile.ZipFile(io.BytesIO(write_word(paper)))
            members = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
            assert "館野" in members["word/document.xml"] or audience is Audience.PUBLIC
            assert not [name for name, text in members.items() if "当事者" in text]
    assert lines_of(meeting, Audience.PUBLIC).attendance == "5人"
