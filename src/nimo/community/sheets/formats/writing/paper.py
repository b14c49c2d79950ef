"""A sheet as PDF: tagged (PDF/UA-1), A4 landscape, one ink. Its data is attached, so that nothing is guessed in reading it back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nimo.community.sheets.formats.from_json import reading_of
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.formats.writing.page import Cell, Grid, Label, SheetPages
from nimo.foundation.papers.formats.typesetting import Printed, typeset_form

_TEMPLATE = Path(__file__).resolve().parents[2] / "data" / "sheet.typ"
_LONG = 400
"""A row with a longer text may be cut by the end of a page; a shorter one goes to the next as a whole."""
_OF_THE_READER = ("warnings", "fiscal_year_evidence")
_OF_THE_BODY = ("prefecture", "municipality", "fiscal_year", "layout")


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def write_paper(pages: SheetPages, content: Mapping[str, Any], only: Collection[str] | None = None) -> Printed:
    """The PDF, and the characters that stand in it as 〓. The same pages give the same bytes.

    only: the chapters that are shown; no other is attached. Raises UnableToTypeset.
    """
    document = {
        "title": pages.title,
        "mark": pages.mark,
        "foot": pages.form_line,
        "remarks": list(pages.remarks),
        "chapters": [
            {"heading": chapter.heading, "parts": [_part(part) for part in chapter.parts]} for chapter in pages.chapters
        ],
    }
    return typeset_form(_template(), document, attached=attached(content, only))


def attached(content: Mapping[str, Any], only: Collection[str] | None) -> str:
    """The data of the sheet as JSON, without chapters that are not shown."""
    sheet = sheet_to_json(reading_of(content))
    shown = {
        key: value
        for key, value in sheet.items()
        if key not in _OF_THE_READER and (only is None or key in only or key in _OF_THE_BODY)
    }
    return json.dumps({"nimo_sheet": 1, "sheet": shown}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _part(part: Label | Grid) -> dict[str, Any]:
    if isinstance(part, Label):
        return {"kind": "label", "text": part.text}
    cells: list[dict[str, Any]] = []
    for group in part.groups:
        cells += [_cell(cell, len(group.rows), breakable=True) for cell in group.lead]
        for row in group.rows:
            breakable = any(len(cell.text) > _LONG for cell in row)
            cells += [_cell(cell, breakable=breakable) for cell in row]
    return {
        "kind": "grid",
        "widths": list(part.widths),
        "head": [_cell(cell) for cell in part.head],
        "cells": cells,
    }


def _cell(cell: Cell, rows: int = 1, *, breakable: bool = False) -> dict[str, Any]:
    return {
        "text": cell.text,
        "columns": cell.columns,
        "rows": rows,
        "role": cell.role,
        "breakable": breakable,
    }
