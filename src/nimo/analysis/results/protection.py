"""Through the one gate: every figure of a result, with all the sums that tie them, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nimo.analysis.results.figures import Figure, Key, Sheet
from nimo.analysis.results.places import TOTAL
from nimo.analysis.results.structure import WHOLE
from nimo.analysis.results.structure import Table as ResultTable
from nimo.core.disclosure.gate import ProtectedTable, protect
from nimo.core.disclosure.marks import Reason
from nimo.core.disclosure.policy import DisclosurePolicy, Kind
from nimo.core.disclosure.tables import Cell
from nimo.core.disclosure.tables import Table as GateTable

Fact = tuple[str, str]  # what is counted, and when
Dropped = Mapping[str, tuple[str, ...]]
_NOT_SMALL = 10
_DEAR = {"total": 8_000, "prefecture": 4_000, "area": 1_000, "municipality": 0}
_COUNTS_FROM = 2_000  # persons: from here on municipalities have counts (最小集計単位の原則)
_FINEST_FIRST = ("municipality", "area", "prefecture")


@dataclass(frozen=True)
class Protected:
    """figures: as they may be written. hidden, shown: how many. dropped: by table, the levels of places left out
    altogether, because no way could be proven in which their small counts stay hidden, or because hiding them would
    have cost the table its total.
    """

    figures: tuple[Figure, ...]
    policy: DisclosurePolicy
    dropped: Dropped = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """How many figures are shown."""
        return sum(1 for figure in self.figures if figure.state == "shown")

    @property
    def hidden(self) -> int:
        """How many are not, for their size or for the sake of others."""
        return sum(1 for figure in self.figures if figure.state == "suppressed")

    def describe(self) -> dict[str, Any]:
        """The suppression applied, for the result file."""
        return {
            "applied": True,
            "policy": self.policy.to_data(),
            "shown": self.shown,
            "hidden": self.hidden,
            "dropped_levels": {code: list(levels) for code, levels in self.dropped.items()},
        }


def gate_table(sheet: Sheet) -> GateTable:
    """The cells and sums of a result as the gate takes them.

    A class with nobody in it anywhere is no secret of any place: its zeros are open. (Where they were not, no village
    with a few people could be listed at all: the zero of 年齢不明 for all places together gives its zero away.)
    """
    relations, differences = sheet.relations()
    geography, tables = sheet.geography, sheet.tables
    empty = {figure.key(tables) for figure in sheet.figures if figure.place == TOTAL and figure.value == 0}
    cells: dict[Key, Cell] = {}
    for figure in sheet.figures:
        key, place = figure.key(tables), figure.place
        is_open = figure.to is None and replace(figure, place=TOTAL, basis="").key(tables) in empty
        kind = Kind.OPEN if is_open else Kind.PATIENTS
        level, population = geography.disclosure_level(place), geography.population(place)
        cells[key] = Cell(key, figure.value, kind, level, population, weight=_weight(figure))
    for key, (value, place) in differences.items():
        population = geography.population(place)
        if population is not None:
            # A difference of nobody tells of nobody, also where counts themselves are never given.
            population = max(population, _COUNTS_FROM)
        cells[key] = Cell(key, value, Kind.PATIENTS, geography.disclosure_level(place), population)
    return GateTable(tuple(cells.values()), relations)


def _weight(figure: Figure) -> int:
    """How dear a figure is: the whole before its classes, wider places before smaller ones."""
    return _DEAR[figure.place.level] * (2 if figure.dims == WHOLE and figure.to is None else 1)


def protect_sheet(sheet: Sheet, policy: DisclosurePolicy) -> Protected:
    """Decide what of a result may be written. Amounts (days) are shown with the count they belong to, or not at all.

    Where the gate finds no proof for some small count, or proves it only by hiding the total of a table that is not small
    itself, the finest level of the tables concerned goes and the rest is decided anew.
    """
    gone: dict[Fact, tuple[str, ...]] = {}
    while True:
        protected = protect(gate_table(sheet), policy)
        unsafe = {key for exposed in protected.exposed for key in exposed.keys}
        concerned = {_fact(key) for key in unsafe} | _without_total(sheet, protected)
        finest = {fact: level for fact in concerned if (level := _finest(sheet, fact)) is not None}
        if not finest:
            break
        for fact, level in finest.items():
            gone[fact] = (*gone.get(fact, ()), level)
        sheet = replace(sheet, figures=tuple(f for f in sheet.figures if not _at_level(f, gone.get(_of(f, sheet), ()))))
    figures = tuple(_figure(figure, figure.key(sheet.tables), protected, unsafe) for figure in sheet.figures)
    dropped = {code: gone[table.fact, table.when] for code, table in sheet.tables.items() if _is_in(table, gone)}
    return Protected(figures, policy, dropped)


def _is_in(table: ResultTable, gone: Mapping[Fact, tuple[str, ...]]) -> bool:
    return (table.fact, table.when) in gone


def _of(figure: Figure, sheet: Sheet) -> Fact:
    table = sheet.tables[figure.table]
    return table.fact, table.when


def _fact(key: Any) -> Fact:
    """What a cell counts, and when; of a difference, what it is taken from."""
    fact, when = key[1:3] if key[0] == "difference" else key[:2]
    return fact, when


def _without_total(sheet: Sheet, protected: ProtectedTable) -> set[Fact]:
    """Facts whose total for all places is hidden for the sake of other cells, though it is not small."""
    found = set()
    for figure in sheet.figures:
        if figure.place == TOTAL and figure.dims == WHOLE and figure.value is not None:
            seen = protected.values[figure.key(sheet.tables)]
            if not seen.shown and seen.reason is not Reason.SMALL and figure.value >= _NOT_SMALL:
                found.add(_of(figure, sheet))
    return found


def _finest(sheet: Sheet, fact: Fact) -> str | None:
    """The finest level below all places together that the tables of a fact still have."""
    there = {level for f in sheet.figures if _of(f, sheet) == fact for level in _levels(f)}
    return next((level for level in _FINEST_FIRST if level in there), None)


def _levels(figure: Figure) -> tuple[str, ...]:
    return (figure.place.level, figure.to.level) if figure.to is not None else (figure.place.level,)


def _at_level(figure: Figure, levels: Sequence[str]) -> bool:
    return any(level in levels for level in _levels(figure))


def _figure(figure: Figure, key: Key, protected: ProtectedTable, unsafe: set[Any]) -> Figure:
    if figure.value is None:
        return figure
    found = protected.values[key]
    if found.shown and key not in unsafe:
        return figure
    amounts: Mapping[str, int | None] = dict.fromkeys(figure.amounts)
    reason = found.reason.value if found.reason else "joint"
    return replace(figure, value=None, amounts=amounts, state="suppressed", reason=reason)
