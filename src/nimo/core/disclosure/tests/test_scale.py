"""Large tables: every witness is checked by hand arithmetic, and the time stays short."""

from __future__ import annotations

import random
import time

from nimo.core.disclosure.complement import Complement
from nimo.core.disclosure.gate import protect
from nimo.core.disclosure.policy import shipped_policy
from nimo.core.disclosure.rows import INPATIENT_RELATIONS, row_table
from nimo.core.disclosure.system import HIDDEN, build_system
from nimo.core.disclosure.tables import Table
from nimo.core.disclosure.tests.worlds import AGES, LEAVES, table_of

POLICY = shipped_policy()


def towns(count: int, seed: int) -> dict[str, tuple[int, dict[str, int]]]:
    """Towns with populations spread like real ones and about two inpatients per thousand residents."""
    dice = random.Random(seed)
    found = {}
    for number in range(count):
        population = int(min(2e6, max(300, dice.lognormvariate(10.1, 1.4))))
        means = [population * 0.002 * part for part in (0.25, 0.2, 0.37, 0.18)]
        counts = [max(0, round(dice.gauss(mean, mean**0.5))) for mean in means]
        found[f"town{number:04}"] = (population, dict(zip(LEAVES, counts, strict=True)))
    return found


def prefecture(count: int, seed: int) -> Table:
    world = towns(count, seed)
    names = list(world)
    shape = {f"area{a}": [(name, world[name][0]) for name in names[a::6]] for a in range(6)}
    return table_of(shape, {name: counts for name, (_, counts) in world.items()})


def test_every_witness_of_a_prefecture_is_a_table_a_reader_cannot_rule_out() -> None:
    table = prefecture(179, 7)
    system = build_system(table, POLICY, ())
    work = Complement(system)
    work.run()
    protected = [u for u, need in enumerate(system.need) if need]
    assert len(protected) > 300
    assert work.unproven == []
    for unknown in protected:
        witness = work.witnesses[unknown]
        reached = {0, witness.up.get(unknown, 0), witness.down.get(unknown, 0)}
        assert max(reached) - min(reached) >= system.need[unknown]
        for offsets in (witness.up, witness.down):
            other = {u: system.truth[u] + change for u, change in offsets.items()}
            assert all(system.state[u] == HIDDEN for u in other)
            assert all(value >= system.low[u] for u, value in other.items())
            for row in {row for u in other for row, _ in system.touching[u]}:
                assert sum(factor * other.get(u, system.truth[u]) for u, factor in system.rows[row]) == 0


def test_all_municipalities_one_by_one_take_seconds_at_most() -> None:
    tables = []
    for population, counts in towns(1741, 3).values():
        long = sum(counts[age] for age in AGES)
        values = {
            "inpatients": counts["short"] + counts["middle"] + long,
            "inpatients_under_3_months": counts["short"],
            "inpatients_3_to_12_months": counts["middle"],
            "inpatients_over_1_year": long,
            "inpatients_over_1_year_65_and_over": counts["old"],
            "inpatients_over_1_year_under_65": counts["young"],
        }
        tables.append(row_table(values, INPATIENT_RELATIONS, population=population))
    start = time.process_time()
    outs = [protect(table, POLICY) for table in tables]
    # About 0.4 s on the machine it was written on; the bound is for a busy one.
    assert time.process_time() - start < 5
    hidden = sum(not value.shown for out in outs for value in out.values.values())
    assert 0 < hidden < 6 * len(tables)


def test_a_whole_prefecture_with_its_areas_takes_a_second_or_so() -> None:
    table = prefecture(179, 11)
    start = time.process_time()
    out = protect(table, POLICY)
    assert time.process_time() - start < 10
    assert out.exposed == ()
