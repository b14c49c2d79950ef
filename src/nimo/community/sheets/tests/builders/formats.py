"""One list of parts in every format the reader knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nimo.community.sheets.formats.loaders.limits import DEFAULT
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.loaders.pdf.document import read_pdf
from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reader import read_document
from nimo.community.sheets.tests.builders.as_pdf import as_pdf
from nimo.community.sheets.tests.builders.as_slides import as_slides
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.as_workbook import as_workbook
from nimo.community.sheets.tests.builders.parts import PageBreak, Part

FORMATS: Mapping[str, Callable[[Sequence[Part]], bytes]] = {
    "text": lambda parts: as_text(parts).encode("utf-8"),
    "text-cp932": lambda parts: as_text(parts).encode("cp932"),
    "text-utf16": lambda parts: as_text(parts).encode("utf-16"),
    "pptx": as_slides,
    "xlsx": lambda parts: as_workbook({"シート": parts}),
    "pdf": as_pdf,
    "pdf-unruled": lambda parts: as_pdf(parts, ruled=False),
}
OFFICE = ("text", "pptx", "xlsx", "pdf")
"""One of each kind, without the variants of encoding and drawing."""


def readings(parts: Sequence[Part], format_name: str) -> list[SheetReading]:
    """Every sheet read from the parts written in a format."""
    content = FORMATS[format_name](parts)
    if format_name.startswith("pdf"):
        # In this process: the tests of the loader see to the process of its own.
        return read_document(read_pdf(content, "シート.pdf", DEFAULT))
    return read_document(load(content, f"シート.{format_name.partition('-')[0]}"))


def reading(parts: Sequence[Part], format_name: str) -> SheetReading:
    (found,) = readings(parts, format_name)
    return found


def together(sheets: Sequence[Sequence[Part]], format_name: str) -> list[SheetReading]:
    """What is read from several sheets in one file: a worksheet each, or one after the other on pages of their own."""
    if format_name == "xlsx":
        book = as_workbook({f"シート{number}": parts for number, parts in enumerate(sheets, start=1)})
        return read_document(load(book, "シート.xlsx"))
    return readings(joined(*sheets), format_name)


def joined(*sheets: Sequence[Part]) -> list[Part]:
    parts: list[Part] = []
    for sheet in sheets:
        parts += [PageBreak(), *sheet] if parts else sheet
    return parts
