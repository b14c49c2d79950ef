"""What the header and the list page show."""

from __future__ import annotations

from django.db.models import QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.notices.models import Notice
from nimo.foundation.notices.policies import visible_notices


def unread_count(actor: Actor) -> int:
    """How many of the actor's notices are unread: one query, none for visitors without a login."""
    if actor.kind != "user":
        return 0
    return visible_notices(actor).filter(read_at__isnull=True).count()


def notices(actor: Actor, *, unread_only: bool = False) -> QuerySet[Notice]:
    """The actor's notices, newest first."""
    rows = visible_notices(actor).order_by("-created_at", "-pk")
    return rows.filter(read_at__isnull=True) if unread_only else rows
