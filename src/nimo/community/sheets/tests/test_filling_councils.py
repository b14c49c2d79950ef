"""The 協議の場の実施状況 of a sheet from the records of meetings: filled, never overwritten, never a guess."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyAudience, Category, Layer
from nimo.community.councils.choices.meetings import Confidentiality, ReviewDecision
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.services.agenda import ItemFacts, put_item
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.community.councils.tests.support import body_of, seated
from nimo.community.sheets.choices import DocumentState
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.queries.council_records import council_part
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.services.chapters import save_chapter
from nimo.community.sheets.services.documents import start_document
from nimo.community.sheets.services.filling_councils import (
    UnableToFillCouncils,
    fill_councils,
    place_council,
    replace_council_cell,
)
from nimo.community.sheets.tests.writing import CITY, start, town_of, write
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.services.places import create_area
from tests.journeys.people import signed_in
from tests.support.people import NOW, actor_of, load_places, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
DAY = date(2026, 6, 1)
CAME = dict.fromkeys(Category, 2) | {Category.PEER: 1}


@pytest.fixture
def officer():
    load_places()
    return actor_of(Role.MUNICIPAL_OFFICER, CITY)


def _met(actor, body, day=DAY, counts=None, **more):
    facts = MeetingFacts(held_on=day, summary="要旨は書かない", **more)
    return record_meeting(actor=actor, body_id=body.pk, facts=facts, counts=CAME if counts is None else counts)


def _version(document) -> int:
    return document.chapters.get(key="councils").version


def _fill(actor, document):
    return fill_councils(actor=actor, document_id=document.pk, version=_version(document))


def _row(document, place=0):
    return content_of(document)["councils"][place]


def test_a_body_becomes_a_row_with_the_origin_of_every_cell(officer):
    body = body_of(officer, frequency="年2回", members_text="架空病院、架空保健所")
    meeting = _met(officer, body, goals_reviewed=True)
    for title, level in (("住まい", Confidentiality.PUBLIC), ("ひみつの議題", Confidentiality.MEMBERS)):
        put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts(title, confidentiality=level))
    document = start(officer)
    chapter, number = _fill(officer, document)
    row = _row(document)
    assert number == 5
    assert (row["name"], row["members"]) == (body.name, ["架空病院", "架空保健所"])
    assert row["frequency"] == "年2回（令和8年度は令和8年6月1日までに1回開催）"
    assert row["content"] == "令和8年度 第1回（令和8年6月1日、対面）：住まい"
    assert "目標の設定・評価を行った会議は1回" in row["note"]
    assert {path: origin["body"] for path, origin in chapter.origins.items()} == {
        f"councils.0.{cell}": str(body.pk) for cell in row
    }
    assert str(body.pk) in chapter.origins["councils.0.frequency"]["href"]
    assert "fiscal_year=2026" in chapter.origins["councils.0.frequency"]["href"]


def test_another_meeting_is_offered_and_changes_what_was_filled_but_not_what_was_typed(officer):
    body = body_of(officer)
    _met(officer, body)
    document = start(officer)
    _fill(officer, document)
    write(officer, document, "councils", councils__0__note="担当者の文")
    _met(officer, body, date(2026, 7, 1))
    [offer] = council_part(officer, document).rows
    assert {cell.cell: cell.state for cell in offer.cells} == {
        "name": "same",
        "frequency": "moved",
        "content": "moved",
        "note": "differs",
    }
    _fill(officer, document)
    assert "2回開催" in _row(document)["frequency"]
    assert _row(document)["note"] == "担当者の文"


def test_only_bodies_that_count_and_stood_in_the_year_are_offered(officer):
    wanted = body_of(officer, "架空市 協議の場")
    body_of(officer, "架空市 勉強会", counts_as_council=False)
    body_of(officer, "架空市 これからの場", established_on=date(2027, 4, 1))
    document = start(officer)
    assert [one.record.body_id for one in council_part(officer, document).rows] == [str(wanted.pk)]


def test_no_meeting_recorded_is_not_zero_and_a_year_decided_without_one_is(officer):
    body = body_of(officer, frequency="年2回")
    document = start(officer)
    [offer] = council_part(officer, document).rows
    assert {cell.cell: cell.said for cell in offer.cells} == {"name": body.name, "frequency": "年2回"}
    YearReview.objects.create(
        body=body, fiscal_year=2026, decision=ReviewDecision.values[0], reason="理由", decided_on=date(2026, 11, 1)
    )
    [offer] = council_part(officer, document).rows
    assert "令和8年度は開催なし" in {cell.cell: cell.said for cell in offer.cells}["frequency"]


def test_nobody_can_tell_from_the_row_who_is_a_peer_or_a_family_member(officer):
    body = body_of(officer)
    seated(officer, body, "架空 花子", affiliation="架空の会", category=Category.PEER)
    seated(officer, body, "架空 一郎", title="家族会 会長", affiliation="架空家族会", category=Category.OTHER)
    _met(officer, body, counts=dict.fromkeys(Category, 20) | {Category.PEER: 1})
    document = start(officer)
    _fill(officer, document)
    row = _row(document)
    assert row["members"] == ["架空の会"]  # an office, with no name and no category
    said = f"{row}"
    assert "架空 花子" not in said
    assert "当事者 1人" not in said
    assert "その他（当事者・家族を含むことがあります） 41人" in row["note"]
    [offer] = council_part(officer, document).rows
    assert any("手で書き足して" in one for one in offer.record.remarks)


def test_ten_visits_of_one_person_are_not_told_apart_either(officer):
    body = body_of(officer)
    _met(officer, body, counts=dict.fromkeys(Category, 20))
    document = start(officer)
    _fill(officer, document)
    assert "当事者 20人" not in _row(document)["note"]


def test_a_meeting_that_does_not_say_who_came_leaves_no_sum(officer):
    body = body_of(officer)
    _met(officer, body)
    _met(officer, body, date(2026, 7, 1)).counts.all().delete()
    document = start(officer)
    _fill(officer, document)
    assert "延べ" not in (_row(document)["note"] or "")


def test_a_row_of_last_year_is_the_bodys_only_when_a_person_says_so(officer):
    body = body_of(officer, frequency="年2回")
    document = start(officer)
    save_chapter(actor=officer, document_id=document.pk, key="councils", version=1, edits={}, add_row="councils")
    write(officer, document, "councils", councils__0__name="第1回協議の場")
    with pytest.raises(UnableToFillCouncils, match="一つずつ"):
        _fill(officer, document)
    place_council(actor=officer, document_id=document.pk, version=_version(document), body_id=body.pk, row=0)
    assert (_row(document)["name"], _row(document)["frequency"]) == ("第1回協議の場", "年2回")
    assert len(content_of(document)["councils"]) == 1
    [offer] = council_part(officer, document).rows
    assert offer.row == 0
    [name] = offer.open
    replace_council_cell(
        actor=officer,
        document_id=document.pk,
        version=_version(document),
        body_id=body.pk,
        cell="name",
        seen=name.seen,
    )
    assert _row(document)["name"] == body.name


def test_a_record_that_changed_since_it_was_seen_is_not_put_in(officer):
    body = body_of(officer)
    _met(officer, body)
    document = start(officer)
    _fill(officer, document)
    write(officer, document, "councils", councils__0__frequency="数えていない")
    seen = next(one for one in council_part(officer, document).rows[0].cells if one.cell == "frequency").seen
    _met(officer, body, date(2026, 7, 1))
    with pytest.raises(UnableToFillCouncils, match="あとで変わりました"):
        replace_council_cell(
            actor=officer,
            document_id=document.pk,
            version=_version(document),
            body_id=body.pk,
            cell="frequency",
            seen=seen,
        )
    assert _row(document)["frequency"] == "数えていない"


def test_a_sheet_that_was_sent_on_is_not_filled_any_more(officer):
    body_of(officer)
    document = start(officer)
    SheetDocument.objects.filter(pk=document.pk).update(state=DocumentState.CHECKING)
    with pytest.raises(UnableToFillCouncils):
        _fill(officer, document)
    assert content_of(document)["councils"] == []


def test_the_second_of_two_is_told_and_nothing_is_doubled(officer):
    body_of(officer)
    document = start(officer)
    _fill(officer, document)
    with pytest.raises(UnableToFillCouncils):
        fill_councils(actor=officer, document_id=document.pk, version=1)
    assert len(content_of(document)["councils"]) == 1


def test_a_prefecture_chooses_the_councils_of_its_areas_one_by_one(officer):
    prefecture = actor_of(Role.PREFECTURE_OFFICER, "10000")
    own = body_of(prefecture, "架空県 協議会", layer=Layer.PREFECTURE, region_code="10000")
    narrow = body_of(
        prefecture, "架空県 内輪の会", layer=Layer.PREFECTURE, region_code="10000", audience=BodyAudience.MEMBERS
    )
    body_of(officer)  # a town's: not the prefecture's row
    area = create_area(
        actor=Actor.system("test", now=NOW),
        prefecture_code="10000",
        kind=RegionKind.WELFARE_AREA,
        name="架空圏域",
        kana="かくう",
    )
    near = body_of(prefecture, "架空圏域 協議の場", layer=Layer.WELFARE_AREA, region_code=area.code)
    document = start_document(
        actor=prefecture, region_code="10000", fiscal_year=2026, organisation_id=town_of(prefecture)
    )
    part = council_part(prefecture, document)
    assert {one.record.body_id: one.record.in_bulk for one in part.rows} == {
        str(own.pk): True,
        str(narrow.pk): False,
        str(near.pk): False,
    }
    assert part.rows[-1].record.name == near.name
    _fill(prefecture, document)
    assert [row["name"] for row in content_of(document)["councils"]] == [own.name]


def test_the_records_are_read_in_a_number_of_queries_that_does_not_grow(officer):
    document = start(officer)

    def grow() -> None:
        for number in range(4):
            body = body_of(officer, f"架空市 会議{number}")
            for month in (5, 6, 7):
                meeting = _met(officer, body, date(2026, month, 1))
                put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts("住まい"))

    grow_once = body_of(officer, "架空市 はじめの会議")
    _met(officer, grow_once)
    assert_constant_queries(lambda: council_part(officer, document), grow)


def test_document_councils(officer):
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    actor, client = actor_for_user(user, NOW), signed_in(user)
    body = body_of(actor)
    _met(actor, body)
    document = start(actor)
    page = reverse("sheets:document_chapter", args=[document.pk, "councils"])
    assert "シートに行がありません" in client.get(page).content.decode()
    url = reverse("sheets:document_councils", args=[document.pk])
    assert client.get(url).status_code == 405
    assert client.post(url, {"place": "1", "version": "1"}).status_code == 302  # no body named: nothing happens
    assert content_of(document)["councils"] == []
    client.post(url, {"place": "1", "version": "1", "body_id": str(body.pk), "row": ""})
    assert _row(document)["name"] == body.name
    write(actor, document, "councils", councils__0__name="別の名")
    shown = client.get(page).content.decode()
    assert "記録の内容に置きかえる" in shown
    assert "会議の記録「" in shown  # the origin of the cells beside their boxes
    cell = next(one for one in council_part(actor, document).rows[0].cells if one.cell == "name")
    given = {"version": str(_version(document)), "body_id": str(body.pk), "replace": f"name:{cell.seen}"}
    client.post(url, given)
    assert _row(document)["name"] == body.name
    _met(actor, body, date(2026, 7, 1))
    client.post(url, {"all": "1", "version": str(_version(document))})
    assert "2回開催" in _row(document)["frequency"]


def test_what_the_records_say_may_stand_below_what_a_person_wrote(officer):
    body = body_of(officer)
    _met(officer, body)
    document = start(officer)
    _fill(officer, document)
    write(officer, document, "councils", councils__0__note="課題は、住まいの確保。")
    note = next(one for one in council_part(officer, document).rows[0].cells if one.cell == "note")
    given = {"document_id": document.pk, "body_id": body.pk, "cell": "note", "seen": note.seen, "below": True}
    chapter, _ = replace_council_cell(actor=officer, version=_version(document), **given)
    assert _row(document)["note"] == f"課題は、住まいの確保。\n{note.said}"
    assert "filled" not in chapter.origins["councils.0.note"]  # it holds a person's words: never filled over
    [offer] = council_part(officer, document).rows
    assert offer.open == []
    name = next(one for one in offer.cells if one.cell == "name")
    write(officer, document, "councils", councils__0__name="別の名")
    with pytest.raises(UnableToFillCouncils, match="この欄には足せません"):
        replace_council_cell(actor=officer, version=_version(document), **given | {"cell": "name", "seen": name.seen})
