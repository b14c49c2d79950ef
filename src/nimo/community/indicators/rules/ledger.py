"""What already left the circle, as the disclosure gate takes it: editions with their marks and the sums they stood in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nimo.community.indicators.rules.sums import Node, Place, Row, Tables, whole
from nimo.core.disclosure.editions import Edition, EditionCell
from nimo.core.disclosure.marks import Reason, known_from
from nimo.core.disclosure.policy import DisclosurePolicy
from nimo.core.disclosure.tables import Cell, Key, Relation


class Ledger:
    """What already left the circle, as editions of the gate.

    past: for each moment before something was replaced, what has been replaced since, and the sums it stood in. The
    parts of such a sum may be of several sources and partly live today: 前の合計 − 変わらない値 tells what was hidden.
    """

    def __init__(self, rows: Iterable[Row], nodes: Mapping[str, Node], places: Mapping[str, Place]) -> None:
        self.nodes, self.places = nodes, places
        self.by_edition: dict[tuple[bool, str], list[Row]] = defaultdict(list)
        valued = sorted((row for row in rows if row.value is not None), key=lambda row: row.id)
        for row in valued:
            if row.exposure:
                self.by_edition[row.live, row.edition].append(row)
        self.past = list(self._past(valued))

    def _past(self, rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Relation]]]:
        """A sum is told once: before the first of its members was replaced, from the regions around that one."""
        of_region: dict[str, list[Row]] = defaultdict(list)
        replaced: dict[int, set[str]] = defaultdict(set)
        for row in rows:
            of_region[row.region_code].append(row)
            if row.until is not None:
                replaced[row.until].add(row.region_code)
        parents: dict[str, set[str]] = defaultdict(set)
        for code, place in self.places.items():
            for child in (child for children in place.children for child in children):
                parents[child].add(code)
        for end, regions in sorted(replaced.items()):
            totals = regions.union(*(parents[code] for code in regions))
            near = totals.union(*(children for code in totals for children in self.places[code].children))
            around = (row for code in sorted(near) for row in of_region[code])
            stood: dict[Key, Row] = {
                row.key: row for row in around if row.id < end and (row.live or (row.until or 0) >= end)
            }
            then = Tables(self.nodes, self.places)
            then.add(list(stood.values()))
            sums = [relation for relation in then.relations if _ended(relation, stood, end)]
            if sums:
                yield [row for row in stood.values() if not row.live], sums

    @property
    def past_sums(self) -> list[Relation]:
        return [relation for _, sums in self.past for relation in sums]

    def editions(self, keys: set[Key], current: Mapping[Key, Cell], policy: DisclosurePolicy) -> list[Edition]:
        """current: the figures of today. Of what concerns `keys`."""
        found = []
        for (live, name), rows in sorted(self.by_edition.items()):
            within = [row for row in rows if row.key in keys]
            cells = self._cells(within, policy)
            relations: tuple[Relation, ...] = ()
            if not live:  # of live figures the relations are the table's
                then = Tables(self.nodes, self.places)
                then.add(within)
                relations = tuple(r for r in then.relations if all(key in cells for key in (r.total, *r.parts)))
            if cells:
                found.append(Edition(name or "公開済み", cells, relations))
        for number, (rows, sums) in enumerate(self.past):
            relations = tuple(relation for relation in sums if relation.total in keys)
            if relations:
                within = [row for row in rows if row.key in keys]
                silent: dict[Key, EditionCell] = {
                    row.key: self._silent(row, policy) for row in within if _changed(row, current)
                }
                found.append(Edition(f"前の値{number}", {**silent, **self._cells(within, policy)}, relations))
        return found

    def _cells(self, rows: Iterable[Row], policy: DisclosurePolicy) -> dict[Key, EditionCell]:
        found: dict[Key, EditionCell] = {}
        for row in rows:
            cell = self._cell(row, policy)
            if cell is not None:
                found[row.key] = cell
        return found

    def _cell(self, row: Row, policy: DisclosurePolicy) -> EditionCell | None:
        value = whole(row.value)
        node, place = self.nodes[row.indicator], self.places[row.region_code]
        if value is None or node.kind != "count":
            return None
        if row.was_shown:
            return EditionCell(value, shown=True)
        rule = policy.rule_for(node.disclosure, place.level, place.population)
        told = row.exposure in (Reason.SMALL, Reason.DERIVABLE, Reason.JOINT)
        if rule is None or not told:
            return None  # hidden because nothing was known of the place: the mark told nothing and binds nothing
        low, high = known_from(Reason(row.exposure), rule, value)
        return EditionCell(value, False, rule.hides(value), low, high)

    def _silent(self, row: Row, policy: DisclosurePolicy) -> EditionCell:
        """Nothing was told of it (no count at all of so small a place), but its sums held all the same."""
        place = self.places[row.region_code]
        rule = policy.rule_for(self.nodes[row.indicator].disclosure, place.level, place.population)
        value = int(row.value or 0)
        return EditionCell(value, False, rule is not None and rule.hides(value))


def _changed(row: Row, current: Mapping[Key, Cell]) -> bool:
    return row.key not in current or current[row.key].value != row.value


def _ended(relation: Relation, stood: Mapping[Key, Row], end: int) -> bool:
    """Whether a sum held among the figures that stood, until one of them went. Sums that never held tell nobody anything."""
    members = [stood[key] for key in (relation.total, *relation.parts) if key in stood]
    if len(members) <= len(relation.parts) or all(row.until != end for row in members):
        return False
    total, *parts = [row.value or 0 for row in members]
    return sum(parts) == total if relation.exhaustive else sum(parts) <= total
