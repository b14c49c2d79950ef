"""ADR 0003: what was acknowledged is there after kill -9, whatever journal the machine's SQLite gets."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from nimo.config.environment import sqlite_journal

ROOT = Path(__file__).resolve().parents[2]


def _kill_in_the_middle(path: Path, journal: str, after: float) -> dict[str, int]:
    """Two writers on one file, both killed without warning; the last number each of them acknowledged."""
    environment = {**os.environ, "NIMO_SQLITE_JOURNAL": journal, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    writers = {
        name: subprocess.Popen(
            [sys.executable, "-m", "tests.durability.writer", str(path), name],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    }
    for child in writers.values():
        assert child.stdout is not None
        first = child.stdout.readline()  # both are writing before the clock starts
        assert first.strip() == "0", child.stderr.read() if child.stderr else ""
    time.sleep(after)
    for child in writers.values():
        child.kill()
    said = {}
    for name, child in writers.items():
        lines = [line for line in child.communicate()[0].splitlines() if line.strip().isdigit()]
        said[name] = int(lines[-1]) if lines else 0
    return said


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_an_acknowledged_write_survives_kill_9(tmp_path, journal):
    path = tmp_path / "nimo.sqlite3"
    pauses = random.Random(20261120)
    for _ in range(3):
        said = _kill_in_the_middle(path, journal, pauses.uniform(0.1, 0.4))
        with closing(sqlite3.connect(path, timeout=20)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            for name, last in said.items():
                rows = connection.execute(
                    "SELECT count(*) FROM entry WHERE writer = ? AND number <= ?", (name, last)
                ).fetchone()[0]
                assert rows == last + 1, f"{name} acknowledged {last}, {rows} rows are there"
            connection.execute("DELETE FROM entry")
            connection.commit()


def test_the_journal_follows_the_library():
    assert sqlite_journal((3, 40, 1)) == "TRUNCATE"
    assert sqlite_journal((3, 51, 3)) == "WAL"
    assert sqlite_journal((3, 53, 0)) == "WAL"


def test_the_operator_may_choose_the_journal(monkeypatch):
    monkeypatch.setenv("NIMO_SQLITE_JOURNAL", "wal")
    assert sqlite_journal((3, 40, 1)) == "WAL"
