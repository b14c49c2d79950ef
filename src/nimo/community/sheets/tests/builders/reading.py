"""Looking at a loaded document: its texts in order, its tables as rows."""

from __future__ import annotations

from nimo.community.sheets.formats.source import Cell, Line, SourceDocument, Table


def lines(document: SourceDocument) -> list[str]:
    """The running lines that are not empty."""
    return [block.text for block in document.blocks if isinstance(block, Line) and block.text.strip()]


def tables(document: SourceDocument) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def rows(table: Table) -> list[list[str | None]]:
    """Texts by row and column; None where a merged cell covers the place or nothing stands."""
    grid: list[list[str | None]] = [[None] * table.column_count for _ in range(table.row_count)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def spans(table: Table) -> dict[str, tuple[int, int]]:
    """Row and column spans of the merged cells by their text."""
    return {c.text: (c.row_span, c.column_span) for c in table.cells if (c.row_span, c.column_span) != (1, 1)}


def cell(document: SourceDocument, text: str) -> Cell:
    """The only cell with this text."""
    (found,) = [c for table in tables(document) for c in table.cells if c.text == text]
    return found


def line(document: SourceDocument, text: str) -> Line:
    (found,) = [block for block in document.blocks if isinstance(block, Line) and block.text == text]
    return found


def texts(document: SourceDocument) -> list[str]:
    """Every text in document order, cells row by row."""
    found = []
    for block in document.blocks:
        found += [block.text] if isinstance(block, Line) else [c.text for c in block.cells]
    return [text for text in found if text.strip()]


def characters(document: SourceDocument) -> str:
    """All visible characters, white space left out, in document order."""
    return "".join("".join(texts(document)).split())


def codes(document: SourceDocument) -> list[str]:
    return [finding.code for finding in document.findings]


def finding(document: SourceDocument, code: str) -> str:
    """The message of the only finding with this code."""
    (found,) = [f.message for f in document.findings if f.code == code]
    return found
