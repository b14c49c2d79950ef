"""The basic-information block of a municipal sheet: its keys, the sums and shares that tie them, and a short cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nimo.core.disclosure.editions import Edition
from nimo.core.disclosure.gate import ProtectedTable, protect
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Level
from nimo.core.disclosure.tables import Cell, Key, Relation, Share, Table

INPATIENTS = "inpatients"
UNDER_3_MONTHS = "inpatients_under_3_months"
FROM_3_TO_12_MONTHS = "inpatients_3_to_12_months"
OVER_1_YEAR = "inpatients_over_1_year"
OVER_1_YEAR_65_AND_OVER = "inpatients_over_1_year_65_and_over"
OVER_1_YEAR_UNDER_65 = "inpatients_over_1_year_under_65"

INPATIENT_RELATIONS = (
    Relation(INPATIENTS, (UNDER_3_MONTHS, FROM_3_TO_12_MONTHS, OVER_1_YEAR)),
    Relation(OVER_1_YEAR, (OVER_1_YEAR_65_AND_OVER, OVER_1_YEAR_UNDER_65)),
)

INPATIENT_SHARES = (
    *(Share(f"{key}_share", key, INPATIENTS) for key in (UNDER_3_MONTHS, FROM_3_TO_12_MONTHS, OVER_1_YEAR)),
    *(Share(f"{key}_share", key, OVER_1_YEAR) for key in (OVER_1_YEAR_65_AND_OVER, OVER_1_YEAR_UNDER_65)),
)


def row_table(
    values: Mapping[str, int | None],
    relations: Sequence[Relation] = INPATIENT_RELATIONS,
    *,
    population: int | None,
    level: Level = Level.MUNICIPALITY,
    kind: Kind = Kind.PATIENTS,
    shares: Sequence[Share] = INPATIENT_SHARES,
) -> Table:
    """The table of one place: cells by field name; a missing key is an absent cell.

    Relations and shares that name no given key are left out; every cell they do name appears, absent if not given.
    """
    fitting = tuple(r for r in relations if any(key in values for key in (r.total, *r.parts)))
    derived = tuple(s for s in shares if s.part in values or s.whole in values)
    keys: dict[Key, None] = dict.fromkeys(values)
    for relation in fitting:
        keys.update(dict.fromkeys((relation.total, *relation.parts)))
    for share in derived:
        keys.update(dict.fromkeys(key for key in (share.part, share.whole) if not isinstance(key, int)))
    cells = tuple(Cell(key, values.get(key) if isinstance(key, str) else None, kind, level, population) for key in keys)
    return Table(cells, fitting, derived)


def protect_row(
    values: Mapping[str, int | None],
    relations: Sequence[Relation] = INPATIENT_RELATIONS,
    *,
    population: int | None,
    policy: DisclosurePolicy,
    level: Level = Level.MUNICIPALITY,
    kind: Kind = Kind.PATIENTS,
    shares: Sequence[Share] = INPATIENT_SHARES,
    already_published: Sequence[Edition] = (),
) -> ProtectedTable:
    """Protect the figures of one place shown by themselves. To remember the edition, use `row_table` and `protect`."""
    table = row_table(values, relations, population=population, level=level, kind=kind, shares=shares)
    return protect(table, policy, already_published)
