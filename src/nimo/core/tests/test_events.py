"""Events: handled after the commit, each on its own, and without a word about the record."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from nimo.core import events


@dataclass(frozen=True)
class IssueResolved:
    title: str


@dataclass(frozen=True)
class IssueReopened(IssueResolved):
    pass


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_handlers", {})


@pytest.fixture
def pending(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What waits for the commit, instead of a database."""
    waiting: list[Callable[[], None]] = []
    monkeypatch.setattr(events.transaction, "on_commit", waiting.append)
    return waiting


def test_calls_every_handler_with_the_event_after_the_commit(pending: list[Callable[[], None]]) -> None:
    seen: list[tuple[str, str]] = []

    @events.on(IssueResolved)
    def first(event: IssueResolved) -> None:
        seen.append(("first", event.title))

    @events.on(IssueResolved)
    def second(event: IssueResolved) -> None:
        seen.append(("second", event.title))

    events.publish(IssueResolved("退院先の住まい"))
    assert seen == []
    for run in pending:
        run()
    assert seen == [("first", "退院先の住まい"), ("second", "退院先の住まい")]


def test_keeps_events_of_other_classes_apart(pending: list[Callable[[], None]]) -> None:
    @events.on(IssueResolved)
    def handler(event: IssueResolved) -> None:
        raise AssertionError("not my event")

    events.publish(IssueReopened("x"))
    events.publish("a plain text")
    assert pending == []


def test_lets_the_other_handlers_run_when_one_fails(
    pending: list[Callable[[], None]], caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    @events.on(IssueResolved)
    def fails(event: IssueResolved) -> None:
        raise RuntimeError(f"could not notify about {event.title}")

    @events.on(IssueResolved)
    def works(event: IssueResolved) -> None:
        seen.append(event.title)

    events.publish(IssueResolved("山田太郎さんの退院"))
    with caplog.at_level(logging.DEBUG, logger="nimo.core.events"):
        for run in pending:
            run()
    assert seen == ["山田太郎さんの退院"]
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert events.code_name(fails) in record.getMessage()
    assert "RuntimeError" in record.getMessage()
    assert "山田" not in logging.Formatter().format(record)
    assert record.exc_info is None


def test_refuses_a_handler_registered_twice() -> None:
    def handler(event: IssueResolved) -> None:
        """Never called."""

    assert events.on(IssueResolved)(handler) is handler
    with pytest.raises(ValueError, match="already handles IssueResolved"):
        events.on(IssueResolved)(handler)


def test_lists_what_is_registered() -> None:
    @events.on(IssueResolved)
    def handler(event: IssueResolved) -> None:
        """Never called."""

    assert events.registered() == {IssueResolved: (events.code_name(handler),)}


@pytest.mark.django_db
def test_waits_for_the_real_commit_and_forgets_on_rollback(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    seen: list[str] = []

    @events.on(IssueResolved)
    def handler(event: IssueResolved) -> None:
        seen.append(event.title)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        with events.transaction.atomic():
            events.publish(IssueResolved("rolled back"))
            events.transaction.set_rollback(True)
        with events.transaction.atomic():
            events.publish(IssueResolved("kept"))
        assert seen == []
    assert seen == ["kept"]


def test_imports_without_configured_settings() -> None:
    code = "import nimo.core.events as e; e.on(int)(print); assert e.registered()"
    done = subprocess.run([sys.executable, "-c", code], env={"PATH": ""}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
