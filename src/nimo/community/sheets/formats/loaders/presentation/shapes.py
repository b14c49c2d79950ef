"""The shapes of a slide with their places on it, groups opened, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from nimo.community.sheets.formats.loaders.markup import is_on, local, visible_children, whole
from nimo.community.sheets.formats.loaders.presentation.inheritance import SlideBackground, is_title, placeholder_of
from nimo.community.sheets.formats.loaders.reading_order import Box, reading_order

_EMU = 12_700
"""English metric units in a point."""
_MAX_GROUPS = 60


@dataclass(frozen=True, slots=True)
class Shape:
    element: etree._Element
    kind: str
    """"text", "picture" or "frame" (table, chart, diagram, embedded object)."""
    box: Box | None
    is_title: bool
    is_hidden: bool
    in_background: bool


@dataclass(frozen=True, slots=True)
class _Transform:
    """From the coordinates inside a group to those of the slide, in points."""

    scale_x: float = 1 / _EMU
    scale_y: float = 1 / _EMU
    shift_x: float = 0.0
    shift_y: float = 0.0

    def apply(self, left: float, top: float, width: float, height: float) -> Box:
        x, y = self.shift_x + left * self.scale_x, self.shift_y + top * self.scale_y
        return Box(x, y, x + width * self.scale_x, y + height * self.scale_y)


def ordered_shapes(tree: etree._Element, background: SlideBackground) -> list[Shape]:
    """Everything a slide shows, from its own tree and from layout and master, in reading order.

    Shapes without any position stand first if they are the title, else last.
    """
    shapes = [shape for ground in background.trees for shape in _walk(ground, _Transform(), background, True, 0)]
    shapes += _walk(tree, _Transform(), background, False, 0)
    placed = [shape for shape in shapes if shape.box is not None]
    order = reading_order([shape.box for shape in placed if shape.box is not None])
    floating = [shape for shape in shapes if shape.box is None]
    return [
        *(shape for shape in floating if shape.is_title),
        *(placed[index] for index in order),
        *(shape for shape in floating if not shape.is_title),
    ]


def _walk(
    tree: etree._Element, transform: _Transform, background: SlideBackground, in_background: bool, depth: int
) -> Iterator[Shape]:
    for element in visible_children(tree):
        name = local(element)
        if name == "grpSp" and depth < _MAX_GROUPS:
            yield from _walk(element, _inside(element, transform), background, in_background, depth + 1)
        elif name == "sp" and not (in_background and placeholder_of(element) is not None):
            if _has_text(element):
                yield _shape(element, "text", transform, background, in_background)
            elif element.find("{*}spPr/{*}blipFill") is not None:
                yield _shape(element, "picture", transform, background, in_background)
        elif name == "pic":
            yield _shape(element, "picture", transform, background, in_background)
        elif name in ("graphicFrame", "contentPart"):
            yield _shape(element, "frame", transform, background, in_background)


def _has_text(shape: etree._Element) -> bool:
    return any((text.text or "").strip() for text in shape.iterfind("{*}txBody//{*}t"))


def _shape(
    element: etree._Element, kind: str, transform: _Transform, background: SlideBackground, in_background: bool
) -> Shape:
    box = _box(element, transform)
    if box is None:
        for prototype in background.prototypes(element):
            box = box or _box(prototype, _Transform())
    properties = next((p for child in element if (p := child.find("{*}cNvPr")) is not None), None)
    hidden = properties is not None and is_on(properties.get("hidden"))
    return Shape(element, kind, box, is_title(element), hidden, in_background)


def _box(element: etree._Element, transform: _Transform) -> Box | None:
    frame = element.find("{*}spPr/{*}xfrm")
    if frame is None:
        frame = element.find("{*}xfrm")
    offset, extent = (frame.find("{*}off"), frame.find("{*}ext")) if frame is not None else (None, None)
    if frame is None or offset is None or extent is None:
        return None
    left, top = whole(offset.get("x")), whole(offset.get("y"))
    width, height = whole(extent.get("cx")), whole(extent.get("cy"))
    if 2_700_000 <= whole(frame.get("rot")) % 10_800_000 <= 8_100_000:
        # Turned by about a quarter: it covers its height in width, around the same centre.
        left, top = left + (width - height) // 2, top + (height - width) // 2
        width, height = height, width
    return transform.apply(left, top, width, height)


def _inside(group: etree._Element, outer: _Transform) -> _Transform:
    frame = group.find("{*}grpSpPr/{*}xfrm")
    parts = {} if frame is None else {local(child): child for child in frame}
    if not {"off", "ext", "chOff", "chExt"} <= parts.keys():
        return outer
    off_x, off_y = whole(parts["off"].get("x")), whole(parts["off"].get("y"))
    inner_x, inner_y = whole(parts["chOff"].get("x")), whole(parts["chOff"].get("y"))
    scale_x = whole(parts["ext"].get("cx")) / (whole(parts["chExt"].get("cx")) or 1)
    scale_y = whole(parts["ext"].get("cy")) / (whole(parts["chExt"].get("cy")) or 1)
    return _Transform(
        outer.scale_x * scale_x,
        outer.scale_y * scale_y,
        outer.shift_x + (off_x - inner_x * scale_x) * outer.scale_x,
        outer.shift_y + (off_y - inner_y * scale_y) * outer.scale_y,
    )
