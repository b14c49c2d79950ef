"""A sheet as PDF: tagged (PDF/UA-1), A4 landscape, one ink. Its data is attached, so that nothing is guessed in reading it back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nimo.community.sheets.formats.from_json import reading_of
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.formats.writing.flow import Typesetter, group_room, split
from nimo.community.sheets.formats.writing.page import Cell, Grid, Group, Label, SheetPages
from nimo.foundation.papers.formats.typesetting import Printed, typeset_form

_TEMPLATE = Path(__file__).resolve().parents[2] / "data" / "sheet.typ"
_WIDTH = 762.0
"""Of what stands between the margins, in points; see the template."""
_ROOM = 400.0
"""Of a page below its heading, a label and the head of a table."""
_MEASURE = Typesetter(size=10.0, line_height=13.6, padding=8.0, margin=9.0)
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
            {"heading": chapter.heading, "parts": [_part(part, pages.continued) for part in chapter.parts]}
            for chapter in pages.chapters
        ],
    }
    return typeset_form(_template(), document, attached=attached(content, only, said=(pages.mark, *pages.remarks)))


def attached(content: Mapping[str, Any], only: Collection[str] | None, said: Collection[str] = ()) -> str:
    """The data of the sheet as JSON, without chapters that are not shown. said: what nimo says itself on the pages."""
    sheet = sheet_to_json(reading_of(content))
    shown = {
        key: value
        for key, value in sheet.items()
        if key not in _OF_THE_READER and (only is None or key in only or key in _OF_THE_BODY)
    }
    return json.dumps(
        {"nimo_sheet": 1, "sheet": shown, "said": [one for one in said if one]},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _part(part: Label | Grid, continued: str) -> dict[str, Any]:
    if isinstance(part, Label):
        return {"kind": "label", "text": part.text}
    total = sum(part.widths)
    widths = [_WIDTH * width / total for width in part.widths]
    cells: list[dict[str, Any]] = []
    for group in part.groups:
        for piece in _pieces(group, widths, continued):
            cells += [_cell(cell, len(piece.rows)) for cell in piece.lead]
            cells += [_cell(cell) for row in piece.rows for cell in row]
    return {
        "kind": "grid",
        "widths": list(part.widths),
        "head": [_cell(cell) for cell in part.head],
        "cells": cells,
    }


def _pieces(group: Group, widths: list[float], continued: str) -> list[Group]:
    """Rows that fit on a page, each of which goes to the next page as a whole.

    typst would break a tall row itself, but it drops lines of a merged cell at the break.
    """
    pieces: list[Group] = []
    rest: Group | None = group
    while rest is not None:
        if group_room(rest, widths, _MEASURE) <= _ROOM:
            return [*pieces, rest]
        piece, rest = split(rest, widths, _MEASURE, _ROOM, continued)
        pieces.append(piece)
    return pieces


def _cell(cell: Cell, rows: int = 1) -> dict[str, Any]:
    return {"text": cell.text, "columns": cell.columns, "rows": rows, "role": cell.role}
