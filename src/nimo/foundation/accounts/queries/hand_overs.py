"""Who takes over from whom, and what moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import HandOver, Membership
from nimo.foundation.accounts.policies import may_hand_over, visible_hand_overs, visible_users
from nimo.foundation.accounts.queries.users import LISTED, _rows, _with_memberships, memberships_of
from nimo.foundation.accounts.rules import HandOverOrder, belongings, holds_on


def successor_choices(actor: Actor, predecessor_id: UUID) -> list[tuple[str, str]]:
    """Whom somebody's work may go to: active users the actor manages, with where they work."""
    users = visible_users(actor).filter(is_active=True).exclude(pk__in=[predecessor_id, actor.user_id])
    return [
        (
            str(row.user.pk),
            f"{row.user.name}（{'・'.join(m.organisation.name for m in row.memberships) or '所属なし'}）",
        )
        for row in _rows(_with_memberships(users, actor.today), actor.today)
    ]


@dataclass(frozen=True, slots=True)
class HandOverPreview:
    """What would go over. `stays`: roles the actor may not pass on, each with the reason."""

    roles: list[Membership]
    stays: list[tuple[Membership, str]]
    work: list[tuple[str, int]]


def hand_over_preview(actor: Actor, predecessor_id: UUID, successor_id: UUID, effective_on: date) -> HandOverPreview:
    """Counts, moves nothing. What is counted today may differ a little on a later day."""
    roles, stays = hand_over_roles(actor, predecessor_id, effective_on)
    order = HandOverOrder(
        from_user_id=predecessor_id,
        to_user_id=successor_id,
        actor=actor,
        organisation_ids=frozenset(held.organisation_id for held in roles),
    )
    return HandOverPreview(roles, stays, [(work.label, work.count(order)) for work in belongings()])


def hand_over_roles(
    actor: Actor, predecessor_id: UUID, effective_on: date
) -> tuple[list[Membership], list[tuple[Membership, str]]]:
    """The predecessor's roles of that day: those the actor may pass on, and the others with the reason."""
    held = [
        membership
        for membership in memberships_of(predecessor_id)
        if holds_on(membership.valid_from, membership.valid_to, effective_on)
    ]
    decided = [(membership, may_hand_over(actor, membership)) for membership in held]
    return (
        [membership for membership, decision in decided if decision],
        [(membership, decision.reason) for membership, decision in decided if not decision],
    )


def hand_over_list(actor: Actor) -> list[HandOver]:
    """Planned ones first, then the newest; at most LISTED."""
    found = visible_hand_overs(actor).select_related("predecessor", "successor")
    return list(found.order_by("-state", "-effective_on", "-created_at")[:LISTED])


@dataclass(frozen=True, slots=True)
class HandOverPage:
    hand_over: HandOver
    roles: list[str]
    moved: list[tuple[str, int]]


def one_hand_over(actor: Actor, hand_over_id: UUID) -> HandOverPage:
    """Raises HandOver.DoesNotExist for one that is not there or not to be seen."""
    planned = visible_hand_overs(actor).select_related("predecessor", "successor").get(pk=hand_over_id)
    labels = {work.code: work.label for work in belongings()}
    roles = [
        f"{role.ending.organisation.name} {Role(role.ending.role).label}"
        for role in planned.roles.select_related("ending__organisation").order_by("pk")
    ]
    return HandOverPage(planned, roles, [(labels.get(code, code), number) for code, number in planned.moved.items()])
