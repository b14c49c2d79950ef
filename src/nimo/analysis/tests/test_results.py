"""What a result says: every indicator, counts that are those of the plain reference, nothing that is hidden."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from nimo.analysis.engine import Engine
from nimo.analysis.indicators.classes import STAY_CLASSES
from nimo.analysis.results import making, protection
from nimo.analysis.results.computing import Computed, default_times
from nimo.analysis.results.definitions import Times, tables_of
from nimo.analysis.results.figures import Figure, Sheet, sheet_of
from nimo.analysis.results.places import TOTAL, Geography, Place
from nimo.analysis.results.protection import gate_table, protect_sheet
from nimo.analysis.results.result import Result
from nimo.analysis.results.structure import WHOLE, Atom
from nimo.analysis.rules import Rules, rules_from_data
from nimo.analysis.spells.dataset import Period
from nimo.analysis.spells.grounds import Ground, GroundError
from nimo.analysis.tests import reference, reference_after
from nimo.analysis.tests.making import LARGE, MIDDLE, ON, PLACES, SMALL, TIMES, UNTIL, result_of, spells_of
from nimo.core.disclosure.gate import Exposed, ProtectedTable, protect
from nimo.core.disclosure.policy import DisclosurePolicy, shipped_policy
from nimo.core.disclosure.tables import Table

pytestmark = pytest.mark.xdist_group("results")  # one worker makes the fixture, not both
SPELLS = spells_of(5, 700)
EVERY = {
    "census", "census_dementia", "discharge_rate", "discharge_rate_days", "discharge_destinations", "average_stay",
    "truncated_stay", "community_days", "readmission_rate", "survival", "admissions", "census_flows", "admission_flows",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(duckdb_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sheet, Result]:
    """A result, and the true figures it was made of."""
    kept: list[Sheet] = []

    def keeping(*given: Any) -> Sheet:
        kept.append(sheet_of(*given))
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "sheet_of", keeping)
        folder = tmp_path_factory.mktemp("result")
        result = result_of(duckdb_engine, SPELLS, folder, covers="region", references=PLACES)
    return kept[0], result


@pytest.fixture
def sheet(made: tuple[Sheet, Result]) -> Sheet:
    return made[0]


@pytest.fixture
def result(made: tuple[Sheet, Result]) -> Result:
    return made[1]


def values(figures: tuple[Figure, ...], table: str, place: Place = TOTAL) -> dict[str, int | None]:
    """By residence."""
    found = [f for f in figures if f.table == table and f.place == place and f.to is None and f.basis != "hospital"]
    return {"・".join(f"{name}={code}" for name, code in figure.dims): figure.value for figure in found}


def test_takes_the_two_fiscal_years_before_the_census():
    times = default_times(ON)
    assert (times.census, str(times.recent), str(times.followed)) == (
        "2024-06-30", "2023-04-01/2024-03-31", "2022-04-01/2023-03-31",
    )  # fmt: skip
    assert str(default_times(ON.replace(month=3)).recent) == "2022-04-01/2023-03-31", "March belongs to the year before"


def test_holds_every_indicator(sheet: Sheet, result: Result):
    assert set(sheet.tables) == EVERY
    assert {figure.table for figure in result.figures} == EVERY
    assert {one.code for one in result.derived()} >= {
        "over_1_year_share", "discharged_within_3_months", "discharged_within_1_year_days", "home_share",
        "average_stay_days", "truncated_stay_days", "community_days_psychiatric", "community_days_any",
        "readmission_any_365", "readmission_stay_length_180", "readmission_interval_90", "in_hospital_at_365",
        "census_rate", "over_1_year_rate", "census_rate_standardised",
    }  # fmt: skip


def test_counts_what_the_plain_reference_counts(sheet: Sheet):
    known = reference.seen(SPELLS, UNTIL)
    census = reference.census(known, ON, Rules(), "address", ("stay",))
    found = values(sheet.figures, "census")
    assert found[""] == sum(census.values())
    for number, code in enumerate(("under_3_months", "3_to_12_months", "over_1_year")):
        assert found[f"stay={code}"] == sum(persons for (_, stay), persons in census.items() if stay == number)
    first, last = TIMES.followed.first, TIMES.followed.last
    community = reference_after.community_days(known, first, last, UNTIL, Rules(), "hospital")
    whole = values(sheet.figures, "community_days")
    assert whole[""] == sum(discharges for discharges, _, _ in community.values())
    readmitted = reference_after.readmission(known, first, last, UNTIL, Rules(), "hospital")
    again = values(sheet.figures, "readmission_rate")
    assert again["state=followed・any=within_180"] == sum(
        n for (_, band, _, _, ok), n in readmitted.items() if ok and band <= 1
    )
    for counting, suffix in (("month", ""), ("day", "_days")):
        rates = reference.discharge_rate(known, first, last, UNTIL, Rules(), "address", counting)
        given = values(sheet.figures, f"discharge_rate{suffix}")
        assert given[f"state{suffix}=followed・band{suffix}=within_1_year"] == sum(
            n for (_, band), n in rates.items() if band <= 2
        )
        assert given[f"state{suffix}=not_followed"] == sum(n for (_, band), n in rates.items() if band == 4)


def test_every_sum_it_tells_the_gate_adds_up(sheet: Sheet):
    table = gate_table(sheet)
    assert len(table.relations) > 500
    for relation in table.relations:
        parts = [table.by_key[key].value for key in relation.parts]
        assert table.by_key[relation.total].value == sum(part or 0 for part in parts), relation


def test_hides_small_counts_and_what_would_tell_them(sheet: Sheet, result: Result):
    keys = {figure.key(sheet.tables): figure for figure in result.figures}
    true = {figure.key(sheet.tables): figure.value for figure in sheet.figures}
    assert 0 < result.suppression["hidden"] < len(keys)
    for key, figure in keys.items():
        assert (figure.state == "shown") == (figure.value is not None)
        assert not (figure.value is not None and 0 < figure.value < 10), figure
        if figure.value is None:
            assert not any(figure.amounts.values()), "days of a hidden count are hidden"
        else:
            assert figure.value == true[key]
    for relation in gate_table(sheet).relations:
        hidden = [key for key in (relation.total, *relation.parts) if key in keys and keys[key].value is None]
        if all(key in keys for key in (relation.total, *relation.parts)) and len(hidden) == 1:
            assert (true[hidden[0]] or 0) >= 10, f"a small count can be calculated: {relation}"


def test_protects_by_population():
    """1,500 persons: not even a zero; 20,000: nothing below twenty; 48,000: nothing below ten."""
    tables = {"census": tables_of(Rules(), TIMES)["census"]}
    atoms = [
        Atom(int(code), {"stay": stay, "age": age}, 6 + 7 * n)
        for number, code in enumerate((*LARGE, *MIDDLE, *SMALL))
        for n, (stay, age) in enumerate(product(STAY_CLASSES, ("under_65", "65_to_74", "75_and_over")), number)
    ]
    made = sheet_of(tables, Computed({("census", "address"): atoms}, {}), Geography.of(PLACES), Rules())
    protected = protect_sheet(made, shipped_policy())
    shown = defaultdict(list)
    for figure in protected.figures:
        if figure.place.level == "municipality" and figure.basis == "address" and "age_unknown" not in str(figure.dims):
            shown[figure.place.code].append(figure.value)
    assert all(value is None for code in SMALL for value in shown[code])
    for codes, least in ((MIDDLE, 20), (LARGE, 10)):
        given = [value for code in codes for value in shown[code] if value is not None]
        assert given
        assert all(value >= least for value in given if value)
    assert protected.dropped == {}


def test_leaves_a_level_out_where_the_gate_finds_no_proof(monkeypatch: pytest.MonkeyPatch):
    """The gate says of one village that it cannot prove it safe: no municipality is given, the rest is decided anew."""
    tables = {"census": tables_of(Rules(), TIMES)["census"]}
    atoms = [Atom(int(code), {"stay": "over_1_year", "age": "under_65"}, 40) for code in ("10201", "10384")]
    made = sheet_of(tables, Computed({("census", "address"): atoms}, {}), Geography.of(PLACES), Rules())
    asked = []

    def doubtful(table: Table, policy: DisclosurePolicy) -> ProtectedTable:
        asked.append(table)
        found = protect(table, policy)
        village = next((cell.key for cell in table.cells if "10384" in cell.key), None)
        return replace(found, exposed=(Exposed((village,), certain=False),)) if village else found

    monkeypatch.setattr(protection, "protect", doubtful)
    protected = protect_sheet(made, shipped_policy())
    assert protected.dropped == {"census": ("municipality",)}
    assert {figure.place.level for figure in protected.figures} == {"total", "prefecture", "area"}
    assert protected.describe()["dropped_levels"] == {"census": ["municipality"]}
    assert len(asked) == 2


def test_the_zeros_of_a_class_nobody_is_in_are_open(sheet: Sheet):
    """年齢不明 of nobody at all: no village needs to be left out for it."""
    tables = {"census": tables_of(Rules(), TIMES)["census"]}
    atoms = [
        Atom(int(code), {"stay": stay, "age": age}, 40)
        for code in ("10201", "10202", "10384")
        for stay in ("under_3_months", "3_to_12_months", "over_1_year")
        for age in ("under_65", "65_to_74", "75_and_over")
    ]
    made = sheet_of(tables, Computed({("census", "address"): atoms}, {}), Geography.of(PLACES), Rules())
    protected = protect_sheet(made, shipped_policy())
    assert protected.dropped == {}
    found = values(protected.figures, "census", Place("municipality", "10384"))
    assert {code for code, value in found.items() if value == 0} == {code for code in found if "age_unknown" in code}
    assert {value for code, value in found.items() if "age_unknown" not in code} == {None}


def test_the_difference_between_two_readings_is_no_way_round():
    """15 readmitted, 12 of them for thirty days: three persons stayed short. One of the two must go."""
    times, rules, place = TIMES, Rules(), 10201
    tables = {"readmission_rate": tables_of(rules, times)["readmission_rate"]}

    def atom(any_: str, long: str, count: int) -> Atom:
        return Atom(place, {"state": "followed", "any": any_, "stay_length": long, "interval": any_}, count)

    atoms = [atom("within_90", "within_90", 12), atom("within_90", "none", 3), atom("none", "none", 85)]
    computed = Computed({("readmission_rate", basis): atoms for basis in ("address", "hospital")}, {})
    made = sheet_of(tables, computed, Geography(), rules)
    found = values(protect_sheet(made, shipped_policy()).figures, "readmission_rate")
    assert found[""] == 100
    both = ((("any", "within_90"),), (("stay_length", "within_90"),))
    shown = [
        figure.value
        for figure in protect_sheet(made, shipped_policy()).figures
        if figure.place == TOTAL and figure.dims[1:] in both
    ]
    assert len(shown) == 2
    assert None in shown


def test_bands_of_the_survival_curve_are_tied_to_the_discharge_rate_by_days(sheet: Sheet):
    tied = [
        relation
        for relation in gate_table(sheet).relations
        if any("band_days=within_3_months" in part for part in relation.total)
        and "ending" in "".join(relation.parts[0])
    ]
    assert tied
    assert len(tied[0].parts) == 5, "7, 14, 30, 60 and 90 days of the grid"


def test_derives_only_from_what_is_shown(result: Result):
    shown = {(f.table, f.basis, f.place, f.value) for f in result.figures if f.value is not None}
    for one in result.derived():
        if one.state == "shown" and one.method == "wilson":
            assert any(f[0] == one.table or f[3] == one.numerator for f in shown)
            assert one.numerator is not None
            assert one.denominator
            assert one.value == (Decimal(one.numerator * 100) / one.denominator).quantize(
                Decimal("0.1"), "ROUND_HALF_UP"
            )
            assert one.low is not None
            assert one.high is not None
            assert one.low <= one.value <= one.high
        if one.state != "shown":
            assert (one.value, one.numerator, one.denominator) == (None, None, None)


def test_gives_rates_per_population_with_intervals(result: Result):
    rates = {(one.code, one.place.level, one.place.code): one for one in result.derived() if one.table == "census"}
    shown = [
        rate for (code, level, _), rate in rates.items() if rate.state == "shown" and code == "census_rate" and level
    ]
    assert shown
    for rate in shown:
        persons = Geography.of(PLACES).population(rate.place)
        assert (rate.denominator, rate.method, rate.unit) == (persons, "poisson_exact", "人口100,000対")
        assert rate.numerator == values(result.figures, "census", rate.place)[""]
        assert rate.value is not None
        assert rate.low is not None
        assert rate.high is not None
        assert rate.low < rate.value < rate.high
        assert abs(rate.value - Decimal(rate.numerator or 0) * 100_000 / (persons or 1)) <= Decimal("0.0001")
    assert ("census_rate_standardised", "area", "西") not in rates, "ages unknown in part of the area"
    assert ("census_rate_standardised", "area", "東") in rates


def test_gives_no_rate_per_population_for_some_hospitals(duckdb_engine: Engine, tmp_path: Path):
    """All patients of one hospital over everybody who lives there is not the rate of the place."""
    made = result_of(duckdb_engine, spells_of(6, 60, "H1"), tmp_path)
    assert not [one for one in made.derived() if one.code.startswith("census_rate")]
    assert made.coverage.hospitals == ("H1",)


def test_tells_its_lineage_and_every_open_parameter(result: Result):
    data = result.to_data()
    (source,) = data["lineage"]["sources"]
    assert source["sha256"] == "a" * 64
    assert source["engine"] == "duckdb"
    assert source["engine_version"]
    assert source["observed_until"] == "2025-04-30"
    assert source["ground"] == {"code": "own", "label": source["ground"]["label"], "note": ""}
    assert data["lineage"]["nimo"]
    assert data["suppression"]["policy"]["version"] == shipped_policy().version
    assert data["suppression"]["hidden"] == sum(figure["state"] == "suppressed" for figure in data["figures"])
    listed = {one["code"]: one for one in data["parameters"]}
    assert {f"{group}.{name}" for group, given in Rules().to_data().items() for name in given} == set(listed)
    assert listed["readmission.min_stay_days"]["evidence"] == "K"
    assert all(one["label"] and one["reference"] for one in listed.values())
    assert all(table["reference"] and table["unit"] and table["when"] for table in data["tables"])


def test_says_no_key_of_a_person(result: Result):
    text = json.dumps(result.to_data(), ensure_ascii=False)
    assert not any(f'"{spell.person}"' in text for spell in SPELLS)


def test_says_nothing_of_a_handful_of_rows(duckdb_engine: Engine, tmp_path: Path):
    made = result_of(duckdb_engine, spells_of(1, 2, "H9"), tmp_path)
    assert made.lineage["sources"][0]["rows_used"] is None
    assert all(figure.value in (0, None) for figure in made.figures)


def test_computes_from_no_row_at_all(duckdb_engine: Engine, tmp_path: Path):
    made = result_of(duckdb_engine, [], tmp_path)
    assert made.coverage.hospitals == ()
    assert {f.value for f in made.figures if f.place == TOTAL and f.dims == WHOLE} == {0}
    assert {one.state for one in made.derived()} == {"undefined"}


def test_other_times_and_rules_are_followed(duckdb_engine: Engine, tmp_path: Path):
    rules = rules_from_data({"readmission": {"horizons": [60]}, "census": {"age_limits": [40]}})
    times = Times(ON.isoformat(), TIMES.recent, Period(TIMES.recent.first, UNTIL))
    made = result_of(duckdb_engine, spells_of(2, 80), tmp_path, rules=rules, times=times)
    assert made.tables["readmission_rate"].when == "2023-05-01/2025-04-30"
    assert {one.code for one in made.derived() if one.table == "readmission_rate"} == {
        f"readmission_{reading}_60" for reading in ("any", "stay_length", "interval")
    }
    assert "age=under_40" in values(made.figures, "census")


def test_a_ground_beyond_ones_own_records_needs_a_paper():
    assert Ground("law", "○○法第1条").to_data()["note"] == "○○法第1条"
    for code, note in (("law", " "), ("nonsense", "x"), ("law", "x" * 201), ("law", "a\nb")):
        with pytest.raises(GroundError):
            Ground(code, note)
    with pytest.raises(GroundError, match="--ground"):
        Ground().require_beyond_own("別の計算機で集計する")
