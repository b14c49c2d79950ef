"""The first loading, into an empty database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import SYSTEM, actor
from tests.support.people import empty_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_yet(db):
    empty_places()


def test_is_done_in_bulk():
    with CaptureQueriesContext(connection) as seen:
        services.load_municipalities(actor=SYSTEM)
    assert len(seen) < 40


def test_is_not_for_the_manager_of_one_prefecture():
    with pytest.raises(services.UnableToChange, match="システム管理者"):
        services.load_municipalities(actor=actor(Role.PREFECTURE_MANAGER))
    assert not Region.objects.exists()
    assert services.load_municipalities(actor=actor(Role.SYSTEM_ADMINISTRATOR, below=None)).created > 1900
