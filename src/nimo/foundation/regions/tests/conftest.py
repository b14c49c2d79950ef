from __future__ import annotations

import pytest
from django.db import transaction

from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import SYSTEM
from tests.support.people import empty_places


@pytest.fixture(scope="module")
def loaded_country(django_db_setup, django_db_blocker):
    """The shipped list, loaded once for a module and taken away after it; each test works in a savepoint of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        empty_places()
        report = services.load_municipalities(actor=SYSTEM)
        with django_db_blocker.block():
            yield report
        transaction.set_rollback(True)


@pytest.fixture
def country(loaded_country, db):
    """The nation, its prefectures, municipalities and wards."""
    return loaded_country
