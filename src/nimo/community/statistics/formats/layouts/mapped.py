"""Any table, read as a person says its columns are to be read; and what the headings suggest beforehand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nimo.community.statistics.formats.layouts.columns import ColumnMapping, MappedColumn, as_of_of
from nimo.community.statistics.formats.layouts.headings import top_of
from nimo.community.statistics.formats.loading.grid import Book, Grid, Line, letters
from nimo.community.statistics.formats.loading.limits import DEFAULT
from nimo.community.statistics.formats.loading.refusals import UNCHANGED, UnableToReadTable, refusal
from nimo.community.statistics.formats.reading import (
    CellValue,
    Options,
    ReadFigure,
    Reading,
    TableRead,
    plain,
    read_cell,
    read_number,
)

_GUESSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "region_code",
        (
            "地方公共団体コード",
            "団体コード",
            "市区町村コード",
            "市町村コード",
            "都道府県コード",
            "地域コード",
            "コード",
        ),
    ),
    ("prefecture_name", ("都道府県名", "都道府県", "県名")),
    ("region_name", ("市区町村名", "市町村名", "市区町村", "市町村", "自治体名", "地域名", "地域", "団体名")),
    ("year", ("年度", "会計年度")),
    ("as_of", ("時点", "基準日", "年月日", "調査日", "調査年月日")),
    ("indicator", ("指標", "指標名", "項目", "項目名", "指標コード")),
    ("basis", ("基準", "集計基準")),
    ("unit", ("単位",)),
    ("value", ("値", "数値", "件数", "人数", "実績", "実績値")),
    ("numerator", ("分子",)),
    ("denominator", ("分母",)),
    ("state", ("値の状態", "値がない理由", "秘匿")),
    ("dimension", ("内訳", "区分")),
    ("coverage", ("対象の範囲", "範囲")),
    ("note", ("備考", "注", "注意", "注記")),
)
_STATES = {
    "資料にない": "absent",
    "記入なし": "not_filled",
    "未記入": "not_filled",
    "資料で秘匿": "suppressed_at_source",
    "秘匿": "suppressed_at_source",
    "読み取れない": "unreadable",
}
_BASES = {
    "住所地": "630_address",
    "患者住所": "630_address",
    "患者の住所地": "630_address",
    "所在地": "630_hospital",
    "病院所在地": "630_hospital",
    "病院の所在地": "630_hospital",
}


_PLACES = ("region_code", "region_name", "prefecture_name")


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a table, for the mapping screen. headers: column → text; samples: some values a column."""

    sheet: str
    header_row: int
    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    fingerprint: str
    sheets: tuple[str, ...] = field(default=())


def fingerprint_of(headers: Sequence[str]) -> str:
    """Names a kind of table by its headings, whatever their width and spaces."""
    while headers and not plain(headers[-1]):
        headers = headers[:-1]
    return hashlib.sha256("\x1f".join(plain(text) for text in headers).encode()).hexdigest()


def _grid(book: Book, sheet: str) -> Grid:
    if not book.grids:
        raise refusal("empty")
    if not sheet:
        return next((grid for grid in book.grids if top_of(grid, 1)), book.grids[0])
    found = next((grid for grid in book.grids if grid.name == sheet), None)
    if found is None:
        raise UnableToReadTable(
            "sheet", f"シート「{sheet}」がこのファイルにありません。{UNCHANGED}シートを選び直してください。"
        )
    return found


def _header(lines: Sequence[Line]) -> int:
    """The row that looks most like headings: many different words, no numbers, something under it."""
    best, score = lines[0].number, -1
    for line in lines[:20]:
        words = {plain(cell) for cell in line.cells if plain(cell) and read_number(cell) is None}
        numbers = sum(1 for cell in line.cells if read_number(cell) is not None)
        points = len(words) * 2 - numbers * 3
        if points > score:
            best, score = line.number, points
    return best


def preview_of(book: Book, *, sheet: str = "", header_row: int | None = None, samples: int = 3) -> Preview:
    """Headings and first values of a table. Raises UnableToReadTable: empty, sheet, too_many_rows."""
    grid = _grid(book, sheet)
    lines = top_of(grid, 60)
    if not lines:
        raise refusal("empty")
    row = header_row or _header(lines)
    head = next((line for line in lines if line.number == row), None)
    if head is None:
        raise UnableToReadTable("header", f"{row}行目に見出しがありません。{UNCHANGED}見出しの行を選び直してください。")
    under = [line for line in lines if line.number > row][:samples]
    width = max([len(head.cells), *(len(line.cells) for line in under)])
    headers = tuple(head.text(column).strip() for column in range(width))
    shown = tuple(tuple(line.text(column).strip()[:40] for line in under) for column in range(width))
    return Preview(grid.name, row, headers, shown, fingerprint_of(headers), tuple(one.name for one in book.grids))


def suggested(preview: Preview, names: Mapping[str, str]) -> ColumnMapping:
    """What the headings suggest; names: an indicator's name or code, squeezed by `plain` → its code."""
    columns: list[MappedColumn] = []
    used: set[str] = set()
    for text in preview.headers:
        bare = plain(text)
        role = next((role for role, words in _GUESSES if bare in {plain(word) for word in words}), "ignore")
        if role in used:
            role = "ignore"
        if bare in names:
            columns.append(MappedColumn("figure", indicator=names[bare]))
            continue
        used.add(role)
        columns.append(MappedColumn(role))
    if any(column.role == "figure" for column in columns):
        columns = [MappedColumn() if column.role == "value" else column for column in columns]
    return ColumnMapping(preview.header_row, tuple(columns), sheet=preview.sheet)


@dataclass(slots=True)
class _Row:
    """One line as its columns say."""

    line: Line
    roles: Mapping[str, int]

    def text(self, role: str) -> str:
        return self.line.text(self.roles[role]).strip() if role in self.roles else ""

    def cell(self, role: str) -> CellValue | None:
        if role not in self.roles:
            return None
        found = read_cell(self.line.text(self.roles[role]), self.line.marks.get(self.roles[role], ""))
        return None if found.state == "not_filled" else found


def _basis(text: str) -> str:
    bare = plain(text)
    return next((code for word, code in _BASES.items() if bare.startswith(word)), bare)


def _dimension(text: str) -> str:
    bare = plain(text)
    return bare if "=" in bare or not bare else f"内訳={bare.replace(';', '・')}"


def _axes(indicator: str, dimension: str, said: str) -> dict[str, str]:
    """Free words are parts of one whole; a named breakdown (年齢=65歳以上) is not known to add up with others."""
    named = {"内訳": "", "細目": dimension} if "=" in dimension else {"内訳": dimension, "細目": ""}
    return {"項目": indicator, "時点": said or "?", **named}


def _figures(grid: Grid, mapping: ColumnMapping, names: Mapping[str, str], title: str) -> Iterator[ReadFigure]:
    roles = {
        column.role: index for index, column in enumerate(mapping.columns) if column.role not in ("ignore", "figure")
    }
    figures = [(index, column) for index, column in enumerate(mapping.columns) if column.role == "figure"]
    headers: dict[int, str] = {}
    for line in grid.lines():
        if line.number == mapping.header_row:
            headers = {column: text.strip() for column, text in enumerate(line.cells)}
        if line.number <= mapping.header_row:
            continue
        row = _Row(line, roles)
        where = [text for text in (row.text(role) for role in _PLACES) if text]
        if not where or plain(where[0]).startswith(("※", "注", "(注", "出典", "資料")):
            continue
        pairs = figures or [(roles["value"], MappedColumn("value"))]
        for index, column in pairs:
            yield _figure(row, index, column, mapping, names, headers.get(index, letters(index)), grid, title)


def _figure(
    row: _Row,
    index: int,
    column: MappedColumn,
    mapping: ColumnMapping,
    names: Mapping[str, str],
    heading: str,
    grid: Grid,
    title: str,
) -> ReadFigure:
    said = column.as_of or row.text("as_of") or row.text("year") or mapping.as_of
    when = (
        as_of_of(f"{said}年度" if said and said == row.text("year") and plain(said).isdigit() else said)
        if said
        else None
    )
    raw = row.line.text(index)
    cell = read_cell(raw, row.line.marks.get(index, ""))
    state = _STATES.get(row.text("state"), "")
    if state and cell.state != "value":
        cell = replace(cell, state=state, problem="")
    indicator = column.indicator or names.get(plain(row.text("indicator")), row.text("indicator")) or mapping.indicator
    name = row.text("region_name")
    return ReadFigure(
        table=title,
        sheet=grid.name,
        row=row.line.number,
        column=index,
        heading=heading,
        indicator=indicator,
        raw=raw,
        cell=cell,
        region_code=plain(row.text("region_code")),
        region_name=name or row.text("prefecture_name"),
        prefecture_name=row.text("prefecture_name") if name else "",
        as_of=when[0] if when else plain(said)[:10],
        fiscal_year=when[1] if when else None,
        basis=column.basis or _basis(row.text("basis")) or mapping.basis or "unspecified",
        coverage=row.text("coverage")[:80],
        dimension=column.dimension or _dimension(row.text("dimension")),
        unit=row.text("unit") or mapping.unit or None,
        axes=_axes(indicator, column.dimension or row.text("dimension"), said),
        numerator=row.cell("numerator"),
        denominator=row.cell("denominator"),
        note=row.text("note")[:300],
    )


def read_mapped(
    book: Book,
    mapping: ColumnMapping,
    names: Mapping[str, str],
    options: Options,
    *,
    pasted: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Reading:
    """A table by its mapping. Raises UnableToReadTable: the headings are other ones, too many figures."""
    grid = _grid(book, mapping.sheet)
    preview = preview_of(book, sheet=mapping.sheet, header_row=mapping.header_row)
    if len(preview.headers) < len(mapping.columns):
        raise UnableToReadTable(
            "header", f"列の数が対応づけより少なくなっています。{UNCHANGED}列の意味を選び直してください。"
        )
    title = mapping.title or book.name.rsplit(".", 1)[0]
    figures: list[ReadFigure] = []
    for figure in _figures(grid, replace(mapping, as_of=mapping.as_of or options.as_of), names, title):
        figures.append(figure)
        if len(figures) > DEFAULT.figures:
            raise refusal("too_many_figures", f"上限は{DEFAULT.figures:,}件です。")
        if progress and len(figures) % 2000 == 0:
            progress(len(figures), 0, f"{figure.row:,}行目まで読みました")
    table = TableRead(
        code=title,
        title=title[:160],
        series=f"table:{preview.fingerprint[:16]}",
        origin=f"table:{preview.fingerprint[:16]}",
        publisher="",
        official=False,
    )
    left = tuple(f"シート「{one.name}」" for one in book.grids if one is not grid)
    undated = any(not figure.as_of for figure in figures)
    blocks = ("いつの値か、表に書かれていません。時点を選んで読み直してください。",) if undated else ()
    return Reading("mapped", tuple(figures), (table,), _old_days(mapping, preview), blocks, left)


def _old_days(mapping: ColumnMapping, preview: Preview) -> tuple[str, ...]:
    """Columns whose day a person once typed although the heading names none: this table may count another day."""
    pairs = zip(mapping.columns, preview.headers, strict=False)
    stale = [
        (one, text) for one, text in pairs if one.role == "figure" and one.as_of and not re.search("[0-9]", plain(text))
    ]
    return tuple(
        f"「{text}」の列は、列の意味を決めたときの時点（{one.as_of}）で読みました。今の表の時点か確かめてください。"
        for one, text in stale
    )
