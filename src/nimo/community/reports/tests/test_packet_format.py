"""The mark inside an Excel form."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from openpyxl import Workbook, load_workbook

from nimo.community.reports.formats.packet import Marks, UnableToReadPacket, packet_marks, signed_packet

KEY = "an invented key"
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
MARKS = Marks(uuid4(), uuid4(), "10207")


def workbook() -> bytes:
    book = Workbook()
    book.active["A1"] = "架空の用紙"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(content: bytes, change) -> bytes:
    book = load_workbook(io.BytesIO(content))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_form_says_whose_it_is_after_somebody_wrote_into_it():
    form = signed_packet(workbook(), MARKS, KEY, made_at=AT)
    filled = changed(form, lambda book: book.worksheets[0].__setitem__("A2", "書き込んだ文"))
    assert packet_marks(filled, KEY) == MARKS


def test_the_mark_is_out_of_sight_and_names_nobody():
    book = load_workbook(io.BytesIO(signed_packet(workbook(), MARKS, KEY, made_at=AT)))
    assert book["nimo"].sheet_state == "veryHidden"
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy


@pytest.mark.parametrize("row", [2, 3, 4])
def test_refuses_a_form_whose_mark_was_changed(row):
    form = signed_packet(workbook(), MARKS, KEY, made_at=AT)
    forged = changed(form, lambda book: book["nimo"].__setitem__(f"B{row}", str(uuid4())))
    with pytest.raises(UnableToReadPacket, match="印が変えられています"):
        packet_marks(forged, KEY)


def test_refuses_a_form_of_another_installation():
    with pytest.raises(UnableToReadPacket, match="このシステムが出した用紙ではない"):
        packet_marks(signed_packet(workbook(), MARKS, KEY, made_at=AT), "another key")


def test_refuses_a_workbook_without_a_mark():
    with pytest.raises(UnableToReadPacket, match="このシステムが出した用紙ではない"):
        packet_marks(workbook(), KEY)


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_refuses_what_is_no_workbook(content):
    with pytest.raises(UnableToReadPacket, match="読み取れませんでした"):
        packet_marks(content, KEY)
