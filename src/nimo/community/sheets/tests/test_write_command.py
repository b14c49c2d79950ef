"""`nimo sheet write`: from JSON to files, without a database."""

from __future__ import annotations

import io
import json

import pytest

from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.formats.write_command import run
from nimo.community.sheets.tests.same import canonical
from nimo.community.sheets.tests.writing_contents import city, prefecture


def written(tmp_path, *sheets, out="out.xlsx", kind="xlsx"):
    source = tmp_path / "sheets.json"
    source.write_text(json.dumps({"sheets": list(sheets)}, ensure_ascii=False), encoding="utf-8")
    said, errors = io.StringIO(), io.StringIO()
    target = f"{tmp_path / out}{'/' if out.endswith('/') else ''}"
    return run([str(source)], kind, target, said, errors), said.getvalue(), errors.getvalue()


@pytest.mark.parametrize("kind", ["pptx", "xlsx", "pdf"])
def test_writes_what_was_read(tmp_path, kind):
    code, said, errors = written(tmp_path, city(), out=f"out.{kind}", kind=kind)
    assert (code, errors) == (0, "")
    assert said == f"{tmp_path}/out.{kind}\n"
    (sheet,) = read_file(tmp_path / f"out.{kind}", file_name=f"out.{kind}").sheets
    assert canonical(sheet_to_json(sheet)) == canonical(city())


def test_several_sheets_go_into_a_folder_and_never_over_each_other(tmp_path):
    code, said, _ = written(tmp_path, city(), city(), prefecture(), out="all/")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [
        "架空県_自治体情報シート_令和3年度.xlsx",
        "架空県みほん市_自治体情報シート_令和6年度.xlsx",
        "架空県みほん市_自治体情報シート_令和6年度_2.xlsx",
    ]
    assert len(said.splitlines()) == 3


def test_several_sheets_into_one_file_are_refused(tmp_path):
    code, said, errors = written(tmp_path, city(), prefecture())
    assert (code, said) == (1, "")
    assert "フォルダ" in errors
    assert not (tmp_path / "out.xlsx").exists()


def test_what_is_no_sheet_is_told_and_the_others_are_written(tmp_path):
    (tmp_path / "broken.json").write_text("[]", encoding="utf-8")
    (tmp_path / "good.json").write_text(json.dumps({"sheets": [city()]}), encoding="utf-8")
    errors = io.StringIO()
    paths = [str(tmp_path / name) for name in ("broken.json", "none.json", "good.json")]
    assert run(paths, "xlsx", str(tmp_path / "out.xlsx"), io.StringIO(), errors) == 1
    assert "出した形では" in errors.getvalue()
    assert "見つかりません" in errors.getvalue()
    assert (tmp_path / "out.xlsx").exists()


def test_a_rare_letter_is_told(tmp_path):
    sheet = city()
    sheet["strengths"] = "𠮷田さんの会"
    code, _, errors = written(tmp_path, sheet)
    assert code == 0
    assert "「𠮷」" in errors
