"""Every journey begins with places, an empty file store and the second factor required, as in an office."""

from __future__ import annotations

import pytest

from tests.support.people import load_places


@pytest.fixture(autouse=True)
def office(settings, tmp_path) -> None:
    settings.STORED_FILES_DIR = tmp_path / "files"
    settings.NIMO_REQUIRE_SECOND_FACTOR = True
    settings.CACHES = {  # the rate limits of one journey must not stop another
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }
    load_places()
