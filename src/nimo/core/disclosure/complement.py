"""Complementary suppression: hide further cells until every protected count has its witnesses, then show again what can be.

A witness found stays a witness when more is hidden (readers know less), so one pass over the protected counts is
enough and nothing has to be audited twice. Showing a cell again is allowed only with new witnesses for all who used it.
"""

from __future__ import annotations

from dataclasses import dataclass

from nimo.core.disclosure.moves import MoveSearch, Offsets, add_offsets
from nimo.core.disclosure.solver import TooLarge, span_reaches
from nimo.core.disclosure.system import EMPTY, HIDDEN, KNOWN, SHOWN, System

_SHARED_BY = 6  # a cell that carries more counts than this is not tried for showing again
_ROUNDS = 3
_FEW_NODES = 40  # branches of the exact solver while a page waits
_FOR_GOOD = -1  # stands among the users of a cell that must not be shown again


@dataclass(slots=True)
class Witness:
    """Two tables that fit everything published: at least `need` apart in the protected unknown."""

    up: Offsets
    down: Offsets


class Complement:
    """Works on a System in place; `unproven` lists protected unknowns for which no witness exists or was found."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.search = MoveSearch(system)
        self.witnesses: dict[int, Witness] = {}
        self.users: dict[int, set[int]] = {}
        self.unproven: list[int] = []
        self.added: set[int] = set()
        self.groups: dict[int, tuple[int, ...]] = {}
        self.changed: set[int] = set()
        self.real_rows = len(system.rows)

    def run(self) -> None:
        """Protect single counts, then sums of hidden counts, then show again what is not needed."""
        system = self.system
        if not any(system.need):
            self._release_idle()
            return
        for unknown in range(len(system.truth)):
            if system.need[unknown]:
                self._protect(unknown)
        self._protect_sums()
        self._release_needless()
        self._release_idle()

    # -- one count -------------------------------------------------------------------------------------------------

    def _protect(self, unknown: int) -> None:
        if unknown in self.witnesses:
            return
        need = self.system.need[unknown]
        witness, missing = self._free_witness(unknown, need)
        while missing:
            step = self._hide_for(unknown, missing, witness)
            if not step:
                break
            missing -= step
        if missing and not self._climb(unknown, need, witness):
            self._last_resort(unknown)
            return
        self._keep(unknown, witness)

    def _free_witness(self, unknown: int, need: int) -> tuple[Witness, int]:
        got_up, up = self.search.reach(unknown, 1, need)
        got_down, down = (0, {}) if got_up >= need else self.search.reach(unknown, -1, need - got_up)
        return Witness(up, down), need - got_up - got_down

    def _hide_for(self, unknown: int, missing: int, witness: Witness) -> int:
        """Hide the cheapest cells that let the witness stretch; the distance gained (0: none)."""
        find = self.search.find
        for step in dict.fromkeys((missing, (missing + 1) // 2, 1)):
            up = find(unknown, step, witness.up, paid=True)
            down = find(unknown, -step, witness.down, paid=True)
            if up is None and down is None:
                continue
            if down is None or (up is not None and up[0] <= down[0]):
                assert up is not None
                self._hide(up[1])
                add_offsets(witness.up, up[1])
            else:
                self._hide(down[1])
                add_offsets(witness.down, down[1])
            return step
        return 0

    def _climb(self, unknown: int, need: int, witness: Witness) -> bool:
        changes = self.search.climb(unknown, need)
        if changes is None:
            return False
        self._hide(changes)
        witness.up, witness.down = changes, {}
        return True

    def _last_resort(self, unknown: int) -> None:
        """Hide everything that hangs together with the cell; then ask the exact solver, else report it."""
        barred = (KNOWN, EMPTY) if self.system.truth[unknown] else (KNOWN,)
        block = self._block(unknown, barred)
        self._hide(dict.fromkeys(block, 0))
        need = self.system.need[unknown]
        witness, missing = self._free_witness(unknown, need)
        if missing and (larger := self.search.enlarge(unknown, need, block)) is not None:
            witness, missing = Witness(larger, {}), 0
        if missing:
            try:
                proven = span_reaches(self.system, unknown, need, _FEW_NODES)
            except TooLarge:
                proven = False
            if not proven:
                self.unproven.append(unknown)
                # The rest of the block must not be shown again on this cell's account: keep what hides it.
            for other in block:
                self.users.setdefault(other, set()).add(_FOR_GOOD)
            return
        self._keep(unknown, witness)

    def _block(self, start: int, barred: tuple[int, ...]) -> list[int]:
        """Unknowns that hang together with `start` through rows, not passing through what is printed for good."""
        system = self.system
        found = {start}
        queue = [start]
        while queue:
            for row, _ in system.touching[queue.pop()]:
                for other, _ in system.rows[row]:
                    if other not in found and system.state[other] not in barred:
                        found.add(other)
                        queue.append(other)
        return sorted(found)

    def _hide(self, changes: Offsets) -> None:
        for unknown in changes:
            if self.system.state[unknown] in (SHOWN, EMPTY):
                self.system.hide(unknown)
                self.added.add(unknown)
                self.changed.update(row for row, _ in self.system.touching[unknown] if row < self.real_rows)

    def _keep(self, unknown: int, witness: Witness) -> None:
        """File a witness; it serves every protected cell that it moves far enough."""
        need = self.system.need
        for moved in {unknown, *witness.up, *witness.down}:
            if need[moved] and moved not in self.witnesses:
                distance = abs(witness.up.get(moved, 0) - witness.down.get(moved, 0))
                one_side = max(abs(witness.up.get(moved, 0)), abs(witness.down.get(moved, 0)))
                if moved == unknown or max(distance, one_side) >= need[moved]:
                    self.witnesses[moved] = witness
                    for other in {*witness.up, *witness.down}:
                        self.users.setdefault(other, set()).add(moved)

    def _forget(self, unknown: int) -> None:
        witness = self.witnesses.pop(unknown)
        for other in {*witness.up, *witness.down}:
            self.users[other].discard(unknown)

    # -- sums of hidden counts -------------------------------------------------------------------------------------

    def _weak_sum(self, row: int) -> tuple[int, ...] | None:
        """The hidden parts of a row whose sum anyone can take, where knowing that sum is too much; else None.

        Too much is a sum that is itself below the threshold of the whole, and, while a part is still shown that could
        have been hidden, a sum that leaves too few values to a reader who knows how this gate chooses.
        """
        system = self.system
        total = system.totals[row]
        if not system.plain[row] or system.state[total] == HIDDEN:
            return None
        rule = system.rules[total]
        hidden = tuple(sorted(system.hidden_in[row]))  # the total is not among them: all are parts
        if rule is None or rule.threshold is None or len(hidden) < 2 or not any(system.need[u] for u in hidden):
            return None
        rest = sum(system.truth[u] for u in hidden)
        if 0 < rest < rule.threshold:
            return hidden
        if any(factor > 0 and system.state[u] == SHOWN for u, factor in system.rows[row]) and self._tight(hidden, rest):
            return hidden
        return None

    def _tight(self, hidden: tuple[int, ...], rest: int) -> bool:
        """True when a reader told which of `hidden` are small and which are not narrows one of them too far."""
        system = self.system
        ranges: list[tuple[int, int]] = []
        for unknown in hidden:
            rule = system.rules[unknown]
            if rule is None or rule.threshold is None:
                return False  # hidden for its place, not for its value: nothing to learn from
            if system.need[unknown]:
                ranges.append((rule.lowest_hidden, rule.threshold - 1))
            else:
                ranges.append((min(rule.threshold, system.truth[unknown]), rest + rule.threshold))
        least, most = sum(low for low, _ in ranges), sum(high for _, high in ranges)
        for unknown, (low, high) in zip(hidden, ranges, strict=True):
            floor, top = max(low, rest - (most - high)), min(high, rest - (least - low))
            if top - floor < system.need[unknown]:
                return True
        return False

    def _protect_sums(self) -> None:
        """One pass is enough for a row until one of its cells is hidden; then it is looked at again."""
        system = self.system
        self.changed = set(range(self.real_rows))
        done: set[tuple[int, ...]] = set()
        while self.changed:
            rows, self.changed = sorted(self.changed), set()
            for row in rows:
                hidden = self._weak_sum(row)
                if hidden is None or hidden in done:
                    continue
                done.add(hidden)
                width = max(system.need[u] for u in hidden)
                whole = system.add_unknown(None, sum(system.truth[u] for u in hidden), HIDDEN, low=len(hidden))
                system.need[whole] = width
                system.add_row(((whole, -1), *((u, 1) for u in hidden)), whole, False)
                self.groups[whole] = hidden
                self._protect(whole)
                # Showing the first choice again because a second was needed would tell how tight the first one was.
                for unknown in hidden:
                    self.users.setdefault(unknown, set()).add(_FOR_GOOD)

    # -- showing again ---------------------------------------------------------------------------------------------

    def _release_idle(self) -> None:
        """Show again what hangs together with no protected count (any more)."""
        system = self.system
        seen: set[int] = set()
        for unknown in range(len(system.truth)):
            if unknown in seen or system.state[unknown] != HIDDEN:
                continue
            block = self._block(unknown, (KNOWN, EMPTY, SHOWN))
            seen.update(block)
            if not any(system.need[other] for other in block):
                for other in block:
                    if system.sticky[other] or other in self.added:
                        system.show_again(other)

    def _release_needless(self) -> None:
        """Dear cells first; more than one round, since one cell shown may free another."""
        waiting = sorted(self.added, key=lambda u: (-self.system.price[u], u))
        for _ in range(_ROUNDS):
            kept = [unknown for unknown in waiting if not self._released(unknown)]
            if kept == waiting:
                break
            waiting = kept

    def _released(self, unknown: int) -> bool:
        system = self.system
        users = self.users.get(unknown, set())
        if _FOR_GOOD in users or len(users) > _SHARED_BY:
            return False
        system.show_again(unknown)
        weak = any(self._weak_sum(row) for row, _ in system.touching[unknown] if row < self.real_rows)
        if weak or not self._recertify(sorted(users)):
            system.hide(unknown)
            return False
        return True

    def _recertify(self, users: list[int]) -> bool:
        """New witnesses for all of `users` among what is hidden now, or none is changed and False."""
        fresh: list[tuple[int, Witness]] = []
        for unknown in users:
            witness, missing = self._free_witness(unknown, self.system.need[unknown])
            if missing:
                return False
            fresh.append((unknown, witness))
        for unknown, _ in fresh:
            self._forget(unknown)
        for unknown, witness in fresh:
            if unknown not in self.witnesses:
                self._keep(unknown, witness)
        return True
