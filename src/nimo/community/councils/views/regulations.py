"""設置要綱: one version, a new one, mending what was read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from nimo.community.councils.forms.bodies import CLAUSE_ROWS, RegulationForm
from nimo.community.councils.policies import bodies as policies
from nimo.community.councils.queries import bodies as queries
from nimo.community.councils.services import regulations as services
from nimo.community.councils.views.asking import actor_of, answer_form, trail
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.ui import pages

REFUSALS = (services.UnableToChangeRegulation,)


@requires(Permission.VIEW_COUNCILS)
def regulation_detail(request: HttpRequest, regulation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    regulation = policies.get_regulation(actor, regulation_id)
    context = {
        "regulation": regulation,
        "manages": policies.manages(actor, regulation.body),
        "facts": queries.regulation_facts(regulation),
        "clauses": queries.clause_table(regulation),
    }
    return pages.render(
        request,
        "councils/regulation_detail.html",
        context,
        title=regulation.title,
        breadcrumbs=trail(regulation.body),
    )


@requires(Permission.MANAGE_COUNCILS)
def regulation_add(request: HttpRequest, body_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    form = RegulationForm(request.POST or None, request.FILES or None)

    def act() -> None:
        file = form.cleaned_data["file"]
        services.add_regulation(
            actor=actor,
            body_id=body_id,
            terms=form.terms(),
            effective_from=form.cleaned_data["effective_from"],
            clauses=form.clauses(),
            content=file,
            file_name=file.name if file else "",
        )

    return answer_form(
        request,
        form,
        act,
        refusals=REFUSALS,
        done="設置要綱の版を登録しました。",
        back="councils:body_detail",
        arguments=(body_id,),
        title="設置要綱の版を登録する",
        breadcrumbs=trail(body),
        button="登録する",
        lead="要綱に書かれていることだけを選びます。書かれていないことは「定めがない・分からない」のままにします。",
    )


@requires(Permission.MANAGE_COUNCILS)
def regulation_edit(request: HttpRequest, regulation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    regulation = policies.get_regulation(actor, regulation_id)
    if not policies.manages(actor, regulation.body):
        raise NotVisible("設置要綱が見つかりません。")
    initial: dict[str, object] = {
        key: getattr(regulation, key)
        for key in (
            "title", "quorum", "quorum_number", "proxies_count", "written", "written_paid", "online", "term_months", "member_limit",
            "participation", "version",
        )
    }  # fmt: skip
    for place, clause in enumerate(regulation.clauses.order_by("position")[:CLAUSE_ROWS], start=1):
        initial |= {f"number_{place}": clause.number, f"kind_{place}": clause.kind, f"text_{place}": clause.text}
    form = RegulationForm(request.POST or None, initial=initial, mending=True)
    return answer_form(
        request,
        form,
        lambda: services.edit_regulation(
            actor=actor,
            regulation_id=regulation_id,
            version=form.cleaned_data["version"] or 0,
            terms=form.terms(),
            clauses=form.clauses() if regulation.clauses.count() <= CLAUSE_ROWS else None,
        ),
        refusals=REFUSALS,
        done="保存しました。",
        back="councils:regulation_detail",
        arguments=(regulation_id,),
        title="設置要綱の読み取りを直す",
        breadcrumbs=trail(regulation.body),
        lead="要綱そのものが改正されたときは、新しい版を登録してください。",
    )
