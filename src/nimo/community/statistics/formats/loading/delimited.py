"""CSV and text pasted from Excel, read line by line in constant memory: never the whole file at once."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from nimo.community.statistics.formats.loading.grid import Book, Grid, Line
from nimo.community.statistics.formats.loading.limits import DEFAULT, Limits
from nimo.community.statistics.formats.loading.refusals import refusal

_CHUNK = 1 << 16
_LABELS = {"utf-8-sig": "UTF-8", "cp932": "Shift_JIS", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    """Whether the whole stream is valid in an encoding; in chunks."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def encoding_of(stream: BinaryIO) -> str:
    """The encoding of a text: by its mark, by the zero bytes of UTF-16, else UTF-8, else CP932.

    Raises UnableToReadTable: encoding.
    """
    stream.seek(0)
    head = stream.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wanted = ["utf-16"]
    elif b"\0" in head:
        # a comma, a tab, a digit or a line end has a zero byte before it (BE) or after it (LE)
        wanted = ["utf-16-le", "utf-16-be"]
        if head[0:2].startswith(b"\0") or head[::2].count(0) > head[1::2].count(0):
            wanted.reverse()
        wanted = wanted[:1]
    else:
        wanted = ["utf-8-sig", "cp932"]
    for encoding in wanted:
        if _decodes(stream, encoding):
            return encoding
    raise refusal("encoding")


class _Opened:
    """One text file: its encoding and separator, and its lines as often as wanted."""

    def __init__(self, stream: BinaryIO, limits: Limits, *, tabs: bool) -> None:
        self._stream, self._limits = stream, limits
        self.encoding = encoding_of(stream)
        self.separator = "\t" if tabs else self._separator()

    def _characters(self) -> io.TextIOWrapper:
        self._stream.seek(0)
        raw: Any = _Unclosed(self._stream)
        return io.TextIOWrapper(raw, encoding=self.encoding, newline="")

    def _separator(self) -> str:
        """Tab, comma or semicolon: the one the first lines hold most often."""
        head = self._characters().read(8192)
        counts = {mark: head.count(mark) for mark in ("\t", ",", ";")}
        best = max(counts, key=lambda mark: counts[mark])
        return best if counts[best] else ","

    def lines(self) -> Iterator[Line]:
        limits = self._limits
        before = csv.field_size_limit(limits.cell_characters)
        rows = csv.reader(self._characters(), delimiter=self.separator, strict=True)
        try:
            for number, cells in enumerate(rows, 1):
                if number > limits.rows:
                    raise refusal("too_many_rows", f"上限は{limits.rows:,}行です。")
                if len(cells) > limits.columns:
                    raise refusal("too_many_rows", f"上限は{limits.columns}列です。")
                line = Line(number, tuple(cells))
                if not line.is_empty:
                    yield line
        except csv.Error as error:
            too_long = "field larger" in str(error)
            raise refusal("too_many_rows" if too_long else "quotes", f"{rows.line_num}行目のあたりです。") from error
        finally:
            csv.field_size_limit(before)


class _Unclosed(io.BufferedIOBase):
    """Lets a TextIOWrapper go without closing the stored file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._stream.read(-1 if size is None else size)

    def read1(self, size: int = -1, /) -> bytes:
        return self._stream.read(_CHUNK if size < 0 else size)


def open_delimited(stream: BinaryIO, name: str, limits: Limits = DEFAULT, *, tabs: bool = False) -> Book:
    """A CSV or tab-separated text as a book of one grid; rows and columns are those Excel would show.

    A cell in quotes may hold line breaks; such a row keeps the number Excel gives it. tabs: pasted from Excel.
    Raises UnableToReadTable: encoding, quotes, too_many_rows.
    """
    opened = _Opened(stream, limits, tabs=tabs)
    return Book("text", name, (Grid("", opened.lines),), (), _LABELS[opened.encoding])
