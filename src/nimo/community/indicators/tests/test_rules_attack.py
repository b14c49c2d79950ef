"""An attacker with an integer solver over three area levels, a breakdown, two editions and a drill-down.

The attacker (core.disclosure.tests.attacker) keeps everything that was ever printed: figures, the marks in place of
hidden ones and what they tell, every sum, and which facts did not change between the editions. A count hidden for its own
size must keep the protection width of its rule whatever else was published before or after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nimo.community.indicators.rules.exposure import Decided, Outcome, decide
from nimo.community.indicators.rules.sums import Node, Place, Row
from nimo.core.disclosure.marks import Reason
from nimo.core.disclosure.policy import Kind, Level, Rule, shipped_policy
from nimo.core.disclosure.tests.attacker import LIMIT, GaveUp, Knowledge, span_is

POLICY = shipped_policy()
WHOLE, SHORT, LONG, OLD, YOUNG = "whole", "short", "long", "old", "young"
NODES = {
    WHOLE: Node(WHOLE, "count", Kind.PATIENTS),
    SHORT: Node(SHORT, "count", Kind.PATIENTS, WHOLE, True),
    LONG: Node(LONG, "count", Kind.PATIENTS, WHOLE, True),
    OLD: Node(OLD, "count", Kind.PATIENTS, LONG, True),
    YOUNG: Node(YOUNG, "count", Kind.PATIENTS, LONG, True),
}
PREFECTURE = "31000"
AREAS = {"31w01": ("31201", "31202"), "31w02": ("31203", "31204")}
TOWNS = tuple(town for towns in AREAS.values() for town in towns)
LEVELS: dict[str, tuple[str, ...]] = {"prefecture": (PREFECTURE,), "area": tuple(AREAS), "municipality": TOWNS}
Cell = tuple[str, str]
Values = Mapping[Cell, int]


def places(populations: Mapping[str, int]) -> dict[str, Place]:
    found = {PREFECTURE: Place(Level.PREFECTURE, children=(tuple(AREAS), TOWNS))}
    found |= {area: Place(Level.AREA, children=(towns,)) for area, towns in AREAS.items()}
    return found | {town: Place(Level.MUNICIPALITY, populations[town]) for town in TOWNS}


def figures(leaves: Mapping[str, Sequence[int]]) -> dict[Cell, int]:
    """Per town: under a year, over a year old and young; every sum over the stays, the ages and the places."""
    values: dict[Cell, int] = {}
    for town in TOWNS:
        short, old, young = leaves[town]
        values |= {(town, SHORT): short, (town, OLD): old, (town, YOUNG): young, (town, LONG): old + young}
        values[town, WHOLE] = short + old + young
    for name in NODES:
        for area, towns in AREAS.items():
            values[area, name] = sum(values[town, name] for town in towns)
        values[PREFECTURE, name] = sum(values[town, name] for town in TOWNS)
    return values


def sums() -> list[tuple[Cell, list[Cell]]]:
    found: list[tuple[Cell, list[Cell]]] = []
    for code in (PREFECTURE, *AREAS, *TOWNS):
        found += [((code, WHOLE), [(code, SHORT), (code, LONG)]), ((code, LONG), [(code, OLD), (code, YOUNG)])]
    for name in NODES:
        found += [((area, name), [(town, name) for town in towns]) for area, towns in AREAS.items()]
        found.append(((PREFECTURE, name), [(area, name) for area in AREAS]))
    return found


@dataclass
class Desk:
    """The store as the services keep it, and beside it everything that a reader ever had on the desk."""

    places: Mapping[str, Place]
    gate: str = "whole"

    def __post_init__(self) -> None:
        self.rows: list[Row] = []
        self.printed: list[tuple[Cell, int, Decided]] = []
        self.editions: list[Values] = []
        self.exposed = 0

    def rule(self, cell: Cell) -> Rule:
        place = self.places[cell[0]]
        rule = POLICY.rule_for(Kind.PATIENTS, place.level, place.population)
        assert rule is not None
        return rule

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
                self.printed.append(((row.region_code, row.indicator), row.value, Decided(row.exposure)))

    def _decide(self, seeds: set[int]) -> Outcome:
        if self.gate == "whole":
            return decide(self.rows, seeds, NODES, self.places, POLICY)
        if self.gate == "forgetful":  # knows the figures of today only
            today = [replace(row, was_shown=False, exposure="") for row in self.rows if row.live]
            return decide(today, seeds, NODES, self.places, POLICY)
        small = Decided(Reason.JOINT.value)  # "naive": hides small counts and nothing else
        rows = [self.rows[number] for number in seeds]
        hides = {row.id: self.rule((row.region_code, row.indicator)).hides(int(row.value or 0)) for row in rows}
        return Outcome({number: small if hidden else Decided("shown") for number, hidden in hides.items()})

    def knowledge(self) -> Knowledge:
        """An unknown a fact and value: what did not change between the editions is told to be the same."""
        known = Knowledge()
        for cell, value, decided in self.printed:
            rule = self.rule(cell)
            low, high = {
                "shown": (value, value),
                Reason.SMALL: (rule.lowest_hidden, (rule.threshold or 1) - 1),
                Reason.DERIVABLE: (rule.threshold or 0, LIMIT),
            }.get(decided.exposure, (min(value, rule.lowest_hidden), LIMIT))
            known.learn((cell, value), low, high)
        for values in self.editions:
            for total, parts in sums():
                known.add_sum((total, values[total]), [(part, values[part]) for part in parts])
        return known

    def told(self) -> set[tuple[Cell, int]]:
        """Counts hidden for their own size that are narrowed below the width of their rule."""
        known = self.knowledge()
        hidden = {(cell, value) for cell, value, one in self.printed if one.exposure != "shown"}
        at_risk = {(cell, value) for cell, value in hidden if self.rule(cell).hides(value)}
        try:
            return {
                (cell, value)
                for cell, value in at_risk
                if not span_is(known, (cell, value), value, self.rule(cell).width)
            }
        except GaveUp:
            assume(False)
            raise


counts = st.one_of(st.integers(0, 4), st.integers(0, 14), st.integers(0, 40))
leaf_rows = st.fixed_dictionaries({town: st.tuples(counts, counts, counts) for town in TOWNS})
sizes = st.fixed_dictionaries({town: st.sampled_from([12_000, 60_000, 60_000]) for town in TOWNS})
corrections = st.lists(st.tuples(st.sampled_from(TOWNS), st.integers(0, 2), counts), max_size=3)
orders = st.permutations(list(LEVELS))
views = st.sampled_from([tuple(NODES), (WHOLE,), (WHOLE, SHORT, LONG), (LONG, OLD, YOUNG)])
slowly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def corrected(leaves: Mapping[str, Sequence[int]], changes: Sequence[tuple[str, int, int]]) -> dict[str, list[int]]:
    found = {town: list(row) for town, row in leaves.items()}
    for town, place, value in changes:
        found[town][place] = value
    return found


@slowly
@given(leaf_rows, sizes, orders, views)
def test_no_hidden_count_follows_from_a_drill_down_in_any_order(leaves, populations, order, view):
    """First one level in a coarse view, then the others, then the rest of the breakdown."""
    desk = Desk(places(populations))
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
    desk = Desk(places(populations))
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
PLAIN = {"31201": (20, 25, 30), "31202": (5, 25, 30), "31203": (20, 25, 30), "31204": (20, 25, 30)}


@pytest.mark.parametrize(("gate", "beaten"), [("naive", True), ("whole", False)])
def test_the_attack_beats_a_gate_that_hides_small_counts_only(gate, beaten):
    desk = Desk(places(POPULATIONS), gate)
    desk.record(figures(PLAIN))
    for level in LEVELS.values():
        desk.publish(level, tuple(NODES))
    assert ((("31202", SHORT), 5) in desk.told()) is beaten


@pytest.mark.parametrize(("gate", "beaten"), [("forgetful", True), ("whole", False)])
def test_the_attack_beats_a_gate_that_forgets_the_earlier_edition(gate, beaten):
    """Twelve became five: what was printed beside the twelve still stands."""
    desk = Desk(places(POPULATIONS), gate)
    desk.record(figures({**PLAIN, "31202": (12, 25, 30)}))
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
        ({"31204": (0, 1, 20)}, {"31204": (0, 0, 20)}, (("31204", OLD), 1)),
        # One town and the sums above it are corrected; the other town of the area keeps what it had.
        ({"31203": (12, 25, 30), "31204": (5, 25, 30)}, {"31204": (30, 25, 30)}, (("31204", SHORT), 5)),
    ],
)
def test_a_correction_does_not_tell_what_the_replaced_figure_was(before, after, risk):
    """前の合計 − 変わらない隣の値 is what was hidden: the neighbour stays hidden, whichever source it stands in."""
    desk = Desk(places(POPULATIONS))
    for leaves in ({**PLAIN, **before}, {**PLAIN, **before, **after}):
        desk.record(figures(leaves))
        for level in LEVELS.values():
            desk.publish(level, tuple(NODES))
    assert risk in {(cell, value) for cell, value, one in desk.printed if one.exposure != "shown"}
    assert desk.told() == set()
