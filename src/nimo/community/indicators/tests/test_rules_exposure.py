"""Whatever is published, in whatever order: no small count follows from what was ever shown, by any subtraction.

The attacker here is linear algebra over everything that was shown at any time, written apart from the gate: a hidden
count is given away when it is the same in every solution of all sums that hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.indicators.rules.exposure import Decided, decide
from nimo.community.indicators.rules.sums import Node, Place, Row
from nimo.core.disclosure.policy import Kind, Level, shipped_policy

POLICY = shipped_policy()
WHOLE, SHORT, LONG, OLD, YOUNG = "whole", "short", "long", "old", "young"
NODES = {
    WHOLE: Node(WHOLE, "count", Kind.PATIENTS),
    SHORT: Node(SHORT, "count", Kind.PATIENTS, WHOLE, True),
    LONG: Node(LONG, "count", Kind.PATIENTS, WHOLE, True),
    OLD: Node(OLD, "count", Kind.PATIENTS, LONG, True),
    YOUNG: Node(YOUNG, "count", Kind.PATIENTS, LONG, True),
}
CITIES = ("31201", "31202", "31203")
PLACES = {
    "31000": Place(Level.PREFECTURE, children=(CITIES,)),
    **{code: Place(Level.MUNICIPALITY, 60_000) for code in CITIES},
}
Cell = tuple[str, str]


def figures(leaves: Sequence[int]) -> dict[Cell, int]:
    """Three leaves a city: under a year, over a year old and young; sums above them."""
    values: dict[Cell, int] = {}
    for place, code in enumerate(CITIES):
        short, old, young = leaves[3 * place : 3 * place + 3]
        values |= {(code, SHORT): short, (code, OLD): old, (code, YOUNG): young, (code, LONG): old + young}
        values[code, WHOLE] = short + old + young
    for name in NODES:
        values["31000", name] = sum(values[code, name] for code in CITIES)
    return values


def sums() -> list[tuple[Cell, list[Cell]]]:
    places = ("31000", *CITIES)
    found = [((code, WHOLE), [(code, SHORT), (code, LONG)]) for code in places]
    found += [((code, LONG), [(code, OLD), (code, YOUNG)]) for code in places]
    found += [(("31000", name), [(code, name) for code in CITIES]) for name in NODES]
    return found


def given_away(shown: set[Cell], values: dict[Cell, int]) -> set[Cell]:
    """Hidden cells that have one value only in every solution: those whose unit vector lies in the row space."""
    hidden = sorted(set(values) - shown)
    place = {cell: index for index, cell in enumerate(hidden)}
    rows = []
    for total, parts in sums():
        row = [Fraction(0)] * len(hidden)
        for cell, factor in [(total, -1), *((part, 1) for part in parts)]:
            if cell in place:
                row[place[cell]] += factor
        rows.append(row)
    pivots: list[int] = []
    for column in range(len(hidden)):
        lead = next((row for row in rows[len(pivots) :] if row[column]), None)
        if lead is None:
            continue
        rows.remove(lead)
        lead = [number / lead[column] for number in lead]
        rows = [[a - row[column] * b for a, b in zip(row, lead, strict=True)] if row[column] else row for row in rows]
        rows.insert(len(pivots), lead)
        pivots.append(column)
    return {
        hidden[column]
        for place_of_row, column in enumerate(pivots)
        if sum(1 for number in rows[place_of_row] if number) == 1
    }


def row_of(cell: Cell, value: int, number: int) -> Row:
    return Row(
        number,
        cell[1],
        cell[0],
        2023,
        "2023-06-30",
        "630_address",
        "",
        "",
        "value",
        value,
        published=False,
        edition="1",
    )


def publish_in_steps(values: dict[Cell, int], steps: Sequence[set[Cell]], *, known: bool = True) -> set[Cell]:
    """Publish some cells at a time, as the service does; returns everything that was shown at any moment.

    known: all figures are recorded from the beginning; otherwise each step records what it publishes.
    """
    rows = {cell: row_of(cell, value, number) for number, (cell, value) in enumerate(sorted(values.items()))}
    shown: set[Cell] = set()
    recorded = set(values) if known else set()
    for step in steps:
        recorded |= step
        for cell in step:
            rows[cell] = replace(rows[cell], published=True)
        seeds = {rows[cell].id for cell in step}
        outcome = decide([rows[cell] for cell in sorted(recorded)], seeds, NODES, PLACES, POLICY)
        for cell, row in rows.items():
            decided: Decided | None = outcome.decided.get(row.id)
            if decided is not None:
                seen = decided.exposure == "shown"
                rows[cell] = replace(row, exposure=decided.exposure, was_shown=row.was_shown or seen)
                if seen:
                    shown.add(cell)
    return shown


counts = st.one_of(st.integers(0, 14), st.integers(0, 120))
regions = st.permutations(["31000", *CITIES])


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=9, max_size=9), regions, st.booleans())
def test_no_order_of_publishing_gives_a_small_count_away(leaves, order, known):
    values = figures(leaves)
    steps = [{cell for cell in values if cell[0] == code} for code in order]
    shown = publish_in_steps(values, steps, known=known)
    small = {cell for cell, value in values.items() if 0 < value < 10}
    assert not small & shown, "a small count was printed"
    assert not small & given_away(shown, values), "a small count follows from what was printed"


@settings(max_examples=40, deadline=None)
@given(st.lists(counts, min_size=9, max_size=9))
def test_publishing_everything_at_once_gives_no_small_count_away(leaves):
    values = figures(leaves)
    shown = publish_in_steps(values, [set(values)])
    small = {cell for cell, value in values.items() if 0 < value < 10}
    assert not small & shown
    assert not small & given_away(shown, values)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(40, 200), min_size=9, max_size=9), regions)
def test_nothing_is_hidden_where_nothing_is_small(leaves, order):
    values = figures(leaves)
    shown = publish_in_steps(values, [{cell for cell in values if cell[0] == code} for code in order])
    assert shown == set(values)


def test_the_attacker_of_this_file_sees_through_a_single_hidden_cell():
    values = figures([50, 4, 30, 60, 70, 80, 60, 70, 80])
    only = ("31201", OLD)
    assert given_away(set(values) - {only}, values) == {only}
    assert not given_away(set(values) - {only, ("31201", YOUNG), ("31202", OLD), ("31202", YOUNG)}, values)


def test_an_absent_part_that_follows_from_the_others_is_protected():
    """The source lost one stay: total and other stays must not let anyone work out that it was small."""
    values = figures([50, 2, 3, 60, 70, 80, 60, 70, 80])
    city = {cell: value for cell, value in values.items() if cell[0] == "31201" and cell[1] in (WHOLE, SHORT)}
    rows = [replace(row_of(cell, value, place), published=True) for place, (cell, value) in enumerate(city.items())]
    outcome = decide(rows, {row.id for row in rows}, NODES, PLACES, POLICY)
    assert any(decided.exposure != "shown" for decided in outcome.decided.values())


def test_what_two_silent_regions_have_together_is_protected_too():
    """The total is out, two cities have given nothing yet: the third may not leave a handful of people for them."""
    values = figures([0, 0, 1, 0, 0, 0, 0, 0, 10])
    shown = publish_in_steps(
        values, [{cell for cell in values if cell[0] == code} for code in ("31000", *reversed(CITIES))], known=False
    )
    small = {cell for cell, value in values.items() if 0 < value < 10}
    assert not small & given_away(shown, values)


def test_a_region_of_unknown_population_shows_no_count():
    rows = [replace(row_of(("31201", WHOLE), 300, 1), published=True)]
    places = {**PLACES, "31201": Place(Level.MUNICIPALITY, None)}
    assert decide(rows, {1}, NODES, places, POLICY).decided[1].exposure != "shown"


def test_a_missing_value_has_nothing_to_hide():
    row = replace(row_of(("31201", WHOLE), 0, 1), state="not_filled", value=None, published=True)
    assert decide([row], {1}, NODES, PLACES, POLICY).decided[1].exposure == "shown"


def test_rows_that_are_not_public_get_no_decision():
    rows = [row_of(("31201", WHOLE), 300, 1), replace(row_of(("31201", SHORT), 30, 2), published=True)]
    assert set(decide(rows, {2}, NODES, PLACES, POLICY).decided) == {2}


def test_two_sources_of_one_fact_are_hidden_together():
    mine = replace(row_of(("31201", WHOLE), 12, 1), published=True)
    theirs = replace(row_of(("31201", WHOLE), 8, 2), published=True, edition="2")
    decided = decide([mine, theirs], {1, 2}, NODES, PLACES, POLICY).decided
    assert {one.exposure == "shown" for one in decided.values()} == {False}
