"""Sheets as files in their form: drafts marked as such and made anew each time, submitted ones made once and kept."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.sheets.choices import DocumentState, ExportFormat
from nimo.community.sheets.formats.layouts.signs import DRAFT
from nimo.community.sheets.formats.writing.export import Written, write_sheet
from nimo.community.sheets.models.submissions import SheetSubmission, SubmissionFile
from nimo.community.sheets.policies import get_document, get_submission
from nimo.community.sheets.queries.documents import content_of, origins_of
from nimo.community.sheets.queries.exports import origin_words, submission_remarks
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.services import UnableToStore, store
from nimo.foundation.jobs.services import enqueue
from nimo.foundation.papers.formats.typesetting import UnableToTypeset

EXPORT_DRAFT = register_verb("sheets.export_draft", "作成中のシートをファイルに書き出した")
KEEP_FILES = register_verb("sheets.keep_files", "提出したシートのファイルを作って保管した")

_FROZEN = frozenset({DocumentState.SUBMITTED, DocumentState.ACCEPTED})


class UnableToExport(Exception):
    """No file was made; str() is the sentence for the user."""


def export_document(*, actor: Actor, document_id: UUID, file_format: ExportFormat) -> Written:
    """The sheet as it stands, marked 作成中 on every page. Audited. Raises UnableToExport."""
    with transaction.atomic():
        document = get_document(actor, document_id)
        if document.state in _FROZEN:
            raise UnableToExport(
                "このシートは提出済みです。提出したときのファイルを、「提出したもの」のページから受け取ってください。"
            )
        newest = document.chapters.order_by("-edited_at").values_list("edited_at", flat=True).first()
        written = _written(
            content_of(document),
            file_format,
            at=newest or document.created_at,
            origins=origin_words(origins_of(document)),
            mark=DRAFT,
        )
        record(
            actor,
            verb=EXPORT_DRAFT,
            target=("sheets.document", str(document.pk)),
            region_code=document.region_id,
            organisation_id=document.organisation_id,
            diff={"形式": [None, str(file_format.label)]},
        )
    return written


def ask_for_files(*, actor: Actor, submission: SheetSubmission) -> None:
    """A job makes the files of a submission, after the transaction of the caller."""
    enqueue(
        actor=actor,
        code="sheets.export",
        title=f"{submission.region_name} 自治体情報シート 第{submission.edition}回の提出のファイルを作る",
        parameters={"submission_id": str(submission.pk)},
        region_code=submission.document.region_id,
    )


def keep_submission_files(
    *, actor: Actor, submission_id: UUID, told: Callable[[int, int], None] | None = None
) -> list[SubmissionFile]:
    """Makes the files of a submitted sheet that are not there yet. What is kept is never made again.

    told: (done, of) after each. Raises UnableToExport; what was made before it stays.
    """
    submission = get_submission(actor, submission_id)
    made = []
    for number, file_format in enumerate(ExportFormat):
        if told is not None:
            told(number, len(ExportFormat))
        kept = _kept(actor, submission, file_format)
        if kept is not None:
            made.append(kept)
    return made


def _kept(actor: Actor, submission: SheetSubmission, file_format: ExportFormat) -> SubmissionFile | None:
    """None where somebody has made it already."""
    if submission.files.filter(file_format=file_format).exists():
        return None
    written = _written(
        submission.content,
        file_format,
        at=submission.submitted_at,
        origins=origin_words(submission.origins),
        remarks=submission_remarks(submission),
    )
    try:
        with transaction.atomic():
            file = store(
                actor=actor,
                content=written.content,
                name=written.file_name,
                purpose="sheets.export",
                region_code=submission.document.region_id,
            )
            kept = SubmissionFile.objects.create(
                submission=submission,
                file_format=file_format,
                file=file,
                findings=[one.message for one in written.findings],
                made_at=actor.now,
            )
            record(
                actor,
                verb=KEEP_FILES,
                target=("sheets.submission", str(submission.pk)),
                region_code=submission.document.region_id,
                organisation_id=submission.document.organisation_id,
                diff={"形式": [None, str(file_format.label)], "ファイル": [None, str(file.pk)]},
            )
    except IntegrityError:
        return None  # another job was quicker; its file is the file
    except UnableToStore as refusal:
        raise UnableToExport(str(refusal)) from refusal
    return kept


def _written(content: dict[str, object], file_format: ExportFormat, **options: object) -> Written:
    try:
        return write_sheet(content, file_format, **options)  # type: ignore[arg-type]
    except UnableToTypeset as refusal:
        raise UnableToExport(str(refusal)) from refusal
