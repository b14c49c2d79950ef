"""From figures of persons to the tables of the disclosure gate, and from its answers back to the figures.

Pure: rows, dictionary, places and populations in, decisions out. What is tied by a sum stands in one table: the parts
of a whole, the regions of a region, a figure with and without what its coverage leaves out (政令市を除く).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nimo.community.indicators.rules.values import Number
from nimo.core.disclosure.editions import Edition, EditionCell
from nimo.core.disclosure.gate import ProtectedTable, protect
from nimo.core.disclosure.marks import Reason, Wording, known_from
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Level
from nimo.core.disclosure.tables import Cell, Key, Relation, Table

_WORDING = Wording()
Fact = tuple[str, ...]
SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Node:
    """What the gate must know of an indicator; `partition`: with its siblings it makes up `part_of` (no 再掲)."""

    code: str
    kind: str
    disclosure: Kind
    part_of: str = ""
    partition: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """children: sets of regions each of which makes up the place (its municipalities; its 障害保健福祉圏域)."""

    level: Level
    population: int | None = None
    children: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A live figure of persons, or one that was public once. `edition` names the source.

    published: live and public now, or about to be. was_shown, exposure: how it left the circle before ("" never).
    """

    id: int
    indicator: str
    region_code: str
    fiscal_year: int
    as_of: str
    basis: str
    coverage: str
    dimension: str
    state: str
    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    live: bool = True
    published: bool = True
    was_shown: bool = False
    exposure: str = ""
    edition: str = ""

    @property
    def key(self) -> Fact:
        return (
            self.region_code,
            self.indicator,
            str(self.fiscal_year),
            self.as_of,
            self.basis,
            self.dimension,
            self.coverage,
        )


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
_OTHER, _NUMERATOR, _DENOMINATOR = "(残り)", "(分子)", "(分母)"


def _moved(key: Fact, *, region: str | None = None, indicator: str | None = None) -> Fact:
    return (region or key[0], indicator or key[1], *key[2:])


def _whole(number: Number | None) -> int | None:
    return int(number) if number is not None and number == int(number) else None


class _Tables:
    """Cells and relations of one group of rows."""

    def __init__(self, nodes: Mapping[str, Node], places: Mapping[str, Place]) -> None:
        self.nodes, self.places = nodes, places
        self.cells: dict[Key, Cell] = {}
        self.relations: list[Relation] = []

    def _cell(self, key: Fact, value: int | None, level: Level | None = None) -> None:
        place = self.places[key[0]]
        kind = self.nodes[key[1]].disclosure
        if level is None:
            self.cells[key] = Cell(key, value, kind, place.level, place.population)
        else:
            self.cells[key] = Cell(key, value, kind, level)

    def add(self, rows: Sequence[Row]) -> None:
        counts: dict[Fact, int] = {}
        for row in rows:
            if self.nodes[row.indicator].kind == "count":
                value = _whole(row.value)
                if value is not None:
                    counts[row.key] = value
                elif row.value is not None:
                    self._cell(row.key, int(row.value))  # a mean number of persons: its size counts, it adds to nothing
            elif row.numerator is not None and row.denominator is not None:
                self._parts(row, row.numerator, row.denominator)
        for key, value in counts.items():
            self._cell(key, value)
        self._sums_of_parts(counts)
        self._sums_of_regions(counts)
        self._rest_of_coverage(counts)

    def _parts(self, row: Row, numerator: Number, denominator: Number) -> None:
        """A rate is printed only where its numerator, its denominator and the difference may be."""
        key = row.key
        self._cell((*key, _DENOMINATOR), int(denominator))
        if self.nodes[row.indicator].kind == "rate" and denominator >= numerator:
            self._cell((*key, _NUMERATOR), int(numerator))
            self._cell((*key, _OTHER), int(denominator) - int(numerator))
            self.relations.append(Relation((*key, _DENOMINATOR), ((*key, _NUMERATOR), (*key, _OTHER))))

    def _tie(self, total: Fact, parts: Sequence[Fact]) -> None:
        """A sum; what nobody gave stands in it as an absent cell, which the gate protects where it follows."""
        for key in (total, *parts):
            if key not in self.cells:
                self._cell(key, None)
        self.relations.append(Relation(total, tuple(parts)))

    def _sums_of_parts(self, counts: Mapping[Fact, int]) -> None:
        parts_of: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            if node.part_of:
                parts_of[node.part_of].append(node)
        wholes = {_moved(key, indicator=self.nodes[key[1]].part_of) for key in counts if self.nodes[key[1]].part_of}
        for total in sorted(wholes | {key for key in counts if key[1] in parts_of}):
            nodes = parts_of[total[1]]
            parts = [_moved(total, indicator=node.code) for node in nodes if node.partition]
            if any(part in counts for part in parts):
                self._tie(total, parts)
            for node in nodes:
                again = _moved(total, indicator=node.code)
                if not node.partition and again in counts and total in counts:
                    self.relations.append(Relation(total, (again,), exhaustive=False))

    def _sums_of_regions(self, counts: Mapping[Fact, int]) -> None:
        """One region that gave nothing follows from the others; of several, their sum does, and counts as a figure."""
        for key in sorted(counts):
            for number, children in enumerate(self.places[key[0]].children):
                parts = [_moved(key, region=code) for code in children]
                present = [part for part in parts if part in counts]
                left = counts[key] - sum(counts[part] for part in present)
                if len(parts) - len(present) <= 1 and present:
                    self._tie(key, parts)
                elif present and left >= 0:
                    rest = (*key, f"{_OTHER}{number}")
                    self._cell(rest, left, Level.AREA)
                    self.relations.append(Relation(key, (*present, rest)))
                elif present:
                    self.relations.append(Relation(key, tuple(present), exhaustive=False))

    def _rest_of_coverage(self, counts: Mapping[Fact, int]) -> None:
        """33 and 11（政令市を除く）tell the 22 of the cities left out."""
        for key in sorted(counts):
            whole = (*key[:-1], "")
            if key[-1] and whole in counts and counts[whole] >= counts[key]:
                rest = (*key, _OTHER)
                self._cell(rest, counts[whole] - counts[key], Level.AREA)
                self.relations.append(Relation(whole, (key, rest)))


def _components(keys: Iterable[Key], relations: Sequence[Relation]) -> list[tuple[set[Key], list[Relation]]]:
    """What hangs together through relations, and nothing else: each part is decided by itself."""
    parent: dict[Key, Key] = {key: key for key in keys}

    def find(key: Key) -> Key:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for relation in relations:
        for part in relation.parts:
            parent[find(part)] = find(relation.total)
    groups: dict[Key, tuple[set[Key], list[Relation]]] = {}
    for key in parent:
        groups.setdefault(find(key), (set(), []))[0].add(key)
    for relation in relations:
        groups[find(relation.total)][1].append(relation)
    return list(groups.values())


def _one_per_fact(rows: Iterable[Row]) -> dict[Fact, list[Row]]:
    """Several sources may state one fact; they are hidden together. The smallest value leads, being the one at risk."""
    facts: dict[Fact, list[Row]] = defaultdict(list)
    for row in rows:
        facts[row.key].append(row)
    for same in facts.values():
        same.sort(key=lambda row: (row.value is None, Decimal(row.value or 0), row.id))
    return facts


class _Ledger:
    """What already left the circle, as editions of the gate."""

    def __init__(self, rows: Iterable[Row], nodes: Mapping[str, Node], places: Mapping[str, Place]) -> None:
        self.nodes, self.places = nodes, places
        self.by_edition: dict[tuple[bool, str], list[Row]] = defaultdict(list)
        for row in rows:
            if row.exposure and row.value is not None:
                self.by_edition[row.live, row.edition].append(row)

    def editions(self, keys: set[Key], table: Table, policy: DisclosurePolicy) -> list[Edition]:
        found = []
        for (live, name), rows in sorted(self.by_edition.items()):
            within = [row for row in rows if row.key in keys]
            cells: dict[Key, EditionCell] = {}
            for row in within:
                cell = self._cell(row, table, policy)
                if cell is not None:
                    cells[row.key] = cell
            relations: tuple[Relation, ...] = ()
            if not live:  # of live figures the relations are the table's
                then = _Tables(self.nodes, self.places)
                then.add(within)
                relations = tuple(r for r in then.relations if all(key in cells for key in (r.total, *r.parts)))
            if cells:
                found.append(Edition(name or "公開済み", cells, relations))
        return found

    def _cell(self, row: Row, table: Table, policy: DisclosurePolicy) -> EditionCell | None:
        value = _whole(row.value)
        cell = table.by_key.get(row.key)
        if value is None or cell is None:
            return None
        if row.was_shown:
            return EditionCell(value, shown=True)
        rule = policy.rule_for(cell.kind, cell.level, cell.population)
        told = row.exposure in (Reason.SMALL, Reason.DERIVABLE, Reason.JOINT)
        if rule is None or not told:
            return None  # hidden because nothing was known of the place: the mark told nothing and binds nothing
        low, high = known_from(Reason(row.exposure), rule, value)
        return EditionCell(value, False, rule.hides(value), low, high)


def _decision(row: Row, keys: set[Key], protected: ProtectedTable, nodes: Mapping[str, Node]) -> Decided | None:
    if row.key in keys:
        answer = protected.values[row.key]
        if answer.shown or answer.absent:
            return _SHOWN
        assert answer.reason is not None
        return Decided(answer.reason.value, answer.text, answer.sentence)
    if (*row.key, _DENOMINATOR) in keys:
        parts = [(*row.key, name) for name in (_DENOMINATOR, _NUMERATOR, _OTHER)]
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
    whole = _Tables(nodes, places)
    whole.add(leaders)
    ledger = _Ledger(rows, nodes, places)
    by_cell: dict[Key, list[Row]] = {}
    for key, same in facts.items():
        for cell in (key, *((*key, name) for name in (_DENOMINATOR, _NUMERATOR, _OTHER))):
            if cell in whole.cells:
                by_cell[cell] = same
    for keys, relations in _components(whole.cells, whole.relations):
        group = {row.id: row for key in keys for row in by_cell.get(key, [])}
        if seeds.isdisjoint(group):
            continue
        table = Table(tuple(whole.cells[key] for key in keys), tuple(relations))
        protected = protect(table, policy, ledger.editions(keys, table, policy))
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
