"""Collecting the sheets of other bodies: the rounds, how far each body is, reminders, the Excel forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nimo.community.reports.forms import (
    CollectionEditForm,
    CollectionForm,
    ContactForm,
    ExcuseForm,
    PacketForm,
    RemindForm,
)
from nimo.community.reports.queries import bodies, collecting
from nimo.community.reports.services import collections, packets
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _crumb() -> tuple[str, str]:
    return ("シートの提出の依頼", reverse("reports:collection_list"))


@requires(Permission.COLLECT_SHEETS)
@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    found = collecting.collection_list(_actor(request), may_collect=True)
    return pages.render(request, "reports/collection_list.html", {"found": found}, title="シートの提出の依頼")


@requires(Permission.COLLECT_SHEETS)
def collection_new(request: HttpRequest) -> HttpResponse:
    actor = _actor(request)
    form = CollectionForm(request.POST or None, scopes=bodies.scopes(actor))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = collections.begin_collection(
                actor=actor,
                fiscal_year=given["fiscal_year"].year,
                asking=_asking(given),
                region_codes=[one.pk for one in bodies.in_scope(actor, given["scope"])],
            )
        except collections.UnableToCollect as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "用意しました。まだだれにも知らせていません。依頼先を確かめてから依頼してください。"
            )
            return redirect("reports:collection_detail", made.pk)
    return pages.render(
        request,
        "reports/collection_new.html",
        {"form": form},
        title="シートの提出を依頼する",
        breadcrumbs=[_crumb()],
        status=422 if form.errors else 200,
    )


def _asking(given: dict[str, Any]) -> collections.Asking:
    return collections.Asking(
        title=given["title"], due_on=given["due_on"], message=given["message"], contact=given["contact"]
    )


@requires(Permission.COLLECT_SHEETS)
@require_safe
def collection_detail(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    page = collecting.collection_page(_actor(request), collection_id, request.GET.get("show", ""))
    return pages.render(
        request,
        "reports/collection_detail.html",
        {"page": page, "remind_form": RemindForm()},
        title=page.collection.title,
        breadcrumbs=[_crumb()],
    )


@requires(Permission.COLLECT_SHEETS)
@require_safe
def collection_csv(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    return pages.csv_response(collecting.collection_file(_actor(request), collection_id), "nimo-collection")


@requires(Permission.COLLECT_SHEETS)
def collection_edit(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    actor = _actor(request)
    page = collecting.editing_page(actor, collection_id)
    form = CollectionEditForm(request.POST or None, initial=page.initial, bodies=page.bodies)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            collections.change_collection(
                actor=actor,
                collection_id=collection_id,
                version=given["version"],
                asking=_asking(given),
                region_codes=given["targets"],
            )
        except collections.UnableToCollect as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。")
            return redirect("reports:collection_detail", collection_id)
    return pages.render(
        request,
        "reports/collection_edit.html",
        {"form": form, "page": page},
        title=f"直す: {page.collection.title}",
        breadcrumbs=[_crumb(), (page.collection.title, reverse("reports:collection_detail", args=[collection_id]))],
        status=422 if form.errors else 200,
    )


_DONE = {
    "open": "依頼しました。相手のホームに表示されます。",
    "close": "締め切りました。出ていないものは、出ていないまま残ります。",
    "reopen": "受付を開き直しました。",
}


@requires(Permission.COLLECT_SHEETS)
@require_POST
def collection_move(request: HttpRequest, collection_id: UUID, move: str) -> HttpResponse:
    version = request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        collections.move_collection(actor=_actor(request), collection_id=collection_id, version=number, move=move)
    except collections.UnableToCollect as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _DONE[move])
    return redirect("reports:collection_detail", collection_id)


@requires(Permission.COLLECT_SHEETS)
@require_POST
def collection_remind(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    form = RemindForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else request.POST.get("words", "")
    try:
        done = collections.remind(actor=_actor(request), collection_id=collection_id, words=words)
    except collections.UnableToCollect as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:collection_detail", collection_id)
    messages.success(request, f"{done.told}か所に催促を知らせました。")
    if done.outside:
        messages.warning(
            request, f"nimoを使う人がいないため、電話などで知らせてください：{'、'.join(done.outside[:20])}"
        )
    if done.again:
        messages.info(request, f"今日はもう催促したため、知らせていません：{'、'.join(done.again[:20])}")
    return redirect("reports:collection_detail", collection_id)


def _target(request: HttpRequest, target_id: UUID, **wrong: forms.Form) -> HttpResponse:
    page = collecting.target_page(_actor(request), target_id)
    given = {"contact_form": ContactForm(), "excuse_form": ExcuseForm(), "packet_form": PacketForm(), **wrong}
    return pages.render(
        request,
        "reports/target_detail.html",
        {"page": page, **given},
        title=page.target.region_name,
        breadcrumbs=[
            _crumb(),
            (page.collection.title, reverse("reports:collection_detail", args=[page.collection.pk])),
        ],
        status=422 if wrong else 200,
    )


def _done(
    request: HttpRequest, target_id: UUID, name: str, form: forms.Form, act: Callable[[], object], words: str
) -> HttpResponse:
    """The form's act, or the page again with what is wrong beside the field."""
    if form.is_valid():
        try:
            act()
        except (collections.UnableToCollect, packets.UnableToPack) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect("reports:target_detail", target_id)
    return _target(request, target_id, **{name: form})


@requires(Permission.COLLECT_SHEETS)
@require_safe
def target_detail(request: HttpRequest, target_id: UUID) -> HttpResponse:
    return _target(request, target_id)


@requires(Permission.COLLECT_SHEETS)
@require_POST
def target_contact(request: HttpRequest, target_id: UUID) -> HttpResponse:
    form = ContactForm(request.POST)
    return _done(
        request,
        target_id,
        "contact_form",
        form,
        lambda: collections.note_contact(actor=_actor(request), target_id=target_id, words=form.cleaned_data["words"]),
        "記しました。",
    )


@requires(Permission.COLLECT_SHEETS)
@require_POST
def target_excuse(request: HttpRequest, target_id: UUID) -> HttpResponse:
    form = ExcuseForm(request.POST)
    return _done(
        request,
        target_id,
        "excuse_form",
        form,
        lambda: collections.excuse(actor=_actor(request), target_id=target_id, reason=form.cleaned_data["reason"]),
        "保存しました。",
    )


@requires(Permission.COLLECT_SHEETS)
@require_POST
def target_packet(request: HttpRequest, target_id: UUID) -> HttpResponse:
    try:
        packets.make_packet(actor=_actor(request), target_id=target_id)
    except packets.UnableToPack as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "用紙を作りました。受け取って、メールや媒体で渡してください。")
    return redirect("reports:target_detail", target_id)


@requires(Permission.COLLECT_SHEETS)
@require_POST
def target_return(request: HttpRequest, target_id: UUID) -> HttpResponse:
    form = PacketForm(request.POST, request.FILES)
    return _done(
        request,
        target_id,
        "packet_form",
        form,
        lambda: packets.take_back(actor=_actor(request), target_id=target_id, content=form.cleaned_data["file"]),
        "受け取りました。読み取りが終わったら、内容を確かめて確定してください。",
    )
