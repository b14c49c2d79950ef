"""Screens of the yearly sheet: take in, review, confirm, publish, undo."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.community.sheets import policies
from nimo.community.sheets.forms import ConfirmForm, PublishForm, ReviewForm, UndoForm, UploadForm
from nimo.community.sheets.queries import review as review_queries
from nimo.community.sheets.queries import screens, sheets
from nimo.community.sheets.services import confirming, publishing, review, uploads
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages

LIST = ("シート", "/sheets/")


@requires(Permission.VIEW_SHEET)
def sheet_list(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    page = Paginator(sheets.confirmed_sheets(actor), 50).get_page(request.GET.get("page"))
    context = {
        "uploads": screens.upload_table(sheets.uploads_in_hand(actor)[:50]),
        "sheets": screens.sheet_table(page),
        "page": page,
        "may_import": bool(policies.may_import(actor)),
    }
    return pages.render(request, "sheets/sheet_list.html", context, title="自治体情報シート")


@requires(Permission.IMPORT_SHEET)
def sheet_upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if getattr(request, "upload_too_large", False):
        form.errors.pop("file", None)  # "choose a file" would hide what happened: one was chosen and given up
        form.add_error("file", screens.too_large())
    elif form.is_valid():
        try:
            upload = uploads.upload_sheet(
                actor=request.actor,  # type: ignore[attr-defined]
                content=form.cleaned_data["file"],
                name=form.cleaned_data["file"].name,
            )
            return redirect("sheets:upload_detail", upload_id=upload.pk)
        except uploads.UnableToUpload as refusal:
            form.add_error("file", str(refusal))
    status = 422 if form.errors else 200
    return pages.render(
        request, "sheets/sheet_upload.html", {"form": form}, title="シートを取り込む", breadcrumbs=[LIST], status=status
    )


@requires(Permission.IMPORT_SHEET)
def upload_detail(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    upload = policies.get_upload(actor, upload_id)
    drafts = sheets.drafts_of(actor, upload)
    if len(drafts) == 1 and upload.state == "review" and "from_upload" not in request.GET:
        return redirect("sheets:draft_review", draft_id=drafts[0].pk)
    context = {
        "upload": upload,
        "drafts": screens.draft_table(drafts),
        "findings": upload.findings,
        "job_href": reverse("jobs:job_detail", args=[upload.job_id]) if upload.job_id else "",
    }
    return pages.render(request, "sheets/upload_detail.html", context, title="取り込んだファイル", breadcrumbs=[LIST])


@requires(Permission.IMPORT_SHEET)
def draft_review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    draft = policies.get_draft(actor, draft_id)
    shown = review_queries.review_of(draft)
    initial = {
        "version": draft.version,
        "region": draft.region_id or "",
        "fiscal_year": FiscalYear(draft.fiscal_year).label if draft.fiscal_year else "",
    }
    form = ReviewForm(request.POST or None, review=shown, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            review.save_draft(
                actor=actor,
                draft_id=draft.pk,
                version=form.cleaned_data["version"],
                edits=form.edits(),
                region_code=form.cleaned_data["region"].strip() or None,
                fiscal_year=form.cleaned_data["fiscal_year"],
                add_row=request.POST.get("add_row"),
                remove_row=request.POST.get("remove_row"),
            )
        except review.UnableToSave as refusal:
            form.add_errors(refusal.errors)
            form.add_error(None, str(refusal))
        else:
            if "confirm" in request.POST:
                return redirect("sheets:draft_confirm", draft_id=draft.pk)
            messages.success(request, "保存しました。")
            row = request.POST.get("add_row") or request.POST.get("remove_row") or ""
            place = f"#{row.split('.')[0]}" if row else ""  # back to the chapter of the row; the service knows the row
            return redirect(reverse("sheets:draft_review", args=[draft.pk]) + place)
    context = screens.review_context(actor, draft, shown, form)
    return pages.render(
        request,
        "sheets/draft_review.html",
        context,
        title=f"読み取りの確認: {screens.draft_name(draft)}",
        breadcrumbs=[
            LIST,
            ("取り込んだファイル", reverse("sheets:upload_detail", args=[draft.upload_id]) + "?from_upload"),
        ],
        status=422 if form.errors else 200,
    )


@requires(Permission.CONFIRM_SHEET)
def draft_confirm(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    draft = policies.get_draft(actor, draft_id)
    form = ConfirmForm(request.POST or None, initial={"version": draft.version})
    if request.method == "POST" and form.is_valid():
        try:
            sheet = confirming.confirm_draft(
                actor=actor,
                draft_id=draft.pk,
                version=form.cleaned_data["version"],
                replace=form.cleaned_data["replace"],
            )
        except confirming.UnableToConfirm as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "確定しました。まだ公開はしていません。")
            return redirect("sheets:sheet_detail", sheet_id=sheet.pk)
    context = screens.confirm_context(actor, draft, form)
    return pages.render(
        request,
        "sheets/draft_confirm.html",
        context,
        title=f"確定の前に: {screens.draft_name(draft)}",
        breadcrumbs=[LIST, ("読み取りの確認", reverse("sheets:draft_review", args=[draft.pk]))],
        status=422 if form.errors else 200,
    )


@requires(Permission.IMPORT_SHEET)
@require_POST
def draft_discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return _decide(request, draft_id, review.discard_draft, "取り込まないことにしました。あとで戻せます。")


@requires(Permission.IMPORT_SHEET)
@require_POST
def draft_restore(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    return _decide(request, draft_id, review.restore_draft, "確認待ちに戻しました。")


def _decide(request: HttpRequest, draft_id: UUID, service, sentence: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    try:
        version = int(request.POST.get("version") or 0)
        draft = service(actor=request.actor, draft_id=draft_id, version=version)  # type: ignore[attr-defined]
    except (review.UnableToSave, ValueError) as refusal:
        messages.error(
            request, str(refusal) if isinstance(refusal, review.UnableToSave) else "画面を開き直してください。"
        )
        return redirect("sheets:draft_review", draft_id=draft_id)
    messages.success(request, sentence)
    return redirect(reverse("sheets:upload_detail", args=[draft.upload_id]) + "?from_upload")


@requires(Permission.VIEW_SHEET)
def sheet_detail(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    sheet = policies.get_sheet(actor, sheet_id)
    context = screens.sheet_context(actor, sheet)
    return pages.render(
        request, "sheets/sheet_detail.html", context, title=screens.sheet_name(sheet), breadcrumbs=[LIST]
    )


@requires(Permission.PUBLISH_SHEET)
def sheet_publish(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    sheet = policies.get_sheet(actor, sheet_id)
    shown = screens.publish_context(actor, sheet)
    form = PublishForm(request.POST or None, choices=shown["choices"])
    if request.method == "POST" and form.is_valid():
        try:
            if "withdraw" in request.POST:
                publishing.unpublish_sections(actor=actor, sheet_id=sheet.pk, keys=form.cleaned_data["sections"])
                messages.success(request, "公開をやめました。外からは見えません。")
            else:
                publishing.publish_sections(actor=actor, sheet_id=sheet.pk, keys=form.cleaned_data["sections"])
                messages.success(request, "公開しました。地域のページでだれでも見られます。")
            return redirect("sheets:sheet_publish", sheet_id=sheet.pk)
        except publishing.UnableToPublish as refusal:
            form.add_error(None, str(refusal))
    return pages.render(
        request,
        "sheets/sheet_publish.html",
        {**shown, "form": form},
        title=f"公開: {screens.sheet_name(sheet)}",
        breadcrumbs=[LIST, (screens.sheet_name(sheet), reverse("sheets:sheet_detail", args=[sheet.pk]))],
        status=422 if form.errors else 200,
    )


@requires(Permission.CONFIRM_SHEET)
def sheet_undo(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    sheet = policies.get_sheet(actor, sheet_id)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirming.undo_sheet(actor=actor, sheet_id=sheet.pk, reason=form.cleaned_data["reason"])
        except confirming.UnableToUndo as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "確定を取り消し、確認待ちに戻しました。")
            return redirect("sheets:draft_review", draft_id=sheet.draft_id)
    return pages.render(
        request,
        "sheets/sheet_undo.html",
        {"sheet": sheet, "form": form, "sheet_href": reverse("sheets:sheet_detail", args=[sheet.pk])},
        title=f"確定の取り消し: {screens.sheet_name(sheet)}",
        breadcrumbs=[LIST, (screens.sheet_name(sheet), reverse("sheets:sheet_detail", args=[sheet.pk]))],
        status=422 if form.errors else 200,
    )
