"""Told from the bytes: what a file is, whatever it calls itself."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.files.formats import kinds
from nimo.foundation.files.formats.kinds import HEAD_BYTES, TAIL_BYTES, FileKind, sniff
from nimo.foundation.files.rules import NAME_LIMIT, NAMELESS, clean_name


def kind_of(content: bytes) -> FileKind:
    return sniff(content[:HEAD_BYTES], lambda: content[-TAIL_BYTES:])


def archive(*names: str, first: tuple[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        if first:
            file.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name in names:
            file.writestr(name, "x" * 100)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"%PDF-1.7\n...", kinds.PDF),
        (b"\x00" * 20 + b"%PDF-1.4", kinds.PDF),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), kinds.PPTX),
        (archive("[Content_Types].xml", "xl/workbook.xml"), kinds.XLSX),
        (archive("[Content_Types].xml", "word/document.xml"), kinds.DOCX),
        (archive("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.spreadsheet")), kinds.ODS),
        (archive("a.txt", "ppt/notes.txt"), kinds.ZIP),
        (archive(), kinds.ZIP),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, kinds.OLD_OFFICE),
        (b"\x89PNG\r\n\x1a\n....", kinds.PNG),
        (b"\xff\xd8\xff\xe0", kinds.JPEG),
        (b"GIF89a", kinds.GIF),
        (b"\x1f\x8b\x08", kinds.GZIP),
        ("太田市の情報シート".encode(), kinds.TEXT),
        ("太田市の情報シート".encode("cp932"), kinds.TEXT),
        ("太田市の情報シート".encode("utf-16"), kinds.TEXT),
        (b"\xef\xbb\xbf\xe5\xa4\xaa", kinds.TEXT),
        (b'{"type": "Topology"}', kinds.JSON),
        (b"[[1, 2]]", kinds.JSON),
        ("[注] 参考資料".encode(), kinds.TEXT),
        (b"  <!DOCTYPE html><p>", kinds.HTML),
        (b"<svg onload=alert(1)>", kinds.HTML),
        (b"MZ\x90\x00\x03", kinds.UNKNOWN),
        (b"\x7fELF\x02\x01", kinds.UNKNOWN),
        (b"abc\x01\x02", kinds.UNKNOWN),
        (b"\x81", kinds.UNKNOWN),
    ],
)
def test_tells_the_kind(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
@pytest.mark.parametrize("shift", range(4))
def test_a_character_cut_at_the_edge_of_the_head_is_no_binary(encoding, shift):
    assert kind_of(("a" * shift + "圏域" * HEAD_BYTES).encode(encoding)) == kinds.TEXT


@given(st.binary(max_size=300))
def test_never_fails(content):
    assert kind_of(content).label


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
def test_takes_any_text_for_text(text):
    assert kind_of(text.encode()).content_type in {
        "text/plain",
        "text/html",
        "application/json",
        "image/gif",
        "application/pdf",
    }


@pytest.mark.parametrize(
    "kind, name, fits",
    [
        (kinds.PDF, "シート.PDF", True),
        (kinds.PDF, "シート.pptx", False),
        (kinds.OLD_OFFICE, "暗号化.xlsx", True),
        (kinds.UNKNOWN, "なにか.bin", True),
        (kinds.TEXT, "表.csv", True),
        (kinds.ZIP, "表.xlsx", False),
    ],
)
def test_says_whether_the_name_ends_as_it_should(kind, name, fits):
    assert kind.fits(name) == fits


@pytest.mark.parametrize(
    "given_name, shown",
    [
        ("自治体情報シート（太田市）.pptx", "自治体情報シート（太田市）.pptx"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\職員\シート.xlsx", "シート.xlsx"),
        ("報告\u202efdp.exe", "報告fdp.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("  .htaccess", "htaccess"),
        ("", NAMELESS),
        ("...", NAMELESS),
        ("/", NAMELESS),
    ],
)
def test_shows_a_name_without_folders_and_tricks(given_name, shown):
    assert clean_name(given_name) == shown


@given(st.text(max_size=400))
def test_a_name_is_never_empty_nor_too_long_and_cleaning_twice_changes_nothing(text):
    shown = clean_name(text)
    assert 1 <= len(shown) <= NAME_LIMIT
    assert "/" not in shown
    assert "\\" not in shown
    assert clean_name(shown) == shown


def test_a_long_name_keeps_its_ending():
    assert clean_name("長" * 300 + ".pptx").endswith("長.pptx")
