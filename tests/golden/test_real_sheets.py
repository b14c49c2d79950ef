"""The real sheets, read through `nimo sheet read --json` as an operator would, against hand-read facts.

The source texts are not part of the repository: their folder is NIMO_SOURCES, else ../shared/sources beside it. Where
they are absent these tests say so; the same cases on invented sheets are in nimo.community.sheets.tests and always run.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from nimo.community.sheets.formats.command import run
from nimo.community.sheets.tests.reader_accounting import lost_characters

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(os.environ.get("NIMO_SOURCES") or ROOT.parent / "shared" / "sources")
GOLDEN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "real_sheets.json").read_text("utf-8"))["sheets"]


def source(pattern: str) -> Path:
    found = sorted(SOURCES.glob(pattern))
    if not found:
        pytest.skip(f"the source text {pattern} is not on this machine (set NIMO_SOURCES)")
    return found[0]


def read(*paths: Path) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert run([str(path) for path in paths], True, out) == 0
    sheets: list[dict[str, Any]] = json.loads(out.getvalue())["sheets"]
    return sheets


def names() -> list[str]:
    return [f"{one['prefecture']}{one['municipality'] or ''}" for one in GOLDEN]


@pytest.fixture(params=GOLDEN, ids=names())
def case(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    golden: dict[str, Any] = request.param
    return golden, read(source(golden["file"]))[golden["index"]]


Case = tuple[dict[str, Any], dict[str, Any]]


def values(quantity: dict[str, Any]) -> list[list[Any]]:
    return [[v["value"], v["unit"], *([v["per"]] if "per" in v else [])] for v in quantity["values"]]


def figures(rows: list[dict[str, Any]], first: str, second: str) -> list[list[Any]]:
    return [
        [row["mark"], row["indicator"], row[first]["raw"], values(row[first]), row[second]["raw"], values(row[second])]
        for row in rows
    ]


def assert_rows(found: list[list[Any]], golden: list[list[Any]]) -> None:
    assert [[row[0], *row[2:]] for row in found] == [[row[0], *row[2:]] for row in golden]
    for row, expected in zip(found, golden, strict=True):
        assert row[1].startswith(expected[1])


def test_says_whose_sheet_it_is_and_of_which_year(case: Case) -> None:
    golden, sheet = case
    for key in ("prefecture", "municipality", "fiscal_year", "layout"):
        assert sheet[key] == golden[key], key
    assert golden["evidence_has"] in sheet["fiscal_year_evidence"]


def test_reads_every_figure_of_the_basic_block_or_says_that_it_is_missing(case: Case) -> None:
    golden, sheet = case
    info = sheet["basic_info"]
    assert info["present"] is golden["basic_present"]
    items = {item["key"]: item for item in info["items"]}
    assert set(items) == set(golden.get("basic", {}))
    for key, (as_of, value, unit, *share) in golden.get("basic", {}).items():
        assert (items[key]["as_of"], items[key]["value"], items[key]["unit"]) == (as_of, value, unit), key
        assert items[key].get("share") == (share[0] if share else None), key
    if "council_frequency" in golden:
        counts = [[v["label"], v["value"]] for v in items["council_frequency"]["values"]]
        assert counts == golden["council_frequency"]


def test_reads_every_indicator_with_its_figures(case: Case) -> None:
    golden, sheet = case
    assert_rows(figures(sheet["results"], "target", "actual"), golden["results"])
    assert_rows(figures(sheet["targets"], "current", "target"), golden["targets"])
    stated = {row[side].get("coverage") for row in sheet["results"] for side in ("target", "actual")}
    assert stated == {golden.get("coverage")}


def test_keeps_empty_form_rows_out_and_empty_cells_null(case: Case) -> None:
    _, sheet = case
    effects = [row["expected_effect"] for row in sheet["targets"]]
    expected_nulls = [
        ["value_missing", f"targets.{n}.expected_effect"] for n, text in enumerate(effects) if text is None
    ]
    found = [[w["code"], w["where"]] for w in sheet["warnings"]]
    assert all(one in found for one in expected_nulls)
    assert "" not in effects


def test_gives_each_challenge_its_roles(case: Case) -> None:
    golden, sheet = case
    assert len(sheet["challenges"]) == golden["challenges"]
    assert all(c["challenge"] and c["policy"] for c in sheet["challenges"])
    keys = ("government", "medical", "welfare", "other")
    assert [[c["roles"][k] is not None for k in keys] for c in sheet["challenges"]] == golden["roles_filled"]


def test_counts_councils_departments_and_sectors(case: Case) -> None:
    golden, sheet = case
    assert len(sheet["councils"]) == golden["councils"]
    assert [len(council["members"]) for council in sheet["councils"]] == golden.get("council_members", [])
    assert len(sheet["coordination"]["departments"]) == golden.get("departments", 0)
    assert len(sheet["coordination"]["sectors"]) == golden.get("sectors", 0)
    assert len(sheet["special_matters"]) == golden.get("special_matters", 0)
    if "history" in golden:
        assert len(sheet["history"]) == golden["history"]
        assert all(entry["period"] for entry in sheet["history"])


def test_reads_the_schedules_as_far_as_they_are_certain(case: Case) -> None:
    golden, sheet = case
    until = sheet["long_term"]["until_fiscal_year"] if sheet["long_term"] else None
    assert until == golden["until"]
    long_rows = sheet["long_term"]["rows"] if sheet["long_term"] else []
    assert [row["period"] for row in long_rows] == golden.get("long_periods", [])
    if golden["periods"] is None:
        assert sheet["schedule"] is None
        return
    assert [row["period"] for row in sheet["schedule"]["rows"]] == golden["periods"]
    assert sheet["schedule"]["aligned"] is golden["aligned"]
    if not golden["aligned"]:
        assert all(row["content"] is None and row["actions"] is None for row in sheet["schedule"]["rows"])
        assert sheet["schedule"]["unaligned"]


def test_warns_about_each_known_damage_and_leaves_only_that_unassigned(case: Case) -> None:
    golden, sheet = case
    found = [[w["code"], w["where"]] for w in sheet["warnings"]]
    assert [one for one in golden["warnings"] if one not in found] == []
    assert [left["line"] for left in sheet["unassigned"]] == golden["unassigned_lines"]
    assert not [code for code, _ in found if code.startswith("inconsistent") or code in ("year_order", "table_cut")]


# -- nothing is dropped ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "numbers"), [("000_*.txt", ("5", "6")), ("001_*.txt", ("4", "6", "7")), ("004_*.txt", ("7",))]
)
def test_every_character_of_the_source_stands_in_a_field_or_is_listed(pattern: str, numbers: tuple[str, ...]) -> None:
    path = source(pattern)
    assert lost_characters(path.read_text("utf-8"), read(path), numbers) == {}


def test_reads_all_of_them_at_once_as_one_document() -> None:
    paths = [source(pattern) for pattern in ("000_*.txt", "001_*.txt", "004_*.txt")]
    assert [(s["prefecture"], s["municipality"]) for s in read(*paths)] == [
        ("埼玉県", None),
        ("神奈川県", None),
        ("群馬県", None),
        ("群馬県", "太田市"),
    ]


@pytest.mark.parametrize("pattern", ["002_*.txt", "003_*.txt"])
def test_finds_no_sheet_in_a_handbook_or_an_overview(pattern: str) -> None:
    path = source(pattern)
    out, errors = io.StringIO(), io.StringIO()
    assert run([str(path)], True, out, errors) == 1
    assert json.loads(out.getvalue()) == {"sheets": []}
    assert "自治体情報シート" in errors.getvalue()
