"""The guide of the operators names what there is: every rule with its default, every argument, every ground and table."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nimo.analysis.commands import arguments
from nimo.analysis.results.definitions import tables_of
from nimo.analysis.results.result import read_result
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import NAMES
from nimo.analysis.spells.grounds import GROUNDS
from nimo.analysis.tests.making import TIMES
from nimo.analysis.worldspells import CITY, OBSERVED_UNTIL, write_world

GUIDES = Path(__file__).resolve().parents[4] / "docs" / "guide"
PACKAGE = Path(__file__).resolve().parents[1]
GUIDE = (GUIDES / "indicators-compute.md").read_text(encoding="utf-8")


def test_names_every_rule_with_its_default_and_evidence():
    for one in Rules().describe():
        value = str(one["value"]).lower() if isinstance(one["value"], bool) else one["value"]
        assert f"| `{one['code']}` | {one['label']} | `{value}` | {one['evidence']} |" in GUIDE


def test_names_every_ground_column_and_table():
    for code, sentence in GROUNDS.items():
        assert f"`{code}`" in GUIDE
        assert sentence in GUIDE
    for name in (*NAMES, *tables_of(Rules(), TIMES)):
        assert f"`{name}`" in GUIDE, name


def test_names_every_argument():
    both = GUIDE + (GUIDES / "cluster.md").read_text(encoding="utf-8")
    for parser in (arguments.compute_parser(), arguments.add_up_parser()):
        for action in parser._actions:
            for option in action.option_strings:
                assert option in both or option in ("-h", "--help", "--json", "--threads"), option


def blocks(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)


def test_the_guide_of_notebooks_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    cells = blocks((GUIDES / "indicators-notebook.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "notebook"}
    assert len(cells) == 5
    for number, cell in enumerate(cells):
        exec(compile(cell, f"cell {number}", "exec"), names)
    said = capsys.readouterr().out
    assert "12か月時点の退院率" in said
    assert "地域における平均生活日数（全病床）" in said
    result = read_result(tmp_path / "結果.json")
    assert result.lineage["sources"][0]["ground"]["code"] == "entrusted"
    assert len(result.lineage["sources"][0]["sha256"]) == 64
    assert sorted(one.name for one in tmp_path.iterdir()) == ["spells.parquet", "結果.json"]


def test_the_page_of_the_package_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    write_world(CITY, tmp_path / "spells.parquet")
    (cell,) = blocks((PACKAGE / "README.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {"until": OBSERVED_UNTIL, "first": date(2023, 4, 1), "last": date(2024, 3, 31)}
    exec(compile(cell, "README.md", "exec"), names)
    assert sum(row["stays"] for row in names["rows"]) > 50
