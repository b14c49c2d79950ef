"""A paper as a Word file: the same paper is the same bytes; nothing in the file says who made it, or when.

Readings (ふりがな) are real ruby of Word, on the first place of a term in each paragraph.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from nimo.foundation.papers.formats.document import Beside, Facts, Grid, Heading, Paper, Paragraph, Part, Remarks

_FONT = "游ゴシック"
_FIXED = datetime(2000, 1, 1, tzinfo=UTC)
_ZIP_DAY = (2000, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write_word(paper: Paper, readings: Mapping[str, str] | None = None) -> bytes:
    """A4, one column. readings: term → how it is read; empty: no ruby anywhere."""
    document = Document()
    _set_up(document, paper)
    writer = _Writer(document, readings or {})
    title = document.add_paragraph(style="Title")
    writer.put(title, paper.title)
    if paper.subtitle:
        writer.put(document.add_paragraph(), paper.subtitle)
    for part in paper.parts:
        writer.part(part)
    buffer = io.BytesIO()
    document.save(buffer)
    return _same_bytes(buffer.getvalue())


def _set_up(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(attribute), _FONT)
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.size = Pt(10.5)
    if paper.mark or paper.foot:
        section.header.paragraphs[0].text = paper.mark
        section.footer.paragraphs[0].text = paper.foot
    properties = document.core_properties
    properties.title, properties.language = _clean(paper.title), paper.language
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.subject = properties.category = properties.identifier = ""
    properties.created = properties.modified = _FIXED
    properties.revision = 1


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class _Writer:
    def __init__(self, document: WordDocument, readings: Mapping[str, str]) -> None:
        self.document = document
        self.readings = {term: reading for term, reading in readings.items() if term and reading}
        terms = "|".join(re.escape(term) for term in sorted(self.readings, key=len, reverse=True))
        self.terms = re.compile(f"({terms})") if terms else None

    def put(self, paragraph: WordParagraph, text: str, *, small: bool = False) -> None:
        """Text with line breaks, and ruby where a reading is known."""
        clean = _clean(text)
        if self.terms is None:
            run = paragraph.add_run(clean)
            if small:
                run.font.size = Pt(9)
            return
        seen: set[str] = set()
        for piece in self.terms.split(clean):
            if piece in self.readings and piece not in seen:
                seen.add(piece)
                _add_ruby(paragraph, piece, self.readings[piece])
            elif piece:
                paragraph.add_run(piece)

    def part(self, part: Part) -> None:
        match part:
            case Heading(text, level):
                self.put(self.document.add_paragraph(style=f"Heading {level}"), text)
            case Paragraph(text, quiet):
                self.put(self.document.add_paragraph(), text, small=quiet)
            case Facts(pairs):
                self.table([], [list(pair) for pair in pairs])
            case Grid(caption, heads, rows):
                self.put(self.document.add_paragraph(), caption, small=True)
                self.table([head.text for head in heads], rows)
            case Remarks(title, items):
                self.put(self.document.add_paragraph(style="Heading 3"), title)
                for one in items:
                    self.put(self.document.add_paragraph(style="List Bullet"), one)
            case Beside(left, right):
                for each in (*left, *right):
                    self.part(each)
            case _:
                raise ValueError(f"no Word form of {type(part).__name__}")

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        width = len(heads) or max((len(row) for row in rows), default=0)
        if width == 0:
            return
        table = self.document.add_table(rows=0, cols=width, style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for number, row in enumerate([heads, *rows] if heads else list(rows)):
            cells = table.add_row().cells
            for cell, text in zip(cells, row, strict=True):
                self.put(cell.paragraphs[0], text)
            if heads and number == 0:  # the heads come again on every page
                properties = table.rows[0]._tr.get_or_add_trPr()
                properties.append(OxmlElement("w:tblHeader"))
        self.document.add_paragraph()


def _add_ruby(paragraph: WordParagraph, term: str, reading: str) -> None:
    """<w:ruby> as Word writes it: properties, the reading above, the term below."""
    ruby = OxmlElement("w:ruby")
    properties = OxmlElement("w:rubyPr")
    for name, value in (
        ("w:rubyAlign", "center"),
        ("w:hps", "10"),
        ("w:hpsRaise", "18"),
        ("w:hpsBaseText", "21"),
        ("w:lid", "ja-JP"),
    ):
        element = OxmlElement(name)
        element.set(qn("w:val"), value)
        properties.append(element)
    ruby.append(properties)
    for name, text, size in (("w:rt", reading, "10"), ("w:rubyBase", term, "21")):
        holder, run, look = OxmlElement(name), OxmlElement("w:r"), OxmlElement("w:rPr")
        half_points = OxmlElement("w:sz")
        half_points.set(qn("w:val"), size)
        look.append(half_points)
        written = OxmlElement("w:t")
        written.text = text
        run.extend([look, written])
        holder.append(run)
        ruby.append(holder)
    paragraph.add_run()._r.append(ruby)


def _same_bytes(content: bytes) -> bytes:
    """The package written anew: members in order, no day of writing, no picture of the first page."""
    source = zipfile.ZipFile(io.BytesIO(content))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            member = zipfile.ZipInfo(name, _ZIP_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            package.writestr(member, source.read(name))
    return target.getvalue()
