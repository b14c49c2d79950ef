"""What a file is, judged by its content, and opened as grids."""

from __future__ import annotations

from typing import BinaryIO

from nimo.community.statistics.formats.loading.delimited import open_delimited
from nimo.community.statistics.formats.loading.grid import Book
from nimo.community.statistics.formats.loading.limits import DEFAULT, Limits
from nimo.community.statistics.formats.loading.refusals import refusal
from nimo.community.statistics.formats.loading.workbook import open_workbook

PASTED = "貼り付けた表.tsv"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")


def open_book(stream: BinaryIO, name: str, limits: Limits = DEFAULT) -> Book:
    """The tables of a file; `stream` is seekable and stays open while they are read.

    Raises UnableToReadTable for everything that is neither Excel (.xlsx) nor text in rows.
    """
    stream.seek(0, 2)
    if stream.tell() > limits.file_bytes:
        raise refusal("too_large", f"上限は{limits.file_bytes // (1024 * 1024)}MBです。")
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise refusal("empty")
    if head.startswith(b"PK"):
        return open_workbook(stream, name, limits)
    if head.startswith(_OLE):
        raise refusal("password")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if head.startswith(_OTHERS) or start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise refusal("kind")
    return open_delimited(stream, name, limits, tabs=name == PASTED)
