"""A place with a database of its own where real worker processes work, on SQLite files or in PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

REPOSITORY = Path(__file__).resolve().parents[5]
POSTGRESQL = os.environ.get("NIMO_TEST_DATABASE") == "postgresql"
READY = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'READY'"


class Station:
    """A data folder, a database, and the processes that work on it. url: of PostgreSQL, "" on SQLite."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.url = url
        self._begun: list[subprocess.Popen[bytes]] = []
        paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
        self.environment = {**os.environ, "NIMO_DATA_DIR": str(folder), "PYTHONPATH": paths}
        for name in ("NIMO_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            self.environment.pop(name, None)
        if url:
            self.environment["NIMO_DATABASE_URL"] = url

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "nimo.foundation.jobs.tests.process", *arguments]
        process = subprocess.Popen(command, env=self.environment, cwd=REPOSITORY)
        self._begun.append(process)
        return process

    def end(self) -> None:
        """No process outlives its test."""
        for process in self._begun:
            if process.poll() is None:
                process.kill()
                process.wait(10)

    def lines(self) -> list[str]:
        file = self.folder / "lines.txt"
        return file.read_text().splitlines() if file.exists() else []

    def _ask(self, query: str) -> list[tuple]:
        if self.url:
            with psycopg.connect(self.url) as database:
                return database.execute(query).fetchall()
        with closing(sqlite3.connect(self.folder / "nimo.sqlite3", timeout=10)) as database:
            return database.execute(query).fetchall()

    def jobs(self, *columns: str) -> list[tuple]:
        return self._ask(f"SELECT {', '.join(columns)} FROM jobs_job ORDER BY requested_at, id")

    def calls(self) -> int:
        """How many calls wait in the queue."""
        return self._ask(READY)[0][0]

    def wait_until(self, condition: Callable[[], bool]) -> None:
        for _ in range(1200):
            if condition():
                return
            time.sleep(0.05)
        pytest.fail(f"waited in vain: {self.lines()} {self.jobs('state', 'attempts', 'losses')}")


class Stations:
    """Makes stations: every scenario is prepared once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[str] = set()
        self._number = 0

    def _url(self, name: str) -> str:
        parts = urlsplit(os.environ["NIMO_DATABASE_URL"])
        return urlunsplit(parts._replace(path=f"/{name}"))

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as server:
            server.execute(statement)

    def make(self, scenario: str, folder: Path) -> Station:
        if not POSTGRESQL:
            if not self._made:
                assert Station(self._folder).begin("prepare").wait(120) == 0
                self._made.add("all")
            for name in ("nimo.sqlite3", "side.sqlite3"):
                shutil.copy(self._folder / scenario / name, folder / name)
            return Station(folder)
        template = f"station_{os.getpid()}_{scenario}"
        if scenario not in self._made:
            self._administer(f"CREATE DATABASE {template}")
            assert Station(folder, self._url(template)).begin("prepare", scenario).wait(120) == 0
            self._made.add(scenario)
        self._number += 1
        name = f"{template}_{self._number}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Station(folder, self._url(name))
