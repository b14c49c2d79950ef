"""A described sheet as PDF, typeset with typst: ruled tables that break over pages with repeated heads, or none ruled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typst

from nimo.community.sheets.tests.builders.parts import Grid, Heading, PageBreak, Paragraph, Part

FONTS = Path(__file__).parents[6] / "node_modules/@expo-google-fonts/noto-sans-jp/400Regular"
FONT = "Noto Sans JP"


def as_pdf(
    parts: Sequence[Part],
    *,
    ruled: bool = True,
    size: str = "9pt",
    page: str = 'paper: "a4", flipped: true',
    extra: str = "",
) -> bytes:
    """`extra` is typst put before the parts. Raises RuntimeError when the Japanese font is not installed."""
    body = "\n".join(_part(part, ruled) for part in parts)
    return typeset(f"#set page({page}, margin: 1.5cm)\n#set text(size: {size})\n{extra}\n{body}")


def typeset(source: str) -> bytes:
    """Typst source to PDF. The font is looked for where the set-up puts it; typst alone would drop the text."""
    if not list(FONTS.glob("*.ttf")):
        raise RuntimeError("the Japanese font is missing: run `make setup`")
    head = f'#set text(font: "{FONT}", lang: "ja")\n'
    pdf, warnings = typst.compile_with_warnings(
        (head + source).encode(), font_paths=[str(FONTS)], ignore_system_fonts=True
    )
    assert not [w for w in warnings if "font" in str(w)], warnings
    return bytes(pdf)


def words(text: str) -> str:
    """Text as typst markup that shows exactly these characters, line breaks kept."""
    return " \\ ".join("#" + json.dumps(line, ensure_ascii=False) if line else "" for line in text.split("\n"))


def _part(part: Part, ruled: bool) -> str:
    if isinstance(part, Heading):
        return f"#block[#text(weight: 400, size: 1.2em)[{words(part.text)}]]"
    if isinstance(part, Paragraph):
        return f"#block[{words(chr(10).join(part.lines))}]"
    if isinstance(part, PageBreak):
        return "#pagebreak()"
    return _table(part, ruled)


def _table(grid: Grid, ruled: bool) -> str:
    columns = ", ".join(f"{width}fr" for width in grid.widths)
    cells = dict.fromkeys(range(grid.row_count), "")
    for placed in grid.placed:
        spans = f"rowspan: {placed.rows}, colspan: {placed.columns}"
        cells[placed.row] += f"table.cell({spans})[{words(placed.text)}],\n"
    head = "".join(cells[row] for row in range(grid.header_rows))
    body = "".join(cells[row] for row in range(grid.header_rows, grid.row_count))
    header = f"table.header(repeat: true,\n{head})," if head else ""
    style = "stroke: 0.5pt" if ruled else "stroke: none, column-gutter: 1.5em, row-gutter: 0.9em"
    return f"#table(columns: ({columns}), {style},\n{header}\n{body})"
