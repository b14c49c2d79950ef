from __future__ import annotations

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from nimo.community.sheets.choices import DocumentState
from nimo.community.sheets.models.documents import ChapterAutosave, SheetDocument, SheetRoute
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import TEXT
from nimo.community.sheets.tests.writing import CITY, Offices, start, town_of, write
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from tests.access.test_table import BACKEND
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path / "files"


@pytest.fixture
def offices() -> Offices:
    return Offices.make()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
    return client


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_sheet_goes_over_the_screens_from_the_beginning_to_the_record(offices):
    officer = signed_in(offices.officer)
    started = officer.post(
        "/sheets/documents/new/",
        {
            "region_code": CITY,
            "fiscal_year": "R8",
            "organisation_id": str(town_of(offices.officer)),
            "from_last_year": "on",
            "due_on": "令和9年6月30日",
        },
    )
    document = SheetDocument.objects.get()
    at = f"/sheets/documents/{document.pk}/"
    assert (started.status_code, started["Location"]) == (302, at)
    assert "まだ何も書かれていません" in page(officer, at)

    saved = officer.post(f"{at}chapters/strengths/", {"version": "1", "strengths": "架空の強み", "next": "1"})
    assert saved["Location"] == f"{at}chapters/challenges/"
    officer.post(f"{at}send/", {"version": _version(document), "route_id": str(offices.route.pk)})
    manager = signed_in(offices.manager)
    assert "確認する" in page(manager, at)
    manager.post(f"{at}move/check/", {"version": _version(document), "note": ""})
    refused = manager.post(f"{at}decide/", {"version": _version(document), "decided_on": "", "document_number": ""})
    assert refused.status_code == 422
    assert "決裁日を入れてください" in refused.content.decode()
    manager.post(
        f"{at}decide/", {"version": _version(document), "decided_on": "R8.5.20", "document_number": "架空第1号"}
    )
    assert "提出する" in page(officer, at)
    officer.post(f"{at}move/submit/", {"version": _version(document)})
    for actor in (offices.centre, offices.prefecture):
        client = signed_in(actor)
        assert "受理する" in page(client, at)
        client.post(f"{at}move/accept/", {"version": _version(document)})
    document.refresh_from_db()
    assert document.state == DocumentState.ACCEPTED
    assert Sheet.objects.get(region_id=CITY, fiscal_year=2026).submission == document.submissions.get()
    assert "架空第1号" in page(officer, at)


def _version(document: SheetDocument) -> int:
    document.refresh_from_db()
    return document.version


def test_two_editors_see_the_difference_and_the_second_can_still_save(offices):
    document = start(offices.officer)
    at = f"/sheets/documents/{document.pk}/chapters/strengths/"
    write(offices.manager, document, "strengths", strengths="責任者の文")
    officer = signed_in(offices.officer)
    answer = officer.post(at, {"version": "1", "strengths": "担当者の文"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "責任者の文" in text
    assert "担当者の文" in text
    newer = re.search(r'name="version" value="(\d+)"', text)
    assert newer is not None
    assert officer.post(at, {"version": newer[1], "strengths": "担当者の文"}).status_code == 302
    assert document.chapters.get(key="strengths").content == "担当者の文"


def test_what_was_typed_comes_back_after_the_page_was_lost(offices):
    document = start(offices.officer)
    at = f"/sheets/documents/{document.pk}/chapters/strengths/"
    officer = signed_in(offices.officer)
    answer = officer.post(f"{at}autosave/", {"version": "1", "strengths": "途中の文"})
    assert "控えました" in answer.content.decode()
    assert ChapterAutosave.objects.count() == 1
    assert "控えがあります" in page(officer, at)
    assert "途中の文" in page(officer, f"{at}?kept=1")
    assert "途中の文" not in page(signed_in(offices.manager), f"{at}?kept=1")


def test_rows_are_added_moved_removed_and_pasted(offices):
    document = start(offices.officer)
    at = f"/sheets/documents/{document.pk}/chapters/targets/"
    officer = signed_in(offices.officer)
    officer.post(
        f"{at}paste/", {"version": "1", "list_path": "targets", "first_row": "1", "block": "甲\t1\t2\t\n乙\t3\t4\t"}
    )
    assert [row["indicator"] for row in document.chapters.get(key="targets").content] == ["甲", "乙"]
    fields = {
        f"targets.{row}.{name}": value
        for row, values in enumerate([("甲", "1", "2"), ("乙", "3", "4")])
        for name, value in zip(("indicator", "current", "target"), values, strict=True)
    }
    officer.post(at, {"version": "2", **fields, "move_up": "targets.1"})
    assert [row["indicator"] for row in document.chapters.get(key="targets").content] == ["乙", "甲"]
    misfit = officer.post(f"{at}paste/", {"version": "3", "list_path": "targets", "first_row": "1", "block": "甲\t1"})
    assert "列は4つ" in said(misfit)
    odd = officer.post(f"{at}paste/", {"version": "3", "list_path": "targets", "first_row": "はじめ", "block": "甲"})
    assert "数字で" in said(odd)


def test_a_result_is_carried_over_by_a_person_on_the_screen(offices):
    upload = upload_sheet(actor=offices.officer, content=TEXT.encode(), name="前の年.txt")
    draft = read_upload(actor=offices.officer, upload_id=upload.pk).drafts.get()
    confirm_draft(actor=offices.officer, draft_id=draft.pk, version=draft.version)
    document = start(offices.officer)
    write(offices.officer, document, "results", results__0__actual="5回")
    officer = signed_in(offices.officer)
    at = f"/sheets/documents/{document.pk}/carry/"
    assert "現状値に引き継ぐ" in page(officer, at)
    officer.post(at, {"path": "targets.0.current", "from_path": "results.0.actual", "text": "5回", "take": "1"})
    assert document.chapters.get(key="targets").content[0]["current"]["raw"] == "5回"
    assert "引き継いだ" in page(officer, at)
    filled = officer.post(f"/sheets/documents/{document.pk}/fill/", {"version": "1"})
    assert "か所に入れました" in said(filled)
    editor = page(officer, f"/sheets/documents/{document.pk}/chapters/basic_info/")
    assert "出どころ" in editor
    assert "74000" in editor
    compare = page(officer, f"/sheets/documents/{document.pk}/compare/?all=1")
    assert "前年度と同じ" in compare


def test_a_route_is_made_and_ended_on_the_screen(offices):
    manager = signed_in(offices.manager)
    town, centre = str(town_of(offices.manager)), str(town_of(offices.centre))
    given = {"organisation_id": town, "name": "急ぎ", "kind_1": "decide", "at_1": town, "post_1": "課長"}
    refused = manager.post("/sheets/routes/new/", {**given, "kind_1": "check"})
    assert "決裁の段は一つ" in refused.content.decode()
    manager.post("/sheets/routes/new/", {**given, "kind_2": "receive", "at_2": centre, "post_2": "担当"})
    route = SheetRoute.objects.get(name="急ぎ")
    assert [step["kind"] for step in route.steps] == ["decide", "receive"]
    assert "急ぎ" in page(signed_in(offices.officer), "/sheets/routes/")
    manager.post(f"/sheets/routes/{route.pk}/", {**given, "version": str(route.version), "end": "1"})
    assert not SheetRoute.objects.get(pk=route.pk).in_use


def test_an_unknown_chapter_or_move_is_not_there(offices):
    document = start(offices.officer)
    officer = signed_in(offices.officer)
    for path in ("chapters/overview/", "chapters/nothing/", "move/fly/", "chapters/nothing/mend/"):
        page(officer, f"/sheets/documents/{document.pk}/{path}", 404)


def test_the_print_for_the_decision_holds_the_whole_sheet(offices):
    document = start(offices.officer)
    write(offices.officer, document, "strengths", strengths="印刷される強み")
    text = page(signed_in(offices.officer), f"/sheets/documents/{document.pk}/print/")
    assert "印刷される強み" in text
    assert "文書番号" in text


def test_the_list_costs_the_same_for_many_sheets(offices):
    officer = signed_in(offices.officer)

    def more() -> None:
        for year in range(2018, 2026):
            start(offices.officer, year)

    start(offices.officer, 2017)
    assert_constant_queries(lambda: page(officer, "/sheets/documents/"), more)


def test_a_document_costs_the_same_however_long_its_history(offices):
    document = start(offices.officer)
    write(offices.officer, document, "strengths", strengths="一")
    officer = signed_in(offices.officer)

    def more() -> None:
        for number in range(6):
            write(offices.officer, document, "lead", lead=f"文{number}")

    assert_constant_queries(lambda: page(officer, f"/sheets/documents/{document.pk}/"), more)
