"""Bodies: the list, one body, and what is said of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyState, Layer, PurposeLevel
from nimo.community.councils.forms.bodies import (
    BodyForm,
    BodyStateForm,
    HatsForm,
    ManualForm,
    PurposeForm,
    RelationForm,
)
from nimo.community.councils.policies import bodies as policies
from nimo.community.councils.policies.categories import body_breakdown
from nimo.community.councils.queries import bodies as queries
from nimo.community.councils.queries import posts as seats
from nimo.community.councils.services import bodies as services
from nimo.community.councils.services import reading
from nimo.community.councils.views.asking import LIST, actor_of, answer_form, page_number, trail
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Tab

REFUSALS = (services.UnableToChangeBody,)


@requires(Permission.VIEW_COUNCILS)
def body_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    words, layer, mine = request.GET.get("q", ""), request.GET.get("layer", ""), request.GET.get("mine") == "1"
    page = queries.body_page(actor, page_number(request), words=words, layer=layer, mine=mine)
    tabs = [Tab("すべて", reverse("councils:body_list"), not layer and not mine)]
    if actor.has_anywhere(Permission.MANAGE_COUNCILS):
        tabs.append(Tab("受け持ち", "?mine=1", mine))
    tabs += [Tab(one.label, f"?layer={one.value}", layer == one.value) for one in reversed(Layer)]
    context = {
        "page": page,
        "table": queries.body_table(page),
        "tabs": tabs,
        "words": words,
        "may_create": bool(policies.may_create(actor)),
        "diagram_code": actor.organisation.region_code if actor.organisation else "",
    }
    return pages.render(request, "councils/body_list.html", context, title="協議の場")


@requires(Permission.VIEW_COUNCILS)
def body_detail(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_body(actor, body_id)
    manages, names = policies.manages(actor, body), policies.sees_names(actor, body)
    roster = seats.roster(body, actor.today, manages=manages) if names else None
    if roster is not None and seats.names_anybody(roster):
        reading.look_at_names(actor=actor, body=body, where="構成員の一覧")
    context = {
        "body": body,
        "manages": manages,
        "names": names,
        "facts": queries.body_facts(body),
        "findings": seats.member_findings(body, actor.today) if manages else [],
        "purposes": queries.purposes_of(body),
        "earlier": queries.earlier_purposes(body),
        "hats": queries.hat_table(body),
        "roster": roster,
        "breakdown": body_breakdown(body, actor.today),
        "regulations": queries.regulation_table(body),
        "relations": queries.relation_table(actor, body),
        "manuals": queries.manual_table(body) if names else None,
    }
    return pages.render(request, "councils/body_detail.html", context, title=body.name, breadcrumbs=[LIST])


@requires(Permission.MANAGE_COUNCILS)
def body_create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    own = actor.organisation.region_code if actor.organisation else ""
    form = BodyForm(request.POST or None, regions=queries.region_choices(actor), initial={"region_code": own})
    if request.method == "POST" and form.is_valid():
        try:
            body = services.create_body(actor=actor, facts=form.facts())
        except services.UnableToChangeBody as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "登録しました。つぎに、目的と席を登録してください。")
            return redirect("councils:body_detail", body_id=body.pk)
    return pages.render(
        request,
        "councils/body_form.html",
        {
            "form": form,
            "button": "登録する",
            "lead": "名称・層・種類・地域だけで登録できます。ほかはあとから書き足せます。",
        },
        title="会議体を登録する",
        breadcrumbs=[LIST],
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_COUNCILS)
def body_edit(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    initial = {
        key: getattr(body, key)
        for key in (
            "name", "kana", "layer", "kind", "counts_as_council", "axes", "secretariat", "frequency", "members_text",
            "established_on", "audience", "reference", "version",
        )
    } | {"region_code": body.region_id}  # fmt: skip
    form = BodyForm(request.POST or None, regions=queries.region_choices(actor), initial=initial)
    return answer_form(
        request,
        form,
        lambda: services.edit_body(
            actor=actor, body_id=body_id, version=form.cleaned_data["version"] or 0, facts=form.facts()
        ),
        refusals=REFUSALS,
        done="保存しました。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="会議体を直す",
        breadcrumbs=trail(body),
    )


@requires(Permission.MANAGE_COUNCILS)
def body_move(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    form = BodyStateForm(
        request.POST or None,
        initial={"state": body.state, "on": body.ended_on, "reason": body.state_reason, "version": body.version},
    )
    return answer_form(
        request,
        form,
        lambda: services.move_body(
            actor=actor,
            body_id=body_id,
            version=form.cleaned_data["version"],
            state=BodyState(form.cleaned_data["state"]),
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        refusals=REFUSALS,
        done="状態を変えました。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="状態を変える",
        breadcrumbs=trail(body),
    )


@requires(Permission.MANAGE_COUNCILS)
def body_purpose(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    form = PurposeForm(request.POST or None, initial={"level": PurposeLevel.BODY, "on": actor.today})
    return answer_form(
        request,
        form,
        lambda: services.share_purpose(
            actor=actor,
            body_id=body_id,
            level=PurposeLevel(form.cleaned_data["level"]),
            text=form.cleaned_data["text"],
            on=form.cleaned_data["on"],
        ),
        refusals=REFUSALS,
        done="目的を記録しました。前の書き方も残っています。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="目的を書く",
        breadcrumbs=trail(body),
        lead="目的は、人が替わるたびに確かめ直すと、会議が報告だけになりにくくなります。",
    )


@requires(Permission.MANAGE_COUNCILS)
def body_hats(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    initial: dict[str, object] = {"version": body.version}
    for hat in queries.living_hats(body):
        initial |= {hat.kind: True, f"{hat.kind}_name": hat.name}
    form = HatsForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        form,
        lambda: services.set_hats(actor=actor, body_id=body_id, version=form.cleaned_data["version"], hats=form.hats()),
        refusals=REFUSALS,
        done="兼ねている会議を記録しました。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="兼ねている会議",
        breadcrumbs=trail(body),
        lead="1回の会議は、兼ねている会議それぞれの数に1回ずつ入ります。会議の回数そのものは1回です。",
    )


@requires(Permission.MANAGE_COUNCILS)
def relation_add(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    form = RelationForm(request.POST or None, others=queries.related_choices(actor, body))

    def act() -> None:
        source, target, kind = form.ends(body_id)
        services.relate(actor=actor, source_id=source, target_id=target, kind=kind, note=form.cleaned_data["note"])

    return answer_form(
        request,
        form,
        act,
        refusals=REFUSALS,
        done="関係を登録しました。図に表れます。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="ほかの会議体との関係を登録する",
        breadcrumbs=trail(body),
        button="登録する",
    )


@requires(Permission.MANAGE_COUNCILS)
def relation_remove(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    relation = queries.relation_of(actor, relation_id)
    if relation is None:
        raise Http404("関係が見つかりません。")
    body = relation.source if policies.manages(actor, relation.source) else relation.target
    if request.method == "POST":
        try:
            services.unrelate(actor=actor, relation_id=relation_id)
        except services.UnableToChangeBody as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "関係を消しました。")
        return redirect("councils:body_detail", body_id=body.pk)
    words = f"{relation.source.name} → {relation.target.name}（{relation.get_kind_display()}）"
    return pages.render(
        request, "councils/relation_remove.html", {"words": words}, title="関係を消す", breadcrumbs=trail(body)
    )


@requires(Permission.MANAGE_COUNCILS)
def manual_add(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    form = ManualForm(request.POST or None, request.FILES or None)

    def act() -> None:
        file = form.cleaned_data["file"]
        services.add_manual(
            actor=actor,
            body_id=body_id,
            title=form.cleaned_data["title"],
            note=form.cleaned_data["note"],
            content=file,
            file_name=file.name if file else "",
        )

    return answer_form(
        request,
        form,
        act,
        refusals=REFUSALS,
        done="手引きを登録しました。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="運営の手引きを登録する",
        breadcrumbs=trail(body),
        lead="同じ題名のものは新しいものに替わります。前のものも残ります。",
    )
