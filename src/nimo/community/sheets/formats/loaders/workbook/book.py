"""An Excel file as blocks: its visible sheets in order, on each the regions and what is drawn over them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from nimo.community.sheets.formats.loaders.blocks import BlockCollector
from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.markup import is_on, relation_id, whole
from nimo.community.sheets.formats.loaders.package import Package
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.loaders.workbook.addresses import Range, parse_range
from nimo.community.sheets.formats.loaders.workbook.sheet_blocks import SheetWriter
from nimo.community.sheets.formats.loaders.workbook.styles import Styles
from nimo.community.sheets.formats.loaders.workbook.worksheet import (
    BookContext,
    Worksheet,
    read_shared_strings,
    read_worksheet,
)
from nimo.community.sheets.formats.source import SourceDocument


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    number: int
    """1-based place among all sheets, hidden ones counted."""
    has_cells: bool
    """False for a chart that fills a sheet of its own."""


def load_workbook(package: Package, file_name: str, limits: Limits) -> SourceDocument:
    """All visible sheets; hidden ones are named in findings (they mostly hold lists for drop-down menus)."""
    main, _ = package.main_part()
    root = package.xml(main)
    collector = BlockCollector(file_name, limits)
    context = _context(package, main, root)
    elements = list(root.iterfind("{*}sheets/{*}sheet"))
    if len(elements) > limits.pages:
        raise refusal("too_many_pages", file_name, f"上限は{limits.pages}シートです。")
    for sheet in _visible_sheets(package, main, elements, collector):
        _append(package, sheet, context, collector, sheet.number, "")
    if not collector.has_text:
        raise refusal("no_text", file_name)
    return SourceDocument(file_name, "xlsx", tuple(collector.blocks), None, tuple(collector.findings))


def append_embedded(content: bytes, collector: BlockCollector, page: int, label: str) -> None:
    """The visible part of a workbook embedded in a slide. Raises UnableToRead when it cannot be opened."""
    package = Package(content, collector.file_name, collector.limits)
    main, _ = package.main_part()
    root = package.xml(main)
    elements = list(root.iterfind("{*}sheets/{*}sheet"))
    view = root.find("{*}bookViews/{*}workbookView")
    active = whole(view.get("activeTab")) if view is not None else 0
    shown = elements[active] if 0 <= active < len(elements) else None
    size = root.find("{*}oleSize")
    only = parse_range(size.get("ref", "")) if size is not None else None
    sheets = _visible_sheets(package, main, [shown] if shown is not None else [], collector)
    line = collector.next_line
    for sheet in sheets:
        _append(package, sheet, _context(package, main, root), collector, page, f"{label} ", only)
    collector.find(
        "embedded_workbook",
        label,
        f"{label}のExcelの表を読み込みました。スライドに見えている範囲と違う場合がありますので、見比べてください。",
        line,
    )


def _context(package: Package, main: str, root: etree._Element) -> BookContext:
    properties = root.find("{*}workbookPr")
    calculation = root.find("{*}calcPr")
    return BookContext(
        read_shared_strings(package, main),
        Styles.read(package, main),
        properties is not None and is_on(properties.get("date1904")),
        calculation is not None and is_on(calculation.get("fullCalcOnLoad")),
    )


def _visible_sheets(
    package: Package, main: str, elements: list[etree._Element], collector: BlockCollector
) -> list[_Sheet]:
    relations = package.relations(main)
    sheets = []
    for number, element in enumerate(elements, start=1):
        name = element.get("name", "")
        relation = relations.get(relation_id(element) or "")
        if element.get("state", "visible") != "visible":
            collector.find(
                "hidden_sheet",
                f"シート「{name}」",
                f"シート「{name}」は非表示のため、読み込んでいません。"
                "必要な場合は、Excelで再表示して保存し直してから読み込んでください。",
                collector.next_line,
            )
        elif relation is not None and not relation.external:
            if not package.has(relation.target):
                raise refusal("damaged", collector.file_name)
            sheets.append(_Sheet(name, relation.target, number, relation.kind == "worksheet"))
    return sheets


def _append(
    package: Package,
    sheet: _Sheet,
    context: BookContext,
    collector: BlockCollector,
    page: int,
    prefix: str,
    only: Range | None = None,
) -> None:
    worksheet = read_worksheet(package, sheet.part, context, only) if sheet.has_cells else Worksheet()
    writer = SheetWriter(package, sheet.part, worksheet, collector, page, f"{prefix}シート「{sheet.name}」")
    writer.write()
