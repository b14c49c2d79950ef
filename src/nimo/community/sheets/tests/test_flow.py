from __future__ import annotations

from datetime import date

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.sheets.choices import DocumentState, SheetState, SubmissionState
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.policies import get_document, get_submission
from nimo.community.sheets.queries.documents import content_of, problems_of
from nimo.community.sheets.rules.flow import DecisionFacts
from nimo.community.sheets.services.chapters import UnableToSaveChapter
from nimo.community.sheets.services.confirming import UnableToUndo, undo_sheet
from nimo.community.sheets.services.correcting import UnableToCorrect, correct_submission
from nimo.community.sheets.services.flow import (
    UnableToMove,
    accept_document,
    check_document,
    decide_document,
    mend_document,
    pull_back_document,
    return_document,
    send_document,
    submit_document,
    withdraw_document,
)
from nimo.community.sheets.services.routes import UnableToSetRoute, end_route, set_route
from nimo.community.sheets.tests.writing import CITY, Offices, end_organisation, start, write
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from nimo.foundation.notices.models import Notice
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
DECISION = DecisionFacts(date(2026, 5, 20), "障福第12号")


@pytest.fixture
def offices() -> Offices:
    return Offices.make()


@pytest.fixture
def document(offices):
    made = start(offices.officer)
    write(offices.officer, made, "strengths", strengths="架空の強み")
    write(
        offices.officer,
        made,
        "basic_info",
        basic_info__population="73,500",
        basic_info__population__as_of="令和8年4月",
    )
    made.refresh_from_db()
    return made


def send(offices, document):
    return send_document(
        actor=offices.officer, document_id=document.pk, version=document.version, route_id=offices.route.pk
    )


def submitted(offices, document):
    document = send(offices, document)
    document = check_document(actor=offices.manager, document_id=document.pk, version=document.version)
    document = decide_document(actor=offices.manager, document_id=document.pk, version=document.version, facts=DECISION)
    submission = submit_document(actor=offices.officer, document_id=document.pk, version=document.version)
    document.refresh_from_db()
    return document, submission


def accepted(offices, document):
    document, submission = submitted(offices, document)
    for actor in (offices.centre, offices.prefecture):
        document = accept_document(actor=actor, document_id=document.pk, version=document.version)
    submission.refresh_from_db()
    return document, submission


def test_goes_its_whole_way_and_becomes_the_record_of_its_year(offices, document):
    document, submission = accepted(offices, document)
    assert document.state == DocumentState.ACCEPTED
    assert submission.state == SubmissionState.ACCEPTED
    sheet = Sheet.objects.get(region_id=CITY, fiscal_year=2026)
    assert (sheet.state, sheet.submission, sheet.draft) == (SheetState.CURRENT, submission, None)
    assert sheet.sections.get(key="strengths").content == "架空の強み"
    assert sheet.sections.get(key="strengths").published_at is None
    figure = Observation.objects.get(region_id=CITY, indicator_id="population", status="live")
    assert (figure.value, figure.as_of, figure.published_at) == (73500, "2026-04", None)
    assert [move.action for move in document.moves.order_by("at", "pk")] == [
        "start",
        "send",
        "check",
        "decide",
        "submit",
        "accept",
        "accept",
    ]
    assert Entry.objects.filter(verb="sheets.move_document").count() == 6


def test_those_who_have_it_next_are_told_and_nobody_else(offices, document):
    send(offices, document)
    assert {notice.recipient_id for notice in Notice.objects.all()} == {offices.manager.user_id}


def test_a_submitted_sheet_is_read_by_the_bodies_above_and_by_no_neighbour(offices, document):
    document, submission = submitted(offices, document)
    assert get_document(offices.prefecture, document.pk) == document
    assert get_submission(offices.centre, submission.pk) == submission
    neighbour = actor_of(offices.officer.grants[0].role, "10205")
    with pytest.raises(NotVisible):
        get_submission(neighbour, submission.pk)
    with pytest.raises(NotVisible):
        get_document(neighbour, document.pk)


def test_only_the_step_that_has_it_acts(offices, document):
    document = send(offices, document)
    document = check_document(actor=offices.officer, document_id=document.pk, version=document.version)
    with pytest.raises(NotVisible):
        check_document(actor=offices.prefecture, document_id=document.pk, version=document.version)
    document, _ = (
        document,
        decide_document(actor=offices.manager, document_id=document.pk, version=document.version, facts=DECISION),
    )
    document.refresh_from_db()
    submit_document(actor=offices.officer, document_id=document.pk, version=document.version)
    document.refresh_from_db()
    with pytest.raises(UnableToMove, match="保健予防課"):
        accept_document(actor=offices.prefecture, document_id=document.pk, version=document.version)


def test_two_people_at_one_step_move_it_once(offices, document):
    document = send(offices, document)
    version = document.version
    check_document(actor=offices.manager, document_id=document.pk, version=version)
    with pytest.raises(UnableToMove, match="何も変わっていません"):
        check_document(actor=offices.officer, document_id=document.pk, version=version)


def test_a_vacant_post_is_named_before_anything_moves(offices, document):
    end_organisation(offices.centre, date(2026, 4, 1))
    with pytest.raises(UnableToMove, match="保健予防課") as refusal:
        send(offices, document)
    assert "受け取れる人がいません" in str(refusal.value)
    document.refresh_from_db()
    assert document.state == DocumentState.DRAFTING


def test_a_sheet_with_a_stopping_fault_is_not_sent(offices):
    document = start(offices.officer)
    with pytest.raises(UnableToMove, match="直さないと回せない"):
        send(offices, document)


def test_nobody_writes_into_a_sheet_on_its_way(offices, document):
    document = send(offices, document)
    with pytest.raises(UnableToSaveChapter, match="確認中"):
        write(offices.officer, document, "strengths", strengths="あとから")


def test_comes_back_with_a_reason_and_goes_again_as_the_next_edition(offices, document):
    document, first = submitted(offices, document)
    with pytest.raises(UnableToMove, match="理由"):
        return_document(actor=offices.centre, document_id=document.pk, version=document.version, reason=" ")
    document = return_document(
        actor=offices.centre, document_id=document.pk, version=document.version, reason="架空: 人口の時点を確かめて"
    )
    assert document.state == DocumentState.DRAFTING
    first.refresh_from_db()
    assert first.state == SubmissionState.RETURNED
    write(offices.officer, document, "strengths", strengths="直した強み")
    document.refresh_from_db()
    document, second = submitted(offices, document)
    assert (second.edition, second.content["strengths"]) == (2, "直した強み")
    first.refresh_from_db()
    assert first.content["strengths"] == "架空の強み"


def test_a_decision_needs_its_day_and_number(offices, document):
    document = send(offices, document)
    document = check_document(actor=offices.manager, document_id=document.pk, version=document.version)
    with pytest.raises(UnableToMove, match=r"決裁日.*文書番号"):
        decide_document(
            actor=offices.manager, document_id=document.pk, version=document.version, facts=DecisionFacts(None, "")
        )
    with pytest.raises(UnableToMove):
        submit_document(actor=offices.officer, document_id=document.pk, version=document.version)


def test_a_check_on_paper_is_written_down_by_the_authors_with_a_reason(offices, document):
    document = send(offices, document)
    with pytest.raises(UnableToMove, match="代わりに記録する理由"):
        check_document(actor=offices.officer, document_id=document.pk, version=document.version, on_behalf=True)
    document = check_document(
        actor=offices.officer,
        document_id=document.pk,
        version=document.version,
        on_behalf=True,
        note="架空: 紙で確認を受けた",
    )
    assert document.moves.get(action="check").on_behalf
    assert document.state == DocumentState.DECIDING


def test_a_figure_changed_after_the_check_is_checked_again(offices, document):
    document = send(offices, document)
    document = check_document(actor=offices.manager, document_id=document.pk, version=document.version)
    document = mend_document(
        actor=offices.manager,
        document_id=document.pk,
        version=document.version,
        key="basic_info",
        edits={"basic_info.population": "74,000"},
        reason="架空: 新しい人口に合わせた",
    )
    assert (document.state, document.step) == (DocumentState.CHECKING, 1)
    assert document.mended_since_check
    move = document.moves.get(action="mend")
    assert move.fields == ["basic_info.population"]
    assert Notice.objects.filter(recipient_id=offices.officer.user_id, text__contains="代わりに直されました").exists()


def test_mending_a_submitted_sheet_makes_a_new_edition_and_keeps_the_old_one(offices, document):
    document, first = submitted(offices, document)
    mend_document(
        actor=offices.centre,
        document_id=document.pk,
        version=document.version,
        key="strengths",
        edits={"strengths": "保健所が直した強み"},
        reason="架空: 誤字",
    )
    editions = {one.edition: one for one in document.submissions.all()}
    assert (editions[1].state, editions[2].state) == (SubmissionState.RETURNED, SubmissionState.WAITING)
    assert editions[1].content["strengths"] == "架空の強み"
    assert editions[2].content["strengths"] == "保健所が直した強み"
    assert editions[1].digest == first.digest != editions[2].digest


def test_what_was_submitted_stays_after_everything_else_changed(offices, document):
    document, submission = accepted(offices, document)
    before = (submission.digest, submission.content, submission.origins)
    Observation.objects.filter(region_id=CITY).update(note="あとで変わった")
    correct_submission(
        actor=offices.prefecture,
        submission_id=submission.pk,
        path="strengths",
        after="正しい強み",
        reason="架空: 書きまちがい",
    )
    submission.refresh_from_db()
    assert (submission.digest, submission.content, submission.origins) == before
    correction = submission.corrections.get()
    assert (correction.label, correction.before, correction.after) == ("特徴（強み）", "架空の強み", "正しい強み")


@pytest.mark.parametrize(
    "path, after, words",
    [
        ("strengths", " ", "正しい記載"),
        ("strengths", "架空の強み", "同じです"),
        ("nowhere.0", "何か", "ありません"),
    ],
)
def test_refuses_a_correction_that_corrects_nothing(offices, document, path, after, words):
    _, submission = submitted(offices, document)
    with pytest.raises(UnableToCorrect, match=words):
        correct_submission(actor=offices.officer, submission_id=submission.pk, path=path, after=after, reason="架空")


def test_an_accepted_sheet_is_not_undone_like_an_import(offices, document):
    accepted(offices, document)
    sheet = Sheet.objects.get(region_id=CITY)
    with pytest.raises(UnableToUndo, match="次の版"):
        undo_sheet(actor=offices.manager, sheet_id=sheet.pk, reason="架空")


def test_past_its_date_it_is_late_and_not_lost(offices):
    document = start(offices.officer, due_on=date(2026, 4, 30))
    write(offices.officer, document, "strengths", strengths="遅れた文")
    document.refresh_from_db()
    _, submission = submitted(offices, document)
    assert submission.late


def test_its_authors_take_it_back_or_give_it_up_with_a_reason(offices, document):
    document = send(offices, document)
    document = pull_back_document(
        actor=offices.officer, document_id=document.pk, version=document.version, reason="架空: 書きもらし"
    )
    assert document.state == DocumentState.DRAFTING
    document = withdraw_document(
        actor=offices.officer, document_id=document.pk, version=document.version, reason="架空: 作り直す"
    )
    assert document.state == DocumentState.WITHDRAWN
    assert start(offices.officer).pk != document.pk


def test_a_new_route_does_not_move_what_is_on_its_way(offices, document):
    document = send(offices, document)
    kept = document.route
    end_route(actor=offices.manager, route_id=offices.route.pk, version=offices.route.version)
    document.refresh_from_db()
    assert document.route == kept
    check_document(actor=offices.manager, document_id=document.pk, version=document.version)


def test_only_a_manager_sets_routes_and_the_second_is_told(offices):
    with pytest.raises(UnableToSetRoute, match="責任者"):
        set_route(actor=offices.officer, organisation_id=offices.route.organisation_id, name="別", steps=[])
    with pytest.raises(UnableToSetRoute, match="決裁の段は一つ"):
        set_route(actor=offices.manager, organisation_id=offices.route.organisation_id, name="別", steps=[])


def test_a_figure_that_moved_in_the_store_is_named(offices, document):
    chapter = document.chapters.get(key="basic_info")
    chapter.origins = {"basic_info.population": {"text": "指標", "href": "", "filled": "70000"}}
    type(chapter).objects.filter(pk=chapter.pk).update(origins=chapter.origins)
    assert not [
        one for one in problems_of(document) if "指標の値が変わりました" in one.message
    ]  # nothing in the store yet
    assert content_of(document)["basic_info"]["items"][0]["value"] == 73500
