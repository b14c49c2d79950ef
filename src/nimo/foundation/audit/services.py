"""Closing the days of the audit, one after the other, into a chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.models import DaySeal, Entry
from nimo.foundation.audit.policies import may_verify
from nimo.foundation.audit.rules import (
    CHAIN_BEGINS,
    Day,
    head_of,
    key_id_of,
    last_day_to_seal,
    ranges_of,
    rows_digest,
)


class UnableToSeal(Exception):
    """The days could not be sealed; none of them was."""


def seal_days(*, actor: Actor) -> list[DaySeal]:
    """Seals every day that is over and not yet sealed, without a gap: a day without entries is sealed as empty.

    Returns the new seals, oldest first; none when there is nothing to do, so it may run as often as one likes.
    Raises UnableToSeal without the permission, or when another process seals at the same moment.
    """
    decision = may_verify(actor)
    if not decision:
        raise UnableToSeal(decision.reason)
    try:
        with transaction.atomic():
            return list(_seal(actor))
    except IntegrityError as error:
        raise UnableToSeal(
            "ほかの処理がいま封をしています。今回の処理では何も変えていません。少し待ってから確かめてください。"
        ) from error


def _seal(actor: Actor) -> Iterator[DaySeal]:
    newest = DaySeal.objects.order_by("-day").first()
    day = newest.day + timedelta(days=1) if newest else _first_day()
    head = newest.head if newest else CHAIN_BEGINS
    last = last_day_to_seal(actor.now)
    while day is not None and day <= last:
        seal = _seal_of(day, head, actor)
        seal.save(force_insert=True)
        yield seal
        head, day = seal.head, day + timedelta(days=1)


def _first_day() -> date | None:
    first: date | None = Entry.objects.order_by("day").values_list("day", flat=True).first()
    return first


def _seal_of(day: date, previous_head: str, actor: Actor) -> DaySeal:
    rows = list(Entry.objects.filter(day=day).order_by("id").values_list("id", "mac"))
    key = settings.AUDIT_KEY
    sealed = Day(
        day=day,
        count=len(rows),
        ranges=ranges_of(number for number, _ in rows),
        digest=rows_digest(rows),
        previous_head=previous_head,
        key_id=key_id_of(key),
    )
    return DaySeal(
        day=day,
        count=sealed.count,
        first_id=rows[0][0] if rows else None,
        last_id=rows[-1][0] if rows else None,
        ranges=sealed.ranges,
        digest=sealed.digest,
        previous_head=previous_head,
        key_id=sealed.key_id,
        head=head_of(sealed, key),
        sealed_at=actor.now,
    )
