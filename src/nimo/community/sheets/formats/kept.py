"""A reading and its document in the form the import keeps them (JSON), so that the review screen can show both."""

from __future__ import annotations

from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.source import Line, SourceDocument
from nimo.community.sheets.formats.to_json import sheet_to_json


def draft_content(reading: SheetReading) -> dict[str, object]:
    """The reading as it is kept: the JSON of docs/guide/sheet-json.md, and the passage behind each field."""
    passages = [{"path": p.path, "text": p.text, "place": p.place, "line": p.line} for p in reading.passages]
    return {**sheet_to_json(reading), "passages": passages}


def source_lines(document: SourceDocument) -> list[list[object]]:
    """The file as text: [[line, place, text], …], every block in order."""
    lines: list[list[object]] = []
    for block in document.blocks:
        cells = [block] if isinstance(block, Line) else block.cells
        lines += [[part.place.line, part.place.label, part.text] for part in cells if part.text.strip()]
    return lines
