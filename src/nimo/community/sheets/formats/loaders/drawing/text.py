"""The paragraphs of a DrawingML text body as the lines a reader sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from nimo.community.sheets.formats.loaders.drawing.bullets import BulletCounter, with_mark
from nimo.community.sheets.formats.loaders.markup import local, visible_children, whole

_VERTICAL_TAB = re.compile(r"_x005F_(?=x000B_)|_x000B_")
"""PowerPoint's line end within a paragraph, and the same seven letters where somebody typed them (escaped as _x005F_)."""


def body_paragraphs(body: etree._Element, inherited: Sequence[etree._Element] = ()) -> list[str]:
    """One string for each paragraph, with its bullet; a soft line break is \\n. `inherited`: list styles, nearest first."""
    styles = [element for element in (body.find("{*}lstStyle"), *inherited) if element is not None]
    counter = BulletCounter()
    paragraphs = []
    for paragraph in body.iterfind("{*}p"):
        text = paragraph_text(paragraph)
        if not text.strip():
            # An empty paragraph shows no bullet and does not interrupt the numbering.
            paragraphs.append(text)
            continue
        own = paragraph.find("{*}pPr")
        level = whole(own.get("lvl")) if own is not None else 0
        chain = [own] if own is not None else []
        chain += [found for style in styles if (found := style.find(f"{{*}}lvl{level + 1}pPr")) is not None]
        paragraphs.append(with_mark(counter.mark(chain, level), text))
    return paragraphs


def body_lines(body: etree._Element, inherited: Sequence[etree._Element] = ()) -> list[str]:
    """The visual lines of a text body, empty ones at both ends left out."""
    lines = [line for paragraph in body_paragraphs(body, inherited) for line in paragraph.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return lines


def body_text(body: etree._Element) -> str:
    """The text of a table cell: paragraphs and soft breaks both as \\n."""
    return "\n".join(body_paragraphs(body)).strip("\n")


def paragraph_text(paragraph: etree._Element) -> str:
    """Runs, fields (slide numbers, dates as last shown), formulas; a soft break is \\n."""
    parts: list[str] = []
    for child in visible_children(paragraph):
        name = local(child)
        if name in ("r", "fld"):
            parts.append("".join(t.text or "" for t in child.iterfind("{*}t")))
        elif name == "br":
            parts.append("\n")
        elif name not in ("pPr", "endParaRPr"):
            # Formulas (m:oMathPara in a14:m): the letters stand in m:t.
            parts.append("".join(t.text or "" for t in child.iter("{*}t")))
    return _VERTICAL_TAB.sub(lambda one: "_" if one[0] == "_x005F_" else "\n", "".join(parts).replace("\x0b", "\n"))
