"""SmartArt: the texts of its nodes, parents before children, in the order of the outline."""

from __future__ import annotations

from lxml import etree

from nimo.community.sheets.formats.loaders.drawing.text import body_lines
from nimo.community.sheets.formats.loaders.markup import whole
from nimo.community.sheets.formats.loaders.package import Package

_CONTENT = (None, "node", "asst", "doc")
"""Point types that hold what a person typed; the rest (pres, parTrans, sibTrans) belongs to the drawing."""


def diagram_lines(package: Package, part: str) -> list[str]:
    """Lines of a diagram's data part. Raises UnableToRead when the part is damaged."""
    root = package.xml(part)
    points = {point.get("modelId"): point for point in root.iter("{*}pt") if point.get("type") in _CONTENT}
    children: dict[str | None, list[tuple[int, str]]] = {}
    has_parent = set()
    for connection in root.iter("{*}cxn"):
        if connection.get("type", "parOf") == "parOf" and connection.get("destId") in points:
            target = connection.get("destId", "")
            children.setdefault(connection.get("srcId"), []).append((whole(connection.get("srcOrd")), target))
            has_parent.add(target)
    lines: list[str] = []
    seen: set[str] = set()
    stack = [model_id for model_id in reversed(list(points)) if model_id not in has_parent and model_id is not None]
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        lines.extend(_lines_of(points[current]))
        stack.extend(target for _, target in sorted(children.get(current, []), reverse=True))
    for model_id, point in points.items():
        if model_id not in seen:
            lines.extend(_lines_of(point))
    return lines


def _lines_of(point: etree._Element) -> list[str]:
    body = point.find("{*}t")
    return [line for line in body_lines(body) if line.strip()] if body is not None else []
