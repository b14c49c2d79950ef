"""Counting tries of a code or a password before they are looked at, so that parallel guessing gains nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nimo.foundation.accounts.models import SecondFactorAttempts
from nimo.foundation.accounts.rules import ATTEMPTS, ATTEMPTS_WINDOW


class UnableToVerify(Exception):
    """The code or password was wrong, or has been tried too often."""


TOO_OFTEN = (
    f"まちがいが{ATTEMPTS}回続いたため、いまは確かめられません。"
    f"{int(ATTEMPTS_WINDOW.total_seconds() // 60)}分ほど待ってから、もう一度入力してください。入力した内容は失われていません。"
)


def take_attempt(*, user_id: UUID, now: datetime) -> None:
    """Uses up one try, in a transaction of its own so that a refusal later does not give it back.

    Raises UnableToVerify when no try is left. Each step is one conditional update: no two processes share a try.
    """
    with transaction.atomic():
        SecondFactorAttempts.objects.get_or_create(user_id=user_id, defaults={"window_began": now})
        row = SecondFactorAttempts.objects.filter(user_id=user_id)
        taken = row.filter(window_began__lte=now - ATTEMPTS_WINDOW).update(window_began=now, attempts=1)
        if not taken:
            taken = row.filter(attempts__lt=ATTEMPTS).update(attempts=F("attempts") + 1)
    if not taken:
        raise UnableToVerify(TOO_OFTEN)


def clear_attempts(*, user_id: UUID) -> None:
    """Forgets the tries after one that succeeded."""
    SecondFactorAttempts.objects.filter(user_id=user_id).update(attempts=0)
