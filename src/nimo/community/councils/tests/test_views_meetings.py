"""Screens of meetings through the client: the minimum, two editors, and a public page that hides what is hidden."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from nimo.community.councils.choices.meetings import Confidentiality, MeetingState
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.services.agenda import ItemFacts, put_item
from nimo.community.councils.services.calls import call_meeting
from nimo.community.councils.services.decisions import DecisionFacts, record_decision
from nimo.community.councils.services.meetings import MeetingFacts, plan_meeting
from nimo.community.councils.services.minutes import approve_minutes, correct_minute, publish_minutes, save_minute
from nimo.community.councils.tests.meeting_support import body_of, held, meeting_world, seat_five
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import signed_in
from tests.support.people import NOW, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])

MARK, DEEPER = "ひみつの空き病床", "ひみつの日程"


@pytest.fixture
def world(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, "10207")
    officer = actor_for_user(user, NOW)
    return officer, signed_in(user), body_of(officer)


MINIMUM = {"held_on": "R8.11.2", "way": "in_person", "count_health": "2", "summary": "住まいについて話し合った"}


def test_meeting_record_takes_the_minimum_and_counts_once(world):
    _, client, body = world
    path = reverse("councils:meeting_record", args=[body.pk])
    assert client.post(path, MINIMUM).status_code == 302
    again = client.post(path, MINIMUM)
    assert again.status_code == 422
    assert "同じ日の会議がもう記録されています" in again.content.decode()
    assert 'name="again"' in again.content.decode()
    assert Meeting.objects.filter(state=MeetingState.HELD).count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held_on": ""}, "開催日"),
        ({"held_on": "きのう"}, "日付として読み取れませんでした"),
        ({"count_health": "-1"}, "0以上"),
        ({"count_health": "ふたり"}, "数字で"),
        ({"count_health": ""}, "参加者数を、少なくとも一つ"),
        ({"starts_at": "ひるすぎ"}, "時刻として読み取れませんでした"),
    ],
)
def test_meeting_record_says_what_is_wrong_and_keeps_what_was_typed(world, change, words):
    _, client, body = world
    answer = client.post(reverse("councils:meeting_record", args=[body.pk]), MINIMUM | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "住まいについて話し合った" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_minute_edit_shows_both_texts_when_two_write(world):
    officer, client, body = world
    item = put_item(actor=officer, meeting_id=held(officer, body).pk, facts=ItemFacts("住まい"))
    save_minute(actor=officer, item_id=item.pk, version=0, text="同僚の記録")
    path = reverse("councils:minute_edit", args=[item.pk])
    answer = client.post(path, {"version": "0", "text": "わたしの記録"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "同僚の記録" in shown
    assert "わたしの記録" in shown
    assert client.post(path, {"version": "1", "text": "二つを合わせた記録"}).status_code == 302


def _published(officer, body):
    """Public minutes that hide a passage, an item, a decision and a correction."""
    seat_five(body)
    meeting = held(officer, body)
    item = put_item(
        actor=officer, meeting_id=meeting.pk, facts=ItemFacts("住まい", confidentiality=Confidentiality.PUBLIC)
    )
    text = f"だれでも読める記録。\n［構成員限り］{MARK}が三つ。［ここまで］\n［事務局限り］{DEEPER}。［ここまで］"
    save_minute(actor=officer, item_id=item.pk, version=0, text=text)
    put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts(f"{MARK}の議題"))
    record_decision(actor=officer, item_id=item.pk, facts=DecisionFacts(f"{MARK}を調べる"))
    version = Minutes.objects.get(pk=meeting.pk).version
    approve_minutes(actor=officer, meeting_id=meeting.pk, version=version, confirmed_by="会長")
    correct_minute(
        actor=officer, item_id=item.pk, passage=f"{MARK}が三つ", correct=f"{MARK}が二つ", reason=f"{DEEPER}の誤り"
    )
    publish_minutes(actor=officer, meeting_id=meeting.pk)
    return meeting


def test_minutes_public_holds_nothing_hidden_in_page_file_or_metadata(world):
    officer, _, body = world
    meeting = _published(officer, body)
    visitor = Client()
    page = visitor.get(reverse("councils:minutes_public", args=[meeting.pk]))
    file = visitor.get(reverse("councils:minutes_public_file", args=[meeting.pk]))
    package = zipfile.ZipFile(io.BytesIO(file.content))
    told = [page.content.decode(), str(page.headers), str(file.headers)]
    told += [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
    assert "だれでも読める記録" in told[0]
    assert any("だれでも読める記録" in part for part in told[3:])
    for word in ("ひみつ", "館野", "明和", "当事者", "構成員限り", "ここまで"):
        assert not [part for part in told if word in part], word


def test_minutes_of_a_meeting_that_were_not_published_are_not_there(world):
    officer, _, body = world
    meeting = held(officer, body)
    assert Client().get(reverse("councils:minutes_public", args=[meeting.pk])).status_code == 404


def test_an_officer_of_the_region_reads_the_public_rendition_only(world):
    officer, _, body = world
    meeting = _published(officer, body)
    prefecture = signed_in(user_of(Role.PREFECTURE_OFFICER, "10000"))
    shown = prefecture.get(reverse("councils:minutes_detail", args=[meeting.pk]) + "?for=secretariat").content.decode()
    assert "だれでも読める記録" in shown
    assert "ひみつ" not in shown
    file = prefecture.get(reverse("councils:meeting_document", args=[meeting.pk, "minutes"]))
    assert "ひみつ" not in zipfile.ZipFile(io.BytesIO(file.content)).read("word/document.xml").decode()
    for kind in ("roster", "pack", "call"):
        assert prefecture.get(reverse("councils:meeting_document", args=[meeting.pk, kind])).status_code == 404


def test_every_page_of_a_meeting_opens_for_its_secretariat(world):
    officer, client, body = world
    known = meeting_world(officer, body)
    for name in ("detail", "hold", "cancel", "call", "guest", "replies", "attendance"):
        assert client.get(reverse(f"councils:meeting_{name}", args=[known["meeting_id"]])).status_code == 200, name
    for name in ("minutes_detail", "minutes_approve", "minutes_publish", "minutes_withdraw", "item_add"):
        assert client.get(reverse(f"councils:{name}", args=[known["meeting_id"]])).status_code == 200, name
    for name in ("item_detail", "item_edit", "item_remove", "minute_edit", "minute_correct", "paper_add"):
        assert client.get(reverse(f"councils:{name}", args=[known["item_id"]])).status_code == 200, name
    for name in ("decision_add", "opinion_add", "item_raise"):
        assert client.get(reverse(f"councils:{name}", args=[known["item_id"]])).status_code == 200, name
    for name in ("meeting_list", "meeting_record", "meeting_plan", "reading_set"):
        assert client.get(reverse(f"councils:{name}", args=[body.pk])).status_code == 200, name
    for name in ("year_detail", "item_classify", "plan_add", "review_edit", "review_decide"):
        assert client.get(reverse(f"councils:{name}", args=[body.pk, 2026])).status_code == 200, name
    for kind in ("agenda", "agenda-furigana", "roster", "call", "minutes", "calendar", "pack"):
        answer = client.get(reverse("councils:meeting_document", args=[known["meeting_id"], kind]))
        assert answer.status_code == 200, kind
        assert answer["Content-Disposition"].startswith("attachment")
    for name, key in (
        ("decision_close", "decision_id"),
        ("referral_answer", "referral_id"),
        ("plan_tie", "planned_id"),
        ("plan_drop", "planned_id"),
        ("paper_download", "paper_id"),
    ):
        assert client.get(reverse(f"councils:{name}", args=[known[key]])).status_code == 200, name


def test_slips_entered_at_two_desks_say_what_stands_there_and_the_next_press_replaces_it(world):
    officer, client, body = world
    seat_five(body)
    planned = plan_meeting(actor=officer, body_id=body.pk, facts=MeetingFacts(held_on=date(2026, 12, 1)))
    call_meeting(actor=officer, meeting_id=planned.pk, version=planned.version, answer_by=None)
    people = list(Attendee.objects.filter(meeting=planned).order_by("position"))
    form = {"channel": "fax"} | {f"version_{one.pk}": str(one.version) for one in people}
    form |= {f"reply_{one.pk}": "waiting" for one in people}
    path, first = reverse("councils:meeting_replies", args=[planned.pk]), people[0]
    assert client.post(path, form | {f"reply_{first.pk}": "coming"}).status_code == 302
    second = form | {f"reply_{first.pk}": "absent", f"reply_{people[1].pk}": "online"}
    refused = client.post(path, second)
    assert refused.status_code == 422
    assert "ほかの人が「出席」と保存しました" in refused.content.decode()
    assert set(Attendee.objects.filter(meeting=planned).values_list("reply", flat=True)) == {"coming", "waiting"}
    typed = refused.context["form"]
    assert typed[f"reply_{first.pk}"].value() == "absent"
    again = second | {f"version_{one.pk}": typed[f"version_{one.pk}"].value() for one in people}
    assert client.post(path, again).status_code == 302
    assert [one.reply for one in Attendee.objects.filter(meeting=planned).order_by("position")[:2]] == [
        "absent",
        "online",
    ]
