"""The one way into the audit: `record` inside the service's transaction, `record_read` before a page is answered.

If the row cannot be written the act is refused: the exception rolls the transaction back, also when it is swallowed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.models import Entry
from nimo.foundation.audit.rules import (
    WITHHELD,
    Content,
    diff_text,
    japanese_day,
    key_id_of,
    mac_of,
    plain,
    require_verb,
    short,
)


class UnableToRecord(Exception):
    """The audit row could not be written, so the act it belongs to was not done."""

    def __init__(self) -> None:
        super().__init__(
            "監査の記録を書けなかったため、操作を取りやめました。何も変わっていません。"
            "少し待ってからもう一度お試しください。続くときはシステム管理者に知らせてください。"
        )


def diff_of(
    before: Mapping[str, object], after: Mapping[str, object], *, withhold: Collection[str] = ()
) -> dict[str, list[object]]:
    """{"field": [old, new]} for every field that differs; a field missing on one side counts as None.

    `withhold` names fields whose change is recorded but not their values (personal data, long texts kept elsewhere).
    """
    changes: dict[str, list[object]] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old != new:
            changes[name] = [WITHHELD, WITHHELD] if name in withhold else [plain(old), plain(new)]
    return changes


def record(
    actor: Actor,
    *,
    verb: str,
    target: tuple[str, str],
    region_code: str | None = "",
    organisation_id: UUID | str | None = None,
    reason: str = "",
    diff: Mapping[str, object] | None = None,
) -> int:
    """Writes one entry in the transaction that is open, and returns its number.

    target: (kind, id) as text, e.g. ("sheets.sheet", "0190…"). reason and diff hold no personal data and no secrets;
    a name of a person stands in the actor only. Raises UnknownVerb, ValueError (a secret, a malformed target) and
    UnableToRecord (no transaction is open, or the database refuses); each of them undoes the transaction.
    """
    if not connection.in_atomic_block:
        raise UnableToRecord
    try:
        return _write(actor, verb, target, region_code or "", str(organisation_id or ""), reason, diff)
    except BaseException:
        transaction.set_rollback(True)
        raise


def record_read(
    actor: Actor,
    *,
    verb: str,
    target: tuple[str, str],
    region_code: str | None = "",
    organisation_id: UUID | str | None = None,
    reason: str = "",
    conditions: Mapping[str, object] | None = None,
) -> int:
    """One entry for looking at personal data: once for a page of one person, once for a list that shows names.

    Call it before the page is answered. Opens a transaction of its own when none is open. `conditions` (how many
    rows, which filters) must not repeat a name that was searched for.
    """
    diff = {"条件": dict(conditions)} if conditions else None
    with transaction.atomic():
        return record(
            actor,
            verb=verb,
            target=target,
            region_code=region_code,
            organisation_id=organisation_id,
            reason=reason,
            diff=diff,
        )


def clock() -> datetime:
    """When the row is written. Not `actor.now`: a job's actor is hours old, and a sealed day takes no more rows."""
    return timezone.now()


def _write(
    actor: Actor,
    verb: str,
    target: tuple[str, str],
    region_code: str,
    organisation_id: str,
    reason: str,
    diff: Mapping[str, object] | None,
) -> int:
    require_verb(verb)
    kind, target_id = target
    if not kind or "." not in kind:
        raise ValueError("a target is (app.kind, id)")
    recorded_at = clock()
    organisation = actor.organisation
    key = settings.AUDIT_KEY
    try:
        content = Content(
            id=_next_id(),
            day=japanese_day(recorded_at),
            recorded_at=recorded_at,
            occurred_at=actor.now,
            actor_kind=actor.kind,
            actor_id=str(actor.user_id or ""),
            actor_name=short(actor.name, 120),
            actor_organisation_id=str(organisation.organisation_id) if organisation else "",
            actor_organisation_name=short(organisation.organisation_name, 120) if organisation else "",
            verb=verb,
            target_type=short(kind, 80),
            target_id=short(str(target_id), 80),
            region_code=short(region_code, 12),
            organisation_id=short(organisation_id, 40),
            reason=short(reason),
            emergency_reason=short(actor.emergency_access_reason or ""),
            diff=diff_text(diff) if diff else "",
            request_id=short(actor.request_id, 64),
            key_id=key_id_of(key),
        )
        entry = Entry(**{name: getattr(content, name) for name in Content.__slots__}, mac=mac_of(content, key))
        entry.save(force_insert=True)
    except DatabaseError as error:
        raise UnableToRecord from error
    return content.id


def _next_id() -> int:
    """The number is part of the MAC, so it is known before the row is written.

    SQLite: the writer holds the only write lock, and the counter of AUTOINCREMENT survives the removal of the last
    row: numbers have no gaps. PostgreSQL: a sequence, where a rolled-back transaction leaves a gap.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'")
        row = cursor.fetchone()
        return int(row[0]) + 1 if row else 1
