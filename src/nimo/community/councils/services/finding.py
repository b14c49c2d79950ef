"""Bringing what the search knows of councils in line, in the transaction of whatever changed them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.queries.finding import BODY_WORDS, MEETING_WORDS
from nimo.foundation.access.actors import Actor
from nimo.foundation.search.services.index import refresh


def find_body_anew(*, actor: Actor, body_id: UUID, meetings: bool = False) -> None:
    """meetings: its name, region or audience changed, which its meetings are found by too."""
    refresh(actor=actor, source=BODY_WORDS, owners=[str(body_id)])
    if meetings:
        held = Meeting.objects.filter(body_id=body_id, items__isnull=False).order_by("pk").distinct()
        find_meetings_anew(actor=actor, meeting_ids=list(held.values_list("pk", flat=True)))


def find_meetings_anew(*, actor: Actor, meeting_ids: Collection[UUID]) -> None:
    """After an item, the approved minutes, their publication or the meeting's state changed."""
    if meeting_ids:
        refresh(actor=actor, source=MEETING_WORDS, owners=[str(pk) for pk in meeting_ids])
