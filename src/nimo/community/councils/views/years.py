"""Screens of a body's year: plan against done, and the look back (協議の場のふりかえり)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from nimo.community.councils.choices.meetings import ReviewDecision
from nimo.community.councils.forms.agenda import NothingForm
from nimo.community.councils.forms.years import PlanLineForm, PlanTieForm, ReviewDecisionForm, ReviewForm
from nimo.community.councils.policies import bodies as policies
from nimo.community.councils.policies import years as year_policies
from nimo.community.councils.queries import years as queries
from nimo.community.councils.services import years as services
from nimo.community.councils.views.asking import actor_of, answer_form
from nimo.community.councils.views.meetings import trail_of_body
from nimo.core.fiscal import FIRST_YEAR, LAST_YEAR, FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages

_REFUSALS = (services.UnableToPlan,)


def _year(number: int) -> FiscalYear:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Http404("年度が見つかりません。")
    return FiscalYear(number)


def _trail(body: Any, year: int) -> list[tuple[str, str]]:
    return [
        *trail_of_body(body),
        (_year(year).label, reverse("councils:year_detail", args=[body.pk, year])),
    ]


@requires(Permission.VIEW_COUNCILS)
def year_detail(request: HttpRequest, body_id: UUID, fiscal_year: int) -> HttpResponse:
    """For those who are near: the facts speak of absences and of who took part."""
    actor = actor_of(request)
    body = policies.get_named_body(actor, body_id)
    year = _year(fiscal_year)
    keeper = policies.manages(actor, body)
    return pages.render(
        request,
        "councils/year_detail.html",
        {"page": queries.year_page(actor, body, fiscal_year, keeper=keeper), "keeper": keeper},
        title=f"{year.label}の計画とふりかえり：{body.name}",
        breadcrumbs=trail_of_body(body),
    )


@requires(Permission.MANAGE_COUNCILS)
def plan_add(request: HttpRequest, body_id: UUID, fiscal_year: int) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    year = _year(fiscal_year)
    form = PlanLineForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda: services.plan_line(actor=actor, body_id=body.pk, fiscal_year=year.year, **form.cleaned_data),
        refusals=_REFUSALS,
        done="年間計画に入れました。",
        back="councils:year_detail",
        arguments=(body.pk, year.year),
        title=f"{year.label}の計画に会議を入れる",
        breadcrumbs=_trail(body, year.year),
    )


@requires(Permission.MANAGE_COUNCILS)
def plan_tie(request: HttpRequest, planned_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    line = year_policies.get_managed_planned(actor, planned_id)
    form = PlanTieForm(
        request.POST or None,
        meetings=queries.meeting_choices(line.body, line.fiscal_year),
        initial={"version": line.version, "meeting": str(line.meeting_id or "")},
    )

    def act() -> None:
        given = form.cleaned_data
        services.tie_plan(
            actor=actor,
            planned_id=line.pk,
            version=given["version"],
            meeting_id=UUID(given["meeting"]) if given["meeting"] else None,
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_REFUSALS,
        done="計画と会議を結び付けました。",
        back="councils:year_detail",
        arguments=(line.body_id, line.fiscal_year),
        title=f"計画と会議を結び付ける：{line.month}月 {line.theme}",
        breadcrumbs=_trail(line.body, line.fiscal_year),
    )


@requires(Permission.MANAGE_COUNCILS)
def plan_drop(request: HttpRequest, planned_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    line = year_policies.get_managed_planned(actor, planned_id)
    return answer_form(
        request,
        NothingForm(request.POST or None),
        lambda: services.drop_line(actor=actor, planned_id=line.pk),
        refusals=_REFUSALS,
        done="計画から消しました。",
        back="councils:year_detail",
        arguments=(line.body_id, line.fiscal_year),
        title="計画から消す",
        breadcrumbs=_trail(line.body, line.fiscal_year),
        button="消す",
        lead=f"{line.month}月「{line.theme}」を計画から消します。",
    )


@requires(Permission.MANAGE_COUNCILS)
def review_edit(request: HttpRequest, body_id: UUID, fiscal_year: int) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    year = _year(fiscal_year)
    form = ReviewForm(
        request.POST or None,
        rounds=queries.round_choices(actor, body),
        initial=queries.review_initial(queries.review_of(body, year.year)),
    )

    def act() -> None:
        given = form.cleaned_data
        services.write_review(
            actor=actor,
            body_id=body.pk,
            fiscal_year=year.year,
            version=given["version"],
            findings=given["findings"],
            round_id=UUID(given["round"]) if given["round"] else None,
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_REFUSALS,
        done="ふりかえりを保存しました。",
        back="councils:year_detail",
        arguments=(body.pk, year.year),
        title=f"協議の場のふりかえりを書く（{year.label}）",
        breadcrumbs=_trail(body, year.year),
    )


@requires(Permission.MANAGE_COUNCILS)
def review_decide(request: HttpRequest, body_id: UUID, fiscal_year: int) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    year = _year(fiscal_year)
    review = queries.review_of(body, year.year)
    form = ReviewDecisionForm(request.POST or None, initial={"version": review.version if review else 0})

    def act() -> None:
        given = form.cleaned_data
        services.decide_review(
            actor=actor,
            body_id=body.pk,
            fiscal_year=year.year,
            version=given["version"],
            decision=ReviewDecision(given["decision"]),
            reason=given["reason"],
            next_year=given["next_year"],
            decided_on=given["decided_on"],
        )

    return answer_form(
        request,
        form,
        act,
        refusals=_REFUSALS,
        done="ふりかえりの結論を記録しました。改組・統合・廃止は、会議体の画面で状態を変えてください。",
        back="councils:year_detail",
        arguments=(body.pk, year.year),
        title=f"ふりかえりの結論を記録する（{year.label}）",
        breadcrumbs=_trail(body, year.year),
        button="記録する",
        lead="結論を記録すると、いまの集計がこの年度のふりかえりとして残ります。あとから変えられません。",
    )
