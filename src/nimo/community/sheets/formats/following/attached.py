"""A PDF that nimo wrote carries its data; it is believed only where the pages say the same.

On paper a line break of the writer and one of the typesetter look alike, so the words alone give the text without its
breaks. The attachment keeps them. But people read the pages: an attachment that says something else is left aside.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from nimo.community.sheets.formats.codes import finding
from nimo.community.sheets.formats.from_json import reading_of
from nimo.community.sheets.formats.layouts.files import FOLDER, form_of
from nimo.community.sheets.formats.layouts.model import Form
from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reading.checks import check
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.expectations import note_missing
from nimo.community.sheets.formats.reading.ledger import Ledger
from nimo.community.sheets.formats.source import Finding, Line, SourceDocument
from nimo.community.sheets.formats.writing.compose import compose
from nimo.foundation.papers.formats.typesetting import STAND_IN


def read_attached(doc: SourceDocument, folder: Path = FOLDER) -> tuple[list[SheetReading] | None, list[Finding]]:
    """The sheet of the attachment where the pages agree with it; else None, and why. None and nothing: no attachment."""
    if doc.attached is None:
        return None, []
    try:
        data = json.loads(doc.attached)
        sheet, own_words = data["sheet"], "".join(str(one) for one in data.get("said", []))
        reading = reading_of(sheet)
        form = form_of(
            sheet.get("layout"), sheet.get("fiscal_year"), of_prefecture=not sheet.get("municipality"), folder=folder
        )
        agrees = _agrees(doc, sheet, form, own_words)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ArithmeticError):
        return None, [finding("attachment_differs", "document")]
    if not agrees:
        return None, [finding("attachment_differs", "document")]
    return [_noted(reading, form, sheet, doc)], []


def _agrees(doc: SourceDocument, sheet: dict[str, Any], form: Form, own_words: str) -> bool:
    """Every character of the form filled with the attached data stands on the pages; every figure as a cell of its
    own; and the pages show no character the data does not have.
    """
    only = {block.section for block in (*form.blocks, *form.spare) if block.section in sheet}
    pages = compose(sheet, form, only=only)
    expected = _characters("".join(pages.texts))
    shown = _characters("".join(_texts(doc)))
    stand_ins = max(shown[STAND_IN] - expected[STAND_IN], 0)
    if sum((expected - shown).values()) > stand_ins or not set(shown) <= set(expected) | _FURNITURE | set(
        _plain(own_words)
    ):
        return False
    cells = Counter(_plain(text) for text in _texts(doc))
    wanted = Counter(_plain(text) for text in pages.texts if _is_figure(text))
    return sum((wanted - cells).values()) <= stand_ins


_SHORT = 12


def _is_figure(text: str) -> bool:
    """What stands in a cell of its own and must stand there as the data has it: 11か所, 月1回."""
    plain = _plain(text)
    return len(plain) <= _SHORT and "\n" not in text and any(letter.isdecimal() for letter in plain)


_FURNITURE = frozenset("0123456789/｜|" + STAND_IN) | frozenset("(前の頁から続く)")
"""Page numbers, the foot of the page, the sign of a cell that goes on."""


def _texts(doc: SourceDocument) -> list[str]:
    found: list[str] = []
    for block in doc.blocks:
        found += [block.text] if isinstance(block, Line) else [cell.text for cell in block.cells]
    return found


_ONE_PICTURE = str.maketrans(
    {"\u301c": "~", "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "\u2015"}
)
"""Characters fonts draw alike and a PDF then gives back as one of them: the wave dashes, the hyphens and minus signs."""


def _plain(text: str) -> str:
    """Without spaces and in one form: a font draws some look-alikes with one picture."""
    normal = unicodedata.normalize("NFKC", text).translate(_ONE_PICTURE)
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c) not in ("Mn", "Cf"))


def _characters(text: str) -> Counter[str]:
    return Counter(_plain(text))


def _noted(reading: SheetReading, form: Form, sheet: dict[str, Any], doc: SourceDocument) -> SheetReading:
    draft = Draft(Ledger(), wrapped=False)
    draft.reading = reading
    first = doc.blocks[0].place.line if doc.blocks else 1
    reading.first_line, reading.last_line = first, doc.blocks[-1].place.line if doc.blocks else first
    reading.fiscal_year_evidence = str(sheet.get("fiscal_year") or "") or None
    reading.results_fiscal_year = reading.fiscal_year - 1 if reading.fiscal_year is not None else None
    note_missing(draft, dict.fromkeys(form.sections, first), [name for name in form.sections if name != "lead"])
    check(draft)
    return reading
