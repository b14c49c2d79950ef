"""The councils of a region: its page, its list of meetings, and who sees how much of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyAudience, Category, Layer
from nimo.community.councils.choices.meetings import Confidentiality, MeetingState, ReviewDecision
from nimo.community.councils.measures import meetings
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.queries.region import region_councils, region_meetings
from nimo.community.councils.services.agenda import ItemFacts, put_item
from nimo.community.councils.services.meetings import MeetingFacts, cancel_meeting, record_meeting
from nimo.community.councils.services.minutes import approve_minutes, publish_minutes, save_minute
from nimo.community.councils.tests.support import CITY, PREFECTURE, body_of, officer, seated
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.regions.models import Region
from tests.journeys.people import signed_in
from tests.support.people import NOW, actor_of, load_places, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
PUBLIC = {"audience": BodyAudience.PUBLIC}
COUNTS = {Category.HEALTH: 3, Category.PEER: 1}


@pytest.fixture(autouse=True)
def _places():
    load_places()


def _met(actor, body, day=date(2026, 6, 1), **more):
    facts = MeetingFacts(held_on=day, summary="要旨は広めない", **more)
    return record_meeting(actor=actor, body_id=body.pk, facts=facts, counts=COUNTS)


def _town() -> Region:
    return Region.objects.get(pk=CITY)


def _cells(found) -> dict[str, dict[str, object]]:
    return {row["layer"]: row for row in found.table.rows}


def test_a_meeting_raises_the_figure_by_one_and_the_figure_opens_it():
    actor = officer()
    body = body_of(actor)
    _met(actor, body, date(2025, 6, 1))
    row = _cells(region_councils(actor, _town()))["市町村"]
    assert (row["bodies"].text, row["this"].text, row["last"].text) == ("1か所", "記録なし", "1回")
    meeting = _met(actor, body)
    row = _cells(region_councils(actor, _town()))["市町村"]
    assert row["this"].text == "1回"
    assert row["this"].href.endswith("fiscal_year=2026&layer=municipality")
    assert [one.pk for one in region_meetings(actor, _town(), 2026, "municipality", 1)] == [meeting.pk]
    assert list(region_meetings(actor, _town(), 2026, "prefecture", 1)) == []


def test_no_record_is_not_zero_and_a_year_decided_without_a_meeting_is():
    actor = officer()
    body = body_of(actor)
    assert _cells(region_councils(actor, _town()))["市町村"]["this"].text == "記録なし"
    YearReview.objects.create(
        body=body, fiscal_year=2026, decision=ReviewDecision.values[0], reason="理由", decided_on=date(2026, 11, 1)
    )
    assert _cells(region_councils(actor, _town()))["市町村"]["this"].text == "0回"


def test_the_page_of_a_prefecture_counts_what_its_measure_counts():
    prefecture = actor_of(Role.PREFECTURE_OFFICER, PREFECTURE)
    town = officer()
    _met(town, body_of(town))
    _met(town, body_of(town, "架空市 勉強会", counts_as_council=False))
    _met(prefecture, body_of(prefecture, "架空県 協議会", layer=Layer.PREFECTURE, region_code=PREFECTURE))
    found = region_councils(prefecture, Region.objects.get(pk=PREFECTURE))
    said = {layer: row["this"].text for layer, row in _cells(found).items()}
    assert said == {"都道府県": "1回", "市町村": "1回"}
    assert meetings.count_together((CITY, PREFECTURE), 2026).value == 2
    assert found.inside


def test_the_public_sees_public_bodies_only_and_no_way_in():
    actor = officer()
    visitor = Actor.anonymous(now=NOW)
    _met(actor, body_of(actor, "架空市 内輪の会"))
    assert region_councils(visitor, _town()) is None
    _met(actor, body_of(actor, "架空市 協議の場", **PUBLIC))
    found = region_councils(visitor, _town())
    row = _cells(found)["市町村"]
    assert (row["bodies"].text, row["this"].text) == ("1か所", "1回")
    assert row["bodies"].href is None
    assert row["this"].href is None
    assert (found.list_href, found.diagram_href, found.minutes) == ("", "", [])


def test_a_planned_or_cancelled_meeting_is_not_counted():
    actor = officer()
    body = body_of(actor)
    held, planned = _met(actor, body), _met(actor, body, date(2026, 7, 1))
    Meeting.objects.filter(pk=planned.pk).update(state=MeetingState.PLANNED)
    cancel_meeting(actor=actor, meeting_id=planned.pk, version=1, reason="台風")
    assert [one.pk for one in region_meetings(actor, _town(), 2026, "", 1)] == [held.pk]


def test_the_page_takes_a_number_of_queries_that_does_not_grow():
    actor = officer()
    _met(actor, body_of(actor, "架空市 はじめ", **PUBLIC))

    def grow() -> None:
        for number in range(4):
            body = body_of(actor, f"架空市 会議{number}", **PUBLIC)
            for month in (5, 6, 7):
                _met(actor, body, date(2026, month, 1))

    assert_constant_queries(lambda: region_councils(actor, _town()), grow)


def test_region_meetings():
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    actor, client = actor_for_user(user, NOW), signed_in(user)
    meeting = _met(actor, body_of(actor, "架空市 協議の場"))
    url = reverse("councils:region_meetings", args=[CITY])
    shown = client.get(f"{url}?fiscal_year=2026").content.decode()
    assert reverse("councils:meeting_detail", args=[meeting.pk]) in shown
    assert "あなたが見られる会議は1件" in shown
    assert "この年度の会議の記録がありません" in client.get(f"{url}?fiscal_year=2024").content.decode()
    assert client.get(reverse("councils:region_meetings", args=["99999"])).status_code == 404
    stranger = signed_in(user_of(Role.MUNICIPAL_OFFICER, "11201"))
    assert "あなたが見られる会議は0件" not in shown
    body = body_of(actor, "架空市 内輪の会", audience=BodyAudience.MEMBERS)
    hidden = _met(actor, body)
    assert str(hidden.pk) not in stranger.get(f"{url}?fiscal_year=2026").content.decode()


def test_the_public_page_of_a_region_tells_no_name_no_category_and_no_closed_item(client):
    actor = officer()
    body = body_of(actor, "架空市 協議の場", **PUBLIC)
    seated(actor, body, "架空 花子", affiliation="架空の会", category=Category.PEER)
    meeting = _met(actor, body)
    for title, level in (("公開の議題", Confidentiality.PUBLIC), ("ひみつの議題", Confidentiality.SECRETARIAT)):
        item = put_item(actor=actor, meeting_id=meeting.pk, facts=ItemFacts(title, confidentiality=level))
        save_minute(actor=actor, item_id=item.pk, version=0, text="記録の文")
    page = reverse("portal:region_detail", args=[CITY])
    before = client.get(page).content.decode()
    assert "議事録" not in before.split('id="region-councils"')[1].split("</section>")[0]
    meeting.minutes.refresh_from_db()
    approve_minutes(actor=actor, meeting_id=meeting.pk, version=meeting.minutes.version, confirmed_by="会長")
    publish_minutes(actor=actor, meeting_id=meeting.pk)
    shown = client.get(page).content.decode()
    section = shown.split('id="region-councils"')[1].split("</section>")[0]
    assert reverse("councils:minutes_public", args=[meeting.pk]) in section
    assert "1か所" in section
    for word in (
        "架空 花子",
        "架空の会",
        "当事者",
        "ひみつの議題",
        "要旨は広めない",
        "記録の文",
        "/councils/meetings/",
    ):
        assert word not in shown
