"""A described sheet as PPTX: a slide a section, headings and paragraphs as text boxes, grids as real tables."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Pt

from nimo.community.sheets.tests.builders.parts import Grid, Heading, PageBreak, Paragraph, Part

WIDTH, HEIGHT = Emu(9_906_000), Emu(6_858_000)
_MARGIN = Emu(300_000)
_LINE = Emu(230_000)


def as_slides(parts: Sequence[Part]) -> bytes:
    deck = new_deck()
    slide, top = new_slide(deck), _MARGIN
    for part in parts:
        if isinstance(part, PageBreak):
            slide, top = new_slide(deck), _MARGIN
        elif isinstance(part, Heading):
            top = add_text(slide, [part.text], top)
        elif isinstance(part, Paragraph):
            top = add_text(slide, part.lines, top)
        else:
            top = add_grid(slide, part, top)
    return saved(deck)


def new_deck() -> Deck:
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    return deck


def new_slide(deck: Deck) -> Slide:
    return deck.slides.add_slide(deck.slide_layouts[6])


def saved(deck: Deck) -> bytes:
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def add_text(slide: Slide, lines: Sequence[str], top: int, left: int = _MARGIN, width: int | None = None) -> int:
    """A text box with a paragraph a line; returns where the next shape may begin."""
    height = _LINE * len(lines)
    box = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width or WIDTH - 2 * _MARGIN), Emu(height))
    frame = box.text_frame
    frame.word_wrap = True
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        paragraph.text = line
        for run in paragraph.runs:
            run.font.size = Pt(11)
    return top + height + Emu(80_000)


def add_grid(slide: Slide, grid: Grid, top: int) -> int:
    rows, columns = grid.row_count, len(grid.widths)
    height = _LINE * rows
    frame = slide.shapes.add_table(rows, columns, _MARGIN, Emu(top), WIDTH - 2 * _MARGIN, Emu(height))
    table = frame.table
    total = sum(grid.widths)
    for index, width in enumerate(grid.widths):
        table.columns[index].width = Emu(int((WIDTH - 2 * _MARGIN) * width / total))
    for placed in grid.placed:
        cell = table.cell(placed.row, placed.column)
        cell.text = placed.text.replace("\n", "\v")
        if placed.rows > 1 or placed.columns > 1:
            cell.merge(table.cell(placed.row + placed.rows - 1, placed.column + placed.columns - 1))
    return top + height + Emu(80_000)
