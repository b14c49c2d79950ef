"""The words of a sheet are found as far as the sheet is open, and no longer than it is."""

from __future__ import annotations

import pytest

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.queries.finding import SHEET_WORDS, readable_records, sheet_documents
from nimo.community.sheets.services.confirming import confirm_draft, undo_sheet
from nimo.community.sheets.services.publishing import publish_sections, unpublish_sections
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import TEXT
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.search.models import SearchEntry
from nimo.foundation.search.queries.finding import Asked, find
from tests.support.people import NOW, SYSTEM, actor_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
VISITOR = Actor.anonymous(now=NOW)
WORDS = "架空の強みの文"


@pytest.fixture
def manager(settings, tmp_path) -> Actor:
    settings.STORED_FILES_DIR = tmp_path
    return actor_of(Role.PREFECTURE_MANAGER, "10000")


def confirmed(actor: Actor, text: str = TEXT, *, replace: bool = False) -> Sheet:
    upload = read_upload(actor=actor, upload_id=upload_sheet(actor=actor, content=text.encode(), name="架空.txt").pk)
    draft = upload.drafts.get()
    return confirm_draft(actor=actor, draft_id=draft.pk, version=draft.version, replace=replace)


def found(actor: Actor, words: str = WORDS) -> list[str]:
    results = find(actor, Asked(words, kind=SHEET_WORDS))
    return [] if results.near else [hit.href for hit in results.hits]


def test_before_publication_the_officials_of_the_region_find_it_and_nobody_else(manager):
    confirmed(manager)
    assert found(manager) == ["/regions/10207/sheets/2024/#strengths"]
    assert found(actor_of(Role.MUNICIPAL_OFFICER, "10207"))
    for stranger in (
        VISITOR,
        actor_of(Role.MUNICIPAL_OFFICER, "10201"),
        actor_of(Role.HOSPITAL_WORKER, "10207"),
        actor_of(Role.PREFECTURE_MANAGER, "11000"),
    ):
        assert found(stranger) == []


def test_a_chapter_that_is_published_is_found_by_everyone_and_the_other_chapters_are_not(manager):
    sheet = confirmed(manager)
    publish_sections(actor=manager, sheet_id=sheet.pk, keys=[SectionKey.STRENGTHS])
    assert found(VISITOR) == ["/regions/10207/sheets/2024/#strengths"]
    assert found(VISITOR, "架空の成果の文") == []
    hit = find(VISITOR, Asked(WORDS)).hits[0]
    assert "".join(piece.text for piece in hit.title) == "群馬県 館林市 令和6年度 特徴（強み）"
    assert [piece.text for piece in hit.text if piece.marked] == [WORDS]
    assert not hit.before_publication


def test_a_chapter_that_is_taken_back_leaves_the_public_index_in_the_same_moment(manager):
    sheet = confirmed(manager)
    publish_sections(actor=manager, sheet_id=sheet.pk, keys=[SectionKey.STRENGTHS])
    unpublish_sections(actor=manager, sheet_id=sheet.pk, keys=[SectionKey.STRENGTHS])
    assert found(VISITOR) == []
    assert found(manager)
    assert not SearchEntry.objects.filter(source=SHEET_WORDS, permission="").exists()


def test_a_sheet_that_is_undone_is_found_by_nobody(manager):
    sheet = confirmed(manager)
    publish_sections(actor=manager, sheet_id=sheet.pk, keys=[SectionKey.STRENGTHS])
    undo_sheet(actor=manager, sheet_id=sheet.pk, reason="架空の理由")
    assert found(VISITOR) == found(manager) == []
    assert not SearchEntry.objects.filter(source=SHEET_WORDS).exists()


def test_a_replaced_sheet_gives_way_and_comes_back_as_public_as_it_was(manager):
    sheet = confirmed(manager)
    publish_sections(actor=manager, sheet_id=sheet.pk, keys=[SectionKey.STRENGTHS])
    newer = confirmed(manager, TEXT.replace(WORDS, "架空の別の文章"), replace=True)
    assert found(VISITOR) == found(manager) == []
    assert found(manager, "架空の別の文章")
    undo_sheet(actor=manager, sheet_id=newer.pk, reason="架空の理由")
    assert found(VISITOR)
    assert found(manager, "架空の別の文章") == []


def test_the_numbers_of_the_basic_info_never_enter_the_index(manager):
    sheet = confirmed(manager)
    publish_sections(actor=manager, sheet_id=sheet.pk, keys=list(sheet.sections.values_list("key", flat=True)))
    assert sheet.sections.filter(key=SectionKey.BASIC_INFO).exists()
    bodies = " ".join(SearchEntry.objects.filter(source=SHEET_WORDS).values_list("body", flat=True))
    assert "成果" in bodies
    for number in ("74,000", "74000", "130", "15.4"):
        assert number not in bodies


def test_only_the_content_a_person_published_is_indexed_not_the_passage_of_the_file(manager):
    sheet = confirmed(manager)
    SheetSection.objects.filter(sheet=sheet, key=SectionKey.STRENGTHS).update(
        content="直した文", passages=[["strengths", "消された名前", "1行目"]]
    )
    documents = list(sheet_documents([str(sheet.pk)]))
    assert "消された名前" not in " ".join(f"{one.title} {one.body} {one.place}" for one in documents)
    strengths = next(one for one in documents if one.href.endswith("#strengths"))
    assert (strengths.body, strengths.place) == ("特徴（強み）：直した文", "元の資料：1行目")


def test_the_source_itself_refuses_whoever_the_index_would_wrongly_let_in(manager):
    sheet = confirmed(manager)
    SearchEntry.objects.filter(source=SHEET_WORDS).update(permission="")  # as if the index were wrong
    assert found(VISITOR) == []
    records = {one.record for one in sheet_documents([str(sheet.pk)])}
    assert readable_records(manager, records) == records
    assert readable_records(VISITOR, records) == set()


def test_documents_are_made_with_a_fixed_number_of_queries(manager):
    sheets = [str(confirmed(manager).pk)]

    def grow() -> None:
        sheets.append(str(confirmed(SYSTEM, TEXT.replace("館林市", "高崎市")).pk))

    assert_constant_queries(lambda: list(sheet_documents(sheets)), grow)
