"""PDF files that are locked, damaged, scanned, or that would never end."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.sheets.formats.loaders.limits import DEFAULT, MEBIBYTE, Limits
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.loaders.pdf.document import read_pdf
from nimo.community.sheets.formats.loaders.wire import from_json, to_json
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.tests.builders import hostile
from nimo.community.sheets.tests.builders.as_pdf import as_pdf
from nimo.community.sheets.tests.builders.parts import C, Heading, PageBreak, Paragraph, grid
from nimo.community.sheets.tests.builders.reading import codes, lines

SMALL = hostile.bare_pdf(b"BT /F1 12 Tf 72 700 Td (hello) Tj ET")


def code(content: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(UnableToRead) as caught:
        load(content, "シート.pdf", limits=limits)
    assert "登録済みの内容は何も変わっていません。" in str(caught.value)
    return caught.value.code


def test_refuses_a_locked_file() -> None:
    assert code(hostile.locked_pdf()) == "password"


def test_refuses_a_scan_without_text() -> None:
    assert code(hostile.scanned_pdf()) == "no_text"


@pytest.mark.parametrize("content", (b"%PDF-1.7\n", b"%PDF-1.7\nnothing more\n%%EOF", SMALL[:120]))
def test_refuses_a_damaged_file(content: bytes) -> None:
    assert code(content) == "damaged"


def test_reads_a_pdf_behind_another_ending_and_after_some_junk() -> None:
    document = load(b"From: printer\n" + SMALL, "シート.xlsx")
    assert document.kind == "pdf"
    assert lines(document) == ["hello"]
    assert codes(document) == ["ending_differs"]


def test_refuses_too_many_pages() -> None:
    pages = as_pdf([Heading("一"), PageBreak(), Heading("二"), PageBreak(), Heading("三")])
    assert code(pages, replace(DEFAULT, pages=2)) == "too_many_pages"


def test_refuses_a_page_with_too_many_objects() -> None:
    assert code(SMALL, replace(DEFAULT, page_objects=3)) == "too_complex"


def test_refuses_characters_without_a_code() -> None:
    # Characters of a font that names neither an encoding nor a mapping to Unicode.
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    below = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    text = b"BT /F2 12 Tf 72 700 Td <01020304050607080910> Tj ET"
    pdf = hostile.bare_pdf(text, objects=(font, below)).replace(b"/F1 3 0 R", b"/F1 3 0 R/F2 5 0 R")
    assert code(pdf) == "no_unicode"


def test_stops_a_page_that_would_never_end() -> None:
    started = time.monotonic()
    assert code(hostile.endless_pdf(), replace(DEFAULT, seconds=3)) == "took_too_long"
    assert time.monotonic() - started < 12


@pytest.mark.skipif(os.name != "posix", reason="the memory of a process can only be limited on POSIX systems")
def test_stops_a_page_that_would_fill_the_memory() -> None:
    content = hostile.inflating_pdf(700)
    assert len(content) < 2 * MEBIBYTE
    started = time.monotonic()
    assert code(content, replace(DEFAULT, memory_bytes=600 * MEBIBYTE, seconds=60)) == "took_too_long"
    assert time.monotonic() - started < 30


def test_the_process_gets_none_of_the_servers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIMO_FIELD_KEY", "secret")
    seen: dict[str, str] = {}

    def run(*_: object, env: dict[str, str], **__: object) -> None:
        seen.update(env)
        raise OSError("not started")

    monkeypatch.setattr("subprocess.run", run)
    with pytest.raises(OSError, match="not started"):
        load(SMALL, "a.pdf")
    assert "NIMO_FIELD_KEY" not in seen
    assert "PYTHONPATH" in seen


def test_a_document_survives_the_way_between_processes() -> None:
    parts = [Heading("見出し\t①"), Paragraph(("a\\b\"c'd",)), grid([[C("表", columns=2)], ["x", "改\n行"]], (1, 1))]
    document = read_pdf(as_pdf(parts), "名前「1」.pdf", DEFAULT)
    assert from_json(to_json(document)) == document


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_damage_is_refused_or_read_never_a_crash(data: st.DataObject) -> None:
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnableToRead):
        assert read_pdf(bytes(content), "a.pdf", DEFAULT).blocks
