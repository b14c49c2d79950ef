"""What every test of the repository stands on: the national list and the dictionary are in the database once a run."""

from __future__ import annotations

import gc
import os
import unittest
from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.support.people import load_places

# A busy machine is no fault of the code: no property fails by the clock. A landing tries the same examples each time, so
# that it says something of the change; at a desk they are new ones each time.
settings.register_profile(
    "nimo", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("nimo")

DATABASE = frozenset({"db", "transactional_db", "django_db_setup", "live_server", "_django_db_helper"})
"""Fixtures through which, and only through which, pytest-django lets a test near a database."""


def _knows_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db") or not DATABASE.isdisjoint(getattr(item, "fixturenames", ())):
        return True
    return issubclass(getattr(item, "cls", None) or object, unittest.TestCase)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """`database` on every test that asks for one. What knows none says the same on both: it runs once (Makefile).

    And the longest first, else one worker would sit over one of them at the end and the other watch.
    """
    for item in items:
        if _knows_a_database(item):
            item.add_marker("database")
    yield
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """Those that empty the tables come behind all others that know a database; the short ones that know none fill up."""
    long = item.get_closest_marker("long") is not None
    mark = item.get_closest_marker("django_db")
    if (mark and mark.kwargs.get("transaction")) or "live_server" in getattr(item, "fixturenames", ()):
        return 2 if long else 3
    if long:
        return 0
    return 1 if item.get_closest_marker("database") else 4


def pytest_collection_finish() -> None:
    """Six thousand tests and their modules stay until the end: the collector need not go through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """No test reaches a database by a way `_knows_a_database` does not see, else PostgreSQL would never see the test."""
    item = request._pyfuncitem
    if fixturedef.argname in DATABASE and not item.get_closest_marker("database"):
        raise RuntimeError(f"{item.nodeid} asks for {fixturedef.argname} while it runs: mark it with django_db")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Committed before the first test, so that no test pays for it and PostgreSQL's planner knows the tables.

    Rows that only ever stood in rolled-back transactions leave the planner with "0 rows in many pages", and its plans
    become a thousand times slower than any office would see.
    """
    with django_db_blocker.unblock():
        load_places()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
