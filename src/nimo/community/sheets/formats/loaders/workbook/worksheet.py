"""One worksheet as a sparse grid of what its cells show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml import etree

from nimo.community.sheets.formats.loaders.display.shown import general, shown_number, shown_text
from nimo.community.sheets.formats.loaders.markup import is_on, local, whole
from nimo.community.sheets.formats.loaders.package import Package
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.loaders.workbook.addresses import Range, parse_address, parse_range
from nimo.community.sheets.formats.loaders.workbook.styles import Styles
from nimo.community.sheets.formats.source import UnableToRead

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


@dataclass(slots=True)
class Worksheet:
    """Positions count from 0. `texts` holds only cells that show something; covered cells of a merge are not in it.
    `ruled` holds cells that belong to a form though they may be empty."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: dict[tuple[int, int], Range] = field(default_factory=dict)
    ruled: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    without_value: list[tuple[int, int]] = field(default_factory=list)
    """Formula cells whose result the file does not hold."""
    errors: list[tuple[int, int]] = field(default_factory=list)
    inexact: list[tuple[int, int]] = field(default_factory=list)
    header: str = ""
    footer: str = ""

    def is_hidden(self, row: int, column: int) -> bool:
        return row in self.hidden_rows or any(first <= column <= last for first, last in self.hidden_columns)


@dataclass(frozen=True, slots=True)
class BookContext:
    """What all worksheets of a workbook share."""

    shared_strings: list[str]
    styles: Styles
    epoch_1904: bool
    recalculates: bool
    """The file asks for a recalculation on opening: a stored result of 0 is a placeholder, not a value."""


def read_shared_strings(package: Package, workbook: str) -> list[str]:
    parts = package.related(workbook, "sharedStrings")
    if not parts:
        return []
    strings = []
    for element in package.iterate(parts[0], _tags("si")):
        strings.append(string_item(element))
        if len(strings) > package.limits.cell_records:
            raise _too_many(package)
    return strings


def string_item(element: etree._Element) -> str:
    """The text of a string item; furigana (rPh) is a reading aid, not text of the cell."""
    parts = []
    for child in element:
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(text.text or "" for text in child.iterfind("{*}t"))
    return unescape("".join(parts))


def unescape(text: str) -> str:
    """Excel's _x000D_ escapes, and all line ends as \\n."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_worksheet(package: Package, part: str, context: BookContext, only: Range | None = None) -> Worksheet:
    """The worksheet in `part`, or what of it lies in `only`. Raises UnableToRead: damaged, too_many_cells."""
    sheet = Worksheet()
    merges: list[Range] = []
    row, column = -1, -1
    parts = package.iterate(part, _tags("c", "row", "mergeCell", "col", "headerFooter"))
    for records, element in enumerate(parts, start=1):
        name = local(element)
        if name == "c":
            found = parse_address(element.get("r", ""))
            row, column = found if found is not None else (max(row, 0), column + 1)
            if only is None or only.holds(row, column):
                _read_cell(element, row, column, sheet, context)
        elif name == "row":
            row = whole(element.get("r"), row + 2) - 1
            if is_on(element.get("hidden")):
                sheet.hidden_rows.add(row)
            column = -1
        elif name == "mergeCell":
            merged = parse_range(element.get("ref", ""))
            if merged is not None and merged.area > 1 and (only is None or only.holds(merged.top, merged.left)):
                merges.append(merged)
        elif name == "col":
            if is_on(element.get("hidden")):
                sheet.hidden_columns.append((whole(element.get("min"), 1) - 1, whole(element.get("max"), 1) - 1))
        else:
            sheet.header, sheet.footer = _print_texts(element)
        filled = len(sheet.texts) + len(sheet.ruled) + len(merges)
        if records > package.limits.cell_records or filled > 2 * package.limits.cells:
            raise _too_many(package)
    _apply_merges(sheet, merges, package)
    return sheet


def _read_cell(element: etree._Element, row: int, column: int, sheet: Worksheet, context: BookContext) -> None:
    style = whole(element.get("s"))
    if context.styles.is_ruled(style):
        sheet.ruled.add((row, column))
    kind = element.get("t", "n")
    if kind == "inlineStr":
        item = element.find("{*}is")
        text = string_item(item) if item is not None else ""
    else:
        holder = element.find("{*}v")
        stored = holder.text or "" if holder is not None else ""
        if element.find("{*}f") is not None and _is_missing(kind, stored, holder is not None, context):
            # The cell is there although it shows nothing: it must not tear its row out of the table.
            sheet.without_value.append((row, column))
            sheet.ruled.add((row, column))
            return
        text = _shown(kind, stored, style, (row, column), sheet, context)
    if text.strip():
        sheet.texts[row, column] = text


def _is_missing(kind: str, stored: str, has_value: bool, context: BookContext) -> bool:
    if kind == "str":
        return not has_value
    return not stored.strip() or (context.recalculates and stored.strip() == "0")


def _shown(
    kind: str, stored: str, style: int, position: tuple[int, int], sheet: Worksheet, context: BookContext
) -> str:
    if kind == "s":
        index = whole(stored, -1)
        known = 0 <= index < len(context.shared_strings)
        return shown_text(context.shared_strings[index], context.styles.format_code(style)) if known else ""
    if kind == "str":
        return shown_text(unescape(stored), context.styles.format_code(style))
    if kind == "b":
        return "TRUE" if is_on(stored) else "FALSE"
    if kind == "e":
        sheet.errors.append(position)
        return stored
    if kind == "d" or not stored.strip():
        return stored
    try:
        value = Decimal(stored) if stored.strip().lstrip("-").isdigit() else Decimal(repr(float(stored)))
    except (InvalidOperation, ValueError, OverflowError):
        return stored
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return stored
    shown = shown_number(value, context.styles.format_code(style), epoch_1904=context.epoch_1904)
    if not shown.exact:
        sheet.inexact.append(position)
    if not shown.text.strip() and value != 0:
        # A format such as ;;; hides the number on screen; a hidden number is not lost, it is marked.
        sheet.inexact.append(position)
        return general(value)
    return shown.text


def _apply_merges(sheet: Worksheet, merges: list[Range], package: Package) -> None:
    """Merged ranges cut to the part of the sheet that is used; text in covered cells is not shown by Excel."""
    used = [*sheet.texts, *sheet.ruled, *((merged.top, merged.left) for merged in merges)]
    if not used:
        return
    extent = Range(0, 0, max(row for row, _ in used), max(column for _, column in used))
    covered = 0
    for merged in merges:
        kept = merged.clipped(extent)
        covered += kept.area
        if covered > 2 * package.limits.cells:
            raise _too_many(package)
        sheet.merges[kept.top, kept.left] = kept
        for row in range(kept.top, kept.bottom + 1):
            for column in range(kept.left, kept.right + 1):
                if (row, column) != (kept.top, kept.left):
                    sheet.texts.pop((row, column), None)


def _too_many(package: Package) -> UnableToRead:
    return refusal("too_many_cells", package.file_name, f"上限は{package.limits.cells:,}セルです。")


def _print_texts(element: etree._Element) -> tuple[str, str]:
    """Header and footer of the printed page without their codes (&P page, &D date, &"font" …)."""

    def plain(name: str) -> str:
        found = element.find(f"{{*}}{name}")
        text = (found.text or "") if found is not None else ""
        text = re.sub(r'&"[^"]*"|&K[0-9A-Fa-f+\-]{5,6}|&\d+|&[PNDTFAZGBIUESXYHO]', "", text)
        parts = re.split(r"&[LCR]", text)
        return "\n".join(part.replace("&&", "&").strip() for part in parts if part.strip(" -/\n"))

    return plain("oddHeader"), plain("oddFooter")


def _tags(*names: str) -> tuple[str, ...]:
    return tuple(f"{{{namespace}}}{name}" for namespace in _NAMESPACES for name in names)
