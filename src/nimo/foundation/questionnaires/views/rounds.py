"""A round: planned, opened, watched, reminded of, closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.choices import AnswerRule, Identity, RespondentUnit, RoundState, VersionState
from nimo.foundation.questionnaires.forms.rounds import RoundForm
from nimo.foundation.questionnaires.queries import rounds as queries
from nimo.foundation.questionnaires.queries import tables
from nimo.foundation.questionnaires.rules.flow import DEFAULT_DAYS
from nimo.foundation.questionnaires.services import rounds
from nimo.foundation.questionnaires.views.asking import LIST, actor_of, done_or_refused, page_number, version_of
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Tab

MANAGE = Permission.MANAGE_QUESTIONNAIRES


def above(round_: policies.Round, *, inside: bool = True) -> list[tuple[str, str]]:
    form = round_.form_version.form
    crumbs = [LIST, (form.title, reverse("questionnaires:form_detail", args=[form.pk]))]
    if inside:
        crumbs.append((round_.title, reverse("questionnaires:round_detail", args=[round_.pk])))
    return crumbs


@requires(MANAGE)
def round_create(request: HttpRequest, version_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    initial = {
        "title": version.form.title,
        "opens_on": actor.today,
        "due_on": actor.today + timedelta(days=DEFAULT_DAYS),
        "unit": RespondentUnit.ORGANISATION,
        "identity": Identity.NAMED,
        "answer_rule": AnswerRule.EDITABLE,
    }
    form = RoundForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            made = rounds.plan_round(actor=actor, version_id=version_id, plan=form.plan())
        except rounds.UnableToDistribute as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "回を用意しました。次に、配る相手を選んでください。")
            return redirect("questionnaires:round_invite", round_id=made.pk)
    crumbs = [
        LIST,
        (version.form.title, reverse("questionnaires:form_detail", args=[version.form_id])),
        (f"第{version.number}版", reverse("questionnaires:version_detail", args=[version_id])),
    ]
    context = {
        "form": form,
        "usable": version.state == VersionState.PUBLISHED,
        "back": reverse("questionnaires:version_detail", args=[version_id]),
        "button": "用意して、相手を選ぶ",
    }
    return pages.render(
        request,
        "questionnaires/round_form.html",
        context,
        title="回を作る",
        breadcrumbs=crumbs,
        status=422 if form.errors else 200,
    )


@requires(MANAGE)
def round_edit(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    names = [
        "title",
        "opens_on",
        "due_on",
        "unit",
        "identity",
        "answer_rule",
        "link_allowed",
        "small_numbers",
        "message",
        "contact",
        "version",
    ]
    form = RoundForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if form.is_valid():
        try:
            rounds.change_round(
                actor=actor, round_id=round_id, version=form.cleaned_data["version"] or 0, plan=form.plan()
            )
        except rounds.UnableToDistribute as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。")
            return redirect("questionnaires:round_detail", round_id=round_id)
    context = {
        "form": form,
        "usable": True,
        "back": reverse("questionnaires:round_detail", args=[round_id]),
        "button": "保存する",
    }
    return pages.render(
        request,
        "questionnaires/round_form.html",
        context,
        title="回の内容を直す",
        breadcrumbs=above(found),
        status=422 if form.errors else 200,
    )


@requires(MANAGE)
def round_detail(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    waiting_only = request.GET.get("which") == "waiting"
    progress = queries.progress(found)
    page, rows = queries.invitation_page(found, page_number(request), waiting_only=waiting_only)
    here = reverse("questionnaires:round_detail", args=[round_id])
    is_open = found.state == RoundState.OPEN
    context = {
        "round": found,
        "progress": progress,
        "is_planned": found.state == RoundState.PLANNED,
        "is_open": is_open,
        "is_closed": found.state == RoundState.CLOSED,
        "overdue": is_open and actor.today > found.due_on,
        "opened_later": is_open and actor.today < found.opens_on,
        "results": policies.may_see_results(actor, found),
        "facts": [
            ("状態", found.get_state_display()),
            ("受付の始まり", tables.day(found.opens_on)),
            ("回答の期限", tables.day(found.due_on)),
            ("記名・無記名", found.get_identity_display()),
            ("答える単位", found.get_unit_display()),
            ("出したあとの直し", found.get_answer_rule_display()),
            ("ログインしないリンク", "使える" if found.link_allowed else "使わない"),
            ("問い合わせ先", found.contact),
        ],
        "invitations": tables.invitations(rows, anonymous=found.is_anonymous, may_enter=is_open),
        "page": page,
        "tabs": [
            Tab("すべて", here, current=not waiting_only, count=progress.invited),
            Tab("未回答", f"{here}?which=waiting", current=waiting_only, count=progress.waiting),
        ],
        "reminded_today": found.last_reminded_on == actor.today,
    }
    return pages.render(
        request,
        "questionnaires/round_detail.html",
        context,
        title=found.title,
        breadcrumbs=above(found, inside=False),
    )


@requires(MANAGE)
@require_POST
def round_open(request: HttpRequest, round_id: UUID) -> HttpResponse:
    return done_or_refused(
        request,
        lambda: rounds.open_round(actor=actor_of(request), round_id=round_id, version=version_of(request)),
        rounds.UnableToDistribute,
        "受付を始めました。このシステムを使う相手には、お知らせを送りました。",
        "questionnaires:round_detail",
        round_id,
    )


@requires(MANAGE)
def round_close(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Asks once more: a closed round takes no answer, also not on paper."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    if request.method == "POST":
        return done_or_refused(
            request,
            lambda: rounds.close_round(actor=actor, round_id=round_id, version=version_of(request)),
            rounds.UnableToDistribute,
            "締め切りました。集計が見られます。",
            "questionnaires:round_detail",
            round_id,
        )
    context = {
        "round": found,
        "progress": queries.progress(found),
        "back": reverse("questionnaires:round_detail", args=[round_id]),
        "is_open": found.state == RoundState.OPEN,
    }
    return pages.render(request, "questionnaires/round_close.html", context, title="締め切る", breadcrumbs=above(found))


@requires(MANAGE)
@require_POST
def round_remind(request: HttpRequest, round_id: UUID) -> HttpResponse:
    try:
        reminded = rounds.remind(actor=actor_of(request), round_id=round_id)
    except rounds.UnableToDistribute as refusal:
        messages.error(request, str(refusal))
    else:
        text = f"未回答の相手のうち、このシステムを使う {reminded.told} 人にお知らせを送りました。"
        if reminded.letters:
            text += f"ほかの {reminded.letters} 件には、案内文を印刷して送ってください。"
        messages.success(request, text)
    return redirect("questionnaires:round_detail", round_id=round_id)
