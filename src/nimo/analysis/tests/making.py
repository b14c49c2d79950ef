"""Results for the tests: of one hospital, of several, with the places they lie in."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from nimo.analysis.engine import Engine
from nimo.analysis.results.definitions import Times
from nimo.analysis.results.making import Request, check_spells, make_result
from nimo.analysis.results.result import Result
from nimo.analysis.rules import Rules
from nimo.analysis.spells.dataset import Period
from nimo.analysis.spells.references import Population, References
from nimo.analysis.tests.reference import Spell
from nimo.analysis.tests.support import random_spells, table
from nimo.core.disclosure.policy import shipped_policy

ON, UNTIL = date(2024, 6, 30), date(2025, 4, 30)
AGES = {"under_65": 30_000, "65_to_74": 9_000, "75_and_over": 9_000, "age_unknown": 0}
LARGE, MIDDLE, SMALL = ("10201", "10203", "10204"), ("10202", "10205"), ("10384", "10421")
PLACES = References(
    areas={**dict.fromkeys((*LARGE, "10202"), "東"), **dict.fromkeys(("10205", *SMALL), "西")},
    populations=(
        Population("10000", 200_000),
        *(Population(code, 48_000, AGES) for code in LARGE),
        *(Population(code, 20_000, {age: persons // 2 for age, persons in AGES.items()}) for code in MIDDLE),
        *(Population(code, 1_500) for code in SMALL),
    ),
    standard={"under_65": 70_000, "65_to_74": 15_000, "75_and_over": 15_000},
)
COARSE = References(populations=(Population("10000", 200_000),))
# The random spells lie in these two years: both periods must, and they must differ.
TIMES = Times(ON.isoformat(), Period(date(2023, 5, 1), date(2024, 4, 30)), Period(date(2023, 4, 1), date(2024, 3, 31)))


def request(**changes: Any) -> Request:
    plain = Request(ON, Rules(), COARSE, shipped_policy(), label="試験", observed_until=UNTIL, times=TIMES)
    return replace(plain, **changes)


def spells_of(seed: int, persons: int, hospital: str | None = None) -> list[Spell]:
    """In seven municipalities, many of them there for years. hospital: all of one hospital; persons of different hospitals are different persons."""
    rng = random.Random(seed)
    around = {"10201": LARGE, "10202": MIDDLE, "10384": SMALL}
    found = []
    rows = random_spells(rng, persons)
    alone = {person for person, times in Counter(spell.person for spell in rows).items() if times == 1}
    for spell in rows:
        if spell.person in alone:
            spell = replace(spell, admitted=spell.admitted - timedelta(days=rng.choice([0, 0, 700, 1500])))
        # Who was born in 1904 is too old for some of these days: an error, and not what is tried here.
        birth = None if spell.birth and spell.birth.year < 1910 else spell.birth
        there = rng.choice(around[spell.municipality]) if spell.municipality else None
        found.append(replace(spell, birth=birth, municipality=there))
    if hospital is None:
        return found
    return [replace(spell, hospital=hospital, person=f"{hospital}-{spell.person}") for spell in found]


def result_of(engine: Engine, spells: list[Spell], folder: Path, source: str = "a", **changes: Any) -> Result:
    """What `nimo indicators compute` makes of them."""
    wanted = request(**changes)
    checked = check_spells(engine, table(engine, spells, folder, name=f"spells-{source}"), wanted)
    assert not checked.errors
    made = make_result(engine, checked, wanted, {"sha256": source * 64, "kind": "parquet"})
    engine.forget()
    return made
