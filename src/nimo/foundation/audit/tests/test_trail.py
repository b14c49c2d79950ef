"""What is written, and that it can only be added to."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit import rules, trail
from nimo.foundation.audit.models import AppendOnly, DaySeal, Entry
from nimo.foundation.audit.trail import UnableToRecord, diff_of, record, record_read

NOW = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
ORGANISATION = UUID(int=7)
ACTOR = Actor(
    kind="user",
    now=NOW,
    name="試験 花子",
    user_id=UUID(int=1),
    grants=(Grant(Role.PREFECTURE_OFFICER, ORGANISATION, "試験県 障害福祉課", "10000", frozenset(), {}),),
    request_id="r-1",
)
DONE = rules.register_verb("audit.tested", "試験のために書いた")


@pytest.mark.django_db
def test_writes_who_did_what_to_what_with_names_as_text():
    number = record(
        ACTOR,
        verb=DONE,
        target=("sheets.sheet", "s-1"),
        region_code="10205",
        organisation_id=ORGANISATION,
        reason="年度更新",
        diff={"state": ["draft", "confirmed"]},
    )
    entry = Entry.objects.get(pk=number)
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("user", str(UUID(int=1)), "試験 花子")
    assert entry.actor_organisation_name == "試験県 障害福祉課"
    assert (entry.target_type, entry.target_id, entry.region_code) == ("sheets.sheet", "s-1", "10205")
    assert entry.occurred_at == NOW
    assert entry.diff == '{"state":["draft","confirmed"]}'
    assert entry.request_id == "r-1"
    assert rules.mac_of(entry.content, settings.AUDIT_KEY) == entry.mac


@pytest.mark.django_db
def test_day_is_the_japanese_day_of_writing(monkeypatch):
    monkeypatch.setattr(trail, "clock", lambda: datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
    assert str(Entry.objects.get(pk=record(ACTOR, verb=DONE, target=("a.b", "1"))).day) == "2026-04-01"


@pytest.mark.django_db
def test_refuses_a_verb_nobody_registered():
    with pytest.raises(rules.UnknownVerb), transaction.atomic():
        record(ACTOR, verb="audit.never_registered", target=("a.b", "1"))
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["password", "new_password", "code_hash", "token"])
def test_refuses_to_keep_a_secret(name):
    with pytest.raises(ValueError, match="never holds"), transaction.atomic():
        record(ACTOR, verb=DONE, target=("a.b", "1"), diff={name: ["a", "b"]})


@pytest.mark.django_db
def test_keeps_the_mark_that_a_secret_was_changed():
    diff = diff_of({"password": "a"}, {"password": "b"}, withhold={"password"})
    entry = Entry.objects.get(pk=record(ACTOR, verb=DONE, target=("a.b", "1"), diff=diff))
    assert rules.WITHHELD in entry.diff


@pytest.mark.django_db(transaction=True)
def test_refuses_outside_a_transaction():
    with pytest.raises(UnableToRecord):
        record(ACTOR, verb=DONE, target=("a.b", "1"))
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reading_opens_its_own_transaction():
    record_read(ACTOR, verb=DONE, target=("a.list", ""), conditions={"件数": 3})
    assert Entry.objects.get().diff == '{"条件":{"件数":3}}'


@pytest.mark.django_db(transaction=True)
def test_undoes_the_act_when_the_row_cannot_be_written(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    def act() -> None:
        with transaction.atomic():
            record(ACTOR, verb=DONE, target=("a.b", "1"))
            monkeypatch.setattr(Entry, "save", broken)
            record(ACTOR, verb=DONE, target=("a.b", "2"))

    with pytest.raises(UnableToRecord) as refusal:
        act()
    assert not Entry.objects.exists()
    assert "何も変わっていません" in str(refusal.value)


@pytest.mark.django_db(transaction=True)
def test_undoes_the_act_even_when_the_failure_is_swallowed(monkeypatch):
    monkeypatch.setattr(trail, "_next_id", lambda: 1)
    with transaction.atomic():
        record(ACTOR, verb=DONE, target=("a.b", "1"))
        with pytest.raises(UnableToRecord):
            record(ACTOR, verb=DONE, target=("a.b", "taken number"))
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_rows_cannot_be_changed_or_removed_through_the_model():
    entry = Entry.objects.get(pk=record(ACTOR, verb=DONE, target=("a.b", "1")))
    entry.reason = "別の理由"
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(reason="x"),
        lambda: Entry.objects.bulk_create([entry]),
        lambda: Entry.objects.bulk_update([entry], ["reason"]),
        lambda: DaySeal.objects.all().delete(),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            attempt()


@pytest.mark.django_db
@pytest.mark.parametrize("table", rules.GUARDED_TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET key_id = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_rows(table, sql):
    record(ACTOR, verb=DONE, target=("a.b", "1"))
    DaySeal(day=NOW.date(), count=0, sealed_at=NOW).save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


@pytest.mark.django_db
def test_the_database_refuses_to_truncate():
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE は PostgreSQL だけの命令です")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry")


def test_diff_holds_what_differs_only():
    before = {"name": "甲", "count": 1, "rate": Decimal("1.5"), "gone": "x"}
    after = {"name": "乙", "count": 1, "rate": Decimal("1.50"), "new": UUID(int=0)}
    assert diff_of(before, after) == {"name": ["甲", "乙"], "gone": ["x", None], "new": [None, str(UUID(int=0))]}


@pytest.mark.django_db
def test_a_huge_diff_is_shortened_instead_of_refused():
    diff = {f"field{number}": ["旧" * 400, "新" * 400] for number in range(200)}
    entry = Entry.objects.get(pk=record(ACTOR, verb=DONE, target=("a.b", "1"), diff=diff))
    assert len(entry.diff) < rules.DIFF_LIMIT
    assert '"_項目数":200' in entry.diff


@pytest.mark.django_db
def test_free_text_longer_than_its_column_is_cut_and_nul_replaced():
    entry = Entry.objects.get(pk=record(ACTOR, verb=DONE, target=("a.b", "1"), reason="理\0由" * 400))
    assert len(entry.reason) == rules.TEXT_LIMIT
    assert "\0" not in entry.reason
