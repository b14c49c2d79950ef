"""Text files in the encodings Japanese offices use."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.formats.loaders.decode import decode
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.loaders.plausibility import plausibility
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.facts import city_facts, r3_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.builders.reading import characters, codes

SHEET = as_text(layout_parts(city_facts(), "r6-city"))
SHORT = "みほん市における取組の経緯\n①協議の場を３か所に置いた。\n"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "iso-2022-jp")


def encoded(text: str, encoding: str) -> bytes:
    if encoding == "euc-jp":
        return as_windows_euc(text)
    if encoding == "iso-2022-jp":
        return text.replace("①", "1").replace("②", "2").replace("③", "3").replace("～", "〜").encode("iso2022_jp")
    return text.encode(encoding)


def as_windows_euc(text: str) -> bytes:
    """EUC-JP with the characters of Windows: the bytes of CP932 moved to the high half."""
    out = bytearray()
    for character in text:
        packed = character.encode("cp932")
        if len(packed) == 1:
            out += packed if packed[0] < 0x80 else bytes((0x8E, packed[0]))
            continue
        lead, trail = packed
        row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + (1 if trail < 0x9F else 2)
        cell = trail - (0x3F if trail < 0x7F else 0x40) if trail < 0x9F else trail - 0x9E
        out += bytes((row + 0xA0, cell + 0xA0))
    return bytes(out)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", (SHEET, SHORT), ids=("a whole sheet", "two lines"))
def test_reads_the_same_text_in_every_encoding(text: str, encoding: str) -> None:
    decoded = decode(encoded(text, encoding), "シート.txt")
    expected = text
    if encoding == "iso-2022-jp":
        expected = encoded(text, encoding).decode("iso2022_jp")
    assert decoded.text == expected
    assert decoded.findings == ()
    assert decoded.encoding == {"utf-16": "utf-16-le"}.get(encoding, encoding)


@pytest.mark.parametrize("encoding", ("cp932", "euc-jp"))
def test_reads_the_characters_nec_and_ibm_added(encoding: str) -> None:
    text = "①㈱№㌔髙﨑彅Ⅲⅲ∵纊褜～－∥－ 医療法人髙﨑会が①を担当する。ｱｳﾄﾘｰﾁ\n"
    assert decode(encoded(text, encoding), "a.txt").text == text


def test_names_the_encoding_in_the_document() -> None:
    assert load(SHEET.encode("cp932"), "シート.txt").encoding == "cp932"


@pytest.mark.parametrize("encoding", ("utf-8", "cp932", "utf-16", "euc-jp"))
def test_no_character_of_a_text_file_is_lost(encoding: str) -> None:
    for facts, layout in ((city_facts(), "r6-city"), (r3_facts(), "r3")):
        text = as_text(layout_parts(facts, layout))
        assert characters(load(encoded(text, encoding), "a.txt")) == "".join(text.split())


@pytest.mark.parametrize("encoding", ("utf-8", "cp932", "euc-jp"))
def test_reads_a_file_cut_in_the_middle_of_a_character_and_says_so(encoding: str) -> None:
    content = encoded(SHORT * 20, encoding).rstrip(b"\n")
    cut = content[:-1]
    decoded = decode(cut, "a.txt")
    assert decoded.text.startswith(SHORT)
    assert [f.code for f in decoded.findings] == ["undecodable_bytes"]
    assert "40行目" in decoded.findings[0].message
    assert decoded.findings[0].line == 40


def test_marks_stray_bytes_in_a_utf16_file_with_a_mark() -> None:
    content = codecs.BOM_UTF16_LE + SHORT.encode("utf-16-le") + b"\x00\xd8" + SHORT.encode("utf-16-le")
    decoded = decode(content, "a.txt")
    assert decoded.text == SHORT + "�" + SHORT
    assert [f.code for f in decoded.findings] == ["undecodable_bytes"]


def test_says_so_when_two_encodings_fit_equally_well() -> None:
    # Common ideographs whose two bytes, swapped, are common ideographs too; without a byte order mark either may be meant.
    content = "境低何問入全兵".encode("utf-16-le")
    decoded = decode(content, "a.txt")
    assert [f.code for f in decoded.findings] == ["encoding_ambiguous"]
    assert "UTF-16BE" in decoded.findings[0].message


GARBLED = (
    ("utf-8", "cp932"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp1252"),
    ("cp932", "latin-1"),
    ("utf-8", "euc_jp"),
    ("euc_jp", "cp932"),
    ("euc_jp", "latin-1"),
)


@pytest.mark.parametrize(("was", "read_as"), GARBLED)
@pytest.mark.parametrize("errors", ("replace", "ignore"))
def test_refuses_a_text_saved_after_it_was_garbled(was: str, read_as: str, errors: str) -> None:
    plain = SHEET.replace("①", "").replace("②", "").replace("③", "").replace("～", "から")
    garbled = plain.encode(was).decode(read_as, errors)
    with pytest.raises(UnableToRead) as refused:
        decode(garbled.encode("utf-8"), "a.txt")
    assert refused.value.code == "mojibake"
    assert "元のファイル" in str(refused.value)


def test_refuses_a_text_whose_characters_were_replaced() -> None:
    with pytest.raises(UnableToRead) as refused:
        decode(SHEET.replace("の", "�").encode(), "a.txt")
    assert refused.value.code == "mojibake"


def test_keeps_a_single_replaced_character_of_the_original() -> None:
    text = SHEET.replace("みほん病院", "み�ん病院", 1)
    assert decode(text.encode(), "a.txt").text == text


def test_reports_characters_of_a_private_font() -> None:
    decoded = decode((SHORT + "担当 ").encode("cp932") + b"\xf0\x40" + "田\n".encode("cp932"), "a.txt")
    assert "\ue000" in decoded.text
    assert [f.code for f in decoded.findings] == ["private_characters"]
    assert decoded.findings[0].line == 3


@pytest.mark.parametrize("content", (b"", b"   \r\n\n", b"\xef\xbb\xbf", b"\xff\xfe\r\x00\n\x00", b"\x00" * 40))
def test_refuses_an_empty_file(content: bytes) -> None:
    with pytest.raises(UnableToRead) as refused:
        load(content, "空.txt")
    assert refused.value.code == "empty_file"


def test_refuses_bytes_that_are_no_text() -> None:
    with pytest.raises(UnableToRead) as refused:
        load(bytes(range(256)) * 20, "a.txt")
    assert refused.value.code in ("unknown_kind", "unknown_encoding")


def test_no_finding_for_a_clean_file() -> None:
    assert codes(load(SHEET.encode(), "シート.txt")) == []


def test_japanese_prose_and_its_misreadings_lie_far_apart() -> None:
    assert plausibility(SHEET) > 0.97
    for was, read_as in GARBLED:
        assert plausibility(SHEET.encode(was, "ignore").decode(read_as, "replace")) < 0.75, (was, read_as)


PROSE = st.text(
    st.sampled_from(
        "あいうえおかきくけこさしすせそたちつてとなにのはひふまみむもやゆよらりるれろわをん、。地域医療福祉保健市町村県会議場協"
    ),
    min_size=12,
    max_size=60,
)


@given(PROSE, st.sampled_from(("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be", "iso2022_jp")))
def test_any_plain_prose_survives_any_encoding(text: str, encoding: str) -> None:
    assert decode((text + "\n").encode(encoding), "a.txt").text == text + "\n"
