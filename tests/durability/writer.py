"""Writes rows as nimo does and says each one only once it is acknowledged; meant to be killed."""

from __future__ import annotations

import sqlite3
import sys
import time

from nimo.config.environment import sqlite_journal


def main(path: str) -> None:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={sqlite_journal()}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS entry(id INTEGER PRIMARY KEY, writer TEXT, number INTEGER)")
    writer = sys.argv[2]
    for number in range(100_000):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO entry(writer, number) VALUES (?, ?)", (writer, number))
        connection.execute("COMMIT")
        print(number, flush=True)
        time.sleep(0.001)  # people pause; a loop without a breath starves the other writer of a rollback journal


if __name__ == "__main__":
    main(sys.argv[1])
