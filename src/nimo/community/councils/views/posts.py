"""Seats, those who hold them, and what they are paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nimo.community.councils.choices.bodies import Category, Standing
from nimo.community.councils.forms.posts import (
    KEEP,
    ChoiceForm,
    EndPostForm,
    HoldingForm,
    LeaveForm,
    PostForm,
    PromoteForm,
    SeatForm,
)
from nimo.community.councils.policies import bodies as body_policies
from nimo.community.councils.policies import posts as policies
from nimo.community.councils.queries import posts as queries
from nimo.community.councils.services import posts as services
from nimo.community.councils.services import reading
from nimo.community.councils.views.asking import actor_of, answer_form, trail
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.lists import Definition

REFUSALS = (services.UnableToChangePost,)


@requires(Permission.MANAGE_COUNCILS)
def post_add(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = body_policies.get_managed_body(actor, body_id)
    form = PostForm(request.POST or None)

    def act() -> None:
        services.add_post(
            actor=actor,
            body_id=body_id,
            title=form.cleaned_data["title"],
            affiliation=form.cleaned_data["affiliation"],
            category=form.category_entered() or Category.OTHER,
            fields=form.fields_entered() or (),
        )

    return answer_form(
        request,
        form,
        act,
        refusals=REFUSALS,
        done="席を登録しました。つぎに、就いている人を登録してください。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="席（職）を登録する",
        breadcrumbs=trail(body),
        button="登録する",
        lead="席は、人が替わっても残ります。氏名はここには書きません。",
    )


@requires(Permission.MANAGE_COUNCILS)
def post_edit(request: HttpRequest, post_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    post = policies.get_managed_post(actor, post_id)
    initial = {"title": post.title, "affiliation": post.affiliation, "category": KEEP, "version": post.version}
    form = PostForm(request.POST or None, initial=initial, mending=True)
    return answer_form(
        request,
        form,
        lambda: services.edit_post(
            actor=actor,
            post_id=post_id,
            version=form.cleaned_data["version"] or 0,
            title=form.cleaned_data["title"],
            affiliation=form.cleaned_data["affiliation"],
            category=form.category_entered(),
            fields=form.fields_entered(),
        ),
        refusals=REFUSALS,
        done="保存しました。",
        back="councils:body_detail",
        arguments=(post.body_id,),
        title="席（職）を直す",
        breadcrumbs=trail(post.body),
    )


@requires(Permission.MANAGE_COUNCILS)
def post_end(request: HttpRequest, post_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    post = policies.get_managed_post(actor, post_id)
    form = EndPostForm(request.POST or None, initial={"on": actor.today, "version": post.version})
    return answer_form(
        request,
        form,
        lambda: services.end_post(
            actor=actor, post_id=post_id, version=form.cleaned_data["version"], on=form.cleaned_data["on"]
        ),
        refusals=REFUSALS,
        done="席を終えました。",
        back="councils:body_detail",
        arguments=(post.body_id,),
        title="席（職）を終える",
        breadcrumbs=trail(post.body),
        button="席を終える",
    )


@requires(Permission.MANAGE_COUNCILS)
def seat_add(request: HttpRequest, post_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    post = policies.get_managed_post(actor, post_id)
    people = queries.people_choices(actor)
    if people:
        reading.look_at_names(actor=actor, body=post.body, where="登録されている人の選択")
    form = SeatForm(request.POST or None, people=people, initial={"valid_from": actor.today})
    return answer_form(
        request,
        form,
        lambda: services.seat(actor=actor, post_id=post_id, person=form.person(), terms=form.terms()),
        refusals=REFUSALS,
        done="席に就いている人を登録しました。",
        back="councils:body_detail",
        arguments=(post.body_id,),
        title=f"「{post.title}」に就いている人を登録する",
        breadcrumbs=trail(post.body),
        button="登録する",
        lead="ほかの会議体にも出ている人は「登録されている人から選ぶ」で選ぶと、図で2つの会議体がつながります。",
    )


@requires(Permission.MANAGE_COUNCILS)
def holding_detail(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = policies.get_managed_holding(actor, holding_id)
    reading.look_at_names(actor=actor, body=holding.post.body, where="席に就いている人")
    context = {
        "holding": holding,
        "is_observer": holding.standing == Standing.OBSERVER and holding.valid_to is None,
        "facts": [
            Definition("席", str(holding.post)),
            Definition("立場", holding.get_standing_display()),
            Definition("就いた日", to_wareki(holding.valid_from)),
            Definition("任期の最後の日", to_wareki(holding.term_to) if holding.term_to else None),
        ],
        "pay": queries.pay_path(holding),
        "path": queries.path_of(holding),
    }
    return pages.render(
        request,
        "councils/holding_detail.html",
        context,
        title=holding.participant.name,
        breadcrumbs=trail(holding.post.body),
    )


def _holding_form(
    request: HttpRequest, holding: Any, form: Any, act: Callable[[], object], *, title: str, done: str, **words: str
) -> HttpResponse:
    reading.look_at_names(actor=actor_of(request), body=holding.post.body, where=title)
    return answer_form(
        request,
        form,
        act,
        refusals=REFUSALS,
        done=done,
        back="councils:body_detail",
        arguments=(holding.post.body_id,),
        title=f"{title}: {holding.participant.name}",
        breadcrumbs=trail(holding.post.body),
        **words,
    )


@requires(Permission.MANAGE_COUNCILS)
def holding_edit(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = policies.get_managed_holding(actor, holding_id)
    initial = {key: getattr(holding, key) for key in ("term_to", "fee_yen", "travel_paid", "travel_yen", "version")}
    form = HoldingForm(request.POST or None, initial=initial)
    return _holding_form(
        request,
        holding,
        form,
        lambda: services.edit_holding(
            actor=actor,
            holding_id=holding_id,
            version=form.cleaned_data["version"],
            term_to=form.cleaned_data["term_to"],
            fee_yen=form.cleaned_data["fee_yen"],
            travel_paid=form.cleaned_data["travel_paid"],
            travel_yen=form.cleaned_data["travel_yen"],
            pay_from=form.cleaned_data["pay_from"],
        ),
        title="任期と支払いを直す",
        done="保存しました。",
    )


@requires(Permission.MANAGE_COUNCILS)
def holding_leave(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = policies.get_managed_holding(actor, holding_id)
    form = LeaveForm(request.POST or None, initial={"on": actor.today, "version": holding.version})
    return _holding_form(
        request,
        holding,
        form,
        lambda: services.leave(
            actor=actor,
            holding_id=holding_id,
            version=form.cleaned_data["version"],
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        title="席を離れた日を記録する",
        done="記録しました。席は残っています。",
        button="記録する",
    )


@requires(Permission.MANAGE_COUNCILS)
def holding_promote(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = policies.get_managed_holding(actor, holding_id)
    form = PromoteForm(request.POST or None, initial={"on": actor.today, "version": holding.version})
    return _holding_form(
        request,
        holding,
        form,
        lambda: services.become_member(
            actor=actor,
            holding_id=holding_id,
            version=form.cleaned_data["version"],
            on=form.cleaned_data["on"],
            term_to=form.cleaned_data["term_to"],
        ),
        title="構成員として迎える",
        done="構成員として記録しました。オブザーバーだった期間も残っています。",
        button="構成員にする",
        lead="オブザーバーとして参加するうちに必要を感じてもらえたら、構成員として正式に参加してもらいます。",
    )


@requires(Permission.MANAGE_COUNCILS)
def holding_choice(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    holding = policies.get_managed_holding(actor, holding_id)
    form = ChoiceForm(request.POST or None, initial={"on": actor.today})
    return _holding_form(
        request,
        holding,
        form,
        lambda: services.record_choice(
            actor=actor,
            holding_id=holding_id,
            shown=form.cleaned_data["shown"] == "yes",
            on=form.cleaned_data["on"],
        ),
        title="区分を示すことについての本人の選択",
        done="本人の選択を記録しました。",
        button="記録する",
        lead="当事者・家族として参加していることは、本人が選ばないかぎり、氏名の横に示しません。いつでも取りやめられます。",
    )


@requires(Permission.MANAGE_COUNCILS)
def fee_list(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = body_policies.get_managed_body(actor, body_id)
    table = queries.fee_table(body, actor.today)
    if table.rows:
        reading.look_at_names(actor=actor, body=body, where="謝金・旅費の一覧")
    if request.GET.get("format") == "csv":
        return pages.csv_response(table, f"謝金・旅費_{actor.today:%Y%m%d}")
    return pages.render(
        request,
        "councils/fee_list.html",
        {"table": table, "payments": reverse("councils:payment_list", args=[body.pk, FiscalYear.of(actor.today).year])},
        title="謝金・旅費の一覧",
        breadcrumbs=trail(body),
    )
