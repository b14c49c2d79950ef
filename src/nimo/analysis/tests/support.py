"""From the tests' spells to an engine's tables and back; random spells that hit each other often."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from nimo.analysis.engine import Engine
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import OUTCOMES
from nimo.analysis.spells.dataset import Dataset, open_dataset
from nimo.analysis.spells.validation import Checked, validate
from nimo.analysis.tests.reference import Spell

SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("person_key", pa.string()),
        ("municipality", pa.string()),
        ("hospital", pa.string()),
        ("hospital_municipality", pa.string()),
        ("admitted_on", pa.date32()),
        ("discharged_on", pa.date32()),
        ("admission_type", pa.string()),
        ("diagnosis_group", pa.string()),
        ("birth_date", pa.date32()),
        ("birth_year", pa.int32()),
        ("outcome", pa.string()),
        ("bed", pa.string()),
    ]
)
OUTCOME_OF = dict(enumerate(OUTCOMES, 1))


def arrow(spells: Iterable[Spell]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "row": s.row,
                "person_key": s.person,
                "municipality": s.municipality,
                "hospital": s.hospital,
                "hospital_municipality": s.hospital_municipality,
                "admitted_on": s.admitted,
                "discharged_on": s.discharged,
                "admission_type": s.admission_type,
                "diagnosis_group": s.diagnosis,
                "birth_date": s.birth,
                "birth_year": s.birth_year,
                "outcome": s.outcome,
                "bed": s.bed,
            }
            for s in spells
        ],
        schema=SCHEMA,
    )


def table(engine: Engine, spells: Iterable[Spell], folder: Path, name: str = "spells") -> ir.Table:
    path = folder / f"{name}.parquet"
    pq.write_table(arrow(spells), path)
    return engine.read_parquet(path)


def checked(engine: Engine, spells: Iterable[Spell], folder: Path, until: date, **more: Any) -> Checked:
    return validate(engine, table(engine, spells, folder), observed_until=until, **more)


def dataset(engine: Engine, spells: Iterable[Spell], folder: Path, until: date, rules: Rules) -> Dataset:
    return open_dataset(engine, table(engine, spells, folder), observed_until=until, rules=rules)


def counter(engine: Engine, expression: ir.Table, count: str, keys: Sequence[str] = ()) -> Counter[tuple[Any, ...]]:
    """Rows of a result as a Counter: keys in order → count."""
    rows = engine.rows(expression)
    names = list(keys) or [name for name in expression.columns if name != count]
    found: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        found[tuple(row[name] for name in names)] += row[count]
    return found


# -- random spells ------------------------------------------------------------------------------------------------

AREAS = ("10201", "10202", "10384", None)
# Month ends, a leap day, the days around the census and the turn of the year.
DAYS = [
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31), date(2023, 11, 30), date(2023, 12, 31),
    date(2024, 1, 31), date(2024, 6, 29), date(2024, 6, 30), date(2024, 7, 1), date(2023, 6, 30), date(2024, 3, 30),
]  # fmt: skip
BIRTHS = [date(2004, 2, 29), date(1959, 6, 30), date(1959, 7, 1), date(1984, 6, 30), date(1949, 3, 1), date(1904, 1, 1)]


def some_day(rng: random.Random) -> date:
    return rng.choice(DAYS) if rng.random() < 0.5 else date(2023, 3, 1) + timedelta(days=rng.randrange(700))


def random_spells(rng: random.Random, persons: int, *, clean: bool = True) -> list[Spell]:
    """clean: no violation among the spells of a person (a transfer on the same day is none)."""
    spells: list[Spell] = []
    for person in range(persons):
        spells += _spells_of(rng, f"p{person}", clean=clean)
    rng.shuffle(spells)
    return [replace(spell, row=row) for row, spell in enumerate(spells, 2)]


def _spells_of(rng: random.Random, person: str, *, clean: bool) -> list[Spell]:
    birth = rng.choice([*BIRTHS, None])
    year = rng.choice([1959, 1960, None]) if birth is None else None
    home = rng.choice(AREAS)
    found: list[Spell] = []
    day = some_day(rng)
    for _ in range(rng.choice([1, 1, 2, 2, 3, 4, 6])):
        length = rng.choice([0, 0, 1, 5, 29, 30, 31, 89, 90, 91, 180, 364, 365, 366, 400])
        out: date | None = day + timedelta(days=length)
        if rng.random() < 0.1:
            out = None
        outcome = None
        if out is not None:
            outcome = rng.choice(["home", "home", "transfer", "transfer", "group_home", "death", "other", None])
        found.append(
            Spell(
                row=0,
                person=person,
                admitted=day,
                discharged=out,
                municipality=home if rng.random() < 0.8 else rng.choice(AREAS),
                hospital=rng.choice(["H1", "H2"]),
                hospital_municipality=rng.choice(AREAS),
                outcome=outcome,
                admission_type=rng.choice(["voluntary", "protection", None]),
                diagnosis=rng.choice(["F00-F03", "F2", None]),
                birth=birth,
                birth_year=year,
                bed=rng.choice(["psychiatric", "psychiatric", "psychiatric", "other"]),
            )
        )
        if clean and (out is None or outcome == "death"):
            break
        gap = rng.choice([0, 0, 0, 1, 2, 29, 30, 31, 90, 91, 180, 365, 366])
        if not clean:
            gap = rng.choice([gap, -1, -5, -400])
        day = (out or day) + timedelta(days=gap)
    return found


@st.composite
def spell_lists(draw: st.DrawFn, *, clean: bool = True, persons: int = 12) -> list[Spell]:
    """Spells of up to `persons` people, reproducible from one drawn seed."""
    seed = draw(st.integers(0, 2**32))
    return random_spells(random.Random(seed), draw(st.integers(0, persons)), clean=clean)
