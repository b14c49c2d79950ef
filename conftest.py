"""What every test of the repository stands on: the national list and the dictionary are in the database once a run."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.support.people import load_places


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
