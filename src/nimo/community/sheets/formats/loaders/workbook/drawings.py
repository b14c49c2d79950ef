"""Text boxes, charts and diagrams that lie over the cells of a worksheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from nimo.community.sheets.formats.loaders.blocks import GridCell
from nimo.community.sheets.formats.loaders.drawing.charts import chart_content
from nimo.community.sheets.formats.loaders.drawing.diagrams import diagram_lines
from nimo.community.sheets.formats.loaders.drawing.text import body_lines
from nimo.community.sheets.formats.loaders.markup import local, relation_id, visible_children, whole
from nimo.community.sheets.formats.loaders.package import Package


@dataclass(frozen=True, slots=True)
class Floating:
    """Something over the cells: its lines and, for a chart, its figures; `row`, `column` of the cell under its corner."""

    row: int
    column: int
    kind: str
    """"テキストボックス", "グラフ", "図", "画像"."""
    lines: tuple[str, ...] = ()
    cells: tuple[GridCell, ...] = ()


def floating_parts(package: Package, sheet_part: str) -> list[Floating]:
    """Everything drawn on a sheet, from above. Raises UnableToRead when a drawing is damaged."""
    found: list[Floating] = []
    for part in package.related(sheet_part, "drawing"):
        root = package.xml(part)
        for anchor in root:
            if not local(anchor).endswith("Anchor"):
                continue
            corner = anchor.find("{*}from")
            row = whole(corner.findtext("{*}row")) if corner is not None else 0
            column = whole(corner.findtext("{*}col")) if corner is not None else 0
            for element in _opened(anchor):
                floating = _floating(package, part, element, row, column)
                if floating is not None:
                    found.append(floating)
    return sorted(found, key=lambda f: (f.row, f.column))


def _opened(parent: etree._Element) -> Iterator[etree._Element]:
    """Shapes of an anchor, those in groups sorted by their place in the group."""
    members: list[etree._Element] = []
    for element in visible_children(parent):
        if local(element) == "grpSp":
            members.extend(_opened(element))
        elif local(element) in ("sp", "graphicFrame", "pic"):
            members.append(element)
    return iter(sorted(members, key=_corner) if local(parent) == "grpSp" else members)


def _corner(element: etree._Element) -> tuple[int, int]:
    offset = element.find("{*}spPr/{*}xfrm/{*}off")
    return (whole(offset.get("y")), whole(offset.get("x"))) if offset is not None else (0, 0)


def _floating(package: Package, part: str, element: etree._Element, row: int, column: int) -> Floating | None:
    name = local(element)
    if name == "pic":
        return Floating(row, column, "画像")
    if name == "sp":
        body = element.find("{*}txBody")
        lines = tuple(body_lines(body)) if body is not None else ()
        return Floating(row, column, "テキストボックス", lines) if lines else None
    content = next((child for data in element.iter("{*}graphicData") for child in data), None)
    if content is None:
        return None
    is_chart = local(content) == "chart"
    relation = package.relations(part).get(relation_id(content, "id" if is_chart else "dm") or "")
    if relation is None or relation.external or not package.has(relation.target):
        return Floating(row, column, "画像")
    if is_chart:
        chart = chart_content(package, relation.target)
        return Floating(row, column, "グラフ", chart.lines, chart.cells)
    return Floating(row, column, "図", tuple(diagram_lines(package, relation.target)))
