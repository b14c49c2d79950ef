"""成果・効果 and 今年度の指標: one row per indicator, from a table or from running text."""

from __future__ import annotations

from collections.abc import Sequence

from nimo.community.sheets.formats.model import ResultRow, TargetRow
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.rows import RawRow, split_mark
from nimo.core.text import is_not_filled

QUANTITIES = {"results": ("target", "actual"), "targets": ("current", "target")}
EFFECT = {"results": "effect", "targets": "expected_effect"}


def add_table_row(draft: Draft, kind: str, rows: list[RawRow], raw: RawRow) -> None:
    """Collect a table row: takes the mark off, drops empty numbered rows, lets a continued cell grow."""
    ledger = draft.ledger
    indicator = [piece for piece in raw.pieces("indicator") if ledger.text(piece).strip()]
    if indicator and raw.mark is None:
        raw.mark, indicator[0] = split_mark(ledger, indicator[0])
    raw.cells["indicator"] = [piece for piece in indicator if ledger.text(piece).strip()]
    others = (*QUANTITIES[kind], EFFECT[kind])
    said = [name for name in ("indicator", *others) if raw.says(ledger, name)]
    if not said and not raw.unclear:
        if raw.mark is not None:
            draft.printed([raw.mark])
        return
    if said == [EFFECT[kind]] and rows and raw.mark is None and not raw.unclear:
        rows[-1].cells.setdefault(EFFECT[kind], []).extend(raw.cells[EFFECT[kind]])
        return
    rows.append(raw)


def _is_empty_form_row(draft: Draft, kind: str, raw: RawRow) -> bool:
    """A row of dashes only: printed for a further indicator that nobody wrote."""
    if raw.says(draft.ledger, "indicator") or raw.unclear:
        return False
    texts = [draft.ledger.text(p) for name in (*QUANTITIES[kind], EFFECT[kind]) for p in raw.pieces(name)]
    return all(not text.strip() or is_not_filled(text) for text in texts)


def finish(draft: Draft, kind: str, rows: Sequence[RawRow]) -> None:
    """Turn the collected rows into the sheet's results or targets."""
    number = len(draft.reading.results if kind == "results" else draft.reading.targets)
    for raw in rows:
        if _is_empty_form_row(draft, kind, raw):
            draft.printed([piece for pieces in raw.cells.values() for piece in pieces])
            if raw.mark is not None:
                draft.printed([raw.mark])
            continue
        _finish_row(draft, kind, raw, f"{kind}.{number}")
        number += 1


def _finish_row(draft: Draft, kind: str, raw: RawRow, path: str) -> None:
    mark = None
    if raw.mark is not None:
        mark = draft.ledger.text(raw.mark).strip()
        draft.ledger.give_to_field([raw.mark])
    if raw.unclear:
        draft.leave(raw.unclear, path, "columns_unclear")
    indicator = draft.name(f"{path}.indicator", raw.pieces("indicator") or [_nothing(raw)])
    first, second = (draft.quantity(f"{path}.{name}", raw.pieces(name), raw.at) for name in QUANTITIES[kind])
    effect = draft.cell(f"{path}.{EFFECT[kind]}", raw.pieces(EFFECT[kind]) or [_nothing(raw)])
    if first.coverage != second.coverage and first.values and second.values:
        words = [quantity.coverage or "限定なし" for quantity in (first, second)]
        draft.warn("coverage_differs", path, raw.at, first=words[0], second=words[1])
    if kind == "results":
        draft.reading.results.append(ResultRow(mark, indicator, first, second, effect))
    else:
        draft.reading.targets.append(TargetRow(mark, indicator, first, second, effect))


def _nothing(raw: RawRow) -> Piece:
    """An empty piece that still says where the row stands."""
    return Piece(raw.at.source, raw.at.start, raw.at.start)
