"""Files as they really come: each gets a clear sentence, nothing is half written, nothing is lost.

Through the addresses a browser asks, without the browser; what it looks like on screen: test_bad_input_on_screen.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nimo.community.indicators.models import Observation, Source
from nimo.community.sheets.choices import DraftState, SheetState, UploadState
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.services import reading
from nimo.community.sheets.tests.builders import hostile
from nimo.community.sheets.tests.builders.as_slides import as_slides
from nimo.community.sheets.tests.builders.as_workbook import as_workbook
from nimo.community.sheets.tests.builders.facts import city_basic, city_facts, only
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.support import CITY, TEXT
from nimo.foundation.access.permissions import Role
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.queries import blob_store
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.models import Job
from tests.journeys.people import signed_in
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
SLIDES = as_slides(layout_parts(only(city_facts(), "results", "challenges"), "r6-city"))
ENGLISH = re.compile(r"Traceback|Exception|Error\b|[A-Za-z]{4,} [A-Za-z]{3,} [a-z]{2,}")


@pytest.fixture
def officer():
    return signed_in(user_of(Role.PREFECTURE_OFFICER, "10000"))


@pytest.fixture
def take_in(officer, django_capture_on_commit_callbacks):
    """Sends a file through the form; the reading runs as the job it is. The last answer of the redirects."""

    def send(content: bytes, name: str = "シート.txt"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = officer.post("/sheets/new/", {"file": SimpleUploadedFile(name, content)})
        return officer.get(answer.url, follow=True) if answer.status_code == 302 else answer

    return send


def words(answer) -> str:
    """The text of the page's own part, as a person reads it."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def nothing_was_recorded() -> bool:
    return not any(model.objects.exists() for model in (SheetDraft, Sheet, SheetSection, Observation, Source))


def blobs_on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def codes_of(draft: SheetDraft) -> list[str]:
    return [warning["code"] for warning in draft.content["warnings"]]


UNREADABLE = {
    "a damaged deck": (SLIDES[: len(SLIDES) * 2 // 3], "群馬.pptx", "壊れている"),
    "a locked Office file": (hostile.locked_office_file(), "群馬.pptx", "パスワード"),
    "a locked PDF": (hostile.locked_pdf(), "群馬.pdf", "パスワード"),
    "a scanned PDF": (hostile.scanned_pdf(), "群馬.pdf", "文字の情報がありません"),
    "a picture behind the ending of slides": (hostile.picture(), "群馬.pptx", "画像"),
    "a bomb": (hostile.replaced(SLIDES, {"ppt/media/a.emf": bytes(60 * 1024 * 1024)}), "群馬.pptx", "圧縮が異常"),
    "another document": ("献立表\nごはん\nみそ汁".encode(), "献立.txt", "自治体情報シートは見つかりません"),
    "blank lines only": (b"\n\n \n", "空白.txt", "空"),
    "an old workbook": (hostile.old_excel_file(), "群馬.xls", ".xlsx"),
    "damaged letters": (
        "群馬県の自治体情報シート".encode().decode("cp932", "replace").encode(),
        "化け.txt",
        "文字化け",
    ),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_says_why_a_file_cannot_be_read_and_keeps_it(take_in, officer, kind):
    content, name, because = UNREADABLE[kind]
    answer = take_in(content, name)
    assert answer.status_code == 200
    text = words(answer)
    assert because in text
    assert "失われていません" in text
    assert re.search(r"もう一度|確かめて|お選びください", text), "what to do next"
    assert not ENGLISH.search(text)
    assert "別のファイルを取り込む" in text
    upload = SheetUpload.objects.get()
    assert (upload.state, upload.lines) == (UploadState.FAILED, [])
    assert nothing_was_recorded()
    with blob_store().open(upload.file.digest) as kept:
        assert kept.read() == content
    job = Job.objects.get()
    assert job.state == JobState.DONE
    assert "読めませんでした" in words(officer.get(f"/jobs/{job.pk}/")), "the job's page does not claim success"


def test_refuses_an_empty_file_and_stores_nothing(take_in, settings):
    answer = take_in(b"", "空.pptx")
    assert answer.status_code == 422
    assert "中身が空" in words(answer)
    assert not StoredFile.objects.exists()
    assert blobs_on_disk(settings.STORED_FILES_DIR) == []
    assert not SheetUpload.objects.exists()


def test_stops_a_file_over_the_limit_while_it_comes_in(take_in, settings):
    settings.NIMO_UPLOAD_LIMIT_BYTES = 1024 * 1024
    answer = take_in(b"x" * (1024 * 1024 + 1), "大きい.pptx")
    assert answer.status_code == 422
    text = words(answer)
    assert "1 MB を超える" in text
    assert "何も保存していません" in text
    assert "小さくする" in text
    assert not StoredFile.objects.exists()
    assert blobs_on_disk(settings.STORED_FILES_DIR) == []
    assert not SheetUpload.objects.exists()


def test_asks_for_a_file_where_none_was_chosen(officer):
    answer = officer.post("/sheets/new/", {})
    assert answer.status_code == 422
    assert "ファイルを選んでください" in words(answer)


def test_a_failure_nobody_foresaw_is_said_and_the_file_is_kept(take_in, officer, monkeypatch):
    monkeypatch.setattr(reading, "read_file", lambda *_, **__: 1 / 0)
    text = words(take_in(TEXT.encode()))
    assert "思いがけない誤り" in text
    assert "失われていません" in text
    assert not ENGLISH.search(text)
    assert Job.objects.get().state == JobState.FAILED
    assert nothing_was_recorded()


@pytest.mark.parametrize("encoding", ["cp932", "utf-16", "utf-8-sig", "euc_jp"])
def test_reads_text_in_another_encoding(take_in, encoding):
    text = words(take_in(TEXT.replace("①", "").encode(encoding), "館林.txt"))  # EUC-JP has no ①
    assert "読み取りの確認: 群馬県 館林市 令和6年度" in text
    assert "架空の強みの文" in text


def test_reads_a_file_as_what_it_is_in_spite_of_its_ending(take_in):
    assert "読み取りの確認: 架空県 みほん市 令和6年度" in words(take_in(SLIDES, "シート.xlsx"))


def confirm(officer, draft: SheetDraft, **given):
    draft.refresh_from_db()
    return officer.post(f"/sheets/drafts/{draft.pk}/confirm/", {"version": draft.version, **given})


def edited(officer, draft: SheetDraft, **changes):
    """The review form as a browser sends it back, with changes."""
    page = officer.get(f"/sheets/drafts/{draft.pk}/")
    form = page.context["form"]
    values = {name: form.initial.get(name, "") for name in form.fields}
    return officer.post(f"/sheets/drafts/{draft.pk}/", {**values, **changes})


def test_a_sheet_of_an_unknown_municipality_waits_until_a_person_says_which(take_in, officer):
    text = words(take_in(TEXT.replace("館林市", "まぼろし市").encode()))
    assert "まぼろし市" in text, "what the file calls it is shown"
    draft = SheetDraft.objects.get()
    assert draft.region_id is None
    page = words(officer.get(f"/sheets/drafts/{draft.pk}/confirm/"))
    assert "まだ確定できません" in page
    assert "地域を選んでください" in page
    assert confirm(officer, draft).status_code == 422
    assert not Sheet.objects.exists()
    wrong = edited(officer, draft, region="99999")
    assert wrong.status_code == 422
    assert "地域" in words(wrong)
    assert SheetDraft.objects.get().region_id is None
    assert edited(officer, draft, region=CITY).status_code == 302
    assert confirm(officer, draft).status_code == 302
    assert Sheet.objects.get().region_id == CITY


def test_two_sheets_of_one_place_and_year_in_one_file_are_told_apart_and_confirmed_once(take_in, officer):
    facts = city_facts()
    facts.prefecture, facts.municipality = "群馬県", "館林市"
    newer = city_facts()
    newer.prefecture, newer.municipality, newer.basic = "群馬県", "館林市", city_basic(beds="305床")
    book = as_workbook({"当初": layout_parts(facts, "r6-city"), "訂正": layout_parts(newer, "r6-city")})
    text = words(take_in(book, "館林市.xlsx"))
    assert text.count("館林市 令和6年度") == 2
    first, second = SheetDraft.objects.order_by("position")
    assert all("duplicate_sheet" in codes_of(draft) for draft in (first, second)), (
        "each of the two says that there is another"
    )
    assert confirm(officer, first).status_code == 302
    refused = confirm(officer, second)
    assert refused.status_code == 422
    assert "確定したシートがもうあります" in words(refused)
    assert "何も変わっていません" in words(refused)
    assert Observation.objects.live().get(indicator_id="psychiatric_beds").value == 310
    second.refresh_from_db()
    assert second.state == DraftState.REVIEW, "what was read of the second is still there"
    officer.post(f"/sheets/drafts/{second.pk}/discard/", {"version": second.version})
    assert SheetUpload.objects.get().state == UploadState.CLOSED


def test_a_sheet_copied_twice_into_one_text_loses_no_figure(take_in, officer):
    """Without pages nobody can tell where the second begins: what is there twice is kept, marked and left to a person."""
    text = words(take_in((TEXT + "\n\n" + TEXT.replace("74,000人", "73,500人")).encode(), "二つ.txt"))
    draft = SheetDraft.objects.get()
    values = {item["key"]: item["value"] for item in draft.content["basic_info"]["items"]}
    assert values["population"] == 74000
    assert "73,500人" in [each["text"] for each in draft.content["unassigned"]]
    assert any(w["where"] == "basic_info.population" and "二つ以上" in w["message"] for w in draft.content["warnings"])
    assert "73,500人" in text, "the review shows what found no place"


def test_a_confirmed_sheet_is_replaced_only_when_the_person_says_so_and_comes_back(take_in, officer):
    take_in(TEXT.encode())
    first = SheetDraft.objects.get()
    confirm(officer, first)
    take_in(TEXT.replace("74,000人", "73,500人").encode(), "訂正.txt")
    second = SheetDraft.objects.exclude(pk=first.pk).get()
    page = words(officer.get(f"/sheets/drafts/{second.pk}/confirm/"))
    assert "前のシートは消えません" in page
    assert confirm(officer, second).status_code == 422
    assert confirm(officer, second, replace="on").status_code == 302
    newer = Sheet.objects.get(state=SheetState.CURRENT)
    assert Observation.objects.live().get(indicator_id="population").value == 73500
    officer.post(f"/sheets/{newer.pk}/undo/", {"reason": "別の版だった"})
    assert Observation.objects.live().get(indicator_id="population").value == 74000
    assert Sheet.objects.get(state=SheetState.CURRENT).draft_id == first.pk


def test_a_table_cut_in_the_middle_keeps_what_is_there_and_names_what_is_missing(take_in, officer):
    cut = TEXT[: TEXT.index("3回\t架空の成果の文")]  # the row of the results ends after its target
    text = words(take_in(cut.encode()))
    draft = SheetDraft.objects.get()
    row = draft.content["results"][0]
    assert row["indicator"] is not None
    assert row["target"]["values"] == row["actual"]["values"] == [], "which of the two it was is not guessed"
    assert "2回" in [each["text"] for each in draft.content["unassigned"]]
    told = [w["where"] for w in draft.content["warnings"]]
    assert "table_cut" in codes_of(draft)
    assert any(where.startswith("targets") or where.startswith("strengths") for where in told), told
    assert "ここから確かめてください" in text
    assert confirm(officer, draft).status_code == 302
    assert {"strengths", "targets"}.isdisjoint(SheetSection.objects.values_list("key", flat=True))


def test_a_sheet_that_contradicts_itself_is_marked_and_not_repaired(take_in):
    text = words(take_in(TEXT.replace("合計\t130人", "合計\t150人").encode()))
    draft = SheetDraft.objects.get()
    values = {item["key"]: item["value"] for item in draft.content["basic_info"]["items"]}
    assert values["inpatients"] == 150
    assert values["inpatients_over_1_year"] == 100
    assert any(w["where"].startswith("basic_info") and "合" in w["message"] for w in draft.content["warnings"])
    assert "確かめる" in text


def test_a_figure_that_cannot_be_read_comes_back_with_what_was_typed(take_in, officer):
    take_in(TEXT.encode())
    draft = SheetDraft.objects.get()
    answer = edited(officer, draft, **{"basic_info.population": "たくさん", "strengths": "書き直した文"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "たくさん" in page
    assert "書き直した文" in page
    assert "まだ保存されていません" in words(answer)
    assert SheetDraft.objects.get().content == draft.content
