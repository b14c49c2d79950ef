"""What was typed into a PDF form, and remarks stuck on a page: both are drawn over the page, outside its content."""

from __future__ import annotations

from typing import Any

from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral
from pdfplumber.page import Page

from nimo.community.sheets.formats.loaders.pdf.characters import Glyph
from nimo.community.sheets.formats.loaders.reading_order import Box

_MAX_LENGTH = 20_000


def field_glyphs(page: Page) -> tuple[list[Glyph], list[str]]:
    """Field values and free text as glyphs at their places (a line each), and the texts of remarks."""
    glyphs: list[Glyph] = []
    notes: list[str] = []
    for annotation in page.annots:
        data = annotation["data"]
        kind = _name(data.get("Subtype"))
        if kind in ("Text", "Highlight", "Popup", "Underline", "StrikeOut"):
            text = _text(data.get("Contents"))
            if text.strip():
                notes.append(text.strip())
            continue
        text = _field_value(data) if kind == "Widget" else _text(data.get("Contents")) if kind == "FreeText" else ""
        glyphs += _lines(text, annotation)
    return glyphs, notes


def _field_value(data: dict[str, Any]) -> str:
    """Text and choice fields give their value, boxes a mark; buttons and signatures nothing."""
    holder: Any = data
    kind, value = None, None
    for _ in range(8):
        kind = kind or _name(holder.get("FT"))
        value = value if value is not None else resolve1(holder.get("V"))
        holder = resolve1(holder.get("Parent"))
        if not isinstance(holder, dict):
            break
    if kind == "Btn":
        state = _name(data.get("AS"))
        return "" if state is None else ("☐" if state == "Off" else "☑")
    if kind in ("Tx", "Ch"):
        values = value if isinstance(value, list) else [value]
        return "、".join(_text(v) for v in values if v is not None)
    return ""


def _lines(text: str, annotation: dict[str, Any]) -> list[Glyph]:
    """Each line as one wide glyph, spread over the field from above."""
    lines = [line for line in text[:_MAX_LENGTH].replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if not lines:
        return []
    step = (annotation["bottom"] - annotation["top"]) / len(lines)
    size = min(max(step * 0.8, 1.0), 12.0)
    found = []
    for index, line in enumerate(lines):
        top = annotation["top"] + index * step
        found.append(Glyph(line, Box(annotation["x0"], top, annotation["x1"], top + step), size))
    return found


def _name(value: Any) -> str | None:
    value = resolve1(value)
    if isinstance(value, PSLiteral):
        return value.name if isinstance(value.name, str) else value.name.decode("latin-1")
    return None


def _text(value: Any) -> str:
    """A PDF text string: UTF-16 or UTF-8 with a mark, else PDFDocEncoding, which Latin-1 nearly equals."""
    value = resolve1(value)
    if isinstance(value, PSLiteral):
        return _name(value) or ""
    if isinstance(value, str):
        return value
    if not isinstance(value, bytes):
        return ""
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        return value.decode("utf-16", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    return value.decode("latin-1")
