"""The made-up world: the same every time, as large as it says, without errors, its totals counted apart."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nimo.analysis.engine import Engine
from nimo.analysis.indicators.census import census
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import conform
from nimo.analysis.spells.dataset import open_dataset
from nimo.analysis.spells.validation import Severity, validate
from nimo.analysis.worldspells import (
    CITY,
    NATION,
    NATION_LARGE,
    OBSERVED_UNTIL,
    PREFECTURE,
    SIZES,
    WorldSize,
    world_chunks,
    world_codes,
    world_populations,
    write_world,
)
from nimo.core.codes import AreaCode

FEW = WorldSize("few", 30_000, 1741, 47)  # the shape of the nation


def content(path: Path) -> str:
    table = pq.read_table(path)
    whole = hashlib.sha256()
    for column in table.columns:
        whole.update(repr(column.to_pylist()).encode())
    return whole.hexdigest()


def test_is_the_same_every_time(tmp_path: Path):
    for name in ("a", "b"):
        write_world(CITY, tmp_path / name)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_stays_what_it_was():
    """Changing a draw changes every total ever told of this world: then change this number on purpose."""
    _, made = next(world_chunks(CITY))
    assert {name: int(values.sum()) for name, values in made.items() if name in ("person", "a", "hospital")} == KEPT


KEPT = {"person": 1_170_539, "hospital": 2_005_351, "a": 35_663_019}


@pytest.mark.parametrize("size", [CITY, PREFECTURE, FEW], ids=lambda size: size.name)
def test_has_as_many_rows_and_places_as_it_says(size: WorldSize, tmp_path: Path):
    totals = write_world(size, tmp_path / "w.parquet")
    table = pq.read_table(tmp_path / "w.parquet", columns=["row", "municipality"])
    assert table.num_rows == totals.rows == size.spells
    assert table["row"].to_pylist() == list(range(2, size.spells + 2)), "row numbers as in a file with a heading"
    codes = world_codes(size)
    assert len(set(codes)) == size.municipalities
    assert len({code[:2] for code in codes}) == size.prefectures
    assert all(AreaCode(code).code == code for code in codes)
    assert set(table["municipality"].to_pylist()) <= set(codes)


def test_has_the_sizes_of_a_city_a_prefecture_and_the_nation():
    assert [(s.spells, s.municipalities) for s in (CITY, PREFECTURE)] == [(2_000, 1), (100_000, 35)]
    assert [(s.spells, s.municipalities) for s in (NATION, NATION_LARGE)] == [(5_000_000, 1741), (50_000_000, 1741)]
    assert set(SIZES) == {"city", "prefecture", "nation", "nation_large"}
    assert 100_000_000 < sum(world_populations(NATION).values()) <= 72_000 * 1741


def test_takes_a_list_of_real_municipalities(tmp_path: Path):
    write_world(replace(CITY, spells=500), tmp_path / "w.parquet", codes=["10201", "10202", "11100"])
    found = set(pq.read_table(tmp_path / "w.parquet")["municipality"].to_pylist())
    assert found == {"10201", "10202", "11100"}


def test_its_totals_are_those_of_plain_counting(tmp_path: Path):
    totals = write_world(CITY, tmp_path / "w.parquet")
    rows = pq.read_table(tmp_path / "w.parquet").to_pylist()
    on = totals.census
    assert totals.persons == len({row["person_key"] for row in rows})
    assert totals.in_hospital == sum(row["discharged_on"] is None for row in rows)
    assert totals.days == sum((r["discharged_on"] - r["admitted_on"]).days for r in rows if r["discharged_on"])
    assert totals.in_bed == Counter(
        row["municipality"]
        for row in rows
        if row["bed"] == "psychiatric"
        and row["admitted_on"] < on
        and (row["discharged_on"] is None or row["discharged_on"] >= on)
    )


@pytest.mark.parametrize("on", [OBSERVED_UNTIL, date(2024, 6, 30)])
def test_its_totals_are_those_of_the_engine(on: date, duckdb_engine: Engine, tmp_path: Path):
    totals = write_world(FEW, tmp_path / "w.parquet", census=on)
    spells = duckdb_engine.read_parquet(tmp_path / "w.parquet")
    data = open_dataset(duckdb_engine, conform(spells), observed_until=OBSERVED_UNTIL, rules=Rules())
    found: Counter[int] = Counter()
    for row in duckdb_engine.rows(census(data, on=on, basis="address")):
        found[row["place"]] += row["persons"]
    assert found == {int(code): persons for code, persons in totals.in_bed.items()}
    duckdb_engine.forget()


def test_holds_no_error(duckdb_engine: Engine, tmp_path: Path):
    write_world(PREFECTURE, tmp_path / "w.parquet")
    spells = duckdb_engine.read_parquet(tmp_path / "w.parquet")
    checked = validate(duckdb_engine, spells, observed_until=OBSERVED_UNTIL)
    assert checked.violations(least=Severity.ERROR) == []
    assert checked.counts["same_day_transfer"] > 1000, "transfers are there to be linked"
    assert checked.counts["zero_days"] > 500
    duckdb_engine.forget()


def test_tells_its_progress(tmp_path: Path):
    said: list[tuple[int, int]] = []
    write_world(CITY, tmp_path / "w.parquet", progress=lambda done, of: said.append((done, of)))
    assert said[-1] == (CITY.spells, CITY.spells)


def test_refuses_a_world_without_places(tmp_path: Path):
    with pytest.raises(ValueError, match="municipality"):
        write_world(CITY, tmp_path / "w.parquet", codes=[])
