"""`nimo sheet write` from the operator's door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nimo.community.sheets.tests.writing_contents import city
from nimo.config.cli import main


def test_the_command_explains_itself_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["sheet", "write", "--help"])
    assert done.value.code == 0
    assert "フォルダ" in capsys.readouterr().out


def test_what_the_reader_printed_becomes_a_file_and_is_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "sheets.json"
    source.write_text(json.dumps({"sheets": [city()]}, ensure_ascii=False), encoding="utf-8")
    target = tmp_path / "sheet.pptx"
    assert main(["sheet", "write", "--format", "pptx", "--out", str(target), str(source)]) == 0
    capsys.readouterr()
    assert main(["sheet", "read", "--json", str(target)]) == 0
    (sheet,) = json.loads(capsys.readouterr().out)["sheets"]
    assert sheet["strengths"] == city()["strengths"]
