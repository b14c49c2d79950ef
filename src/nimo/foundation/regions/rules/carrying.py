"""Carrying who belongs where from one fiscal year to the next: what stays, what a recorded change made different."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import ChangeKind
from nimo.foundation.regions.rules.changes import Change

Why = Literal["same", "changed", "gone", "new", "open"]
WORDS: Mapping[Why, str] = {
    "same": "同じ",
    "changed": "変わった",
    "gone": "なくなった",
    "new": "新しい",
    "open": "決めてください",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """One municipality or ward. before, after: its area in the two years (None: none). writes: a row is to be written.

    why: "same"; "changed" (another area); "gone" (it no longer exists); "new" (it begins); "open": it exists, and
    neither year nor a recorded change says where it belongs. note: which change says so, in words.
    """

    child: str
    before: str | None
    after: str | None
    why: Why
    note: str = ""
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What carrying over would give. digest: of all of it, so that what is confirmed is what was shown."""

    rows: tuple[Carried, ...]

    @property
    def to_write(self) -> list[Carried]:
        return [row for row in self.rows if row.writes]

    @property
    def digest(self) -> str:
        text = "\n".join(f"{row.child}|{row.before}|{row.after}|{row.writes}" for row in self.rows)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _words(change: Change) -> str:
    return f"{to_wareki(change.effective_on)}の{ChangeKind(change.kind).label}（{change.reference}）"


@dataclass(frozen=True, slots=True)
class _Between:
    """Recorded changes between the ends of the two years."""

    changes: Sequence[Change]

    def of(self, child: str) -> Change | None:
        """The latest change that names a municipality."""
        named = [
            one
            for one in self.changes
            if child in one.befores | one.afters or any(link.member == child for link in one.links)
        ]
        return max(named, key=lambda one: (one.effective_on, one.id), default=None)

    def moved(self, child: str, parent: str) -> tuple[str | None, Change | None]:
        """Where a member of an area is after moves and joined areas; None where a divided area leaves it open."""
        now: str | None = parent
        last: Change | None = None
        for change in sorted(self.changes, key=lambda one: (one.effective_on, one.id)):
            if change.kind is ChangeKind.MOVE:
                for link in change.links:
                    if link.member == child and link.before == now:
                        now, last = link.after, change
            elif now is not None and now in change.befores - change.afters:
                targets = {link.after for link in change.links if link.before == now}
                now, last = (next(iter(targets)) if len(targets) == 1 else None), change
        return now, last

    def heirs(self, child: str) -> tuple[frozenset[str], Change | None]:
        """What a municipality that ended became."""
        found, last = frozenset({child}), None
        for change in sorted(self.changes, key=lambda one: (one.effective_on, one.id)):
            if change.kind is not ChangeKind.MOVE and found & change.befores:
                kept = found - (change.befores - change.afters)
                later = {link.after for link in change.links if link.before in found and link.after is not None}
                found, last = kept | later, change
        return found - {child}, last


def plan(
    before: Mapping[str, str],
    there: Mapping[str, str],
    *,
    living: Collection[str],
    cities: Mapping[str, str | None],
    changes: Sequence[Change],
    from_year: FiscalYear,
    to_year: FiscalYear,
) -> Plan:
    """before, there: {child: area} of both years. living: children and areas that exist in the new one.

    cities: child → the city it is a ward of (None: it is none); a city divided by wards needs no row of its own.
    Children with a row in the new year keep it; an area that has rows there says all its members with them. changes: all that are recorded in the prefecture.
    """
    between = _Between([one for one in changes if from_year.end < one.effective_on <= to_year.end])
    rows: dict[str, Carried] = {}
    listed = set(there.values())
    inherited: dict[str, set[str | None]] = {}
    for child, parent in before.items():
        now, why_moved = between.moved(child, parent)
        if child in there:
            same = there[child] == parent
            note = _note(between.of(child), f"{to_year.label}にすでに登録されています。")
            rows[child] = Carried(child, parent, there[child], "same" if same else "changed", "" if same else note)
        elif child not in living:
            heirs, last = between.heirs(child)
            for heir in heirs:
                inherited.setdefault(heir, set()).add(now)
            rows[child] = Carried(child, parent, None, "gone", _note(last, "この年度にはありません。"))
        elif _divided(child, there, cities):
            rows[child] = Carried(child, parent, None, "changed", f"{to_year.label}は区ごとに登録されています。")
        elif now is not None and now in listed:
            rows[child] = Carried(child, parent, None, "open", f"{to_year.label}の圏域の登録に入っていません。")
        elif now is None or now not in living:
            rows[child] = Carried(child, parent, None, "open", _note(why_moved, "前の圏域がなくなりました。"))
        else:
            note = _note(why_moved, "") if now != parent else ""
            rows[child] = Carried(child, parent, now, "same" if now == parent else "changed", note, writes=True)
    for child in sorted((set(there) | set(living) & cities.keys()) - rows.keys()):
        rows[child] = _newcomer(child, there, inherited.get(child), living, between, to_year)
    divided = {city for code, city in cities.items() if city is not None and code in rows and rows[code].after}
    kept = [row for row in rows.values() if row.before or row.after or not _covered(row.child, cities, divided)]
    return Plan(tuple(sorted(kept, key=lambda row: row.child)))


def _note(change: Change | None, otherwise: str) -> str:
    return _words(change) if change is not None else otherwise


def _divided(child: str, there: Mapping[str, str], cities: Mapping[str, str | None]) -> bool:
    return any(cities.get(one) == child for one in there)


def _covered(child: str, cities: Mapping[str, str | None], divided: Collection[str]) -> bool:
    """A ward of a city that belongs as a whole, and a city whose wards belong: nothing is open there."""
    city = cities.get(child)
    return city not in divided if city is not None else child in divided


def _newcomer(
    child: str,
    there: Mapping[str, str],
    inherited: Collection[str | None] | None,
    living: Collection[str],
    between: _Between,
    to_year: FiscalYear,
) -> Carried:
    change = between.of(child)
    if child in there:
        return Carried(child, None, there[child], "new", _note(change, f"{to_year.label}にすでに登録されています。"))
    parents = set(inherited or ())
    only = next(iter(parents)) if len(parents) == 1 else None
    if only is not None and only in living and only not in there.values():
        return Carried(child, None, only, "new", _note(change, ""), writes=True)
    return Carried(child, None, None, "open", _note(change, "どの圏域にも入っていません。"))
