"""Charts: titles as lines, the figures behind the drawing as a grid of categories and series."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from nimo.community.sheets.formats.loaders.blocks import GridCell
from nimo.community.sheets.formats.loaders.display.shown import shown_number
from nimo.community.sheets.formats.loaders.drawing.text import body_lines
from nimo.community.sheets.formats.loaders.markup import local, whole
from nimo.community.sheets.formats.loaders.package import Package

MAX_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class ChartContent:
    lines: tuple[str, ...]
    """Titles of the chart and its axes, and labels typed by hand."""
    cells: tuple[GridCell, ...]
    """First row: names of the series; first column: categories. Figures as the file caches them."""


def chart_content(package: Package, part: str) -> ChartContent:
    """What a chart part says. Raises UnableToRead when the part is damaged."""
    root = package.xml(part)
    lines = [line for rich in root.iter("{*}rich") for line in body_lines(rich) if line.strip()]
    return ChartContent(tuple(lines), tuple(_grid(root)))


def _grid(root: etree._Element) -> list[GridCell]:
    series = [element for element in root.iter("{*}ser") if local(element.getparent()).endswith("Chart")]
    if not series:
        return []
    categories: dict[int, str] = {}
    columns: list[tuple[str, dict[int, str]]] = []
    points = 0
    for element in series:
        for index, text in _points(_child(element, "cat", "xVal")).items():
            categories.setdefault(index, text)
        values = _points(_child(element, "val", "yVal"))
        points += len(values)
        if points > MAX_POINTS:
            break
        columns.append((_name(element), values))
    indices = sorted({*categories, *(index for _, values in columns for index in values)})
    cells = [GridCell("", 0, 0)]
    cells += [GridCell(name, 0, column) for column, (name, _) in enumerate(columns, start=1)]
    for row, index in enumerate(indices, start=1):
        cells.append(GridCell(categories.get(index, ""), row, 0))
        cells += [GridCell(values.get(index, ""), row, column) for column, (_, values) in enumerate(columns, start=1)]
    return cells if indices else []


def _child(element: etree._Element, *names: str) -> etree._Element | None:
    return next((child for child in element if local(child) in names), None)


def _name(series: etree._Element) -> str:
    holder = _child(series, "tx")
    if holder is None:
        return ""
    return " ".join(value.text or "" for value in holder.iter("{*}v"))


def _points(holder: etree._Element | None) -> dict[int, str]:
    """Cached points by index; categories of several levels are joined, the outermost first."""
    found: dict[int, str] = {}
    if holder is None:
        return found
    levels = list(holder.iter("{*}lvl"))
    for container in reversed(levels) if levels else [holder]:
        code = next((c.text for c in container.iter("{*}formatCode") if c.text), "General")
        for point in container.iter("{*}pt"):
            value = point.find("{*}v")
            text = (value.text or "") if value is not None else ""
            if local(point.getparent()) in ("numCache", "numLit"):
                text = _number(text, code)
            index = whole(point.get("idx"))
            found[index] = f"{found[index]} {text}" if index in found else text
    return found


def _number(text: str, code: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return shown_number(value, code).text if value.is_finite() else text
