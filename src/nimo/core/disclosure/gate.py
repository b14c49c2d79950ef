"""The gate itself: `protect` a table, `suppress` one figure, and write what left into the ledger.

What comes out holds nothing that must not be seen: it may be cached, put into a template, a CSV or an API answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nimo.core.disclosure.complement import Complement
from nimo.core.disclosure.editions import Edition, EditionCell
from nimo.core.disclosure.marks import Reason, Wording, choose_reasons, known_from
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Level, Rule
from nimo.core.disclosure.system import HIDDEN, System, build_system
from nimo.core.disclosure.tables import Cell, Key, Relation, Share, Table

_WORDING = Wording()


@dataclass(frozen=True, slots=True)
class ProtectedValue:
    """One figure as it may be printed.

    value: the figure where shown, else None. text: what stands in the cell (figure with thousands separators, the
    short mark, or the word for absent). reason, sentence: why it is hidden (None and "" otherwise).
    absent: nobody gave the figure; it is neither zero nor hidden.
    """

    key: Key
    shown: bool
    value: int | Decimal | None
    text: str
    reason: Reason | None = None
    sentence: str = ""
    absent: bool = False

    def to_data(self) -> dict[str, Any]:
        """Plain data for CSV, JSON and API: value, and the reason where there is none."""
        value = str(self.value) if isinstance(self.value, Decimal) else self.value
        return {
            "value": value,
            "state": "absent" if self.absent else ("shown" if self.shown else "suppressed"),
            "reason": self.reason.value if self.reason else None,
            "reason_text": self.sentence or None,
        }


@dataclass(frozen=True, slots=True)
class Exposed:
    """Hidden now, yet what was published before already tells it (keys: the cell, or the cells of a small sum).

    certain: it was printed as it is; otherwise no way could be proven in which it stays hidden.
    """

    keys: tuple[Key, ...]
    certain: bool


@dataclass(frozen=True)
class ProtectedTable:
    """A table as it may be printed.

    exposed: for the administrator: earlier publications give these away whatever is hidden now.
    inconsistent: sums that do not add up in the figures themselves.
    """

    values: Mapping[Key, ProtectedValue]
    shares: Mapping[Key, ProtectedValue] = field(default_factory=dict)
    exposed: tuple[Exposed, ...] = ()
    inconsistent: tuple[Relation, ...] = ()

    def __getitem__(self, key: Key) -> ProtectedValue:
        found = self.values.get(key)
        return found if found is not None else self.shares[key]

    def may_derive_from(self, *keys: Key) -> bool:
        """True when a figure calculated from these cells (difference, sum, mean) may be printed: all are shown."""
        return all(self.values[key].shown for key in keys)

    def to_data(self) -> dict[Key, dict[str, Any]]:
        """Plain data of all cells and shares, in the order of the table."""
        return {key: value.to_data() for key, value in {**self.values, **self.shares}.items()}


def protect(
    table: Table,
    policy: DisclosurePolicy,
    already_published: Sequence[Edition] = (),
    wording: Wording = _WORDING,
) -> ProtectedTable:
    """Decide what of `table` may be printed, given everything already published about the same facts.

    Deterministic and independent of the order of rows. Criterion, law and limits: README.md.
    """
    system = build_system(table, policy, already_published)
    work = Complement(system)
    work.run()
    reasons = choose_reasons(_without_groups(system, work))
    values: dict[Key, ProtectedValue] = {}
    printed_before = set(system.exposed)
    for cell in table.cells:
        if cell.value is None:
            values[cell.key] = ProtectedValue(cell.key, False, None, wording.absent, absent=True)
            continue
        unknown = system.current[cell.key]
        if unknown in printed_before:
            values[cell.key] = _hidden(cell.key, Reason.JOINT, system.rules[unknown], wording)
        elif system.state[unknown] == HIDDEN:
            values[cell.key] = _hidden(cell.key, reasons[unknown], system.rules[unknown], wording)
        else:
            values[cell.key] = ProtectedValue(cell.key, True, cell.value, f"{cell.value:,}")
    return ProtectedTable(
        values=values,
        shares={share.key: _share(share, values, wording) for share in table.shares},
        exposed=_exposed(system, work),
        inconsistent=tuple(system.inconsistent),
    )


def _without_groups(system: System, work: Complement) -> System:
    """Drop the rows that only name sums of hidden counts: a reader gets nothing from them."""
    while len(system.rows) > work.real_rows:
        system.drop_last_row()
    return system


def _hidden(key: Key, reason: Reason, rule: Rule | None, wording: Wording) -> ProtectedValue:
    if rule is not None and rule.threshold is None and reason is Reason.JOINT:
        reason = Reason.POPULATION
    return ProtectedValue(key, False, None, wording.mark(reason, rule), reason, wording.sentence(reason, rule))


def _share(share: Share, values: Mapping[Key, ProtectedValue], wording: Wording) -> ProtectedValue:
    nothing = ProtectedValue("", False, None, wording.absent, absent=True)
    part = values.get(share.part, nothing)
    if isinstance(share.whole, int):
        whole, base, absent = share.whole, True, part.absent
    else:
        other = values.get(share.whole, nothing)
        whole, base = other.value if isinstance(other.value, int) else 0, other.shown
        absent = other.absent or part.absent
    if absent:
        return ProtectedValue(share.key, False, None, wording.absent, absent=True)
    if not (part.shown and base and isinstance(part.value, int)):
        return _hidden(share.key, Reason.DERIVED, None, wording)
    figure = share.of(part.value, whole)
    if figure is None:
        return ProtectedValue(share.key, False, None, wording.absent, absent=True)
    return ProtectedValue(share.key, True, figure, f"{figure:,}")


def _exposed(system: System, work: Complement) -> tuple[Exposed, ...]:
    found = [Exposed((key,), True) for key in (system.keys[u] for u in system.exposed) if key is not None]
    for unknown in work.unproven:
        members = work.groups.get(unknown, (unknown,))
        keys = tuple(key for key in (system.keys[u] for u in members) if key is not None)
        found.append(Exposed(keys, False))
    return tuple(found)


def suppress(
    value: int | None,
    policy: DisclosurePolicy,
    kind: Kind = Kind.PATIENTS,
    level: Level = Level.MUNICIPALITY,
    population: int | None = None,
    wording: Wording = _WORDING,
) -> ProtectedValue:
    """One figure that stands alone: no total, no breakdown, no earlier edition. Anything else needs `protect`."""
    return protect(Table((Cell("value", value, kind, level, population),)), policy, (), wording)["value"]


def edition_of(name: str, table: Table, protected: ProtectedTable, policy: DisclosurePolicy) -> Edition:
    """The ledger entry of what is being published. Store it when, and only when, it leaves the circle."""
    cells: dict[Key, EditionCell] = {}
    for cell in table.cells:
        if cell.value is None:
            continue
        printed = protected.values[cell.key]
        if printed.shown:
            cells[cell.key] = EditionCell(cell.value, shown=True)
            continue
        rule = policy.rule_for(cell.kind, cell.level, cell.population)
        assert rule is not None
        assert printed.reason is not None
        low, high = known_from(printed.reason, rule, cell.value)
        cells[cell.key] = EditionCell(cell.value, False, rule.hides(cell.value), low, high)
    return Edition(name=name, cells=cells, relations=table.relations)
