"""An Excel file as grids: visible worksheets, what their cells show, merged ranges. Macros are never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from lxml import etree

from nimo.community.statistics.formats.loading.grid import (
    ERROR,
    FORMULA,
    PERCENT,
    Book,
    Grid,
    Line,
    Merge,
    parse_address,
)
from nimo.community.statistics.formats.loading.limits import DEFAULT, Limits
from nimo.community.statistics.formats.loading.package import Package
from nimo.community.statistics.formats.loading.refusals import refusal

_MERGE = re.compile(rb"<(?:[A-Za-z0-9]+:)?mergeCell\b[^>]*?\bref=[\"']([A-Za-z0-9$]+):([A-Za-z0-9$]+)[\"']")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RUBY = "rPh"
_DATES = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58})
_PERCENTS = frozenset({9, 10})
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class _Styles:
    """Which style numbers show a date, and which a percentage with how many digits after the point."""

    def __init__(self, package: Package, workbook: str) -> None:
        self.dates: set[int] = set()
        self.percents: dict[int, int] = {}
        parts = [target for kind, target in package.relations(workbook).values() if kind == "styles"]
        if not parts or not package.has(parts[0]):
            return
        root = package.tree(parts[0])
        own = {_whole(one.get("numFmtId")): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
        for index, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
            number = _whole(style.get("numFmtId"))
            code = _QUOTED.sub("", own.get(number, "")).split(";")[0]
            if number in _PERCENTS or "%" in code:
                decimals = re.search(r"\.(0+)", code)
                self.percents[index] = len(decimals[1]) if decimals else (2 if number == 10 else 0)
            elif number in _DATES or re.search(r"[yYdDeE]", code):
                self.dates.add(index)


def _whole(text: str | None, default: int = 0) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


def _string(item: etree._Element) -> str:
    """The text of a shared or inline string without its ruby (phonetic readings stand in <rPh>)."""
    parts: list[str] = []
    for child in item:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(text.text or "" for text in child.iterfind("{*}t"))
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), "".join(parts))


def _shared_strings(package: Package, workbook: str) -> list[str]:
    parts = [target for kind, target in package.relations(workbook).values() if kind == "sharedStrings"]
    if not parts or not package.has(parts[0]):
        return []
    found: list[str] = []
    characters = 0
    for item in package.elements(parts[0], "si"):
        text = _string(item)
        characters += len(text)
        if len(found) >= package.limits.strings or characters > package.limits.string_characters:
            raise refusal("too_many_rows")
        found.append(text)
    return found


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(stored: str, style: int, styles: _Styles, epoch: date) -> tuple[str, str]:
    """What a number cell shows, and its mark. Excel keeps 15 digits: 325.30000000000001 is 325.3."""
    try:
        exact = stored.strip().lstrip("-").isdigit()
        value = Decimal(stored.strip()) if exact else Decimal(repr(float(stored)))
    except (InvalidOperation, ValueError, OverflowError):
        return stored, ""
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return stored, ""
    if style in styles.dates and 0 < value < 200_000:
        return (epoch + timedelta(days=int(value))).isoformat(), ""
    if style in styles.percents:
        return f"{_plain(value * 100)}%", PERCENT
    return _plain(value), ""


class _Sheet:
    def __init__(self, package: Package, part: str, strings: list[str], styles: _Styles, epoch: date) -> None:
        self._package, self._part, self._strings, self._styles, self._epoch = package, part, strings, styles, epoch

    def merges(self) -> tuple[Merge, ...]:
        found: list[Merge] = []
        rest = b""
        for chunk in self._package.chunks(self._part):
            seen = rest + chunk
            last = 0
            for match in _MERGE.finditer(seen):
                start, end = parse_address(match[1].decode()), parse_address(match[2].decode())
                last = match.end()
                if start and end and start != end and len(found) < 20_000:
                    found.append(Merge(start[0], start[1], end[0], min(end[1], self._package.limits.columns)))
            rest = seen[max(last, len(seen) - 300) :]
        return tuple(found)

    def lines(self) -> Iterator[Line]:
        limits, number = self._package.limits, 0
        for count, element in enumerate(self._package.elements(self._part, "row"), 1):
            if count > limits.rows:
                raise refusal("too_many_rows", f"上限は{limits.rows:,}行です。")
            number = _whole(element.get("r"), number + 1)
            line = self._line(number, element)
            if not line.is_empty or line.marks:
                yield line

    def _line(self, number: int, element: etree._Element) -> Line:
        texts: dict[int, str] = {}
        marks: dict[int, str] = {}
        column = -1
        for cell in element.iterfind("{*}c"):
            place = parse_address(cell.get("r", ""))
            column = place[1] if place else column + 1
            text, mark = self._cell(cell)
            if text.strip():
                texts[column] = text[: self._package.limits.cell_characters]
            if mark:
                marks[column] = mark
        last = max((*texts, *marks), default=-1)
        if last >= self._package.limits.columns:
            raise refusal("too_many_rows", f"上限は{self._package.limits.columns}列です。")
        return Line(number, tuple(texts.get(index, "") for index in range(last + 1)), marks)

    def _cell(self, cell: etree._Element) -> tuple[str, str]:
        kind, style = cell.get("t", "n"), _whole(cell.get("s"))
        if kind == "inlineStr":
            item = cell.find("{*}is")
            return (_string(item) if item is not None else ""), ""
        holder = cell.find("{*}v")
        stored = (holder.text or "") if holder is not None else ""
        if cell.find("{*}f") is not None and not stored.strip():
            return "", FORMULA
        if kind == "s":
            index = _whole(stored, -1)
            return (self._strings[index] if 0 <= index < len(self._strings) else ""), ""
        if kind == "e":
            return stored, ERROR
        if kind == "b":
            return ("有" if stored.strip() == "1" else "無"), ""
        if kind in ("str", "d") or not stored.strip():
            return stored, ""
        return _number(stored, style, self._styles, self._epoch)


def open_workbook(stream: BinaryIO, name: str, limits: Limits = DEFAULT) -> Book:
    """The visible worksheets of an .xlsx or .xlsm. `stream` stays open while the grids are read.

    Raises UnableToReadTable: damaged, password, archive_bomb, unsafe_content, too_many_rows, kind.
    """
    package = Package(stream, limits)
    mains = [target for kind, target in package.relations("").values() if kind == "officeDocument"]
    if not mains or not package.has(mains[0]):
        raise refusal("damaged" if package.has("[Content_Types].xml") else "kind")
    if not mains[0].lower().startswith("xl/") or mains[0].lower().endswith(".bin"):
        raise refusal("kind")
    root = package.tree(mains[0])
    notes: list[str] = []
    if any(part.endswith("vbaproject.bin") for part in package.names):
        notes.append("マクロ（自動実行プログラム）が含まれています。マクロは実行せず、表だけを読みました。")
    properties = root.find("{*}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    epoch = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    elements = list(root.iterfind("{*}sheets/{*}sheet"))
    if len(elements) > limits.sheets:
        raise refusal("too_many_rows", f"シートの上限は{limits.sheets}枚です。")
    strings, styles = _shared_strings(package, mains[0]), _Styles(package, mains[0])
    relations = package.relations(mains[0])
    grids: list[Grid] = []
    for element in elements:
        title = element.get("name", "")
        key = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
        kind, part = relations.get(str(key), ("", ""))
        if element.get("state", "visible") != "visible":
            notes.append(
                f"シート「{title}」は非表示のため、読んでいません。必要なときは再表示して保存し直してください。"
            )
        elif kind == "worksheet":
            if not package.has(part):
                raise refusal("damaged")
            sheet = _Sheet(package, part, strings, styles, epoch)
            grids.append(Grid(title, sheet.lines, sheet.merges()))
    return Book("xlsx", name, tuple(grids), tuple(notes))
