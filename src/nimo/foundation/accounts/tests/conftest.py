from __future__ import annotations

import pytest

from nimo.foundation.accounts.tests.world import World


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture(autouse=True)
def own_cache(settings, tmp_path):
    """Rate limits of one test must not stop another."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }
