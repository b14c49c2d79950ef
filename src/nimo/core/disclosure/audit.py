"""What a reader can work out: exact bounds of a hidden count from printed figures alone. For tests, reviews, the curious.

The gate does not depend on this module: it proves safety by witnesses (moves.py). This is the other side, an attacker
with an integer solver who knows the rules, every sum, every edition, and which figures did not change in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nimo.core.disclosure.editions import Edition
from nimo.core.disclosure.gate import ProtectedTable
from nimo.core.disclosure.marks import known_from
from nimo.core.disclosure.policy import DisclosurePolicy
from nimo.core.disclosure.solver import Impossible, Problem, TooLarge, integer_bounds, outer_bounds, problem_of
from nimo.core.disclosure.system import HIDDEN, build_system
from nimo.core.disclosure.tables import Key, Table


@dataclass(frozen=True, slots=True)
class Interval:
    """Least and greatest value of a count that fit what is printed (high None: no end).

    exact: both ends are reached by some whole table. Otherwise the block was too large to solve, the interval is only
    known to be no wider than this, and it proves nothing.
    """

    low: int
    high: int | None
    exact: bool

    def proves(self, width: int) -> bool:
        """True when values at least `width` apart certainly remain. Never True on a guess."""
        return self.exact and (self.high is None or self.high - self.low >= width)


@dataclass(frozen=True)
class ReaderView:
    """Everything printed, without the hidden values. `unknowns`: the number of each cell of the table."""

    problem: Problem
    unknowns: Mapping[Key, int]


def reader_view(
    table: Table, protected: ProtectedTable, policy: DisclosurePolicy, already_published: Sequence[Edition] = ()
) -> ReaderView:
    """What a reader of `protected` and of the earlier editions has in hand."""
    system = build_system(table, policy, already_published)
    for cell in table.cells:
        if cell.value is None:
            continue
        unknown = system.current[cell.key]
        printed = protected.values[cell.key]
        if printed.shown:
            system.show_again(unknown)
        elif unknown not in system.exposed:
            system.state[unknown] = HIDDEN
            rule = system.rules[unknown]
            if rule is not None and printed.reason is not None:
                system.tighten(unknown, *known_from(printed.reason, rule, cell.value))
    return ReaderView(problem_of(system), dict(system.current))


def feasible_interval(key: Key, view: ReaderView) -> Interval:
    """The values a cell can have for a reader. KeyError for a cell that is absent or not in the table.

    Exact up to some 80 unknowns that hang together; beyond, or when the search grows too long, `exact` is False.
    """
    unknown = view.unknowns[key]
    try:
        low, high = integer_bounds(view.problem, unknown)
        return Interval(low, high, True)
    except TooLarge:
        low, high = outer_bounds(view.problem, unknown)
        return Interval(low, high, False)


def too_narrow(
    table: Table, protected: ProtectedTable, policy: DisclosurePolicy, already_published: Sequence[Edition] = ()
) -> tuple[Key, ...]:
    """Cells hidden for their own size that are not proven to keep the width their rule asks for. Empty is good."""
    view = reader_view(table, protected, policy, already_published)
    found: list[Key] = []
    for cell in table.cells:
        rule = policy.rule_for(cell.kind, cell.level, cell.population)
        if cell.value is None or rule is None or not rule.hides(cell.value):
            continue
        try:
            proven = feasible_interval(cell.key, view).proves(rule.width)
        except Impossible:
            proven = False
        if not proven:
            found.append(cell.key)
    return tuple(found)
