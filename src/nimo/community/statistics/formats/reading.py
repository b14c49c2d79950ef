"""What the layouts hand over: figures with their cells, and what stands in a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nimo.community.statistics.formats.loading.grid import ERROR, FORMULA
from nimo.core.counters import canonical_unit
from nimo.core.text import is_not_filled

Number = int | Decimal
ABSENT_MARKS = frozenset({"…", "...", "‥", "・・・", "不詳", "不明", "NA", "N/A", "n/a"})
HIDDEN_MARKS = frozenset({"X", "x", "*", "**", "***", "χ", "Χ", "秘匿"})
_DIGITS = re.compile(r"([-△▲])?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(.*)", re.DOTALL)
_ABOUT = re.compile(r"(約|およそ|概ね)")
_NOTE = re.compile(r"(?:[※注]\d{0,2}\)?|\d{1,2}\)|\([0-9]\))$")


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell read. state: as in indicators.ValueState. counter: what stood behind the number (人, か所, %), "" nothing.

    problem: why there is no certain value ("formula", "error", "words", "remark"); "" none.
    """

    state: str
    value: Number | None = None
    qualifier: str = ""
    counter: str = ""
    problem: str = ""


def plain(text: str) -> str:
    """NFKC without any white space: for comparing words of headings."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def read_number(text: str) -> Number | None:
    """ "1,234" → 1234, "△5.0" → Decimal("-5.0"); None for anything else."""
    match = _DIGITS.fullmatch(plain(text))
    return _value(match) if match and not match[3] else None


def _value(match: re.Match[str]) -> Number:
    digits = match[2].replace(",", "")
    number: Number = Decimal(digits) if "." in digits else int(digits)
    return -number if match[1] else number


def read_cell(text: str, mark: str = "") -> CellValue:
    """What a cell states: a number (full width, thousands, 約, a counter behind it), or why there is none.

    Empty and dashes: not filled; … : absent; X and *: hidden at the source. Never zero.
    """
    if mark == FORMULA:
        return CellValue("unreadable", problem="formula")
    if mark == ERROR:
        return CellValue("unreadable", problem="error")
    bare = plain(text)
    if bare in HIDDEN_MARKS:
        return CellValue("suppressed_at_source")
    if bare in ABSENT_MARKS or text.strip() in ABSENT_MARKS:
        return CellValue("absent")
    if not bare or is_not_filled(text):
        return CellValue("not_filled")
    about = _ABOUT.match(bare)
    if about:
        bare = bare[about.end() :]
    match = _DIGITS.fullmatch(bare)
    if match is None or len(match[2]) > 24:
        return CellValue("unreadable", problem="words")
    counter, problem = match[3], ""
    if counter and _NOTE.fullmatch(counter):
        counter, problem = "", "remark"
    elif re.search(r"[0-9]|^[A-Za-z]", counter) or len(counter) > 12:  # 12O is no twelve
        return CellValue("unreadable", problem="words")
    return CellValue("value", _value(match), "約" if about else "", canonical_unit(counter) if counter else "", problem)


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """One figure in its cell.

    table: the table of the layout ("Ⅲ.2.(11)"); sheet, row, column: its cell (row from 1, column from 0).
    region_code: as written ("7202") or ""; region_name, prefecture_name: as written. heading: the words over the column.
    axes: what the figure is broken down by, each with its label, "" the total; the sums follow from them.
    as_of, fiscal_year, basis, coverage, dimension, unit: as in indicators' ObservationDraft. whole_is_nation: its row
    is the nation's. raw: the cell's text; part_raws: the cells of numerator and denominator. note: kept with the figure.
    """

    table: str
    sheet: str
    row: int
    column: int
    heading: str
    indicator: str
    raw: str
    cell: CellValue
    region_code: str = ""
    region_name: str = ""
    prefecture_name: str = ""
    as_of: str = ""
    fiscal_year: int | None = None
    basis: str = "unspecified"
    coverage: str = ""
    dimension: str = ""
    unit: str | None = None
    axes: Mapping[str, str] = field(default_factory=dict)
    numerator: CellValue | None = None
    denominator: CellValue | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table of the file as a layout understood it: for the title and the series of its source."""

    code: str
    title: str
    series: str
    origin: str
    publisher: str
    credit: str = ""
    reference: str = ""
    official: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """All a file gave. doubts: about the file as a whole, to be looked at. blocks: nothing can be recorded before they
    are settled (another year). left: what was not taken, and why (cells named)."""

    layout: str
    figures: tuple[ReadFigure, ...]
    tables: tuple[TableRead, ...]
    doubts: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said when handing the file over. as_of: "2025-06-30" or "" (then the file must say).

    variant: "" (the file says), "plain" or "including_public" (公費を含む). version: "" or the tables' version ("1.0").
    """

    as_of: str = ""
    variant: str = ""
    version: str = ""
    prefecture: str = ""
