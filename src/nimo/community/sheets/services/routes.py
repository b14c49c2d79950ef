"""The routes a body's sheets take. A route under way is not moved by a change of its pattern."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.sheets.models.documents import SheetRoute
from nimo.community.sheets.policies import get_route, may_manage_routes
from nimo.community.sheets.rules.flow import Step, WrongRoute, checked_route
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

SET_ROUTE = register_verb("sheets.set_route", "シートを回す経路を決めた")
END_ROUTE = register_verb("sheets.end_route", "シートを回す経路を使わないことにした")


class UnableToSetRoute(Exception):
    """No route was changed; str() is the sentence for the user."""


def set_route(
    *,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    steps: Sequence[Step],
    route_id: UUID | None = None,
    version: int = 0,
) -> SheetRoute:
    """Makes a route or changes one (route_id, version as it was seen). Raises UnableToSetRoute."""
    try:
        with transaction.atomic():
            return _set(actor, organisation_id, name.strip(), steps, route_id, version)
    except IntegrityError as error:
        raise UnableToSetRoute("同じ名前の経路がもうあります。別の名前にしてください。") from error


def _set(
    actor: Actor, organisation_id: UUID, name: str, steps: Sequence[Step], route_id: UUID | None, version: int
) -> SheetRoute:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise UnableToSetRoute("組織が見つかりません。何も保存していません。")
    decision = may_manage_routes(actor, organisation.region_id)
    if not decision:
        raise UnableToSetRoute(decision.reason)
    if not name:
        raise UnableToSetRoute("経路の名前を入れてください（例: 通常の提出）。")
    known = set(
        Organisation.objects.filter(pk__in=[step.organisation_id for step in steps]).values_list("pk", flat=True)
    )
    if any(step.organisation_id not in known for step in steps):
        raise UnableToSetRoute("経路の中に、登録されていない組織があります。選び直してください。")
    try:
        route = checked_route(steps, author_organisation_id=organisation_id)
    except WrongRoute as wrong:
        raise UnableToSetRoute(str(wrong)) from wrong
    facts = {
        "name": name,
        "steps": [step.as_json() for step in route],
        "changed_at": actor.now,
        "changed_by_name": actor.name,
    }
    if route_id is None:
        row = SheetRoute.objects.create(id=new_id(), organisation=organisation, **facts)
        before: list[str] = []
    else:
        row = get_route(actor, route_id)
        before = [f"{step['organisation_name']} {step['post']}" for step in row.steps]
        if not SheetRoute.objects.filter(pk=row.pk, version=version, in_use=True).update(**facts, version=version + 1):
            raise UnableToSetRoute(
                "ほかの人が先にこの経路を変えました。何も保存していません。画面を開き直してください。"
            )
        row.refresh_from_db()
    record(
        actor,
        verb=SET_ROUTE,
        target=("sheets.route", str(row.pk)),
        region_code=organisation.region_id,
        organisation_id=organisation_id,
        diff={"名前": [None, name], "段": [" → ".join(before), " → ".join(step.label for step in route)]},
    )
    return row


def end_route(*, actor: Actor, route_id: UUID, version: int) -> SheetRoute:
    """Not offered any more; what is under way on it goes on. Raises UnableToSetRoute."""
    with transaction.atomic():
        row = get_route(actor, route_id)
        decision = may_manage_routes(actor, row.organisation.region_id)
        if not decision:
            raise UnableToSetRoute(decision.reason)
        taken = SheetRoute.objects.filter(pk=row.pk, version=version, in_use=True).update(
            in_use=False, version=version + 1, changed_at=actor.now, changed_by_name=actor.name
        )
        if not taken:
            raise UnableToSetRoute("ほかの人が先にこの経路を変えました。画面を開き直してください。")
        record(
            actor,
            verb=END_ROUTE,
            target=("sheets.route", str(row.pk)),
            region_code=row.organisation.region_id,
            organisation_id=row.organisation_id,
            diff={"名前": [row.name, None]},
        )
        row.refresh_from_db()
    return row
