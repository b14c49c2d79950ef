"""Sealing day by day, and finding out what somebody did to the tables behind our back."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit import rules, trail
from nimo.foundation.audit.models import DaySeal, Entry
from nimo.foundation.audit.queries.verification import Verification, verify
from nimo.foundation.audit.services import UnableToSeal, seal_days

DONE = rules.register_verb("audit.tested", "試験のために書いた")
FIRST = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)
AFTER = datetime(2026, 4, 2, 3, 0, tzinfo=UTC)
SYSTEM = Actor.system("試験", now=AFTER)
pytestmark = pytest.mark.django_db


def write(monkeypatch, day: int, times: int = 3) -> list[int]:
    moment = FIRST + timedelta(days=day)
    monkeypatch.setattr(trail, "clock", lambda: moment)
    with transaction.atomic():
        return [trail.record(SYSTEM, verb=DONE, target=("a.b", f"{day}-{n}")) for n in range(times)]


@pytest.fixture
def numbers(monkeypatch):
    """Row numbers by day: 30 and 31 March, none on 1 April, 2 April still open."""
    rows = {day: write(monkeypatch, day) for day in (0, 1, 3)}
    seal_days(actor=SYSTEM)
    return rows


def tamper(sql: str, *parameters: object) -> None:
    """Somebody with the rights of the database's owner: guards down, change, guards up."""
    with connection.cursor() as cursor:
        for statement in rules.no_guards(connection.vendor):
            cursor.execute(statement)
        cursor.execute(sql, parameters)
        for statement in rules.guards(connection.vendor):
            cursor.execute(statement)


def found(result: Verification) -> set[tuple[str, str, int | None]]:
    return {(finding.kind, str(finding.day), finding.entry_id) for finding in result.findings}


def check(**options: object) -> Verification:
    return verify(now=AFTER, **options)


def test_seals_every_day_that_is_over_also_the_empty_one(numbers):
    assert [(str(s.day), s.count) for s in DaySeal.objects.order_by("day")] == [
        ("2026-03-30", 3),
        ("2026-03-31", 3),
        ("2026-04-01", 0),
    ]
    assert check().sound
    assert check().entries == 9


def test_sealing_again_adds_nothing(numbers):
    assert seal_days(actor=SYSTEM) == []


def test_does_not_seal_the_day_that_is_not_over_nor_in_the_first_hour_after_it(monkeypatch):
    write(monkeypatch, 0)
    midnight = datetime(2026, 3, 30, 15, 0, tzinfo=UTC)
    assert seal_days(actor=Actor.system("試験", now=midnight)) == []
    assert seal_days(actor=Actor.system("試験", now=midnight + timedelta(minutes=59))) == []
    assert len(seal_days(actor=Actor.system("試験", now=midnight + timedelta(minutes=60)))) == 1


def test_refuses_to_seal_for_somebody_without_the_permission():
    grant = Grant(Role.ADVISER, UUID(int=1), "x", "10000", None, scopes_of(Role.ADVISER))
    with pytest.raises(UnableToSeal):
        seal_days(actor=Actor(kind="user", now=AFTER, name="x", grants=(grant,)))


@pytest.mark.parametrize(
    "column, value",
    [
        ("actor_name", "別人"),
        ("verb", "audit.other"),
        ("reason", "あとから書いた"),
        ("diff", '{"a":[1,2]}'),
        ("day", date(2026, 3, 29)),
        ("occurred_at", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_names_the_row_that_was_changed(numbers, column, value):
    number = numbers[1][1]
    tamper(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", value, number)
    assert any(finding.kind == "row_changed" and finding.entry_id == number for finding in check().findings)


def test_names_a_changed_row_of_the_day_that_is_not_sealed_yet(numbers):
    tamper("UPDATE audit_entry SET reason = 'x' WHERE id = %s", numbers[3][0])
    assert found(check()) == {("row_changed", "2026-04-02", numbers[3][0])}


def test_names_the_row_that_was_removed_from_a_sealed_day(numbers):
    tamper("DELETE FROM audit_entry WHERE id = %s", numbers[0][2])
    assert found(check()) == {("row_removed", "2026-03-30", numbers[0][2])}


def test_names_every_row_of_a_sealed_day_that_was_emptied(numbers):
    tamper("DELETE FROM audit_entry WHERE day = %s", date(2026, 3, 31))
    assert found(check()) == {("row_removed", "2026-03-31", number) for number in numbers[1]}


def test_names_the_rows_that_changed_places(numbers):
    one, other = numbers[0][0], numbers[0][1]
    tamper("UPDATE audit_entry SET id = 9999 WHERE id = %s", one)
    tamper("UPDATE audit_entry SET id = %s WHERE id = %s", one, other)
    tamper("UPDATE audit_entry SET id = %s WHERE id = 9999", other)
    assert found(check()) == {("row_changed", "2026-03-30", one), ("row_changed", "2026-03-30", other)}


def test_names_a_copied_row_that_was_inserted_into_a_sealed_day(numbers):
    columns = ", ".join(name for name in (*rules.Content.__slots__, "mac") if name != "id")
    tamper(
        f"INSERT INTO audit_entry (id, {columns}) SELECT 5000, {columns} FROM audit_entry WHERE id = %s", numbers[0][0]
    )
    assert {("row_changed", "2026-03-30", 5000), ("row_inserted", "2026-03-30", 5000)} <= found(check())


def test_finds_a_removed_row_of_the_open_day_where_numbers_have_no_gaps(numbers):
    tamper("DELETE FROM audit_entry WHERE id = %s", numbers[3][1])
    expected = {("row_removed", "None", numbers[3][1])} if connection.vendor == "sqlite" else set()
    assert found(check()) == expected  # PostgreSQL: the limit the README names


def test_finds_a_tail_that_was_cut_where_the_counter_remembers_it(numbers):
    tamper("DELETE FROM audit_entry WHERE id >= %s", numbers[3][1])
    expected = {("row_removed", "None", numbers[3][1])} if connection.vendor == "sqlite" else set()
    assert found(check()) == expected


def test_finds_a_seal_that_is_missing_in_the_middle(numbers):
    tamper("DELETE FROM audit_dayseal WHERE day = %s", date(2026, 3, 31))
    kinds = {(kind, day) for kind, day, _ in found(check())}
    assert ("seal_missing", "2026-03-31") in kinds


def test_finds_a_seal_that_was_changed(numbers):
    tamper("UPDATE audit_dayseal SET ranges = '1-99999999999' WHERE day = %s", date(2026, 3, 30))
    assert ("seal_changed", "2026-03-30", None) in found(check())


def test_finds_days_cut_off_with_their_seals_against_a_head_kept_elsewhere(numbers):
    kept = DaySeal.objects.get(day=date(2026, 3, 31)).head
    assert check(heads={date(2026, 3, 31): kept[:16]}).sound
    tamper("DELETE FROM audit_dayseal WHERE day >= %s", date(2026, 3, 31))
    assert ("seal_missing", "2026-03-31", None) in found(check(heads={date(2026, 3, 31): kept}))
    assert ("seal_changed", "2026-03-30", None) in found(check(heads={date(2026, 3, 30): "0" * 64}))


def test_says_which_days_wait_for_a_seal(monkeypatch):
    write(monkeypatch, 0)
    result = check()
    assert result.sound
    assert any("2026-03-30から2026-04-01まで" in notice for notice in result.notices)


def test_rows_of_an_older_key_verify_with_it_and_only_with_it(numbers, settings):
    old = settings.AUDIT_KEY
    settings.AUDIT_KEY = "another key"
    assert {kind for kind, *_ in found(check())} == {"key_unknown"}
    settings.AUDIT_OLD_KEYS = [old]
    assert check().sound


def test_looking_at_the_last_days_only_still_checks_the_whole_chain(numbers):
    result = check(since=date(2026, 3, 31))
    assert result.sound
    assert (result.entries, result.seals) == (6, 3)
    tamper("UPDATE audit_dayseal SET count = 9 WHERE day = %s", date(2026, 3, 30))
    assert not check(since=date(2026, 3, 31)).sound


def test_the_command_prints_the_head_and_fails_when_a_row_was_changed(numbers):
    out = io.StringIO()
    call_command("audit", "verify", stdout=out)
    last = DaySeal.objects.get(day=date(2026, 4, 1))
    assert f"2026-04-01:{last.head}" in out.getvalue() or last.head in out.getvalue()
    tamper("UPDATE audit_entry SET reason = 'x' WHERE id = %s", numbers[0][0])
    err = io.StringIO()
    with pytest.raises(CommandError, match="1か所"):
        call_command("audit", "verify", stdout=out, stderr=err)
    assert f"2026-03-30の記録{numbers[0][0]}" in err.getvalue()


def test_the_command_seals(monkeypatch):
    write(monkeypatch, 0)
    out = io.StringIO()
    call_command("audit", "seal", stdout=out)
    assert Entry.objects.count() == 3
    assert DaySeal.objects.get(day=date(2026, 3, 30)).head in out.getvalue() or DaySeal.objects.count() > 7
