"""Lines of yearly plans: of the bodies one keeps."""

from __future__ import annotations

from uuid import UUID

from nimo.community.councils.models.years import PlannedMeeting
from nimo.community.councils.policies.bodies import managed_bodies
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible


def get_managed_planned(actor: Actor, planned_id: UUID) -> PlannedMeeting:
    found = (
        PlannedMeeting.objects.select_related("body__organisation")
        .filter(pk=planned_id, body__in=managed_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("計画の会議が見つかりません。")
    return found
