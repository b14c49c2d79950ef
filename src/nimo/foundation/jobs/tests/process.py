"""A process of its own for test_workers: prepares databases with jobs waiting, works, or cancels. Not a test.

`python -m nimo.foundation.jobs.tests.process prepare [scenario] | work burst|on | cancel` with NIMO_DATA_DIR set, and
NIMO_DATABASE_URL for PostgreSQL (then a database holds one scenario, and is copied by the server).
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

# by name: an app never imports the configuration
base = import_module("nimo.config.settings")

FOUNDATION = {"access", "ui", "audit", "regions", "accounts", "jobs", "files", "notices"}
if not settings.configured:
    apps = [app for app in base.INSTALLED_APPS if not app.startswith("nimo.") or app.rsplit(".", 1)[1] in FOUNDATION]
    own = {
        "INSTALLED_APPS": apps,
        "MIGRATION_MODULES": {app.rsplit(".", 1)[-1]: None for app in apps},  # tables at once, without the history
    }
    settings.configure(**{**{name: getattr(base, name) for name in dir(base) if name.isupper()}, **own})
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from nimo.foundation.access.actors import Actor  # noqa: E402
from nimo.foundation.jobs import rules, services  # noqa: E402
from nimo.foundation.jobs.choices import FINAL_STATES  # noqa: E402
from nimo.foundation.jobs.management import worker  # noqa: E402
from nimo.foundation.jobs.models import Job  # noqa: E402

LINES = Path(os.environ["NIMO_DATA_DIR"]) / "lines.txt"


def _write(line: str) -> None:
    with LINES.open("a") as file:  # short appends do not mix
        file.write(f"{line}\n")


@rules.job("test.line")
def line(run: rules.JobRun) -> dict[str, object]:
    """Leaves one line; stays a moment, so that workers meet."""
    run.progress(0, 1)
    _write(str(run.job_id))
    time.sleep(0.01)
    return {}


@rules.job("test.hang")
def hang(run: rules.JobRun) -> dict[str, object]:
    """The first attempt never ends by itself; the next one does."""
    _write(f"attempt {run.attempt}")
    while run.attempt == 1:
        time.sleep(0.05)
        run.stop_if_cancelled()
    return {"attempt": run.attempt}


@rules.job("test.poison")
def poison(run: rules.JobRun) -> dict[str, object]:
    """Takes its worker with it, every time."""
    _write(f"poison {run.attempt}")
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


@rules.job("test.chunks")
def chunks(run: rules.JobRun) -> dict[str, object]:
    """Commits chunk after chunk, and would go on for a minute."""
    for number in range(1200):
        run.progress(number, 1200, f"{number}個目")
        _write(f"chunk {number}")
        time.sleep(0.05)
    return {}


@rules.job("test.exclusive")
def exclusive(run: rules.JobRun) -> dict[str, object]:
    """Says when it begins and ends; the second attempt must not begin while the first one lives."""
    _write(f"begin {run.attempt} {os.getpid()}")
    for _ in range(40):
        run.stop_if_cancelled()
        time.sleep(0.05)
    _write(f"end {run.attempt} {os.getpid()}")
    return {"attempt": run.attempt}


SCENARIOS = {
    "many": ("test.line",) * 12,
    "hanging": ("test.hang",),
    "poison": ("test.poison", "test.line"),
    "chunks": ("test.chunks",),
    "exclusive": ("test.exclusive",) * 3,
}


def prepare(only: str = "") -> None:
    """The tables; on SQLite in a folder for each scenario a copy of them with its jobs waiting, else just `only`."""
    for alias in ("default", "side"):
        call_command("migrate", database=alias, run_syncdb=True, interactive=False, verbosity=0, skip_checks=True)
    actor = Actor.system("試験", now=timezone.now())
    for name in (only,) if only else SCENARIOS:
        with transaction.atomic():
            for code in SCENARIOS[name]:
                services.enqueue(actor=actor, code=code, title=code)
        if not only:
            _copy(LINES.parent / name)


def _copy(folder: Path) -> None:
    folder.mkdir()
    for alias in ("default", "side"):
        source = connections[alias]
        source.ensure_connection()
        with closing(sqlite3.connect(folder / Path(source.settings_dict["NAME"]).name)) as copy:
            source.connection.backup(copy)
    Job.objects.all().delete()
    DBTaskResult.objects.all().delete()


def cancel() -> None:
    """Somebody presses 中止 on every job that has not ended."""
    for job in Job.objects.exclude(state__in=FINAL_STATES):
        services.cancel(actor=Actor.system("試験", now=timezone.now()), job_id=job.pk)


def main(verb: str, how: str = "") -> None:
    if verb == "prepare":
        prepare(how)
    elif verb == "cancel":
        cancel()
    elif verb == "work":
        rules.LOST_AFTER = timedelta(seconds=1)
        worker.LOOK_FOR_LOST_SECONDS = 0.2
        rules.HEARTBEAT_SECONDS = 0.2
        worker.work(burst=how == "burst", idle_seconds=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
