"""Who holds a post on a route today: a step nobody can act at is named before a sheet is sent into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from nimo.community.sheets.rules.flow import Step
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.models import Membership

_ACTING = sorted(role.value for role in Role if Permission.APPROVE_SHEET in scopes_of(role))


def holders(organisation_ids: Iterable[UUID], day: date) -> dict[UUID, list[UUID]]:
    """{organisation: users who may act there on the day}. One query."""
    rows = (
        Membership.objects.held_on(day)
        .filter(organisation_id__in=set(organisation_ids), role__in=_ACTING, user__is_active=True)
        .values_list("organisation_id", "user_id")
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for organisation, user in rows:
        if user not in found[organisation]:
            found[organisation].append(user)
    return dict(found)


def vacant_steps(route: Sequence[Step], day: date) -> list[Step]:
    """The steps of a route whose organisation has nobody who could act there."""
    present = holders((step.organisation_id for step in route), day)
    return [step for step in route if not present.get(step.organisation_id)]
