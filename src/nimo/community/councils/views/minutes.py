"""Screens of minutes: writing with a guard, reading in a rendition, approval, correction, publication, the public page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.councils.forms.agenda import ApproveForm, CorrectionForm, MinuteForm, NothingForm, ReasonForm
from nimo.community.councils.policies import meetings as policies
from nimo.community.councils.queries import documents, items, renditions
from nimo.community.councils.rules.renditions import Audience
from nimo.community.councils.services import minutes as services
from nimo.community.councils.views.asking import actor_of, answer_form
from nimo.community.councils.views.meetings import trail_of
from nimo.foundation.access.decorators import public, requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages

_REFUSALS = (services.UnableToWriteMinutes,)


@requires(Permission.MANAGE_COUNCILS)
def minute_edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item's record. When somebody saved meanwhile both texts stand on the page and nothing is lost."""
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    form = MinuteForm(request.POST or None, initial=items.minute_initial(item))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            services.save_minute(actor=actor, item_id=item.pk, **form.cleaned_data)
        except services.UnableToWriteMinutes as refusal:
            form.add_error(None, str(refusal))
            conflict = refusal.current
            if conflict is not None:
                form.data = {**request.POST.dict(), "version": str(conflict.version)}  # type: ignore[assignment]
        else:
            messages.success(request, "保存しました。")
            return redirect("councils:item_detail", item.pk)
    return pages.render(
        request,
        "councils/minute_edit.html",
        {"form": form, "item": item, "conflict": conflict},
        title=f"議題{item.position}の記録を書く",
        breadcrumbs=[*trail_of(item.meeting), (item.title, reverse("councils:item_detail", args=[item.pk]))],
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_COUNCILS)
def minute_correct(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    form = CorrectionForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.correct_minute(actor=actor, item_id=item.pk, **form.given()),
        refusals=_REFUSALS,
        done="訂正を記しました。確定した記録はそのままです。",
        back="councils:item_detail",
        arguments=(item.pk,),
        title="訂正を記す",
        breadcrumbs=trail_of(item.meeting),
        button="訂正を記す",
        lead="確定した議事録は書き換えません。誤った記載と正しい記載を、となりに残します。",
    )


def _asked(request: HttpRequest, most: Audience) -> Audience:
    """The rendition the reader asks for, at most what is open to them."""
    wanted = {"public": Audience.PUBLIC, "members": Audience.MEMBERS}.get(request.GET.get("for", ""), most)
    return min(wanted, most)


@requires(Permission.VIEW_COUNCILS)
def minutes_detail(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes in the reader's rendition; a draft only for the secretariat."""
    actor = actor_of(request)
    meeting = policies.get_meeting(actor, meeting_id)
    page = documents.minutes_page(actor, meeting, _asked(request, policies.audience_of(actor, meeting.body)))
    return pages.render(
        request,
        "councils/minutes_detail.html",
        {"page": page, "meeting": meeting},
        title=f"議事録：{meeting.title}",
        breadcrumbs=trail_of(meeting),
    )


@requires(Permission.MANAGE_COUNCILS)
def minutes_approve(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    minutes = renditions.minutes_of(meeting)
    form = ApproveForm(request.POST or None, initial={"version": minutes.version if minutes else 0})
    return answer_form(
        request,
        form,
        lambda: services.approve_minutes(actor=actor, meeting_id=meeting.pk, **form.cleaned_data),
        refusals=_REFUSALS,
        done="議事録を確定しました。これからの直しは、訂正として残します。",
        back="councils:minutes_detail",
        arguments=(meeting.pk,),
        title="議事録を確定する",
        breadcrumbs=trail_of(meeting),
        button="確定する",
        lead="確定すると、記録は書き換えられません。決裁が要るときは、議事録の案を印刷して決裁を受けてから確定します。",
    )


@requires(Permission.MANAGE_COUNCILS)
def minutes_publish(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    return answer_form(
        request,
        NothingForm(request.POST or None),
        lambda: services.publish_minutes(actor=actor, meeting_id=meeting.pk),
        refusals=_REFUSALS,
        done="公開用の議事録を公開しました。",
        back="councils:minutes_detail",
        arguments=(meeting.pk,),
        title="議事録を公開する",
        breadcrumbs=trail_of(meeting),
        button="公開する",
        lead="公開用の議事録だけが、だれでも見られるようになります。公開用を開いて、もう一度読んでから公開してください。",
    )


@requires(Permission.MANAGE_COUNCILS)
def minutes_withdraw(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = ReasonForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.withdraw_minutes(actor=actor, meeting_id=meeting.pk, **form.cleaned_data),
        refusals=_REFUSALS,
        done="公開をやめました。",
        back="councils:minutes_detail",
        arguments=(meeting.pk,),
        title="議事録の公開をやめる",
        breadcrumbs=trail_of(meeting),
        button="公開をやめる",
    )


@public(reason="minutes of a public council that its secretariat approved and published, in the public rendition")
def minutes_public(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = policies.get_published_minutes(meeting_id).meeting
    return pages.render(
        request,
        "councils/minutes_public.html",
        {"lines": documents.public_lines(meeting), "meeting": meeting},
        title=f"{meeting.body.name} {meeting.title} 議事録",
        breadcrumbs=[],
    )


@public(reason="the same public rendition as a Word file")
def minutes_public_file(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    meeting = policies.get_published_minutes(meeting_id).meeting
    return handed(documents.public_file(meeting))


def handed(made: Any) -> HttpResponse:
    """A document to keep."""
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{made.quoted_name}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
