"""Screens of the call, slips, attendance by name, opinions of a written meeting, and documents to keep."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.councils.choices.bodies import Standing
from nimo.community.councils.choices.meetings import ReplyChannel, Stance
from nimo.community.councils.forms.agenda import AttendanceForm, CallForm, GuestForm, OpinionForm, SlipsForm
from nimo.community.councils.policies import meetings as policies
from nimo.community.councils.queries import calls as queries
from nimo.community.councils.queries import documents
from nimo.community.councils.services import calls as services
from nimo.community.councils.services import reading
from nimo.community.councils.views.asking import actor_of, answer_form
from nimo.community.councils.views.meetings import trail_of
from nimo.community.councils.views.minutes import handed
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages

_REFUSALS = (services.UnableToCall,)


@requires(Permission.MANAGE_COUNCILS)
def meeting_call(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = CallForm(request.POST or None, initial=queries.call_initial(meeting))
    return answer_form(
        request,
        form,
        lambda: services.call_meeting(actor=actor, meeting_id=meeting.pk, **form.cleaned_data),
        refusals=_REFUSALS,
        done="招集を記録しました。「書類」から招集通知と回答票を受け取れます。",
        back="councils:meeting_detail",
        arguments=(meeting.pk,),
        title="招集する",
        breadcrumbs=trail_of(meeting),
        button="招集を記録する",
        lead="その日に席に就いている人を招集の名簿に入れます。あとから就いた人は、もう一度招集すると加わります。",
    )


@requires(Permission.MANAGE_COUNCILS)
def meeting_guest(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = GuestForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        services.ask_guest(
            actor=actor,
            meeting_id=meeting.pk,
            name=given["name"],
            affiliation=given["affiliation"],
            standing=Standing(given["standing"]),
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_REFUSALS,
        done="招く人を加えました。",
        back="councils:meeting_replies",
        arguments=(meeting.pk,),
        title="オブザーバー・ゲストを招く",
        breadcrumbs=trail_of(meeting),
    )


def _lines(
    request: HttpRequest, meeting: Any, form: Any, act: Any, *, title: str, lead: str, done: str
) -> HttpResponse:
    """A form with one line a person."""
    if form.people:
        reading.look_at_names(actor=actor_of(request), body=meeting.body, where=title)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except services.UnableToCall as refusal:
            form.add_error(None, str(refusal))
            if isinstance(form, SlipsForm):
                form.meet(queries.people_asked(meeting))
        else:
            messages.success(request, done)
            return redirect("councils:meeting_detail", meeting.pk)
    general = [form[name] for name in ("channel", "count") if name in form.fields]
    return pages.render(
        request,
        "councils/meeting_people.html",
        {"form": form, "rows": form.rows(), "general": general, "lead": lead, "meeting": meeting},
        title=title,
        breadcrumbs=trail_of(meeting),
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_COUNCILS)
def meeting_replies(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Slips that came by FAX, entered together."""
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = SlipsForm(request.POST or None, people=queries.people_asked(meeting))
    return _lines(
        request,
        meeting,
        form,
        lambda: services.enter_replies(
            actor=actor,
            meeting_id=meeting.pk,
            channel=ReplyChannel(form.cleaned_data["channel"]),
            slips=form.slips(),
        ),
        title="出欠の回答を入力する",
        lead="FAXなどで届いた回答票を入力します。変えた行だけが保存されます。",
        done="回答を保存しました。",
    )


@requires(Permission.MANAGE_COUNCILS)
def meeting_attendance(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = AttendanceForm(request.POST or None, people=queries.people_asked(meeting))
    return _lines(
        request,
        meeting,
        form,
        lambda: services.record_attendance(
            actor=actor, meeting_id=meeting.pk, there=form.there(), count=form.cleaned_data["count"]
        ),
        title="当日の出欠を記録する",
        lead="回答票のとおりに来た人は、そのまま保存できます。",
        done="出欠を保存しました。",
    )


@requires(Permission.MANAGE_COUNCILS)
def opinion_add(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    people = queries.people_asked(item.meeting)
    if people:
        reading.look_at_names(actor=actor, body=item.meeting.body, where="書面の意見の入力")
    form = OpinionForm(request.POST or None, people=people)

    def act() -> None:
        given = form.cleaned_data
        services.enter_opinion(
            actor=actor,
            item_id=item.pk,
            attendee_id=UUID(given["attendee"]),
            stance=Stance(given["stance"]),
            text=given["text"],
            channel=ReplyChannel(given["channel"]),
            received_on=given["received_on"],
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_REFUSALS,
        done="意見を入力しました。",
        back="councils:item_detail",
        arguments=(item.pk,),
        title="書面で届いた意見を入力する",
        breadcrumbs=[*trail_of(item.meeting), (item.title, reverse("councils:item_detail", args=[item.pk]))],
        lead="同じ人がもう一度答えたときは、新しいほうが使われます。回答期限日のあとに届いたものには印が付きます。",
    )


@requires(Permission.VIEW_COUNCILS)
def meeting_document(request: HttpRequest, meeting_id: UUID, kind: str) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_meeting(actor, meeting_id)
    try:
        made = documents.document(actor, meeting, kind)
    except documents.UnableToPack as refusal:
        messages.error(request, str(refusal))
        return redirect("councils:meeting_detail", meeting.pk)
    if made.names:
        reading.look_at_names(actor=actor, body=meeting.body, where=made.name)
    return handed(made)
