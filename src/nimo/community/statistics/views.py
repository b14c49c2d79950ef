"""Screens of the importers: take in, say what columns hold, review, record, take back."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nimo.community.statistics import policies
from nimo.community.statistics.choices import ImportState, LayoutKind
from nimo.community.statistics.formats.loading.refusals import UnableToReadTable
from nimo.community.statistics.forms import (
    CellsForm,
    MappingForm,
    OptionsForm,
    RecordForm,
    RegionsForm,
    TakeInForm,
    UndoForm,
    VersionForm,
)
from nimo.community.statistics.queries import screens
from nimo.community.statistics.queries.known import indicator_choices
from nimo.community.statistics.queries.mappings import newest_mappings
from nimo.community.statistics.queries.plan import outline_of, severity_counts
from nimo.community.statistics.queries.preview import table_preview
from nimo.community.statistics.services import deciding, mapping, reading, recording, taking
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.files.queries import UnableToOpen
from nimo.foundation.ui import pages

LIST = ("統計の取り込み", "/statistics/")
_AGAIN = "画面の内容が届きませんでした。何も変わっていません。画面を開き直してください。"


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _detail(import_id: UUID, query: str = "") -> HttpResponse:
    return redirect(reverse("statistics:import_detail", args=[import_id]) + query)


@requires(Permission.LOAD_INDICATORS)
@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    page = screens.imports_page(_actor(request), request.GET.get("page", ""))
    context = {"page": page, "table": screens.import_table(page)}
    return pages.render(request, "statistics/import_list.html", context, title="統計の取り込み")


@requires(Permission.LOAD_INDICATORS)
def import_new(request: HttpRequest) -> HttpResponse:
    form = TakeInForm(request.POST, request.FILES) if request.method == "POST" else TakeInForm()
    if getattr(request, "upload_too_large", False):
        form.errors.pop("file", None)  # "choose a file" would hide what happened: one was chosen and given up
        limit = settings.NIMO_UPLOAD_LIMIT_BYTES // (1024 * 1024)
        form.add_error(
            "file",
            f"ファイルが{limit}MBを超えるため、受け取りをやめました。何も保存していません。必要な表だけにしてください。",
        )
    elif form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        try:
            if file:
                one = taking.take_in(
                    actor=_actor(request), content=file, name=file.name, layout=given["layout"], options=form.options()
                )
            else:
                one = taking.take_paste(actor=_actor(request), text=given["pasted"], options=form.options())
            return _detail(one.pk)
        except taking.UnableToTakeIn as refusal:
            form.add_error("file" if file else "pasted", str(refusal))
    context = {"form": form, "steps": screens.STEPS}
    status = 422 if form.errors else 200
    return pages.render(
        request, "statistics/import_new.html", context, title="統計を取り込む", breadcrumbs=[LIST], status=status
    )


@requires(Permission.LOAD_INDICATORS)
@require_safe
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    one = policies.get_import(_actor(request), import_id)
    if one.state == ImportState.MAPPING:
        return redirect("statistics:import_mapping", import_id=one.pk)
    counts = severity_counts(one)
    shown = screens.review_context(
        _actor(request), one, counts, request.GET.get("show", ""), request.GET.get("page", "")
    )
    unknown = screens.unknown_regions(_actor(request), one) if one.state == ImportState.REVIEW else []
    form = CellsForm(cells=[item["cell"] for item in shown["items"]], initial={"version": one.version})
    regions = RegionsForm(unknown=unknown, initial={"version": one.version})
    for item in shown["items"]:
        item["decision"], item["value"] = form[f"decision-{item['cell'].pk}"], form[f"value-{item['cell'].pk}"]
    context = {
        **shown,
        "one": one,
        "counts": counts,
        "form": form,
        "regions": regions,
        "region_boxes": [(regions[f"region-{i}"], regions[f"code-{i}"]) for i in range(len(unknown))],
        "options": OptionsForm(initial={"layout": one.asked_layout, **one.options}),
        "layout_label": LayoutKind(one.layout).label if one.layout else "",
        "reviewing": one.state == ImportState.REVIEW,
        "sources": screens.source_links(one),
        "job_href": reverse("jobs:job_detail", args=[one.job_id]) if one.job_id else "",
        "csv_href": reverse("statistics:import_findings_csv", args=[one.pk]),
        "steps": screens.STEPS,
        "step": 3 if one.state in (ImportState.RECORDED, ImportState.RECORDING) else 2,
    }
    return pages.render(
        request, "statistics/import_detail.html", context, title=f"取り込み: {one.file.name}", breadcrumbs=[LIST]
    )


@requires(Permission.LOAD_INDICATORS)
@require_safe
def import_findings_csv(request: HttpRequest, import_id: UUID) -> HttpResponse:
    one = policies.get_import(_actor(request), import_id)
    return pages.csv_response(screens.findings_file(_actor(request), one), "nimo-findings")


@requires(Permission.LOAD_INDICATORS)
def import_mapping(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    decision = policies.may_map(actor, one)
    if not decision:
        messages.error(request, decision.reason)
        return _detail(one.pk) if one.state != ImportState.MAPPING else redirect("statistics:import_list")
    chosen = request.POST if request.method == "POST" else request.GET
    try:
        preview, columns = table_preview(actor, one, chosen.get("sheet", ""), chosen.get("row", ""))
    except (UnableToReadTable, UnableToOpen) as refusal:
        messages.error(request, str(refusal))
        return redirect("statistics:import_list")
    form = MappingForm(
        request.POST or None,
        preview=preview,
        columns=columns,
        indicators=indicator_choices(),
        initial={"version": one.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            mapping.save_mapping(
                actor=actor,
                import_id=one.pk,
                version=form.cleaned_data["version"],
                columns=form.columns(),
                preview=preview,
                name=form.cleaned_data["name"],
            )
            messages.success(request, "列の意味を覚えました。この意味で表を読んでいます。")
            return _detail(one.pk)
        except mapping.UnableToMap as refusal:
            form.add_error(None, str(refusal))
    context = {"one": one, "form": form, "preview": preview, "boxes": form.boxes(), "steps": screens.STEPS}
    return pages.render(
        request,
        "statistics/import_mapping.html",
        context,
        title="列の意味を選ぶ",
        breadcrumbs=[LIST],
        status=422 if form.errors else 200,
    )


def _by_a_job(state: str) -> str:
    if state != ImportState.CHECKING:
        return ""
    return "値が多いため、ほかの値とのつじつまは、これから確かめます。"


@requires(Permission.LOAD_INDICATORS)
@require_POST
def import_check(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _AGAIN)
        return _detail(one.pk)
    try:
        deciding.ask_again(actor=actor, import_id=one.pk, version=form.cleaned_data["version"])
    except deciding.UnableToDecide as refusal:
        messages.error(request, str(refusal))
    return _detail(one.pk)


@requires(Permission.LOAD_INDICATORS)
@require_POST
def import_regions(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    form = RegionsForm(request.POST, unknown=screens.unknown_regions(actor, one))
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]) if form.errors else _AGAIN)
        return _detail(one.pk)
    try:
        one = deciding.choose_regions(
            actor=actor, import_id=one.pk, version=form.cleaned_data["version"], choices=form.choices()
        )
        messages.success(request, f"地域を決めました。{_by_a_job(one.state)}")
    except deciding.UnableToDecide as refusal:
        messages.error(request, str(refusal))
    return _detail(one.pk)


@requires(Permission.LOAD_INDICATORS)
@require_POST
def import_cells(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    counts = severity_counts(one)
    shown = screens.review_context(actor, one, counts, request.POST.get("show", ""), request.POST.get("page", ""))
    form = CellsForm(request.POST, cells=[item["cell"] for item in shown["items"]])
    query = f"?show={shown['shown']}&page={shown['page'].number}"
    if not form.is_valid():
        messages.error(request, _AGAIN)
        return _detail(one.pk, query)
    try:
        one = deciding.decide_cells(
            actor=actor,
            import_id=one.pk,
            version=form.cleaned_data["version"],
            answers=form.answers(accept_all="accept_all" in request.POST),
        )
        messages.success(request, f"確かめた内容を保存しました。まだ記録していません。{_by_a_job(one.state)}")
    except deciding.UnableToDecide as refusal:
        messages.error(request, str(refusal))
    return _detail(one.pk, query)


@requires(Permission.LOAD_INDICATORS)
@require_POST
def import_read_again(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    form, version = OptionsForm(request.POST), VersionForm(request.POST)
    if not form.is_valid() or not version.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]) if form.errors else _AGAIN)
        return _detail(one.pk)
    try:
        reading.read_again(
            actor=actor,
            import_id=one.pk,
            version=version.cleaned_data["version"],
            layout=form.cleaned_data["layout"],
            options=form.options(),
        )
        messages.success(request, "同じファイルを読み直しています。")
    except reading.UnableToReadAgain as refusal:
        messages.error(request, str(refusal))
    return _detail(one.pk)


@requires(Permission.LOAD_INDICATORS)
def import_record(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    form = RecordForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        try:
            recording.ask_recording(actor=actor, import_id=one.pk, **form.cleaned_data)
            messages.success(request, "記録を始めました。終わるまで、ほかの仕事をしていてかまいません。")
            return _detail(one.pk)
        except recording.UnableToRecordImport as refusal:
            form.add_error(None, str(refusal))
    plan = outline_of(one)
    detail_href = reverse("statistics:import_detail", args=[one.pk])
    context = {
        "one": one,
        "form": form,
        "plan": plan,
        "may_open": plan.may_be_opened and bool(policies.may_open(actor)),
        "decision": policies.may_record(actor, one),
        "summary": [
            ("記録する値", f"{plan.count:,} 件"),
            ("止まっていて記録しない値", f"{plan.held:,} 件（{plan.held_rows:,} 行）"),
            ("まだ確かめていない値", f"{plan.waiting:,} 件"),
            ("「記録しない」を選んだ値", f"{plan.left_out:,} 件"),
            ("担当の地域の外で、読み飛ばした値", f"{one.beyond_reach:,} 件"),
        ],
        "detail_href": detail_href,
        "steps": screens.STEPS,
    }
    return pages.render(
        request,
        "statistics/import_record.html",
        context,
        title=f"記録の前に: {one.file.name}",
        breadcrumbs=[LIST, ("読み取りの確認", detail_href)],
        status=422 if form.errors else 200,
    )


@requires(Permission.LOAD_INDICATORS)
def import_undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = _actor(request)
    one = policies.get_import(actor, import_id)
    form = UndoForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        try:
            recording.undo_import(actor=actor, import_id=one.pk, **form.cleaned_data)
            messages.success(
                request, "記録を取り消し、確認待ちに戻しました。置き換える前の値があれば、元に戻っています。"
            )
            return _detail(one.pk)
        except recording.UnableToUndoImport as refusal:
            form.add_error(None, str(refusal))
    detail_href = reverse("statistics:import_detail", args=[one.pk])
    context = {"one": one, "form": form, "decision": policies.may_undo(actor, one), "detail_href": detail_href}
    return pages.render(
        request,
        "statistics/import_undo.html",
        context,
        title=f"取り込みの取り消し: {one.file.name}",
        breadcrumbs=[LIST, ("取り込み", detail_href)],
        status=422 if form.errors else 200,
    )


@requires(Permission.LOAD_INDICATORS)
@require_POST
def import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    one = policies.get_import(_actor(request), import_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _AGAIN)
        return _detail(one.pk)
    try:
        deciding.discard_import(actor=_actor(request), import_id=one.pk, version=form.cleaned_data["version"])
    except deciding.UnableToDecide as refusal:
        messages.error(request, str(refusal))
        return _detail(one.pk)
    messages.success(request, "取り込まないことにしました。ファイルは残っています。")
    return redirect("statistics:import_list")


@requires(Permission.LOAD_INDICATORS)
@require_safe
def mapping_list(request: HttpRequest) -> HttpResponse:
    mappings = newest_mappings(_actor(request))
    context = {"table": screens.mapping_table(mappings), "mappings": [row for row in mappings if not row.retired_at]}
    return pages.render(
        request, "statistics/mapping_list.html", context, title="覚えている列の意味", breadcrumbs=[LIST]
    )


@requires(Permission.LOAD_INDICATORS)
@require_POST
def mapping_retire(request: HttpRequest, mapping_id: UUID) -> HttpResponse:
    try:
        row = mapping.retire_mapping(actor=_actor(request), mapping_id=mapping_id)
        messages.success(
            request, f"「{row.name}」を使うのをやめました。次に同じ表を取り込むとき、列の意味を選び直します。"
        )
    except mapping.UnableToMap as refusal:
        messages.error(request, str(refusal))
    return redirect("statistics:mapping_list")
