"""A body with five seats and its meetings, all invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from nimo.community.councils.choices.bodies import BodyAudience, BodyKind, Category, HatKind, Layer, Standing
from nimo.community.councils.choices.meetings import Confidentiality
from nimo.community.councils.models.bodies import Body, BodyHat
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.models.posts import Holding, Participant, Post, PostCategory
from nimo.community.councils.services.agenda import ItemFacts, add_paper, put_item
from nimo.community.councils.services.decisions import DecisionFacts, raise_item, record_decision
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.community.councils.services.minutes import approve_minutes, publish_minutes, save_minute
from nimo.community.councils.services.years import plan_line
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


def meeting_world(actor: Actor, body: Body) -> dict[str, Any]:
    """One of everything an address of meetings can name; and public minutes of a public body."""
    other = body_of(actor, name="架空市 公開の協議の場")
    shown = held(actor, other)
    spoken = put_item(
        actor=actor, meeting_id=shown.pk, facts=ItemFacts("公開の議題", confidentiality=Confidentiality.PUBLIC)
    )
    save_minute(actor=actor, item_id=spoken.pk, version=0, text="公開の記録")
    version = Minutes.objects.get(pk=shown.pk).version
    approve_minutes(actor=actor, meeting_id=shown.pk, version=version, confirmed_by="会長")
    publish_minutes(actor=actor, meeting_id=shown.pk)
    meeting = held(actor, body)
    facts = ItemFacts("退院後の住まい", confidentiality=Confidentiality.PUBLIC)
    item = put_item(actor=actor, meeting_id=meeting.pk, facts=facts)
    paper = add_paper(
        actor=actor,
        item_id=item.pk,
        title="資料1",
        name="shiryo.txt",
        content="住まいの資料".encode(),
        confidentiality=Confidentiality.PUBLIC,
    )
    decision = record_decision(actor=actor, item_id=item.pk, facts=DecisionFacts("調べる"))
    referral = raise_item(actor=actor, item_id=spoken.pk, to_body_id=body.pk, summary="住宅部局との調整")
    planned = plan_line(actor=actor, body_id=body.pk, fiscal_year=2026, month=6, theme="住まい")
    return {
        "meeting_id": meeting.pk,
        "public_meeting_id": shown.pk,
        "item_id": item.pk,
        "paper_id": paper.pk,
        "decision_id": decision.pk,
        "referral_id": referral.pk,
        "planned_id": planned.pk,
        "document_kind": "agenda",
    }
