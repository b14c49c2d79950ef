from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from nimo.config.backup import UnableToBackUp, put_back, unpack, write

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("NIMO_DATABASE_URL", raising=False)
    made = tmp_path / "data"
    (made / "keys").mkdir(parents=True)
    (made / "keys" / "audit_key").write_text("key")
    (made / "files" / "ab").mkdir(parents=True)
    (made / "files" / "ab" / "blob").write_bytes(b"content")
    with closing(sqlite3.connect(made / "nimo.sqlite3")) as connection:
        connection.execute("CREATE TABLE t(x)")
        connection.execute("INSERT INTO t VALUES (42)")
        connection.commit()
    return made


def test_what_was_written_is_read_back(folder, tmp_path):
    archive = tmp_path / "a.tar.gz"
    manifest = write(folder, archive, now=NOW)
    assert set(manifest["members"]) == {"nimo.sqlite3", "keys/audit_key", "files/ab/blob"}
    unpack(archive, tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / "nimo.sqlite3")) as connection:
        assert connection.execute("SELECT x FROM t").fetchone() == (42,)


def test_an_archive_with_one_wrong_byte_is_refused_or_gives_exactly_what_was_kept(folder, tmp_path):
    archive, hurt = tmp_path / "a.tar.gz", tmp_path / "hurt.tar.gz"
    kept = write(folder, archive, now=NOW)["members"]
    sound = archive.read_bytes()
    refused = 0
    for place in range(len(sound)):
        content = bytearray(sound)
        content[place] ^= 0xFF
        hurt.write_bytes(content)
        out = tmp_path / f"out{place}"
        try:
            assert unpack(hurt, out)["members"] == kept  # a byte of the archive's own time says nothing of the data
        except UnableToBackUp:
            refused += 1
        shutil.rmtree(out, ignore_errors=True)
    assert refused > len(sound) * 0.9


def test_a_damaged_archive_changes_nothing(folder, tmp_path):
    archive = tmp_path / "a.tar.gz"
    write(folder, archive, now=NOW)
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    archive.write_bytes(content)
    before = (folder / "nimo.sqlite3").read_bytes()
    with pytest.raises(UnableToBackUp):
        put_back(archive, folder, now=NOW)
    assert (folder / "nimo.sqlite3").read_bytes() == before
    assert not list(folder.glob("before-restore-*"))


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b broken"])
def test_refuses_what_is_no_archive(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UnableToBackUp, match="書庫"):
        unpack(tmp_path / "x", tmp_path / "out")


def test_never_writes_over_an_archive(folder, tmp_path):
    archive = tmp_path / "a.tar.gz"
    archive.write_bytes(b"older")
    with pytest.raises(UnableToBackUp, match="すでにあります"):
        write(folder, archive, now=NOW)
    assert archive.read_bytes() == b"older"


def test_refuses_to_copy_a_damaged_database_and_leaves_nothing(folder, tmp_path):
    (folder / "nimo.sqlite3").write_bytes(b"SQLite format 3\x00" + b"\x00" * 4000)
    with pytest.raises(UnableToBackUp, match="壊れた"):
        write(folder, tmp_path / "a.tar.gz", now=NOW)
    assert list(tmp_path.glob("a.tar.gz*")) == []


def test_what_was_there_is_kept_aside(folder, tmp_path):
    archive = tmp_path / "a.tar.gz"
    write(folder, archive, now=NOW)
    (folder / "keys" / "audit_key").write_text("newer")
    aside = put_back(archive, folder, now=NOW)
    assert (folder / "keys" / "audit_key").read_text() == "key"
    assert (aside / "keys" / "audit_key").read_text() == "newer"
