"""Tab text and tables: damaged cells and headers, tables cut or continued, and what the sheet says against itself."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reader import read_document
from nimo.community.sheets.formats.source import Cell, Line, Place, SourceDocument, Table
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.facts import city_facts, prefecture_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.reader_slides import read_text

CITY = as_text(layout_parts(city_facts(), "r6-city"))
PREFECTURE = as_text(layout_parts(prefecture_facts(), "r6-prefecture"))


def reading(text: str) -> SheetReading:
    (sheet,) = read_text(text)
    return sheet


def wheres(sheet: SheetReading, code: str) -> list[str]:
    return [warning.where for warning in sheet.warnings if warning.code == code]


def left_over(sheet: SheetReading) -> list[str]:
    return [left.text for left in sheet.unassigned]


def values_of(value: Any, path: str = "") -> dict[str, Any]:
    """Every value of a reading by its path; basic items by key. Warnings, lists of the unassigned and layouts apart."""
    if isinstance(value, dict):
        apart = ("warnings", "unassigned", "layout", "fiscal_year_evidence")
        return {
            p: v for k, inner in value.items() if k not in apart for p, v in values_of(inner, f"{path}.{k}").items()
        }
    if isinstance(value, list):
        named = [(one["key"] if isinstance(one, dict) and "key" in one else n, one) for n, one in enumerate(value)]
        return {p: v for name, inner in named for p, v in values_of(inner, f"{path}.{name}").items()}
    return {path: re.sub(r"\s", "", value) if isinstance(value, str) else value}


WHOLE = {id(text): values_of(sheet_to_json(reading(text))) for text in (CITY, PREFECTURE)}
CELLS = [
    (name, text, row, column, how)
    for name, text in (("city", CITY), ("prefecture", PREFECTURE))
    for row, line in enumerate(text.split("\n"))
    if "\t" in line
    for column in range(line.count("\t") + 1)
    for how in ("lost", "blank")
]


@pytest.mark.parametrize("how", ["lost", "blank"])
@pytest.mark.parametrize("name", ["city", "prefecture"])
def test_a_damaged_cell_never_puts_a_value_into_another_field(name: str, how: str) -> None:
    wrong = []
    for kind, text, row, column, damage in CELLS:
        if (kind, damage) != (name, how):
            continue
        lines = text.split("\n")
        cells = lines[row].split("\t")
        if not cells[column] and damage == "blank":
            continue
        cells[column : column + 1] = [""] if damage == "blank" else []
        found = values_of(sheet_to_json(reading("\n".join([*lines[:row], "\t".join(cells), *lines[row + 1 :]]))))
        whole = WHOLE[id(text)]
        # A row that lost its label drops out of its list, and the rows below move up by one.
        rows_moved = {value for path, value in whole.items() if ".sectors." in path}
        wrong += [
            (row + 1, column, path, value)
            for path, value in found.items()
            if value is not None and whole.get(path) != value and not (".sectors." in path and value in rows_moved)
        ]
    assert wrong == []


def test_a_label_shifted_right_by_a_merged_cell_leaves_its_figure_null() -> None:
    shifted = "\t相談支援事業所数 (令和6年5月時点)\t基幹相談支援センター数\n一般相談支援事業所数\t\t6ヶ所\n特定相談支援事業所数\t\t18ヶ所"
    plain = re.search(r"相談支援事業所数 \(令和6年5月時点\)\t基幹.*\n.*一般.*\n.*特定.*", CITY)
    assert plain is not None
    sheet = reading(CITY.replace(plain.group(), shifted))
    items = {item.key: item for item in sheet.basic_info.items}
    assert (items["core_consultation_centres"].value, items["core_consultation_centres"].as_of) == (None, "2024-05")
    assert (items["general_consultation_offices"].value, items["specific_consultation_offices"].value) == (6, 18)
    assert "basic_info.core_consultation_centres" in wheres(sheet, "value_missing")


def test_every_field_the_block_should_print_is_there_or_null_with_a_warning() -> None:
    for row in [line for line in CITY.split("\n") if re.search(r"\t\d", line) and re.search("数|未満|以上|合計", line)]:
        sheet = reading(CITY.replace(f"{row}\n", ""))
        nulls = [item.key for item in sheet.basic_info.items if item.value is None and not item.values]
        assert [f"basic_info.{key}" for key in nulls] == [
            w for w in wheres(sheet, "value_missing") if w.startswith("basic")
        ], row


def test_rows_of_the_basic_block_may_stand_in_another_order() -> None:
    lines = CITY.split("\n")
    rows = [line for line in lines if line.startswith(("障害保健", "市町村数", "人口", "精神科", "保健所数"))]
    first = lines.index(rows[0])
    text = "\n".join([*lines[:first], *reversed(rows), *[line for line in lines[first:] if line not in rows]])
    found = {item.key: (item.value, item.as_of) for item in reading(text).basic_info.items}
    assert found == {item.key: (item.value, item.as_of) for item in reading(CITY).basic_info.items}


def test_the_basic_block_is_read_as_running_text_too() -> None:
    block = [
        "障害保健福祉圏域数 (令和6年5月時点) 2ヶ所", "市町村数（令和６年５月時点）", "３市", "人口 (令和6年5月時点) 120,345人",
        "精神科病院の数 (令和6年5月時点) 2病院", "精神科病床数 (令和6年5月時点) 310 床", "入院精神障害者数 (令和5年6月30日時点)",
        "合計 200人", "3か月未満 41人 20.5%", "3か月以上1年未満 27人 13.5%", "1年以上 132人 66.0%", "うち65歳以上 90人", "うち65歳未満 42人",
        "保健所数 (令和6年4月時点) 1ヶ所",
    ]  # fmt: skip
    sheet = reading("\n".join(["架空県 みほん市", "", "圏域の基礎情報", "", *block, ""]))
    found = {item.key: item.value for item in sheet.basic_info.items if item.raw is not None}
    assert found == {
        "disability_welfare_areas": 2,
        "municipalities": 3,
        "population": 120345,
        "psychiatric_hospitals": 2,
        "psychiatric_beds": 310,
        "inpatients": 200,
        "inpatients_under_3_months": 41,
        "inpatients_3_to_12_months": 27,
        "inpatients_over_1_year": 132,
        "inpatients_over_1_year_65_and_over": 90,
        "inpatients_over_1_year_under_65": 42,
        "health_centres": 1,
    }
    shares = [str(item.share) for item in sheet.basic_info.items if item.share is not None]
    assert shares == ["20.5", "13.5", "66.0"]


def test_the_second_number_in_brackets_takes_its_coverage_from_the_footnote() -> None:
    text = CITY.replace("保健所数\t(令和6年4月時点)\t0ヶ所", "保健所数\t(令和6年4月時点)\t13（11）").replace(
        "\n2 精神", "\n（ ）は政令市を除いた数\n\n2 精神", 1
    )
    (item,) = [i for i in reading(text).basic_info.items if i.key == "health_centres"]
    assert item.value == 13
    assert [(v.value, v.coverage) for v in item.values] == [(13, None), (11, "政令市を除く")]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("有", True),
        ("無", False),
        ("あり", True),
        ("なし", False),
        ("有・１か所", True),
        ("☑有 □無", True),
        ("□有 ☑無", False),
    ],
)
def test_reads_whether_there_is_a_subcommittee(said: str, value: bool) -> None:
    sheet = reading(CITY.replace("部会の有無\t無", f"部会の有無\t{said}"))
    (item,) = [i for i in sheet.basic_info.items if i.key == "has_mental_health_subcommittee"]
    assert item.value is value


@pytest.mark.parametrize("said", ["有・無", "有 無", "検討中"])
def test_an_unmarked_choice_is_null(said: str) -> None:
    sheet = reading(CITY.replace("部会の有無\t無", f"部会の有無\t{said}"))
    (item,) = [i for i in sheet.basic_info.items if i.key == "has_mental_health_subcommittee"]
    assert (item.value, item.raw) == (None, said)
    assert "basic_info.has_mental_health_subcommittee" in wheres(sheet, "value_missing")


# -- contradictions ---------------------------------------------------------------------------------------------------

CONTRADICTIONS = {
    "parts that do not sum": ("\t合計\t200人", "\t合計\t201人", "inconsistent_sum", "basic_info.inpatients"),
    "ages that do not sum": ("うち65歳以上\t90人", "うち65歳以上\t91人", "inconsistent_sum", "basic_info.inpatients_over_1_year"),
    "a share that does not follow": ("41人 20.5%", "41人 20.6%", "inconsistent_share", "basic_info.inpatients_under_3_months"),
    "shares far from a hundred": ("132人 66.0%", "132人 68.0%", "inconsistent_share_sum", "basic_info.inpatients"),
    "more inpatients than beds": ("310床", "199床", "inpatients_exceed_beds", "basic_info.inpatients"),
    "more councils than municipalities": ("\t市町村\t1ヶ所", "\t市町村\t2ヶ所", "inconsistent_count", "basic_info.councils_municipality"),
    "a target before its base": ("目標値 (R6年度)", "目標値 (R4年度)", "year_order", "targets"),
    "targets of another year than the results": ("<昨年度まで", "<令和3年度まで", "inconsistent_year", "fiscal_year"),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_shown_and_never_mended(case: tuple[str, str, str, str]) -> None:
    old, new, code, where = case
    assert old in CITY
    assert wheres(reading(CITY), code) == []
    sheet = reading(CITY.replace(old, new))
    assert where in wheres(sheet, code)
    said = values_of(sheet_to_json(sheet)).values()
    written = re.sub(r"\s", "", new.split("\t")[-1].removeprefix("うち65歳以上"))
    # The figure stands as the file has it; heads of tables are evidence, not fields.
    assert written in said or code in ("year_order", "inconsistent_year")


def test_shares_rounded_half_up_are_right_at_the_half() -> None:
    # 1 of 16 is 6.25 %: half up gives 6.3.
    text = CITY.replace("41人 20.5%", "1人 6.3%").replace("27人 13.5%", "1人 6.3%").replace("132人 66.0%", "14人 87.5%")
    text = (
        text.replace("\t合計\t200人", "\t合計\t16人")
        .replace("以上\t90人", "以上\t7人")
        .replace("未満\t42人", "未満\t7人")
    )
    sheet = reading(text)
    assert [w.code for w in sheet.warnings if w.code.startswith("inconsistent")] == []


def test_figures_of_different_coverage_are_pointed_out_and_not_compared() -> None:
    sheet = reading(CITY.replace("\t2回\t4回\t", "\t2回\t4回（中核市を除く）\t"))
    assert wheres(sheet, "coverage_differs") == ["results.0"]
    assert (sheet.results[0].target.coverage, sheet.results[0].actual.coverage) == (None, "中核市を除く")


# -- tables cut, continued, unknown -----------------------------------------------------------------------------------


def test_a_table_cut_off_below_its_header_is_reported() -> None:
    head = "名称\t協議の場の構成員\t開催頻度\t実施内容\t特記事項等 (課題・強み等)"
    sheet = reading(CITY[: CITY.index(head) + len(head)] + "\n")
    assert sheet.councils == []
    assert "councils" in wheres(sheet, "table_cut")
    assert {"long_term", "schedule"} <= set(wheres(sheet, "section_missing"))


@pytest.mark.parametrize("end", range(20, len(CITY), 139))
def test_a_file_cut_anywhere_gives_only_values_of_the_whole(end: int) -> None:
    whole = WHOLE[id(CITY)]
    for sheet in read_text(CITY[:end]):
        for path, value in values_of(sheet_to_json(sheet)).items():
            if value is None or path == ".basic_info.present" or value == whole.get(path):
                continue
            # A text, a figure or a name may be cut itself; a number read from a cut cell is a beginning of the true one.
            assert (
                str(whole.get(path)).startswith(str(value))
                or ".values." in path
                or ".unit" in path
                or path.endswith(".value")
            ), path


def test_a_cell_cut_over_two_lines_is_joined() -> None:
    sheet = reading(CITY.replace("\t顔の見える関係ができた。\n", "\t顔の見える\n関係ができた。\n"))
    assert "".join((sheet.results[0].effect or "").split()) == "顔の見える関係ができた。"
    assert [row.mark for row in sheet.results] == ["①", "②", "③"]


def test_a_table_of_another_kind_is_listed_and_pointed_out() -> None:
    sheet = reading(CITY.replace("【その他事項】", "予算科目\t当初\t補正\n旅費\t120\t30\n\n【その他事項】", 1))
    assert "予算科目" in left_over(sheet)
    assert "120" in left_over(sheet)
    assert len(wheres(sheet, "table_unrecognised")) == 1
    assert len(sheet.councils) == 2


def table(rows: list[list[str]], page: int, line: int) -> Table:
    place = Place(line, page, f"{page}ページ 表1")
    cells = [
        Cell(text, row, column, Place(line + row, page, f"{page}ページ 表1 {row + 1}行目"))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return Table(tuple(cells), place)


HEAD = ["課題解決の達成度を測る指標", "現状値\n(R5年度)", "目標値\n(R6年度)", "見込んでいる成果・効果"]


def pages(*blocks: list[list[str]] | str, kind: str = "pptx") -> SheetReading:
    found: list[Line | Table] = [Line("架空県 みほん市", Place(1, 1, "スライド1"))]
    for page, block in enumerate(blocks, start=2):
        line = page * 100
        if isinstance(block, str):
            found.append(Line(block, Place(line, page, f"スライド{page}")))
        else:
            found.append(table(block, page, line))
    (sheet,) = read_document(SourceDocument("シート", kind, tuple(found)))
    return sheet


@pytest.mark.parametrize("repeats", [True, False])
def test_a_table_goes_on_over_slides_with_or_without_its_header(repeats: bool) -> None:
    first, second = ["協議の場", "1回", "2回", "効果一"], ["研修", "3回", "4回", "効果二"]
    sheet = pages([HEAD, first], [HEAD, second] if repeats else [second])
    assert [(t.indicator, t.current.raw, t.target.raw) for t in sheet.targets] == [
        ("協議の場", "1回", "2回"),
        ("研修", "3回", "4回"),
    ]
    assert left_over(sheet) == []


def test_a_text_cut_between_two_slides_goes_on_in_its_own_cell() -> None:
    sheet = pages([HEAD, ["協議の場", "1回", "2回", "効果の前半"]], [["", "", "", "効果の後半"]])
    assert sheet.targets[0].expected_effect == "効果の前半\n効果の後半"


def test_rows_after_another_heading_do_not_continue_the_table() -> None:
    sheet = pages([HEAD, ["協議の場", "1回", "2回", "効果"]], "協議の場の実施状況", [["架空の会", "3回", "4回", "文"]])
    assert len(sheet.targets) == 1
    assert "架空の会" in left_over(sheet)


def test_years_under_the_titles_in_a_second_header_row_are_understood() -> None:
    head = [
        ["課題解決の達成度を測る指標", "現状値", "目標値", "見込んでいる成果・効果"],
        ["", "(R5年度)", "(R6年度)", ""],
    ]
    sheet = pages([*head, ["協議の場", "1回", "2回", "効果"]])
    assert sheet.fiscal_year == 2024
    assert len(sheet.targets) == 1


def test_a_column_without_a_title_is_left_to_a_person() -> None:
    sheet = pages(
        [
            ["課題解決の達成度を測る指標", "", "目標値\n(R6年度)", "見込んでいる成果・効果"],
            ["協議の場", "1回", "2回", "効果"],
        ]
    )
    assert (sheet.targets[0].current.raw, sheet.targets[0].target.raw) == (None, "2回")
    assert left_over(sheet) == ["1回"]
    assert "targets.0" in wheres(sheet, "columns_unclear")


def test_marks_in_a_column_of_their_own_are_marks() -> None:
    sheet = pages([["", *HEAD], ["①", "協議の場", "1回", "2回", "効果"], ["②", "", "", "", ""]])
    assert [(t.mark, t.indicator) for t in sheet.targets] == [("①", "協議の場")]


def test_a_coverage_in_a_column_title_is_not_lost() -> None:
    head = [HEAD[0], HEAD[1], "目標値（政令市を除く）", HEAD[3]]
    sheet = pages([head, ["協議の場", "1回", "2回", "効果"]])
    assert left_over(sheet) == ["目標値（政令市を除く）"]
    assert [t.target.raw for t in sheet.targets] == ["2回"]
