"""From figures of persons to the tables of the disclosure gate, and from its answers back to the figures.

Pure: rows, dictionary, places and populations in, decisions out. What is tied by a sum stands in one table: the parts
of a whole, the regions of a region, a figure with and without what its coverage leaves out (政令市を除く).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nimo.community.indicators.rules.ledger import Ledger
from nimo.community.indicators.rules.sums import (
    DENOMINATOR,
    NUMERATOR,
    REST,
    Fact,
    Node,
    Place,
    Row,
    Tables,
    components,
)
from nimo.core.disclosure.gate import ProtectedTable, protect
from nimo.core.disclosure.marks import Reason, Wording
from nimo.core.disclosure.policy import DisclosurePolicy, Level
from nimo.core.disclosure.tables import Key, Table

_WORDING = Wording()
SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Decided:
    """exposure: "shown" or a reason of the gate; mark and text: what stands in place of the figure."""

    exposure: str
    mark: str = ""
    text: str = ""


@dataclass
class Outcome:
    """decided: by row id. exposed: how many figures earlier publications already give away (for the administrator)."""

    decided: dict[int, Decided] = field(default_factory=dict)
    exposed: int = 0


_SHOWN = Decided(SHOWN)
_NO_RULE = Decided(Reason.NO_RULE.value, _WORDING.mark(Reason.NO_RULE, None), _WORDING.sentence(Reason.NO_RULE, None))
_DERIVED = Decided(Reason.DERIVED.value, _WORDING.mark(Reason.DERIVED, None), _WORDING.sentence(Reason.DERIVED, None))


def _one_per_fact(rows: Iterable[Row]) -> dict[Fact, list[Row]]:
    """Several sources may state one fact; they are hidden together. The smallest value leads, being the one at risk."""
    facts: dict[Fact, list[Row]] = defaultdict(list)
    for row in rows:
        facts[row.key].append(row)
    for same in facts.values():
        same.sort(key=lambda row: (row.value is None, Decimal(row.value or 0), row.id))
    return facts


def _decision(row: Row, keys: set[Key], protected: ProtectedTable, nodes: Mapping[str, Node]) -> Decided | None:
    if row.key in keys:
        answer = protected.values[row.key]
        if answer.shown or answer.absent:
            return _SHOWN
        assert answer.reason is not None
        return Decided(answer.reason.value, answer.text, answer.sentence)
    if (*row.key, DENOMINATOR) in keys:
        parts = [(*row.key, name) for name in (DENOMINATOR, NUMERATOR, REST)]
        given = [part for part in parts if part in keys]
        whole = len(given) == 3 or nodes[row.indicator].kind != "rate"
        return _SHOWN if whole and all(protected.values[part].shown for part in given) else _DERIVED
    return None


def _withheld(row: Row, nodes: Mapping[str, Node], places: Mapping[str, Place], policy: DisclosurePolicy) -> Decided:
    """Earlier publications and this figure together would give a small count away, and the earlier ones are out.

    So nothing new of the group is shown, not even a zero: readers then know no more than before.
    """
    place = places[row.region_code]
    rule = policy.rule_for(nodes[row.indicator].disclosure, place.level, place.population)
    return Decided(Reason.JOINT.value, _WORDING.mark(Reason.JOINT, rule), _WORDING.sentence(Reason.JOINT, rule))


def _without_table(row: Row, places: Mapping[str, Place]) -> Decided:
    """Nothing to hide, or nothing to judge by: rates without their parts only for the nation and prefectures."""
    if row.state != "value":
        return _SHOWN
    wide = places[row.region_code].level in (Level.NATION, Level.PREFECTURE)
    return _SHOWN if wide and row.value is not None else _NO_RULE


def decide(
    rows: Sequence[Row],
    seeds: set[int],
    nodes: Mapping[str, Node],
    places: Mapping[str, Place],
    policy: DisclosurePolicy,
) -> Outcome:
    """How every figure that hangs together with the seeds (row ids) may leave the circle.

    rows: all live figures of the block (published or not: the public may come to know any of them) and those that
    were public once. Decided together, so that every page, map, file and sum tells the same story.
    """
    outcome = Outcome()
    facts = _one_per_fact(row for row in rows if row.live)
    leaders = [same[0] for same in facts.values() if same[0].value is not None]
    whole = Tables(nodes, places)
    whole.add(leaders)
    ledger = Ledger(rows, nodes, places)
    by_cell: dict[Key, list[Row]] = {}
    for key, same in facts.items():
        for cell in (key, *((*key, name) for name in (DENOMINATOR, NUMERATOR, REST))):
            if cell in whole.cells:
                by_cell[cell] = same
    past_sums = ledger.past_sums
    known = {*whole.cells, *(key for one in past_sums for key in (one.total, *one.parts))}
    for keys, relations in components(known, whole.relations, past_sums):
        group = {row.id: row for key in keys for row in by_cell.get(key, [])}
        if seeds.isdisjoint(group):
            continue
        table = Table(tuple(whole.cells[key] for key in keys if key in whole.cells), tuple(relations))
        protected = protect(table, policy, ledger.editions(keys, whole.cells, policy))
        outcome.exposed += len(protected.exposed)
        closed = any(not one.certain for one in protected.exposed)
        for row in group.values():
            leader = facts[row.key][0]
            decided = _decision(leader, keys, protected, nodes)
            if decided == _SHOWN and closed and not row.was_shown:
                decided = _withheld(row, nodes, places, policy)
            if row.published and row.state == "value" and decided is not None:
                outcome.decided[row.id] = decided
    for row in rows:
        if row.published and row.id in seeds and row.id not in outcome.decided:
            outcome.decided[row.id] = _without_table(row, places)
    return outcome
