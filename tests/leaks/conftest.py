from __future__ import annotations

import logging

import pytest

from tests.support.people import load_places


@pytest.fixture(autouse=True)
def office(settings, tmp_path, caplog) -> None:
    settings.STORED_FILES_DIR = tmp_path / "files"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    }
    caplog.set_level(logging.ERROR, logger="django.request")  # refusals by the hundred are what is expected here
    load_places()
