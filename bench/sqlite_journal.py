"""ADR 0003: what the rollback journal costs against the write-ahead log, with an fsync for each commit in both."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from bench.timing import say


def _open(path: Path, journal: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _writes(folder: Path, journal: str, *, commits: int = 400) -> float:
    """Seconds for short commits of five rows each, one writer."""
    path = folder / f"{journal}.sqlite3"
    with closing(_open(path, journal)) as connection:
        connection.execute("CREATE TABLE entry(id INTEGER PRIMARY KEY, text TEXT)")
        begin = time.perf_counter()
        for number in range(commits):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO entry(text) VALUES (?)", [(f"{number}-{i}" * 8,) for i in range(5)])
            connection.execute("COMMIT")
        return time.perf_counter() - begin


def _reads_beside_a_writer(folder: Path, journal: str, *, reads: int = 2000) -> tuple[float, int]:
    """Seconds for point reads while another connection commits all the time; and lock errors met."""
    path = folder / f"{journal}.sqlite3"
    stop, errors = threading.Event(), 0

    def write() -> None:
        with closing(_open(path, journal)) as connection:
            while not stop.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO entry(text) VALUES ('x')")
                connection.execute("COMMIT")
                time.sleep(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with closing(_open(path, journal)) as connection:
            begin = time.perf_counter()
            for number in range(reads):
                try:
                    connection.execute("SELECT text FROM entry WHERE id = ?", (1 + number % 2000,)).fetchone()
                except sqlite3.OperationalError:
                    errors += 1
            return time.perf_counter() - begin, errors
    finally:
        stop.set()
        writer.join()


def run() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        times = {
            journal: min(_writes(Path(tempfile.mkdtemp(dir=folder)), journal) for _ in range(3))
            for journal in ("WAL", "TRUNCATE")
        }
        for journal in times:
            _writes(folder, journal)
        reads = {journal: _reads_beside_a_writer(folder, journal) for journal in times}
    print(f"  SQLite {sqlite3.sqlite_version}、synchronous=FULL")
    say("短い書き込み（TRUNCATE）", times["TRUNCATE"], times["WAL"], "WAL")
    say("書き込みのそばの読み出し（TRUNCATE）", reads["TRUNCATE"][0], reads["WAL"][0], "WAL")
    print(f"  施錠の誤り: WAL {reads['WAL'][1]}、TRUNCATE {reads['TRUNCATE'][1]}")
