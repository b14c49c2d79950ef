"""From the content of a sheet and its form to what stands on the page. Nothing that was written is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from nimo.community.sheets.formats.layouts.model import Block, Column, Form, Names
from nimo.community.sheets.formats.layouts.signs import REMARK, SPARE_HEADING, form_line
from nimo.community.sheets.formats.layouts.wording import (
    clean,
    guarded,
    printed,
    printed_as_of,
    printed_figure,
    printed_until,
    with_mark,
)
from nimo.community.sheets.formats.writing.page import Cell, Grid, Group, Label, PageChapter, SheetPages
from nimo.community.sheets.rules.fields import at

_LABEL_SHARE = (1, 4)
_NUMBER_SHARE = (1, 12)


def compose(
    content: Mapping[str, Any],
    form: Form,
    *,
    only: Collection[str] | None = None,
    origins: Mapping[str, str] | None = None,
    mark: str = "",
    remarks: Sequence[str] = (),
) -> SheetPages:
    """The pages of a sheet. only: the chapters (SectionKey) that may be shown. origins: {path: where it comes from}."""
    names = Names(content.get("prefecture") or "", content.get("municipality") or "", content.get("fiscal_year"))
    composer = _Composer(content, form, names, origins or {})
    chapters: list[PageChapter] = []
    for chapter in form.chapters:
        parts = [part for block in chapter.blocks if _shown(block, only) for part in composer.parts(block, block.label)]
        if parts:
            chapters.append(PageChapter(names.put_into(chapter.heading), tuple(parts)))
    spare = [
        part
        for block in form.spare
        if _shown(block, only) and composer.is_filled(block)
        for part in composer.parts(block, block.label or block.spare_label)
    ]
    if spare:
        chapters.append(PageChapter(SPARE_HEADING, tuple(spare)))
    return SheetPages(
        title=names.put_into(form.title),
        form_line=form_line(form, names),
        chapters=tuple(chapters),
        continued=form.continued,
        mark=mark,
        remarks=tuple(f"{REMARK}{remark}" for remark in remarks),
    )


def _shown(block: Block, only: Collection[str] | None) -> bool:
    return only is None or block.section in only


class _Composer:
    def __init__(self, content: Mapping[str, Any], form: Form, names: Names, origins: Mapping[str, str]) -> None:
        self.content = content
        self.form = form
        self.names = names
        self.origins = origins

    def is_filled(self, block: Block) -> bool:
        if block.kind == "fields":
            return any(cell.text for group in self._fields(block).groups for cell in group.rows[0][1:])
        if block.kind == "figures":
            return bool(at(self.content, f"{block.field}.items"))
        return bool(at(self.content, block.field))

    def parts(self, block: Block, label: str) -> list[Label | Grid]:
        if block.only_when_filled and not self.is_filled(block):
            return []
        made: list[Label | Grid] = [Label(self.names.put_into(label))] if label else []
        if block.kind == "text":
            made.append(Grid(block.name, (1,), (Group(((self._cell(block.field),),)),)))
        elif block.kind == "fields":
            made.append(self._fields(block))
        elif block.kind == "figures":
            made.append(self._figures(block))
        elif block.kind == "list":
            made.append(self._list(block))
        else:
            made.append(self._table(block))
        return made

    def _cell(self, path: str, text: str | None = None) -> Cell:
        said = printed(at(self.content, path), "text") if text is None else text
        return Cell(guarded(said, self.form.continued), note=clean(self.origins.get(path, "")))

    def _fields(self, block: Block) -> Grid:
        groups = []
        for row in block.rows:
            path = f"{block.field}.{row.field}"
            text = printed_until(at(self.content, block.field) or {}) if row.kind == "until" else None
            groups.append(Group(((Cell(row.label, role="label"), self._cell(path, text)),)))
        return Grid(block.name, _LABEL_SHARE, tuple(groups))

    def _list(self, block: Block) -> Grid:
        """Strings, or {line, text} as the reader gives what it could not place."""
        items = at(self.content, block.field) or []
        texts = [str(item["text"] if isinstance(item, Mapping) else item) for item in items]
        groups = tuple(
            Group(((Cell(str(number)), Cell(guarded(clean(text), self.form.continued))),))
            for number, text in enumerate(texts, start=1)
        )
        return Grid(block.name, _NUMBER_SHARE, groups, tuple(Cell(title, role="head") for title in block.titles))

    def _figures(self, block: Block) -> Grid:
        items = {item["key"]: item for item in at(self.content, f"{block.field}.items") or []}
        groups = []
        for name, rows in groupby(block.figures, key=lambda row: row.group):
            lines = []
            for row in rows:
                item = items.get(row.key)
                figure, unit = printed_figure(item)
                note = clean(self.origins.get(f"{block.field}.{row.key}", ""))
                cells = (Cell(printed_as_of((item or {}).get("as_of"))), Cell(figure, note=note), Cell(unit))
                label = (Cell(row.label, role="label"),) if row.label else (Cell(name, columns=2, role="label"),)
                lines.append((*label, *cells))
            lead = (Cell(name, role="label"),) if lines[0][0].columns == 1 else ()
            groups.append(Group(tuple(lines), lead))
        return Grid(block.name, block.widths, tuple(groups), tuple(Cell(title, role="head") for title in block.titles))

    def _table(self, block: Block) -> Grid:
        rows = [self._row(block, index) for index in range(len(at(self.content, block.field) or []))]
        rows = rows or [self._row(block, None)]
        merged = sum(column.merged for column in block.columns)
        groups: list[Group] = []
        for row in rows:
            if row[1:]:
                groups.append(Group(row[1], row[0]))
                continue
            (cells,) = row
            lead, rest = cells[:merged], cells[merged:]
            before = groups[-1] if merged and groups else None
            same = (
                before is not None
                and any(c.text for c in lead)
                and [c.text for c in before.lead] == [c.text for c in lead]
            )
            if before is not None and same:
                groups[-1] = Group((*before.rows, rest), before.lead)
            else:
                groups.append(Group((rest,), lead))
        return Grid(block.name, _widths(block.columns), tuple(groups), self._head(block))

    def _head(self, block: Block) -> tuple[Cell, ...]:
        return tuple(
            Cell(self.names.put_into(column.title), 2 if column.parts else column.title_columns, "head")
            for column in block.columns
            if column.title
        )

    def _row(self, block: Block, index: int | None) -> tuple[Any, ...]:
        """(cells,), or (lead cells, rows of label and text) where a column has parts. index None: an empty row."""
        path = f"{block.field}.{index}"
        row = at(self.content, path) if index is not None else {}
        cells: list[Cell] = []
        for column in block.columns:
            if column.parts:
                lines = tuple(
                    (Cell(part.label, role="label"), self._cell(f"{path}.{part.field}")) for part in column.parts
                )
                return (tuple(cells), lines)
            text = printed(at(row, column.field), column.kind)
            if column.mark:
                text = with_mark(row.get("mark"), text)
            cells.append(self._cell(f"{path}.{column.field}", text))
        return (tuple(cells),)


def _widths(columns: Sequence[Column]) -> tuple[int, ...]:
    found: list[int] = []
    for column in columns:
        found += [column.label_width, column.width - column.label_width] if column.parts else [column.width]
    return tuple(found)
