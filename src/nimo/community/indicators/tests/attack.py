"""A prefecture of two areas with two towns each, and an attacker with an integer solver who kept everything ever printed.

The attacker (core.disclosure.tests.attacker) knows figures, the marks in place of hidden ones and what they tell, every sum
over stays, ages and places, and which facts did not change between the editions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nimo.community.indicators.rules.sums import Node, Place
from nimo.core.disclosure.marks import Reason
from nimo.core.disclosure.policy import Kind, Level, Rule, shipped_policy
from nimo.core.disclosure.tests.attacker import LIMIT, Knowledge, span_is

POLICY = shipped_policy()
WHOLE, LONG = "inpatients", "inpatients_over_1_year"
SHORT, MIDDLE = "inpatients_under_3_months", "inpatients_3_to_12_months"
OLD, YOUNG = "inpatients_over_1_year_65_and_over", "inpatients_over_1_year_under_65"
NODES = {
    WHOLE: Node(WHOLE, "count", Kind.PATIENTS),
    SHORT: Node(SHORT, "count", Kind.PATIENTS, WHOLE, True),
    MIDDLE: Node(MIDDLE, "count", Kind.PATIENTS, WHOLE, True),
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
    """Per town: two short stays, then the long ones old and young; every sum over the stays, the ages and the places."""
    values: dict[Cell, int] = {}
    for town in TOWNS:
        short, middle, old, young = leaves[town]
        values |= {(town, SHORT): short, (town, MIDDLE): middle, (town, OLD): old, (town, YOUNG): young}
        values |= {(town, LONG): old + young, (town, WHOLE): short + middle + old + young}
    for name in NODES:
        for area, towns in AREAS.items():
            values[area, name] = sum(values[town, name] for town in towns)
        values[PREFECTURE, name] = sum(values[town, name] for town in TOWNS)
    return values


def sums() -> list[tuple[Cell, list[Cell]]]:
    found: list[tuple[Cell, list[Cell]]] = []
    for code in (PREFECTURE, *AREAS, *TOWNS):
        found += [
            ((code, WHOLE), [(code, SHORT), (code, MIDDLE), (code, LONG)]),
            ((code, LONG), [(code, OLD), (code, YOUNG)]),
        ]
    for name in NODES:
        found += [((area, name), [(town, name) for town in towns]) for area, towns in AREAS.items()]
        found.append(((PREFECTURE, name), [(area, name) for area in AREAS]))
    return found


def rule_of(cell: Cell, populations: Mapping[str, int]) -> Rule:
    place = places(populations)[cell[0]]
    rule = POLICY.rule_for(Kind.PATIENTS, place.level, place.population)
    assert rule is not None
    return rule


def knowledge_of(
    printed: Iterable[tuple[Cell, int, str]], editions: Sequence[Values], populations: Mapping[str, int]
) -> Knowledge:
    """printed: cell, true value, "shown" or the reason. A fact and value is one unknown: who did not change is told so."""
    known = Knowledge()
    for cell, value, exposure in printed:
        rule = rule_of(cell, populations)
        low, high = {
            "shown": (value, value),
            Reason.SMALL: (rule.lowest_hidden, (rule.threshold or 1) - 1),
            Reason.DERIVABLE: (rule.threshold or 0, LIMIT),
        }.get(exposure, (min(value, rule.lowest_hidden), LIMIT))
        known.learn((cell, value), low, high)
    for values in editions:
        for total, parts in sums():
            known.add_sum((total, values[total]), [(part, values[part]) for part in parts])
    return known


def told_by(
    known: Knowledge, printed: Iterable[tuple[Cell, int, str]], populations: Mapping[str, int]
) -> set[tuple[Cell, int]]:
    """Counts hidden for their own size that are narrowed below the width of their rule. Raises GaveUp."""
    hidden = {(cell, value) for cell, value, exposure in printed if exposure != "shown"}
    at_risk = {(cell, value) for cell, value in hidden if rule_of(cell, populations).hides(value)}
    return {
        (cell, value)
        for cell, value in at_risk
        if not span_is(known, (cell, value), value, rule_of(cell, populations).width)
    }


def corrected(leaves: Mapping[str, Sequence[int]], changes: Iterable[tuple[str, int, int]]) -> dict[str, list[int]]:
    """changes: town, which leaf, its new count."""
    found = {town: list(row) for town, row in leaves.items()}
    for town, place, value in changes:
        found[town][place] = value
    return found
