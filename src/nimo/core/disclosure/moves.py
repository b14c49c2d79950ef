"""Search for other tables a reader could not tell from the true one.

A *move* changes hidden unknowns so that every row still balances and every bound still holds. A move that changes a
hidden count by d proves that the reader cannot tell the true value from the value d away: it is a witness, found in
integers, so what it proves holds against an attacker with any solver. Not finding a move proves nothing; the gate then
hides more (the conservative side).
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import islice

from nimo.core.disclosure.system import EMPTY, HIDDEN, KNOWN, SHOWN, System

Offsets = dict[int, int]  # unknown → distance from its true value

_FREE_LIMIT = 120  # nodes opened while looking only at hidden cells
_PAID_LIMIT = 600  # nodes opened while looking for cells to hide
_WIDEST = 64  # hidden and shown cells of one row that are tried; rows of whole prefectures are longer
_LONGEST = 40  # changes in one move
_ROW_OPEN = 300  # expected price of one more row to balance; steers the paid search


class MoveSearch:
    """Best-first search over partial moves; deterministic."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.by_price: dict[int, list[tuple[int, int]]] = {}
        self.limited = False  # the last search met a bound or the node limit: a smaller step may succeed

    def find(self, start: int, step: int, offsets: Mapping[int, int], paid: bool) -> tuple[int, Offsets] | None:
        """A move that changes `start` by `step`, on top of `offsets`; (price, changes) or None.

        With `paid`, cells that are still shown may take part, each at its price: they must then be hidden; printed
        zeros only where `start` itself is a zero (elsewhere a hidden figure is never a zero, and readers know it).
        """
        system = self.system
        truth, low, high, state, price = system.truth, system.low, system.high, system.state, system.price
        rows, touching = system.rows, system.touching
        self.limited = False
        if not self._fits(start, offsets.get(start, 0) + step):
            self.limited = True
            return None
        imbalance = {row: coefficient * step for row, coefficient in touching[start]}
        if not imbalance:
            return 0, {start: step}
        heap: list[tuple[int, int, int, Offsets, dict[int, int]]] = [(0, 0, 0, {start: step}, imbalance)]
        seen: set[frozenset[tuple[int, int]]] = set()
        serial = 0
        nodes = _PAID_LIMIT if paid else _FREE_LIMIT
        while heap and nodes:
            nodes -= 1
            _, _, spent, changes, imbalance = heappop(heap)
            row = min(imbalance) if len(imbalance) == 1 else min((len(rows[r]), r) for r in imbalance)[1]
            lack = imbalance[row]
            for unknown, coefficient in self._candidates(row, paid, bool(truth[start])):
                if unknown in changes or lack % coefficient:
                    continue
                change = -lack // coefficient
                value = truth[unknown] + offsets.get(unknown, 0) + change
                top = high[unknown]
                if value < low[unknown] or (top is not None and value > top):
                    self.limited = True
                    continue
                left = dict(imbalance)
                for other, factor in touching[unknown]:
                    rest = left.get(other, 0) + factor * change
                    if rest:
                        left[other] = rest
                    else:
                        left.pop(other, None)
                cost = spent + (1 if state[unknown] == HIDDEN else price[unknown])
                grown = {**changes, unknown: change}
                if not left and not paid:
                    return cost, grown
                if len(grown) >= _LONGEST:
                    continue
                serial += 1
                if not left:
                    # Paid: queue the finished move, so that a cheaper unfinished one is tried first.
                    heappush(heap, (cost, serial, cost, grown, left))
                    continue
                mark = frozenset(grown.items())
                if mark not in seen:
                    seen.add(mark)
                    heappush(heap, (cost + _ROW_OPEN * len(left), serial, cost, grown, left))
            if paid and heap and not heap[0][4]:
                return heap[0][2], heap[0][3]
        if heap:
            self.limited = True
            finished = [entry for entry in heap if not entry[4]]
            if finished:
                _, _, cost, changes, _ = min(finished)
                return cost, changes
        return None

    def _candidates(self, row: int, paid: bool, zeros_barred: bool) -> list[tuple[int, int]]:
        """Who may balance a row: hidden unknowns first, then (paid) the cheapest shown ones; at most so many of each."""
        system = self.system
        found = list(islice(system.hidden_in[row].items(), _WIDEST))
        if paid:
            if row not in self.by_price:
                self.by_price[row] = sorted(system.rows[row], key=lambda pair: (system.price[pair[0]], pair[0]))
            wanted = (SHOWN,) if zeros_barred else (SHOWN, EMPTY)
            found += islice((pair for pair in self.by_price[row] if system.state[pair[0]] in wanted), _WIDEST)
        return found

    def _fits(self, unknown: int, offset: int) -> bool:
        value = self.system.truth[unknown] + offset
        top = self.system.high[unknown]
        return self.system.low[unknown] <= value and (top is None or value <= top)

    def reach(self, start: int, sign: int, need: int) -> tuple[int, Offsets]:
        """How far (≤ need) `start` can be moved in one direction among hidden cells: (distance, witness)."""
        offsets: Offsets = {}
        got = 0
        while got < need:
            rest = need - got
            for step in dict.fromkeys((rest, (rest + 1) // 2, 1)):
                found = self.find(start, sign * step, offsets, paid=False)
                if found is not None:
                    add_offsets(offsets, found[1])
                    got += step
                    break
                if not self.limited:
                    return got, offsets
            else:
                break
        return got, offsets

    def climb(self, start: int, step: int) -> Offsets | None:
        """The move that raises a cell and everything it is summed into; None when the sums do not fit together."""
        system = self.system
        changes = {start: step}
        queue = [start]
        while queue:
            unknown = queue.pop()
            for row, _ in system.touching[unknown]:
                total = system.totals[row]
                if total in (-1, unknown) or total in changes:
                    continue
                changes[total] = step
                queue.append(total)
        rows = {row for unknown in changes for row, _ in system.touching[unknown]}
        for row in rows:
            if sum(factor * changes.get(unknown, 0) for unknown, factor in system.rows[row]):
                return None
        barred = (KNOWN, EMPTY) if system.truth[start] else (KNOWN,)
        if any(system.state[unknown] in barred or not self._fits(unknown, step) for unknown in changes):
            return None
        return changes

    def enlarge(self, start: int, need: int, block: list[int]) -> Offsets | None:
        """Every hidden figure of a block so many times larger; works where only shares of unknown totals are public."""
        system = self.system
        if not system.truth[start]:
            return None
        times = -(-need // system.truth[start])
        fillers = {u for u in block if system.keys[u] is None and len(system.touching[u]) == 1}
        changes = {u: times * system.truth[u] for u in block if u not in fillers}
        rows = {row for unknown in block for row, _ in system.touching[unknown]}
        for row in rows:
            lack = sum(factor * changes.get(unknown, 0) for unknown, factor in system.rows[row])
            filler = next(((u, f) for u, f in system.rows[row] if u in fillers and abs(f) == 1), None)
            if filler is not None:
                changes[filler[0]] = -lack * filler[1]
            elif lack:
                return None
        return changes if all(self._fits(unknown, change) for unknown, change in changes.items()) else None


def add_offsets(offsets: Offsets, changes: Mapping[int, int]) -> None:
    """Add a move to a witness in place; cells back at their true value drop out."""
    for unknown, change in changes.items():
        rest = offsets.get(unknown, 0) + change
        if rest:
            offsets[unknown] = rest
        else:
            offsets.pop(unknown, None)
