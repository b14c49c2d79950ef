"""A notice is seen by its recipient and by nobody else, whatever their role."""

from __future__ import annotations

from django.db.models import QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.notices.models import Notice


class NoticeNotFound(Exception):
    """No such notice among the actor's own: the page answers 404."""


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices; none for the public and for jobs."""
    if actor.kind != "user" or actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(recipient_id=actor.user_id)
