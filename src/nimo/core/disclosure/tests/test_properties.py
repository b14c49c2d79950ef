"""Properties of the gate on random worlds, beside the attack."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimo.core.disclosure.editions import edition_from_data
from nimo.core.disclosure.gate import ProtectedTable, edition_of, protect
from nimo.core.disclosure.policy import shipped_policy
from nimo.core.disclosure.tables import Table
from nimo.core.disclosure.tests.attacker import Publication, pinned
from nimo.core.disclosure.tests.worlds import leaves, shapes, table_of

POLICY = shipped_policy()
slowly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    shape = draw(shapes())
    return table_of(shape, draw(leaves(shape)))


def printed(table: ProtectedTable) -> dict[object, object]:
    return {key: (v.text, v.value, v.reason, v.sentence) for key, v in {**table.values, **table.shares}.items()}


def small_keys(table: Table, policy=POLICY) -> set[object]:
    found = set()
    for cell in table.cells:
        rule = policy.rule_for(cell.kind, cell.level, cell.population)
        if rule.hides(cell.value):
            found.add(cell.key)
    return found


@slowly
@given(tables())
def test_every_count_its_rule_hides_is_hidden(table: Table) -> None:
    out = protect(table, POLICY)
    assert not [key for key in small_keys(table) if out[key].shown]


@slowly
@given(tables())
def test_nothing_is_hidden_where_no_count_is_small(table: Table) -> None:
    large = Table(
        tuple(replace(cell, value=(cell.value or 0) * 20, population=60_000) for cell in table.cells),
        table.relations,
    )
    assert all(value.shown for value in protect(large, POLICY).values.values())


@slowly
@given(tables())
def test_zeros_are_shown_unless_a_village_without_counts_is_near(table: Table) -> None:
    towns = Table(tuple(replace(cell, population=60_000) for cell in table.cells), table.relations)
    out = protect(towns, POLICY)
    assert all(out[cell.key].shown for cell in towns.cells if cell.value == 0)


@slowly
@given(tables())
def test_publishing_the_same_again_changes_nothing(table: Table) -> None:
    out = protect(table, POLICY)
    kept = json.loads(json.dumps(edition_of("1", table, out, POLICY).to_data()))
    edition = edition_from_data(kept)
    again = protect(table, POLICY, [edition])
    assert printed(again) == printed(out)
    assert again.exposed == ()
    assert printed(protect(table, POLICY, [edition, edition])) == printed(out)


@slowly
@given(tables(), st.data())
def test_the_order_of_rows_does_not_matter(table: Table, data: st.DataObject) -> None:
    mixed = Table(
        tuple(data.draw(st.permutations(table.cells))),
        tuple(
            replace(relation, parts=tuple(data.draw(st.permutations(relation.parts))))
            for relation in data.draw(st.permutations(table.relations))
        ),
        tuple(data.draw(st.permutations(table.shares))),
    )
    assert printed(protect(mixed, POLICY)) == printed(protect(table, POLICY))


@slowly
@given(tables(), st.integers(11, 40))
def test_a_higher_threshold_never_shows_a_count_that_was_small(table: Table, threshold: int) -> None:
    stricter = POLICY.amended("patients-25000-and-over", threshold=threshold).amended(
        "patients-wider-areas", threshold=threshold
    )
    out = protect(table, stricter)
    assert small_keys(table) <= small_keys(table, stricter)
    assert not [key for key in small_keys(table) if out[key].shown]


@slowly
@given(tables(), st.data())
def test_absent_cells_stay_absent_and_help_no_attacker(table: Table, data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from([cell.key for cell in table.cells]), max_size=4))
    holes = replace(table, cells=tuple(replace(c, value=None) if c.key in gone else c for c in table.cells), shares=())
    out = protect(holes, POLICY)
    assert all(out[key].absent for key in gone)
    assert out.exposed == ()
    assert pinned([Publication(holes, out)], POLICY) == []


@slowly
@given(tables())
def test_a_policy_that_hides_zeros_withstands_the_attack(table: Table) -> None:
    strict = POLICY
    for code in ("patients-2000-to-25000", "patients-25000-and-over", "patients-wider-areas"):
        strict = strict.amended(code, zero_shown=False)
    out = protect(table, strict)
    assert not any(out[cell.key].shown for cell in table.cells if cell.value == 0)
    assert pinned([Publication(table, out)], strict) == []
