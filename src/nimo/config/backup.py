"""`nimo backup` and `nimo restore`: one archive with everything, checked by reading it back.

The archive holds the keys too (without them neither the audit nor the files can be verified): keep it as
carefully as the system itself. Restoring is two steps like every import: show, then --yes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from nimo.config.environment import data_directory

MANIFEST = "manifest.json"
DATABASE = "nimo.sqlite3"
DUMP = "nimo.pgdump"
_DAMAGED = (
    "データベースに壊れたところがあります。何も変わっていません。前の書庫を残したまま、管理者に連絡してください。"
)


class UnableToBackUp(Exception):
    """str() is the Japanese sentence for the operator."""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _members(folder: Path) -> Iterator[Path]:
    for name in ("keys", "files"):
        root = folder / name
        if root.is_dir():
            yield from sorted(path for path in root.rglob("*") if path.is_file())


def _database_copy(folder: Path, target: Path) -> tuple[str, Path]:
    """A consistent copy while the system runs: SQLite's own backup, or pg_dump."""
    url = os.environ.get("NIMO_DATABASE_URL")
    if url:
        tool = shutil.which("pg_dump")
        if not tool:
            raise UnableToBackUp("pg_dump が見つかりません。PostgreSQL の道具を入れてから、もう一度行ってください。")
        dump = target / DUMP
        done = subprocess.run([tool, "-Fc", "-f", str(dump), url], check=False, capture_output=True)
        if done.returncode:
            raise UnableToBackUp("データベースを写せませんでした（pg_dump）。何も変わっていません。")
        return DUMP, dump
    source = folder / DATABASE
    if not source.exists():
        raise UnableToBackUp("データベースがまだありません。nimo serve か nimo demo を一度動かしてください。")
    copy = target / DATABASE
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as written:
            live.backup(written, pages=4096)
    except sqlite3.DatabaseError as fault:
        raise UnableToBackUp(_DAMAGED) from fault
    _check_database(copy)
    return DATABASE, copy


def _check_database(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as fault:
        raise UnableToBackUp(_DAMAGED) from fault
    if answer != "ok":
        raise UnableToBackUp(_DAMAGED)


def write(folder: Path, target: Path, *, now: datetime) -> dict[str, object]:
    """Writes the archive and reads it back; raises UnableToBackUp, leaving no half-written file."""
    if target.exists():
        raise UnableToBackUp(f"{target.name} はすでにあります。別の名前にしてください。何も変わっていません。")
    half = target.with_name(target.name + ".half")
    with tempfile.TemporaryDirectory() as scratch:
        name, database = _database_copy(folder, Path(scratch))
        listed = {name: _digest(database)}
        try:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as archive:
                archive.add(database, name)
                for path in _members(folder):
                    inside = str(path.relative_to(folder))
                    listed[inside] = _digest(path)
                    archive.add(path, inside)
                manifest: dict[str, object] = {"made_at": now.isoformat(), "members": listed}
                content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                entry = tarfile.TarInfo(MANIFEST)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            with tempfile.TemporaryDirectory() as again:
                unpack(half, Path(again))
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
    return manifest


def unpack(archive: Path, into: Path) -> dict[str, object]:
    """Unpacks and verifies every member against the manifest; raises UnableToBackUp on any difference."""
    try:
        with tarfile.open(archive, "r:gz") as opened:
            opened.extractall(into, filter="data")
        manifest = json.loads((into / MANIFEST).read_text())
        members = dict(manifest["members"])
    except (tarfile.TarError, zlib.error, OSError, EOFError, KeyError, TypeError, ValueError) as fault:
        raise UnableToBackUp(
            "書庫を読めません。壊れているか、nimo の書庫ではありません。何も変わっていません。"
        ) from fault
    present = {str(p.relative_to(into)) for p in into.rglob("*") if p.is_file()} - {MANIFEST}
    if present != set(members) or any(_digest(into / name) != digest for name, digest in members.items()):
        raise UnableToBackUp("書庫の中身が、作ったときと違います。何も変わっていません。別の書庫を使ってください。")
    if DATABASE in members:
        _check_database(into / DATABASE)
    return dict(manifest)


def put_back(archive: Path, folder: Path, *, now: datetime) -> Path:
    """Replaces the data by the archive's; what was there is kept in the folder that is returned."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        manifest = unpack(archive, fresh)
        if DUMP in manifest["members"]:  # type: ignore[operator]
            _restore_postgresql(fresh / DUMP)
        aside = folder / f"before-restore-{now:%Y%m%d-%H%M%S}"
        aside.mkdir()
        for name in (
            DATABASE,
            f"{DATABASE}-wal",
            f"{DATABASE}-shm",
            f"{DATABASE}-journal",
            "side.sqlite3",
            "side.sqlite3-wal",
            "side.sqlite3-shm",
            "side.sqlite3-journal",
            "files",
            "keys",
            "cache",
        ):
            if (folder / name).exists():
                (folder / name).rename(aside / name)
        for name in (DATABASE, "files", "keys"):
            if (fresh / name).exists():
                (fresh / name).rename(folder / name)
        if (folder / "keys").is_dir():
            (folder / "keys").chmod(0o700)
            for key in (folder / "keys").iterdir():
                key.chmod(0o600)
    return aside


def _restore_postgresql(dump: Path) -> None:
    url, tool = os.environ.get("NIMO_DATABASE_URL"), shutil.which("pg_restore")
    if not url or not tool:
        raise UnableToBackUp("この書庫は PostgreSQL のものです。NIMO_DATABASE_URL と pg_restore を用意してください。")
    done = subprocess.run(
        [tool, "--clean", "--if-exists", "--no-owner", "--single-transaction", "-d", url, str(dump)],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        raise UnableToBackUp(
            "データベースを戻せませんでした（pg_restore）。一つの取引で行ったため、何も変わっていません。"
        )


def backup(arguments: list[str]) -> int:
    made = argparse.ArgumentParser(prog="nimo backup", description="すべてを一つの書庫に写し、読み戻して確かめる")
    made.add_argument("file", nargs="?", type=Path, help="書庫の名前（なければ日時から作る）")
    chosen = made.parse_args(arguments)
    now = datetime.now().astimezone()  # noqa: TID251 - the operator's door is where the clock is read
    target = chosen.file or Path(f"nimo-{now:%Y%m%d-%H%M%S}.tar.gz")
    try:
        manifest = write(data_directory(), target, now=now)
    except UnableToBackUp as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{target} に写し、読み戻して確かめました（{len(manifest['members'])} 件）。")  # type: ignore[arg-type]
    print("鍵も入っています。システムと同じ注意で保管してください。")
    return 0


def restore(arguments: list[str]) -> int:
    made = argparse.ArgumentParser(prog="nimo restore", description="書庫から戻す（見せてから、--yes で行う）")
    made.add_argument("file", type=Path, help="nimo backup で作った書庫")
    made.add_argument("--yes", action="store_true", help="中身を確かめたうえで、実際に戻す")
    chosen = made.parse_args(arguments)
    now = datetime.now().astimezone()  # noqa: TID251 - see above
    try:
        with tempfile.TemporaryDirectory() as scratch:
            manifest = unpack(chosen.file, Path(scratch))
        print(f"{manifest['made_at']} に作った書庫です（{len(manifest['members'])} 件、すべて正しく読めました）。")  # type: ignore[arg-type]
        if not chosen.yes:
            print("まだ何も変えていません。戻すには、nimo を止めてから --yes を付けてください。")
            return 0
        aside = put_back(chosen.file, data_directory(), now=now)
    except UnableToBackUp as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"戻しました。前の内容は {aside} に残してあります。")
    return 0
