"""Everything a reader can put together, as integer unknowns tied by equations; built from a table and the ledger.

One unknown stands for one (fact, true value): a fact that did not change between two editions is one unknown, a
corrected one is two. So the reader is given every equality that really holds, which is more than anyone can know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.core.disclosure.editions import Edition, StatedShare
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Rule
from nimo.core.disclosure.tables import Key, Relation, Table, key_order

KNOWN = 0  # printed earlier, or open: hiding it would help nobody
SHOWN = 1  # to be printed now, may still be hidden for the sake of others
HIDDEN = 2
EMPTY = 3  # a zero to be printed now; hidden only for the sake of a zero that is hidden (places below the lowest tier)

_ONE_CELL = 1000  # the price of hiding one more cell, whatever its size
_ONE_DIGIT = 40  # small figures go first, but only their number of digits counts: the choice must not tell the value
_IS_TOTAL = 200  # totals are what readers look for first


@dataclass
class System:
    """Unknowns 0…n−1 (parallel lists) and rows Σ coefficient × unknown = constant, the constant being public.

    low, high: what a reader knows of an unknown beforehand (high None: nothing).
    need: protection width, 0 for unknowns that need none.
    price: what hiding costs; rows: (unknown, coefficient) pairs; touching: (row, coefficient) pairs by unknown;
    hidden_in: by row, the hidden unknowns and their coefficients. After building, change states by `hide` and
    `show_again` only.
    totals: by row, the unknown that is the sum (−1 for rows of shares and virtual sums).
    """

    keys: list[Key | None] = field(default_factory=list)
    rules: list[Rule | None] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int | None] = field(default_factory=list)
    state: list[int] = field(default_factory=list)
    need: list[int] = field(default_factory=list)
    sticky: list[bool] = field(default_factory=list)
    price: list[int] = field(default_factory=list)
    rows: list[tuple[tuple[int, int], ...]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    plain: list[bool] = field(default_factory=list)
    touching: list[list[tuple[int, int]]] = field(default_factory=list)
    hidden_in: list[dict[int, int]] = field(default_factory=list)
    current: dict[Key, int] = field(default_factory=dict)
    exposed: list[int] = field(default_factory=list)
    inconsistent: list[Relation] = field(default_factory=list)

    def add_unknown(self, key: Key | None, truth: int, state: int, low: int = 0, high: int | None = None) -> int:
        """Append an unknown that needs no protection of its own; returns its number."""
        self.keys.append(key)
        self.rules.append(None)
        self.truth.append(truth)
        self.low.append(low)
        self.high.append(high)
        self.state.append(state)
        self.need.append(0)
        self.sticky.append(False)
        self.price.append(0)
        self.touching.append([])
        return len(self.truth) - 1

    def add_row(self, row: Sequence[tuple[int, int]], total: int, plain: bool) -> int:
        """Append a row; `plain` when it is an exhaustive sum of counts that all have values."""
        number = len(self.rows)
        self.rows.append(tuple(row))
        self.totals.append(total)
        self.plain.append(plain)
        self.hidden_in.append({})
        for unknown, coefficient in row:
            self.touching[unknown].append((number, coefficient))
            if self.state[unknown] == HIDDEN:
                self.hidden_in[number][unknown] = coefficient
        return number

    def hide(self, unknown: int) -> None:
        """Hide an unknown."""
        self.state[unknown] = HIDDEN
        for row, coefficient in self.touching[unknown]:
            self.hidden_in[row][unknown] = coefficient

    def show_again(self, unknown: int) -> None:
        """Undo the hiding of an unknown that needs no protection of its own."""
        self.state[unknown] = SHOWN if self.truth[unknown] else EMPTY
        for row, _ in self.touching[unknown]:
            self.hidden_in[row].pop(unknown, None)

    def constant(self, row: int) -> int:
        """The right-hand side of a row: 0, or the discrepancy of figures that contradict each other."""
        return sum(coefficient * self.truth[unknown] for unknown, coefficient in self.rows[row])

    def tighten(self, unknown: int, low: int, high: int | None) -> None:
        """Narrow what the reader knows, never past the true value (an upstream mark may have been wrong)."""
        truth = self.truth[unknown]
        self.low[unknown] = max(self.low[unknown], min(low, truth))
        if high is not None:
            high = max(high, truth)
            old = self.high[unknown]
            self.high[unknown] = high if old is None else min(old, high)

    def drop_last_row(self) -> None:
        """Take back the last row."""
        for unknown, _ in self.rows.pop():
            self.touching[unknown].pop()
        self.totals.pop()
        self.plain.pop()
        self.hidden_in.pop()


class _Builder:
    def __init__(self, table: Table, policy: DisclosurePolicy, editions: Sequence[Edition]) -> None:
        self.system = System()
        self.table = table
        self.policy = policy
        self.editions = editions
        self.facts: dict[tuple[Key, int | None], int] = {}
        self.absent: set[int] = set()
        self.seen_rows: set[tuple[tuple[int, int], ...]] = set()

    def build(self) -> System:
        self._current_cells()
        self._edition_cells()
        scopes: list[tuple[Relation, Edition | None]] = [(relation, None) for relation in self.table.relations]
        for edition in self.editions:
            scopes += [(relation, edition) for relation in edition.relations]
        scopes.sort(key=lambda scope: (key_order(scope[0].total), sorted(map(key_order, scope[0].parts))))
        sums = [
            (relation, self._resolve(relation.total, edition), [self._resolve(p, edition) for p in relation.parts])
            for relation, edition in scopes
        ]
        self._fill_absent([(total, parts) for relation, total, parts in sums if relation.exhaustive])
        for relation, total, parts in sums:
            self._sum_row(relation, total, parts)
        for edition in self.editions:
            for share in edition.shares:
                self._share(share, edition)
        return self.system

    def _current_cells(self) -> None:
        system = self.system
        for cell in sorted(self.table.cells, key=lambda cell: key_order(cell.key)):
            if cell.value is None:
                continue
            rule = self.policy.rule_for(cell.kind, cell.level, cell.population)
            value = cell.value
            unknown = system.add_unknown(cell.key, value, SHOWN)
            self.facts[cell.key, value] = system.current[cell.key] = unknown
            if rule is None:
                system.state[unknown] = KNOWN
                continue
            system.rules[unknown] = rule
            system.price[unknown] = _ONE_CELL + _ONE_DIGIT * len(str(value)) + cell.weight
            if rule.hides(value):
                system.state[unknown] = HIDDEN
                system.need[unknown] = rule.width
                system.low[unknown] = rule.lowest_hidden
            elif value == 0:
                system.state[unknown] = EMPTY
            else:
                system.low[unknown] = rule.lowest_hidden
            if cell.population is not None and cell.kind is not Kind.FACILITIES and value <= cell.population:
                system.tighten(unknown, 0, cell.population)

    def _edition_cells(self) -> None:
        system = self.system
        for edition in self.editions:
            for key in sorted(edition.cells, key=key_order):
                printed = edition.cells[key]
                unknown = self.facts.get((key, printed.value), -1)
                if unknown < 0:
                    unknown = self.facts[key, printed.value] = system.add_unknown(key, printed.value, HIDDEN)
                    if printed.sensitive:
                        system.need[unknown] = self._width(key)
                elif not printed.shown and system.state[unknown] in (SHOWN, EMPTY):
                    system.state[unknown] = HIDDEN
                    system.sticky[unknown] = True
                if printed.shown:
                    if system.need[unknown] and system.current.get(key) == unknown:
                        system.exposed.append(unknown)
                    system.state[unknown] = KNOWN
                    system.need[unknown] = 0
                else:
                    system.tighten(unknown, printed.low, printed.high)

    def _width(self, key: Key) -> int:
        cell = self.table.by_key.get(key)
        rule = self.policy.rule_for(cell.kind, cell.level, cell.population) if cell else None
        return rule.width if rule else max((rule.width for rule in self.policy.rules), default=1)

    def _resolve(self, key: Key, edition: Edition | None) -> int:
        """The unknown a key means in an edition (None: this table); what it lacks is taken from another edition."""
        if edition is not None and key in edition.cells:
            return self.facts[key, edition.cells[key].value]
        if key in self.system.current:
            return self.system.current[key]
        for other in reversed(self.editions):
            if key in other.cells:
                return self.facts[key, other.cells[key].value]
        if (key, None) not in self.facts:
            unknown = self.facts[key, None] = self.system.add_unknown(key, 0, HIDDEN)
            self.absent.add(unknown)
        return self.facts[key, None]

    def _fill_absent(self, sums: list[tuple[int, list[int]]]) -> None:
        """Give absent cells a value that fits, and protect those whose value follows from the others."""
        system = self.system
        open_ = set(self.absent)
        guessed = False
        waiting = [entry for entry in sums if open_.intersection((entry[0], *entry[1]))]
        while waiting:
            entry = next((e for e in waiting if len(open_.intersection((e[0], *e[1]))) == 1), None)
            if entry is None:
                guessed = True
                total, parts = waiting[0]
                lacking = [part for part in parts if part in open_]
                open_.difference_update(lacking if total in open_ else lacking[1:])
            else:
                total, parts = entry
                (unknown,) = open_.intersection((total, *parts))
                rest = sum(system.truth[part] for part in parts if part != unknown)
                value = rest if unknown == total else system.truth[total] - rest
                system.truth[unknown] = max(0, value)
                open_.discard(unknown)
                if not guessed:
                    self._protect_implied(unknown)
            waiting = [e for e in waiting if open_.intersection((e[0], *e[1]))]

    def _protect_implied(self, unknown: int) -> None:
        system = self.system
        key = system.keys[unknown]
        cell = self.table.by_key.get(key) if key is not None else None
        rule = self.policy.rule_for(cell.kind, cell.level, cell.population) if cell else None
        if rule is not None and rule.hides(system.truth[unknown]):
            system.need[unknown] = rule.width

    def _sum_row(self, relation: Relation, total: int, parts: list[int]) -> None:
        system = self.system
        row = [(total, -1), *((part, 1) for part in sorted(parts))]
        if (known := tuple(row)) in self.seen_rows:
            return
        self.seen_rows.add(known)
        gap = system.truth[total] - sum(system.truth[part] for part in parts)
        if gap < 0 or (relation.exhaustive and gap):
            system.inconsistent.append(relation)
        if not relation.exhaustive:
            row.append((system.add_unknown(None, max(0, gap), HIDDEN), 1))
        plain = relation.exhaustive and not self.absent.intersection((total, *parts))
        system.add_row(row, total, plain)
        system.price[total] += _IS_TOTAL

    def _share(self, share: StatedShare, edition: Edition) -> None:
        """q − ½ ≤ scale·10^d·part ÷ whole < q + ½, with q the printed digits: two integer inequalities."""
        system = self.system
        exponent = share.value.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        q = int(share.value.scaleb(digits))
        part = self._resolve(share.part, edition)
        times = 2 * share.scale * 10**digits
        if isinstance(share.whole, int):
            least = -((-(2 * q - 1) * share.whole) // times)
            system.tighten(part, max(0, least), ((2 * q + 1) * share.whole - 1) // times)
            return
        whole = self._resolve(share.whole, edition)
        x, n = system.truth[part], system.truth[whole]
        # A share that does not follow from its counts is taken as the tightest bound that still holds.
        above = max(0, times * x - (2 * q - 1) * n)
        below = max(0, (2 * q + 1) * n - 1 - times * x)
        slack = system.add_unknown(None, above, HIDDEN)
        system.add_row(((part, times), (whole, -(2 * q - 1)), (slack, -1)), -1, False)
        slack = system.add_unknown(None, below, HIDDEN)
        system.add_row(((part, -times), (whole, 2 * q + 1), (slack, -1)), -1, False)


def build_system(table: Table, policy: DisclosurePolicy, editions: Sequence[Edition]) -> System:
    """Unknowns and rows of a table together with everything published before; primary suppression already made."""
    return _Builder(table, policy, editions).build()
