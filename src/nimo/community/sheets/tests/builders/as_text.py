"""A described sheet as text of family B: cells between tabs, merged cells once, continuation rows beginning with tabs."""

from __future__ import annotations

from collections.abc import Sequence

from nimo.community.sheets.tests.builders.parts import Grid, Heading, PageBreak, Paragraph, Part


def as_text(parts: Sequence[Part]) -> str:
    blocks = []
    for part in parts:
        if isinstance(part, Heading):
            blocks.append(part.text)
        elif isinstance(part, Paragraph):
            blocks.append("\n".join(part.lines))
        elif isinstance(part, Grid):
            blocks.append(_rows(part))
        else:
            assert isinstance(part, PageBreak)
    return "\n\n".join(blocks) + "\n"


def _rows(grid: Grid) -> str:
    lines = [["" for _ in grid.widths] for _ in range(grid.row_count)]
    for placed in grid.placed:
        lines[placed.row][placed.column] = placed.text.replace("\n", " ")
    return "\n".join("\t".join(line) for line in lines)
