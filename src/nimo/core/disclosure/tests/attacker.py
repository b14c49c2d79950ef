"""An attacker with an integer solver, written apart from the gate: knows only what is printed, the rules and the sums.

Facts are named (key, edition); editions of the same key that hold the same true value are told to be equal, which is
more than a reader could know. The solver is plain backtracking over integers with bound propagation; it shares no
code with the gate's own audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nimo.core.disclosure.gate import ProtectedTable
from nimo.core.disclosure.policy import DisclosurePolicy
from nimo.core.disclosure.tables import Key, Table

LIMIT = 400  # no true value in the tests comes near; a higher ceiling changes no span that is long enough


class GaveUp(Exception):
    """Too many branches."""


@dataclass
class Knowledge:
    """Integer unknowns with ranges, and rows low ≤ Σ c·x ≤ high."""

    ranges: dict[object, tuple[int, int]] = field(default_factory=dict)
    rows: list[tuple[dict[object, int], int, int]] = field(default_factory=list)
    ceiling: int = LIMIT

    def learn(self, name: object, low: int, high: int) -> None:
        a, b = self.ranges.get(name, (0, self.ceiling))
        self.ranges[name] = (max(a, low), min(b, high))

    def add_sum(self, total: object, parts: Iterable[object]) -> None:
        row: dict[object, int] = {total: -1}
        for part in parts:
            row[part] = 1
        for name in row:
            self.ranges.setdefault(name, (0, self.ceiling))
        self.rows.append((row, 0, 0))

    def add_share(self, part: object, whole: object, printed: Decimal) -> None:
        """printed percent, one decimal, rounded half up: 2000·x − (2q−1)·n ≥ 0 and 2000·x − (2q+1)·n ≤ −1."""
        q = int(printed * 10)
        big = 10**9
        self.rows.append(({part: 2000, whole: -(2 * q - 1)}, 0, big))
        self.rows.append(({part: 2000, whole: -(2 * q + 1)}, -big, -1))


def solve(knowledge: Knowledge, extra: Mapping[object, tuple[int, int]] | None = None) -> dict[object, int] | None:
    """One integer solution, or None if there is none. Complete; values near the true ones are tried first."""
    names = sorted(knowledge.ranges, key=repr)
    place = {name: i for i, name in enumerate(names)}
    ranges = [knowledge.ranges[name] for name in names]
    for name, (low, high) in (extra or {}).items():
        a, b = ranges[place[name]]
        ranges[place[name]] = (max(a, low), min(b, high))
        if a > high or b < low:
            return None
    rows = [([(place[n], c) for n, c in row.items()], low, high) for row, low, high in knowledge.rows]
    of_unknown: list[list[int]] = [[] for _ in names]
    for number, (row, _, _) in enumerate(rows):
        for i, _ in row:
            of_unknown[i].append(number)
    # A name is (key, true value): the value only steers the order of trials.
    hints = [name[1] if isinstance(name[1], int) else 0 for name in names]  # type: ignore[index]
    found = _search(ranges, rows, of_unknown, hints, [20000], range(len(rows)))
    return None if found is None else {name: found[i][0] for i, name in enumerate(names)}


def _search(ranges, rows, of_unknown, hints, budget, dirty):
    budget[0] -= 1
    if budget[0] < 0:
        raise GaveUp
    ranges = _narrow(ranges, rows, of_unknown, dirty)
    if ranges is None:
        return None
    open_ = [(high - low, i) for i, (low, high) in enumerate(ranges) if low != high]
    if not open_:
        return ranges
    _, i = min(open_)
    low, high = ranges[i]
    hint = min(max(hints[i], low), high)
    for piece in ((hint, hint), (low, hint - 1), (hint + 1, high)):
        if piece[0] <= piece[1]:
            trial = list(ranges)
            trial[i] = piece
            found = _search(trial, rows, of_unknown, hints, budget, of_unknown[i])
            if found is not None:
                return found
    return None


def _narrow(ranges, rows, of_unknown, dirty):
    """Bound propagation to the fixpoint; None when a row cannot hold."""
    ranges = list(ranges)
    queue = set(dirty)
    while queue:
        row, least, most = rows[queue.pop()]
        bottom = sum(c * ranges[i][0 if c > 0 else 1] for i, c in row)
        top = sum(c * ranges[i][1 if c > 0 else 0] for i, c in row)
        if bottom > most or top < least:
            return None
        for i, c in row:
            low, high = ranges[i]
            if low == high:
                continue
            a, b = (c * low, c * high) if c > 0 else (c * high, c * low)
            room_up, room_down = most - bottom + a, least - top + b  # room_down <= c·x <= room_up
            if c > 0:
                new = (max(low, -(-room_down // c)), min(high, room_up // c))
            else:
                new = (max(low, -(room_up // -c)), min(high, -room_down // -c))
            if new != (low, high):
                if new[0] > new[1]:
                    return None
                ranges[i] = new
                queue.update(of_unknown[i])
                bottom += (c * new[0] if c > 0 else c * new[1]) - a
                top += (c * new[1] if c > 0 else c * new[0]) - b
    return ranges


def focus(knowledge: Knowledge, name: object) -> Knowledge:
    """Only what hangs together with `name`; what is fixed is put into the rows."""
    ranges = knowledge.ranges
    fixed = {n for n, (low, high) in ranges.items() if low == high}
    keep, rows, queue = {name}, [], [name]
    left = list(knowledge.rows)
    while queue:
        here = queue.pop()
        rest = []
        for entry in left:
            row, low, high = entry
            if here not in row:
                rest.append(entry)
                continue
            gone = sum(c * ranges[n][0] for n, c in row.items() if n in fixed and n != name)
            row = {n: c for n, c in row.items() if n not in fixed or n == name}
            rows.append((row, low - gone, high - gone))
            queue += [n for n in row if n not in keep]
            keep.update(row)
        left = rest
    return Knowledge({n: ranges[n] for n in keep}, rows)


def span_is(knowledge: Knowledge, name: object, truth: int, width: int, ceiling: int = LIMIT) -> bool:
    """True when solutions exist whose values of `name` lie at least `width` apart."""
    knowledge = focus(knowledge, name)
    assert solve(knowledge, {name: (truth, truth)}) is not None, "the true table must fit what is printed"
    least = next(c for c in range(max(0, truth - width), truth + 1) if c == truth or solve(knowledge, {name: (c, c)}))
    return solve(knowledge, {name: (least + width, ceiling)}) is not None


@dataclass
class Publication:
    """What one edition printed, and the truth behind it (used only to say which facts did not change)."""

    table: Table
    printed: ProtectedTable


def gather(
    publications: list[Publication], policy: DisclosurePolicy, ceiling: int = LIMIT
) -> tuple[Knowledge, dict[tuple[int, Key], object]]:
    """All that is printed in all editions, as one system; and the name of every (edition, key)."""
    knowledge = Knowledge(ceiling=ceiling)
    names: dict[tuple[int, Key], object] = {}
    for number, publication in enumerate(publications):
        for cell in publication.table.cells:
            if cell.value is None:
                names[number, cell.key] = ("absent", cell.key)
                continue
            name = (cell.key, cell.value)  # equal name = told to be unchanged
            names[number, cell.key] = name
            out = publication.printed.to_data()[cell.key]
            if out["state"] == "shown":
                knowledge.learn(name, out["value"], out["value"])
                continue
            rule = policy.rule_for(cell.kind, cell.level, cell.population)
            assert rule is not None
            zero = 1 if rule.zero_shown else 0
            low, high = {
                "small": (zero, (rule.threshold or 0) - 1),
                "derivable": (rule.threshold or 0, ceiling),
                "joint": (min(zero, cell.value), ceiling),  # a zero hidden beside a tiny village is joint, too
                "population": (0, ceiling),
                "no_rule": (0, ceiling),
            }[out["reason"]]
            knowledge.learn(name, low, high)
        for relation in publication.table.relations:
            keys = (relation.total, *relation.parts)
            for key in keys:
                names.setdefault((number, key), ("absent", key))
            knowledge.add_sum(names[number, relation.total], [names[number, key] for key in relation.parts])
        for share in publication.table.shares:
            out = publication.printed.shares.get(share.key)
            if out is not None and out.shown and not isinstance(share.whole, int):
                assert isinstance(out.value, Decimal)
                knowledge.add_share(names[number, share.part], names[number, share.whole], out.value)
    return knowledge, names


def pinned(publications: list[Publication], policy: DisclosurePolicy) -> list[tuple[int, Key]]:
    """Every (edition, key) hidden for its own size that the attacker narrows below the protection width."""
    knowledge, names = gather(publications, policy)
    told: list[tuple[int, Key]] = []
    for number, publication in enumerate(publications):
        for cell in publication.table.cells:
            rule = policy.rule_for(cell.kind, cell.level, cell.population)
            if cell.value is None or rule is None or not rule.hides(cell.value):
                continue
            if not span_is(knowledge, names[number, cell.key], cell.value, rule.width):
                told.append((number, cell.key))
    return told
