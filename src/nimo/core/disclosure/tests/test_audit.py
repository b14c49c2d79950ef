"""The exact solver against brute force, and against the attacker of the tests."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimo.core.disclosure.audit import feasible_interval, reader_view, too_narrow
from nimo.core.disclosure.gate import ProtectedTable, ProtectedValue, protect
from nimo.core.disclosure.marks import Reason
from nimo.core.disclosure.policy import shipped_policy
from nimo.core.disclosure.solver import Impossible, Problem, TooLarge, integer_bounds
from nimo.core.disclosure.tables import Cell, Relation, Table
from nimo.core.disclosure.tests.worlds import leaves, table_of

POLICY = shipped_policy()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_bounds_agree_with_trying_every_table(data: st.DataObject) -> None:
    """Coefficients up to 3, so that vertices are often fractional and branching is needed."""
    count = data.draw(st.integers(1, 4))
    low = [data.draw(st.integers(0, 2)) for _ in range(count)]
    high = [bottom + data.draw(st.integers(0, 5)) for bottom in low]
    point = [data.draw(st.integers(a, b)) for a, b in zip(low, high, strict=True)]
    rows = []
    for _ in range(data.draw(st.integers(1, 3))):
        row = [(u, f) for u in range(count) if (f := data.draw(st.integers(-3, 3)))]
        if row:
            rows.append((tuple(row), sum(f * point[u] for u, f in row)))
    everything = [
        table
        for table in product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))
        if all(sum(f * table[u] for u, f in row) == constant for row, constant in rows)
    ]
    bounds: list[int | None] = list(high)
    for target in range(count):
        expected = (min(t[target] for t in everything), max(t[target] for t in everything))
        assert integer_bounds(Problem(low, bounds, rows), target) == expected


def test_an_unknown_without_ceiling_has_none() -> None:
    problem = Problem([0, 0], [None, None], [(((0, 1), (1, -1)), 3)])
    assert integer_bounds(problem, 0) == (3, None)


def test_parity_is_seen() -> None:
    """2x + 4y = 9 has fractional solutions only."""
    with pytest.raises(Impossible):
        integer_bounds(Problem([0, 0], [9, 9], [(((0, 2), (1, 4)), 9)]), 0)


def test_a_block_that_is_too_large_is_refused_rather_than_guessed() -> None:
    row = (tuple((u, 1) for u in range(200)), 300)
    with pytest.raises(TooLarge):
        integer_bounds(Problem([0] * 200, [None] * 200, [row]), 0)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_audit_finds_nothing_in_what_the_gate_lets_out(data: st.DataObject) -> None:
    shape = {"area0": [("town00", 60_000), ("town01", data.draw(st.sampled_from([900, 12_000, 60_000])))]}
    table = table_of(shape, data.draw(leaves(shape)))
    assert too_narrow(table, protect(table, POLICY), POLICY) == ()


def careless(table: Table) -> ProtectedTable:
    values = {}
    for cell in table.cells:
        small = cell.value is not None and 0 < cell.value < 10
        values[cell.key] = ProtectedValue(
            cell.key, not small, None if small else cell.value, "", Reason.SMALL if small else None
        )
    return ProtectedTable(values)


def test_the_audit_finds_what_a_careless_gate_lets_out() -> None:
    cells = tuple(Cell(k, v, population=60_000) for k, v in {"t": 44, "a": 12, "b": 5, "c": 27}.items())
    table = Table(cells, (Relation("t", ("a", "b", "c")),))
    assert too_narrow(table, careless(table), POLICY) == ("b",)
    view = reader_view(table, careless(table), POLICY)
    interval = feasible_interval("b", view)
    assert (interval.low, interval.high, interval.exact, interval.proves(1)) == (5, 5, True, False)


def test_the_interval_of_a_protected_count_is_what_hand_arithmetic_gives() -> None:
    """a + b = 17 follows from the print, and neither is zero: b is 1…16 (the words do not say which is small)."""
    cells = tuple(Cell(k, v, population=60_000) for k, v in {"t": 117, "a": 12, "b": 5, "c": 100}.items())
    table = Table(cells, (Relation("t", ("a", "b", "c")),))
    out = protect(table, POLICY)
    view = reader_view(table, out, POLICY)
    interval = feasible_interval("b", view)
    assert out["b"].reason is Reason.JOINT
    assert (interval.low, interval.high) == (1, 16)
    assert interval.proves(4)


@pytest.mark.parametrize("count", [30, 120])
def test_an_interval_proves_nothing_where_the_block_is_too_large(count: int) -> None:
    names = tuple(f"p{number:03}" for number in range(count))
    cells = (*(Cell(name, 3, population=60_000) for name in names), Cell("t", 3 * count, population=60_000))
    table = Table(cells, (Relation("t", names),))
    view = reader_view(table, protect(table, POLICY), POLICY)
    interval = feasible_interval("p000", view)
    assert interval.exact is (count == 30)
    assert interval.proves(4) is (count == 30)
