"""Exact bounds of one integer unknown: bound propagation, a rational simplex (fractions) and branch and bound.

What an attacker with an integer solver gets, for one small block of figures. No floating point anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from nimo.core.disclosure.system import HIDDEN, System

_MOST_UNKNOWNS = 80
_MOST_NODES = 400
_ROUNDS = 50

Row = tuple[tuple[tuple[int, int], ...], int]
Bounds = tuple[list[int], list[int | None]]


class TooLarge(Exception):
    """The block is too large for an exact answer; the caller must take the careful side."""


class Impossible(Exception):
    """No table at all fits the rows and bounds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Integer unknowns 0…n−1 with bounds (high None: unbounded) and rows Σ coefficient × unknown = constant."""

    low: list[int]
    high: list[int | None]
    rows: list[Row]


def _propagate(problem: Problem, bounds: Bounds) -> Bounds:
    """Narrow bounds by each row alone until nothing changes (or enough rounds). Sound: drops no solution."""
    low, high = list(bounds[0]), list(bounds[1])
    for _ in range(_ROUNDS):
        changed = False
        for row, constant in problem.rows:
            least: list[int | None] = []
            most: list[int | None] = []
            for unknown, factor in row:
                top = high[unknown]
                ends = (factor * low[unknown], None if top is None else factor * top)
                least.append(ends[0] if factor > 0 else ends[1])
                most.append(ends[1] if factor > 0 else ends[0])
            for place, (unknown, factor) in enumerate(row):
                others_least = _sum_without(least, place)
                others_most = _sum_without(most, place)
                # factor·x lies between constant − others_most and constant − others_least
                if others_least is not None:
                    end = constant - others_least
                    if factor > 0:
                        changed |= _lower_top(low, high, unknown, end // factor)
                    else:
                        changed |= _raise_floor(low, high, unknown, -(end // -factor))
                if others_most is not None:
                    end = constant - others_most
                    if factor > 0:
                        changed |= _raise_floor(low, high, unknown, -(-end // factor))
                    else:
                        changed |= _lower_top(low, high, unknown, -end // -factor)
        if not changed:
            break
    return low, high


def _sum_without(values: Sequence[int | None], place: int) -> int | None:
    total = 0
    for index, value in enumerate(values):
        if index != place:
            if value is None:
                return None
            total += value
    return total


def _lower_top(low: list[int], high: list[int | None], unknown: int, top: int) -> bool:
    old = high[unknown]
    if old is not None and old <= top:
        return False
    if top < low[unknown]:
        raise Impossible
    high[unknown] = top
    return True


def _raise_floor(low: list[int], high: list[int | None], unknown: int, floor: int) -> bool:
    if low[unknown] >= floor:
        return False
    top = high[unknown]
    if top is not None and floor > top:
        raise Impossible
    low[unknown] = floor
    return True


def _block(problem: Problem, bounds: Bounds, target: int) -> Problem:
    """The unknowns that hang together with `target`, renumbered with it first; fixed ones are folded in."""
    low, high = bounds
    touching: dict[int, list[int]] = {}
    for number, (row, _) in enumerate(problem.rows):
        for unknown, _ in row:
            touching.setdefault(unknown, []).append(number)
    names = {target: 0}
    queue = [target]
    numbers: set[int] = set()
    while queue:
        for number in touching.get(queue.pop(), ()):
            if number in numbers:
                continue
            numbers.add(number)
            for unknown, _ in problem.rows[number][0]:
                if unknown not in names and low[unknown] != high[unknown]:
                    names[unknown] = len(names)
                    queue.append(unknown)
    rows: list[Row] = []
    for number in sorted(numbers):
        row, constant = problem.rows[number]
        constant -= sum(factor * low[unknown] for unknown, factor in row if unknown not in names)
        rows.append((tuple((names[unknown], factor) for unknown, factor in row if unknown in names), constant))
    return Problem([low[u] for u in names], [high[u] for u in names], rows)


def _simplex(problem: Problem, bounds: Bounds, sign: int) -> list[Fraction] | None:
    """A vertex with the largest sign × unknown 0; None when unbounded. Two phases, Bland's rule, exact fractions."""
    low, high = bounds
    count = len(low)
    lines: list[tuple[dict[int, Fraction], Fraction]] = []
    for row, constant in problem.rows:
        shift = sum(factor * low[unknown] for unknown, factor in row)
        lines.append(({u: Fraction(f) for u, f in row}, Fraction(constant - shift)))
    columns = count
    for unknown in range(count):
        top = high[unknown]
        if top is not None:
            lines.append(({unknown: Fraction(1), columns: Fraction(1)}, Fraction(top - low[unknown])))
            columns += 1
    table: list[dict[int, Fraction]] = []
    right: list[Fraction] = []
    basis: list[int] = []
    first_artificial = columns
    for line, value in lines:
        factor = -1 if value < 0 else 1
        table.append({column: factor * entry for column, entry in line.items()})
        right.append(factor * value)
        table[-1][columns] = Fraction(1)
        basis.append(columns)
        columns += 1
    gain: dict[int, Fraction] = {}
    for line in table:
        for column, entry in line.items():
            if column < first_artificial:
                gain[column] = gain.get(column, Fraction(0)) + entry
    _climb(table, right, basis, gain, first_artificial)
    if any(basis[i] >= first_artificial and right[i] for i in range(len(basis))):
        raise Impossible
    for place in range(len(basis) - 1, -1, -1):
        if basis[place] >= first_artificial:
            column = min((c for c, e in table[place].items() if c < first_artificial and e), default=-1)
            if column >= 0:
                _pivot(table, right, basis, {}, place, column)
            else:
                del table[place], right[place], basis[place]
    for line in table:
        for column in [c for c in line if c >= first_artificial]:
            del line[column]
    gain = {0: Fraction(sign)}
    if 0 in basis:
        place = basis.index(0)
        gain = {c: -sign * e for c, e in table[place].items() if c != 0}
    if not _climb(table, right, basis, gain, first_artificial):
        return None
    vertex = [Fraction(value) for value in low]
    for place, column in enumerate(basis):
        if column < count:
            vertex[column] += right[place]
    return vertex


def _climb(
    table: list[dict[int, Fraction]], right: list[Fraction], basis: list[int], gain: dict[int, Fraction], columns: int
) -> bool:
    """Pivot until no column improves; False when the objective is unbounded."""
    while True:
        column = min((c for c, value in gain.items() if value > 0 and c < columns), default=-1)
        if column < 0:
            return True
        place = -1
        best: tuple[Fraction, int] | None = None
        for index, line in enumerate(table):
            entry = line.get(column)
            if entry is not None and entry > 0:
                ratio = (right[index] / entry, basis[index])
                if best is None or ratio < best:
                    best, place = ratio, index
        if place < 0:
            return False
        _pivot(table, right, basis, gain, place, column)


def _pivot(
    table: list[dict[int, Fraction]],
    right: list[Fraction],
    basis: list[int],
    gain: dict[int, Fraction],
    place: int,
    column: int,
) -> None:
    line = table[place]
    divisor = line[column]
    if divisor != 1:
        for key in line:
            line[key] /= divisor
        right[place] /= divisor
    for index, other in enumerate(table):
        if index != place and column in other:
            times = other[column]
            _subtract(other, line, times)
            right[index] -= times * right[place]
    if column in gain:
        _subtract(gain, line, gain[column])
    basis[place] = column


def _subtract(target: dict[int, Fraction], line: dict[int, Fraction], times: Fraction) -> None:
    for key, entry in line.items():
        rest = target.get(key, Fraction(0)) - times * entry
        if rest:
            target[key] = rest
        else:
            target.pop(key, None)


def _best(problem: Problem, bounds: Bounds, sign: int, nodes: int) -> int | None:
    """The largest sign × unknown 0 over integer tables (as the unknown's value); None when unbounded."""
    best: int | None = None
    queue = [bounds]
    while queue:
        if not nodes:
            raise TooLarge
        nodes -= 1
        here = queue.pop()
        try:
            here = _propagate(problem, here)
            vertex = _simplex(problem, here, sign)
        except Impossible:
            continue
        if vertex is None:
            # Rational data and an integer point exist: an unbounded relaxation means unbounded integers.
            return None
        limit = vertex[0].__floor__() if sign > 0 else vertex[0].__ceil__()
        if best is not None and sign * limit <= sign * best:
            continue
        broken = next((u for u, value in enumerate(vertex) if value.denominator != 1), None)
        if broken is None:
            best = int(vertex[0])
            continue
        floor = vertex[broken].__floor__()
        above, below = list(here[0]), list(here[1])
        above[broken], below[broken] = floor + 1, floor
        queue += [(above, here[1]), (here[0], below)]
    if best is None:
        raise Impossible
    return best


def integer_bounds(problem: Problem, target: int, nodes: int = _MOST_NODES) -> tuple[int, int | None]:
    """The least and greatest value `target` takes in any integer table (None: no greatest).

    Raises TooLarge when the block has too many unknowns or branches, Impossible when no table fits.
    """
    bounds = _propagate(problem, (problem.low, problem.high))
    if bounds[0][target] == bounds[1][target]:
        return bounds[0][target], bounds[1][target]
    block = _block(problem, bounds, target)
    if len(block.low) > _MOST_UNKNOWNS:
        raise TooLarge
    least = _best(block, (block.low, block.high), -1, nodes)
    assert least is not None  # every unknown has a floor
    return least, _best(block, (block.low, block.high), 1, nodes)


def outer_bounds(problem: Problem, target: int) -> tuple[int, int | None]:
    """Bounds by propagation only: the true interval is no wider, and may be narrower."""
    low, high = _propagate(problem, (problem.low, problem.high))
    return low[target], high[target]


def problem_of(system: System) -> Problem:
    """The attacker's problem of a system: what is printed is known, the rest is bounded by the marks."""
    printed = [state != HIDDEN for state in system.state]
    return Problem(
        low=[system.truth[u] if printed[u] else low for u, low in enumerate(system.low)],
        high=[system.truth[u] if printed[u] else high for u, high in enumerate(system.high)],
        rows=[(row, system.constant(number)) for number, row in enumerate(system.rows)],
    )


def span_reaches(system: System, unknown: int, need: int, nodes: int) -> bool:
    """True when integer tables at least `need` apart in `unknown` exist. Raises TooLarge after `nodes` branches."""
    least, most = integer_bounds(problem_of(system), unknown, nodes)
    return most is None or most - least >= need
