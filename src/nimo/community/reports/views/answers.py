"""Answers to an assembly: the list, choosing, writing, the sheet on screen and on paper."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nimo.community.reports.forms import AnswerForm, ChoiceForm, ReasonForm, RegionForm, SearchForm, VersionForm
from nimo.community.reports.queries import papers, screens
from nimo.community.reports.services import answers
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.papers.formats.typesetting import UnableToTypeset, typeset
from nimo.foundation.ui import pages


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _crumb() -> tuple[str, str]:
    return ("答弁", reverse("reports:answer_list"))


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


@requires(Permission.WRITE_ANSWER)
@require_safe
def answer_list(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET or None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = screens.answer_list(_actor(request), words=words, number=_number(request))
    return pages.render(request, "reports/answer_list.html", {"form": form, "found": found}, title="答弁用の1枚")


@requires(Permission.WRITE_ANSWER)
def answer_new(request: HttpRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    choice = screens.choices(_actor(request), given.get("region", "")[:12], given.get("q", "").strip()[:80])
    asked = request.GET.getlist("indicator")
    form, refusal = None, ""
    if choice.region is not None:
        form = ChoiceForm(
            request.POST if request.method == "POST" else None,
            indicators=choice.indicators,
            initial={"region": choice.region.code, "indicators": asked},
        )
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            sheet = answers.begin_answer(
                actor=_actor(request),
                region_code=form.cleaned_data["region"],
                indicator_codes=form.cleaned_data["indicators"],
                public_only=form.cleaned_data["public_only"],
            )
        except answers.UnableToBegin as error:
            refusal = str(error)
        else:
            return redirect("reports:answer_edit", sheet.pk)
    context = {"choice": choice, "form": form, "region_form": RegionForm(request.GET or None), "refusal": refusal}
    context["asked"] = "".join(f"&indicator={quote(code)}" for code in asked)
    wrong = bool(refusal or (form is not None and form.errors))
    return pages.render(
        request,
        "reports/answer_new.html",
        context,
        title="答弁用の1枚を作る",
        breadcrumbs=[_crumb()],
        status=422 if wrong else 200,
    )


def _words(cleaned: dict[str, Any]) -> answers.Words:
    return answers.Words(**{name: cleaned[name] for name in cleaned if name != "version"})


@requires(Permission.WRITE_ANSWER)
def answer_edit(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    page = screens.answer_page(_actor(request), answer_id)
    if not page.edit and request.method != "POST":
        messages.info(request, page.edit.reason)
        return redirect("reports:answer_detail", answer_id)
    version = page.version
    initial = {name: getattr(version, name) for name in answers.Words("").as_fields()}
    form = AnswerForm(request.POST or None, initial={**initial, "version": version.number})
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            answers.save_answer(
                actor=_actor(request),
                answer_id=answer_id,
                version=form.cleaned_data["version"],
                words=_words(form.cleaned_data),
            )
        except answers.UnableToSave as error:
            refusal = str(error)
        else:
            messages.success(request, "保存しました。数値は今のものを入れています。")
            return redirect("reports:answer_detail", answer_id)
    return pages.render(
        request,
        "reports/answer_edit.html",
        {"page": page, "form": form, "refusal": refusal},
        title=f"書く: {version.title}",
        breadcrumbs=[_crumb(), (version.title, reverse("reports:answer_detail", args=[answer_id]))],
        status=422 if form.errors or refusal else 200,
    )


def _shown(request: HttpRequest, answer_id: UUID, number: int | None, template: str) -> HttpResponse:
    page = screens.answer_page(_actor(request), answer_id, number)
    crumbs = [_crumb()]
    if number is not None:
        crumbs.append((page.version.title, reverse("reports:answer_detail", args=[answer_id])))
    return pages.render(
        request,
        template,
        {"page": page, "drop_form": ReasonForm()},
        title=page.version.title,
        breadcrumbs=crumbs,
    )


@requires(Permission.WRITE_ANSWER)
@require_safe
def answer_detail(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    return _shown(request, answer_id, None, "reports/answer_detail.html")


@requires(Permission.WRITE_ANSWER)
@require_safe
def answer_version(request: HttpRequest, answer_id: UUID, number: int) -> HttpResponse:
    return _shown(request, answer_id, number, "reports/answer_version.html")


@requires(Permission.WRITE_ANSWER)
@require_safe
def answer_pdf(request: HttpRequest, answer_id: UUID, number: int) -> HttpResponse:
    """The paper of a version; of a confirmed one its kept file is at files:file_download, the very same bytes."""
    _, version, paper = papers.paper(_actor(request), answer_id, number)
    try:
        printed = typeset(paper)
    except UnableToTypeset as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:answer_detail", answer_id)
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    name = quote(f"{version.title}.pdf", safe="")
    response["Content-Disposition"] = f"inline; filename=\"nimo-answer.pdf\"; filename*=UTF-8''{name}"
    return response


@requires(Permission.WRITE_ANSWER)
@require_POST
def answer_confirm(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    form = VersionForm(request.POST)
    try:
        answers.confirm_answer(
            actor=_actor(request), answer_id=answer_id, version=form.cleaned_data["version"] if form.is_valid() else 0
        )
    except answers.UnableToConfirm as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "確定しました。この1枚は「これまでの答弁」として残ります。")
    return redirect("reports:answer_detail", answer_id)


@requires(Permission.WRITE_ANSWER)
@require_POST
def answer_drop(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    try:
        answers.drop_answer(
            actor=_actor(request), answer_id=answer_id, reason=form.cleaned_data["reason"] if form.is_valid() else ""
        )
    except answers.UnableToDrop as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "取りやめました。書いた内容は残っています。")
    return redirect("reports:answer_detail", answer_id)
