"""Tables: caption, headers, sorting by the address, CSV, one card a row on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from nimo.foundation.ui.components.badges import TONES
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.registry import Context, component, one_of

SortKey = int | Decimal | str


@dataclass(frozen=True, slots=True)
class Column:
    """`align` "end" is for numbers. The row header names the row for those who hear the table."""

    key: str
    label: str
    align: str = "start"
    sortable: bool = False
    is_row_header: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, perhaps a link, a note in small print, a tone shown as a badge.

    `sort_key` orders the column when the text does not (kana, dates, formatted numbers).
    `csv_value` is what the CSV gives instead of the text (the bare number of "1,234").
    """

    text: str
    href: str | None = None
    note: str | None = None
    tone: str | None = None
    sort_key: SortKey | None = None
    csv_value: SortKey | None = None


Row = Mapping[str, Cell | str | int | None]


@dataclass(frozen=True, slots=True)
class Table:
    """`id` is unique in the page. `sort`: a column's key, "-" before it for descending.

    `sort_href` is the beginning of the sort links, to which the key is added; `sorted_by` fills both.
    A value that is missing or None is a gap, shown as 「—」 and read as 「値なし」. `keep_on_phone`: a small table
    (two or three short columns) stays a table on a phone instead of one card a row.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    csv_href: str | None = None
    sort: str | None = None
    sort_href: str | None = None
    empty: EmptyState | None = None
    note: str = ""
    keep_on_phone: bool = False


def as_cell(value: Cell | str | int | None) -> Cell | None:
    """What a row holds, as a Cell; integers get thousands separators, None stays a gap."""
    if value is None or isinstance(value, Cell):
        return value
    if isinstance(value, bool):
        raise TypeError("a yes or no is written in words in a table")
    if isinstance(value, int):
        return Cell(f"{value:,}", sort_key=value, csv_value=value)
    return Cell(value)


def sort_parameter(table: Table) -> str:
    """The query parameter that sorts this table; each table of a page has its own."""
    return f"{table.id}-sort"


def sorted_by(table: Table, parameters: Mapping[str, str]) -> Table:
    """The table sorted as the address asks (`?<id>-sort=key` or `-key`), with its sort links.

    `parameters` is `request.GET`; other parameters stay in the links. An unknown or unsortable key leaves
    the rows as they came. Gaps stand last in both directions. Sorting is stable.
    """
    name = sort_parameter(table)
    others = [
        (key, value)
        for key in parameters
        if key != name
        for value in (parameters.getlist(key) if hasattr(parameters, "getlist") else [parameters[key]])
    ]
    prefix = f"?{urlencode(others)}&{name}=" if others else f"?{name}="
    wanted = parameters.get(name, "")
    key = wanted.removeprefix("-")
    if not any(column.sortable and column.key == key for column in table.columns):
        return replace(table, sort_href=prefix)

    def value_of(row: Row) -> tuple[int, Decimal, str] | None:
        cell = as_cell(row.get(key))
        if cell is None:
            return None
        sort_key: SortKey = cell.sort_key if cell.sort_key is not None else cell.text
        if isinstance(sort_key, str):
            return (1, Decimal(0), sort_key)
        return (0, Decimal(sort_key), "")

    valued = [(value, row) for row in table.rows if (value := value_of(row)) is not None]
    gaps = [row for row in table.rows if value_of(row) is None]
    valued.sort(key=lambda pair: pair[0], reverse=wanted.startswith("-"))
    return replace(table, rows=[row for _, row in valued] + gaps, sort=wanted, sort_href=prefix)


def _heading(table: Table, column: Column) -> dict[str, object]:
    """A column header; the link turns the order round when the column is already sorted ascending."""
    href, aria_sort = "", ""
    if column.sortable and table.sort_href is not None:
        ascending, descending = table.sort == column.key, table.sort == f"-{column.key}"
        aria_sort = "ascending" if ascending else "descending" if descending else ""
        href = f"{table.sort_href}{'-' if ascending else ''}{column.key}#{table.id}"
    return {"column": column, "href": href, "aria_sort": aria_sort}


GAP = mark_safe(
    '<span class="absent"><span aria-hidden="true">—</span><span class="visually-hidden">値なし</span></span>'
)


def _cell_html(column: Column, cell: Cell | None) -> SafeString:
    """One cell. Built here and not in the template: a list of 1,741 municipalities has 10,000 cells, and the
    template's conditions took ten times as long as all the rest of the page.
    """
    if cell is None:
        inside = GAP
    else:
        inside = (
            format_html('<a href="{}">{}</a>', cell.href, cell.text) if cell.href else conditional_escape(cell.text)
        )
        if cell.tone:
            one_of(cell.tone, TONES, "tone")
            inside = format_html('<span class="badge badge--{}">{}</span>', cell.tone, inside)
        if cell.note:
            inside = format_html('{}<span class="note">{}</span>', inside, cell.note)
    if column.is_row_header:
        return format_html(
            '<th scope="row" role="rowheader" class="table__cell table__cell--{} table__cell--header"'
            ' data-label="{}"><div>{}</div></th>',
            column.align,
            column.label,
            inside,
        )
    return format_html(
        '<td role="cell" class="table__cell table__cell--{}" data-label="{}"><div>{}</div></td>',
        column.align,
        column.label,
        inside,
    )


@component("data_table")
def data_table(table: Table) -> Context:
    """一覧表。見出しを選ぶと並べ替えます。電話の画面では1行が1枚のカードになります。

    Without rows the table's empty state is shown instead.
    """
    return {
        "table": table,
        "headings": [_heading(table, column) for column in table.columns],
        "rows": [[_cell_html(column, as_cell(row.get(column.key))) for column in table.columns] for row in table.rows],
    }
