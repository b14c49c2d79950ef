"""The screens through the client: what is shown, what a button does, how many queries a long list takes."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nimo.community.indicators.models import Observation
from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import ColumnMapping, ReadCell, StatisticsImport
from nimo.community.statistics.services import checking
from nimo.community.statistics.tests.builders import workbooks as w
from nimo.community.statistics.tests.support import cell, officer, taken
from nimo.foundation.access.permissions import Role
from tests.journeys.people import signed_in
from tests.support.people import user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
TABLE = "市町村名\t年度\t相談件数\n前橋市\t令和5年度\t120\n太田市\t令和5年度\t12O\n"


@pytest.fixture
def desk() -> Client:
    return signed_in(user_of(Role.PREFECTURE_OFFICER, "10000"))


@pytest.fixture
def send(desk, django_capture_on_commit_callbacks):
    """Posts, and lets the job that was asked for run."""

    def post(path: str, data: dict):
        with django_capture_on_commit_callbacks(execute=True):
            return desk.post(path, data)

    return post


def test_a_file_goes_from_the_form_to_the_record_and_back(desk, send):
    answer = send("/statistics/new/", {"file": SimpleUploadedFile("630.xlsx", w.book_11())})
    one = StatisticsImport.objects.get()
    assert answer.url == f"/statistics/{one.pk}/"
    page = desk.get(answer.url).content.decode()
    assert "まだ何も記録していません" in page
    assert "シート" in page
    one.refresh_from_db()
    ready = desk.get(f"/statistics/{one.pk}/record/").content.decode()
    assert "12 件" in ready
    send(f"/statistics/{one.pk}/record/", {"version": one.version})
    one.refresh_from_db()
    assert one.state == ImportState.RECORDED
    assert Observation.objects.live().count() == 12
    assert "記録しました" in desk.get(answer.url).content.decode()
    refused = desk.post(f"/statistics/{one.pk}/undo/", {"version": one.version, "reason": ""})
    assert refused.status_code == 422
    send(f"/statistics/{one.pk}/undo/", {"version": one.version, "reason": "取り違え"})
    assert not Observation.objects.live().exists()


def test_a_pasted_table_asks_for_its_columns_once_and_is_known_the_next_time(desk, send):
    send("/statistics/new/", {"pasted": TABLE})
    one = StatisticsImport.objects.get()
    assert one.state == ImportState.MAPPING
    answer = desk.get(f"/statistics/{one.pk}/", follow=True)
    assert "相談件数" in answer.content.decode()
    one.refresh_from_db()
    columns = {
        "version": one.version,
        "name": "相談件数の表",
        "role-0": "region_name",
        "role-1": "year",
        "role-2": "figure",
        "indicator-2": "A01",
    }
    incomplete = desk.post(f"/statistics/{one.pk}/mapping/", columns | {"indicator-2": ""})
    assert incomplete.status_code == 422
    assert "指標を選んでください" in incomplete.content.decode()
    send(f"/statistics/{one.pk}/mapping/", columns)
    one.refresh_from_db()
    assert one.state == ImportState.REVIEW
    assert cell(one, "C2").region_id == "10201"
    assert [finding["code"] for finding in cell(one, "C3").findings] == ["unreadable"]
    send("/statistics/new/", {"pasted": TABLE.replace("5年度", "6年度").replace("12O", "130")})
    second = StatisticsImport.objects.exclude(pk=one.pk).get()
    assert second.state == ImportState.REVIEW
    assert second.mapping == ColumnMapping.objects.get()
    assert cell(second, "C3").value == 130


def test_doubtful_cells_are_answered_on_the_page(desk, send):
    def broken(sheet):
        sheet.cell(w.body_row(10), 2).value = "千人"

    send("/statistics/new/", {"file": SimpleUploadedFile("630.xlsx", w.book_11(broken))})
    one = StatisticsImport.objects.get()
    page = desk.get(f"/statistics/{one.pk}/").content.decode()
    assert "B16" in page
    assert "正しい数に直す" in page
    assert "B16" in desk.get(f"/statistics/{one.pk}/findings.csv").content.decode("utf-8-sig")
    bad = cell(one, "B16")
    answer = send(
        f"/statistics/{one.pk}/cells/",
        {
            "version": one.version,
            "show": "stop",
            "page": "1",
            f"decision-{bad.pk}": "pending",
            f"value-{bad.pk}": "1070",
        },
    )
    assert answer.status_code == 302
    assert cell(one, "B16").decision == "corrected"
    assert cell(one, "B16").corrected == "1070"


def test_a_large_import_is_looked_at_by_a_job_and_again_if_that_was_stopped(
    desk, send, monkeypatch, django_capture_on_commit_callbacks
):
    def broken(sheet):
        sheet.cell(w.body_row(10), 2).value = "千人"

    send("/statistics/new/", {"file": SimpleUploadedFile("630.xlsx", w.book_11(broken))})
    monkeypatch.setattr(checking, "AT_ONCE", 0)
    one = StatisticsImport.objects.get()
    path, bad = f"/statistics/{one.pk}/", cell(one, "B16")
    answers = {f"decision-{bad.pk}": "pending", f"value-{bad.pk}": "1070"}
    desk.post(f"{path}cells/", {"version": one.version, "show": "stop", "page": "1", **answers})
    page = desk.get(path).content.decode()
    assert "これから確かめます" in page
    assert "確かめ直し中" in page
    assert "まだ何も記録していません" not in page
    one.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/jobs/{one.job_id}/cancel/")
    one.refresh_from_db()
    page = desk.get(path).content.decode()
    assert "途中で止まりました" in page
    assert "記録に進む" not in page
    assert "確かめが終わっていません" in desk.get(f"{path}record/").content.decode()
    send(f"{path}check/", {"version": one.version})
    one.refresh_from_db()
    assert (one.state, one.unchecked) == (ImportState.REVIEW, {})
    assert "記録に進む" in desk.get(path).content.decode()


def test_a_region_nobody_could_find_is_chosen_on_the_page(send):
    rows = w.offices_rows()
    rows[4][0], rows[4][5] = "郡山", ""
    desk = signed_in(user_of(Role.PREFECTURE_OFFICER, "07000"))
    one = taken(officer("07000"), w.book_of_rows(rows, merges=w.OFFICES_MERGES))
    page = desk.get(f"/statistics/{one.pk}/").content.decode()
    assert "どの地域か決められなかった" in page
    desk.post(f"/statistics/{one.pk}/regions/", {"version": one.version, "code-0": "07203"})
    assert not ReadCell.objects.filter(import_of=one, region__isnull=True).exists()


def test_nothing_chosen_and_both_chosen_are_told_beside_the_box(desk):
    nothing = desk.post("/statistics/new/", {})
    assert nothing.status_code == 422
    assert "貼り付けてください" in nothing.content.decode()
    both = desk.post("/statistics/new/", {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2"), "pasted": TABLE})
    assert "どちらか一方" in both.content.decode()


def test_a_file_that_cannot_be_read_says_why_and_can_be_read_again(desk, send):
    send("/statistics/new/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken")})
    one = StatisticsImport.objects.get()
    page = desk.get(f"/statistics/{one.pk}/").content.decode()
    assert "読めませんでした" in page
    assert "読み直す" in page
    send(f"/statistics/{one.pk}/read-again/", {"version": one.version, "layout": "mapped"})
    one.refresh_from_db()
    assert one.state == ImportState.FAILED


def test_an_office_of_another_prefecture_does_not_see_the_import(desk):
    one = taken(officer("11000"), w.book_11())
    for path in ("", "mapping/", "record/", "undo/", "findings.csv"):
        assert desk.get(f"/statistics/{one.pk}/{path}").status_code == 404
    for path in ("cells/", "regions/", "read-again/", "check/", "discard/"):
        assert desk.post(f"/statistics/{one.pk}/{path}", {"version": 1}).status_code == 404


def test_lists_ask_the_same_number_of_queries_however_long_they_are(desk):
    actor = officer()
    one = taken(actor, w.book_11())
    assert_constant_queries(lambda: desk.get("/statistics/"), lambda: taken(actor, w.book_11(), name="次.xlsx"))

    def grow():
        first = ReadCell.objects.filter(import_of=one).first()
        for position in range(10_000, 10_020):
            first.pk, first.position = None, position
            first.save(force_insert=True)

    assert_constant_queries(lambda: desk.get(f"/statistics/{one.pk}/?show=all"), grow)
    assert_constant_queries(lambda: desk.get(f"/statistics/{one.pk}/record/"), grow_more(one))


def grow_more(one: StatisticsImport):
    def grow():
        first = ReadCell.objects.filter(import_of=one).first()
        for position in range(20_000, 20_020):
            first.pk, first.position, first.as_of = None, position, f"{2000 + position - 20_000}-06-30"
            first.save(force_insert=True)

    return grow
