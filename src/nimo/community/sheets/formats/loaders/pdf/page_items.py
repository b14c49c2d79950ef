"""One PDF page as lines and tables in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfplumber.page import Page

from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.pdf.aligned import aligned_tables
from nimo.community.sheets.formats.loaders.pdf.characters import Fragment, Glyph, fragments
from nimo.community.sheets.formats.loaders.pdf.form_fields import field_glyphs
from nimo.community.sheets.formats.loaders.pdf.ruled import PageTable, ruled_tables
from nimo.community.sheets.formats.loaders.pdf.stitching import Item, PageLine
from nimo.community.sheets.formats.loaders.reading_order import Box, reading_order
from nimo.community.sheets.formats.loaders.refusals import refusal

_UNMAPPED = re.compile(r"\(cid:\d+\)")
_WRONGLY_MAPPED = {0x00: None, 0xA0: " ", 0xAD: "-", 0x2027: "・"}
"""Fonts that draw two characters with one glyph leave the writer of the PDF to choose; these choices are never meant.

Browsers write the middle dot of 成果・効果 as a hyphenation point. (Kangxi radicals, chosen the same way, are left:
the reader normalises them wherever a text comes from.)
"""
UNKNOWN = "〓"
"""The printers' mark for a character that is missing."""
_PARAGRAPH_GAP = 0.9
"""Lines closer than this (in character sizes) belong to the same passage."""
_MANY_RULES = 6_000


@dataclass(slots=True)
class PageContent:
    items: list[Item]
    characters: int
    unmapped: int
    image_share: float
    """Share of the page covered by its largest picture."""
    notes: list[str] = field(default_factory=list)
    """Remarks stuck on the page (annotations), which are no part of the sheet."""
    has_aligned_tables: bool = False
    rules_ignored: bool = False


def page_content(page: Page, file_name: str, limits: Limits) -> PageContent:
    """Raises UnableToRead: too_complex."""
    if sum(len(objects) for objects in page.objects.values()) > limits.page_objects:
        raise refusal("too_complex", file_name, f"{page.page_number}ページで止まりました。")
    glyphs, unmapped = _glyphs(page)
    typed, notes = field_glyphs(page)
    glyphs += typed
    too_many_rules = len(page.edges) > _MANY_RULES
    tables, free = ([], glyphs) if too_many_rules else ruled_tables(page, glyphs)
    pieces = fragments(free)
    loose, pieces = aligned_tables(pieces, page.page_number, float(page.width))
    images = [_share(page, image) for image in page.images]
    return PageContent(
        items=_ordered([*tables, *loose], pieces, page.page_number),
        characters=sum(not glyph.is_blank for glyph in glyphs),
        unmapped=unmapped,
        image_share=max(images, default=0.0),
        notes=notes,
        has_aligned_tables=bool(loose),
        rules_ignored=too_many_rules,
    )


def _glyphs(page: Page) -> tuple[list[Glyph], int]:
    """The characters inside the visible part of a page, twins (bold by printing twice) once; and how many are unknown."""
    left, top, right, bottom = page.cropbox
    found = []
    unmapped = 0
    for char in page.dedupe_chars(tolerance=0.6, extra_attrs=("size",)).chars:
        box = Box(float(char["x0"]), float(char["top"]), float(char["x1"]), float(char["bottom"]))
        middle_x, middle_y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        if not (left <= middle_x <= right and top <= middle_y <= bottom):
            continue
        text, unknown = _UNMAPPED.subn(UNKNOWN, char["text"])
        unmapped += unknown
        text = text.translate(_WRONGLY_MAPPED)
        if text:
            found.append(Glyph(text, box, float(char["size"]) or 1.0, _turn(char)))
    return found, unmapped


def _turn(char: dict[str, Any]) -> int:
    """Direction of a glyph from its matrix; slanted text (watermarks) counts as upright."""
    a, b, _, _, *_ = char["matrix"]
    if abs(b) <= 4 * abs(a):
        return 0
    return 90 if b > 0 else 270


def _share(page: Page, image: dict[str, Any]) -> float:
    width = max(0.0, min(image["x1"], page.bbox[2]) - max(image["x0"], page.bbox[0]))
    height = max(0.0, min(image["bottom"], page.bbox[3]) - max(image["top"], page.bbox[1]))
    return float(width * height / max(1.0, float(page.width * page.height)))


def _ordered(tables: Sequence[PageTable], pieces: Sequence[Fragment], page: int) -> list[Item]:
    """Tables and passages by where they stand; a passage is lines that lie close below one another."""
    passages = _passages(pieces, tables)
    boxes = [table.box for table in tables] + [_around(passage) for passage in passages]
    items: list[Item] = []
    number = 0
    for index in reading_order(boxes, slack=2.0):
        if index < len(tables):
            items.append(tables[index])
            continue
        for text in _lines_of(passages[index - len(tables)]):
            number += 1
            items.append(PageLine(text, page, number))
    return items


def _passages(pieces: Sequence[Fragment], tables: Sequence[PageTable]) -> list[list[Fragment]]:
    passages: list[list[Fragment]] = [[piece] for piece in pieces if piece.is_vertical]
    open_passages: list[list[Fragment]] = []
    for piece in sorted((p for p in pieces if not p.is_vertical), key=lambda p: (p.box.top, p.box.left)):
        for passage in reversed(open_passages):
            if _follows(passage[-1], piece) and not _divided(passage[-1], piece, tables):
                passage.append(piece)
                break
        else:
            open_passages.append([piece])
    return passages + open_passages


def _follows(above: Fragment, below: Fragment) -> bool:
    """Whether a piece stands close below another and under it, in about the same size."""
    gap = below.box.top - above.box.bottom
    overlap = min(above.box.right, below.box.right) - max(above.box.left, below.box.left)
    size = min(above.size, below.size)
    return -0.5 * size < gap < _PARAGRAPH_GAP * size and overlap > 0 and max(above.size, below.size) < 1.6 * size


def _divided(above: Fragment, below: Fragment, tables: Sequence[PageTable]) -> bool:
    return any(above.box.bottom <= table.box.top + 2 and table.box.bottom <= below.box.top + 2 for table in tables)


def _around(passage: Sequence[Fragment]) -> Box:
    return Box(
        min(f.box.left for f in passage),
        min(f.box.top for f in passage),
        max(f.box.right for f in passage),
        max(f.box.bottom for f in passage),
    )


def _lines_of(passage: Sequence[Fragment]) -> list[str]:
    return [fragment.text for fragment in passage]
