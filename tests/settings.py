"""Settings of the test suite: a data folder of its own, a fast password hasher, and either database.

NIMO_TEST_DATABASE=postgresql starts a throw-away server; workers of pytest-xdist inherit its address.
"""

import atexit
import os
import shutil
import tempfile

from tests.support.postgres import ThrowAwayPostgres

if "NIMO_TEST_DATA_DIR" not in os.environ:
    os.environ["NIMO_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="nimo-test-")
    atexit.register(shutil.rmtree, os.environ["NIMO_TEST_DATA_DIR"], ignore_errors=True)
os.environ["NIMO_DATA_DIR"] = os.environ["NIMO_TEST_DATA_DIR"]

if os.environ.get("NIMO_TEST_DATABASE") == "postgresql":
    if not os.environ.get("NIMO_DATABASE_URL"):
        os.environ["NIMO_DATABASE_URL"] = ThrowAwayPostgres().start()
else:
    os.environ.pop("NIMO_DATABASE_URL", None)

from nimo.config.settings import *  # noqa: F403

if "NIMO_DATABASE_URL" not in os.environ:
    # Two tables, made at once: every migration of the house would be walked through to leave them as they are.
    # The real way for this file is tried by tests/operations (demo, check, restore, migrate).
    DATABASES["side"] = {**DATABASES["side"], "TEST": {"MIGRATE": False}}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
NIMO_REQUIRE_SECOND_FACTOR = False  # tests of the entrance and the journeys ask for it
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
