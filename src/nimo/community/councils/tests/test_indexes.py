"""The lists of councils go by indexes, on both databases, with enough rows that reading all would not be chosen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import QuerySet

from nimo.community.councils.choices.bodies import Standing
from nimo.community.councils.choices.meetings import MeetingState
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.queries.meetings import Wanted, meetings_of
from nimo.community.councils.queries.work import planned_meetings
from nimo.community.councils.tests.meeting_support import body_of, secretary
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from tests.support.people import NOW, actor_of, load_places
from tests.support.queries import learn_sizes

pytestmark = pytest.mark.django_db
BODIES, EACH, FIRST = 60, 60, date(2021, 4, 1)


@pytest.fixture
def years(db) -> tuple[Actor, list]:
    """Bodies of one office, and five years of meetings of each, one in ten still planned."""
    load_places()
    actor = secretary()
    bodies = [body_of(actor, name=f"架空の会議{number}") for number in range(BODIES)]
    meetings = Meeting.objects.bulk_create(
        Meeting(
            body=body,
            title=f"第{number}回",
            fiscal_year=2021 + number // 12,
            held_on=FIRST + timedelta(days=30 * number),
            state=MeetingState.HELD if number % 10 else MeetingState.PLANNED,
            created_at=NOW,
        )
        for body in bodies
        for number in range(EACH)
    )
    Attendee.objects.bulk_create(
        Attendee(meeting=meeting, name="架空", standing=Standing.MEMBER, position=place)
        for meeting in meetings
        for place in range(3)
    )
    learn_sizes("councils_meeting", "councils_attendee", "councils_body")
    return actor, bodies


def reads(rows: QuerySet) -> str:
    """The plan; fails where the whole table of meetings or of attendees is read."""
    plan: str = rows.explain()
    for table in ("councils_meeting", "councils_attendee"):
        assert f"SCAN {table}\n" not in f"{plan}\n", plan
        assert f"Seq Scan on {table} " not in plan, plan
    return plan


def test_the_plan_of_a_read_without_an_index_is_noticed(years):
    with pytest.raises(AssertionError):
        reads(Meeting.objects.filter(title="第3回"))


@pytest.mark.parametrize("reader", ["secretariat", "official of another city", "visitor"])
def test_the_meetings_of_a_body_are_found_by_the_body(years, reader):
    actor, bodies = years
    if reader == "visitor":
        actor = Actor.anonymous(now=NOW)
    elif reader != "secretariat":
        actor = actor_of(Role.MUNICIPAL_OFFICER, "10201")
    for wanted in (Wanted(), Wanted(fiscal_year=2023), Wanted(state="held"), Wanted(2023, "held", "in_person")):
        assert "councils_meeting_" in reads(meetings_of(actor, bodies[7], wanted)[:50])


def test_who_was_asked_is_found_by_the_meeting(years):
    meeting = Meeting.objects.order_by("pk")[100]
    assert "councils_attendee_" in reads(meeting.attendees.order_by("position"))


def test_what_waits_is_found_by_the_bodies_and_their_plans(years):
    _, bodies = years
    some = type(bodies[0]).objects.filter(pk__in=[one.pk for one in bodies[:3]])
    assert "councils_meeting_" in reads(planned_meetings(some).filter(held_on__lt=NOW.date()))
