"""Random tables with three area levels, a breakdown and its drill-down, as hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from nimo.core.disclosure.policy import Kind, Level
from nimo.core.disclosure.tables import Cell, Relation, Share, Table

STAYS = ("short", "middle")
AGES = ("old", "young")
LEAVES = STAYS + AGES
COLUMNS = (*LEAVES, "long", "all")

counts = st.one_of(st.integers(0, 4), st.integers(0, 14), st.integers(0, 40))
populations = st.sampled_from([None, 900, 12_000, 12_000, 60_000, 60_000, 60_000])


@st.composite
def shapes(draw):
    """A prefecture: areas, each a list of (municipality, population)."""
    return {
        f"area{a}": [(f"town{a}{m}", draw(populations)) for m in range(draw(st.integers(1, 3)))]
        for a in range(draw(st.integers(1, 2)))
    }


@st.composite
def leaves(draw, shape):
    """The counts of every municipality in the finest breakdown."""
    return {town: {leaf: draw(counts) for leaf in LEAVES} for towns in shape.values() for town, _ in towns}


@st.composite
def revised(draw, values):
    """The same counts after a few corrections."""
    corrected = {town: dict(row) for town, row in values.items()}
    for _ in range(draw(st.integers(0, 3))):
        town = draw(st.sampled_from(sorted(corrected)))
        corrected[town][draw(st.sampled_from(LEAVES))] = draw(counts)
    return corrected


def table_of(shape, values, levels=("prefecture", "area", "municipality"), columns=COLUMNS):
    """The published table of a prefecture: the chosen levels and columns, with every sum that ties them."""
    rows = {"pref": (Level.PREFECTURE, None, [t for towns in shape.values() for t, _ in towns])}
    for area, towns in shape.items():
        rows[area] = (Level.AREA, None, [town for town, _ in towns])
        for town, population in towns:
            rows[town] = (Level.MUNICIPALITY, population, [town])
    rows = {name: row for name, row in rows.items() if row[0].value in levels}
    cells, relations, shares = [], [], []
    for name, (level, population, towns) in rows.items():
        sums = {leaf: sum(values[town][leaf] for town in towns) for leaf in LEAVES}
        sums["long"] = sums["old"] + sums["young"]
        sums["all"] = sums["short"] + sums["middle"] + sums["long"]
        cells += [Cell((name, c), sums[c], Kind.PATIENTS, level, population) for c in columns]
        for total, parts in (("long", AGES), ("all", (*STAYS, "long"))):
            if {total, *parts} <= set(columns):
                relations.append(Relation((name, total), tuple((name, part) for part in parts)))
        if {"all", "short"} <= set(columns):
            shares.append(Share(("share", name), (name, "short"), (name, "all")))
    for column in columns:
        if "area" in levels and "municipality" in levels:
            for area, towns in shape.items():
                relations.append(Relation((area, column), tuple((town, column) for town, _ in towns)))
        if "area" in levels and "prefecture" in levels:
            relations.append(Relation(("pref", column), tuple((area, column) for area in shape)))
        elif "municipality" in levels and "prefecture" in levels:
            everyone = tuple((town, column) for towns in shape.values() for town, _ in towns)
            relations.append(Relation(("pref", column), everyone))
    return Table(tuple(cells), tuple(relations), tuple(shares))
