"""What a sheet says of councils, and which of them become bodies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.community.sheets import policies
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.forms import CouncilRowForm, CouncilsForm
from nimo.community.sheets.queries.council_records import council_part
from nimo.community.sheets.queries.councils import councils_in, reference_of
from nimo.community.sheets.services import councils as services
from nimo.community.sheets.services import filling_councils as filling
from nimo.community.sheets.services import filling_counts
from nimo.community.sheets.views.imports import LIST
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


@requires(Permission.EDIT_SHEET)
def sheet_councils(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    sheet = policies.get_sheet(actor, sheet_id)
    rows = councils_in(actor, sheet)
    form = CouncilsForm(request.POST or None, rows=[one for one in rows if one.registered is None])
    if request.method == "POST" and form.is_valid():
        try:
            bodies = services.register_councils(actor=actor, sheet_id=sheet_id, chosen=form.chosen())
        except services.UnableToRegisterCouncils as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{len(bodies)}件を会議体として登録しました。")
            return redirect("sheets:sheet_councils", sheet_id=sheet_id)
    context = {
        "form": form,
        "rows": rows,
        "open": [(one, [form[name] for name in form.names(one.place)]) for one in rows if one.registered is None],
    }
    return pages.render(
        request,
        "sheets/sheet_councils.html",
        context,
        title="シートに書かれた協議の場",
        breadcrumbs=[LIST, (reference_of(sheet), reverse("sheets:sheet_detail", args=[sheet_id]))],
        status=422 if form.errors else 200,
    )


@requires(Permission.EDIT_SHEET)
@require_POST
def document_councils(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The records of meetings into the chapter: all that is empty, one body's row, or one cell a person chose."""
    try:
        messages.success(request, _filled(request, document_id))
    except filling.UnableToFillCouncils as refusal:
        messages.error(request, str(refusal))
    return redirect("sheets:document_chapter", document_id=document_id, key=SectionKey.COUNCILS.value)


def _filled(request: HttpRequest, document_id: UUID) -> str:
    """Does what the pressed button says; the sentence to show."""
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    part = council_part(actor, document)
    form = CouncilRowForm(request.POST, rows=part.free if part else [])
    if not form.is_valid() or ("all" not in request.POST and form.cleaned_data["body_id"] is None):
        raise filling.UnableToFillCouncils("画面が古くなっています。開き直してください。何も変わっていません。")
    given = form.cleaned_data
    pressed = next((one for one in ("replace", "below") if one in request.POST), None)
    if pressed is not None:
        cell, _, seen = request.POST[pressed].partition(":")
        filling.replace_council_cell(
            actor=actor,
            document_id=document.pk,
            version=given["version"],
            body_id=given["body_id"],
            cell=cell,
            seen=seen,
            below=pressed == "below",
        )
        return "会議の記録の内容を足しました。" if pressed == "below" else "会議の記録の内容に置きかえました。"
    if "all" in request.POST:
        _, number = filling.fill_councils(actor=actor, document_id=document.pk, version=given["version"])
    else:
        _, number = filling.place_council(
            actor=actor, document_id=document.pk, version=given["version"], body_id=given["body_id"], row=form.place
        )
    return f"会議の記録を{number}か所に入れました。内容を確かめてください。"


@requires(Permission.EDIT_SHEET)
@require_POST
def document_counts(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    """One counted figure into the row of its indicator."""
    given, version = request.POST, request.POST.get("version", "")
    if key not in SectionKey.values:
        raise Http404("この様式にない章です。")
    try:
        filling_counts.take_count(
            actor=request.actor,  # type: ignore[attr-defined]
            document_id=document_id,
            key=SectionKey(key),
            version=int(version) if version.isdecimal() else 0,
            path=given.get("path", ""),
            seen=given.get("seen", ""),
        )
        messages.success(request, "数えた値を入れました。")
    except filling_counts.UnableToTakeCount as refusal:
        messages.error(request, str(refusal))
    return redirect("sheets:document_chapter", document_id=document_id, key=key)
