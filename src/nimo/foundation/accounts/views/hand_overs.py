"""1 April: who takes over from whom, what goes over, and one button."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.choices import HandOverState
from nimo.foundation.accounts.forms import users as forms
from nimo.foundation.accounts.policies import get_user
from nimo.foundation.accounts.queries.hand_overs import hand_over_list as listed
from nimo.foundation.accounts.queries.hand_overs import (
    hand_over_preview,
    hand_over_roles,
    one_hand_over,
    successor_choices,
)
from nimo.foundation.accounts.services.hand_overs import UnableToHandOver, cancel_hand_over, hand_over
from nimo.foundation.accounts.views import showing
from nimo.foundation.accounts.views.asking import actor_of, done_or_refused
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import Step
from nimo.foundation.ui.components.tables import Cell, Column, Table

TONES = {
    HandOverState.SCHEDULED: "info",
    HandOverState.APPLIED: "success",
    HandOverState.CANCELLED: "neutral",
}
STEPS = ["後任と日を決める", "移るものを確かめる", "引き継ぐ"]


def above(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("利用者", reverse("accounts:user_list")), ("引き継ぎ", reverse("accounts:hand_over_list")), *more]


@requires(Permission.HAND_OVER)
def hand_over_list(request: HttpRequest) -> HttpResponse:
    table = Table(
        id="hand-overs",
        caption="引き継ぎ（予定のものが先、新しい順）",
        columns=[
            Column("day", "引き継ぎの日", is_row_header=True),
            Column("who", "前任から後任へ"),
            Column("state", "状態"),
        ],
        rows=[
            {
                "day": Cell(
                    showing.day(each.effective_on) or "", href=reverse("accounts:hand_over_detail", args=[each.pk])
                ),
                "who": f"{each.predecessor.name}さんから{each.successor.name}さんへ",
                "state": Cell(each.get_state_display(), tone=TONES[HandOverState(each.state)]),
            }
            for each in listed(actor_of(request))
        ],
        empty=EmptyState(
            "引き継ぎはまだありません",
            "異動が決まったら、前任の方の画面で「後任に引き継ぐ」を選びます。4月1日の分も、前もって登録できます。",
            "利用者の一覧へ",
            reverse("accounts:user_list"),
        ),
    )
    return pages.render(
        request, "accounts/hand_over_list.html", {"table": table}, title="引き継ぎ", breadcrumbs=above()[:1]
    )


@requires(Permission.HAND_OVER)
def hand_over_new(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """GET: successor and day. POST: shows what would go over. POST with `confirm`: does it."""
    actor = actor_of(request)
    try:
        predecessor = get_user(actor, user_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    next_first_of_april = FiscalYear.of(actor.today).next.start
    roles, _ = hand_over_roles(actor, user_id, actor.today)
    form = forms.HandOverForm(
        request.POST or None,
        successors=successor_choices(actor, user_id),
        memberships=[(str(m.pk), f"{m.organisation.name} {Role(m.role).label}") for m in roles],
        initial={"effective_on": next_first_of_april},
    )
    preview = None
    if form.is_valid():
        given = form.cleaned_data
        successor_id = UUID(given["successor"])
        if "confirm" in request.POST:
            try:
                planned = hand_over(
                    actor=actor,
                    predecessor_id=user_id,
                    successor_id=successor_id,
                    effective_on=given["effective_on"],
                    membership_ids=[UUID(each) for each in given.get("memberships", [])],
                    reason=given["reason"],
                )
            except UnableToHandOver as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _said(planned))
                return redirect("accounts:hand_over_detail", planned.pk)
        else:
            preview = _preview(actor, user_id, successor_id, given)
    return pages.render(
        request,
        "accounts/hand_over_new.html",
        {
            "form": form,
            "predecessor": predecessor,
            "preview": preview,
            "steps": [Step(label) for label in STEPS],
            "current": 2 if preview else 1,
            "at_once": preview is not None and form.cleaned_data["effective_on"] <= actor.today,
        },
        title=f"{predecessor.name}さんの仕事を後任に引き継ぐ",
        breadcrumbs=above(),
    )


def _preview(actor: Any, user_id: UUID, successor_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    found = hand_over_preview(actor, user_id, successor_id, given["effective_on"])
    chosen = set(given.get("memberships", []))
    return {
        "successor": get_user(actor, successor_id),
        "day": showing.day(given["effective_on"]),
        "roles": [f"{m.organisation.name} {Role(m.role).label}" for m in found.roles if str(m.pk) in chosen],
        "stays": [
            *(
                f"{m.organisation.name} {Role(m.role).label}（選んでいません）"
                for m in found.roles
                if str(m.pk) not in chosen
            ),
            *(f"{m.organisation.name} {Role(m.role).label}（{reason}）" for m, reason in found.stays),
        ],
        "work": [Definition(label, f"{count}件") for label, count in found.work],
    }


def _said(planned: Any) -> str:
    if planned.state == HandOverState.APPLIED:
        return "引き継ぎました。前任の方のログインは、すべて終わりました。"
    return f"引き継ぎを登録しました。{showing.day(planned.effective_on)}の0時に役割が移ります。"


@requires(Permission.HAND_OVER)
def hand_over_detail(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    try:
        shown = one_hand_over(actor_of(request), hand_over_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    planned = shown.hand_over
    return pages.render(
        request,
        "accounts/hand_over_detail.html",
        {
            "planned": planned,
            "facts": [
                Definition(
                    "前任",
                    planned.predecessor.name,
                    href=reverse("accounts:user_detail", args=[planned.predecessor_id]),
                ),
                Definition(
                    "後任", planned.successor.name, href=reverse("accounts:user_detail", args=[planned.successor_id])
                ),
                Definition("引き継ぎの日", showing.day(planned.effective_on)),
                Definition("状態", planned.get_state_display()),
                Definition("理由", planned.reason or None),
            ],
            "roles": shown.roles,
            "moved": [Definition(label, f"{count}件") for label, count in shown.moved],
            "cancellable": planned.state == HandOverState.SCHEDULED and planned.effective_on > actor_of(request).today,
            "applied": planned.state == HandOverState.APPLIED,
            "reason_form": forms.ReasonForm(),
        },
        title="引き継ぎの内容",
        breadcrumbs=above(),
    )


@requires(Permission.HAND_OVER)
@require_POST
def hand_over_cancel(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return done_or_refused(
        request,
        lambda: cancel_hand_over(actor=actor_of(request), hand_over_id=hand_over_id, reason=reason),
        UnableToHandOver,
        "引き継ぎを取りやめました。役割は登録する前に戻りました。",
        "accounts:hand_over_detail",
        hand_over_id,
    )
