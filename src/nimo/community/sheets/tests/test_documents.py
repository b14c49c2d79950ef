from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.sheets.choices import SuggestionState
from nimo.community.sheets.models.documents import ChapterAutosave, SheetDocument
from nimo.community.sheets.policies import get_document
from nimo.community.sheets.queries.documents import content_of, open_suggestions, unexplained_indicators
from nimo.community.sheets.services.carrying import UnableToCarry, explain_dropped, leave_figure, take_figure
from nimo.community.sheets.services.chapters import UnableToSaveChapter, keep_typed, paste_rows, save_chapter
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.documents import UnableToStart, start_document
from nimo.community.sheets.services.filling import fill_basic_info
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import TEXT
from nimo.community.sheets.tests.writing import CITY, Offices, start, town_of, write
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path / "files"


@pytest.fixture
def offices() -> Offices:
    return Offices.make()


@pytest.fixture
def last_year(offices):
    """The confirmed sheet of 令和6年度 of the same town."""
    upload = upload_sheet(actor=offices.officer, content=TEXT.encode(), name="前の年.txt")
    draft = read_upload(actor=offices.officer, upload_id=upload.pk).drafts.get()
    return confirm_draft(actor=offices.officer, draft_id=draft.pk, version=draft.version)


def test_begins_with_last_years_sentences_and_without_its_figures(offices, last_year):
    document = start(offices.officer)
    assert document.begun_from == last_year
    content = content_of(document)
    assert content["strengths"] == "架空の強みの文"
    assert content["results"][0]["indicator"] == "協議の場の開催回数"
    assert content["results"][0]["target"]["raw"] == "4回"
    assert content["results"][0]["actual"]["raw"] is None
    assert content["basic_info"]["items"] == []


def test_begins_empty_where_there_is_no_sheet_or_none_is_wanted(offices, last_year):
    document = start(offices.officer, from_last_year=False)
    assert document.begun_from is None
    assert content_of(document)["strengths"] is None


def test_refuses_a_second_sheet_of_a_region_and_year(offices):
    start(offices.officer)
    with pytest.raises(UnableToStart, match="もう作りはじめられています"):
        start(offices.officer)
    assert SheetDocument.objects.count() == 1


def test_refuses_a_region_or_an_organisation_that_is_not_ones_own(offices):
    with pytest.raises(UnableToStart, match="権限がありません"):
        start_document(
            actor=offices.officer, region_code="10205", fiscal_year=2026, organisation_id=town_of(offices.officer)
        )
    with pytest.raises(UnableToStart, match="所属する組織"):
        start_document(
            actor=offices.officer, region_code=CITY, fiscal_year=2026, organisation_id=town_of(offices.prefecture)
        )
    with pytest.raises(UnableToStart, match="都道府県と市町村"):
        start_document(
            actor=actor_of(Role.PREFECTURE_OFFICER, "14000"),
            region_code="14101",
            fiscal_year=2026,
            organisation_id=town_of(offices.officer),
        )


def test_a_neighbour_and_the_prefecture_do_not_see_what_is_being_drafted(offices):
    document = start(offices.officer)
    for other in (actor_of(Role.MUNICIPAL_OFFICER, "10205"), offices.prefecture, offices.centre):
        with pytest.raises(NotVisible):
            get_document(other, document.pk)


def test_the_second_of_two_editors_is_told_what_differs_and_loses_nothing(offices):
    document = start(offices.officer)
    seen = document.chapters.get(key="strengths").version
    write(offices.manager, document, "strengths", strengths="責任者の文")
    with pytest.raises(UnableToSaveChapter, match="先に保存しました") as refusal:
        save_chapter(
            actor=offices.officer,
            document_id=document.pk,
            key="strengths",
            version=seen,
            edits={"strengths": "担当者の文"},
        )
    conflict = refusal.value.conflict
    assert conflict is not None
    assert [(one.before, one.now) for one in conflict.differences] == [("責任者の文", "担当者の文")]
    assert refusal.value.content["strengths"] == "担当者の文"
    assert document.chapters.get(key="strengths").content == "責任者の文"
    save_chapter(
        actor=offices.officer,
        document_id=document.pk,
        key="strengths",
        version=conflict.version,
        edits={"strengths": "二人で決めた文"},
    )
    assert document.chapters.get(key="strengths").content == "二人で決めた文"


def test_what_was_typed_and_not_saved_is_kept_for_its_owner_only(offices):
    document = start(offices.officer)
    keep_typed(
        actor=offices.officer,
        document_id=document.pk,
        key="strengths",
        version=1,
        edits={"strengths": "途中の文", "x": "外"},
    )
    kept = ChapterAutosave.objects.get()
    assert (kept.user_id, kept.typed) == (offices.officer.user_id, {"strengths": "途中の文"})
    assert document.chapters.get(key="strengths").content is None
    write(offices.officer, document, "strengths", strengths="保存した文")
    assert not ChapterAutosave.objects.exists()


def test_a_chapter_takes_only_its_own_fields(offices):
    document = start(offices.officer)
    write(offices.officer, document, "strengths", strengths="強み", overview="ほかの章", lead="表紙")
    assert content_of(document)["lead"] is None


def test_pasted_rows_arrive_whole_or_not_at_all(offices):
    document = start(offices.officer)
    chapter = document.chapters.get(key="targets")
    with pytest.raises(UnableToSaveChapter, match="列は4つ"):
        paste_rows(
            actor=offices.officer,
            document_id=document.pk,
            key="targets",
            version=chapter.version,
            list_path="targets",
            text="甲\t1回",
            first_row=0,
        )
    assert content_of(document)["targets"] == []
    paste_rows(
        actor=offices.officer,
        document_id=document.pk,
        key="targets",
        version=chapter.version,
        list_path="targets",
        text="甲\t1回\t2回\t\n乙\t3回\t4回\t",
        first_row=0,
    )
    assert [row["indicator"] for row in content_of(document)["targets"]] == ["甲", "乙"]


def test_a_result_of_last_year_is_offered_and_a_person_takes_it(offices, last_year):
    document = start(offices.officer)
    assert open_suggestions(document) == []  # no result yet, so nothing to offer
    write(offices.officer, document, "results", results__0__actual="５回")
    (offered,) = open_suggestions(document)
    decision = take_figure(
        actor=offices.officer,
        document_id=document.pk,
        path=offered.path,
        from_path=offered.from_path,
        text=offered.text,
    )
    assert (decision.state, decision.text) == (SuggestionState.TAKEN, "５回")
    assert content_of(document)["targets"][0]["current"]["values"][0]["value"] == 5
    assert "引き継ぎ" in document.chapters.get(key="targets").origins["targets.0.current"]["text"]
    assert open_suggestions(document) == []


def test_a_figure_that_changed_meanwhile_is_not_taken(offices, last_year):
    document = start(offices.officer)
    write(offices.officer, document, "results", results__0__actual="5回")
    (offered,) = open_suggestions(document)
    write(offices.officer, document, "results", results__0__actual="6回")
    with pytest.raises(UnableToCarry, match="「6回」に変わっています"):
        take_figure(
            actor=offices.officer,
            document_id=document.pk,
            path=offered.path,
            from_path=offered.from_path,
            text=offered.text,
        )
    assert content_of(document)["targets"][0]["current"]["raw"] is None


def test_a_figure_that_was_left_is_not_offered_again_until_it_changes(offices, last_year):
    document = start(offices.officer)
    write(offices.officer, document, "results", results__0__actual="5回")
    (offered,) = open_suggestions(document)
    leave_figure(
        actor=offices.officer,
        document_id=document.pk,
        path=offered.path,
        from_path=offered.from_path,
        reason="別の数え方",
    )
    assert open_suggestions(document) == []
    write(offices.officer, document, "results", results__0__actual="7回")
    assert [one.text for one in open_suggestions(document)] == ["7回"]


def test_an_indicator_that_went_waits_for_a_reason(offices, last_year):
    document = start(offices.officer)
    save_chapter(
        actor=offices.officer, document_id=document.pk, key="results", version=1, edits={}, remove_row="results.0"
    )
    assert unexplained_indicators(document) == ["協議の場の開催回数"]
    with pytest.raises(UnableToCarry, match="理由"):
        explain_dropped(actor=offices.officer, document_id=document.pk, indicator="協議の場の開催回数", reason=" ")
    explain_dropped(
        actor=offices.officer, document_id=document.pk, indicator="協議の場の開催回数", reason="架空: 目標を達した"
    )
    assert unexplained_indicators(document) == []


def test_fills_the_basic_information_from_the_store_with_where_it_comes_from(offices, last_year):
    document = start(offices.officer)
    chapter, keys = fill_basic_info(actor=offices.officer, document_id=document.pk, version=1)
    assert "population" in keys
    assert "core_consultation_centres" not in keys  # nothing was recorded: absent stays absent
    items = {item["key"]: item for item in chapter.content["items"]}
    assert (items["population"]["value"], items["population"]["as_of"]) == (74000, "2024-05")
    origin = chapter.origins["basic_info.population"]
    row = Observation.objects.get(indicator_id="population", region_id=CITY, status="live")
    assert origin["href"] == f"/indicators/observations/{row.pk}/"
    assert "令和6年度" in origin["text"]


def test_never_overwrites_what_a_person_wrote_when_it_fills(offices, last_year):
    document = start(offices.officer)
    write(offices.officer, document, "basic_info", basic_info__population="73,500")
    version = document.chapters.get(key="basic_info").version
    chapter, keys = fill_basic_info(actor=offices.officer, document_id=document.pk, version=version)
    assert "population" not in keys
    assert next(item for item in chapter.content["items"] if item["key"] == "population")["value"] == 73500
