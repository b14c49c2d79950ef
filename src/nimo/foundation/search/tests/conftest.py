from __future__ import annotations

import pytest

from nimo.core.searching import sources
from nimo.foundation.search.services import index
from nimo.foundation.search.tests.support import Shelf


@pytest.fixture
def shelf(db, monkeypatch) -> Shelf:
    index.discover()
    made = Shelf()
    monkeypatch.setattr(sources, "_sources", {**sources._sources, made.code: made.source()})
    return made
