"""今年度の特別に考える必要がある事項: matter, when, action; in slides the columns come one after another."""

from __future__ import annotations

from collections.abc import Sequence

from nimo.community.sheets.formats.model import SpecialMatter
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.rows import RawRow
from nimo.community.sheets.formats.reading.squeeze import blank_runs
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.community.sheets.formats.reading.vocabulary import is_period
from nimo.core.characters import BULLETS

Block = list[TextLine]


def finish(draft: Draft, rows: Sequence[RawRow]) -> None:
    """Rows of a table; a row without a matter goes with the one above."""
    whole: list[RawRow] = []
    for raw in rows:
        if whole and not raw.says(draft.ledger, "matter") and not raw.unclear:
            for name in ("when", "action"):
                whole[-1].cells.setdefault(name, []).extend(raw.pieces(name))
        else:
            whole.append(raw)
    for raw in whole:
        if raw.unclear:
            draft.leave(raw.unclear, "special_matters", "columns_unclear")
        _write(draft, raw.at, raw.pieces("matter"), raw.pieces("when"), raw.pieces("action"))


def _write(draft: Draft, at: Piece, matter: list[Piece], when: list[Piece], action: list[Piece]) -> None:
    path = f"special_matters.{len(draft.reading.special_matters)}"
    nothing = [Piece(at.source, at.start, at.start)]
    draft.reading.special_matters.append(
        SpecialMatter(
            draft.cell(f"{path}.matter", matter or nothing),
            draft.cell(f"{path}.when", when or nothing),
            draft.cell(f"{path}.action", action or nothing),
        )
    )


def read_special_lines(draft: Draft, lines: Sequence[TextLine]) -> None:
    """Column after column: matters up to the first 随時 or month, then the whens, then the actions.

    Rows are formed only when all three columns have as many cells; otherwise the matters are kept alone and the other
    texts stay unassigned.
    """
    blocks = blank_runs(lines)
    whens = [number for number, block in enumerate(blocks) if is_period(" ".join(line.text for line in block))]
    if not whens or not whens[0]:
        draft.leave([line.piece for block in blocks for line in block], "special_matters", "alignment_lost")
        return
    rows = _by_column(blocks, whens) or _by_row(blocks, whens)
    if rows is None:
        for matter in _cells(blocks[: whens[0]]):
            _keep_matter(draft, matter)
        rest = [line.piece for block in blocks[whens[0] :] for line in block]
        draft.leave(rest, "special_matters", "alignment_lost")
        return
    if len(rows) > 1 and whens[-1] - whens[0] == len(whens) - 1:
        draft.warn("alignment_assumed", "special_matters", blocks[0][0].piece)
    for matter, when, action in rows:
        _write(draft, matter[0].piece, _pieces(matter), _pieces(when), _pieces(action))


def _by_column(blocks: Sequence[Block], whens: Sequence[int]) -> list[tuple[Block, Block, Block]] | None:
    if whens[-1] - whens[0] != len(whens) - 1:
        return None
    matters, actions = _cells(blocks[: whens[0]]), _cells(blocks[whens[-1] + 1 :])
    if not len(matters) == len(whens) == len(actions):
        return None
    return list(zip(matters, (blocks[when] for when in whens), actions, strict=True))


def _by_row(blocks: Sequence[Block], whens: Sequence[int]) -> list[tuple[Block, Block, Block]] | None:
    """Matter, when, action, matter, when, action: every when stands second of three."""
    if list(whens) != list(range(1, len(blocks), 3)) or len(blocks) % 3:
        return None
    return [(blocks[when - 1], blocks[when], blocks[when + 1]) for when in whens]


def _cells(blocks: Sequence[Block]) -> list[Block]:
    """Blocks of one column as cells: where the first begins with a mark, a block without one continues the cell above."""
    cells: list[Block] = []
    marked = bool(blocks) and blocks[0][0].text.strip()[0] in BULLETS
    for block in blocks:
        if cells and marked and block[0].text.strip()[0] not in BULLETS:
            cells[-1] = [*cells[-1], *block]
        else:
            cells.append(list(block))
    return cells


def _keep_matter(draft: Draft, matter: Block) -> None:
    path = f"special_matters.{len(draft.reading.special_matters)}"
    text = draft.lines(f"{path}.matter", _pieces(matter))
    draft.reading.special_matters.append(SpecialMatter(text, None, None))


def _pieces(block: Sequence[TextLine]) -> list[Piece]:
    return [line.piece for line in block]
