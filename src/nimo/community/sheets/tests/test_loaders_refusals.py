"""Files that cannot or must not be read: each is refused with a sentence that says what to do."""

from __future__ import annotations

import dataclasses
import re
import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.sheets.formats.loaders.limits import DEFAULT, MEBIBYTE, Limits
from nimo.community.sheets.formats.loaders.load import check_size, load
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.tests.builders import hostile
from nimo.community.sheets.tests.builders.as_slides import add_text, as_slides, new_deck, new_slide, saved
from nimo.community.sheets.tests.builders.as_workbook import as_workbook
from nimo.community.sheets.tests.builders.parts import Paragraph, grid
from nimo.community.sheets.tests.builders.reading import codes, finding, lines, texts

SLIDES = as_slides([Paragraph(("みほん市の取組",)), grid([["課題", "方針"], ["住まい", "勉強会"]], (1, 1))])
BOOK = as_workbook(
    {"みほん市": [Paragraph(("みほん市の取組",)), grid([["課題", "方針"], ["住まい", "勉強会"]], (1, 1))]}
)


def refused(content: bytes, file_name: str = "シート.pptx", limits: Limits = DEFAULT) -> UnableToRead:
    with pytest.raises(UnableToRead) as caught:
        load(content, file_name, limits=limits)
    message = str(caught.value)
    assert message.startswith(f"「{file_name}」を読み込めませんでした。")
    assert "登録済みの内容は何も変わっていません。" in message
    assert message.endswith("ださい。")
    assert not re.search(r"[A-Za-z]+Error|Traceback|None", message)
    return caught.value


def code(content: bytes, file_name: str = "シート.pptx", limits: Limits = DEFAULT) -> str:
    return refused(content, file_name, limits).code


def test_refuses_a_large_file_by_its_size_alone() -> None:
    with pytest.raises(UnableToRead) as caught:
        check_size(200 * MEBIBYTE, "写真入り.pptx")
    assert caught.value.code == "too_large"
    assert "200.0MB" in str(caught.value)
    assert "上限は100MB" in str(caught.value)
    assert code(b"x" * 11, limits=Limits(file_bytes=10)) == "too_large"


@pytest.mark.parametrize(
    ("content", "expected"),
    (
        (b"", "empty_file"),
        (hostile.locked_office_file(), "password"),
        (hostile.old_excel_file(), "old_excel"),
        (hostile.old_powerpoint_file(), "old_powerpoint"),
        (hostile.old_word_file(), "word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "unknown_kind"),
        (hostile.picture(), "image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200), "image"),
        (b"RIFF\x00\x10\x00\x00WEBPVP8 " + bytes(200), "image"),
        (hostile.zip_of({"memo.txt": b"memo", "b.txt": b"b"}), "archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(100), "archive"),
        (b"!\x1a-lh5-\x00\x01" + bytes(100), "archive"),
        (b"{\\rtf1\\ansi memo}", "word"),
        (b"<!DOCTYPE html><html><body><table></table></body></html>", "web_page"),
        ("<html xmlns:x='urn:schemas-microsoft-com:office:excel'><body>表</body></html>".encode(), "web_page"),
        (b"%!PS-Adobe-3.0\n", "unknown_kind"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00" + bytes(2000), "unknown_kind"),
        (hostile.zip_of({"mimetype": b"application/vnd.oasis.opendocument.presentation"}), "open_document"),
    ),
)  # fmt: skip
def test_refuses_what_it_cannot_read_and_says_what_it_is(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_refuses_a_word_document_behind_a_right_ending() -> None:
    types = hostile.part(SLIDES, "[Content_Types].xml").replace(b"presentationml", b"wordprocessingml")
    message = refused(hostile.replaced(SLIDES, {"[Content_Types].xml": types}))
    assert message.code == "word"
    assert "Word" in str(message)


def test_refuses_a_binary_workbook() -> None:
    types = hostile.part(BOOK, "[Content_Types].xml").replace(
        b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"vnd.ms-excel.sheet.binary.macroEnabled.main",
    )
    assert code(hostile.replaced(BOOK, {"[Content_Types].xml": types}), "a.xlsb") == "binary_excel"


def test_reads_a_file_as_what_it_is_in_spite_of_its_ending() -> None:
    document = load(BOOK, "シート.pdf")
    assert document.kind == "xlsx"
    assert codes(document) == ["ending_differs"]
    assert "「.pdf」ですが、中身はExcelでした" in finding(document, "ending_differs")
    assert load("みほん市の取組\n".encode(), "シート.xlsx").kind == "text"


def test_reads_a_file_with_macros_without_running_them() -> None:
    types = hostile.part(SLIDES, "[Content_Types].xml").replace(
        b"vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        b"vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    )
    deck = hostile.replaced(SLIDES, {"[Content_Types].xml": types, "ppt/vbaProject.bin": b"macro"})
    document = load(deck, "シート.pptm")
    assert codes(document) == ["macros"]
    assert "みほん市の取組" in texts(document)
    book = hostile.replaced(BOOK, {"xl/vbaProject.bin": b"macro"})
    assert codes(load(book, "シート.xlsm")) == ["macros"]


@pytest.mark.parametrize("content", (SLIDES, BOOK), ids=("pptx", "xlsx"))
@pytest.mark.parametrize("keep", (0.3, 0.7, 0.98))
def test_refuses_a_file_that_was_cut_off(content: bytes, keep: float) -> None:
    assert code(content[: int(len(content) * keep)]) == "damaged"


@pytest.mark.parametrize(
    ("content", "missing"),
    (
        (SLIDES, "ppt/slides/slide1.xml"),
        (SLIDES, "ppt/presentation.xml"),
        (BOOK, "xl/worksheets/sheet1.xml"),
        (BOOK, "xl/workbook.xml"),
    ),
)
def test_refuses_a_file_with_a_part_missing_or_broken(content: bytes, missing: str) -> None:
    assert code(hostile.replaced(content, {missing: None})) == "damaged"
    broken = hostile.part(content, missing)[:-20]
    assert code(hostile.replaced(content, {missing: broken})) == "damaged"


def test_refuses_a_wrong_checksum() -> None:
    at = SLIDES.find(b"ppt/slides/slide1.xml") + 80
    assert code(SLIDES[:at] + bytes([SLIDES[at] ^ 0xFF]) + SLIDES[at + 1 :]) == "damaged"


def test_refuses_an_archive_entry_with_a_password() -> None:
    at = SLIDES.find(b"PK\x01\x02")
    locked = SLIDES[: at + 8] + bytes([SLIDES[at + 8] | 1]) + SLIDES[at + 9 :]
    assert code(locked) == "password"


def test_refuses_a_part_that_unfolds_to_many_times_its_size() -> None:
    bomb = hostile.replaced(SLIDES, {"ppt/media/image1.emf": bytes(60 * MEBIBYTE)})
    assert len(bomb) < MEBIBYTE
    assert code(bomb) == "archive_bomb"


def test_refuses_an_archive_that_is_too_large_in_all() -> None:
    limits = Limits(archive_bytes=2 * MEBIBYTE)
    noise = {f"ppt/media/image{n}.bin": bytes(MEBIBYTE) for n in range(3)}
    assert code(hostile.replaced(SLIDES, noise), limits=limits) == "archive_bomb"


def test_refuses_an_archive_of_too_many_entries() -> None:
    many = {f"ppt/media/{n}.txt": b"" for n in range(120)}
    assert code(hostile.replaced(SLIDES, many), limits=Limits(archive_entries=100)) == "archive_bomb"


def test_refuses_a_directory_that_lies_about_sizes() -> None:
    slide = hostile.part(SLIDES, "ppt/slides/slide1.xml")
    padded = slide.replace(b"</p:sld>", b" " * (3 * MEBIBYTE) + b"</p:sld>")
    lying = hostile.lying_directory(
        hostile.replaced(SLIDES, {"ppt/slides/slide1.xml": padded}), "ppt/slides/slide1.xml"
    )
    assert code(lying) in ("damaged", "archive_bomb")


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (99 + n, b"&%c;" % (98 + n) * 10) for n in range(9)
)


@pytest.mark.parametrize(
    "definition",
    (
        LAUGHS + b"]>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a SYSTEM "http://192.0.2.1/x">',
    ),
    ids=("entities in entities", "a file of the server", "an address"),
)
@pytest.mark.parametrize(("content", "name"), ((SLIDES, "ppt/slides/slide1.xml"), (BOOK, "xl/worksheets/sheet1.xml")))
def test_refuses_document_type_definitions(content: bytes, name: str, definition: bytes) -> None:
    xml = hostile.part(content, name)
    body = xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else xml
    started = time.monotonic()
    assert code(hostile.replaced(content, {name: b'<?xml version="1.0"?>' + definition + body})) == "unsafe_content"
    wide = ("<?xml version='1.0' encoding='UTF-16'?>" + (definition + body).decode()).encode("utf-16")
    assert code(hostile.replaced(content, {name: wide})) == "unsafe_content"
    assert time.monotonic() - started < 5


def test_never_opens_an_address_named_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was opened"))
    name = "ppt/slides/_rels/slide1.xml.rels"
    link = (
        b'<Relationship Id="rId99" TargetMode="External" Target="http://192.0.2.1/a.png" Type="http://x/image"/></Rel'
    )
    deck = hostile.replaced(SLIDES, {name: hostile.part(SLIDES, name).replace(b"</Rel", link)})
    assert "みほん市の取組" in texts(load(deck, "a.pptx"))


def test_refuses_a_deck_of_pictures() -> None:
    deck = new_deck()
    assert code(saved(deck)) == "no_text"
    slide = new_slide(deck)
    add_text(slide, [" "], 0)
    message = refused(saved(deck))
    assert message.code == "no_text"
    assert "画像だけ" in str(message)


def test_refuses_a_workbook_without_any_text() -> None:
    assert code(as_workbook({"空": []}), "空.xlsx") == "no_text"


def test_refuses_too_many_slides_and_sheets() -> None:
    assert code(SLIDES, limits=Limits(pages=0)) == "too_many_pages"
    assert code(BOOK, limits=Limits(pages=0)) == "too_many_pages"


def test_refuses_too_much_text_and_too_many_cells() -> None:
    long = "みほん市の取組を書く。" * 50
    assert code(long.encode(), "a.txt", Limits(characters=100)) == "too_much_text"
    assert code(as_slides([Paragraph((long,))]), limits=Limits(characters=100)) == "too_much_text"
    assert code(SLIDES, limits=Limits(cells=3)) == "too_many_cells"
    assert code(BOOK, "a.xlsx", Limits(cells=3)) == "too_many_cells"


HUGE_MERGE = hostile.sheet_xml(
    '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>',
    '<mergeCells><mergeCell ref="A1:XFD1048575"/></mergeCells>',
)


def test_a_merged_range_over_the_whole_sheet_costs_nothing() -> None:
    tracemalloc.start()
    started = time.monotonic()
    assert code(hostile.bare_workbook(HUGE_MERGE), "a.xlsx") == "too_many_cells"
    assert tracemalloc.get_traced_memory()[1] < 50 * MEBIBYTE
    tracemalloc.stop()
    assert time.monotonic() - started < 3


def test_cells_in_the_far_corners_of_a_sheet_cost_nothing() -> None:
    far = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>'
    document = load(hostile.bare_workbook(hostile.sheet_xml(far)), "a.xlsx")
    assert lines(document) == ["みほん", "みほん"]


def test_one_shared_string_shown_in_many_cells_is_counted_each_time() -> None:
    shared = hostile.part(hostile.bare_workbook(b""), "xl/sharedStrings.xml").replace("みほん".encode(), b"x" * 30_000)
    cells = "".join(f'<row r="{2 * n + 1}"><c r="A{2 * n + 1}" t="s"><v>0</v></c></row>' for n in range(400))
    assert code(hostile.bare_workbook(hostile.sheet_xml(cells), shared=shared), "a.xlsx") == "too_much_text"


def test_stored_but_empty_cells_lines_and_strings_are_counted() -> None:
    blank = hostile.sheet_xml('<row r="1">' + "<c/>" * 300 + "</row>")
    assert code(hostile.bare_workbook(blank), "a.xlsx", Limits(cell_records=100)) == "too_many_cells"
    shared = hostile.part(hostile.bare_workbook(b""), "xl/sharedStrings.xml").replace(
        b"</sst>", b"<si/>" * 300 + b"</sst>"
    )
    one = hostile.sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    assert code(hostile.bare_workbook(one, shared=shared), "a.xlsx", Limits(cell_records=100)) == "too_many_cells"
    assert code(as_slides([Paragraph(("x", *[""] * 300, "y"))]), limits=Limits(lines=100)) == "too_much_text"


def test_overlapping_spans_of_a_slide_table_cost_nothing() -> None:
    cell = '<a:tc rowSpan="60" gridSpan="60"><a:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></a:txBody></a:tc>'
    table = "<a:tbl>" + f"<a:tr>{cell * 60}</a:tr>" * 60 + "</a:tbl>"
    slide = re.sub(
        rb"<a:tbl>.*</a:tbl>", table.encode(), hostile.part(SLIDES, "ppt/slides/slide1.xml"), flags=re.DOTALL
    )
    started = time.monotonic()
    document = load(hostile.replaced(SLIDES, {"ppt/slides/slide1.xml": slide}), "a.pptx")
    assert texts(document).count("x") == 3600
    assert time.monotonic() - started < 10


def test_groups_nested_without_end_are_refused() -> None:
    slide = hostile.part(SLIDES, "ppt/slides/slide1.xml")
    deep = slide.replace(b"</p:spTree>", b"<p:grpSp>" * 5000 + b"</p:grpSp>" * 5000 + b"</p:spTree>")
    assert code(hostile.replaced(SLIDES, {"ppt/slides/slide1.xml": deep})) == "damaged"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_is_refused_or_read_never_a_crash(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from((SLIDES, BOOK))))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnableToRead):
        assert load(bytes(content), "a.pptx").blocks


XML_PARTS = ("ppt/slides/slide1.xml", "ppt/presentation.xml", "ppt/_rels/presentation.xml.rels", "[Content_Types].xml")
BOOK_PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damage_inside_the_parts_is_refused_or_read_never_a_crash(data: st.DataObject) -> None:
    archive, names = data.draw(st.sampled_from(((SLIDES, XML_PARTS), (BOOK, BOOK_PARTS))))
    name = data.draw(st.sampled_from(names))
    xml = hostile.part(archive, name)
    values = list(re.finditer(rb'="([^"]*)"', xml))
    chosen = data.draw(st.sampled_from(values))
    junk = data.draw(
        st.sampled_from((b"", b"-1", b"99999999999999999999", b"x", b"1e999", b"NaN", b"../../../etc", b"0"))
    )
    damaged = xml[: chosen.start(1)] + junk + xml[chosen.end(1) :]
    with suppress(UnableToRead):
        assert load(hostile.replaced(archive, {name: damaged}), "a.pptx").blocks


def test_limits_are_plain_numbers_that_can_be_lowered() -> None:
    assert all(isinstance(value, int) and value > 0 for value in dataclasses.asdict(DEFAULT).values())
