"""The figures as nimo computes them, in the order and shape of the others."""

from __future__ import annotations

from pathlib import Path

from bench.by_hand.duckdb_sql import Figures
from nimo.analysis.engine import open_engine
from nimo.analysis.indicators.after_discharge import community_days, readmission_rate
from nimo.analysis.indicators.census import admission_flows, census, census_flows
from nimo.analysis.indicators.discharge import discharge_destinations, discharge_rate
from nimo.analysis.indicators.stay_days import average_stay, duration_bands, truncated_stay
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import conform
from nimo.analysis.spells.dataset import BASES, Period, open_dataset


def figures(path: Path, folder: Path, times) -> Figures:  # type: ignore[no-untyped-def]
    """Everything, from the file on."""
    on, recent, followed, until = times[0], Period(*times[1]), Period(*times[2]), times[3]
    with open_engine(folder=folder) as engine:
        data = open_dataset(engine, conform(engine.read_parquet(path)), observed_until=until, rules=Rules())
        wanted = {
            "census flows": (census_flows(data, on=on), "origin destination persons"),
            "admission flows": (admission_flows(data, recent), "origin destination stays"),
        }
        for basis in BASES:
            wanted |= {
                f"census {basis}": (census(data, on=on, basis=basis), "place stay age persons"),
                f"dementia {basis}": (
                    census(data, on=on, basis=basis, by=("stay", "dementia_40")), "place stay dementia_40 persons",
                ),
                f"discharge months {basis}": (discharge_rate(data, followed, basis=basis), "place band stays"),
                f"discharge days {basis}": (
                    discharge_rate(data, followed, basis=basis, counting="day"), "place band stays",
                ),
                f"destinations {basis}": (discharge_destinations(data, recent, basis=basis), "place outcome stay stays"),
                f"average stay {basis}": (
                    average_stay(data, recent, basis=basis), "place patient_days admissions discharges",
                ),
                f"truncated stay {basis}": (truncated_stay(data, followed, basis=basis), "place followed stays days"),
                f"community {basis}": (
                    community_days(data, followed, basis=basis), "place state discharges days_psychiatric days_any",
                ),
                f"readmission {basis}": (
                    readmission_rate(data, followed, basis=basis), "place any stay_length interval followed discharges",
                ),
                f"survival {basis}": (duration_bands(data, followed, basis=basis), "place band event stays"),
            }  # fmt: skip
        return {
            name: [tuple(row[column] for column in columns.split()) for row in engine.rows(expression)]
            for name, (expression, columns) in wanted.items()
        }
