"""Screens of agenda items: facts, papers, decisions, what is raised; classification of a year."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.councils.choices.meetings import Confidentiality, DecisionState, ReferralState
from nimo.community.councils.forms.agenda import (
    ClassifyForm,
    CloseDecisionForm,
    DecisionForm,
    ItemForm,
    NothingForm,
    PaperForm,
    ReadingForm,
    ReferralAnswerForm,
    ReferralForm,
)
from nimo.community.councils.policies import bodies as body_policies
from nimo.community.councils.policies import meetings as policies
from nimo.community.councils.queries import items as queries
from nimo.community.councils.services import agenda, decisions
from nimo.community.councils.views.asking import actor_of, answer_form
from nimo.community.councils.views.meetings import trail_of, trail_of_body
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.files.policies import FileNotAvailable
from nimo.foundation.files.services import hand_out
from nimo.foundation.ui import pages

_AGENDA = (agenda.UnableToChangeAgenda,)
_DECIDING = (decisions.UnableToDecide,)


def _trail(item: Any) -> list[tuple[str, str]]:
    return [*trail_of(item.meeting), (f"議題{item.position}", reverse("councils:item_detail", args=[item.pk]))]


@requires(Permission.MANAGE_COUNCILS)
def item_add(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    meeting = policies.get_managed_meeting(actor, meeting_id)
    form = ItemForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: agenda.put_item(
            actor=actor, meeting_id=meeting.pk, facts=form.facts(), names_read=form.cleaned_data["names_read"]
        ),
        refusals=_AGENDA,
        done="議題を加えました。",
        back="councils:meeting_detail",
        arguments=(meeting.pk,),
        title="議題を加える",
        breadcrumbs=trail_of(meeting),
    )


@requires(Permission.MANAGE_COUNCILS)
def item_detail(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Everything of one item, for the secretariat."""
    item = policies.get_managed_item(actor_of(request), item_id)
    return pages.render(
        request,
        "councils/item_detail.html",
        {"page": queries.item_page(item)},
        title=f"議題{item.position}：{item.title}",
        breadcrumbs=trail_of(item.meeting),
    )


@requires(Permission.MANAGE_COUNCILS)
def item_edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    form = ItemForm(request.POST or None, initial=queries.item_initial(item))
    return answer_form(
        request,
        form,
        lambda: agenda.put_item(
            actor=actor,
            meeting_id=item.meeting_id,
            item_id=item.pk,
            version=form.cleaned_data["version"] or 0,
            facts=form.facts(),
            names_read=form.cleaned_data["names_read"],
        ),
        refusals=_AGENDA,
        done="議題を直しました。",
        back="councils:item_detail",
        arguments=(item.pk,),
        title="議題を直す",
        breadcrumbs=_trail(item),
    )


@requires(Permission.MANAGE_COUNCILS)
def item_remove(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    return answer_form(
        request,
        NothingForm(request.POST or None),
        lambda: agenda.remove_item(actor=actor, item_id=item.pk),
        refusals=_AGENDA,
        done="議題を消しました。",
        back="councils:meeting_detail",
        arguments=(item.meeting_id,),
        title="議題を消す",
        breadcrumbs=_trail(item),
        button="消す",
        lead=f"議題{item.position}「{item.title}」を消します。記録や資料のある議題は消せません。",
    )


@requires(Permission.MANAGE_COUNCILS)
def paper_add(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    form = PaperForm(request.POST or None, request.FILES or None, initial={"confidentiality": item.confidentiality})

    def act() -> None:
        given = form.cleaned_data
        furigana = given["furigana"]
        agenda.add_paper(
            actor=actor,
            item_id=item.pk,
            title=given["title"],
            name=given["file"].name,
            content=given["file"].read(),
            confidentiality=Confidentiality(given["confidentiality"]),
            furigana=(furigana.name, furigana.read()) if furigana else None,
            names_read=given["names_read"],
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_AGENDA,
        done="資料を加えました。",
        back="councils:item_detail",
        arguments=(item.pk,),
        title="資料を加える",
        breadcrumbs=_trail(item),
    )


@requires(Permission.VIEW_COUNCILS)
def paper_download(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """A paper for whom it is open: members of other offices have no right to files in general."""
    actor = actor_of(request)
    file_id = queries.file_of(actor, paper_id, furigana="furigana" in request.GET)
    try:
        file, content = hand_out(actor=actor, file_id=file_id)
    except FileNotAvailable:
        raise Http404("資料が見つかりません。") from None
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")
    answer["Cache-Control"] = "no-store, private"
    return answer  # type: ignore[return-value]


@requires(Permission.MANAGE_COUNCILS)
def reading_set(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = body_policies.get_managed_body(actor, body_id)
    form = ReadingForm(request.POST or None)
    known = queries.readings_of(body)
    return answer_form(
        request,
        form,
        lambda: agenda.set_reading(actor=actor, body_id=body.pk, **form.cleaned_data),
        refusals=_AGENDA,
        done="よみを登録しました。",
        back="councils:reading_set",
        arguments=(body.pk,),
        title="ふりがなのよみ",
        breadcrumbs=trail_of_body(body),
        lead=f"ふりがな付きの次第・議事録に使います。よみは推測しません。いま登録しているよみ：{known}",
    )


@requires(Permission.MANAGE_COUNCILS)
def decision_add(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    form = DecisionForm(
        request.POST or None,
        owners=queries.owner_choices(actor, item.meeting.body),
        initial={"confidentiality": item.confidentiality},
    )
    return answer_form(
        request,
        form,
        lambda: decisions.record_decision(actor=actor, item_id=item.pk, facts=form.facts()),
        refusals=_DECIDING,
        done="記録しました。",
        back="councils:item_detail",
        arguments=(item.pk,),
        title="決定・宿題を記録する",
        breadcrumbs=_trail(item),
    )


@requires(Permission.MANAGE_COUNCILS)
def decision_close(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    decision = policies.get_managed_decision(actor, decision_id)
    form = CloseDecisionForm(request.POST or None, initial={"version": decision.version})

    def act() -> None:
        given = form.cleaned_data
        decisions.close_decision(
            actor=actor,
            decision_id=decision.pk,
            version=given["version"],
            state=DecisionState(given["state"]),
            outcome=given["outcome"],
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_DECIDING,
        done="結果を記録しました。",
        back="councils:item_detail",
        arguments=(decision.item_id,),
        title="決定の結果を記録する",
        breadcrumbs=_trail(decision.item),
        lead=decision.text,
    )


@requires(Permission.MANAGE_COUNCILS)
def item_raise(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    item = policies.get_managed_item(actor, item_id)
    form = ReferralForm(request.POST or None, bodies=queries.body_choices(actor, item.meeting.body))
    return answer_form(
        request,
        form,
        lambda: decisions.raise_item(
            actor=actor,
            item_id=item.pk,
            to_body_id=UUID(form.cleaned_data["to_body"]),
            summary=form.cleaned_data["summary"],
        ),
        refusals=_DECIDING,
        done="上げました。返事はこの議題に表示されます。",
        back="councils:item_detail",
        arguments=(item.pk,),
        title="ほかの会議体に上げる",
        breadcrumbs=_trail(item),
        lead="個人の名前は書かないでください。上げた先の事務局に見えます。",
    )


@requires(Permission.MANAGE_COUNCILS)
def referral_answer(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    referral = policies.get_received_referral(actor, referral_id)
    form = ReferralAnswerForm(request.POST or None, initial={"version": referral.version})

    def act() -> None:
        given = form.cleaned_data
        decisions.answer_referral(
            actor=actor,
            referral_id=referral.pk,
            version=given["version"],
            state=ReferralState(given["state"]),
            answer=given["answer"],
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_DECIDING,
        done="返事を記録しました。上げた会議体に表示されます。",
        back="councils:meeting_list",
        arguments=(referral.to_body_id,),
        title="上げられた議題に返事をする",
        breadcrumbs=trail_of_body(referral.to_body),
        lead=f"{referral.item.meeting.body.name}から：{referral.summary}",
    )


@requires(Permission.MANAGE_COUNCILS)
def item_classify(request: HttpRequest, body_id: UUID, fiscal_year: int) -> HttpResponse:
    """Axis and origin of all items of a year on one screen."""
    actor = actor_of(request)
    body = body_policies.get_managed_body(actor, body_id)
    form = ClassifyForm(request.POST or None, items=queries.items_of_year(body, fiscal_year))
    if request.method == "POST" and form.is_valid():
        try:
            changed = agenda.classify(actor=actor, body_id=body.pk, fiscal_year=fiscal_year, said=form.said())
        except agenda.UnableToChangeAgenda as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{changed}件の議題に付けました。")
            return redirect("councils:year_detail", body.pk, fiscal_year)
    return pages.render(
        request,
        "councils/item_classify.html",
        {"form": form, "rows": form.rows()},
        title=f"議題の軸と起点をまとめて付ける（{FiscalYear(fiscal_year).label}）",
        breadcrumbs=trail_of_body(body),
        status=422 if form.errors else 200,
    )
