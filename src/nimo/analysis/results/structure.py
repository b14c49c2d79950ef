"""What a table of a result consists of: cells by place and class, and every sum that ties them.

The sums are told to the disclosure gate, so that nothing hidden can be calculated from what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

Dims = tuple[tuple[str, str], ...]  # ((dimension, code), …) in the order of the table; () is the whole
WHOLE: Dims = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """members: code → word, in order; each counted thing is in exactly one. subtotals: code → (word, member codes)."""

    name: str
    label: str
    members: Mapping[str, str]
    subtotals: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Members, then subtotals."""
        return (*self.members, *self.subtotals)

    def word(self, code: str) -> str:
        """The word of a member or subtotal."""
        return self.members[code] if code in self.members else self.subtotals[code][0]

    def expand(self, code: str) -> tuple[str, ...]:
        """The members a code stands for."""
        return (code,) if code in self.members else self.subtotals[code][1]


@dataclass(frozen=True, slots=True)
class Split:
    """The cell `parent` is the sum of itself with each member of `dimension`."""

    parent: Dims
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class Share:
    """A rate: one cell in another, in percent, with a Wilson interval."""

    code: str
    label: str
    part: Dims
    whole: Dims
    scale: int = 100
    unit: str = "%"


@dataclass(frozen=True, slots=True)
class Mean:
    """times × the sum `amount` of a cell ÷ its count. The sum is shown where the count is."""

    code: str
    label: str
    amount: str
    cell: Dims
    unit: str
    times: int = 1


@dataclass(frozen=True)
class Table:
    """One indicator. fact: what is counted; tables of the same fact and time share their cells.

    when: a day or a period (ISO). rules: groups of `Rules` that matter. levels: the levels of places it is given for.
    flow_of: for a table of origins and destinations, the table that holds their sums.
    """

    code: str
    title: str
    unit: str
    fact: str
    when: str
    splits: tuple[Split, ...]
    rules: tuple[str, ...]
    reference: str
    bases: tuple[str, ...] = ("address", "hospital")
    levels: tuple[str, ...] = ("total", "prefecture", "area")
    shares: tuple[Share, ...] = ()
    means: tuple[Mean, ...] = ()
    flow_of: str = ""

    @cached_property
    def dimensions(self) -> Mapping[str, Dimension]:
        """By name, in order."""
        return {split.dimension.name: split.dimension for split in self.splits}

    @cached_property
    def cells(self) -> tuple[Dims, ...]:
        """Every cell, the whole first."""
        found: dict[Dims, None] = {WHOLE: None}
        for split in self.splits:
            found[split.parent] = None
            for code in split.dimension.codes:
                found[child(split.parent, split.dimension.name, code, self.dimensions)] = None
        return tuple(found)

    def sums(self) -> Iterator[tuple[Dims, tuple[Dims, ...]]]:
        """(total, parts) for every sum among the cells of one place."""
        for split in self.splits:
            name, dimension = split.dimension.name, split.dimension

            def cell(code: str, name: str = name, parent: Dims = split.parent) -> Dims:
                return child(parent, name, code, self.dimensions)

            yield split.parent, tuple(cell(code) for code in dimension.members)
            for subtotal, (_, members) in dimension.subtotals.items():
                yield cell(subtotal), tuple(cell(code) for code in members)

    def words(self, dims: Dims) -> str:
        """「1年以上・65歳未満」; 「計」 for the whole."""
        return "・".join(self.dimensions[name].word(code) for name, code in dims) or "計"


def child(parent: Dims, name: str, code: str, order: Mapping[str, Dimension]) -> Dims:
    """The cell `parent` narrowed by one dimension, dimensions in the order of the table."""
    given = {**dict(parent), name: code}
    return tuple((known, given[known]) for known in order if known in given)


def grid(first: Dimension, second: Dimension) -> tuple[Split, ...]:
    """The splits of a two-way table: each dimension alone, and each class of the one by the other."""
    splits = [Split(WHOLE, first), Split(WHOLE, second)]
    splits += [Split(((first.name, code),), second) for code in first.codes]
    splits += [Split(((second.name, code),), first) for code in second.codes]
    return tuple(splits)


@dataclass(frozen=True, slots=True)
class Atom:
    """One counted group as an engine gives it: a place (code as number, 0 unknown), its classes, a count, sums."""

    place: int
    classes: Mapping[str, str]
    count: int
    amounts: Mapping[str, int] = field(default_factory=dict)


def merged(atoms: Iterable[Atom]) -> list[Atom]:
    """Atoms of one place with equal classes as one."""
    found: dict[tuple[tuple[str, str], ...], Atom] = {}
    for atom in atoms:
        classes = tuple(atom.classes.items())
        known = found.get(classes)
        if known is not None:
            amounts = {name: known.amounts.get(name, 0) + number for name, number in atom.amounts.items()}
            atom = Atom(known.place, known.classes, known.count + atom.count, {**known.amounts, **amounts})
        found[classes] = atom
    return list(found.values())


def cell_values(table: Table, atoms: Sequence[Atom]) -> dict[Dims, int]:
    """The count of every cell from the atoms of one place: those that lie in all its classes."""
    return {dims: sum(atom.count for atom in atoms if lies_in(table, dims, atom)) for dims in table.cells}


def amounts_of(table: Table, atoms: Sequence[Atom]) -> dict[Dims, dict[str, int]]:
    """The sums that go with cells: for each mean, its amount over the atoms of its cell."""
    found: dict[Dims, dict[str, int]] = {}
    for mean in table.means:
        total = sum(atom.amounts.get(mean.amount, 0) for atom in atoms if lies_in(table, mean.cell, atom))
        found.setdefault(mean.cell, {})[mean.amount] = total
    return found


def lies_in(table: Table, dims: Dims, atom: Atom) -> bool:
    """True when an atom is part of a cell."""
    return all(atom.classes.get(name) in table.dimensions[name].expand(code) for name, code in dims)
