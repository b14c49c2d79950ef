"""Screens of a sheet being written: the list, the beginning, the overview, the chapters, what is carried over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.community.sheets import policies
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.forms import ChapterForm, CouncilRowForm, DocumentForm, DroppedForm, PasteForm
from nimo.community.sheets.queries import council_records, counted_rows, editing, screens, writing
from nimo.community.sheets.services import carrying, chapters, documents, filling
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages

LIST = ("シート", "/sheets/")
DOCUMENTS = ("作成", "/sheets/documents/")


def trail(document: Any) -> list[tuple[str, str]]:
    """The way back from a page under a document."""
    return [LIST, DOCUMENTS, (writing.document_name(document), reverse("sheets:document_detail", args=[document.pk]))]


@requires(Permission.EDIT_SHEET)
def document_list(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    page = Paginator(writing.documents_of(actor), 50).get_page(request.GET.get("page"))
    context = {"documents": writing.document_table(actor, list(page)), "page": page}
    return pages.render(request, "sheets/document_list.html", context, title="シートを作成する", breadcrumbs=[LIST])


_ASKED = {"region_code": "region", "fiscal_year": "year", "due_on": "due"}
"""Fields of a new sheet and the names under which a link brings them along (a request to hand one in)."""


@requires(Permission.EDIT_SHEET)
def document_new(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    form = DocumentForm(
        request.POST or None,
        regions=writing.body_choices(actor),
        organisations=writing.own_organisations(actor),
        initial={name: request.GET.get(asked, "") for name, asked in _ASKED.items() if request.GET.get(asked)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            document = documents.start_document(
                actor=actor,
                region_code=given["region_code"],
                fiscal_year=given["fiscal_year"].year,
                organisation_id=UUID(given["organisation_id"]),
                from_last_year=given["from_last_year"],
                due_on=given["due_on"],
            )
        except documents.UnableToStart as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "作りはじめました。章を選んで書いてください。途中で保存できます。")
            return redirect("sheets:document_detail", document_id=document.pk)
    return pages.render(
        request,
        "sheets/document_new.html",
        {"form": form},
        title="新しいシートを作りはじめる",
        breadcrumbs=[LIST, DOCUMENTS],
        status=422 if form.errors else 200,
    )


@requires(Permission.EDIT_SHEET)
def document_detail(request: HttpRequest, document_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    page = writing.document_page(actor, document)
    return pages.render(
        request, "sheets/document_detail.html", {"page": page}, title=page.name, breadcrumbs=[LIST, DOCUMENTS]
    )


def _section(key: str) -> SectionKey:
    try:
        return SectionKey(key)
    except ValueError:
        raise Http404("章が見つかりません。") from None


def _asked_rows(request: HttpRequest) -> dict[str, Any]:
    """Which button beside a row was pressed."""
    up, down = request.POST.get("move_up"), request.POST.get("move_down")
    return {
        "add_row": request.POST.get("add_row"),
        "remove_row": request.POST.get("remove_row"),
        "move_row": (up, True) if up else (down, False) if down else None,
    }


@requires(Permission.EDIT_SHEET)
def document_chapter(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    shown = editing.editor(actor, document, _section(key))
    if shown is None:
        raise Http404("この様式にない章です。")
    form = ChapterForm(request.POST or None, editor=shown, initial=_initial(request, shown))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            chapters.save_chapter(
                actor=actor,
                document_id=document.pk,
                key=key,
                version=form.cleaned_data["version"],
                edits=form.edits(),
                **_asked_rows(request),
            )
        except chapters.UnableToSaveChapter as refusal:
            form.add_errors(refusal.errors)
            form.add_error(None, str(refusal))
            conflict = refusal.conflict
            if conflict is not None:  # what was typed stays in the boxes and can be saved on the newer version
                form.data = {**form.data.dict(), "version": str(conflict.version)}  # type: ignore[attr-defined]
        else:
            messages.success(request, "保存しました。")
            following = shown.following.value if shown.following and "next" in request.POST else key
            return redirect("sheets:document_chapter", document_id=document.pk, key=following)
    return pages.render(
        request,
        "sheets/document_chapter.html",
        {
            "shown": shown,
            "form": form,
            "rows": _with_boxes(shown, form),
            "conflict": conflict,
            "paste_forms": [
                (
                    PasteForm(
                        initial={"version": shown.chapter.version, "list_path": path, "first_row": 1},
                        auto_id=f"id_{path}_%s",
                    ),
                    columns,
                )
                for path, columns in shown.tables
            ],
            "may_write": policies.may_write(actor, document),
            "councils": _councils(request, document, shown),
            "counted": counted_rows.counted_rows(actor, document, shown.key)
            if policies.may_write(actor, document)
            else [],
        },
        title=f"{shown.key.label}: {writing.document_name(document)}",
        breadcrumbs=trail(document),
        status=422 if form.errors else 200,
    )


def _councils(request: HttpRequest, document: Any, shown: editing.Editor) -> dict[str, Any] | None:
    """The records of meetings beside the chapter that speaks of them, with a form a body; only while one may write."""
    actor = request.actor  # type: ignore[attr-defined]
    if shown.key is not SectionKey.COUNCILS or not policies.may_write(actor, document):
        return None
    part = council_records.council_part(actor, document)
    if part is None:
        return None
    version = shown.chapter.version
    forms = [
        CouncilRowForm(
            rows=part.free, initial={"version": version, "body_id": one.record.body_id}, auto_id=f"id_{number}_%s"
        )
        for number, one in enumerate(part.rows)
    ]
    rows = list(zip(part.rows, forms, strict=True))
    return {
        "part": part,
        "near": [(one, form) for one, form in rows if not one.optional],
        "optional": [(one, form) for one, form in rows if one.optional],
    }


def _initial(request: HttpRequest, shown: editing.Editor) -> dict[str, Any]:
    """What was typed and not saved comes back when its owner asks for it."""
    initial: dict[str, Any] = {"version": shown.chapter.version}
    if "kept" in request.GET and shown.kept is not None:
        initial.update(shown.kept.typed)
    return initial


def _with_boxes(shown: editing.Editor, form: ChapterForm) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "fields": [
                {
                    "field": each,
                    "box": form[each.path],
                    "as_of_box": form[f"{each.path}.as_of"] if f"{each.path}.as_of" in form.fields else None,
                }
                for each in row.fields
            ],
        }
        for row in shown.rows
    ]


@requires(Permission.EDIT_SHEET)
@require_POST
def document_autosave(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    """What is being typed, kept for its owner; answers with one line and never changes the chapter."""
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    shown = editing.editor(actor, document, _section(key))
    form = ChapterForm(request.POST, editor=shown) if shown else None
    sentence = "入力を控えられませんでした。「保存する」を押してください。"
    if form is not None and form.is_valid():
        try:
            chapters.keep_typed(
                actor=actor,
                document_id=document.pk,
                key=key,
                version=form.cleaned_data["version"],
                edits=form.edits(),
            )
            sentence = "入力の途中を控えました（まだ保存はしていません）。"
        except chapters.UnableToSaveChapter as refusal:
            sentence = str(refusal)
    return pages.render(request, "sheets/parts/autosaved.html", {"sentence": sentence}, title="")


@requires(Permission.EDIT_SHEET)
@require_POST
def document_paste(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    form = PasteForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("sheets:document_chapter", document_id=document.pk, key=key)
    given = form.cleaned_data
    try:
        chapters.paste_rows(
            actor=actor,
            document_id=document.pk,
            key=_section(key).value,
            version=given["version"],
            list_path=given["list_path"],
            text=given["block"],
            first_row=given["first_row"] - 1,
        )
    except chapters.UnableToSaveChapter as refusal:
        messages.error(request, " ".join([str(refusal), *(error.message for error in refusal.errors[:5])]))
    else:
        messages.success(request, "貼り付けました。内容を確かめてください。")
    return redirect("sheets:document_chapter", document_id=document.pk, key=key)


@requires(Permission.EDIT_SHEET)
@require_POST
def document_fill(request: HttpRequest, document_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    text = request.POST.get("version", "")
    try:
        _, keys = filling.fill_basic_info(
            actor=actor, document_id=document.pk, version=int(text) if text.isdecimal() else 0
        )
    except chapters.UnableToSaveChapter as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, f"記録されている数値を{len(keys)}か所に入れました。時点と出どころを確かめてください。"
        )
    return redirect("sheets:document_chapter", document_id=document.pk, key=SectionKey.BASIC_INFO.value)


@requires(Permission.EDIT_SHEET)
def document_carry(request: HttpRequest, document_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    if request.method == "POST":
        try:
            messages.success(request, _carry(request, document.pk))
        except carrying.UnableToCarry as refusal:
            messages.error(request, str(refusal))
        return redirect("sheets:document_carry", document_id=document.pk)
    page = editing.carry_page(document)
    return pages.render(
        request,
        "sheets/document_carry.html",
        {
            "document": document,
            "page": page,
            "dropped_forms": [
                DroppedForm(name=name, auto_id=f"id_{number}_%s") for number, name in enumerate(page.unexplained)
            ],
            "may_write": policies.may_write(actor, document),
        },
        title=f"前の年度からの引き継ぎ: {writing.document_name(document)}",
        breadcrumbs=trail(document),
    )


def _carry(request: HttpRequest, document_id: UUID) -> str:
    """Does what the pressed button says; the sentence to show."""
    actor, given = request.actor, request.POST  # type: ignore[attr-defined]
    if "dropped" in given:
        carrying.explain_dropped(
            actor=actor, document_id=document_id, indicator=given["dropped"], reason=given.get("reason", "")
        )
        return "やめた理由を記録しました。"
    path, from_path = given.get("path", ""), given.get("from_path", "")
    if "take" in given:
        carrying.take_figure(
            actor=actor, document_id=document_id, path=path, from_path=from_path, text=given.get("text", "")
        )
        return "引き継ぎました。"
    carrying.leave_figure(
        actor=actor, document_id=document_id, path=path, from_path=from_path, reason=given.get("reason", "")
    )
    return "引き継がないことにしました。"


@requires(Permission.EDIT_SHEET)
def document_compare(request: HttpRequest, document_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    everything = "all" in request.GET
    table = editing.compared_with_last_year(document, all_fields=everything)
    return pages.render(
        request,
        "sheets/document_compare.html",
        {"document": document, "table": table, "everything": everything},
        title=f"前の年度とくらべる: {writing.document_name(document)}",
        breadcrumbs=trail(document),
    )


@requires(Permission.VIEW_SHEET)
def sheet_compare(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Any two years of one region; without a choice, the year before."""
    actor = request.actor  # type: ignore[attr-defined]
    sheet = policies.get_sheet(actor, sheet_id)
    others = editing.other_years(actor, sheet)
    chosen = next((one for one in others if str(one.pk) == request.GET.get("with")), others[0] if others else None)
    everything = "all" in request.GET
    return pages.render(
        request,
        "sheets/sheet_compare.html",
        {
            "sheet": sheet,
            "others": others,
            "chosen": chosen,
            "table": editing.compared_sheets(chosen, sheet, all_fields=everything) if chosen else None,
            "everything": everything,
        },
        title=f"二つの年度をくらべる: {screens.sheet_name(sheet)}",
        breadcrumbs=[LIST, (screens.sheet_name(sheet), reverse("sheets:sheet_detail", args=[sheet.pk]))],
    )
