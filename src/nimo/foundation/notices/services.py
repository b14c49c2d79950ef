"""Telling people, and having read it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.foundation.notices.models import Notice
from nimo.foundation.notices.policies import NoticeNotFound, visible_notices
from nimo.foundation.notices.rules import TEXT_LIMIT, is_own_path


def notify(*, actor: Actor, recipients: Iterable[UUID], text: str, path: str = "") -> list[Notice]:
    """One notice to each recipient, in the caller's transaction.

    recipients: user ids; doubles count once, users who can no longer sign in are left out (nobody would read it).
    text: one Japanese sentence of at most 300 characters **without personal data of supported people**: it is
    read in lists and over shoulders. path: where to look, a path inside nimo. ValueError for a text or a path
    that cannot be: it is the caller's mistake, not the user's.
    """
    if not text.strip() or len(text) > TEXT_LIMIT:
        raise ValueError(f"a notice has 1 to {TEXT_LIMIT} characters, not {len(text)}")
    if path and not is_own_path(path):
        raise ValueError("a notice leads to a path inside nimo")
    with transaction.atomic():
        reached = User.objects.filter(pk__in=set(recipients), is_active=True).values_list("pk", flat=True)
        return Notice.objects.bulk_create(
            Notice(recipient_id=user_id, text=text, path=path, sender_name=actor.name, created_at=actor.now)
            for user_id in sorted(reached)
        )


def open_notice(*, actor: Actor, notice_id: UUID) -> Notice:
    """Marks one of the actor's own notices as read and hands it back. Raises NoticeNotFound for anybody else's."""
    with transaction.atomic():
        notice = visible_notices(actor).filter(pk=notice_id).first()
        if notice is None:
            raise NoticeNotFound
        if notice.read_at is None:
            Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=actor.now)
            notice.read_at = actor.now
        return notice


def mark_all_read(*, actor: Actor) -> int:
    """Marks every unread notice of the actor as read; how many."""
    with transaction.atomic():
        return visible_notices(actor).filter(read_at__isnull=True).update(read_at=actor.now)
