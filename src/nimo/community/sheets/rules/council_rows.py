"""協議の場の実施状況 from the records of meetings: what they say in the words of the form, beside what stands there. Pure.

A cell nobody filled may be filled; a cell that was filled from the records and not touched since may be filled again;
what a person wrote stays until that person chooses otherwise. What the records do not say is left empty, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nimo.community.sheets.rules.documents import digest
from nimo.community.sheets.rules.fields import FieldKind, row_cells, shown
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.core.text import fold

LIST_PATH = "councils"


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting in words. topics: of the items everybody may know."""

    title: str
    day: date
    way: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CouncilRecord:
    """What the records of one body say. texts: by cell of the form, as they stand in its boxes; "" says nothing.

    in_bulk: goes in with the others at one press (the region's own body, known outside its circle). sources: (cell,
    address of what it was counted from); remarks: what a person should know before it goes into a sheet.
    """

    body_id: str
    name: str
    texts: Mapping[str, str]
    sources: Mapping[str, str]
    in_bulk: bool = True
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellOffer:
    """said: by the records; now: in the sheet. state: "fill" (empty), "moved" (filled before, the records moved on),
    "same", "differs" (a person wrote something else)."""

    cell: str
    label: str
    said: str
    now: str
    state: str
    href: str
    several_lines: bool = True
    """Then it may also be put below what stands there."""

    @property
    def seen(self) -> str:
        """Says which text a person chose, so that another one is never taken in its place."""
        return digest(self.said)[:16]


@dataclass(frozen=True, slots=True)
class RowOffer:
    """row: the place of its row in the sheet; None while it has none."""

    record: CouncilRecord
    row: int | None
    cells: tuple[CellOffer, ...]

    @property
    def optional(self) -> bool:
        """A body that has no row and goes in only when a person asks for it."""
        return self.row is None and not self.record.in_bulk

    @property
    def same(self) -> list[str]:
        """Labels of the cells that say the same as the records."""
        return [one.label for one in self.cells if one.state == "same"]

    @property
    def open(self) -> list[CellOffer]:
        """The cells there is something to see or to choose about."""
        return [one for one in self.cells if one.state != "same"]

    @property
    def waiting(self) -> int:
        """Cells that can be filled without touching anybody's words."""
        return sum(one.state in {"fill", "moved"} for one in self.cells)


def frequency_words(
    usual: str, fiscal_year: int, earlier: int | None, number: int | None, last_day: date | None, today: date
) -> str:
    """ "年2回（令和7年度は4回、令和8年度は令和8年11月2日までに1回開催）"; a year nobody recorded is not spoken of."""
    said = []
    if earlier is not None:
        said.append(f"{FiscalYear(fiscal_year - 1).label}は{_times(earlier)}")
    if number is not None:
        until = f"{to_wareki(last_day)}までに" if last_day and today <= FiscalYear(fiscal_year).end else ""
        said.append(f"{FiscalYear(fiscal_year).label}は{until}{_times(number)}")
    counted = "、".join(said)
    return f"{usual}（{counted}）" if usual and counted else usual or counted


def _times(number: int) -> str:
    return f"{number}回開催" if number else "開催なし"


def content_words(held: Sequence[Held]) -> str:
    """A line for each meeting, with what was talked about in public."""
    lines = []
    for one in held:
        topics = f"：{'、'.join(one.topics)}" if one.topics else ""
        lines.append(f"{one.title}（{to_wareki(one.day)}、{one.way}）{topics}")
    return "\n".join(lines)


def note_words(
    fiscal_year: int, hats: Sequence[str], total: int | None, parts: Sequence[tuple[str, int]], reviewed: int | None
) -> str:
    """Facts only: what else the body is, how many came, whether goals were reviewed. total, reviewed None: not known."""
    lines = [f"{'、'.join(hats)}を兼ねる。"] if hats else []
    if total is not None:
        each = "、".join(f"{label} {number}人" for label, number in parts)
        lines.append(f"{FiscalYear(fiscal_year).label}の参加者は延べ{total}人" + (f"（{each}）" if each else "") + "。")
    if reviewed is not None:
        lines.append(f"目標の設定・評価を行った会議は{reviewed}回。")
    return "\n".join(lines)


def matched_rows(
    rows: Sequence[Mapping[str, Any]], records: Sequence[CouncilRecord], origins: Mapping[str, Any]
) -> dict[str, int]:
    """{body id: place of its row}: the row that was filled from the body before, else the one row of the same name."""
    found: dict[str, int] = {}
    for path, origin in origins.items():
        head, _, rest = path.partition(".")
        place = rest.partition(".")[0]
        if head == LIST_PATH and place.isdecimal() and int(place) < len(rows) and origin.get("body"):
            found.setdefault(str(origin["body"]), int(place))
    names = [fold(str(row.get("name") or "")) for row in rows]
    for record in records:
        same = [place for place, name in enumerate(names) if name and name == fold(record.name)]
        if record.body_id not in found and len(same) == 1 and same[0] not in found.values():
            found[record.body_id] = same[0]
    return {record.body_id: found[record.body_id] for record in records if record.body_id in found}


def free_rows(rows: Sequence[Mapping[str, Any]], matched: Mapping[str, int]) -> list[int]:
    """Rows with something in them that belong to no body yet."""
    taken = set(matched.values())
    cells = row_cells(LIST_PATH)
    return [
        place
        for place, row in enumerate(rows)
        if place not in taken and any(shown(row.get(name), kind) for name, _, kind in cells)
    ]


def in_one_press(offer: RowOffer, free: Sequence[int]) -> bool:
    """May the row be filled without asking which it is? A new row only where no row stands that might be the body's."""
    return bool(offer.waiting) and (offer.row is not None or (offer.record.in_bulk and not free))


def offers(
    rows: Sequence[Mapping[str, Any]], records: Sequence[CouncilRecord], origins: Mapping[str, Any]
) -> list[RowOffer]:
    """What each body's records say for its row, in the order of the records."""
    matched = matched_rows(rows, records, origins)
    return [offer_for(record, rows, matched.get(record.body_id), origins) for record in records]


def offer_for(
    record: CouncilRecord, rows: Sequence[Mapping[str, Any]], place: int | None, origins: Mapping[str, Any]
) -> RowOffer:
    """The cells the records speak of, for the row at `place` (None: a new row)."""
    made = []
    for name, label, kind in row_cells(LIST_PATH):
        said = record.texts.get(name, "")
        if not said:
            continue
        now = shown(rows[place].get(name), kind) if place is not None else ""
        filled = origins.get(f"{LIST_PATH}.{place}.{name}", {}).get("filled")
        state, href = _state(said, now, filled, kind), record.sources.get(name, "")
        made.append(CellOffer(name, label, said, now, state, href, name != "name" and kind is not FieldKind.LINE))
    return RowOffer(record, place, tuple(made))


def _state(said: str, now: str, filled: str | None, kind: FieldKind) -> str:
    if not now.strip():
        return "fill"
    if said.strip() == now.strip():
        return "same"
    if filled is not None and filled == now:
        return "moved"
    stands = {line.strip() for line in now.splitlines()}
    held = kind is not FieldKind.LINE and {line.strip() for line in said.splitlines()} <= stands
    return "same" if held else "differs"  # what a person wrote beside it does not matter
