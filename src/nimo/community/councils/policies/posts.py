"""Seats and those who hold them: for those who may see the body's names."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from nimo.community.councils.models.posts import Holding, Participant, Post
from nimo.community.councils.policies.bodies import managed_bodies, named_bodies
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible


def visible_posts(actor: Actor) -> QuerySet[Post]:
    return Post.objects.filter(body__in=named_bodies(actor))


def visible_holdings(actor: Actor) -> QuerySet[Holding]:
    return Holding.objects.filter(post__body__in=named_bodies(actor))


def get_managed_post(actor: Actor, post_id: UUID) -> Post:
    found = Post.objects.select_related("body__organisation").filter(pk=post_id, body__in=managed_bodies(actor)).first()
    if found is None:
        raise NotVisible("席が見つかりません。")
    return found


def get_managed_holding(actor: Actor, holding_id: UUID) -> Holding:
    found = (
        Holding.objects.select_related("post__body__organisation", "participant")
        .filter(pk=holding_id, post__body__in=managed_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("席に就いている人が見つかりません。")
    return found


def known_participants(actor: Actor) -> QuerySet[Participant]:
    """Whom the actor may choose for a seat: people whose name he may see in some body already."""
    return Participant.objects.filter(holdings__post__body__in=named_bodies(actor)).distinct()
