"""Every indicator equals the plain reference, number by number, on every engine and under every rule."""

from __future__ import annotations

import inspect
import random
from collections.abc import Iterator
from dataclasses import Field, fields, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimo.analysis.engine import Engine
from nimo.analysis.indicators import after_discharge, discharge, stay_days
from nimo.analysis.indicators import census as census_module
from nimo.analysis.indicators.after_discharge import community_days, readmission_rate
from nimo.analysis.indicators.census import admission_flows, census, census_flows
from nimo.analysis.indicators.discharge import Counting, discharge_destinations, discharge_rate
from nimo.analysis.indicators.stay_days import average_stay, duration_bands, durations, truncated_stay
from nimo.analysis.rules import Rules, rules_from_data
from nimo.analysis.spells.dataset import BASES, Period
from nimo.analysis.tests import reference, reference_after
from nimo.analysis.tests.support import OUTCOME_OF, checked, counter, dataset, random_spells, spell_lists

ON, UNTIL = date(2024, 6, 30), date(2025, 4, 30)
FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
PERIOD = Period(FIRST, LAST)
COUNTINGS: tuple[Counting, ...] = ("month", "day")

# Each option of each rule appears at least once: test_tries_every_option_of_every_rule.
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "defaults": {},
    "other side": {
        "linking": {"max_gap_days": 1, "needs_transfer": True, "overlaps": "join"},
        "census": {
            "moment": "end_of_day",
            "stay_classes": "days",
            "length_from": "hospital",
            "age_limits": [20, 40, 65],
        },
        "discharge": {"deaths": "exclude", "transfers": "discharge"},
        "average_stay": {"unit": "stay", "same_day_counts": 1},
        "community": {"discharge_day_in_hospital": False, "deaths": "exclude", "transfers": "include"},
        "readmission": {"longest_stay_days": 365, "transfers": "include", "horizons": [30, 90]},
        "survival": {"deaths": "censor", "transfers": "event"},
        "age": {"assumed_birthday": 101},
    },
    "third side": {
        "linking": {"max_gap_days": 30},
        "discharge": {
            "admission_month_counts": False,
            "deaths": "remain",
            "transfers": "exclude",
            "day_limits": [30, 90, 364],
        },
        "survival": {"grid": [30, 365]},
        "community": {"deaths": "ignore", "longest_stay_days": 180, "window_days": 180},
        "readmission": {"min_stay_days": 0, "min_interval_days": 0},
        "census": {"stay_classes": "days"},
    },
    "transfers only": {"linking": {"needs_transfer": True}, "community": {"discharge_day_in_hospital": False}},
}


def agree(engine: Engine, spells: list[reference.Spell], folder: Path, rules: Rules, until: date = UNTIL) -> None:
    """Compare everything."""
    data = dataset(engine, spells, folder, until, rules)
    known = reference.seen(spells, until)
    for basis in BASES:
        for by in (("stay", "age"), ("dementia_40", "stay"), ("diagnosis", "admission_type")):
            assert counter(engine, census(data, on=ON, basis=basis, by=by), "persons") == reference.census(
                known, ON, rules, basis, by
            )
        for counting in COUNTINGS:
            rates = discharge_rate(data, PERIOD, basis=basis, counting=counting)
            assert counter(engine, rates, "stays") == reference.discharge_rate(
                known, FIRST, LAST, until, rules, basis, counting
            )
        assert counter(engine, duration_bands(data, PERIOD, basis=basis), "stays") == reference.duration_bands(
            known, FIRST, LAST, until, rules, basis
        )
        found = counter(engine, discharge_destinations(data, PERIOD, basis=basis), "stays")
        assert {(p, OUTCOME_OF[o], s): n for (p, o, s), n in found.items()} == reference.destinations(
            known, FIRST, LAST, rules, basis
        )
        assert {
            row["place"]: (row["patient_days"], row["admissions"], row["discharges"])
            for row in engine.rows(average_stay(data, PERIOD, basis=basis))
            if row["patient_days"] or row["admissions"] or row["discharges"]
        } == reference.average_stay(known, FIRST, LAST, rules, basis)
        assert {
            (row["place"], row["followed"]): (row["stays"], row["days"])
            for row in engine.rows(truncated_stay(data, PERIOD, basis=basis))
        } == reference.truncated_stay(known, FIRST, LAST, until, rules, basis)
        assert {
            (row["place"], row["state"]): (row["discharges"], row["days_psychiatric"], row["days_any"])
            for row in engine.rows(community_days(data, PERIOD, basis=basis))
        } == reference_after.community_days(known, FIRST, LAST, until, rules, basis)
        assert counter(
            engine, readmission_rate(data, PERIOD, basis=basis), "discharges"
        ) == reference_after.readmission(known, FIRST, LAST, until, rules, basis)
    assert counter(engine, census_flows(data, on=ON), "persons") == reference.census_flows(known, ON, rules)
    assert counter(engine, admission_flows(data, PERIOD), "stays") == reference.admission_flows(
        known, FIRST, LAST, rules
    )
    assert counter(engine, durations(data, PERIOD), "stays") == reference.durations(known, FIRST, LAST, until, rules)
    engine.forget()


@pytest.mark.parametrize("name", VARIANTS)
def test_equals_the_plain_reference_under_each_rule(name: str, engine: Engine, tmp_path: Path):
    spells = random_spells(random.Random(7), 300)
    agree(engine, spells, tmp_path, rules_from_data(VARIANTS[name]))


@pytest.mark.parametrize("until", [date(2024, 7, 1), date(2025, 3, 30), date(2025, 3, 31)])
def test_equals_the_plain_reference_whenever_the_observation_ends(until: date, duckdb_engine: Engine, tmp_path: Path):
    agree(duckdb_engine, random_spells(random.Random(11), 200), tmp_path, Rules(), until)


def every_rule() -> Iterator[tuple[str, Field[Any]]]:
    """Of the rules that lead to integers. `rates` leads to rates (test_rates), `age.oldest` to errors (test_validation)."""
    for group in fields(Rules):
        for one in fields(group.default):  # type: ignore[arg-type]
            if group.name != "rates" and (group.name, one.name) != ("age", "oldest"):
                yield f"{group.name}.{one.name}", one


def test_tries_every_option_of_every_rule():
    tried: dict[str, list[Any]] = {}
    for variant in VARIANTS.values():
        for group, rules in rules_from_data(variant).to_data().items():
            for name, value in rules.items():
                tried.setdefault(f"{group}.{name}", []).append(value)
    for name, one in every_rule():
        options = (True, False) if isinstance(one.default, bool) else one.metadata["choices"]
        assert all(option in tried[name] for option in options), name
        default = list(one.default) if isinstance(one.default, tuple) else one.default
        assert any(value != default for value in tried[name]), name


MODULES: tuple[ModuleType, ...] = (after_discharge, census_module, discharge, stay_days)


def test_compares_every_indicator_and_each_tells_what_it_is():
    """Where there is a table of counts there is a plain reference, and a definition, unit, rules and source beside it."""
    indicators = {
        name: one.__doc__ or ""
        for module in MODULES
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__ and "Columns:" in (one.__doc__ or "")
    }
    assert len(indicators) == 11
    assert set(indicators) <= set(agree.__code__.co_names)
    for name, told in indicators.items():
        assert all(
            f"{part}:" in told or f"{part} (" in told for part in ("Definition", "Unit", "Parameters", "Reference")
        ), name


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=spell_lists(persons=40), name=st.sampled_from(sorted(VARIANTS)))
def test_equals_the_plain_reference_on_any_spells(
    spells: list[reference.Spell], name: str, duckdb_engine: Engine, tmp_path: Path
):
    agree(duckdb_engine, spells, tmp_path, rules_from_data(VARIANTS[name]))


@pytest.mark.cluster
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=spell_lists(persons=40), name=st.sampled_from(sorted(VARIANTS)))
def test_equals_the_plain_reference_on_any_spells_on_spark(
    spells: list[reference.Spell], name: str, spark_engine: Engine, tmp_path: Path
):
    agree(spark_engine, spells, tmp_path, rules_from_data(VARIANTS[name]))


def test_does_not_depend_on_the_order_of_the_rows(duckdb_engine: Engine, tmp_path: Path):
    spells = random_spells(random.Random(3), 150)
    data = dataset(duckdb_engine, spells, tmp_path, UNTIL, Rules())
    before = counter(duckdb_engine, census(data, on=ON, basis="address"), "persons")
    random.Random(4).shuffle(spells)
    (tmp_path / "again").mkdir()
    data = dataset(duckdb_engine, spells, tmp_path / "again", UNTIL, Rules())
    assert counter(duckdb_engine, census(data, on=ON, basis="address"), "persons") == before


def test_equals_the_plain_reference_where_spells_overlap(duckdb_engine: Engine, tmp_path: Path):
    """Errors are left out as on request; overlaps are none by this rule."""
    rules = rules_from_data({"linking": {"overlaps": "join"}})
    spells = random_spells(random.Random(13), 300, clean=False)
    found = checked(duckdb_engine, spells, tmp_path, UNTIL, rules=rules)
    assert found.counts["overlap"] > 50
    kept = {row["row"] for row in duckdb_engine.rows(found.usable.select("row"))}
    (tmp_path / "kept").mkdir()
    agree(duckdb_engine, [spell for spell in spells if spell.row in kept], tmp_path / "kept", rules)


def test_joins_overlapping_spells_where_the_rule_says_so(engine: Engine, tmp_path: Path):
    rules = rules_from_data({"linking": {"overlaps": "join"}})
    first = reference.Spell(2, "a", date(2024, 1, 1), date(2024, 7, 10), outcome="home")
    inside = replace(first, row=3, admitted=date(2024, 6, 1), discharged=date(2024, 7, 5), municipality="10202")
    agree(engine, [inside, first], tmp_path, rules)
    data = dataset(engine, [inside, first], tmp_path, UNTIL, rules)
    found = counter(engine, census(data, on=ON, basis="address", by=("stay",)), "persons")
    assert found == {(10202, 1): 1}, "one person, in the place of the later spell, since January"
