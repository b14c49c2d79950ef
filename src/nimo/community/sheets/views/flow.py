"""Screens of the way of a sheet: send, check, decide, return, submit, accept, mend; routes; what was submitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.sheets import policies
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.forms import (
    ChapterForm,
    CorrectionForm,
    DecisionForm,
    NoteForm,
    RouteForm,
    SendForm,
    WhyForm,
)
from nimo.community.sheets.queries import editing, exports, submissions, writing
from nimo.community.sheets.rules.flow import DecisionFacts, Step, steps_from_json
from nimo.community.sheets.services import correcting, flow, routes
from nimo.community.sheets.views.documents import DOCUMENTS, LIST, trail
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


def _page(request: HttpRequest, document: Any, form: Any, title: str, lead: str, button: str) -> HttpResponse:
    return pages.render(
        request,
        "sheets/document_move.html",
        {"document": document, "form": form, "lead": lead, "button": button},
        title=f"{title}: {writing.document_name(document)}",
        breadcrumbs=trail(document),
        status=422 if form.errors else 200,
    )


def _moved(
    request: HttpRequest, document: Any, form: Any, move: Callable[[], object], sentence: str
) -> HttpResponse | None:
    """Does the move; None when it was refused (the reason stands in the form)."""
    try:
        move()
    except flow.UnableToMove as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, sentence)
    return redirect("sheets:document_detail", document_id=document.pk)


@requires(Permission.EDIT_SHEET)
def document_send(request: HttpRequest, document_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    choices = writing.route_choices(document)
    form = SendForm(request.POST or None, routes=choices, initial={"version": document.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = _moved(
            request,
            document,
            form,
            lambda: flow.send_document(
                actor=actor,
                document_id=document.pk,
                version=given["version"],
                route_id=UUID(given["route_id"]),
                note=given["note"],
            ),
            "回しました。受け取った人に知らせました。",
        )
        if answer:
            return answer
    lead = (
        "選んだ経路の最初の段に回します。回したあとは、引き戻すか差し戻されるまで直せません。"
        if choices
        else "この組織の経路がまだありません。責任者が「回す経路」の画面で決めると、ここで選べます。"
    )
    return _page(request, document, form, "回す", lead, "回す")


_MOVES: dict[str, tuple[str, str, str, str, Callable[..., object]]] = {
    "check": (
        "確認する",
        "内容を確かめたら、次の段に送ります。直すところがあるときは「差し戻す」を使います。",
        "確認した",
        "確認を記録し、次の段に送りました。",
        flow.check_document,
    ),
    "submit": (
        "提出する",
        "提出すると、この内容で凍結されます。あとで元の数値が変わっても、提出したシートは変わりません。",
        "提出する",
        "提出しました。",
        flow.submit_document,
    ),
    "accept": (
        "受理する",
        "受け取った内容を確かめて、受理します。",
        "受理する",
        "受理しました。",
        flow.accept_document,
    ),
}

_REASONED: dict[str, tuple[str, str, str, str, Callable[..., object]]] = {
    "return": (
        "差し戻す",
        "作成した組織に戻ります。どこをどう直してほしいかを書いてください。",
        "差し戻す",
        "差し戻しました。作成した組織に知らせました。",
        flow.return_document,
    ),
    "pull-back": (
        "引き戻す",
        "提出の前なら、引き戻して直せます。",
        "引き戻す",
        "引き戻しました。直せます。",
        flow.pull_back_document,
    ),
    "withdraw": (
        "取りやめる",
        "このシートを取りやめます。記録は残り、同じ年度のシートを新しく作れるようになります。",
        "取りやめる",
        "取りやめました。",
        flow.withdraw_document,
    ),
}


@requires(Permission.EDIT_SHEET)
def document_move(request: HttpRequest, document_id: UUID, move: str) -> HttpResponse:
    """One of the moves that need a word at most."""
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    found = _MOVES.get(move) or _REASONED.get(move)
    if found is None:
        raise Http404("その操作はありません。")
    title, lead, button, sentence, service = found
    page = writing.document_page(actor, document)
    form = NoteForm(
        request.POST or None,
        initial={"version": document.version},
        may_record_for=move == "check" and page.may_record_for,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        words = {"reason" if move in _REASONED else "note": given["note"]}
        if move == "check":
            words["on_behalf"] = given.get("on_behalf", False)
        answer = _moved(
            request,
            document,
            form,
            lambda: service(actor=actor, document_id=document.pk, version=given["version"], **words),
            sentence,
        )
        if answer:
            return answer
    return _page(request, document, form, title, lead, button)


@requires(Permission.EDIT_SHEET)
def document_decide(request: HttpRequest, document_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    page = writing.document_page(actor, document)
    form = DecisionForm(request.POST or None, initial={"version": document.version}, may_record_for=page.may_record_for)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = _moved(
            request,
            document,
            form,
            lambda: flow.decide_document(
                actor=actor,
                document_id=document.pk,
                version=given["version"],
                facts=DecisionFacts(given["decided_on"], given["document_number"]),
                note=given["note"],
                on_behalf=given.get("on_behalf", False),
            ),
            "決裁を記録しました。提出できます。",
        )
        if answer:
            return answer
    lead = "決裁は、紙やほかのシステムで受けたものをここに記録します。起案用の印刷は、シートの画面から出せます。"
    return _page(request, document, form, "決裁を記録する", lead, "決裁を記録する")


@requires(Permission.EDIT_SHEET)
def document_mend(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    """代理修正: the step that has the sheet mends a chapter, with a reason."""
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    section = next((one for one in SectionKey if one.value == key), None)
    shown = editing.editor(actor, document, section) if section else None
    if shown is None:
        raise Http404("この様式にない章です。")
    form = ChapterForm(request.POST or None, editor=shown, initial={"version": document.version})
    why = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and why.is_valid():
        answer = _moved(
            request,
            document,
            form,
            lambda: flow.mend_document(
                actor=actor,
                document_id=document.pk,
                version=form.cleaned_data["version"],
                key=key,
                edits=form.edits(),
                reason=why.cleaned_data["reason"],
            ),
            "代わりに直しました。作成した組織に知らせました。",
        )
        if answer:
            return answer
    return pages.render(
        request,
        "sheets/document_mend.html",
        {"shown": shown, "form": form, "why": why, "may_act": policies.may_act(actor, document)},
        title=f"代わりに直す（{shown.key.label}）: {writing.document_name(document)}",
        breadcrumbs=trail(document),
        status=422 if form.errors else 200,
    )


@requires(Permission.EDIT_SHEET)
def route_list(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "routes": writing.route_table(writing.routes_of(actor)),
        "may_manage": actor.has_anywhere(Permission.MANAGE_SHEET_ROUTES),
    }
    return pages.render(request, "sheets/route_list.html", context, title="回す経路", breadcrumbs=[LIST, DOCUMENTS])


@requires(Permission.MANAGE_SHEET_ROUTES)
def route_new(request: HttpRequest) -> HttpResponse:
    return _route(request, None)


@requires(Permission.MANAGE_SHEET_ROUTES)
def route_edit(request: HttpRequest, route_id: UUID) -> HttpResponse:
    return _route(request, policies.get_route(request.actor, route_id))  # type: ignore[attr-defined]


def _route(request: HttpRequest, route: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    form = RouteForm(
        request.POST or None,
        own=writing.managed_organisations(actor),
        organisations=writing.step_organisations(actor),
        kinds=writing.step_kind_choices(),
        initial=writing.route_initial(route) if route else {},
    )
    if request.method == "POST" and form.is_valid():
        names = dict(writing.step_organisations(actor))
        try:
            if "end" in request.POST and route:
                routes.end_route(actor=actor, route_id=route.pk, version=form.cleaned_data["version"] or 0)
                messages.success(
                    request, "この経路を使わないことにしました。回っている途中のシートはそのまま進みます。"
                )
            else:
                steps = steps_from_json(
                    [
                        {"kind": kind, "post": post, "organisation_id": at, "organisation_name": names.get(at, "")}
                        for kind, at, post in form.steps()
                        if at
                    ]
                )
                _save_route(actor, form, route, steps)
                messages.success(request, "経路を保存しました。")
            return redirect("sheets:route_list")
        except routes.UnableToSetRoute as refusal:
            form.add_error(None, str(refusal))
    return pages.render(
        request,
        "sheets/route_edit.html",
        {"form": form, "rows": form.rows(), "route": route},
        title="回す経路を決める",
        breadcrumbs=[LIST, DOCUMENTS, ("回す経路", reverse("sheets:route_list"))],
        status=422 if form.errors else 200,
    )


def _save_route(actor: Any, form: RouteForm, route: Any, steps: tuple[Step, ...]) -> None:
    given = form.cleaned_data
    routes.set_route(
        actor=actor,
        organisation_id=UUID(given["organisation_id"]),
        name=given["name"],
        steps=steps,
        route_id=route.pk if route else None,
        version=given["version"] or 0,
    )


@requires(Permission.EDIT_SHEET)
def submission_detail(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    submission = policies.get_submission(actor, submission_id)
    may_correct = policies.may_correct(actor, submission)
    form = CorrectionForm(request.POST or None, choices=submissions.field_choices(submission))
    if request.method == "POST" and form.is_valid():
        try:
            correcting.correct_submission(actor=actor, submission_id=submission.pk, **form.cleaned_data)
        except correcting.UnableToCorrect as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "訂正を記しました。提出したシートはそのままです。")
            return redirect("sheets:submission_detail", submission_id=submission.pk)
    return pages.render(
        request,
        "sheets/submission_detail.html",
        {
            "submission": submission,
            "facts": writing.submission_facts(submission),
            "chapters": submissions.chapters(submission),
            "files": exports.file_table(submission),
            "all_files": exports.has_all_files(submission),
            "corrections": submissions.correction_table(submission),
            "form": form,
            "may_correct": may_correct,
        },
        title=f"提出したシート（第{submission.edition}回）: {submission.region_name}",
        breadcrumbs=trail(submission.document),
        status=422 if form.errors else 200,
    )


@requires(Permission.EDIT_SHEET)
def document_print(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """起案用の印刷: what is to be decided, with room for the decision; A4, black and white."""
    actor = request.actor  # type: ignore[attr-defined]
    document = policies.get_document(actor, document_id)
    return pages.render(
        request,
        "sheets/document_print.html",
        {"page": writing.document_page(actor, document), "chapters": submissions.chapters_of_document(document)},
        title=f"起案用: {writing.document_name(document)}",
        breadcrumbs=trail(document),
    )
