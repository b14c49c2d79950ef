"""Through the one gate: every figure of a result, with all the sums that tie them, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nimo.analysis.results.figures import Figure, Key, Sheet
from nimo.analysis.results.places import Place
from nimo.core.disclosure.gate import ProtectedTable, protect
from nimo.core.disclosure.policy import DisclosurePolicy, Kind
from nimo.core.disclosure.tables import Cell
from nimo.core.disclosure.tables import Table as GateTable

_FINEST_FIRST = ("municipality", "area", "prefecture")


@dataclass(frozen=True)
class Protected:
    """figures: as they may be written. hidden, shown: how many. dropped: levels of places left out altogether, because
    no way could be proven in which their small counts stay hidden.
    """

    figures: tuple[Figure, ...]
    policy: DisclosurePolicy
    dropped: tuple[str, ...] = ()

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
            "dropped_levels": list(self.dropped),
        }


def gate_table(sheet: Sheet) -> GateTable:
    """The cells and sums of a result as the gate takes them."""
    relations, differences = sheet.relations()
    cells: dict[Key, Cell] = {}
    for figure in sheet.figures:
        cells[figure.key(sheet.tables)] = _cell(sheet, figure.key(sheet.tables), figure.value, figure.place)
    for key, (value, place) in differences.items():
        cells[key] = _cell(sheet, key, value, place)
    return GateTable(tuple(cells.values()), relations)


def _cell(sheet: Sheet, key: Key, value: int | None, place: Place) -> Cell:
    geography = sheet.geography
    return Cell(key, value, Kind.PATIENTS, geography.disclosure_level(place), geography.population(place))


def protect_sheet(sheet: Sheet, policy: DisclosurePolicy) -> Protected:
    """Decide what of a result may be written. Amounts (days) are shown with the count they belong to, or not at all.

    Where the gate finds no proof for some small count, the finest level concerned goes, and with it every finer one.
    """
    dropped: list[str] = []
    while True:
        protected = protect(gate_table(sheet), policy)
        unsafe = {key for exposed in protected.exposed for key in exposed.keys}
        levels = [level for level in _FINEST_FIRST if any(level in key for key in unsafe)]
        if not levels:
            break
        dropped += [level for level in _FINEST_FIRST[: _FINEST_FIRST.index(levels[0]) + 1] if level not in dropped]
        sheet = replace(sheet, figures=tuple(f for f in sheet.figures if not _at_level(f, dropped)))
    figures = tuple(_figure(figure, figure.key(sheet.tables), protected, unsafe) for figure in sheet.figures)
    return Protected(figures, policy, tuple(dropped))


def _at_level(figure: Figure, levels: list[str]) -> bool:
    return figure.place.level in levels or (figure.to is not None and figure.to.level in levels)


def _figure(figure: Figure, key: Key, protected: ProtectedTable, unsafe: set[Any]) -> Figure:
    if figure.value is None:
        return figure
    found = protected.values[key]
    if found.shown and key not in unsafe:
        return figure
    amounts: Mapping[str, int | None] = dict.fromkeys(figure.amounts)
    reason = found.reason.value if found.reason else "joint"
    return replace(figure, value=None, amounts=amounts, state="suppressed", reason=reason)
