from __future__ import annotations

import csv
import io
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.formats.packaged import (
    DictionaryError,
    packaged_dictionary,
    packaged_national_series,
    packaged_survey_630,
    parse_dictionary,
)
from nimo.community.indicators.formats.survey_630 import COLUMNS, HEADINGS, column_letters, read_630
from nimo.community.indicators.rules.expressions import in_words, parse

BASIC_INFO = [
    "disability_welfare_areas",
    "municipalities",
    "population",
    "psychiatric_hospitals",
    "psychiatric_beds",
    "inpatients",
    "inpatients_under_3_months",
    "inpatients_3_to_12_months",
    "inpatients_over_1_year",
    "inpatients_over_1_year_65_and_over",
    "inpatients_over_1_year_under_65",
    "core_consultation_centres",
    "general_consultation_offices",
    "specific_consultation_offices",
    "health_centres",
    "council_frequency",
    "has_mental_health_subcommittee",
    "councils_prefecture",
    "councils_area",
    "councils_municipality",
]


DATA = files("nimo.community.indicators").joinpath("data")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"))))


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def changed(line: int, column: int, text: str) -> bytes:
    rows = rows_of(packaged_survey_630())
    rows[line - 1][column] = text
    return as_csv(rows)


def test_the_dictionary_covers_the_sheet_the_survey_and_the_plans():
    dictionary = packaged_dictionary()
    codes = {entry.code for entry in dictionary.entries}
    assert codes >= set(BASIC_INFO)
    assert codes >= {column.indicator for column in COLUMNS}
    assert codes >= {f"A{number:02d}" for number in range(1, 13)}
    outcomes = {entry.code for entry in dictionary.entries if entry.group == "outcome"}
    assert len(outcomes) >= 8
    assert {target.indicator for target in dictionary.targets} <= codes


def test_every_entry_says_where_it_comes_from_and_how_sure_that_is():
    for entry in packaged_dictionary().entries:
        assert entry.definition
        assert entry.source
        assert entry.reference
        assert entry.evidence in {"S", "S3", "D", "K"}
        if entry.kind in ("rate", "days"):
            assert entry.numerator
            assert entry.denominator


def test_figures_of_patients_are_marked_for_the_disclosure_gate():
    by_code = {entry.code: entry for entry in packaged_dictionary().entries}
    for code, entry in by_code.items():
        persons = ("inpatients", "ndb_", "discharged_", "secluded_", "restrained_")
        of_patients = code.startswith(persons) or entry.kind in ("rate", "days") or code == "A12"
        of_patients = of_patients and entry.group != "counted"  # our own records: sheets, not patients
        assert (entry.disclosure == "patients") == of_patients, code
    assert by_code["A04"].disclosure == "service_users"
    assert by_code["psychiatric_beds"].disclosure == "open"
    assert by_code["medical_institutions_ndb"].disclosure == "facilities"
    assert by_code["resident_population_65_and_over"].disclosure == "open"


def test_the_dictionary_covers_the_published_tables_and_what_they_are_broken_down_by():
    by_code = {entry.code: entry for entry in packaged_dictionary().entries}
    keys = {code: {one["key"] for one in entry.dimensions} for code, entry in by_code.items()}
    assert keys["inpatients"] >= {"入院形態", "開放区分", "年齢", "性別", "主診断"}
    assert keys["community_living_days"] >= {"病床", "調整", "版", "公費"}
    for days in (90, 180, 365):
        assert keys[f"readmission_rate_{days}_days"] >= {"在院日数", "調整"}
    services = next(one for one in by_code["service_offices"].dimensions if one["key"] == "サービス")
    assert len(set(services["values"].split("|"))) == 23
    assert by_code["resident_population_65_and_over"].evidence == "K"
    assert all(one["evidence"] in {"S", "S3", "D", "K"} for entry in by_code.values() for one in entry.dimensions)


def test_every_derived_indicator_says_how_it_is_reckoned():
    dictionary = packaged_dictionary()
    names = {entry.code: entry.name for entry in dictionary.entries}
    assert len(dictionary.derived) >= 30
    for one in dictionary.derived:
        assert one.definition
        assert one.reference
        assert in_words(parse(one.expression), names)
        assert bool(one.numerator) == bool(one.denominator) == (one.kind == "rate"), one.code
    assert len({one.name for one in dictionary.derived} | set(names.values())) == len(names) + len(dictionary.derived)


@pytest.mark.parametrize(
    "old, new, why",
    [
        ("share(inpatients_over_1_year, inpatients)", "share(psychiatric_beds, inpatients)", r"2行目 expression.*単位"),
        ("share(inpatients_over_1_year, inpatients)", "eval(inpatients)", r"2行目 expression"),
        (",%,1,rate,1,lower", ",%,床,rate,1,lower", r"2行目 dimension"),
        ("long_stay_share,", "inpatients,", "二度"),
    ],
)
def test_refuses_a_derived_indicator_that_cannot_be_reckoned(old, new, why):
    files = {name: DATA.joinpath(f"{name}.csv").read_bytes() for name in ("indicators", "plan_targets", "derived")}
    broken = files["derived"].decode().replace(old, new, 1).encode()
    assert broken != files["derived"]
    with pytest.raises(DictionaryError, match=why):
        parse_dictionary(files["indicators"], files["plan_targets"], "x", derived=broken)


def test_refuses_a_breakdown_of_something_that_is_not_there():
    files = {name: DATA.joinpath(f"{name}.csv").read_bytes() for name in ("indicators", "plan_targets", "dimensions")}
    broken = files["dimensions"].replace(b"inpatients,", b"happiness,", 1)
    with pytest.raises(DictionaryError, match="2行目"):
        parse_dictionary(files["indicators"], files["plan_targets"], "x", dimensions=broken)


def test_refuses_a_dictionary_that_contradicts_itself():
    indicators = DATA.joinpath("indicators.csv").read_text(encoding="utf-8")
    targets = DATA.joinpath("plan_targets.csv").read_bytes()
    broken = indicators.replace("population,人口,basic_info,count", "population,人口,basic_info,counts")
    with pytest.raises(DictionaryError, match=r"4行目 kind"):
        parse_dictionary(broken.encode(), targets, "x")
    twice = indicators + indicators.splitlines()[1] + "\n"
    with pytest.raises(DictionaryError, match="二度"):
        parse_dictionary(twice.encode(), targets, "x")


def test_the_packaged_630_figures_total_to_the_published_ones():
    preview = read_630(packaged_survey_630())
    assert not preview.errors
    assert not preview.doubts
    nation = next(row for row in preview.rows if row.region_code == "00000")
    totals = dict(zip([column.indicator for column in COLUMNS], nation.figures, strict=True))
    assert totals["hospitals_with_psychiatric_beds"] == 1_522
    assert totals["psychiatric_beds"] == 291_008
    assert totals["inpatients"] == 247_808
    for index, column in enumerate(COLUMNS):
        added = sum(row.figures[index] for row in preview.rows if row.region_code != "00000")
        assert added == nation.figures[index], column.heading


def test_each_stay_column_keeps_its_own_basis():
    bases = {column.indicator: column.basis for column in COLUMNS}
    assert {basis for code, basis in bases.items() if code.endswith("65_and_over")} == {"630_address"}
    assert {basis for code, basis in bases.items() if code.endswith("under_65")} == {"630_hospital"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_reads_common_encodings(encoding):
    assert read_630(as_csv(rows_of(packaged_survey_630()), encoding)).can_be_recorded


def test_reads_columns_in_any_order_and_other_widths():
    rows = rows_of(packaged_survey_630())
    turned = [list(reversed(row)) for row in rows]
    turned[1][-3] = "１００"
    turned[1][-4] = "17,217"
    preview = read_630(as_csv(turned))
    assert preview.can_be_recorded, preview.errors
    assert preview.rows == read_630(packaged_survey_630()).rows


@pytest.mark.parametrize(
    "text, words",
    [("1.5", "C列"), ("-3", "C列"), ("多数", "C列"), ("1,23", "C列"), ("12a", "C列")],
)
def test_names_the_cell_that_is_no_count(text, words):
    preview = read_630(changed(11, 2, text))
    assert not preview.can_be_recorded
    assert preview.rows == ()
    assert any("11行目" in error and words in error and text in error for error in preview.errors)


def test_a_blank_cell_is_not_zero():
    preview = read_630(changed(11, 3, ""))
    drafts = {(d.region_code, d.indicator): d for d in preview.drafts("2025-06-30", "S3")}
    blank = drafts["10000", "psychiatric_beds"]
    assert (blank.state, blank.value) == ("not_filled", None)
    hidden = {(d.region_code, d.indicator): d for d in read_630(changed(11, 3, "X")).drafts("2025-06-30", "S3")}
    assert hidden["10000", "psychiatric_beds"].state == "suppressed_at_source"


def test_refuses_a_stay_heading_that_does_not_say_its_basis():
    rows = rows_of(packaged_survey_630())
    rows[0][10] = "在院1年以上・65歳以上"
    errors = read_630(as_csv(rows)).errors
    assert any("1行目 K列" in error and "住所地か所在地か" in error for error in errors)


def test_refuses_a_missing_a_doubled_and_an_unknown_heading():
    rows = rows_of(packaged_survey_630())
    assert any("精神病床数" in e for e in read_630(as_csv([[*row[:3], *row[4:]] for row in rows])).errors)
    assert any("二度" in e for e in read_630(as_csv([[*row, row[3]] for row in rows])).errors)
    assert any("分かりません" in e for e in read_630(as_csv([[*row, "備考"] for row in rows])).errors)


def test_refuses_the_same_prefecture_twice_and_a_code_that_is_none():
    rows = rows_of(packaged_survey_630())
    assert any("にもあります" in e for e in read_630(as_csv([*rows, rows[5]])).errors)
    assert any("都道府県コード" in e for e in read_630(changed(11, 0, "48")).errors)


def test_doubts_when_the_nation_is_not_the_sum_or_somebody_is_missing():
    assert any("合いません" in doubt for doubt in read_630(changed(11, 2, "21")).doubts)
    rows = rows_of(packaged_survey_630())
    assert any("46件" in doubt for doubt in read_630(as_csv([*rows[:10], *rows[11:]])).doubts)
    assert any("全国" in doubt for doubt in read_630(as_csv(rows[:-1])).doubts)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00\x01", b"PK\x03\x04\x00\x00", b'"a', "都道府県コード\n".encode(), b"\n\n", b"x" * 1_000_001],
    ids=["empty", "binary", "zip", "open-quote", "one-heading", "blank-lines", "too-large"],
)
def test_refuses_what_is_no_table_with_a_message(content):
    preview = read_630(content)
    assert preview.errors
    assert not preview.rows


@given(st.binary(max_size=400))
def test_never_raises_whatever_the_bytes(content):
    assert read_630(content).errors


@given(st.lists(st.text(max_size=6), min_size=12, max_size=13))
def test_never_takes_a_line_that_is_not_all_counts(cells):
    preview = read_630(as_csv([list(HEADINGS), cells]))
    for row in preview.rows:
        assert len(row.figures) == len(COLUMNS)


@pytest.mark.parametrize("index, letters", [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_names_columns_as_spreadsheets_do(index, letters):
    assert column_letters(index) == letters


def test_the_national_series_keeps_evidence_marks_and_never_fills_a_gap():
    rows = [row for source in packaged_national_series() for row in source.rows]
    long_stay = {(row.indicator, row.fiscal_year): row for row in rows}
    assert long_stay["inpatients_over_1_year", 2018].value == 171_620
    assert long_stay["inpatients_over_1_year", 2021].value == 164_194
    assert long_stay["inpatients_over_1_year", 2021].evidence == "D"
    assert long_stay["inpatients_over_1_year", 2023].qualifier == "約"
    assert long_stay["early_discharge_rate_12_months", 2021].state == "unreadable"
    for year in range(2018, 2022):
        parts = [long_stay[f"inpatients_over_1_year_{age}", year].value for age in ("under_65", "65_and_over")]
        assert sum(parts) == long_stay["inpatients_over_1_year", year].value
