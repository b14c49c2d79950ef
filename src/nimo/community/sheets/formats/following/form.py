"""A file that follows its form to the letter: every text stands in the cell the layout gives it, and is taken as it is.

A file is taken this way when it says which form it follows (signs.form_line) and every table in it is one of the form.
Where one is not — a column was put in, a table torn — the whole file is left to the general reader, which looks at words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nimo.community.sheets.formats.following.tables import (
    DoesNotFollow,
    FoundRow,
    Matrix,
    has_titles,
    is_page_number,
    rows_of,
)
from nimo.community.sheets.formats.from_json import reading_of
from nimo.community.sheets.formats.layouts.files import FOLDER, forms
from nimo.community.sheets.formats.layouts.model import Block, Chapter, Form
from nimo.community.sheets.formats.layouts.signs import AGAIN, DRAFT, REMARK, SPARE_HEADING, FormLine, read_form_line
from nimo.community.sheets.formats.layouts.wording import said, said_figure, said_until, split_mark, unguarded
from nimo.community.sheets.formats.model import Passage, SheetReading, Unassigned
from nimo.community.sheets.formats.reading.checks import check
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.expectations import note_missing
from nimo.community.sheets.formats.reading.ledger import Ledger
from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.source import Line, Place, SourceDocument, Table
from nimo.community.sheets.rules.fields import put

Json = dict[str, Any]


def read_by_form(doc: SourceDocument, folder: Path = FOLDER) -> list[SheetReading] | None:
    """The sheets of a file that follows its form; None where it does not say so or does not."""
    known = forms(folder)
    starts: list[tuple[int, FormLine]] = []
    for index, block in enumerate(doc.blocks):
        line = read_form_line(block.text) if isinstance(block, Line) else None
        if line is not None and line.code in known:
            starts.append((index, line))
    if not starts or any(_says(block) for block in doc.blocks[: starts[0][0]]):
        return None
    ends = [index for index, _ in starts[1:]] + [len(doc.blocks)]
    try:
        return [
            _SheetWalk(known[line.code], line).read(doc.blocks[start:end])
            for (start, line), end in zip(starts, ends, strict=True)
        ]
    except DoesNotFollow:
        return None


def _says(block: Line | Table) -> bool:
    if isinstance(block, Line):
        return squeeze(block.text) not in ("", squeeze(DRAFT))
    return any(cell.text.strip() for cell in block.cells)


class _SheetWalk:
    """Goes through the blocks of one sheet, with the chapter and the label that were met last."""

    def __init__(self, form: Form, line: FormLine) -> None:
        self.form = form
        self.line = line
        self.names = line.names
        self.every = (*form.blocks, *form.spare)
        self.chapter: tuple[Block, ...] = ()
        self.labelled: Block | None = None
        self.texts: dict[str, FoundRow] = {}
        self.rows: dict[str, list[FoundRow]] = {}
        self.left: list[Line] = []
        self.met: dict[str, int] = {}

    def read(self, blocks: Sequence[Line | Table]) -> SheetReading:
        for block in blocks[1:]:
            if isinstance(block, Line):
                self._line(block)
            else:
                self._table(block)
        draft = Draft(Ledger(), wrapped=False)
        content = _Content(self, draft).make()
        draft.reading = _with_notes(reading_of(content), draft.reading)
        reading = draft.reading
        reading.first_line = blocks[0].place.line
        reading.last_line = blocks[-1].place.line
        reading.results_fiscal_year = reading.fiscal_year - 1 if reading.fiscal_year is not None else None
        reading.unassigned += [Unassigned(line.place.line, line.text) for line in self.left]
        for line in self.left:
            draft.warn("row_unassignable", "unassigned", line.place.line, text=line.text[:40])
        note_missing(draft, self.met, [name for name in self.form.sections if name != "lead"])
        check(draft)
        reading.warnings.sort(key=lambda finding: (finding.line is None, finding.line or 0))
        return reading

    # -- lines ------------------------------------------------------------------------------------------------------

    def _line(self, line: Line) -> None:
        plain = squeeze(line.text).removesuffix(squeeze(AGAIN))
        if not plain or plain in (squeeze(DRAFT), squeeze(self.names.put_into(self.form.title))):
            return
        if line.text.startswith(REMARK) or is_page_number(line.text) or read_form_line(line.text):
            return
        if plain == squeeze(SPARE_HEADING):
            self.chapter, self.labelled = self.form.spare, None
            return
        chapter = next((one for one in self.form.chapters if squeeze(self.names.put_into(one.heading)) == plain), None)
        if chapter is not None:
            self._enter(chapter, line)
            return
        labelled = [block for block in (*self.chapter, *self.every) if self._label(block) == plain]
        if labelled:
            self.labelled = labelled[0]
            if not self.chapter:
                self.chapter = next((c.blocks for c in self.form.chapters if labelled[0] in c.blocks), ())
            return
        self.left.append(line)

    def _label(self, block: Block) -> str:
        return squeeze(self.names.put_into(block.label or block.spare_label))

    def _enter(self, chapter: Chapter, line: Line) -> None:
        self.chapter = chapter.blocks
        self.labelled = next((block for block in chapter.blocks if block.kind == "text" and not block.label), None)
        for block in chapter.blocks:
            self.met.setdefault(block.section, line.place.line)

    # -- tables -----------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        matrix = Matrix(table)
        near = [self.labelled] if self.labelled is not None else []
        candidates = (*near, *self.chapter, *self.every)
        if matrix.columns == 1:
            self._box(matrix, table.place)
            return
        block = next((b for b in candidates if b.kind != "text" and self._is(matrix, b)), None)
        if block is None:
            raise DoesNotFollow(table.place.label)
        if block.kind == "fields":
            self._fields(matrix, block)
        elif block.kind == "figures":
            self._figures(matrix, block)
        elif block.kind == "list":
            self._list(matrix, block)
        else:
            self.rows[block.name] = rows_of(matrix, block, self.rows.get(block.name, []), self.form.continued)

    def _is(self, matrix: Matrix, block: Block) -> bool:
        if block.kind != "fields":
            return has_titles(matrix, block, self.names)
        labels = {squeeze(row.label) for row in block.rows}
        return matrix.columns == 2 and all(squeeze(matrix.text(row, 0)) in labels for row in range(matrix.rows))

    def _box(self, matrix: Matrix, place: Place) -> None:
        """A text in its frame; a second frame, or a second row of it, only where the first goes on."""
        block = self.labelled
        if block is None or block.kind != "text":
            raise DoesNotFollow(place.label)
        for row in range(matrix.rows):
            cell = matrix.cell(row, 0)
            if cell is None:
                continue
            if block.name in self.texts and not cell.text.startswith(self.form.continued):
                raise DoesNotFollow(place.label)
            self.texts.setdefault(block.name, FoundRow()).add(block.field, cell.text, cell.place, self.form.continued)

    def _fields(self, matrix: Matrix, block: Block) -> None:
        found = self.texts.setdefault(block.name, FoundRow())
        fields = {squeeze(row.label): row.field for row in block.rows}
        for row in range(matrix.rows):
            cell = matrix.cell(row, 1)
            if cell is not None:
                found.add(fields[squeeze(matrix.text(row, 0))], cell.text, cell.place, self.form.continued)

    def _figures(self, matrix: Matrix, block: Block) -> None:
        """Each line of the block by its names; the same line again on another page says nothing new."""
        if matrix.columns != len(block.widths):
            raise DoesNotFollow(block.name)
        found = self.rows.setdefault(block.name, [])
        for row in range(1, matrix.rows):
            group, label = squeeze(matrix.text(row, 0)), squeeze(matrix.text(row, 1))
            figure = next(
                (f for f in block.figures if squeeze(f.group) == group and squeeze(f.label or f.group) == label), None
            )
            if figure is None and group == squeeze(self.form.continued):
                figure = next((f for f in block.figures if f.label and squeeze(f.label) == label), None)
            if figure is None:
                raise DoesNotFollow(f"{block.name}: {group} {label}")
            line = next((one for one in found if one.texts["key"] == figure.key), None)
            if line is None:
                line = FoundRow({"key": figure.key})
                found.append(line)
            for name, column in (("as_of", 2), ("figure", 3), ("unit", 4)):
                cell = matrix.cell(row, column)
                if cell is not None:
                    line.add(name, cell.text, cell.place, self.form.continued)

    def _list(self, matrix: Matrix, block: Block) -> None:
        rows = self.rows.setdefault(block.name, [])
        for row in range(1, matrix.rows):
            cell = matrix.cell(row, 1)
            if cell is None:
                continue
            if not cell.text.startswith(self.form.continued) or not rows:
                rows.append(FoundRow())
            rows[-1].add("text", cell.text, cell.place, self.form.continued)


def _with_notes(reading: SheetReading, notes: SheetReading) -> SheetReading:
    reading.passages, reading.warnings = notes.passages, notes.warnings
    return reading


class _Content:
    """What the walk found, as the content of a sheet."""

    def __init__(self, walk: _SheetWalk, draft: Draft) -> None:
        self.walk = walk
        self.draft = draft
        self.continued = walk.form.continued
        names = walk.names
        self.content: Json = {
            "prefecture": names.prefecture or None,
            "municipality": names.municipality or None,
            "fiscal_year": names.fiscal_year,
            "fiscal_year_evidence": walk.line.names.put_into("{wareki}") if names.fiscal_year is not None else None,
            "layout": walk.form.code,
        }

    def make(self) -> Json:
        for block in self.walk.every:
            if block.kind == "text" and block.name in self.walk.texts:
                self._put(block.field, said(self._text(block.field, self.walk.texts[block.name], block.field), "text"))
            elif block.kind == "fields" and block.name in self.walk.texts:
                self._fields(block, self.walk.texts[block.name])
            elif block.kind == "figures" and block.name in self.walk.rows:
                self._figures(block)
            elif block.kind == "list" and block.name in self.walk.rows:
                self._list(block)
            elif block.kind == "table" and block.name in self.walk.rows:
                self._rows(block)
        for name in ("long_term", "schedule"):
            plan = self.content.get(name)
            if plan is not None and not any(plan.values()):
                self.content[name] = None
            elif plan is not None and name == "schedule":
                plan["aligned"] = not plan.get("unaligned")
        return self.content

    def _put(self, path: str, value: Any) -> None:
        put(self.content, path, value)

    def _text(self, name: str, row: FoundRow, path: str) -> str:
        """A text as it was before it was printed; its place is remembered under the path."""
        text = unguarded(row.texts.get(name, ""), self.continued)
        place = row.places.get(name)
        if text.strip() and place is not None:
            self.draft.reading.passages.append(Passage(path, text, place.label, place.line))
        return text

    def _fields(self, block: Block, row: FoundRow) -> None:
        for one in block.rows:
            path = f"{block.field}.{one.field}"
            text = self._text(one.field, row, path)
            if one.kind == "until":
                for key, value in said_until(text).items():
                    self._put(f"{block.field}.{key}", value)
            else:
                self._put(path, said(text, one.kind))

    def _figures(self, block: Block) -> None:
        items = []
        for row in self.walk.rows[block.name]:
            key = row.texts["key"]
            figure = self._text("figure", row, f"{block.field}.{key}")
            item = said_figure(key, row.texts.get("as_of", ""), figure, row.texts.get("unit", ""))
            if item is not None:
                items.append(item)
                if item["raw"] is None:
                    self.draft.missing(f"{block.field}.{key}", row.places["figure"].line)
        self.content[block.field] = {"present": bool(items), "items": items}

    def _list(self, block: Block) -> None:
        rows = [row for row in self.walk.rows[block.name] if not row.is_blank]
        texts = [self._text("text", row, f"{block.field}.{index}") for index, row in enumerate(rows)]
        if block.field == "unassigned":
            lines = [row.places["text"].line for row in rows]
            self.content["unassigned"] = [{"line": n, "text": t} for n, t in zip(lines, texts, strict=True)]
        else:
            self._put(block.field, texts)

    def _rows(self, block: Block) -> None:
        made: list[Json] = []
        for row in self.walk.rows[block.name]:
            if row.is_blank:
                continue
            path = f"{block.field}.{len(made)}"
            content: Json = {}
            for column in block.columns:
                for name in [part.field for part in column.parts] or [column.field]:
                    text = self._text(name, row, f"{path}.{name}")
                    if column.mark:
                        content["mark"], text = split_mark(text)
                    value = said(text, column.kind)
                    put(content, name, value)
                    if value in (None, []) or (column.kind == "quantity" and value["raw"] is None):
                        at = row.places.get(name)
                        self.draft.missing(f"{path}.{name}", at.line if at else None)
            made.append(content)
        self._put(block.field, made)
