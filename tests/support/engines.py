"""Who asks on the second database (docs/decisions/0002).

The walks over every address ask as everybody on SQLite. On PostgreSQL they open the same addresses and look for the
same, as a few people who between them reach all of it: who may what is decided in Python, the same on both; what
differs is the SQL behind each page. NIMO_TEST_EVERYBODY=1 asks as everybody there too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
POSTGRESQL = os.environ.get("NIMO_TEST_DATABASE") == "postgresql"


def asking(everybody: Sequence[T], few: Sequence[T]) -> Sequence[T]:
    """`few`, who are some of `everybody`, where the second database is asked."""
    assert set(few) <= set(everybody)
    return few if POSTGRESQL and "NIMO_TEST_EVERYBODY" not in os.environ else everybody
