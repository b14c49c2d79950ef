"""Schedules: 時期 or 年度 with 実施内容 and 具体的な取組, from a table or from running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.model import LongTerm, PeriodRow, Schedule
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.reading.rows import RawRow
from nimo.community.sheets.formats.reading.squeeze import blank_runs
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.community.sheets.formats.reading.vocabulary import is_period, is_range_sign
from nimo.core.characters import BULLETS
from nimo.core.text import join_wrapped, strip_markup

_LEADING = re.compile(r"\s*(?P<period>[^\s\u3000]+)[\s\u3000]+(?P<rest>\S.*)")


def period_text(ledger: Ledger, pieces: Sequence[Piece]) -> str:
    """A period on one line, its cut lines and spaces closed up: 4～6 月 → 4～6月."""
    return "".join(re.sub(r"\s+", "", strip_markup(ledger.text(piece))) for piece in pieces)


# -- from a table ------------------------------------------------------------------------------------------------------


def add_table_row(draft: Draft, kind: str, rows: list[RawRow], raw: RawRow) -> None:
    """Collect a table row. A period whose cell is merged down holds for the rows it covers.

    A row whose period is blank without being merged keeps its texts and has no period; one text alone goes on with the
    row above.
    """
    column = "year" if kind == "long_term" else "period"
    others = [
        name
        for name in ("content", "actions")
        if any(piece not in raw.carried and draft.ledger.text(piece).strip() for piece in raw.pieces(name))
    ]
    raw.cells["period"] = [piece for piece in raw.pieces(column) if draft.ledger.text(piece).strip()]
    is_merged = bool(raw.cells["period"]) and all(piece in raw.carried for piece in raw.cells["period"])
    if not raw.cells["period"] and not others and not raw.unclear:
        return
    if rows and (is_merged or not raw.cells["period"]) and len(others) < 2 and not raw.unclear:
        for name in others:
            rows[-1].cells.setdefault(name, []).extend(p for p in raw.cells[name] if p not in raw.carried)
        return
    rows.append(raw)


def finish(draft: Draft, path: str, rows: Sequence[RawRow]) -> list[PeriodRow]:
    """The rows of a schedule as collected from a table or from aligned text."""
    finished = []
    for number, raw in enumerate(rows):
        where = f"{path}.rows.{number}"
        if raw.unclear:
            draft.leave(raw.unclear, where, "columns_unclear")
        nothing = [Piece(raw.at.source, raw.at.start, raw.at.start)]
        period = period_of(draft, f"{where}.period", raw.pieces("period") or nothing)
        content = draft.cell(f"{where}.content", raw.pieces("content") or nothing)
        actions = draft.cell(f"{where}.actions", raw.pieces("actions") or nothing)
        finished.append(PeriodRow(period, content, actions))
    return finished


def period_of(draft: Draft, path: str, pieces: Sequence[Piece]) -> str | None:
    """The period of a row; blank or － gives None and a warning."""
    text = draft.name(path, pieces)
    if text is None:
        return None
    closed = period_text(draft.ledger, [piece for piece in pieces if draft.ledger.text(piece).strip()])
    return closed if is_period(closed) else join_wrapped([text])


# -- from running text -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class PeriodLines:
    """A schedule region as read: rows where they are certain; else periods alone and the other texts in order."""

    rows: list[RawRow]
    unaligned: list[list[TextLine]]
    is_aligned: bool


def read_period_lines(draft: Draft, lines: Sequence[TextLine]) -> PeriodLines:
    """Column after column (all periods first), or row by row (each period followed by its two cells)."""
    units = _units(lines)
    leading = 0
    while leading < len(units) and units[leading].is_period:
        leading += 1
    if leading >= 2 and not any(unit.rest for unit in units[:leading]):
        rows = [RawRow(unit.pieces[0], {"period": unit.pieces}) for unit in units[:leading]]
        rest = [line for unit in units[leading:] for line in unit.lines]
        return PeriodLines(rows, blank_runs(rest), is_aligned=not blank_runs(rest))
    if leading == 0:
        said = [line.piece for line in lines if not line.is_blank]
        return PeriodLines([], [], is_aligned=not said)
    return PeriodLines(_row_by_row(units), [], is_aligned=True)


@dataclass(slots=True)
class _Unit:
    """A period (perhaps cut over lines, perhaps with text beside it), or one line that is none."""

    lines: list[TextLine]
    pieces: list[Piece]
    is_period: bool
    rest: TextLine | None = None


def _units(lines: Sequence[TextLine]) -> list[_Unit]:
    units: list[_Unit] = []
    joins = False
    for line in lines:
        text = line.text.strip()
        last = next((unit for unit in reversed(units) if unit.pieces), None)
        if line.is_blank:
            units.append(_Unit([line], [], is_period=False))
        elif is_range_sign(text) and last is not None and last.is_period:
            last.pieces.append(line.piece)
            joins = True
        elif joins and last is not None and is_period(text):
            last.pieces.append(line.piece)
            joins = False
        elif is_period(text):
            units.append(_Unit([line], [line.piece], is_period=True))
        elif (match := _LEADING.match(line.text)) and is_period(match["period"]):
            start = line.piece.start
            period = Piece(line.piece.source, start + match.start("period"), start + match.end("period"))
            rest = Piece(line.piece.source, start + match.start("rest"), line.piece.end)
            units.append(_Unit([line], [period], is_period=True, rest=TextLine(rest, match["rest"], line.place)))
        else:
            units.append(_Unit([line], [line.piece], is_period=False))
    return _without_blanks_between_periods(units)


def _without_blanks_between_periods(units: list[_Unit]) -> list[_Unit]:
    """Blank lines between two periods mean nothing; those between texts end a cell."""
    kept: list[_Unit] = []
    for position, unit in enumerate(units):
        is_blank = not unit.pieces
        following = next((u for u in units[position:] if u.pieces), None)
        if is_blank and (not kept or kept[-1].is_period) and (following is None or following.is_period):
            continue
        kept.append(unit)
    return kept


def _row_by_row(units: Sequence[_Unit]) -> list[RawRow]:
    rows: list[RawRow] = []
    texts: list[list[TextLine]] = []
    for unit in units:
        if unit.is_period:
            rows.append(RawRow(unit.pieces[0], {"period": unit.pieces}))
            texts.append([unit.rest] if unit.rest else [])
        else:
            texts[-1].extend(unit.lines)
    for row, lines in zip(rows, texts, strict=True):
        _give_cells(row, lines)
    return rows


def _give_cells(row: RawRow, lines: Sequence[TextLine]) -> None:
    """Two blocks are the two cells; one block of text beside bullets too. Anything else cannot be told apart."""
    blocks = blank_runs(lines)
    if len(blocks) == 1 and len(blocks[0]) == 1 and len(blocks[0][0].text.split()) == 2:
        line = blocks[0][0]
        gap = line.text.index(line.text.split()[1], len(line.text.split()[0]))
        middle = line.piece.start + gap
        row.cells["content"] = [Piece(line.piece.source, line.piece.start, middle)]
        row.cells["actions"] = [Piece(line.piece.source, middle, line.piece.end)]
    elif len(blocks) == 2 or (len(blocks) > 2 and not _is_bulleted(blocks[0]) and all(map(_is_bulleted, blocks[1:]))):
        row.cells["content"] = [line.piece for line in blocks[0]]
        row.cells["actions"] = [line.piece for block in blocks[1:] for line in block]
    else:
        row.unclear.extend(line.piece for block in blocks for line in block)


def _is_bulleted(block: Sequence[TextLine]) -> bool:
    return block[0].text.strip()[0] in BULLETS


def finish_lines(draft: Draft, path: str, found: PeriodLines) -> tuple[list[PeriodRow], list[str], bool]:
    """Rows, unaligned texts and whether the rows are whole, from running text."""
    if found.is_aligned:
        return finish(draft, path, found.rows), [], True
    rows = [
        PeriodRow(period_of(draft, f"{path}.rows.{n}.period", r.pieces("period")), None, None)
        for n, r in enumerate(found.rows)
    ]
    texts: list[str] = []
    for block in found.unaligned:
        text = draft.verbatim(f"{path}.unaligned.{len(texts)}", [line.piece for line in block])
        if text:
            texts.append(text)
    at = found.rows[0].at if found.rows else None
    draft.warn("alignment_lost", f"{path}.rows", at)
    return rows, texts, False


def long_term_of(draft: Draft) -> LongTerm:
    """The sheet's long-term schedule, begun when first needed."""
    if draft.reading.long_term is None:
        draft.reading.long_term = LongTerm()
    return draft.reading.long_term


def schedule_of(draft: Draft) -> Schedule:
    """The sheet's schedule of the year, begun when first needed."""
    if draft.reading.schedule is None:
        draft.reading.schedule = Schedule()
    return draft.reading.schedule
