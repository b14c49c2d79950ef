from __future__ import annotations

import re

import pytest
from django.urls import reverse

from nimo.community.councils.choices.bodies import Category, RelationKind
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.posts import Holding, Post
from nimo.community.councils.services.bodies import relate
from nimo.community.councils.tests.support import CITY, council_world, seated
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import signed_in
from tests.support.people import NOW, load_places, user_of

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture
def office():
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    return actor_for_user(user, NOW), signed_in(user)


def _url(name, *arguments):
    return reverse(f"councils:{name}", args=arguments)


def test_every_page_opens_for_the_office_that_keeps_the_council(office):
    actor, client = office
    known = council_world(actor)
    pages = {
        "body_id": ["body_detail", "body_edit", "body_move", "body_purpose", "body_hats", "relation_add", "manual_add",
                    "regulation_add", "post_add", "fee_list"],
        "regulation_id": ["regulation_detail", "regulation_edit"],
        "post_id": ["post_edit", "post_end", "seat_add"],
        "holding_id": ["holding_detail", "holding_edit", "holding_leave", "holding_promote", "holding_choice"],
        "relation_id": ["relation_remove"],
    }  # fmt: skip
    for key, names in pages.items():
        for name in names:
            assert client.get(_url(name, known[key])).status_code == 200, name
    for address in (_url("body_list"), _url("body_create"), _url("diagram", CITY)):
        assert client.get(address).status_code == 200


def test_registers_a_body_a_seat_and_a_person_from_the_screens(office):
    _, client = office
    said = {
        "name": "架空協議会",
        "layer": "municipality",
        "kind": "core",
        "region_code": CITY,
        "audience": "prefecture",
    }
    assert client.post(_url("body_create"), said).status_code == 302
    body = Body.objects.get()
    post = {"title": "委員", "category": "peer", "fields_for": []}
    assert client.post(_url("post_add", body.pk), post).status_code == 302
    person = {"name": "架空 花子", "standing": "observer", "valid_from": "2026-04-01"}
    assert client.post(_url("seat_add", Post.objects.get().pk), person).status_code == 302
    page = client.get(_url("body_detail", body.pk)).content.decode()
    assert "架空 花子" in page
    assert "当事者" not in page.split('id="members"')[1].split('id="hats"')[0]
    holding = Holding.objects.get()
    assert client.post(_url("holding_promote", holding.pk), {"on": "2026-10-01", "version": 1}).status_code == 302
    assert Holding.objects.count() == 2


def test_keeps_what_was_typed_when_a_meeting_about_one_person_is_refused(office):
    _, client = office
    said = {"name": "Bさんケア会議", "layer": "municipality", "kind": "core", "region_code": CITY, "audience": "public"}
    answer = client.post(_url("body_create"), said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "個別支援" in page
    assert "Bさんケア会議" in page


def test_the_edit_screen_of_a_seat_does_not_read_the_category_back(office):
    actor, client = office
    known = council_world(actor)
    peer = seated(actor, Body.objects.get(pk=known["body_id"]), "架空 月子", category=Category.PEER)
    care = seated(actor, Body.objects.get(pk=known["body_id"]), "架空 星子", category=Category.CARE)
    shown = []
    for held in (peer, care):
        page = client.get(_url("post_edit", held.post_id)).content.decode()
        shown.append(TOKEN.sub("", page).replace(str(held.post_id), ""))
    assert shown[0] == shown[1]


def test_what_is_paid_comes_as_a_csv_without_categories(office):
    actor, client = office
    known = council_world(actor)
    seated(actor, Body.objects.get(pk=known["body_id"]), "架空 月子", category=Category.PEER, fee_yen=8000)
    answer = client.get(_url("fee_list", known["body_id"]), {"format": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert "架空 月子" in text
    assert "8000" in text
    assert "当事者" not in text
    assert "月子" not in answer["Content-Disposition"]


def test_relates_from_the_screen_in_either_direction(office):
    actor, client = office
    known = council_world(actor)
    other = Body.objects.exclude(pk=known["body_id"]).get()
    said = {"way": "in:report", "other": str(other.pk), "note": "年2回"}
    assert client.post(_url("relation_add", known["body_id"]), said).status_code == 302
    with pytest.raises(Exception, match="もう登録"):
        relate(actor=actor, source_id=other.pk, target_id=known["body_id"], kind=RelationKind.REPORT)
    page = client.get(_url("diagram", CITY)).content.decode()
    assert "<svg" in page
    assert "足りないところ" in page


def test_a_member_of_another_town_sees_the_body_and_no_names(office):
    actor, _ = office
    known = council_world(actor)
    neighbour = signed_in(user_of(Role.MUNICIPAL_OFFICER, "10201"))
    page = neighbour.get(_url("body_detail", known["body_id"])).content.decode()
    assert "架空市 にも包括協議会" in page
    assert "架空 花子" not in page
    assert neighbour.get(_url("fee_list", known["body_id"])).status_code == 404
