"""Screens of meetings: the list of a body, recording, planning, one meeting, cancelling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.councils.forms.meetings import CancelForm, FilterForm, HeldForm, PlannedForm
from nimo.community.councils.policies import bodies as body_policies
from nimo.community.councils.policies import meetings as policies
from nimo.community.councils.queries import documents, items
from nimo.community.councils.queries import meetings as queries
from nimo.community.councils.services import meetings as services
from nimo.community.councils.services import reading
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


def trail_of_body(body: Any) -> list[tuple[str, str]]:
    """The way back from a page under a body."""
    return [
        ("協議の場", reverse("councils:body_list")),
        (body.name, reverse("councils:body_detail", args=[body.pk])),
        ("会議", reverse("councils:meeting_list", args=[body.pk])),
    ]


def trail_of(meeting: Any) -> list[tuple[str, str]]:
    """The way back from a page under a meeting."""
    return [*trail_of_body(meeting.body), (meeting.title, reverse("councils:meeting_detail", args=[meeting.pk]))]


@requires(Permission.VIEW_COUNCILS)
def meeting_list(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    body = body_policies.get_body(actor, body_id)
    form = FilterForm(request.GET or None, years=queries.year_choices(actor, body))
    given = form.cleaned_data if form.is_valid() else {}
    wanted = queries.Wanted(
        int(given["fiscal_year"]) if given.get("fiscal_year") else None, given.get("state", ""), given.get("way", "")
    )
    page = Paginator(queries.meetings_of(actor, body, wanted), 50).get_page(request.GET.get("page"))
    keeper = body_policies.manages(actor, body)
    new = reverse("councils:meeting_record", args=[body.pk]) if keeper else ""
    table = queries.meeting_table(list(page), near=body_policies.sees_names(actor, body), href=new)
    return pages.render(
        request,
        "councils/meeting_list.html",
        {
            "body": body,
            "form": form,
            "table": table,
            "page": page,
            "keeper": keeper,
            "near": body_policies.sees_names(actor, body),
            "year": FiscalYear.of(actor.today),
            "waiting": items.waiting_referrals(body) if keeper else None,
        },
        title=f"会議：{body.name}",
        breadcrumbs=trail_of_body(body)[:2],
    )


@requires(Permission.MANAGE_COUNCILS)
def meeting_record(request: HttpRequest, body_id: UUID) -> HttpResponse:
    """The minimum on one form."""
    actor = request.actor  # type: ignore[attr-defined]
    body = body_policies.get_managed_body(actor, body_id)
    form = HeldForm(request.POST or None, hats=queries.hat_choices(body))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = services.record_meeting(
                actor=actor,
                body_id=body.pk,
                facts=form.facts(),
                counts=form.counts(),
                again=form.cleaned_data["again"],
                regulation_read=form.cleaned_data["regulation_read"],
            )
        except services.UnableToRecordMeeting as refusal:
            _say(form, refusal)
        else:
            counted = (
                "開催回数と参加者数に入りました。"
                if body.counts_as_council
                else "協議の場として数えない会議体のため、開催回数には入りません。"
            )
            messages.success(request, f"会議を記録しました。{counted}")
            return redirect("councils:meeting_detail", meeting_id=meeting.pk)
    return pages.render(
        request,
        "councils/meeting_record.html",
        {"form": form, "body": body},
        title="開いた会議を記録する",
        breadcrumbs=trail_of_body(body),
        status=422 if form.errors else 200,
    )


def _say(form: Any, refusal: services.UnableToRecordMeeting) -> None:
    form.add_error(None, str(refusal))
    if refusal.double:
        form.ask_again()
    if refusal.regulation:
        form.ask_regulation()


@requires(Permission.MANAGE_COUNCILS)
def meeting_plan(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    body = body_policies.get_managed_body(actor, body_id)
    form = PlannedForm(request.POST or None, hats=queries.hat_choices(body))
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["fiscal_year"]
        try:
            meeting = services.plan_meeting(
                actor=actor,
                body_id=body.pk,
                facts=form.facts(),
                fiscal_year=year.year if year else None,
                regulation_read=form.cleaned_data["regulation_read"],
            )
        except services.UnableToRecordMeeting as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "予定に入れました。次は、議題を加え、招集の準備をします。")
            return redirect("councils:meeting_detail", meeting_id=meeting.pk)
    return pages.render(
        request,
        "councils/meeting_plan.html",
        {"form": form, "body": body},
        title="会議を予定に入れる",
        breadcrumbs=trail_of_body(body),
        status=422 if form.errors else 200,
    )


@requires(Permission.VIEW_COUNCILS)
def meeting_detail(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    meeting = policies.get_meeting(actor, meeting_id)
    page = queries.meeting_page(actor, meeting)
    if page.people is not None:
        reading.look_at_names(actor=actor, body=meeting.body, where="会議の出欠")
    return pages.render(
        request,
        "councils/meeting_detail.html",
        {"page": page, "kinds": documents.kinds_for(actor, meeting)},
        title=f"{meeting.title}：{meeting.body.name}",
        breadcrumbs=trail_of_body(meeting.body),
    )


@requires(Permission.MANAGE_COUNCILS)
def meeting_hold(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Says that a planned meeting was held, or mends a held one."""
    actor = request.actor  # type: ignore[attr-defined]
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = HeldForm(request.POST or None, hats=queries.hat_choices(meeting.body), initial=queries.held_initial(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            services.hold_meeting(
                actor=actor,
                meeting_id=meeting.pk,
                version=form.cleaned_data["version"] or 0,
                facts=form.facts(),
                counts=form.counts(),
                regulation_read=form.cleaned_data["regulation_read"],
            )
        except services.UnableToRecordMeeting as refusal:
            _say(form, refusal)
        else:
            messages.success(request, "開催の記録を保存しました。")
            return redirect("councils:meeting_detail", meeting_id=meeting.pk)
    return pages.render(
        request,
        "councils/meeting_record.html",
        {"form": form, "body": meeting.body},
        title="開催を記録する",
        breadcrumbs=trail_of(meeting),
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_COUNCILS)
def meeting_cancel(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = CancelForm(request.POST or None, initial={"version": meeting.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_meeting(actor=actor, meeting_id=meeting.pk, **form.cleaned_data)
        except services.UnableToRecordMeeting as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "中止にしました。開催回数には数えません。")
            return redirect("councils:meeting_detail", meeting_id=meeting.pk)
    return pages.render(
        request,
        "councils/meeting_cancel.html",
        {"form": form, "meeting": meeting},
        title="会議を中止にする",
        breadcrumbs=trail_of(meeting),
        status=422 if form.errors else 200,
    )
