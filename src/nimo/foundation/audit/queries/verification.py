"""`nimo audit verify`: was anything changed, removed, inserted or reordered? Names the day and the row.

What it cannot see (also in the README): whoever holds the audit key can write a new history; on PostgreSQL a row
removed before its day was sealed leaves no trace; days at the end that vanish together with their seals are
noticed only against a head that was kept elsewhere (`heads`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import connection

from nimo.foundation.audit.models import DaySeal, Entry
from nimo.foundation.audit.rules import (
    CHAIN_BEGINS,
    Content,
    head_of,
    key_id_of,
    last_day_to_seal,
    mac_of,
    numbers_in,
    ranges_of,
    rows_digest,
    same,
)

LISTED = 100
_FIELDS = (*Content.__slots__, "mac")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written. `entry_id` None: the day as a whole."""

    kind: str
    day: date | None
    entry_id: int | None
    sentence: str


@dataclass(slots=True)
class Verification:
    """What was looked at and what was found; `findings` stops at LISTED, `found` counts on."""

    entries: int = 0
    days: int = 0
    seals: int = 0
    since: date | None = None
    head_day: date | None = None
    head: str = ""
    found: int = 0
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.found == 0

    def note(self, kind: str, day: date | None, entry_id: int | None, sentence: str) -> None:
        self.found += 1
        if len(self.findings) < LISTED:
            self.findings.append(Finding(kind, day, entry_id, sentence))


def keys() -> dict[str, str]:
    """The keys rows may have been written with, by number: today's and those of settings.AUDIT_OLD_KEYS."""
    known = [*getattr(settings, "AUDIT_OLD_KEYS", ()), settings.AUDIT_KEY]
    return {key_id_of(key): key for key in known}


def verify(*, now: datetime, since: date | None = None, heads: Mapping[date, str] | None = None) -> Verification:
    """Checks every row from `since` on (None: from the beginning) and the chain of all seals.

    `heads`: heads kept elsewhere, by day; the beginning of one (16 digits or more) is enough.
    """
    result, known = Verification(since=since), keys()
    seals, broken = _check_seals(result, known, now, heads or {})
    seen = _check_days(result, known, seals, broken, since)
    _check_counter(result, seen, since)
    return result


def _check_seals(
    result: Verification, known: Mapping[str, str], now: datetime, heads: Mapping[date, str]
) -> tuple[dict[date, DaySeal], set[date]]:
    """Every seal by its day, and the days whose seal proves nothing."""
    broken: set[date] = set()
    seals: dict[date, DaySeal] = {seal.day: seal for seal in DaySeal.objects.order_by("day")}
    previous, expected = CHAIN_BEGINS, None
    for day, seal in seals.items():
        if expected is not None and day != expected:
            result.note("seal_missing", expected, None, f"{_until(expected, day)}の封がありません。消されています。")
        elif not same(seal.previous_head, previous):
            result.note("seal_changed", day, None, f"{day}の封が、前の日の封につながりません。")
        key = known.get(seal.key_id)
        if key is None:
            broken.add(day)
            result.note("key_unknown", day, None, f"{day}の封を確かめる鍵（{seal.key_id}）がありません。")
        elif not same(head_of(seal.sealed_day, key), seal.head):
            broken.add(day)
            result.note("seal_changed", day, None, f"{day}の封が変えられています。")
        previous, expected = seal.head, day + timedelta(days=1)
        result.head_day, result.head = day, seal.head
    for day, kept in sorted(heads.items()):
        if day not in seals:
            result.note("seal_missing", day, None, f"控えのある{day}の封がありません。")
        elif len(kept) < 16 or not same(seals[day].head[: len(kept)], kept):
            result.note("seal_changed", day, None, f"{day}の封が、控えと合いません。")
    result.seals = len(seals)
    _notice_unsealed(result, seals, now)
    return seals, broken


def _notice_unsealed(result: Verification, seals: Mapping[date, DaySeal], now: datetime) -> None:
    first = result.head_day + timedelta(days=1) if result.head_day else _first_day()
    last = last_day_to_seal(now)
    if first and first <= last:
        result.notices.append(f"{_until(first, last + timedelta(days=1))}にまだ封をしていません（nimo audit seal）。")
    elif not seals:
        result.notices.append("封をした日はまだありません。")


def _first_day() -> date | None:
    first: date | None = Entry.objects.order_by("day").values_list("day", flat=True).first()
    return first


def _until(first: date, end: date) -> str:
    last = end - timedelta(days=1)
    return str(first) if first == last else f"{first}から{last}まで"


def _check_days(
    result: Verification,
    known: Mapping[str, str],
    seals: Mapping[date, DaySeal],
    broken: set[date],
    since: date | None,
) -> Seen:
    """Row by row, day by day; returns the numbers seen. Memory: one day's numbers at a time."""
    waiting = [day for day in seals if since is None or day >= since]
    at = 0
    seen: Seen = []

    def check(day: date, rows: Iterator[Row]) -> None:
        seal = None if day in broken else seals.get(day)
        numbers, sound = _check_rows(result, known, day, rows)
        if seal is not None:
            numbers = _compare_with_seal(result, seal, numbers, sound)
        elif day not in seals and seals and day <= max(seals):
            result.note("row_inserted", day, None, f"{day}には封がないのに、記録が{len(numbers)}件あります。")
        seen.extend((part, day) for part in numbers_in(ranges_of(sorted(number for number, _ in numbers))))

    for day, rows in _by_day(since):
        while at < len(waiting) and waiting[at] < day:
            check(waiting[at], iter(()))
            at += 1
        if at < len(waiting) and waiting[at] == day:
            at += 1
        check(day, rows)
    for day in waiting[at:]:
        check(day, iter(()))
    return seen


Row = dict[str, Any]
Seen = list[tuple[range, date]]


def _by_day(since: date | None) -> Iterator[tuple[date, Iterator[Row]]]:
    entries = Entry.objects.order_by("day", "id")
    if since:
        entries = entries.filter(day__gte=since)
    return groupby(entries.values(*_FIELDS).iterator(chunk_size=2000), key=itemgetter("day"))


Pairs = list[tuple[int, str]]


def _check_rows(result: Verification, known: Mapping[str, str], day: date, rows: Iterator[Row]) -> tuple[Pairs, bool]:
    """The (number, MAC) pairs of a day, and whether every MAC fits its row."""
    pairs: Pairs = []
    sound = True
    for row in rows:
        mac, number, key_id = row.pop("mac"), row["id"], row["key_id"]
        pairs.append((number, mac))
        key = known.get(key_id)
        if key is None:
            sound = False
            result.note("key_unknown", day, number, f"{day}の記録{number}を確かめる鍵（{key_id}）がありません。")
        elif not same(mac_of(Content(**row), key), mac):
            sound = False
            result.note(
                "row_changed",
                day,
                number,
                f"{day}の記録{number}が変えられたか、差し込まれたか、並べ替えられています。",
            )
    result.entries += len(pairs)
    result.days += 1
    return pairs, sound


def _compare_with_seal(result: Verification, seal: DaySeal, pairs: Pairs, sound: bool) -> Pairs:
    """Names rows that are gone or too many. What is gone counts as seen, so that nothing is said twice."""
    day = seal.day
    here = {number for number, _ in pairs}
    there = set(chain.from_iterable(numbers_in(seal.ranges)))
    for number in sorted(there - here):
        result.note("row_removed", day, number, f"{day}の記録{number}が消されています。")
    for number in sorted(here - there):
        result.note("row_inserted", day, number, f"{day}の記録{number}は、封をしたあとに差し込まれています。")
    if sound and here == there and not same(rows_digest(pairs), seal.digest):
        result.note("day_changed", day, None, f"{day}の記録が、封をしたときと違います。")
    return [*pairs, *((number, "") for number in there - here)]


def _check_counter(result: Verification, seen: Seen, since: date | None) -> None:
    """SQLite numbers rows without gaps and remembers the highest number: what is missing there was removed."""
    if connection.vendor != "sqlite" or (since is not None and not seen):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'")
        row = cursor.fetchone()
    highest = int(row[0]) if row else 0
    ordered = sorted(seen, key=lambda part: part[0].start)
    next_number = 1 if since is None else ordered[0][0].start
    for numbers, day in ordered:
        if numbers.start > next_number:
            _note_gap(result, next_number, numbers.start - 1, f"{day}かその前の、")
        next_number = max(next_number, numbers.stop)
    if next_number <= highest:
        after = f"{ordered[-1][1]}かそのあとの、" if ordered else ""
        _note_gap(result, next_number, highest, after)


def _note_gap(result: Verification, first: int, last: int, when: str) -> None:
    which = f"{first}" if first == last else f"{first}から{last}まで"
    result.note("row_removed", None, first, f"{when}まだ封をしていない記録{which}が消されています。")
