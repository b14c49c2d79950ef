"""The page a day begins with: what waits, each with the place where it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nimo.community.councils.services.meetings import MeetingFacts, plan_meeting
from nimo.community.councils.tests.meeting_support import body_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import signed_in
from tests.support.people import NOW, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])


def test_says_so_when_nothing_waits():
    load_places()
    page = signed_in(user_of(Role.MUNICIPAL_OFFICER, "10207")).get("/home/")
    assert "いま待っている仕事はありません" in page.content.decode()


def test_a_meeting_whose_day_passed_stands_there_with_its_form():
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, "10207")
    actor = actor_for_user(user, NOW)
    facts = MeetingFacts(held_on=actor.today - timedelta(days=3))
    meeting = plan_meeting(actor=actor, body_id=body_of(actor).pk, facts=facts)
    page = signed_in(user).get("/home/").content.decode()
    assert f"/councils/meetings/{meeting.pk}/hold/" in page
    assert "開催日を過ぎています" in page
