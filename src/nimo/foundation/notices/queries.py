"""What the header and the list page show."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from nimo.foundation.access.actors import Actor
from nimo.foundation.notices.models import Notice
from nimo.foundation.notices.policies import visible_notices

PAGE_SIZE = 30


def unread_count(actor: Actor) -> int:
    """How many of the actor's notices are unread: one query, none for visitors without a login."""
    if actor.kind != "user":
        return 0
    return visible_notices(actor).filter(read_at__isnull=True).count()


@dataclass(frozen=True, slots=True)
class NoticeList:
    """A page of the actor's notices, newest first, and how many there are of either kind."""

    unread_only: bool
    unread_count: int
    all_count: int
    page: Page[Notice]


def notice_list_page(actor: Actor, *, unread_only: bool, number: int) -> NoticeList:
    """The actor's notices, newest first."""
    rows = visible_notices(actor)
    unread = rows.filter(read_at__isnull=True)
    chosen = (unread if unread_only else rows).order_by("-created_at", "-pk")
    page = Paginator(chosen, PAGE_SIZE).get_page(number)
    return NoticeList(unread_only=unread_only, unread_count=unread.count(), all_count=rows.count(), page=page)


def latest_unread(actor: Actor, *, limit: int = 5) -> list[Notice]:
    """The newest unread notices, for the home page."""
    return list(visible_notices(actor).filter(read_at__isnull=True).order_by("-created_at", "-pk")[:limit])
