"""`nimo sheet read`: several files, JSON and words, refusals file by file."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nimo.community.sheets.formats.codes import FIELD_NAMES, MESSAGES, field_name, finding
from nimo.community.sheets.formats.command import run
from nimo.community.sheets.formats.model import Quantity, ResultRow, SheetReading, Value
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.facts import city_facts, prefecture_facts, r3_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.reader_slides import Style, slides


@pytest.fixture
def city(tmp_path: Path) -> Path:
    path = tmp_path / "みほん市.txt"
    path.write_text(as_text(layout_parts(city_facts(), "r6-city")), "utf-8")
    return path


@pytest.fixture
def prefecture(tmp_path: Path) -> Path:
    path = tmp_path / "架空県.txt"
    path.write_bytes(slides(r3_facts(), "r3", Style()).encode("cp932"))
    return path


def call(*paths: Path, as_json: bool = True) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    code = run([str(path) for path in paths], as_json, out, errors)
    return code, out.getvalue(), errors.getvalue()


def test_prints_one_document_over_all_files(city: Path, prefecture: Path) -> None:
    code, out, errors = call(city, prefecture)
    sheets = json.loads(out)["sheets"]
    assert (code, errors) == (0, "")
    assert [(s["prefecture"], s["municipality"], s["layout"]) for s in sheets] == [
        ("架空県", "みほん市", "r6-city"),
        ("架空県", None, "r3"),
    ]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(city: Path, tmp_path: Path) -> None:
    empty, story = tmp_path / "空.txt", tmp_path / "日記.txt"
    empty.write_bytes(b"")
    story.write_text("今日は会議があった。\n明日は休み。\n", "utf-8")
    code, out, errors = call(empty, tmp_path / "ない.txt", story, city)
    assert code == 1
    assert len(json.loads(out)["sheets"]) == 1
    sentences = errors.strip().split("\n")
    assert len(sentences) == 3
    assert all(name in sentence for name, sentence in zip(("空.txt", "ない.txt", "日記.txt"), sentences, strict=True))
    assert all(sentence.endswith("。") for sentence in sentences)


def test_two_files_of_one_body_and_year_are_marked(city: Path) -> None:
    _, out, _ = call(city, city)
    codes = [[w["code"] for w in sheet["warnings"]] for sheet in json.loads(out)["sheets"]]
    assert ["duplicate_sheet" in found for found in codes] == [True, True]


def test_says_in_words_what_was_read_and_what_is_in_doubt(city: Path) -> None:
    path = city.with_name("傷.txt")
    path.write_text(
        city.read_text("utf-8").replace("基幹相談支援センター数\t1ヶ所", "基幹相談支援センター数\t"), "utf-8"
    )
    code, out, _ = call(path, as_json=False)
    assert code == 0
    for said in (
        "架空県 みほん市 令和6年度（2024年度）",
        "人口（令和6年5月）：148,205人",
        "目標 2回 → 実績 4回",
        "基幹相談支援センター数（令和6年5月）：（記載なし）",
    ):
        assert said in out, said
    assert "【確かめていただきたいこと】" in out
    assert "{" not in out


def keys(value: object) -> object:
    """The shape of a JSON value: its keys, one level for each list."""
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else []


def test_the_document_has_the_shape_of_the_guide(city: Path) -> None:
    (sheet,) = json.loads(call(city)[1])["sheets"]
    assert list(sheet) == [
        *("prefecture", "municipality", "fiscal_year", "fiscal_year_evidence", "layout", "lead", "basic_info", "activities"),
        *("overview", "special_matters", "other_matters", "history", "results", "strengths", "challenges", "targets"),
        *("coordination", "councils", "long_term", "schedule", "unassigned", "warnings"),
    ]  # fmt: skip
    quantity = {"raw": [], "values": [{"value": [], "unit": []}], "qualifier": []}
    assert keys(sheet["results"]) == [
        {"mark": [], "indicator": [], "target": quantity, "actual": quantity, "effect": []}
    ]
    assert keys(sheet["targets"][1:]) == [
        {"mark": [], "indicator": [], "current": quantity, "target": quantity, "expected_effect": []}
    ]
    assert keys(sheet["challenges"]) == [
        {"challenge": [], "policy": [], "roles": {"government": [], "medical": [], "welfare": [], "other": []}}
    ]
    assert keys(sheet["basic_info"]["items"]) == [{"key": [], "as_of": [], "value": [], "unit": [], "raw": []}]
    assert sheet["schedule"]["rows"][0] == {
        "period": "4～6月",
        "content": "連絡会の開催",
        "actions": "年間の計画を決める",
    }
    assert (sheet["long_term"]["until_fiscal_year"], sheet["long_term"]["rows"][0]["period"]) == (
        2026,
        "令和6年度～令和8年度",
    )


def test_rates_labels_and_coverage_are_written_where_they_are_stated() -> None:
    reading = SheetReading()
    quantity = Quantity("月1回", [Value(1, "回", per="月")], None, None)
    other = Quantity(
        "会議 2.5回（政令市を除く）", [Value(Decimal("2.5"), "回", label="会議")], "政令市を除く", "政令市を除く"
    )
    reading.results = [ResultRow("①", "指標", quantity, other, None)]
    (row,) = sheet_to_json(reading)["results"]
    assert row["target"] == {"raw": "月1回", "values": [{"value": 1, "unit": "回", "per": "月"}], "qualifier": None}
    assert row["actual"]["values"] == [{"value": 2.5, "unit": "回", "label": "会議"}]
    assert row["actual"]["coverage"] == "政令市を除く"


def nulls(value: object, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in nulls(inner, f"{path}.{key}".lstrip("."))]
    if isinstance(value, list):
        return [found for n, inner in enumerate(value) for found in nulls(inner, f"{path}.{n}")]
    return [path] if value is None else []


@pytest.mark.parametrize(("facts", "layout"), [(city_facts, "r6-city"), (prefecture_facts, "r6-prefecture")])
def test_every_null_the_form_expects_has_a_warning(facts: Any, layout: str, tmp_path: Path) -> None:
    text = as_text(layout_parts(facts(), layout))
    lines = text.split("\n")
    for at, line in enumerate(lines):
        cells = line.split("\t")
        if len(cells) < 3 or not cells[-1]:
            continue
        path = tmp_path / "空欄.txt"
        path.write_text("\n".join([*lines[:at], "\t".join([*cells[:-1], ""]), *lines[at + 1 :]]), "utf-8")
        (sheet,) = json.loads(call(path)[1])["sheets"]
        where = [warning["where"] for warning in sheet["warnings"]]
        for null in nulls(
            {key: sheet[key] for key in ("results", "targets", "challenges", "coordination", "councils", "schedule")}
        ):
            if not null.endswith((".qualifier", ".mark", ".unit")):
                assert null.removesuffix(".raw") in where, (at + 1, null)


# -- codes ------------------------------------------------------------------------------------------------------------


def test_every_code_has_a_whole_japanese_sentence() -> None:
    for code, message in MESSAGES.items():
        assert message.endswith("。"), code
        assert code.isascii()


def test_an_unknown_code_is_a_mistake_of_the_programme() -> None:
    with pytest.raises(KeyError):
        finding("no_such_code", "results")


def test_a_field_is_called_as_the_form_calls_it() -> None:
    assert field_name("basic_info.core_consultation_centres") == FIELD_NAMES["core_consultation_centres"]
    assert field_name("targets.2.expected_effect") == "見込んでいる成果・効果（3行目）"
    assert field_name("schedule.rows") == "今年度のスケジュール"
