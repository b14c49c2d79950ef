from __future__ import annotations

import pytest

from nimo.community.indicators.tests.support import make_regions
from tests.support.people import empty_regions


@pytest.fixture
def store(db):
    """A few regions of its own, and the packaged dictionary as the root conftest.py loaded it."""
    empty_regions()
    make_regions()
