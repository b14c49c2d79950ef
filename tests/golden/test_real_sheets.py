"""The real sheets, read through `nimo sheet read --json` as an operator would, against hand-read facts.

The source texts are not part of the repository: their folder is NIMO_SOURCES, else ../shared/sources beside it. Where
they are absent these tests say so; the same cases on invented sheets are in nimo.community.sheets.tests and always run.
"""

from __future__ import annotations

import io
import json
import os
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nimo.community.sheets.formats.command import run

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

# Declared here, by hand and apart from the reader: what the form itself prints. A line or cell counts as printed only
# when it consists of nothing else.
_TITLE = (
    r"\d?精神障(?:害|がい)者?にも?対応した地域包括ケア(?:システム)?の?(?:構築)?(?:支援事業)?(?:に向けた|のための|に資する)?"
    r"(?:取組概要\(全体\)|取組の経緯|取組の成果・効果|実施前の課題・実施後の効果等|現時点における強みと課題|連携状況"
    r"|協議の場の実施状況|スケジュール\((?:長期|今年度)\))"
)
_CUT_TITLES = (
    r"[67]?精神障害にも対応した地域包括ケアシステム(?:の構築に向けた)?|今年度の取組スケジュール|の構築に向けた保健・医療・福祉関係者によ"
    r"|る協議の場の設置状況\(R1年5月時点\)|今年度の特別に考える必要がある事項について|想定される次期|\(方向性判断の必要性が|考えらえれる次期\)"
    r"|\(令和3年度|末\)|\d(?=$)"
)
_LABELS = (
    r"\d?(?:埼玉県|神奈川県|圏域)の基礎情報|基本情報\(都道府県等情報\)|<基本情報入力シート>|<?取組内容>?"
    r"|<(?:昨年度|平成30年度|令和2年度)までの成果・効果>|【特徴\(強み\)】|【にも包括構築の体制】|【その他事項】※[^。]*自由に記載ください"
    r"|事業利用予定年数:|長期目標|短期目標\(今年度\)|スモールステップ|[●]?(?:埼玉県|神奈川県|群馬県(?:太田市)?)[●]?|[②③]|-"
)
_COLUMNS = (
    r"課題解決の達成度を測る指標|(?:目標値|実績値|現状値)(?:昨年度(?:当初|末))?|\([^()]{1,8}年度(?:当初|末)?\)|(?:具体的な|見込んでいる)成果・効果"
    r"|課題解決に向けた取組方針|課題・方針に対する役割\(取組\)|行政|医療|福祉|その他(?:関係機関・住民等)?|(?:所管|連携)部署(?:名|における主な業務)"
    r"|各部門の連携状況|強み・課題等|名称|協議の場の構成員|開催頻度|実施内容|特記事項等\(課題・強み等\)|年度|具体的な取組"
    r"|時期(?:\(月\))?|(?:実施する)?項目|(?:実施する)?内容|考えられる事項|課題"
)
_BASIC = (
    r"障害保健福祉圏域数|市町村(?:数)?|人口|精神科病院の数|精神科病床数|入院精神障害者数|合計|3か月未満|3か月以上1年未満|1年以上|うち65歳(?:以上|未満)"
    r"|\(%:構成割合\)|相談支援事業所数|(?:基幹相談支援センター|(?:一般|特定)相談支援事業所|保健所)数|(?:自立支援)?協議会の開催頻度"
    r"|精神領域に関する議論を行う部会の有無|協議の場の設置状況|\(令和\d年(?:\d月(?:末|30日)?時点|度)\)"
)
PRINTED = re.compile(f"(?:{'|'.join((_TITLE, _CUT_TITLES, _LABELS, _COLUMNS, _BASIC))})+")
BEFORE_TEXT = re.compile(
    r"【にも包括構築の体制】|事業利用予定年数:|<令和2年度までの成果・効果>|その他関係機関・住民等(?=正しい)"
)
GLUED = re.compile(rf"(?<=\(参考\)){_TITLE}$")
SEPARATORS = "→、-."
"""Arrows, Markdown dashes and leader dots before list items, and the commas between members: they only separate."""


def squeezed(text: str) -> str:
    text = re.sub(r"</?(?:ul|ol|li|p)(?:\s[^>]*)?>", "", text)
    plain = "".join(c if unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in text)
    return "".join(plain.split())


def printed_part(text: str, page_numbers: tuple[str, ...]) -> str:
    """What of a squeezed line or cell the form itself prints."""
    if PRINTED.fullmatch(text) or text in page_numbers:
        return text
    before, glued = BEFORE_TEXT.match(text), GLUED.search(text)
    return (before.group() if before else "") + (glued.group() if glued else "")


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key != "warnings" for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("pattern", "page_numbers"), [("000_*.txt", ("5",)), ("001_*.txt", ("4",)), ("004_*.txt", ("7",))]
)
def test_every_character_of_the_source_stands_in_a_field_or_is_listed(
    pattern: str, page_numbers: tuple[str, ...]
) -> None:
    path = source(pattern)
    kept = Counter(squeezed("".join(text for sheet in read(path) for text in texts(sheet))))
    cells = [squeezed(cell) for line in path.read_text("utf-8").split("\n") for cell in line.split("\t")]
    printed = Counter("".join(printed_part(cell, page_numbers) for cell in cells))
    lost = Counter("".join(cells)) - kept - printed
    assert {character: count for character, count in lost.items() if character not in SEPARATORS} == {}


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
