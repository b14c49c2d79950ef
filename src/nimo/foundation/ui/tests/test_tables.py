"""Tables: headers, sorting by the address, gaps, CSV."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table, as_cell, sorted_by
from nimo.foundation.ui.pages import BOM, csv_response, csv_text
from nimo.foundation.ui.tests.drawing import drawn, words

COLUMNS = (
    Column("code", "コード"),
    Column("name", "市町村", sortable=True, is_row_header=True),
    Column("population", "人口", align="end", sortable=True),
)
ROWS = (
    {"code": "01100", "name": Cell("札幌市", sort_key="さっぽろし"), "population": 1_959_512},
    {"code": "10205", "name": Cell("太田市", sort_key="おおたし"), "population": None},
    {"code": "10206", "name": Cell("沼田市", sort_key="ぬまたし"), "population": 0},
)


def _table(**changes):
    return Table(**{"id": "towns", "caption": "市町村", "columns": COLUMNS, "rows": ROWS, **changes})


def _names(table):
    return [row["name"].text for row in table.rows]


def _read(response):
    text = response.content.decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_has_caption_headers_and_row_headers():
    table = drawn("{% data_table table %}", table=_table())
    assert table.xpath("//caption")[0].text == "市町村"
    assert [words(head) for head in table.xpath("//thead//th[@scope='col']")] == ["コード", "市町村", "人口"]
    assert [words(head) for head in table.xpath("//tbody//th[@scope='row']")] == ["札幌市", "太田市", "沼田市"]


def test_a_gap_is_not_a_zero():
    cells = [words(cell) for cell in drawn("{% data_table table %}", table=_table()).xpath("//tbody//tr/td[2]")]
    assert cells == ["1,959,512", "—値なし", "0"]


def test_every_cell_knows_its_column_for_the_phone():
    cells = drawn("{% data_table table %}", table=_table()).xpath("//tbody//*[@data-label]")
    assert [cell.get("data-label") for cell in cells[:3]] == ["コード", "市町村", "人口"]


def test_sorts_by_the_reading_up_and_down():
    assert _names(sorted_by(_table(), {"towns-sort": "name"})) == ["太田市", "札幌市", "沼田市"]
    assert _names(sorted_by(_table(), {"towns-sort": "-name"})) == ["沼田市", "札幌市", "太田市"]


@pytest.mark.parametrize("wanted", ["population", "-population"])
def test_gaps_stand_last_in_both_directions(wanted):
    assert _names(sorted_by(_table(), {"towns-sort": wanted}))[-1] == "太田市"


@pytest.mark.parametrize("wanted", ["code", "nothing", "", "--name", "-"])
def test_an_unknown_or_unsortable_column_changes_nothing(wanted):
    table = sorted_by(_table(), {"towns-sort": wanted})
    assert _names(table) == ["札幌市", "太田市", "沼田市"]
    assert table.sort is None


def test_sort_links_turn_round_and_keep_the_other_conditions():
    table = sorted_by(_table(), QueryDict("q=市&kind=a&kind=b&towns-sort=name"))
    heads = drawn("{% data_table table %}", table=table).xpath("//thead//th")
    assert heads[1].get("aria-sort") == "ascending"
    assert heads[1].xpath(".//a")[0].get("href") == "?q=%E5%B8%82&kind=a&kind=b&towns-sort=-name#towns"
    assert heads[2].xpath(".//a")[0].get("href").endswith("towns-sort=population#towns")
    assert heads[2].get("aria-sort") is None


@given(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=4)), max_size=12))
def test_sorting_loses_no_row_and_never_fails(values):
    table = _table(rows=[{"name": str(place), "population": value} for place, value in enumerate(values)])
    up = sorted_by(table, {"towns-sort": "population"})
    down = sorted_by(table, {"towns-sort": "-population"})
    assert sorted(row["name"] for row in up.rows) == sorted(row["name"] for row in down.rows)
    assert len(up.rows) == len(values)


def test_without_rows_the_empty_state_teaches():
    table = _table(rows=[], empty=EmptyState("まだありません", "取り込むと並びます。", "取り込む", "/new/"))
    shown = drawn("{% data_table table %}", table=table)
    assert not shown.xpath("//table")
    assert shown.xpath("//a")[0].get("href") == "/new/"


def test_without_rows_and_empty_state_the_table_says_there_is_none():
    assert "まだ1件もありません。" in words(drawn("{% data_table table %}", table=_table(rows=[])))


def test_a_yes_or_no_is_refused_as_a_cell():
    with pytest.raises(TypeError):
        as_cell(True)


def test_csv_keeps_leading_zeros_numbers_and_gaps():
    header, first, second, third = _read(csv_response(_table(), "市町村"))
    assert header == ["コード", "市町村", "人口"]
    assert first == ["\t01100", "札幌市", "1959512"]
    assert second == ["10205", "太田市", ""]
    assert third[2] == "0"


def test_csv_for_data_exchange_gives_codes_as_they_are():
    assert _read(csv_response(_table(), "市町村", for_spreadsheet=False))[1][0] == "01100"


def test_csv_gives_the_bare_number_of_a_formatted_cell_and_notes_in_their_own_column():
    table = _table(
        rows=[
            {"name": "a", "population": Cell("12.5%", csv_value=Decimal("12.5"))},
            {"name": "b", "population": Cell("公表なし", note="人数が少ないため")},
        ]
    )
    header, first, second = _read(csv_response(table, "x"))
    assert header == ["コード", "市町村", "人口", "人口（注）"]
    assert first == ["", "a", "12.5", ""]
    assert second == ["", "b", "公表なし", "人数が少ないため"]


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|'/c calc'!A0", "-2+3", "＝1+1", "\t=1", "\r=1", "\n=1", " =1", "　=1"]
)
def test_csv_defuses_formulas(text):
    assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+3.2%", "－", "-", "－12", "太田市", "", "1,234", "a=b"])
def test_csv_leaves_plain_numbers_and_words_alone(text):
    assert csv_text(text) == text


@pytest.mark.parametrize("text", ["00123", "1234567890123456", "1-2", "4/1", "2024/4/1", "1E5"])
def test_csv_guards_what_excel_would_rewrite(text):
    table = _table(rows=[{"code": text, "name": "a"}])
    assert _read(csv_response(table, "x"))[1][0] == f"\t{text}"


@given(st.text(max_size=30))
def test_csv_for_data_exchange_gives_every_text_back(text):
    read = _read(csv_response(_table(rows=[{"code": text, "name": "a"}]), "x", for_spreadsheet=False))[1][0]
    assert read.replace("\r\n", "\n") in {text.replace("\r\n", "\n"), "'" + text.replace("\r\n", "\n")}


def test_csv_name_has_an_ascii_and_a_japanese_form():
    value = csv_response(_table(), '市町"村')["Content-Disposition"]
    assert 'filename="nimo.csv"' in value
    assert "filename*=UTF-8''%E5%B8%82%E7%94%BA%E6%9D%91.csv" in value
    assert 'filename="towns.csv"' in csv_response(_table(), "towns.csv")["Content-Disposition"]
