"""`nimo check`: is everything as it should be? Run daily; each line says what was looked at and what to do."""

from __future__ import annotations

import argparse
import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

Finding = tuple[bool, str]


def _settings() -> Iterator[Finding]:
    out = io.StringIO()
    try:
        call_command("check", fail_level="ERROR", stdout=out, stderr=out)
        yield True, "設定: 誤りはありません。"
    except CommandError as fault:
        yield False, f"設定: 直すところがあります。\n{fault}"


def _databases() -> Iterator[Finding]:
    for alias in ("default", "side"):
        connection = connections[alias]
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            yield True, f"データベース（{alias}）: つながります（{connection.vendor}）。"
            continue
        path = Path(str(settings.DATABASES[alias]["NAME"]))
        if not path.exists():
            yield False, f"データベース（{alias}）: まだありません。nimo migrate を行ってください。"
            continue
        with closing(sqlite3.connect(path)) as opened:
            (answer,) = opened.execute("PRAGMA quick_check").fetchone()
            (keys,) = opened.execute("SELECT count(*) FROM pragma_foreign_key_check").fetchone()
        if answer == "ok" and keys == 0:
            yield True, f"データベース（{alias}）: 壊れたところはありません（SQLite {sqlite3.sqlite_version}）。"
        else:
            yield False, f"データベース（{alias}）: 壊れたところがあります。nimo を止め、最後の書庫から戻してください。"


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield False, f"版: データベースが古い版です（{len(waiting)} 段）。nimo migrate を行ってください。"
    else:
        yield True, "版: データベースは今の版です。"


def _audit() -> Iterator[Finding]:
    out = io.StringIO()
    try:
        call_command("audit", "verify", stdout=out, stderr=out)
        yield True, f"監査: {out.getvalue().strip() or '変えられた記録はありません。'}"
    except CommandError as fault:
        yield False, f"監査: {fault}"


def _files() -> Iterator[Finding]:
    out = io.StringIO()
    try:
        call_command("files_check", quick=True, stdout=out, stderr=out)
        yield (
            True,
            f"ファイル: {out.getvalue().strip().splitlines()[-1] if out.getvalue().strip() else '異常はありません。'}",
        )
    except CommandError as fault:
        yield False, f"ファイル: {fault}"


def _jobs() -> Iterator[Finding]:
    out = io.StringIO()
    try:
        call_command("jobs_status", brief=True, stdout=out, stderr=out)
        yield True, f"処理: {out.getvalue().strip()}"
    except CommandError as fault:
        yield False, f"処理: {fault}"


def check(arguments: list[str]) -> int:
    """Exit code 0 when all is well, 1 when a line asks for something."""
    argparse.ArgumentParser(prog="nimo check", description="異常がないか確かめる").parse_args(arguments)
    django.setup()
    sections: list[Callable[[], Iterator[Finding]]] = [_settings, _databases, _migrations, _audit, _files, _jobs]
    fine = True
    for section in sections:
        for good, sentence in section():
            fine &= good
            print(f"{'○' if good else '×'} {sentence}")
        if not fine and section is _databases:
            break  # the later sections read the database
    print("異常はありません。" if fine else "直すところがあります。×の行をご覧ください。")
    return 0 if fine else 1
