"""Sheets as files: of a draft, of a submission."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from nimo.community.sheets import policies
from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.services import exporting
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


def _format(text: str) -> ExportFormat:
    try:
        return ExportFormat(text)
    except ValueError:
        raise Http404("この形式のファイルはありません。") from None


@requires(Permission.EDIT_SHEET)
@require_GET
def document_file(request: HttpRequest, document_id: UUID, file_format: str) -> HttpResponse:
    """The draft as a file, made at this moment and marked on every page."""
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    try:
        written = exporting.export_document(actor=actor, document_id=document.pk, file_format=_format(file_format))
    except exporting.UnableToExport as refusal:
        messages.error(request, str(refusal))
        return redirect("sheets:document_detail", document_id=document.pk)
    return pages.file_response(written.content, f"作成中_{written.file_name}", written.content_type)


@requires(Permission.EDIT_SHEET)
@require_POST
def submission_files(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Makes what the job has not made; what is kept stays as it is."""
    actor = request.actor  # type: ignore[attr-defined]
    submission = policies.get_submission(actor, submission_id)
    try:
        exporting.keep_submission_files(actor=actor, submission_id=submission.pk)
    except exporting.UnableToExport as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "ファイルを作り、保管しました。")
    return redirect("sheets:submission_detail", submission_id=submission.pk)
