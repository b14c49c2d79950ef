"""連携状況 (departments, sectors) and 協議の場の実施状況 (councils), from tables or from running text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nimo.community.sheets.formats.model import CouncilRow, Department, Sector
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.figures import is_number
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.rows import RawRow
from nimo.community.sheets.formats.reading.squeeze import blank_runs
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.community.sheets.formats.reading.vocabulary import is_sector
from nimo.core.text import strip_markup

# -- departments -------------------------------------------------------------------------------------------------------


def add_department(draft: Draft, rows: list[RawRow], raw: RawRow) -> None:
    """Collect a row; one 所管 has many 連携, so a row without 所管 belongs to the one above."""
    said = [name for name in ("owner", "owner_work", "partner", "partner_work") if raw.says(draft.ledger, name)]
    if not said and not raw.unclear:
        return
    # Nobody knows the 所管 of a row in which some cell could not be placed, nor of the rows that go on with it.
    above_is_known = bool(rows) and (not rows[-1].unclear or rows[-1].says(draft.ledger, "owner"))
    if above_is_known and not raw.unclear and "owner" not in said and "owner_work" not in said:
        for name in ("owner", "owner_work"):
            raw.cells[name] = rows[-1].pieces(name)
    rows.append(raw)


def finish_departments(draft: Draft, rows: Sequence[RawRow]) -> None:
    for raw in rows:
        path = f"coordination.departments.{len(draft.reading.coordination.departments)}"
        if raw.unclear:
            draft.leave(raw.unclear, path, "columns_unclear")
        nothing = [Piece(raw.at.source, raw.at.start, raw.at.start)]
        draft.reading.coordination.departments.append(
            Department(
                draft.cell(f"{path}.owner", raw.pieces("owner") or nothing),
                draft.cell(f"{path}.owner_work", raw.pieces("owner_work") or nothing),
                draft.cell(f"{path}.partner", raw.pieces("partner") or nothing),
                draft.cell(f"{path}.partner_work", raw.pieces("partner_work") or nothing),
            )
        )


# -- sectors -----------------------------------------------------------------------------------------------------------


def add_sector(draft: Draft, rows: list[RawRow], raw: RawRow) -> None:
    """Collect a row: the label and its state stand under one title. A row that lost its label is nobody's."""
    ledger = draft.ledger
    under_title = [piece for piece in raw.pieces("sector") if ledger.text(piece).strip()]
    label = next((piece for piece in under_title if is_sector(ledger.text(piece))), None)
    state = [piece for piece in (*under_title, *raw.pieces("state")) if piece is not label]
    raw.cells["state"] = [piece for piece in state if ledger.text(piece).strip()]
    raw.cells["sector"] = [] if label is None else [label]
    if label is not None and rows and label in raw.carried and label in rows[-1].pieces("sector"):
        for name in ("state", "note"):
            rows[-1].cells.setdefault(name, []).extend(p for p in raw.pieces(name) if p not in raw.carried)
    elif label is not None:
        rows.append(raw)
    else:
        orphans = [*raw.cells["state"], *raw.pieces("note"), *raw.unclear]
        draft.leave([piece for piece in orphans if piece not in raw.carried], "coordination.sectors", "columns_unclear")


def finish_sectors(draft: Draft, rows: Sequence[RawRow]) -> None:
    for raw in rows:
        path = f"coordination.sectors.{len(draft.reading.coordination.sectors)}"
        if raw.unclear:
            draft.leave(raw.unclear, path, "columns_unclear")
        nothing = [Piece(raw.at.source, raw.at.start, raw.at.start)]
        label = draft.name(f"{path}.sector", raw.pieces("sector")) or ""
        draft.reading.coordination.sectors.append(
            Sector(
                re.sub(r"\s+", "", label),
                draft.cell(f"{path}.state", raw.pieces("state") or nothing),
                draft.cell(f"{path}.note", raw.pieces("note") or nothing),
            )
        )


def read_sector_lines(draft: Draft, lines: Sequence[TextLine]) -> list[RawRow]:
    """Sector labels at line starts; two blocks after a label are its state and its note, anything else is in doubt."""
    rows: list[RawRow] = []
    texts: list[list[TextLine]] = []
    before: list[TextLine] = []
    for line in lines:
        words = line.text.split(maxsplit=1)
        if words and is_sector(words[0]):
            start = line.piece.start + line.text.index(words[0])
            label = Piece(line.piece.source, start, start + len(words[0]))
            rest = Piece(line.piece.source, label.end, line.piece.end)
            rows.append(RawRow(label, {"sector": [label]}))
            texts.append([TextLine(rest, draft.ledger.text(rest), line.place)] if len(words) > 1 else [])
        else:
            (texts[-1] if texts else before).append(line)
    draft.leave([line.piece for line in before if not line.is_blank], "coordination.sectors")
    for row, own in zip(rows, texts, strict=True):
        blocks = blank_runs(own)
        if len(blocks) == 2:
            row.cells["state"], row.cells["note"] = ([line.piece for line in block] for block in blocks)
        else:
            row.unclear.extend(line.piece for block in blocks for line in block)
    return rows


# -- councils ----------------------------------------------------------------------------------------------------------

COUNCIL_COLUMNS = ("name", "members", "frequency", "content", "note")


def add_council(draft: Draft, rows: list[RawRow], raw: RawRow) -> None:
    """Collect a row; a row with neither name nor frequency continues the cells of the row above."""
    ledger = draft.ledger
    said = [
        name
        for name in COUNCIL_COLUMNS
        if any(piece not in raw.carried and ledger.text(piece).strip() for piece in raw.pieces(name))
    ]
    if not said and not raw.unclear:
        return
    if rows and "name" not in said and "frequency" not in said and not raw.unclear:
        for name in said:
            rows[-1].cells.setdefault(name, []).extend(raw.cells[name])
        return
    rows.append(raw)


def finish_councils(draft: Draft, rows: Sequence[RawRow]) -> None:
    for raw in rows:
        path = f"councils.{len(draft.reading.councils)}"
        if raw.unclear:
            draft.leave(raw.unclear, path, "columns_unclear")
        nothing = [Piece(raw.at.source, raw.at.start, raw.at.start)]
        name = draft.cell(f"{path}.name", raw.pieces("name") or nothing)
        members = draft.cell(f"{path}.members", raw.pieces("members") or nothing)
        draft.reading.councils.append(
            CouncilRow(
                name=name,
                members=split_members([draft.ledger.text(p) for p in raw.pieces("members")]) if members else [],
                frequency=draft.cell(f"{path}.frequency", raw.pieces("frequency") or nothing),
                content=draft.cell(f"{path}.content", raw.pieces("content") or nothing),
                note=draft.cell(f"{path}.note", raw.pieces("note") or nothing),
            )
        )


_OPEN, _CLOSE = "(（「『【[［", ")）」』】]］"
_MEMBER_MARK = "・●○〇■□◆◇-•‣,，"
_GROUP = re.compile(r".{1,12}[:：]$")


def split_members(texts: Sequence[str]) -> list[str]:
    """The members of a 構成員 cell, split at 、 line ends and spaces, never inside brackets.

    A group label (医療：) stays with the first member of its group, so that nothing of the cell is lost.
    """
    members: list[str] = []
    label = ""
    for text in texts:
        for part in _parts(strip_markup(text)):
            if _GROUP.fullmatch(part):
                if label:
                    members.append(label)
                label = part
                continue
            members.append(label + part)
            label = ""
    if label:
        members.append(label)
    return members


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    current, depth = "", 0
    for character in text:
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        if depth == 0 and (character.isspace() or character in "、,，;；"):
            parts.append(current)
            current = ""
        elif depth and character.isspace():
            # A space inside brackets is where the cell's line was cut.
            continue
        else:
            current += character
    parts.append(current)
    if depth:
        # A bracket that is never closed (a cut cell): brackets say nothing then.
        parts = re.split(r"[\s、,，;；]+", text)
    stripped = (part.strip().lstrip(_MEMBER_MARK).strip() for part in parts)
    return [part for part in stripped if part]


def read_cell_blocks(draft: Draft, where: str, columns: Sequence[str], lines: Sequence[TextLine]) -> list[RawRow]:
    """A table whose cells stand one under the other, blank lines between: certain for one whole row.

    More rows only where each has a frequency in its place; else the text stays unassigned.
    """
    blocks = blank_runs(lines)
    if not blocks:
        return []
    whole = len(blocks) % len(columns) == 0
    rows = [blocks[at : at + len(columns)] for at in range(0, len(blocks), len(columns))] if whole else []
    if len(rows) > 1:
        place = list(columns).index("frequency") if "frequency" in columns else None
        if place is None or not all(is_number(" ".join(line.text for line in row[place])) for row in rows):
            rows = []
    if not rows:
        draft.leave([line.piece for block in blocks for line in block], where, "alignment_lost")
        return []
    return [
        RawRow(
            row[0][0].piece, {name: [line.piece for line in block] for name, block in zip(columns, row, strict=True)}
        )
        for row in rows
    ]
