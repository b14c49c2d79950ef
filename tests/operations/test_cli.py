"""The operator's door: every command is there, says what it does, and refuses in Japanese."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nimo.community.sheets.tests.support import TEXT
from nimo.config.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def nimo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own: no settings, no database unless the command asks for them."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("NIMO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "nimo.config.cli", *arguments],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for name in ("serve", "demo", "check", "sheet", "data", "indicators", "backup", "restore", "users"):
        assert name in said
        assert name in COMMANDS


def test_an_unknown_command_is_refused_in_japanese(capsys):
    assert main(["nonsense"]) == 2
    assert "ありません" in capsys.readouterr().err


def test_reads_a_sheet_without_a_database(tmp_path):
    sheet, data = tmp_path / "館林.txt", tmp_path / "data"
    sheet.write_bytes(TEXT.encode("cp932"))
    done = nimo("sheet", "read", str(sheet), "--json", NIMO_DATA_DIR=str(data))
    assert done.returncode == 0, done.stderr
    (read,) = json.loads(done.stdout)["sheets"]
    assert (read["prefecture"], read["municipality"], read["fiscal_year"]) == ("群馬県", "館林市", 2024)
    assert not data.exists(), "no database was touched"


def test_a_broken_file_is_named_and_the_others_are_read(tmp_path):
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pptx"
    good.write_text(TEXT)
    bad.write_bytes(b"PK\x03\x04 not a slide")
    done = nimo("sheet", "read", str(bad), str(good), "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["sheets"]) == 1
    assert "bad.pptx" in done.stderr


@pytest.mark.parametrize("prefix, word", [("data", "regions"), ("data", "boundaries"), ("jobs", "work")])
def test_a_group_lists_its_words(prefix, word, tmp_path):
    done = nimo(prefix, NIMO_DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert word in done.stdout


@pytest.mark.long
def test_demo_then_check_then_backup_then_restore(tmp_path):
    """The operator's round on a machine of its own: what was restored is what was backed up."""
    data, copy, archive = tmp_path / "demo", tmp_path / "copy", tmp_path / "all.tar.gz"
    made = nimo("demo", "--directory", str(data), "--no-serve", "--port", "18123")
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[0].endswith("http://127.0.0.1:18123/"), "the address comes first"
    assert "ken-sekinin" in made.stdout
    checked = nimo("check", NIMO_DATA_DIR=str(data))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    written = nimo("backup", str(archive), NIMO_DATA_DIR=str(data))
    assert written.returncode == 0, written.stderr
    assert archive.stat().st_mode & 0o077 == 0, "the keys are in it"
    shown = nimo("restore", str(archive), NIMO_DATA_DIR=str(copy))
    assert shown.returncode == 0
    assert "まだ何も変えていません" in shown.stdout
    assert not (copy / "nimo.sqlite3").exists()
    restored = nimo("restore", str(archive), "--yes", NIMO_DATA_DIR=str(copy))
    assert restored.returncode == 0, restored.stderr
    assert (copy / "keys" / "audit_key").read_text() == (data / "keys" / "audit_key").read_text()
    assert nimo("migrate", NIMO_DATA_DIR=str(copy)).returncode == 0
    again = nimo("check", NIMO_DATA_DIR=str(copy))
    assert again.returncode == 0, again.stdout
