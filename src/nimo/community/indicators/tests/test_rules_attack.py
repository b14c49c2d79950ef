"""An attacker with an integer solver over three area levels, a breakdown, two editions and a drill-down.

A count hidden for its own size must keep the protection width of its rule whatever else was published before or after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nimo.community.indicators.rules.exposure import Decided, Outcome, decide
from nimo.community.indicators.rules.sums import Row
from nimo.community.indicators.tests.attack import (
    LEVELS,
    LONG,
    MIDDLE,
    NODES,
    OLD,
    POLICY,
    SHORT,
    TOWNS,
    WHOLE,
    YOUNG,
    Cell,
    Values,
    corrected,
    figures,
    knowledge_of,
    places,
    rule_of,
    told_by,
)
from nimo.core.disclosure.marks import Reason
from nimo.core.disclosure.tests.attacker import GaveUp


@dataclass
class Desk:
    """The store as the services keep it, and beside it everything that a reader ever had on the desk."""

    populations: Mapping[str, int]
    gate: str = "whole"

    def __post_init__(self) -> None:
        self.places = places(self.populations)
        self.rows: list[Row] = []
        self.printed: list[tuple[Cell, int, str]] = []
        self.editions: list[Values] = []
        self.exposed = 0

    def record(self, values: Values) -> None:
        """A new edition: what changed replaces what stood; nothing of it is public yet."""
        self.editions.append(values)
        edition, first = str(len(self.editions)), len(self.rows)
        live = {(row.region_code, row.indicator): row for row in self.rows if row.live}
        for cell, value in sorted(values.items()):
            old = live.get(cell)
            if old is not None and old.value == value:
                continue
            if old is not None:
                self.rows[old.id] = replace(old, live=False, published=False, until=first)
            self.rows.append(
                Row(len(self.rows), cell[1], cell[0], 2023, "2023-06-30", "630_address", "", "", "value", value,
                    published=False, edition=edition)
            )  # fmt: skip

    def publish(self, regions: Sequence[str], names: Sequence[str]) -> None:
        """What a named person opens at once, in the form the gate gives it; the reader takes a copy of it all."""
        seeds = set()
        for row in self.rows:
            if row.live and row.region_code in regions and row.indicator in names:
                self.rows[row.id] = replace(row, published=True)
                seeds.add(row.id)
        outcome = self._decide(seeds)
        self.exposed += outcome.exposed
        for number, decided in outcome.decided.items():
            row = self.rows[number]
            shown = decided.exposure == "shown"
            self.rows[number] = replace(row, exposure=decided.exposure, was_shown=row.was_shown or shown)
        for row in self.rows:
            if row.live and row.published and row.exposure:
                assert isinstance(row.value, int)
                self.printed.append(((row.region_code, row.indicator), row.value, row.exposure))

    def _decide(self, seeds: set[int]) -> Outcome:
        if self.gate == "whole":
            return decide(self.rows, seeds, NODES, self.places, POLICY)
        if self.gate == "forgetful":  # knows the figures of today only
            today = [replace(row, was_shown=False, exposure="") for row in self.rows if row.live]
            return decide(today, seeds, NODES, self.places, POLICY)
        small = Decided(Reason.JOINT.value)  # "naive": hides small counts and nothing else
        rows = [self.rows[number] for number in seeds]
        hides = {
            row.id: rule_of((row.region_code, row.indicator), self.populations).hides(int(row.value or 0))
            for row in rows
        }
        return Outcome({number: small if hidden else Decided("shown") for number, hidden in hides.items()})

    def told(self) -> set[tuple[Cell, int]]:
        try:
            return told_by(knowledge_of(self.printed, self.editions, self.populations), self.printed, self.populations)
        except GaveUp:
            assume(False)
            raise


counts = st.one_of(st.integers(0, 4), st.integers(0, 14), st.integers(0, 24))
leaf_rows = st.fixed_dictionaries({town: st.tuples(counts, counts, counts, counts) for town in TOWNS})
sizes = st.fixed_dictionaries({town: st.sampled_from([12_000, 60_000, 60_000]) for town in TOWNS})
corrections = st.lists(st.tuples(st.sampled_from(TOWNS), st.integers(0, 3), counts), max_size=3)
orders = st.permutations(list(LEVELS))
views = st.sampled_from([tuple(NODES), (WHOLE,), (WHOLE, SHORT, MIDDLE, LONG), (LONG, OLD, YOUNG)])
slowly = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@slowly
@given(leaf_rows, sizes, orders, views)
def test_no_hidden_count_follows_from_a_drill_down_in_any_order(leaves, populations, order, view):
    """First one level in a coarse view, then the others, then the rest of the breakdown."""
    desk = Desk(populations)
    desk.record(figures(leaves))
    for level in order:
        desk.publish(LEVELS[level], view)
    for level in order:
        desk.publish(LEVELS[level], tuple(NODES))
    assert desk.exposed == 0
    assert not desk.told()


@slowly
@given(leaf_rows, sizes, orders, views, corrections)
def test_no_hidden_count_follows_from_two_editions_and_a_drill_down(leaves, populations, order, view, changes):
    """The corrected edition comes while the first lies on the reader's desk."""
    desk = Desk(populations)
    desk.record(figures(leaves))
    for level in order[:2]:
        desk.publish(LEVELS[level], view)
    desk.record(figures(corrected(leaves, changes)))
    for level in order:
        desk.publish(LEVELS[level], tuple(NODES))
    told = desk.told()
    assert len(told) <= desk.exposed, "the gate must say what an earlier edition already gave away"


# -- the attack must be able to win ---------------------------------------------------------------------------------

POPULATIONS = dict.fromkeys(TOWNS, 60_000)
PLAIN = {"31201": (20, 15, 25, 20), "31202": (5, 15, 25, 20), "31203": (20, 15, 25, 20), "31204": (20, 15, 25, 20)}


@pytest.mark.parametrize(("gate", "beaten"), [("naive", True), ("whole", False)])
def test_the_attack_beats_a_gate_that_hides_small_counts_only(gate, beaten):
    desk = Desk(POPULATIONS, gate)
    desk.record(figures(PLAIN))
    for level in LEVELS.values():
        desk.publish(level, tuple(NODES))
    assert ((("31202", SHORT), 5) in desk.told()) is beaten


@pytest.mark.parametrize(("gate", "beaten"), [("forgetful", True), ("whole", False)])
def test_the_attack_beats_a_gate_that_forgets_the_earlier_edition(gate, beaten):
    """Twelve became five: what was printed beside the twelve still stands."""
    desk = Desk(POPULATIONS, gate)
    desk.record(figures({**PLAIN, "31202": (12, 15, 25, 20)}))
    for level in LEVELS.values():
        desk.publish(level, tuple(NODES))
    desk.record(figures(PLAIN))
    for level in LEVELS.values():
        desk.publish(level, tuple(NODES))
    assert ((("31202", SHORT), 5) in desk.told()) is beaten


@pytest.mark.parametrize(
    ("before", "after", "risk"),
    [
        # One part and its sums are corrected; the neighbour that was hidden to protect it is not touched.
        ({"31204": (0, 0, 1, 20)}, {"31204": (0, 0, 0, 20)}, (("31204", OLD), 1)),
        # One town and the sums above it are corrected; the other town of the area keeps what it had.
        ({"31203": (12, 15, 25, 20), "31204": (5, 15, 25, 20)}, {"31204": (30, 15, 25, 20)}, (("31204", SHORT), 5)),
    ],
)
def test_a_correction_does_not_tell_what_the_replaced_figure_was(before, after, risk):
    """前の合計 − 変わらない隣の値 is what was hidden: the neighbour stays hidden, whichever source it stands in."""
    desk = Desk(POPULATIONS)
    for leaves in ({**PLAIN, **before}, {**PLAIN, **before, **after}):
        desk.record(figures(leaves))
        for level in LEVELS.values():
            desk.publish(level, tuple(NODES))
    assert risk in {(cell, value) for cell, value, one in desk.printed if one != "shown"}
    assert desk.told() == set()
