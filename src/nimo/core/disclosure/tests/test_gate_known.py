"""A reader who knows this source code: all tables with the same print are compared, on every table of one sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from nimo.core.disclosure.gate import protect
from nimo.core.disclosure.policy import Kind, Level, shipped_policy
from nimo.core.disclosure.tables import Cell, Relation, Table

POLICY = shipped_policy()


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, parts - 1):
            yield (first, *rest)


@pytest.mark.parametrize(
    ("population", "parts", "totals"),
    [(60_000, 2, range(0, 45)), (12_000, 2, range(0, 60)), (60_000, 3, (12, 18, 25, 28, 32)), (12_000, 3, (38,))],
)
def test_knowing_the_gate_still_leaves_four_values_for_every_hidden_count(
    population: int, parts: int, totals: range | tuple[int, ...]
) -> None:
    rule = POLICY.rule_for(Kind.PATIENTS, Level.MUNICIPALITY, population)
    assert rule is not None
    names = ("total", *(f"part{number}" for number in range(parts)))
    same_print: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for total in totals:
        for counts in splits(total, parts):
            values = (total, *counts)
            cells = tuple(Cell(name, value, population=population) for name, value in zip(names, values, strict=True))
            out = protect(Table(cells, (Relation("total", names[1:]),)), POLICY)
            same_print[tuple((out[name].value, out[name].reason) for name in names)].append(values)
    narrow = []
    for prints, tables in same_print.items():
        for place, (value, _) in enumerate(prints):
            possible = {table[place] for table in tables}
            if value is None and any(rule.hides(count) for count in possible) and place:
                narrow.append(len(possible))
    assert narrow
    assert min(narrow) >= 4
