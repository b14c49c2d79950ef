"""The lines of a file in batches of text columns, with their numbers: CSV and TSV (UTF-8, CP932, UTF-16), XLSX, Parquet.

A line that cannot be read is named and the next one is read: one broken row in ten million costs one row.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from nimo.analysis.reading.mapping import known_headings

BATCH = 50_000
HEADING_WITHIN = 20
_LONGEST_RECORD = 5  # physical lines of one record with line breaks inside quotes
_PIECE = 1 << 20
_LOST = re.compile("[\udc80-\udcff]")


class SourceError(ValueError):
    """The file cannot be opened as a table; the message (Japanese) says why and what to do."""


@dataclass
class RawBatch:
    """columns: one list of texts per heading, in order. rows: line numbers, the heading line counted.

    problems: (line, kind) of lines that are left out here. done, of: bytes or rows, for showing progress.
    """

    rows: list[int]
    columns: list[Sequence[str]]
    problems: list[tuple[int, str]] = field(default_factory=list)
    done: int = 0
    of: int = 0


class Source(Protocol):
    """An opened file."""

    kind: str
    encoding: str | None
    headings: list[str]

    def batches(self, size: int = BATCH) -> Iterator[RawBatch]:
        """From the first row after the headings."""
        ...


def open_source(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Source:
    """Open by content: Parquet, a workbook, else text. SourceError when it is none of them or has no heading line."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise SourceError(f"ファイル {path.name} を開けません。") from error
    if head[:4] == b"PAR1":
        return ParquetSource(path)
    if head[:2] == b"PK" or head[:4] == b"\xd0\xcf\x11\xe0":
        return WorkbookSource(path, sheet)
    return TextSource(path, encoding or detect_encoding(path))


def _is_whole(text: str) -> bool:
    """False when some byte of it could not be decoded (surrogateescape leaves a half character)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bad_bytes(path: Path, encoding: str, enough: int) -> int:
    decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
    bad = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            bad += 0 if _is_whole(text) else len(_LOST.findall(text))
            if bad > enough:
                break
    return bad + len(_LOST.findall(decoder.decode(b"", True)))


def detect_encoding(path: Path) -> str:
    """By byte order mark; else UTF-8 or CP932, whichever leaves fewer unreadable bytes (the whole file is looked at)."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    bad_utf8 = _bad_bytes(path, "utf-8", 10_000)
    if bad_utf8 == 0:
        return "utf-8"
    # One stray byte in a UTF-8 file would be a half-width kana in CP932: only clearly better counts.
    bad_cp932 = _bad_bytes(path, "cp932", bad_utf8)
    return "cp932" if bad_cp932 == 0 and bad_utf8 > 1 else ("cp932" if bad_cp932 * 4 < bad_utf8 > 8 else "utf-8")


def _find_headings(lines: Sequence[Sequence[str]], name: str) -> int:
    """The index of the heading line: the first with most headings nimo knows; else the first with most cells filled."""
    best, best_score = -1, (0, 0)
    for index, cells in enumerate(lines):
        score = (known_headings(cells), sum(1 for cell in cells if cell.strip()))
        if score > best_score:
            best, best_score = index, score
    if best < 0 or best_score[1] < 2:
        raise SourceError(
            f"ファイル {name} に見出しの行が見つかりません。見出しは初めの{HEADING_WITHIN}行の中に置いてください。"
        )
    return best


class TextSource:
    """CSV or TSV, one record per line; line breaks inside quotes are followed for a few lines."""

    kind = "csv"

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding: str | None = encoding
        self.size = path.stat().st_size
        with self._open() as file:
            first = list(islice(file, HEADING_WITHIN))
        tabs, commas = sum(line.count("\t") for line in first), sum(line.count(",") for line in first)
        self.delimiter = "\t" if tabs > commas else ","
        lines = [self._cells(line) or [""] for line in first]
        self.heading_line = _find_headings(lines, path.name)
        self.headings = [cell.strip() for cell in lines[self.heading_line]]
        while self.headings and not self.headings[-1]:
            self.headings.pop()

    def _open(self) -> Any:
        return self.path.open(encoding=self.encoding, errors="surrogateescape")

    def _cells(self, *lines: str) -> list[str] | None:
        """The cells of one record; None when the lines are no record."""
        try:
            records = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        return records[0] if len(records) == 1 else ([] if not records else None)

    def batches(self, size: int = BATCH) -> Iterator[RawBatch]:
        number = self.heading_line + 1
        with self._open() as file:
            for _ in range(self.heading_line + 1):
                file.readline()
            while lines := list(islice(file, size)):
                batch = self._batch(lines, number, file)
                number += len(lines)
                batch.done, batch.of = min(file.buffer.tell(), self.size), self.size
                yield batch

    def _batch(self, lines: list[str], before: int, file: Iterator[str]) -> RawBatch:
        """`lines` grows when the last record goes on in the next lines of the file."""
        width, text = len(self.headings), "".join(lines)
        batch = RawBatch([], [])
        records: list[list[str]] = []
        if '"' not in text and "\x00" not in text and _is_whole(text):
            records = list(csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE))
        if len(records) == len(lines) and all(len(record) == width for record in records):
            batch.rows = list(range(before + 1, before + 1 + len(lines)))
        else:
            records = self._one_by_one(lines, before, file, batch)
        batch.columns = list(zip(*records, strict=True)) if records else [() for _ in self.headings]
        return batch

    def _one_by_one(self, lines: list[str], before: int, file: Iterator[str], batch: RawBatch) -> list[list[str]]:
        width, records, index = len(self.headings), [], 0
        while index < len(lines):
            number = before + index + 1
            cells, used = self._record(lines, index, file)
            index += used
            if cells is not None and not any(cells):
                continue
            if cells is not None and len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if cells is None or len(cells) != width:
                batch.problems.append((number, "broken_row"))
            elif any(_LOST.search(cell) for cell in cells):
                batch.problems.append((number, "undecodable"))
            else:
                batch.rows.append(number)
                records.append(cells)
        return records

    def _record(self, lines: list[str], index: int, file: Iterator[str]) -> tuple[list[str] | None, int]:
        """The cells of the record that begins at `index`, and how many lines it takes.

        A quote that is never closed would swallow the rest of the file: after a few lines it is a broken row.
        """
        if not lines[index].count('"') & 1:
            return self._cells(lines[index]), 1
        for used in range(2, _LONGEST_RECORD + 1):
            if index + used > len(lines):
                lines.extend(islice(file, 1))
            if index + used > len(lines):
                break
            cells = self._cells(*lines[index : index + used])
            if cells is not None and len(cells) == len(self.headings):
                return cells, used
        return None, 1


def _text(value: object) -> str:
    """A cell of a workbook as the text it stands for: a whole number without its decimal point, a day in ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


class WorkbookSource:
    """One sheet of a workbook (XLSX, XLS, ODS): the one named, else the first with known headings."""

    kind = "xlsx"
    encoding: str | None = None

    def __init__(self, path: Path, sheet: str | None) -> None:
        try:
            self.book = CalamineWorkbook.from_path(str(path))
        except Exception as error:
            raise SourceError(
                f"ファイル {path.name} を Excel の表として開けません。壊れているか、パスワード付きです。"
            ) from error
        names = list(self.book.sheet_names)
        if sheet is not None and sheet not in names:
            raise SourceError(f"ファイル {path.name} に、覚えてあるシートがありません。シート名を確かめてください。")
        self.sheet, self.heading_line, cells = self._choose([sheet] if sheet else names, path.name)
        self.headings = [cell.strip() for cell in cells]

    def _choose(self, names: list[str], file: str) -> tuple[str, int, list[str]]:
        found: tuple[int, str, int, list[str]] | None = None
        for name in names:
            first = [
                list(map(_text, row)) for row in islice(self.book.get_sheet_by_name(name).iter_rows(), HEADING_WITHIN)
            ]
            try:
                index = _find_headings(first, file)
            except SourceError:
                continue
            score = known_headings(first[index])
            if found is None or score > found[0]:
                found = (score, name, index, first[index])
        if found is None:
            raise SourceError(
                f"ファイル {file} に見出しの行が見つかりません。見出しは初めの{HEADING_WITHIN}行の中に置いてください。"
            )
        return found[1], found[2], found[3]

    def batches(self, size: int = BATCH) -> Iterator[RawBatch]:
        sheet = self.book.get_sheet_by_name(self.sheet)
        total = sheet.total_height
        rows = enumerate(sheet.iter_rows(), 1)
        for _ in range(self.heading_line + 1):
            next(rows)
        while piece := list(islice(rows, size)):
            numbers, records = [], []
            for number, row in piece:
                cells = list(map(_text, row))
                if any(cells):
                    numbers.append(number)
                    records.append(cells)
            columns: list[Sequence[str]] = list(zip(*records, strict=True)) if records else [() for _ in self.headings]
            yield RawBatch(numbers, columns, done=piece[-1][0], of=total)


def _texts(column: pa.Array) -> Sequence[str]:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_integer(kind) or pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        texts: list[str] = column.cast(pa.string()).fill_null("").to_pylist()
        return texts
    return [_text(value) for value in column.to_pylist()]


class ParquetSource:
    """A Parquet file whose columns are not those of the contract: read as text like the others, the first row is 1."""

    kind = "parquet"
    encoding: str | None = None

    def __init__(self, path: Path) -> None:
        try:
            self.file = pq.ParquetFile(path)
        except Exception as error:
            raise SourceError(
                f"ファイル {path.name} を Parquet として開けません。壊れていないか確かめてください。"
            ) from error
        self.headings = list(self.file.schema_arrow.names)

    def batches(self, size: int = BATCH) -> Iterator[RawBatch]:
        total, done = self.file.metadata.num_rows, 0
        for piece in self.file.iter_batches(batch_size=size):
            columns: list[Sequence[str]] = [_texts(column) for column in piece.columns]
            rows = list(range(done + 1, done + 1 + piece.num_rows))
            done += piece.num_rows
            yield RawBatch(rows, columns, done=done, of=total)


Progress = Callable[[int, int, str], None]
