"""Query counts that must not grow with the data."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext


def count_queries(run: Callable[[], object]) -> int:
    """Queries on every connection while `run` runs (savepoints and transaction words not counted)."""
    contexts = [CaptureQueriesContext(connections[alias]) for alias in connections]
    for context in contexts:
        context.__enter__()
    try:
        run()
    finally:
        for context in contexts:
            context.__exit__(None, None, None)
    words = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    seen = {id(query): query["sql"] for context in contexts for query in context.captured_queries}
    return sum(1 for sql in seen.values() if not sql.startswith(words))


def assert_constant_queries(run: Callable[[], object], grow: Callable[[], object]) -> None:
    """Runs, grows the data, runs again: the same number of queries, else the list has an N+1."""
    run()  # caches of the process are filled first
    before = count_queries(run)
    grow()
    after = count_queries(run)
    assert after == before, f"queries grew with the data: {before} before, {after} after"


def learn_sizes(*tables: str) -> None:
    """The planner reads these tables, so that its plans are those of an office and not of empty tables."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
