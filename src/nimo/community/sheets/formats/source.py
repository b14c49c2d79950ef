"""What every loader (text, PPTX, XLSX, PDF) hands to the reader: lines and tables, each with its place.

A loader never interprets; it keeps every character of the file and says where it stood. The reader
never opens a file. So a new file type is one loader, a new layout one reading rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands, in words an official can follow.

    line:  1-based line of the text rendering of the document (for PPTX/XLSX/PDF: the running number of the
           line or table row the loader produced). Always present and increasing through the document.
    page:  1-based page, slide or worksheet; None for plain text without pages.
    label: Japanese wording of the place, e.g. "12行目", "スライド3の表1 2行目", "シート「基本情報」B5".
    """

    line: int
    page: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of running text, verbatim (leading space of a slide break kept)."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell, verbatim, with line breaks kept as \\n; spans are 1 where nothing is merged."""

    text: str
    row: int
    column: int
    place: Place
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the file draws it. Merged cells appear once, at their top-left corner, with their spans."""

    cells: tuple[Cell, ...]
    place: Place

    @property
    def row_count(self) -> int:
        return max((c.row + c.row_span for c in self.cells), default=0)

    @property
    def column_count(self) -> int:
        return max((c.column + c.column_span for c in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt or refusal met while loading or reading. `code` is stable; `message` is for the user, in Japanese."""

    code: str
    where: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One file, loaded. `kind`: "text", "pptx", "xlsx", "pdf". `encoding` only for text."""

    file_name: str
    kind: str
    blocks: tuple[Line | Table, ...]
    encoding: str | None = None
    findings: tuple[Finding, ...] = field(default=())
    attached: str | None = None
    """The data a PDF written by nimo carries of itself (following.attached). Not to be believed unread."""


class UnableToRead(Exception):
    """The file cannot be read at all. str() is a Japanese sentence: what happened, that nothing was lost, what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
