"""A form that comes back: only what was made here, for this kind of form, unchanged."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from nimo.foundation.files.formats.marked import MARKS, CarriesMacros, Limits, NoSuchWorkbook, NotOurs, Seal

KEY = "an invented key"
SEAL = Seal("nimo.tests.one", Limits(unpacked=1024 * 1024, parts=40))
SAID = {"kind": "nimo.tests.1", "region": "10207"}


def form(said: dict[str, str], signed_by: Seal = SEAL, key: str = KEY) -> bytes:
    book = Workbook()
    book.active["A1"] = "架空の用紙"
    sheet = book.create_sheet(MARKS)
    for row in signed_by.marks(key, said):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return buffer.getvalue()


def test_what_was_signed_is_read_back():
    book, said = SEAL.open(form(SAID), KEY)
    assert said == SAID
    assert book.active["A1"].value == "架空の用紙"


def test_a_signature_covers_every_field_and_the_key():
    assert SEAL.is_signed(KEY, SAID, SEAL.sign(KEY, SAID))
    assert not SEAL.is_signed(KEY, SAID | {"region": "10208"}, SEAL.sign(KEY, SAID))
    assert not SEAL.is_signed("other", SAID, SEAL.sign(KEY, SAID))
    assert not SEAL.is_signed(KEY, SAID, "署名ではない文字")


def test_a_form_of_another_kind_is_not_ours():
    other = Seal("nimo.tests.two", SEAL.limits)
    with pytest.raises(NotOurs):
        SEAL.open(form(SAID, signed_by=other), KEY)


def test_a_form_without_marks_is_not_ours():
    book, buffer = Workbook(), io.BytesIO()
    book.save(buffer)
    with pytest.raises(NotOurs):
        SEAL.open(buffer.getvalue(), KEY)


def test_refuses_what_would_unpack_to_more_than_it_may():
    with pytest.raises(NoSuchWorkbook):
        SEAL.open(with_part(form(SAID), "xl/media/large.bin", b"\0" * (SEAL.limits.unpacked + 1)), KEY)


def test_refuses_more_parts_than_a_form_has():
    content = form(SAID)
    for number in range(SEAL.limits.parts):
        content = with_part(content, f"xl/media/{number}.bin", b"x")
    with pytest.raises(NoSuchWorkbook):
        SEAL.open(content, KEY)


def test_refuses_a_program():
    with pytest.raises(CarriesMacros):
        SEAL.open(with_part(form(SAID), "xl/vbaProject.bin", b"x"), KEY)


@settings(max_examples=50)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_one_of_three_words(content):
    with pytest.raises((NoSuchWorkbook, CarriesMacros, NotOurs)):
        SEAL.open(content, KEY)


FORM = form(SAID)
"""Written once: a workbook carries the second it was written in, and is now and then a byte longer for it."""


@settings(max_examples=50, deadline=None)
@given(st.integers(0, len(FORM) - 1), st.integers(1, 255))
def test_a_form_with_one_wrong_byte_is_refused_or_says_what_was_signed(place, wrong):
    content = bytearray(FORM)
    content[place] ^= wrong
    with contextlib.suppress(NoSuchWorkbook, CarriesMacros, NotOurs):
        assert SEAL.open(bytes(content), KEY)[1] == SAID
