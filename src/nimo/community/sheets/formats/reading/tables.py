"""Tables as the file draws them: recognise each by its header, follow it over slides and pages, collect its rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from nimo.community.sheets.formats.reading import challenges, coordination, indicators, periods
from nimo.community.sheets.formats.reading.alignment import slots
from nimo.community.sheets.formats.reading.basic_info import BasicInfoReader
from nimo.community.sheets.formats.reading.challenges import RawChallenge
from nimo.community.sheets.formats.reading.columns import Header, extend_header, header_of, states_coverage
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.heads import is_alone
from nimo.community.sheets.formats.reading.history import read_history_row
from nimo.community.sheets.formats.reading.labels import label_in_cell
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.rows import RawRow, raw_row
from nimo.community.sheets.formats.reading.sections import Layout
from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.reading.stream import TableRow, TextLine, lines_of_piece
from nimo.community.sheets.formats.reading.titles import CAPTION
from nimo.community.sheets.formats.reading.years import Evidence


@dataclass(slots=True)
class Collected:
    """What tables and running text have given so far, by kind; the sheet is written from it at the end."""

    rows: dict[str, list[RawRow]] = field(default_factory=dict)
    challenges: list[RawChallenge] = field(default_factory=list)
    labelled: dict[str, list[Piece]] = field(default_factory=dict)
    seen_headers: dict[str, int] = field(default_factory=dict)
    """Kinds whose header was met, with its line."""

    def of(self, kind: str) -> list[RawRow]:
        return self.rows.setdefault(kind, [])


class TableReader:
    """One pass over a sheet's items. Rows that are only text are handed on as lines (`text_lines`)."""

    def __init__(
        self, draft: Draft, layout: Layout, collected: Collected, basic: BasicInfoReader, evidence: Evidence, kind: str
    ) -> None:
        self.draft, self.layout, self.collected = draft, layout, collected
        self.basic, self.evidence = basic, evidence
        self.is_text = kind == "text"
        self.keeps_trailing = _keeps_trailing(layout)
        self.text_lines: dict[int, list[TextLine]] = {}
        self._header: Header | None = None
        self._table: int | None = None
        self._fresh = False
        self._label: str | None = None
        self._after_blank = False
        self._section: str | None = None
        self._last_row: TableRow | None = None
        self._unknown: dict[int, list[Piece]] = {}

    def read(self) -> None:
        for index, item in enumerate(self.layout.items):
            section = self.layout.sections[index]
            if section != self._section:
                self._close()
                self._section = section
            if self.layout.is_furniture[index]:
                continue
            if isinstance(item, TableRow):
                self._row(index, item)
            elif not item.is_blank:
                self._line(index, item)
        for pieces in self._unknown.values():
            self.draft.leave(pieces, self._section or "lead", "table_unrecognised")

    def _close(self) -> None:
        self._header, self._table, self._label, self._fresh = None, None, None, False

    # -- lines between rows -----------------------------------------------------------------------------------------

    def _line(self, index: int, line: TextLine) -> None:
        last, items = self._last_row, self.layout.items
        following = items[index + 1] if index + 1 < len(items) else None
        wrapped = (
            self.is_text
            and self._header is not None
            and last is not None
            and index > 0
            and items[index - 1] is last
            and isinstance(following, TableRow)
            and not CAPTION.match(squeeze(line.text))
            and header_of(following, self._section) is None
        )
        if wrapped and self._append_to_last(index, line):
            # A cell that was cut over two lines: the rest of its row, if any, stands on the following line.
            self._last_row = last
            return
        self._close()

    def _append_to_last(self, index: int, line: TextLine) -> bool:
        header = self._header
        rows = self.collected.rows.get(header.kind, []) if header else []
        if header is None or not rows or self._last_row is None or header.kind == "challenges":
            return False
        name = header.column_of(max(cell.column for cell in self._last_row.cells))
        if name is None:
            return False
        rows[-1].cells.setdefault(name, []).append(line.piece)
        self.layout.is_furniture[index] = True
        return True

    # -- rows -------------------------------------------------------------------------------------------------------

    def _row(self, index: int, row: TableRow) -> None:
        if row.is_blank:
            self._after_blank = True
            self.draft.printed([cell.piece for cell in row.cells])
            return
        after_blank, self._after_blank = self._after_blank, False
        if not row.filled:
            return
        header = header_of(row, self._section)
        if header is not None:
            self._open(header, row)
        elif self._header is not None and self._fresh and extend_header(self._header, row):
            self.draft.printed([cell.piece for cell in row.filled])
            self._note_years(self._header)
        elif self._is_label_row(row):
            self._take_label_row(row)
        elif self._header is not None and self._continues(row) and not _is_passage(row, after_blank):
            self._data(self._header, row)
        elif self._header is None and self.basic.takes(row):
            self.basic.add_row(row)
        elif self._section == "history" and self._header is None and read_history_row(self.draft, row):
            pass
        elif self._label is not None and self._belongs_to_label(row):
            self.collected.labelled[self._label].extend(cell.piece for cell in row.filled)
        elif is_alone(row):
            self._close()
            self.text_lines[index] = lines_of_piece(self.draft.ledger, row.filled[0].piece)
        else:
            self._unknown.setdefault(row.table, []).extend(cell.piece for cell in row.filled)
        self._last_row = row

    def _open(self, header: Header, row: TableRow) -> None:
        self._header, self._table, self._fresh, self._label = header, row.table, True, None
        telling = [cell.piece for cell in row.filled if states_coverage(cell.text)]
        self.draft.printed([cell.piece for cell in row.filled if cell.piece not in telling])
        self.draft.leave(telling, header.kind)
        self.collected.seen_headers.setdefault(header.kind, row.place.line)
        self._note_years(header)
        for name in header.missing:
            if header.kind in ("results", "targets", "councils"):
                self.draft.warn("column_missing", f"{header.kind}.{name}", row.filled[0].piece)

    def _note_years(self, header: Header) -> None:
        for name, into in year_columns(header.kind, self.evidence).items():
            if name in header.titles:
                into[:] = [pair for pair in into if pair[1] != header.title_pieces[name][0]]
                into.append((header.titles[name], header.title_pieces[name][0]))

    def _continues(self, row: TableRow) -> bool:
        """Rows of the same table, or of one as wide that follows it (next slide or page) without a header."""
        header = self._header
        if header is None:
            return False
        if row.table != self._table:
            if row.width != header.width or self.basic.takes(row):
                return False
            self._table = row.table
        return True

    def _data(self, header: Header, row: TableRow) -> None:
        self._fresh = False
        kind, collected = header.kind, self.collected
        is_last = self.is_text and row is self._last_said()
        raw = raw_row(self.draft.ledger, header, row, by_tabs=self.is_text, from_left=not self.keeps_trailing)
        if is_last and len(row.cells) < len(slots(header)) and self.keeps_trailing:
            self.draft.warn("table_cut", kind, raw.at)
        if kind in ("results", "targets"):
            indicators.add_table_row(self.draft, kind, collected.of(kind), raw)
        elif kind == "challenges":
            challenges.add_table_row(self.draft, collected.challenges, raw)
        elif kind == "departments":
            coordination.add_department(self.draft, collected.of(kind), raw)
        elif kind == "sectors":
            coordination.add_sector(self.draft, collected.of(kind), raw)
        elif kind == "councils":
            coordination.add_council(self.draft, collected.of(kind), raw)
        elif kind in ("long_term", "schedule"):
            periods.add_table_row(self.draft, kind, collected.of(kind), raw)
        else:
            collected.of(kind).append(raw)

    def _last_said(self) -> TableRow | None:
        """The last row of the sheet, when nothing but blank lines follows it."""
        for item in reversed(self.layout.items):
            if isinstance(item, TableRow) and not item.is_blank:
                return item
            if isinstance(item, TextLine) and not item.is_blank:
                return None
        return None

    # -- labels with their text beside them -------------------------------------------------------------------------

    def _is_label_row(self, row: TableRow) -> bool:
        filled = row.filled
        return len(filled) >= 2 and label_in_cell(filled[0].text) not in (None, "basic_block")

    def _take_label_row(self, row: TableRow) -> None:
        first, *rest = row.filled
        name = label_in_cell(first.text) or ""
        self._close()
        self._label = name
        self.draft.printed([first.piece])
        self.collected.labelled.setdefault(name, []).extend(cell.piece for cell in rest)

    def _belongs_to_label(self, row: TableRow) -> bool:
        """A further row beside a label whose own cell is merged down."""
        return any(cell.carried and label_in_cell(cell.text) == self._label for cell in row.cells)

    def note_cut(self) -> None:
        """A header without a single row below it: the table was cut off."""
        for kind, line in self.collected.seen_headers.items():
            if kind not in self.collected.rows and not (kind == "challenges" and self.collected.challenges):
                self.draft.warn("table_cut", "coordination." + kind if kind in _IN_COORDINATION else kind, line)


_IN_COORDINATION = ("departments", "sectors")


def _is_passage(row: TableRow, after_blank: bool) -> bool:
    """A paragraph of a worksheet below a table: one cell alone, after a blank row or merged over the whole width."""
    return is_alone(row) and (after_blank or (row.width > 1 and row.filled[0].span >= row.width))


def year_columns(kind: str, evidence: Evidence) -> dict[str, list[tuple[str, Piece]]]:
    """Which heads of a table speak of years, and as evidence of what."""
    if kind == "results":
        return {"target": evidence.past, "actual": evidence.past}
    if kind == "targets":
        return {"target": evidence.targets, "current": evidence.currents}
    return {}


def _keeps_trailing(layout: Layout) -> bool:
    """Whether some row of a text ends in a blank cell: then rows keep their blank cells, and a short row lost one."""
    return any(isinstance(item, TableRow) and len(item.cells) > 1 and item.cells[-1].is_blank for item in layout.items)
