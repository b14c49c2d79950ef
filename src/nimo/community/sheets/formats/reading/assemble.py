"""One sheet from its lines and rows: layout, tables, running text, then the fields, the doubts and what is left over."""

from __future__ import annotations

from collections.abc import Sequence

from nimo.community.sheets.formats.model import SheetReading, Unassigned
from nimo.community.sheets.formats.reading import challenges, coordination, indicators, periods, special_matters
from nimo.community.sheets.formats.reading.basic_info import BasicInfoReader
from nimo.community.sheets.formats.reading.checks import check
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.expectations import decide_layout, note_missing
from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.reading.regions import TextReader
from nimo.community.sheets.formats.reading.sections import lay_out, read_name
from nimo.community.sheets.formats.reading.stream import Item, RowCell, TableRow, TextLine
from nimo.community.sheets.formats.reading.tables import Collected, TableReader
from nimo.community.sheets.formats.reading.titles import Heading
from nimo.community.sheets.formats.reading.years import Evidence, collect_titles, decide
from nimo.core.fiscal import parse_fiscal_year, parse_fiscal_year_range
from nimo.core.text import strip_markup


def read_sheet(
    ledger: Ledger, items: Sequence[Item], headings: Sequence[Heading], *, kind: str, wrapped: bool, by_page: bool
) -> SheetReading:
    """The reading of one sheet; `headings` count their items from the sheet's first."""
    draft = Draft(ledger, wrapped=wrapped)
    reading = draft.reading
    said = [item.place.line for item in items]
    reading.first_line, reading.last_line = (said[0], said[-1]) if said else (None, None)
    layout = lay_out(draft, items, headings, by_page=by_page, kind=kind)
    name = read_name(draft, layout)
    evidence, collected, basic = Evidence(), Collected(), BasicInfoReader(draft)
    collect_titles(items, _whole_pieces(items), evidence)
    evidence.headings = [(h.text, h.pieces[0]) for h in headings if h.key == "schedule"]
    tables = TableReader(draft, layout, collected, basic, evidence, kind)
    tables.read()
    text = TextReader(draft, layout, collected, basic, evidence, tables.text_lines)
    text.read()
    _write(draft, text, collected, basic, evidence)
    tables.note_cut()
    evidence.basic_dates = basic.dates
    decide(draft, evidence)
    if name is None:
        draft.warn("municipality_unknown", "municipality")
    elif name.prefecture is None:
        draft.warn("prefecture_unknown", "prefecture", name=name.municipality)
    reading.layout = decide_layout(draft, layout.keys, set(collected.seen_headers))
    if "council_settings" in layout.keys and not any(i.key.startswith("councils_") for i in reading.basic_info.items):
        heading = next(h for h in headings if h.key == "council_settings")
        draft.warn("block_missing", "basic_info.council_settings", heading.pieces[0])
    note_missing(draft, {h.key: ledger.place(h.pieces[0]).line for h in reversed(layout.headings)})
    check(draft)
    reading.unassigned = _left_over(ledger, items)
    reading.warnings.sort(key=lambda finding: (finding.line is None, finding.line or 0))
    return reading


def _whole_pieces(items: Sequence[Item]) -> dict[int, Piece]:
    return {
        index: item.piece if isinstance(item, TextLine) else item.filled[0].piece
        for index, item in enumerate(items)
        if isinstance(item, TextLine) or item.filled
    }


def _write(draft: Draft, text: TextReader, collected: Collected, basic: BasicInfoReader, evidence: Evidence) -> None:
    reading = draft.reading
    basic.finish(text.coverage_note)
    text.finish_free_texts()
    for kind in ("results", "targets"):
        indicators.finish(draft, kind, collected.of(kind) if kind in collected.rows else [])
    if pieces := text.pieces_of("strengths"):
        reading.strengths = draft.lines("strengths", pieces)
    challenges.finish(draft, collected.challenges)
    special_matters.finish(draft, collected.rows.get("special_matters", []))
    if pieces := text.pieces_of("system"):
        reading.coordination.system = draft.lines_expected("coordination.system", pieces)
    coordination.finish_departments(draft, collected.rows.get("departments", []))
    coordination.finish_sectors(draft, collected.rows.get("sectors", []))
    coordination.finish_councils(draft, collected.rows.get("councils", []))
    if pieces := text.pieces_of("other_matters"):
        reading.other_matters = draft.lines("other_matters", pieces)
    _write_long_term(draft, text, collected)
    _write_schedule(draft, text, collected, evidence)


def _write_long_term(draft: Draft, text: TextReader, collected: Collected) -> None:
    names = ("until", "goal")
    rows, lines = collected.rows.get("long_term"), text.periods.get("long_term")
    if not any(_is_named(text, collected, name) for name in names) and rows is None and lines is None:
        return
    long_term = periods.long_term_of(draft)
    until = [piece for piece in text.pieces_of("until") if draft.ledger.text(piece).strip()]
    if until:
        raw = draft.name("long_term.until_fiscal_year", until)
        long_term.until_raw = raw
        long_term.until_fiscal_year = _last_year(strip_markup(raw or ""))
        if raw and long_term.until_fiscal_year is None:
            draft.missing("long_term.until_fiscal_year", until[0])
    else:
        draft.missing("long_term.until_fiscal_year")
    long_term.goal = draft.lines_expected("long_term.goal", text.pieces_of("goal"))
    if rows:
        long_term.rows = periods.finish(draft, "long_term", rows)
    if lines is not None:
        added, loose, _ = periods.finish_lines(draft, "long_term", lines)
        long_term.rows.extend(added)
        long_term.unaligned = loose


def _last_year(text: str) -> int | None:
    """令和8年度まで, 令和6年度～令和8年度: the last year named."""
    year = parse_fiscal_year(text)
    if year is None and (span := parse_fiscal_year_range(text)) is not None:
        year = span.end
    return year.year if year else None


def _write_schedule(draft: Draft, text: TextReader, collected: Collected, evidence: Evidence) -> None:
    names = ("short_term_goal", "small_steps")
    rows, lines = collected.rows.get("schedule"), text.periods.get("schedule")
    if not any(_is_named(text, collected, name) for name in names) and rows is None and lines is None:
        return
    schedule = periods.schedule_of(draft)
    if any(_is_named(text, collected, name) for name in names):
        schedule.short_term_goal = draft.lines_expected("schedule.short_term_goal", text.pieces_of("short_term_goal"))
        schedule.small_steps = draft.lines_expected("schedule.small_steps", text.pieces_of("small_steps"))
    if rows:
        schedule.rows = periods.finish(draft, "schedule", rows)
    if lines is not None:
        added, schedule.unaligned, schedule.aligned = periods.finish_lines(draft, "schedule", lines)
        schedule.rows.extend(added)
    all_rows = [*(rows or []), *(lines.rows if lines else [])]
    for raw in all_rows[:1]:
        pieces = raw.pieces("period")
        if pieces:
            evidence.periods.append(("".join(draft.ledger.text(piece) for piece in pieces), pieces[0]))


def _is_named(text: TextReader, collected: Collected, name: str) -> bool:
    return name in text.free or name in collected.labelled


def _left_over(ledger: Ledger, items: Sequence[Item]) -> list[Unassigned]:
    """Whatever nobody has taken, in order; a line's parts stay together."""
    seen: set[Piece] = set()
    left: list[Unassigned] = []
    for item in items:
        pieces = [item.piece] if isinstance(item, TextLine) else [c.piece for c in _own_cells(item)]
        for piece in pieces:
            if piece in seen:
                continue
            seen.add(piece)
            for part in ledger.free_parts(piece):
                text = strip_markup(ledger.text(part)).strip()
                if text:
                    left.append(Unassigned(ledger.place(part).line, text))
    return left


def _own_cells(row: TableRow) -> list[RowCell]:
    return [cell for cell in row.cells if not cell.carried]
