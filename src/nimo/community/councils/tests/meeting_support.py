"""A body with five seats and its meetings, all invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from nimo.community.councils.choices.bodies import BodyAudience, BodyKind, Category, HatKind, Layer, Standing
from nimo.community.councils.models.bodies import Body, BodyHat
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.posts import Holding, Participant, Post, PostCategory
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from tests.support.people import NOW, actor_of

CITY, OTHER_CITY = "10207", "11201"
DAY = date(2026, 11, 2)
SEATS = (
    ("課長", "架空市 障害福祉課", "館野 一郎", Category.WELFARE),
    ("保健師長", "架空保健所", "板倉 夏子", Category.HEALTH),
    ("病棟師長", "架空病院", "邑楽 冬実", Category.PSYCHIATRY),
    ("相談支援専門員", "架空相談支援センター", "千代田 実", Category.WELFARE),
    ("委員", "架空の会", "明和 春香", Category.PEER),
)


def secretary(region_code: str = CITY) -> Actor:
    """An officer of the town that keeps the body."""
    return actor_of(Role.MUNICIPAL_OFFICER, region_code)


def body_of(actor: Actor, *, name: str = "架空市協議の場", counts: bool = True, **more: Any) -> Body:
    grant = actor.organisation
    assert grant is not None
    return Body.objects.create(
        id=new_id(),
        organisation_id=grant.organisation_id,
        region_id=grant.region_code,
        name=name,
        layer=Layer.MUNICIPALITY,
        kind=BodyKind.REPRESENTATIVES,
        counts_as_council=counts,
        audience=more.pop("audience", BodyAudience.PUBLIC),
        created_at=NOW,
        **more,
    )


def seat_five(body: Body, *, standing: Standing = Standing.MEMBER) -> list[Holding]:
    """Five members, one of them 当事者."""
    made = []
    for position, (title, affiliation, name, category) in enumerate(SEATS, start=1):
        person = Participant.objects.create(
            id=new_id(), prefecture_id=body.region_id[:2] + "000", name=name, affiliation=affiliation, created_at=NOW
        )
        post = Post.objects.create(id=new_id(), body=body, title=title, affiliation=affiliation, position=position)
        PostCategory.objects.create(post=post, category=category)
        made.append(
            Holding.objects.create(
                id=new_id(),
                post=post,
                participant=person,
                standing=standing,
                valid_from=date(2026, 4, 1),
                created_at=NOW,
            )
        )
    return made


def hat_of(body: Body, kind: HatKind) -> BodyHat:
    return BodyHat.objects.create(id=new_id(), body=body, kind=kind)


def held(actor: Actor, body: Body, *, day: date = DAY, **more: Any) -> Meeting:
    """The minimum of a meeting."""
    return record_meeting(
        actor=actor,
        body_id=body.pk,
        facts=MeetingFacts(held_on=day, summary="退院後の住まいについて意見交換した", **more),
        counts={Category.HEALTH: 2, Category.WELFARE: 3},
    )
