"""Whose sheet it is and of which year: every observed form of the head, several sheets in one file, every evidence."""

from __future__ import annotations

import pytest

from nimo.community.sheets.formats.reading.heads import name_in
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.facts import Facts, city_facts, prefecture_facts, r1_facts, r3_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.reader_slides import Style, read_text, slides

CITY = as_text(layout_parts(city_facts(), "r6-city"))
PREFECTURE = as_text(layout_parts(prefecture_facts(), "r6-prefecture"))


@pytest.mark.parametrize(
    ("line", "prefecture", "municipality"),
    [
        ("架空県", "架空県", None),
        ("●架空県●", "架空県", None),
        (" 架空県 ", "架空県", None),
        ("【架空県】", "架空県", None),
        ("架空県 みほん市", "架空県", "みほん市"),
        ("架空県　みほん市", "架空県", "みほん市"),
        ("架空県みほん市", "架空県", "みほん市"),
        ("北海道 ためし町", "北海道", "ためし町"),
        ("東京都 みほん区", "東京都", "みほん区"),
        ("京都府 れい村", "京都府", "れい村"),
        ("架空県 あさひ郡 ためし町", "架空県", "あさひ郡ためし町"),
        ("架空県 みほん市中央区", "架空県", "みほん市中央区"),
        ("架空県 東部圏域", "架空県", "東部圏域"),
        ("自治体名：架空県 みほん市", "架空県", "みほん市"),
        ("みほん市", None, "みほん市"),
    ],
)
def test_knows_a_name_by_its_form(line: str, prefecture: str | None, municipality: str | None) -> None:
    name = name_in(line)
    assert name is not None
    assert (name.prefecture, name.municipality) == (prefecture, municipality)


@pytest.mark.parametrize(
    "line",
    [
        "市町村",
        "都道府県",
        "各市町村",
        "保健所設置市",
        "政令市",
        "他府県",
        "架空県では、取組を進める。",
        "県",
        "架空県 みほん市 障がい支援課",
        "",
    ],
)
def test_takes_no_other_line_for_a_name(line: str) -> None:
    assert name_in(line) is None


def test_a_prefecture_and_its_model_city_in_one_text_are_two_sheets() -> None:
    first, second = read_text(f"{PREFECTURE}\n{CITY}")
    assert (first.prefecture, first.municipality, first.layout) == ("架空県", None, "r6-prefecture")
    assert (second.prefecture, second.municipality, second.layout) == ("架空県", "みほん市", "r6-city")
    assert not first.basic_info.present
    assert second.basic_info.present
    assert first.last_line is not None
    assert second.first_line == first.last_line + 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_three_sheets_in_any_order_stay_apart(order: tuple[int, ...]) -> None:
    other = CITY.replace("みほん市", "ためし町")
    texts = [PREFECTURE, CITY, other]
    found = read_text("\n".join(texts[index] for index in order))
    names = [None, "みほん市", "ためし町"]
    assert [sheet.municipality for sheet in found] == [names[index] for index in order]
    assert [len(sheet.results) for sheet in found] == [[2, 3, 3][index] for index in order]


def test_slides_of_two_prefectures_in_one_text_stay_apart() -> None:
    other = r1_facts()
    other.prefecture = "見本県"
    found = read_text(slides(r1_facts(), "r1", Style()) + slides(other, "r1", Style(heading_below=True)))
    assert [(sheet.prefecture, len(sheet.results)) for sheet in found] == [("架空県", 2), ("見本県", 2)]


def test_two_years_of_one_body_in_one_text_are_two_sheets() -> None:
    later = PREFECTURE.replace("R5年度", "R6年度x").replace("R6年度)", "R7年度)").replace("R6年度x", "R6年度")
    first, second = read_text(f"{PREFECTURE}\n{later}")
    assert (first.fiscal_year, second.fiscal_year) == (2024, 2025)
    assert "duplicate_sheet" not in [w.code for w in first.warnings + second.warnings]


def test_two_sheets_of_one_body_and_year_are_both_marked() -> None:
    found = read_text(f"{CITY}\n{PREFECTURE}\n{CITY}")
    assert [("duplicate_sheet" in [w.code for w in sheet.warnings]) for sheet in found] == [True, False, True]


def test_a_city_named_in_a_sentence_or_a_list_opens_no_sheet() -> None:
    text = PREFECTURE.replace("県は圏域の連絡会に", "架空県 みほん市\n架空県 ためし町\n県は圏域の連絡会に")
    (sheet,) = read_text(text)
    assert sheet.municipality is None
    assert "架空県 みほん市" in (sheet.overview or "")


def test_the_name_is_taken_from_titles_when_no_line_has_it() -> None:
    (sheet,) = read_text(CITY.replace("架空県 みほん市\n", "", 1))
    assert (sheet.prefecture, sheet.municipality) == ("架空県", "みほん市")  # the block's own row completes it
    (bare,) = read_text(CITY.replace("架空県 みほん市\n", "", 1).replace("\t\t架空県みほん市", "\t\t"))
    assert (bare.prefecture, bare.municipality) == (None, "みほん市")
    assert "prefecture_unknown" in [w.code for w in bare.warnings]


def test_a_sheet_without_any_name_says_so() -> None:
    text = (
        CITY.replace("架空県 みほん市\n", "", 1)
        .replace("架空県みほん市", "")
        .replace("みほん市における", "当地における")
    )
    (sheet,) = read_text(text)
    assert (sheet.prefecture, sheet.municipality) == (None, None)
    assert "municipality_unknown" in [w.code for w in sheet.warnings]


# -- the year ---------------------------------------------------------------------------------------------------------

YEARS = [
    ("R1", 2019),
    ("Ｒ６", 2024),
    ("令和元", 2019),
    ("令和６", 2024),
    ("令和 6 ", 2024),
    ("平成30", 2018),
    ("Ｈ３１", 2019),
    ("2024", 2024),
]


@pytest.mark.parametrize(("written", "year"), YEARS)
def test_reads_the_year_of_the_targets_in_every_notation(written: str, year: int) -> None:
    (sheet,) = read_text(
        CITY.replace("目標値 (R6年度)", f"目標値（{written}年度末）").replace("現状値 (R5年度)", "現状値（今年度当初）")
    )
    assert sheet.fiscal_year == year
    assert sheet.fiscal_year_evidence == f"目標値（{written}年度末）"


def test_the_title_of_the_form_comes_before_the_heads_of_tables() -> None:
    (sheet,) = read_text(slides(r1_facts(), "r1", Style()))
    assert sheet.fiscal_year_evidence == "令和元年度 第１回 アドバイザー・都道府県等担当者合同会議「事前課題」シート"
    (doubtful,) = read_text(slides(r1_facts(), "r1", Style()).replace("令和元年度 第１回", "令和２年度 第１回"))
    assert doubtful.fiscal_year == 2020
    assert "inconsistent_year" in [w.code for w in doubtful.warnings]


def without_years(facts: Facts) -> str:
    text = as_text(layout_parts(facts, "r6-city"))
    return text.replace("現状値 (R5年度)", "現状値 今年度当初").replace("目標値 (R6年度)", "目標値 今年度末")


@pytest.mark.parametrize(
    ("old", "new", "evidence"),
    [
        ("現状値 今年度当初", "現状値 (R5年度)", "現状値 (R5年度)"),
        ("<昨年度までの成果・効果>", "<令和5年度までの成果・効果>", "<令和5年度までの成果・効果>"),
        ("目標値 昨年度当初", "目標値（R5年度当初）", "目標値（R5年度当初）"),
        ("スケジュール（今年度）", "スケジュール（今年度）", "人口(令和6年5月時点)"),
    ],
)
def test_falls_back_to_the_next_best_evidence(old: str, new: str, evidence: str) -> None:
    text = without_years(city_facts())
    assert old in text
    (sheet,) = read_text(text.replace(old, new))
    assert (sheet.fiscal_year, sheet.fiscal_year_evidence) == (2024, evidence)


def test_a_year_nobody_states_is_unknown() -> None:
    facts = city_facts()
    facts.basic = []
    (sheet,) = read_text(without_years(facts))
    assert (sheet.fiscal_year, sheet.fiscal_year_evidence, sheet.results_fiscal_year) == (None, None, None)
    assert "year_unknown" in [w.code for w in sheet.warnings]


def test_last_year_is_reckoned_from_the_sheet() -> None:
    (sheet,) = read_text(CITY)
    assert (sheet.fiscal_year, sheet.results_fiscal_year) == (2024, 2023)
    (older,) = read_text(slides(r3_facts(), "r3", Style()))
    assert (older.fiscal_year, older.results_fiscal_year) == (2021, 2020)
