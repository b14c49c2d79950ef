"""The cells of a result: from counts at base places to every level, and the sums and flows that tie them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from nimo.analysis.results.computing import Computed, Pairs
from nimo.analysis.results.definitions import CellOf, day_bands, nested
from nimo.analysis.results.places import TOTAL, Geography, Place
from nimo.analysis.results.structure import WHOLE, Atom, Dims, Table, amounts_of, cell_values, merged
from nimo.analysis.rules import Rules
from nimo.core.disclosure.tables import Relation

Key = tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One cell. basis: "" where both give the same (all places together). to: the destination of a flow.

    value: None when it is not given; state: "shown", "suppressed" or "in_part" (some addend was not shown).
    amounts: sums of days that go with the count, None where it is not shown.
    """

    table: str
    basis: str
    place: Place
    dims: Dims
    value: int | None
    amounts: Mapping[str, int | None] = field(default_factory=dict)
    to: Place | None = None
    state: str = "shown"
    reason: str = ""

    def key(self, tables: Mapping[str, Table]) -> Key:
        """Names the fact: tables that count the same persons at the same time share it."""
        table = tables[self.table]
        to = (self.to.level, self.to.code) if self.to else ()
        dims = tuple(f"{name}={code}" for name, code in self.dims)
        return (table.fact, table.when, self.basis, self.place.level, self.place.code, *to, *dims)


@dataclass(frozen=True)
class Sheet:
    """All figures of a result and what ties them."""

    tables: Mapping[str, Table]
    figures: tuple[Figure, ...]
    geography: Geography
    rules: Rules

    def relations(self) -> tuple[tuple[Relation, ...], dict[Key, tuple[int | None, Place]]]:
        """Every sum among the cells, and cells that only stand for differences between tables (key → value, place)."""
        by_key = {figure.key(self.tables): figure for figure in self.figures}
        found: dict[tuple[Key, tuple[Key, ...]], Relation] = {}
        ties = (self._within(by_key), self._of_places(by_key), self._of_flows(by_key), self._of_days(by_key))
        for relation in chain.from_iterable(ties):
            found[relation.total, relation.parts] = relation  # type: ignore[index]
        between, hidden = self._between(by_key)
        return (*found.values(), *between), hidden

    def _within(self, by_key: Mapping[Key, Figure]) -> Iterator[Relation]:
        seen: set[tuple[str, str, Place]] = set()
        for figure in self.figures:
            where = (figure.table, figure.basis, figure.place)
            if where in seen:
                continue
            seen.add(where)
            for total, parts in self.tables[figure.table].sums():
                keys = [replace(figure, dims=dims).key(self.tables) for dims in (total, *parts)]
                if all(key in by_key for key in keys):
                    yield Relation(keys[0], tuple(keys[1:]))

    def _of_places(self, by_key: Mapping[Key, Figure]) -> Iterator[Relation]:
        children: dict[tuple[Key, str, str], list[Key]] = defaultdict(list)
        for key, figure in by_key.items():
            parent = None if figure.to else self.geography.parent(figure.place)
            if parent is None or not figure.basis:
                continue
            above = replace(figure, place=parent, basis="" if parent == TOTAL else figure.basis).key(self.tables)
            if above in by_key:
                children[above, figure.basis, figure.place.level].append(key)
        for (above, _, _), parts in children.items():
            yield Relation(above, tuple(parts))

    def _of_flows(self, by_key: Mapping[Key, Figure]) -> Iterator[Relation]:
        sums: dict[Key, list[Key]] = defaultdict(list)
        for key, figure in by_key.items():
            if figure.to is None:
                continue
            margin = replace(figure, table=self.tables[figure.table].flow_of, to=None, dims=WHOLE)
            sums[margin.key(self.tables)].append(key)
            sums[replace(margin, basis="hospital", place=figure.to).key(self.tables)].append(key)
        for total, parts in sums.items():
            if total in by_key:
                yield Relation(total, tuple(parts))

    def _at(self, cell: CellOf, where: Figure, by_key: Mapping[Key, Figure]) -> Figure | None:
        table, dims = cell
        return by_key.get(replace(where, table=table, dims=dims).key(self.tables))

    def _between(self, by_key: Mapping[Key, Figure]) -> tuple[list[Relation], dict[Key, tuple[int | None, Place]]]:
        relations, hidden = [], {}
        for whole_cell, part_cell in nested(self.tables):
            wholes = self._wholes(whole_cell)
            equal = self._equal_everywhere(wholes, part_cell, by_key)
            for figure in wholes:
                part = self._at(part_cell, figure, by_key)
                if part is None or figure.key(self.tables) == part.key(self.tables):
                    continue
                if equal:
                    relations.append(Relation(figure.key(self.tables), (part.key(self.tables),)))
                    continue
                known = figure.value is not None and part.value is not None
                rest = figure.value - part.value if known else None  # type: ignore[operator]
                if rest is None or rest >= 0:
                    whole, inner = figure.key(self.tables), part.key(self.tables)
                    between = ("difference", *whole, "less", *inner)
                    hidden[between] = (rest, figure.place)
                    relations.append(Relation(whole, (inner, between)))
        return relations, hidden

    def _equal_everywhere(self, wholes: Sequence[Figure], part_cell: CellOf, by_key: Mapping[Key, Figure]) -> bool:
        """True where nobody at all makes a difference: then a reader knows it of every place."""
        top = next((figure for figure in wholes if figure.place == TOTAL), None)
        part = self._at(part_cell, top, by_key) if top else None
        return top is not None and part is not None and top.value is not None and top.value == part.value

    def _wholes(self, cell: CellOf) -> list[Figure]:
        return [figure for figure in self.figures if (figure.table, figure.dims) == cell and figure.to is None]

    def _of_days(self, by_key: Mapping[Key, Figure]) -> Iterator[Relation]:
        """Only where the numbers do add up: the two tables may treat deaths and transfers in different ways."""
        for whole, parts in day_bands(self.rules):
            for figure in self._wholes(whole):
                found = [one for part in parts if (one := self._at(part, figure, by_key)) is not None]
                values = [one.value for one in (figure, *found)]
                if len(found) != len(parts) or None in values:
                    continue
                if figure.value == sum(number or 0 for number in values[1:]):
                    yield Relation(figure.key(self.tables), tuple(one.key(self.tables) for one in found))


def sheet_of(tables: Mapping[str, Table], computed: Computed, geography: Geography, rules: Rules) -> Sheet:
    """Every cell of every table at every level it is given for, zeros too; of flows the pairs that are not zero."""
    figures: dict[Key, Figure] = {}
    for code, table in tables.items():
        if table.flow_of:
            made = _flow_cells(code, computed.pairs.get(code, {}), geography)
        else:
            made = (
                figure
                for basis in table.bases
                for figure in _cells(table, computed.atoms.get((code, basis), ()), basis, geography)
            )
        for figure in made:
            figures.setdefault(figure.key(tables), figure)
    return Sheet(tables, tuple(figures.values()), geography, rules)


def _cells(table: Table, atoms: Sequence[Atom], basis: str, geography: Geography) -> Iterator[Figure]:
    by_place: dict[Place, list[Atom]] = defaultdict(list)
    for atom in atoms:
        for place in geography.chain(atom.place):
            by_place[place].append(atom)
    for place in sorted(geography.listed(atom.place for atom in atoms)):
        if place.level not in table.levels:
            continue
        own = merged(by_place.get(place, []))
        amounts = amounts_of(table, own)
        for dims, value in cell_values(table, own).items():
            yield Figure(table.code, "" if place == TOTAL else basis, place, dims, value, amounts.get(dims, {}))


def _flow_cells(code: str, pairs: Pairs, geography: Geography) -> Iterator[Figure]:
    """Pairs at the level of areas, else of prefectures."""
    level = "area" if "area" in geography.levels else "prefecture"
    found: dict[tuple[Place, Place], int] = defaultdict(int)
    for (origin, destination), count in pairs.items():
        found[_at(geography, origin, level), _at(geography, destination, level)] += count
    for (origin_place, destination_place), count in sorted(found.items()):
        yield Figure(code, "address", origin_place, WHOLE, count, to=destination_place)


def _at(geography: Geography, number: int, level: str) -> Place:
    chain = geography.chain(number)
    return next((place for place in chain if place.level == level), chain[-1])
