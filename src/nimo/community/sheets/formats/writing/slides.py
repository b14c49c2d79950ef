"""A sheet as a PowerPoint file: real tables with merged cells, A4 landscape, one ink. Nothing runs out of a slide."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

from nimo.community.sheets.formats.writing.flow import lead_columns
from nimo.community.sheets.formats.writing.page import Cell, SheetPages
from nimo.community.sheets.formats.writing.paging import (
    BODY,
    CONTENT,
    HEIGHT,
    MARGIN,
    WIDTH,
    PlacedGrid,
    PlacedLine,
    Slide,
    slides_of,
)
from nimo.community.sheets.formats.writing.repack import repacked

FONT = "BIZ UDPゴシック"
_TITLE_ONLY = 5
_RULED = "{5940675A-B579-460E-94D1-54222C63F5DA}"
"""PowerPoint's own table style with thin rules and no colours."""
_SHADES = {"head": "D9D9D9", "label": "F2F2F2"}
_TYPED_LINE_END = re.compile(r"_(?=x000B_)")
"""PowerPoint reads these seven letters as a line end; typed by somebody, their first is escaped."""
_SIZES = {"heading": 13.0, "label": 10.0, "remark": 8.0, "form": 7.0, "foot": 8.0}


def write_slides(pages: SheetPages, at: datetime) -> bytes:
    """The file; `at` stands in its properties. The same pages and moment give the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    laid_out = slides_of(pages)
    for number, slide in enumerate(laid_out, start=1):
        _SlideWriter(deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])).write(slide, pages, number, len(laid_out))
    properties = deck.core_properties
    moment = at.replace(tzinfo=None, microsecond=0)
    properties.title, properties.author, properties.last_modified_by = pages.title, "nimo", "nimo"
    properties.created = properties.modified = properties.last_printed = moment
    properties.revision, properties.language = 1, "ja-JP"
    out = io.BytesIO()
    deck.save(out)
    return repacked(out.getvalue())


class _SlideWriter:
    def __init__(self, slide: Any) -> None:
        self.slide = slide

    def write(self, slide: Slide, pages: SheetPages, number: int, count: int) -> None:
        if number == 1:
            self._text(pages.form_line, "form", 6.0, 12.0, MARGIN, CONTENT * 0.6)
        if pages.mark:
            self._text(pages.mark, "foot", 5.0, 14.0, MARGIN + CONTENT * 0.65, CONTENT * 0.35, align="r", bold=True)
        for part in slide.parts:
            if isinstance(part, PlacedGrid):
                self._grid(part)
            elif part.role == "heading":
                self._heading(part)
            else:
                self._text(part.text, part.role, part.top, part.height, MARGIN, CONTENT, bold=part.role == "label")
        self._text(f"{number} / {count}", "foot", HEIGHT - 20.0, 14.0, MARGIN, CONTENT, align="ctr")

    def _heading(self, line: PlacedLine) -> None:
        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = Pt(MARGIN), Pt(line.top), Pt(CONTENT), Pt(line.height)
        _fill(title.text_frame._txBody, line.text, _SIZES["heading"], bold=True, anchor="ctr", align="l")

    def _text(
        self,
        text: str,
        role: str,
        top: float,
        height: float,
        left: float,
        width: float,
        *,
        align: str = "l",
        bold: bool = False,
    ) -> None:
        box = self.slide.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height))
        _fill(box.text_frame._txBody, text, _SIZES[role], bold=bold, align=align)

    def _grid(self, placed: PlacedGrid) -> None:
        grid = placed.grid
        rows = len(placed.row_heights) + (1 if grid.head else 0)
        frame = self.slide.shapes.add_table(
            rows, len(placed.widths), Pt(MARGIN), Pt(placed.top), Pt(CONTENT), Pt(placed.height)
        )
        frame.name = f"表 {grid.name}"
        table = frame.table
        table.first_row, table.horz_banding = bool(grid.head), False
        table._tbl.tblPr.find(qn("a:tableStyleId")).text = _RULED
        for column, width in zip(table.columns, placed.widths, strict=True):
            column.width = Pt(width)
        heights = [placed.head_height, *placed.row_heights] if grid.head else list(placed.row_heights)
        for row, height in zip(table.rows, heights, strict=True):
            row.height = Pt(height)
        at = 0
        if grid.head:
            self._cells(table, grid.head, 0, 0, 1)
            at = 1
        for group in grid.groups:
            self._cells(table, group.lead, 0, at, len(group.rows))
            for row in group.rows:
                self._cells(table, row, lead_columns(group), at, 1)
                at += 1

    def _cells(self, table: Any, cells: Sequence[Cell], first: int, row: int, rows: int) -> None:
        column = first
        for cell in cells:
            target = table.cell(row, column)
            if rows > 1 or cell.columns > 1:
                target.merge(table.cell(row + rows - 1, column + cell.columns - 1))
            bold, align = cell.role == "head", "ctr" if cell.role == "head" else "l"
            _fill(target._tc.get_or_add_txBody(), cell.text, BODY.size, bold=bold, align=align)
            _properties(target._tc, _SHADES.get(cell.role))
            column += cell.columns


def _properties(tc: Any, shade: str | None) -> None:
    properties = tc.get_or_add_tcPr()
    side, upright = Pt(BODY.margin / 2), Pt(BODY.padding / 2)
    for name, value in (("marL", side), ("marR", side), ("marT", upright), ("marB", upright)):
        properties.set(name, str(int(value)))
    if shade:
        fill = etree.SubElement(properties, qn("a:solidFill"))
        etree.SubElement(fill, qn("a:srgbClr")).set("val", shade)


def _fill(body: Any, text: str, size: float, *, bold: bool = False, align: str = "l", anchor: str = "t") -> None:
    """Sets a text body: a paragraph for each line, our font for Latin and Japanese letters."""
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    frame = body.find(qn("a:bodyPr"))
    if body.tag != qn("a:txBody"):
        frame.set("wrap", "square")
        frame.set("anchor", anchor)
        for name in ("lIns", "rIns"):
            frame.set(name, str(int(Pt(2))))
        for name in ("tIns", "bIns"):
            frame.set(name, "0")
        for child in list(frame):
            frame.remove(child)
    for line in text.split("\n"):
        paragraph = etree.SubElement(body, qn("a:p"))
        etree.SubElement(paragraph, qn("a:pPr")).set("algn", align)
        if line:
            run = etree.SubElement(paragraph, qn("a:r"))
            _font(etree.SubElement(run, qn("a:rPr")), size, bold)
            etree.SubElement(run, qn("a:t")).text = _TYPED_LINE_END.sub("_x005F_", line)
        else:
            _font(etree.SubElement(paragraph, qn("a:endParaRPr")), size, bold)


def _font(properties: Any, size: float, bold: bool) -> None:
    properties.set("lang", "ja-JP")
    properties.set("sz", str(int(size * 100)))
    properties.set("b", "1" if bold else "0")
    fill = etree.SubElement(properties, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr")).set("val", "000000")
    for name in ("a:latin", "a:ea", "a:cs"):
        etree.SubElement(properties, qn(name)).set("typeface", FONT)
