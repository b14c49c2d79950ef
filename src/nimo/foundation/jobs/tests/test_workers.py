"""Workers as processes of their own, on SQLite files: one job once, and no job lost with its worker."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[5]


class Station:
    """A data folder, and the processes that work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
        self.environment = {**os.environ, "NIMO_DATA_DIR": str(folder), "PYTHONPATH": paths}
        for name in ("NIMO_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            self.environment.pop(name, None)

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "nimo.foundation.jobs.tests.process", *arguments]
        return subprocess.Popen(command, env=self.environment, cwd=REPOSITORY)

    def lines(self) -> list[str]:
        file = self.folder / "lines.txt"
        return file.read_text().splitlines() if file.exists() else []

    def jobs(self, *columns: str) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / "nimo.sqlite3", timeout=10)) as database:
            return database.execute(f"SELECT {', '.join(columns)} FROM jobs_job").fetchall()

    def calls(self) -> int:
        """How many calls wait in the queue."""
        with closing(sqlite3.connect(self.folder / "nimo.sqlite3", timeout=10)) as database:
            query = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'READY'"
            return database.execute(query).fetchone()[0]

    def wait_until(self, condition) -> None:
        for _ in range(800):
            if condition():
                return
            time.sleep(0.05)
        pytest.fail(f"waited in vain: {self.lines()} {self.jobs('state', 'attempts', 'losses')}")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("station")
    assert Station(folder).begin("prepare").wait(120) == 0
    return folder


@pytest.fixture
def station(prepared, tmp_path, request) -> Station:
    """A fresh copy of the scenario the test asks for."""
    for name in ("nimo.sqlite3", "side.sqlite3"):
        shutil.copy(prepared / request.param / name, tmp_path / name)
    return Station(tmp_path)


many = pytest.mark.parametrize("station", ["many"], indirect=True)
hanging = pytest.mark.parametrize("station", ["hanging"], indirect=True)


@many
def test_three_workers_do_every_job_exactly_once(station):
    workers = [station.begin("work", "burst") for _ in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert len(station.lines()) == 12
    assert set(Counter(station.lines()).values()) == {1}
    assert set(station.jobs("state", "attempts")) == {("done", 1)}


@hanging
def test_the_job_of_a_killed_worker_is_done_by_another(station):
    first = station.begin("work", "on")
    station.wait_until(lambda: station.lines() == ["attempt 1"])
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    assert station.jobs("state") == [("running",)]
    second = station.begin("work", "on")
    station.wait_until(lambda: station.jobs("state") == [("done",)])
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    assert station.lines() == ["attempt 1", "attempt 2"]
    assert station.jobs("attempts", "losses") == [(2, 1)]


@hanging
def test_a_living_worker_that_is_silent_keeps_its_job(station):
    first, second = station.begin("work", "on"), station.begin("work", "on")
    try:
        station.wait_until(lambda: station.lines() == ["attempt 1"])
        time.sleep(3)  # three times as long as a dead worker is waited for
        assert station.lines() == ["attempt 1"]
        assert station.jobs("state", "attempts", "losses") == [("running", 1, 0)]
    finally:
        for worker in (first, second):
            worker.kill()
            worker.wait(10)


@hanging
def test_a_worker_asked_to_end_gives_its_job_back(station):
    worker = station.begin("work", "on")
    station.wait_until(lambda: station.lines() == ["attempt 1"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert station.jobs("state", "losses") == [("waiting", 0)]
    assert station.calls() == 1
