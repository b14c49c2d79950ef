"""Files of drafts and of submissions: who gets them, what is kept, that it stays the same."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.models.submissions import SheetSubmission, SubmissionFile
from nimo.community.sheets.queries.exports import origin_words, submission_remarks
from nimo.community.sheets.rules.flow import DecisionFacts
from nimo.community.sheets.services.correcting import correct_submission
from nimo.community.sheets.services.exporting import UnableToExport, export_document, keep_submission_files
from nimo.community.sheets.services.flow import check_document, decide_document, send_document, submit_document
from nimo.community.sheets.tests.same import canonical
from nimo.community.sheets.tests.writing import Offices, start, write
from nimo.community.sheets.tests.writing_contents import FORMATS, loaded, read_back
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.accounts.models import User
from nimo.foundation.audit.models import Entry
from nimo.foundation.files.policies import FileNotAvailable
from nimo.foundation.files.queries import open_stored
from nimo.foundation.files.services import hand_out
from nimo.foundation.jobs.models import Job
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture
def offices():
    return Offices.make()


def written_document(offices: Offices):
    document = start(offices.officer)
    write(offices.officer, document, "strengths", strengths="障がいのある人の家族会がある。\n二行目")
    write(offices.officer, document, "basic_info", basic_info__population="74,000人")
    document.refresh_from_db()
    return document


def submitted(offices: Offices) -> SheetSubmission:
    document = written_document(offices)

    def version() -> int:
        document.refresh_from_db()
        return document.version

    send_document(actor=offices.officer, document_id=document.pk, version=version(), route_id=offices.route.pk)
    check_document(actor=offices.officer, document_id=document.pk, version=version())
    decide_document(
        actor=offices.manager,
        document_id=document.pk,
        version=version(),
        facts=DecisionFacts(offices.manager.today, "障第1号"),
    )
    return submit_document(actor=offices.officer, document_id=document.pk, version=version())


# -- drafts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_draft_is_marked_on_its_pages_and_audited(offices, file_format):
    document = written_document(offices)
    written = export_document(actor=offices.officer, document_id=document.pk, file_format=file_format)
    assert read_back(written)["strengths"] == "障がいのある人の家族会がある。\n二行目"
    assert any("作成中" in getattr(block, "text", "") for block in loaded(written).blocks)
    entry = Entry.objects.filter(verb="sheets.export_draft").get()
    assert entry.target_id == str(document.pk)
    again = export_document(actor=offices.officer, document_id=document.pk, file_format=file_format)
    assert again.content == written.content


def test_a_draft_goes_to_nobody_else(offices):
    document = written_document(offices)
    stranger = actor_of(Role.MUNICIPAL_OFFICER, "10201")
    with pytest.raises(NotVisible):
        export_document(actor=stranger, document_id=document.pk, file_format=ExportFormat.PDF)
    assert not Entry.objects.filter(verb="sheets.export_draft").exists()


def test_a_submitted_sheet_is_no_draft_any_more(offices):
    submission = submitted(offices)
    with pytest.raises(UnableToExport, match="提出したもの"):
        export_document(actor=offices.officer, document_id=submission.document_id, file_format=ExportFormat.PDF)


# -- submissions ---------------------------------------------------------------------------------------------------------


def content_of(actor, kept: SubmissionFile) -> bytes:
    with open_stored(actor, kept.file_id) as content:
        return content.read()


def test_a_submission_asks_for_its_files(offices):
    submission = submitted(offices)
    job = Job.objects.get(code="sheets.export")
    assert job.parameters == {"submission_id": str(submission.pk)}


def test_the_files_of_a_submission_are_made_once_and_stay_the_same_bytes(offices):
    submission = submitted(offices)
    made = keep_submission_files(actor=offices.officer, submission_id=submission.pk)
    assert {one.file_format for one in made} == set(ExportFormat.values)
    before = {one.file_format: content_of(offices.officer, one) for one in made}
    # the data changes, the sheet is corrected; the files do not, nor would they if they were made anew
    document = submission.document
    document.chapters.filter(key="strengths").update(content="まったく別の文")
    correct_submission(
        actor=offices.officer, submission_id=submission.pk, path="strengths", after="訂正した文", reason="誤記"
    )
    assert keep_submission_files(actor=offices.officer, submission_id=submission.pk) == []
    submission.refresh_from_db()
    for kept in submission.files.all():
        assert content_of(offices.officer, kept) == before[kept.file_format]
        anew = write_sheet(
            submission.content,
            ExportFormat(kept.file_format),
            at=submission.submitted_at,
            origins=origin_words(submission.origins),
            remarks=submission_remarks(submission),
        )
        assert anew.content == before[kept.file_format]
        back = read_back(anew)
        for key in ("strengths", "basic_info", "schedule"):
            assert canonical(back[key]) == canonical(submission.content[key])
    assert Entry.objects.filter(verb="sheets.keep_files").count() == 3


def test_the_files_go_to_those_who_see_the_submission_and_each_time_is_audited(offices):
    submission = submitted(offices)
    made = keep_submission_files(actor=offices.officer, submission_id=submission.pk)
    file, content = hand_out(actor=offices.prefecture, file_id=made[0].file_id)
    with content:
        assert content.read()
    assert file.name == "群馬県館林市_自治体情報シート_令和8年度.pptx"
    assert Entry.objects.filter(verb="files.hand_out").count() == 1
    for role, region in ((Role.MUNICIPAL_OFFICER, "10201"), (Role.PREFECTURE_OFFICER, "11000")):
        with pytest.raises(FileNotAvailable):
            hand_out(actor=actor_of(role, region), file_id=made[0].file_id)


def test_what_a_font_lacks_is_told_on_the_page(offices):
    submission = submitted(offices)
    submission.content["strengths"] = "𠮷田さん"
    SheetSubmission.objects.filter(pk=submission.pk).update(content=submission.content)
    made = keep_submission_files(actor=offices.officer, submission_id=submission.pk)
    assert all("𠮷" in one.findings[0] for one in made)


# -- screens -------------------------------------------------------------------------------------------------------------


def test_the_draft_is_offered_on_its_page_and_comes_as_a_download(client, offices):
    document = written_document(offices)
    client.force_login(_user(offices.officer))
    page = client.get(reverse("sheets:document_detail", args=[document.pk])).content.decode()
    for file_format in ExportFormat:
        address = reverse("sheets:document_file", args=[document.pk, file_format.value])
        assert address in page
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Cache-Control"] == "no-store, private"
    assert client.get(reverse("sheets:document_file", args=[document.pk, "docx"])).status_code == 404


def test_the_page_of_a_submission_offers_what_is_kept_and_makes_what_is_not(client, offices):
    submission = submitted(offices)
    client.force_login(_user(offices.officer))
    address = reverse("sheets:submission_detail", args=[submission.pk])
    assert "まだできていません" in client.get(address).content.decode()
    answer = client.post(reverse("sheets:submission_files", args=[submission.pk]), follow=True)
    page = answer.content.decode()
    assert "まだできていません" not in page
    assert "ファイルを作る" not in page
    for kept in submission.files.all():
        assert reverse("files:file_download", args=[kept.file_id]) in page
        assert client.get(reverse("files:file_download", args=[kept.file_id])).status_code == 200


def _user(actor):
    return User.objects.get(pk=actor.user_id)
