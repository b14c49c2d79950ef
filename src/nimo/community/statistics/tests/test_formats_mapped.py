"""Values in cells, and tables read by a mapping. No database."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.statistics.formats.layouts.columns import ColumnMapping, MappedColumn, as_of_of
from nimo.community.statistics.formats.layouts.mapped import fingerprint_of, preview_of, read_mapped, suggested
from nimo.community.statistics.formats.loading.opening import open_book
from nimo.community.statistics.formats.loading.refusals import UnableToReadTable
from nimo.community.statistics.formats.reading import Options, read_cell

NAMES = {"人口": "population", "協議の場の開催回数": "A01", "A01": "A01"}
WIDE = '団体コード,市町村名,人口,協議の場の開催回数,備考\n102016,前橋市,"330,000",4,速報\n,,,,\n102059,太田市,220000,－,\n注1 速報値,,,,\n'
LONG = "地域コード,年度,指標,内訳,値,分子,分母,値の状態\n10201,2023,A01,,3,,,\n10205,R5,A01,,,,,秘匿\n"


def book(text: str, name: str = "表.csv"):
    return open_book(io.BytesIO(text.encode()), name)


@pytest.mark.parametrize(
    "text, state, value, counter",
    [
        ("１，２３４", "value", 1234, ""),
        ("△5.0", "value", Decimal("-5.0"), ""),
        ("12.90%", "value", Decimal("12.90"), "%"),
        ("約30人", "value", 30, "人"),
        ("3ヶ所", "value", 3, "か所"),
        ("12※", "value", 12, ""),
        ("－", "not_filled", None, ""),
        ("", "not_filled", None, ""),
        ("…", "absent", None, ""),
        ("Ｘ", "suppressed_at_source", None, ""),
        ("12O", "unreadable", None, ""),
        ("12 or 13", "unreadable", None, ""),
        ("1,23", "unreadable", None, ""),
        ("9" * 40, "unreadable", None, ""),
    ],
)
def test_a_cell_states_a_number_or_why_there_is_none(text, state, value, counter):
    found = read_cell(text)
    assert (found.state, found.value, found.counter) == (state, value, counter)


@given(st.integers(0, 10**9))
def test_every_spelling_of_a_number_is_that_number(number):
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for text in (str(number), f"{number:,}", wide, f" {number} ", f"{number}人"):
        assert read_cell(text).value == number


@given(st.text(max_size=40))
def test_no_text_is_ever_taken_for_a_zero_or_breaks_the_reading(text):
    found = read_cell(text)
    assert (found.value is None) == (found.state != "value")
    if found.value == 0:
        assert any(character.isdecimal() or character.isnumeric() for character in text)


def test_headings_suggest_what_columns_hold():
    preview = preview_of(book(WIDE))
    mapping = suggested(preview, NAMES)
    assert [column.role for column in mapping.columns] == ["region_code", "region_name", "figure", "figure", "note"]
    assert mapping.columns[2].indicator == "population"
    assert mapping.problems() == ["いつの値か、年度か時点の列を選ぶか、表全体の時点を入れてください。"]


def test_a_wide_table_gives_one_figure_a_column():
    mapping = suggested(preview_of(book(WIDE)), NAMES)
    reading = read_mapped(book(WIDE), mapping, NAMES, Options(as_of="2024-04-01"))
    got = [(f.region_code, f.indicator, f.cell.value, f.cell.state, f.row, f.note) for f in reading.figures]
    assert got == [
        ("102016", "population", 330000, "value", 2, "速報"),
        ("102016", "A01", 4, "value", 2, "速報"),
        ("102059", "population", 220000, "value", 4, ""),
        ("102059", "A01", None, "not_filled", 4, ""),
    ]
    assert {f.as_of for f in reading.figures} == {"2024-04-01"}


def test_a_long_table_gives_one_figure_a_row_with_its_state():
    mapping = suggested(preview_of(book(LONG)), NAMES)
    assert mapping.problems() == []
    reading = read_mapped(book(LONG), mapping, NAMES, Options())
    assert [(f.indicator, f.as_of, f.fiscal_year, f.cell.value) for f in reading.figures] == [
        ("A01", "FY2023", 2023, 3),
        ("A01", "FY2023", 2023, None),
    ]
    assert reading.figures[1].cell.state == "suppressed_at_source"


def test_a_table_is_known_again_by_its_headings_whatever_their_width():
    assert fingerprint_of(["市町村名", "人口"]) == fingerprint_of([" 市町村 名", "人口", ""])
    assert fingerprint_of(["市町村名", "人口"]) != fingerprint_of(["人口", "市町村名"])


def test_a_mapping_survives_being_kept():
    mapping = ColumnMapping(
        2, (MappedColumn("figure", "A01", "unspecified", "FY2024", "性別=男"), MappedColumn()), "表"
    )
    assert ColumnMapping.from_json(mapping.to_json()) == mapping


def test_what_is_missing_from_a_mapping_is_told():
    bare = ColumnMapping(1, (MappedColumn("value"), MappedColumn("figure")))
    words = "".join(bare.problems())
    for word in ("地域", "どちらか一方", "何の指標", "いつの値", "指標を選んで"):
        assert word in words
    wrong = ColumnMapping(1, (MappedColumn("region_code"), MappedColumn("figure", "A01", as_of="あす")))
    assert "読めません" in wrong.problems()[0]


def test_fewer_columns_than_the_mapping_are_refused():
    mapping = ColumnMapping(1, tuple(MappedColumn() for _ in range(9)))
    with pytest.raises(UnableToReadTable, match="列の数"):
        read_mapped(book(WIDE), mapping, NAMES, Options())


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("令和6年度", ("FY2024", 2024)),
        ("R5", ("FY2023", 2023)),
        ("2025-06-30", ("2025-06-30", None)),
        ("令和7年6月30日", ("2025-06-30", None)),
        ("あす", None),
    ],
)
def test_times_are_read_as_people_write_them(text, wanted):
    assert as_of_of(text) == wanted
