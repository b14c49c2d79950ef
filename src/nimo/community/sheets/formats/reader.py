"""The door of reading: a loaded document, or a file, to the sheets it holds. No database, no network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nimo.community.sheets.formats.codes import finding
from nimo.community.sheets.formats.following.attached import read_attached
from nimo.community.sheets.formats.following.form import read_by_form
from nimo.community.sheets.formats.layouts.files import FOLDER
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reading.assemble import read_sheet
from nimo.community.sheets.formats.reading.columns import find_text_headers, header_of
from nimo.community.sheets.formats.reading.heads import split_sheets
from nimo.community.sheets.formats.reading.ledger import Ledger
from nimo.community.sheets.formats.reading.squeeze import Squeezed
from nimo.community.sheets.formats.reading.stream import Item, TableRow, TextLine, stream
from nimo.community.sheets.formats.reading.titles import Heading, find_headings
from nimo.community.sheets.formats.source import Finding, SourceDocument, Table
from nimo.core.fiscal import FiscalYear


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a file gave: its sheets in the order of the file, and the document they were read from.

    A file without any sheet in it has no `sheets` and a finding `not_a_sheet` in `findings`.
    """

    sheets: list[SheetReading]
    document: SourceDocument
    findings: tuple[Finding, ...] = ()


def read_file(path_or_bytes: Path | str | bytes, *, file_name: str, layouts: Path = FOLDER) -> ReadResult:
    """Read a file or its content: by its form where it follows one to the letter (following.form), else by its words.

    Raises UnableToRead (a Japanese sentence) when it cannot be opened; OSError for a path."""
    content = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).read_bytes()
    document = load(content, file_name)
    sheets, doubts = read_attached(document, layouts)
    if sheets is None:
        sheets = read_by_form(document, layouts)
    if sheets is None:
        sheets = read_document(document)
    else:
        note_duplicates(sheets)
    findings = (*document.findings, *doubts)
    if not sheets:
        findings = (*findings, finding("not_a_sheet", "document", file=file_name))
    return ReadResult(sheets, document, findings)


def read_document(doc: SourceDocument) -> list[SheetReading]:
    """Every sheet of a loaded document. An empty list when it holds neither a section title nor a table of the form."""
    ledger = Ledger()
    items = stream(doc, ledger)
    headings = find_headings(items)
    if not headings and not _has_table(items):
        return []
    has_tables = any(isinstance(block, Table) for block in doc.blocks)
    is_slides = any(item.place.page is not None for item in items)
    wrapped = doc.kind == "pdf" or (doc.kind == "text" and not has_tables and not _has_whole_paragraphs(items))
    by_page = doc.kind == "pptx" or (doc.kind == "text" and is_slides)
    sheets = []
    for start, end in split_sheets(items, headings):
        own = [_moved(h, start) for h in headings if start <= h.first < end]
        sheets.append(read_sheet(ledger, items[start:end], own, kind=doc.kind, wrapped=wrapped, by_page=by_page))
    note_duplicates(sheets)
    return sheets


_WIDEST_SLIDE_LINE = 100


def _has_whole_paragraphs(items: list[Item]) -> bool:
    """Slides are cut into lines; a longer line shows that this text keeps its paragraphs whole."""
    return any(len(item.text) > _WIDEST_SLIDE_LINE for item in items if isinstance(item, TextLine))


def _has_table(items: list[Item]) -> bool:
    if any(isinstance(item, TableRow) and header_of(item, None) for item in items):
        return True
    return bool(find_text_headers(Squeezed([item for item in items if isinstance(item, TextLine)]), None))


def _moved(heading: Heading, start: int) -> Heading:
    return replace(heading, first=heading.first - start, last=heading.last - start)


def note_duplicates(sheets: list[SheetReading]) -> None:
    """Two sheets of one body and year: the importer must choose, the reader does not. Marks both, once."""
    seen: dict[tuple[str | None, str | None, int], SheetReading] = {}
    for sheet in sheets:
        if sheet.fiscal_year is None or (sheet.prefecture is None and sheet.municipality is None):
            continue
        key = (sheet.prefecture, sheet.municipality, sheet.fiscal_year)
        if key in seen:
            name = "".join(part for part in key[:2] if part)
            year = FiscalYear(sheet.fiscal_year).label
            for one in (seen[key], sheet):
                if not any(warning.code == "duplicate_sheet" for warning in one.warnings):
                    one.warnings.insert(
                        0, finding("duplicate_sheet", "municipality", one.first_line, name=name, year=year)
                    )
        else:
            seen[key] = sheet
