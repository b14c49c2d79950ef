"""A loaded document as JSON and back: how the process that reads a PDF answers.

JSON, not pickle: an answer from a process that has read a hostile file must not be able to run anything here.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from nimo.community.sheets.formats.source import Cell, Finding, Line, Place, SourceDocument, Table


def to_json(document: SourceDocument) -> str:
    blocks = [
        {"line": asdict(block)} if isinstance(block, Line) else {"table": asdict(block)} for block in document.blocks
    ]
    return json.dumps(
        {
            "file_name": document.file_name,
            "kind": document.kind,
            "encoding": document.encoding,
            "blocks": blocks,
            "findings": [asdict(finding) for finding in document.findings],
            "attached": document.attached,
        },
        ensure_ascii=False,
    )


def from_json(text: str) -> SourceDocument:
    """Raises ValueError, KeyError or TypeError for anything `to_json` does not write."""
    data = json.loads(text)
    return SourceDocument(
        file_name=data["file_name"],
        kind=data["kind"],
        blocks=tuple(_block(block) for block in data["blocks"]),
        encoding=data["encoding"],
        findings=tuple(Finding(**finding) for finding in data["findings"]),
        attached=data["attached"],
    )


def _block(data: dict[str, Any]) -> Line | Table:
    if "line" in data:
        return Line(data["line"]["text"], Place(**data["line"]["place"]))
    table = data["table"]
    cells = tuple(Cell(**{**cell, "place": Place(**cell["place"])}) for cell in table["cells"])
    return Table(cells, Place(**table["place"]))
