"""Opening files: encodings, quotes, formulas, dates, and what is refused. No database."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook

from nimo.community.statistics.formats.loading.grid import ERROR, FORMULA, address, parse_address
from nimo.community.statistics.formats.loading.limits import DEFAULT
from nimo.community.statistics.formats.loading.opening import PASTED, open_book
from nimo.community.statistics.formats.loading.refusals import UnableToReadTable
from nimo.community.statistics.tests.builders import hostile
from nimo.community.statistics.tests.builders import workbooks as w

TEXT = '市町村名,値\r\n前橋市,"1,200"\r\n太田市,"二行の\r\nセル"\r\n'


def book(content: bytes, name: str = "表.csv", limits=DEFAULT):
    return open_book(io.BytesIO(content), name, limits)


def lines(content: bytes, name: str = "表.csv", limits=DEFAULT):
    return list(book(content, name, limits).grids[0].lines())


def refused(content: bytes, name: str = "表.xlsx", limits=DEFAULT) -> UnableToReadTable:
    def whole() -> None:
        for grid in book(content, name, limits).grids:
            list(grid.lines())

    with pytest.raises(UnableToReadTable) as caught:
        whole()
    assert "何も変わっていません" in str(caught.value)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_in_every_encoding_offices_save_in(encoding):
    found = lines(TEXT.encode(encoding))
    assert [line.cells for line in found] == [("市町村名", "値"), ("前橋市", "1,200"), ("太田市", "二行の\r\nセル")]
    assert [line.number for line in found] == [1, 2, 3]


def test_rows_keep_the_numbers_excel_shows():
    assert [line.number for line in lines(b"a,b\n\n\n1,2\n")] == [1, 4]


def test_what_is_pasted_is_cut_at_tabs_even_if_it_holds_commas():
    found = lines('名前\t値\n"二行\n目"\t1,200\n'.encode(), PASTED)
    assert found[1].cells == ("二行\n目", "1,200")


def test_broken_quotes_and_unknown_bytes_are_refused_with_what_to_do():
    assert refused(b'a,b\n"x"y,1\n', "a.csv").code == "quotes"
    assert refused(b"\x81\xff\xfe\x81" * 5, "a.csv").code == "encoding"


def test_a_long_csv_is_read_in_constant_memory():
    stream = io.BytesIO(b"code,value\n" + b"".join(b"%d,%d\n" % (n, n) for n in range(150_000)))
    tracemalloc.start()
    count = sum(1 for _ in open_book(stream, "a.csv").grids[0].lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 150_001
    assert peak < 1_500_000, f"{peak:,} bytes for a file of {stream.getbuffer().nbytes:,}"


def test_a_million_rows_are_refused_politely():
    content = b"a\n" * 1_000_000
    error = refused(content, "a.csv")
    assert error.code == "too_many_rows"
    assert "200,000行" in str(error)
    assert refused(hostile.workbook(hostile.rows_of(60)), limits=replace(DEFAULT, rows=50)).code == "too_many_rows"


def test_archives_that_unfold_and_definitions_are_refused():
    assert refused(hostile.bomb()).code == "archive_bomb"
    assert refused(hostile.entities()).code == "unsafe_content"
    assert refused(b"PK\x03\x04 broken").code == "damaged"
    assert refused(w.book_11()[:4000]).code == "damaged"


def test_a_directory_that_lies_about_sizes_is_found_out_while_reading():
    small = replace(DEFAULT, part_bytes=2_000)
    assert refused(hostile.workbook(hostile.rows_of(200)), limits=small).code == "archive_bomb"


def test_other_kinds_of_files_are_refused_by_their_content():
    assert refused(b"%PDF-1.7\n", "表.xlsx").code == "kind"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "表.xls").code == "password"
    assert refused(b"<html><table><tr><td>1", "表.xls").code == "kind"
    assert refused(b" \r\n\t", "表.csv").code == "empty"


def test_macros_are_named_and_never_run():
    opened = book(hostile.with_macros([["a", 1]]), "表.xlsm")
    assert any("マクロ" in note for note in opened.notes)
    assert next(opened.grids[0].lines()).cells == ("a", "1")


def test_cells_show_what_excel_shows():
    made = Workbook()
    sheet = made.active
    sheet.append([325.30000000000001, 0.129, date(2025, 6, 30), "=1+1", "#REF!", True, "００7", None])
    sheet["B1"].number_format = "0.0%"
    sheet["E1"].data_type = "e"
    hidden = made.create_sheet("隠し")
    hidden.sheet_state = "hidden"
    opened = book(w.saved(made), "表.xlsx")
    line = next(opened.grids[0].lines())
    assert line.cells == ("325.3", "12.9%", "2025-06-30", "", "#REF!", "有", "００7")
    assert (line.marks[3], line.marks[4]) == (FORMULA, ERROR)
    assert [grid.name for grid in opened.grids] == ["Sheet"]
    assert any("隠し" in note for note in opened.notes)


def test_addresses_are_those_of_excel():
    assert [address(5, 4), address(1, 26), address(10, 701)] == ["E5", "AA1", "ZZ10"]
    assert [parse_address("E5"), parse_address("$AA$1"), parse_address("5E")] == [(5, 4), (1, 26), None]
