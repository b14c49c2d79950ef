from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.sheets.choices import DraftState, SectionKey, SheetState, UploadState
from nimo.community.sheets.models.imports import SheetDraft
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.policies import visible_drafts, visible_sections, visible_sheets, visible_uploads
from nimo.community.sheets.queries.review import review_of
from nimo.community.sheets.rules.fields import at
from nimo.community.sheets.services.confirming import UnableToConfirm, UnableToUndo, confirm_draft, undo_sheet
from nimo.community.sheets.services.publishing import UnableToPublish, publish_sections, unpublish_sections
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.review import UnableToSave, discard_draft, restore_draft, save_draft
from nimo.community.sheets.services.uploads import UnableToUpload, upload_sheet
from nimo.community.sheets.tests.support import CITY, TEXT
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.accounts.rules import HandOverOrder, belongings
from nimo.foundation.audit.models import Entry
from tests.support.people import NOW, actor_of, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
PUBLIC = Actor.anonymous(now=NOW)


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()


@pytest.fixture
def officer():
    return actor_of(Role.PREFECTURE_OFFICER, "10000")


@pytest.fixture
def manager():
    return actor_of(Role.PREFECTURE_MANAGER, "10000")


def draft_of(actor: Actor, text: str = TEXT, name: str = "館林.txt") -> SheetDraft:
    upload = upload_sheet(actor=actor, content=text.encode(), name=name)
    upload = read_upload(actor=actor, upload_id=upload.pk)
    assert upload.state == UploadState.REVIEW, upload.failure
    return upload.drafts.get()


def saved(actor: Actor, draft: SheetDraft, **changes):
    given = {"edits": {}, "region_code": draft.region_id, "fiscal_year": draft.fiscal_year, "version": draft.version}
    return save_draft(actor=actor, draft_id=draft.pk, **(given | changes))


def test_an_uploaded_sheet_waits_for_a_person(officer):
    draft = draft_of(officer)
    assert (draft.region_id, draft.fiscal_year, draft.state) == (CITY, 2024, DraftState.REVIEW)
    assert not Sheet.objects.exists()
    assert not Observation.objects.exists()


def test_a_second_reading_of_the_same_upload_changes_nothing(officer):
    draft = draft_of(officer)
    read_upload(actor=officer, upload_id=draft.upload_id)
    assert SheetDraft.objects.count() == 1


@pytest.mark.parametrize(
    "content, word", [(b"PK\x03\x04 broken", "壊れ"), ("献立表\nごはん".encode(), "見つかりません")]
)
def test_a_file_that_cannot_be_read_keeps_its_reason_and_the_file(officer, content, word):
    upload = upload_sheet(actor=officer, content=content, name="a.pptx")
    upload = read_upload(actor=officer, upload_id=upload.pk)
    assert upload.state == UploadState.FAILED
    assert word in upload.failure
    assert not upload.drafts.exists()
    assert upload.file.size == len(content)


def test_refuses_an_empty_file(officer):
    with pytest.raises(UnableToUpload, match="空"):
        upload_sheet(actor=officer, content=b"", name="a.txt")


def test_refuses_an_upload_by_somebody_without_the_right():
    with pytest.raises(UnableToUpload, match="権限"):
        upload_sheet(actor=actor_of(Role.HOSPITAL_WORKER, CITY), content=b"x", name="a.txt")


def test_every_field_stands_beside_its_passage(officer):
    draft = draft_of(officer)
    review = review_of(draft)
    found = {f.path: f for section in review.sections for row in section.rows for f in row.fields}
    population = found["basic_info.population"]
    assert (population.text, population.as_of, population.unit) == ("74000", "令和6年5月", "人")
    assert population.passage is not None
    assert "74,000人" in population.passage[0]
    assert "行" in population.passage[1]
    assert found["basic_info.core_consultation_centres"].doubts
    assert found["results.0.actual"].text == "3回"


def test_a_correction_is_kept_and_what_was_read_stays(officer):
    draft = draft_of(officer)
    draft = saved(officer, draft, edits={"basic_info.population": "７万３千人", "strengths": "直した文"})
    draft.refresh_from_db()
    assert at(draft.content, "strengths") == "直した文"
    assert at(draft.as_read, "strengths") == "架空の強みの文"
    assert Entry.objects.filter(verb="sheets.correct").count() == 1


def test_two_people_at_one_draft_get_a_clear_conflict(officer, manager):
    draft = draft_of(officer)
    saved(officer, draft, edits={"strengths": "先の人"})
    with pytest.raises(UnableToSave, match="ほかの人") as refusal:
        saved(manager, draft, edits={"strengths": "後の人"})
    assert at(refusal.value.content, "strengths") == "後の人", "what was typed is handed back"
    draft.refresh_from_db()
    assert at(draft.content, "strengths") == "先の人"


def test_refuses_a_region_outside_ones_own(officer):
    draft = draft_of(officer)
    with pytest.raises(UnableToSave, match="担当の地域ではありません"):
        saved(officer, draft, region_code="11000")


def test_confirming_records_figures_with_their_place_and_publishes_nothing(officer):
    sheet = confirm_draft(actor=officer, draft_id=(draft := draft_of(officer)).pk, version=draft.version)
    row = Observation.objects.get(indicator_id="population", region_id=CITY)
    assert (row.value, row.as_of, row.fiscal_year) == (74000, "2024-05", 2024)
    assert "行" in row.locator
    assert row.published_at is None
    absent = Observation.objects.filter(indicator_id="core_consultation_centres").get()
    assert (absent.state, absent.value) == ("absent", None)
    assert {s.key for s in sheet.sections.all()} >= {"basic_info", "results", "strengths", "targets"}
    assert not visible_sections(PUBLIC).exists()
    assert Entry.objects.filter(verb="sheets.confirm", target_id=str(sheet.pk)).count() == 1


def test_confirming_twice_is_impossible(officer):
    draft = draft_of(officer)
    confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)
    with pytest.raises(UnableToConfirm, match="先に処理"):
        confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)
    draft.refresh_from_db()
    with pytest.raises(UnableToConfirm):
        confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)
    assert Sheet.objects.count() == 1


def test_refuses_to_confirm_what_has_changed_since_it_was_seen(officer):
    draft = draft_of(officer)
    saved(officer, draft, edits={"strengths": "あとから"})
    with pytest.raises(UnableToConfirm, match="内容が変わりました"):
        confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)


def test_refuses_to_confirm_a_sheet_of_an_unknown_municipality(officer):
    draft = draft_of(officer, TEXT.replace("館林市", "まぼろし市"))
    assert draft.region_id is None
    with pytest.raises(UnableToConfirm, match="地域"):
        confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)


def test_a_second_sheet_for_one_year_replaces_only_when_asked(officer, manager):
    first = confirm_draft(actor=officer, draft_id=(d := draft_of(officer)).pk, version=d.version)
    publish_sections(actor=manager, sheet_id=first.pk, keys=["strengths", "basic_info"])
    other = draft_of(officer, TEXT.replace("74,000人", "73,500人"), "訂正版.txt")
    with pytest.raises(UnableToConfirm, match="もうあります"):
        confirm_draft(actor=officer, draft_id=other.pk, version=other.version)
    second = confirm_draft(actor=officer, draft_id=other.pk, version=other.version, replace=True)
    first.refresh_from_db()
    assert (first.state, second.supersedes_id) == (SheetState.SUPERSEDED, first.pk)
    assert Observation.objects.live().get(indicator_id="population", region_id=CITY).value == 73500
    assert not visible_sections(PUBLIC).exists(), "the new sheet is not public by itself"


def test_undo_restores_what_was_there(officer, manager):
    first = confirm_draft(actor=officer, draft_id=(d := draft_of(officer)).pk, version=d.version)
    publish_sections(actor=manager, sheet_id=first.pk, keys=["strengths", "basic_info"])
    other = draft_of(officer, TEXT.replace("74,000人", "73,500人"), "訂正版.txt")
    second = confirm_draft(actor=officer, draft_id=other.pk, version=other.version, replace=True)
    undo_sheet(actor=officer, sheet_id=second.pk, reason="別の市のファイルだった")
    first.refresh_from_db()
    other.refresh_from_db()
    assert first.state == SheetState.CURRENT
    assert other.state == DraftState.REVIEW
    assert Observation.objects.live().get(indicator_id="population", region_id=CITY).value == 74000
    assert {s.key for s in visible_sections(PUBLIC)} == {"strengths", "basic_info"}
    assert Observation.objects.published().filter(indicator_id="population").exists()


def test_undo_leaves_no_figure_and_the_draft_can_be_confirmed_again(officer):
    sheet = confirm_draft(actor=officer, draft_id=(draft := draft_of(officer)).pk, version=draft.version)
    undo_sheet(actor=officer, sheet_id=sheet.pk, reason="年度がちがった")
    assert not Observation.objects.live().exists()
    with pytest.raises(UnableToUndo):
        undo_sheet(actor=officer, sheet_id=sheet.pk, reason="もう一度")
    draft.refresh_from_db()
    again = confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)
    assert again.state == SheetState.CURRENT


def test_undo_asks_for_a_reason(officer):
    sheet = confirm_draft(actor=officer, draft_id=(draft := draft_of(officer)).pk, version=draft.version)
    with pytest.raises(UnableToUndo, match="理由"):
        undo_sheet(actor=officer, sheet_id=sheet.pk, reason=" ")


def test_a_sheet_without_basic_info_replaces_and_gives_back(officer, manager):
    first = confirm_draft(actor=officer, draft_id=(d := draft_of(officer)).pk, version=d.version)
    publish_sections(actor=manager, sheet_id=first.pk, keys=["basic_info"])
    start, end = TEXT.index("圏域の基礎情報"), TEXT.index("2 精神障害")
    bare = draft_of(officer, TEXT[:start] + TEXT[end:], "基本情報なし.txt")
    second = confirm_draft(actor=officer, draft_id=bare.pk, version=bare.version, replace=True)
    assert not Observation.objects.live().exists()
    undo_sheet(actor=officer, sheet_id=second.pk, reason="基本情報が抜けていた")
    assert Observation.objects.live().get(indicator_id="population").value == 74000
    assert Observation.objects.published().filter(indicator_id="population").exists(), "published as it was"


def test_publishing_is_chapter_by_chapter_and_by_a_named_person(officer, manager):
    sheet = confirm_draft(actor=officer, draft_id=(draft := draft_of(officer)).pk, version=draft.version)
    with pytest.raises(UnableToPublish, match="権限"):
        publish_sections(actor=officer, sheet_id=sheet.pk, keys=["strengths"])
    assert publish_sections(actor=manager, sheet_id=sheet.pk, keys=["strengths"]) == ["strengths"]
    section = SheetSection.objects.get(sheet=sheet, key=SectionKey.STRENGTHS)
    assert section.published_by_name == manager.name
    assert [s.key for s in visible_sections(PUBLIC)] == ["strengths"]
    assert not Observation.objects.published().exists()
    assert unpublish_sections(actor=manager, sheet_id=sheet.pk, keys=["strengths"]) == ["strengths"]
    assert not visible_sections(PUBLIC).exists()


def test_refuses_to_publish_a_chapter_the_sheet_does_not_have(officer, manager):
    sheet = confirm_draft(actor=officer, draft_id=(draft := draft_of(officer)).pk, version=draft.version)
    with pytest.raises(UnableToPublish, match="ありません"):
        publish_sections(actor=manager, sheet_id=sheet.pk, keys=["history"])


def test_a_discarded_draft_can_be_taken_back(officer):
    draft = discard_draft(actor=officer, draft_id=(d := draft_of(officer)).pk, version=d.version)
    assert draft.upload.state == UploadState.CLOSED
    draft = restore_draft(actor=officer, draft_id=draft.pk, version=draft.version)
    assert (draft.state, draft.upload.state) == (DraftState.REVIEW, UploadState.REVIEW)


@pytest.mark.parametrize(
    "role, region",
    [(Role.PREFECTURE_OFFICER, "11000"), (Role.MUNICIPAL_OFFICER, "10201"), (Role.HOSPITAL_WORKER, CITY)],
)
def test_others_see_neither_draft_nor_sheet(officer, role, region):
    draft = draft_of(officer)
    sheet = confirm_draft(actor=officer, draft_id=draft.pk, version=draft.version)
    stranger = actor_of(role, region)
    for visible in (visible_uploads, visible_drafts, visible_sheets, visible_sections):
        assert not visible(stranger).exists()
    with pytest.raises(NotVisible):
        undo_sheet(actor=stranger, sheet_id=sheet.pk, reason="x")


def test_the_city_sees_what_its_prefecture_took_in(officer):
    draft = draft_of(officer)
    assert visible_drafts(actor_of(Role.MUNICIPAL_OFFICER, CITY)).get() == draft


def test_a_hand_over_gives_the_uploads_in_hand_to_the_successor(officer):
    draft = draft_of(officer)
    done = confirm_draft(actor=officer, draft_id=(other := draft_of(officer)).pk, version=other.version)
    successor = user_of(Role.PREFECTURE_OFFICER, "10000")
    order = HandOverOrder(
        from_user_id=officer.user_id,
        to_user_id=successor.pk,
        actor=officer,
        organisation_ids=frozenset({officer.organisation.organisation_id}),
    )
    uploads = next(one for one in belongings() if one.code == "sheets.drafts")
    assert uploads.count(order) == 1
    assert uploads.move(order) == 1
    assert uploads.move(order) == 0, "a second call moves nothing"
    draft.upload.refresh_from_db()
    done.draft.upload.refresh_from_db()
    assert draft.upload.in_charge_id == successor.pk
    assert draft.upload.uploaded_by_name == officer.name, "old records keep old names"
    assert done.draft.upload.in_charge_id == officer.user_id, "what is done is nobody's work any more"
