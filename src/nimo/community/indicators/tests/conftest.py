from __future__ import annotations

import pytest

from nimo.community.indicators.services.dictionary import load_dictionary
from nimo.community.indicators.tests.support import SYSTEM, make_regions
from tests.support.people import empty_places


@pytest.fixture
def store(db):
    """Regions and the packaged dictionary."""
    empty_places()
    make_regions()
    load_dictionary(actor=SYSTEM)
