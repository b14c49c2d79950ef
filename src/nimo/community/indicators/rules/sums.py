"""Figures of persons as tables of the disclosure gate: what a sum ties together stands in one table.

The parts of a whole, the regions of a region, a figure with and without what its coverage leaves out (政令市を除く).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nimo.community.indicators.rules.values import Number
from nimo.core.disclosure.policy import Kind, Level
from nimo.core.disclosure.tables import Cell, Key, Relation

Fact = tuple[str, ...]
REST, NUMERATOR, DENOMINATOR = "(残り)", "(分子)", "(分母)"


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
    until: id of the first row of what replaced it (None: nothing did); ids grow with time.
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
    until: int | None = None

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


def moved(key: Fact, *, region: str | None = None, indicator: str | None = None) -> Fact:
    return (region or key[0], indicator or key[1], *key[2:])


def whole(number: Number | None) -> int | None:
    return int(number) if number is not None and number == int(number) else None


class Tables:
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
                value = whole(row.value)
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
        self._cell((*key, DENOMINATOR), int(denominator))
        if self.nodes[row.indicator].kind == "rate" and denominator >= numerator:
            self._cell((*key, NUMERATOR), int(numerator))
            self._cell((*key, REST), int(denominator) - int(numerator))
            self.relations.append(Relation((*key, DENOMINATOR), ((*key, NUMERATOR), (*key, REST))))

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
        wholes = {moved(key, indicator=self.nodes[key[1]].part_of) for key in counts if self.nodes[key[1]].part_of}
        for total in sorted(wholes | {key for key in counts if key[1] in parts_of}):
            nodes = parts_of[total[1]]
            parts = [moved(total, indicator=node.code) for node in nodes if node.partition]
            if any(part in counts for part in parts):
                self._tie(total, parts)
            for node in nodes:
                again = moved(total, indicator=node.code)
                if not node.partition and again in counts and total in counts:
                    self.relations.append(Relation(total, (again,), exhaustive=False))

    def _sums_of_regions(self, counts: Mapping[Fact, int]) -> None:
        """One region that gave nothing follows from the others; of several, their sum does, and counts as a figure."""
        for key in sorted(counts):
            for number, children in enumerate(self.places[key[0]].children):
                parts = [moved(key, region=code) for code in children]
                present = [part for part in parts if part in counts]
                left = counts[key] - sum(counts[part] for part in present)
                if len(parts) - len(present) <= 1 and present:
                    self._tie(key, parts)
                elif present and left >= 0:
                    rest = (*key, f"{REST}{number}")
                    self._cell(rest, left, Level.AREA)
                    self.relations.append(Relation(key, (*present, rest)))
                elif present:
                    self.relations.append(Relation(key, tuple(present), exhaustive=False))

    def _rest_of_coverage(self, counts: Mapping[Fact, int]) -> None:
        """33 and 11（政令市を除く）tell the 22 of the cities left out."""
        for key in sorted(counts):
            whole = (*key[:-1], "")
            if key[-1] and whole in counts and counts[whole] >= counts[key]:
                rest = (*key, REST)
                self._cell(rest, counts[whole] - counts[key], Level.AREA)
                self.relations.append(Relation(whole, (key, rest)))


def components(
    keys: Iterable[Key], relations: Sequence[Relation], earlier: Sequence[Relation]
) -> list[tuple[set[Key], list[Relation]]]:
    """What hangs together through sums that hold or once held, and nothing else: each part is decided by itself."""
    parent: dict[Key, Key] = {key: key for key in keys}

    def find(key: Key) -> Key:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for relation in (*relations, *earlier):
        for part in relation.parts:
            parent[find(part)] = find(relation.total)
    groups: dict[Key, tuple[set[Key], list[Relation]]] = {}
    for key in parent:
        groups.setdefault(find(key), (set(), []))[0].add(key)
    for relation in relations:
        groups[find(relation.total)][1].append(relation)
    return list(groups.values())
