"""Diagrams of boxes and lines as SVG: placed by the app's rules, drawn here, with the same content as a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.foundation.ui.components.registry import Context, component, one_of
from nimo.foundation.ui.components.tables import Table

STYLES = ("solid", "double", "dashed", "dotted", "sparse", "thin")


@dataclass(frozen=True, slots=True)
class DiagramBand:
    """A stripe across the picture with its name at the left."""

    label: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class DiagramBox:
    """A box with its text in lines. `title` is the whole name; `warned` marks what the page speaks of as missing;
    `stacked` stands for several; `outside` is drawn because something of the picture is tied to it."""

    title: str
    x: int
    y: int
    width: int
    height: int
    lines: Sequence[str]
    href: str | None = None
    strong: bool = False
    warned: bool = False
    stacked: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class DiagramLine:
    """A line through points. `style` is one of STYLES; `arrow` ends it in a head; `title` says it in words."""

    points: Sequence[tuple[int, int]]
    style: str
    title: str
    arrow: bool = True


@dataclass(frozen=True, slots=True)
class DiagramKey:
    """What a style of line means."""

    label: str
    style: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Lengths in units of the drawing; `letter` is the size of a letter. `table` tells the same without the picture."""

    id: str
    title: str
    width: int
    height: int
    letter: int
    bands: Sequence[DiagramBand]
    boxes: Sequence[DiagramBox]
    lines: Sequence[DiagramLine]
    legend: Sequence[DiagramKey]
    table: Table
    description: str = ""


@component("diagram")
def diagram(diagram: Diagram, heading_level: int = 2) -> Context:
    """つながりの図。箱は押すと開き、同じ内容を表でも読めます。A4横に印刷できます。"""
    for line in diagram.lines:
        one_of(line.style, STYLES, "style")
    step = diagram.letter + 2
    boxes = []
    for box in diagram.boxes:
        middle = box.x + box.width // 2
        first = box.y + (box.height - step * len(box.lines)) // 2 + diagram.letter
        boxes.append((box, [(middle, first + place * step, text) for place, text in enumerate(box.lines)]))
    return {
        "diagram": diagram,
        "boxes": boxes,
        "lines": [(line, " ".join(f"{x},{y}" for x, y in line.points)) for line in diagram.lines],
        "bands": [(band, band.y + band.height // 2, place % 2) for place, band in enumerate(diagram.bands)],
        "heading_level": heading_level,
    }
