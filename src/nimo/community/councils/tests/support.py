"""An invented town's bodies, their seats and their people."""

from __future__ import annotations

from datetime import date
from typing import Any

from nimo.community.councils.choices.bodies import BodyKind, Category, Layer, RelationKind, Standing
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.rules.bodies import BodyFacts
from nimo.community.councils.rules.posts import PersonFacts, SeatTerms
from nimo.community.councils.rules.regulations import Terms
from nimo.community.councils.services.bodies import create_body, relate
from nimo.community.councils.services.posts import add_post, seat
from nimo.community.councils.services.regulations import add_regulation
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from tests.support.people import actor_of

CITY, PREFECTURE = "10207", "10000"
TODAY = date(2026, 11, 20)


def officer() -> Actor:
    return actor_of(Role.MUNICIPAL_OFFICER, CITY)


def body_of(actor: Actor, name: str = "架空市 にも包括協議会", **said: Any) -> Body:
    facts = {
        "layer": Layer.MUNICIPALITY,
        "kind": BodyKind.PRACTITIONERS,
        "region_code": CITY,
        "counts_as_council": True,
    } | said
    return create_body(actor=actor, facts=BodyFacts(name=name, **facts))


def seated(
    actor: Actor,
    body: Body,
    name: str,
    *,
    title: str = "委員",
    affiliation: str = "",
    category: Category = Category.WELFARE,
    standing: Standing = Standing.MEMBER,
    **terms: Any,
) -> Holding:
    post = add_post(actor=actor, body_id=body.pk, title=title, affiliation=affiliation, category=category)
    given = {"valid_from": date(2026, 4, 1)} | terms
    return seat(actor=actor, post_id=post.pk, person=PersonFacts(name), terms=SeatTerms(standing=standing, **given))


def council_world(actor: Actor) -> dict[str, Any]:
    """One of everything an address of the councils can name."""
    body, part = body_of(actor), body_of(actor, "架空市 部会", counts_as_council=False)
    relation = relate(actor=actor, source_id=part.pk, target_id=body.pk, kind=RelationKind.SUBCOMMITTEE)
    regulation = add_regulation(
        actor=actor, body_id=body.pk, terms=Terms("架空市要綱"), effective_from=date(2024, 4, 1)
    )
    held = seated(actor, body, "架空 花子", standing=Standing.OBSERVER)
    return {
        "body_id": body.pk,
        "relation_id": relation.pk,
        "regulation_id": regulation.pk,
        "post_id": held.post_id,
        "holding_id": held.pk,
    }
