"""Run every indicator once and bring the counts into the classes of the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nimo.analysis.indicators.after_discharge import READINGS, STATES, community_days, readmission_rate
from nimo.analysis.indicators.census import admission_flows, census, census_flows
from nimo.analysis.indicators.classes import STAY_CLASSES, age_words
from nimo.analysis.indicators.discharge import BANDS, discharge_destinations, discharge_rate
from nimo.analysis.indicators.stay_days import average_stay, duration_bands, truncated_stay
from nimo.analysis.results.definitions import Times, bands_of
from nimo.analysis.results.structure import Atom
from nimo.analysis.spells.contract import OUTCOMES
from nimo.analysis.spells.dataset import BASES, Basis, Dataset, Period

Atoms = Mapping[tuple[str, str], Sequence[Atom]]  # by table and basis
Pairs = Mapping[tuple[int, int], int]  # residence, hospital: origin, destination → count


@dataclass(frozen=True)
class Computed:
    """Counts as they are: inside the circle only."""

    atoms: Atoms
    pairs: Mapping[str, Pairs]


def default_times(census_on: date) -> Times:
    """The fiscal year before the census for admissions and discharges, and the one before that to be followed."""
    year = census_on.year if census_on.month >= 4 else census_on.year - 1
    return Times(
        census=census_on.isoformat(),
        recent=Period(date(year - 1, 4, 1), date(year, 3, 31)),
        followed=Period(date(year - 2, 4, 1), date(year - 1, 3, 31)),
    )


def compute(
    data: Dataset, times: Times, *, progress: Callable[[int, int, str], None] = lambda done, of, text: None
) -> Computed:
    """Every table by both bases. PeriodError when the observation ends before one of the times.

    progress(done, of, text) after each step; what it raises stops the computation.
    """
    steps: dict[str, Callable[[Dataset, Times, Basis], list[Atom]]] = {
        "census": _census,
        "census_dementia": _dementia,
        "discharge_rate": _discharge_rate,
        "discharge_rate_days": _discharge_rate_days,
        "discharge_destinations": _destinations,
        "average_stay": _average_stay,
        "truncated_stay": _truncated_stay,
        "community_days": _community,
        "readmission_rate": _readmission,
        "survival": _survival,
    }
    atoms: dict[tuple[str, str], Sequence[Atom]] = {}
    total = len(steps) * len(BASES) + 2
    for code, step in steps.items():
        for basis in BASES:
            atoms[code, basis] = step(data, times, basis)
            progress(len(atoms), total, "計算しています")
    on = date.fromisoformat(times.census)
    pairs = {
        code: {(row["origin"], row["destination"]): row[count] for row in data.engine.rows(expression)}
        for code, expression, count in (
            ("census_flows", census_flows(data, on=on), "persons"),
            ("admission_flows", admission_flows(data, times.recent), "stays"),
        )
    }
    for number, basis in enumerate(BASES):
        ends = pairs["admission_flows"].items()
        atoms["admissions", basis] = [Atom(pair[number], {}, count) for pair, count in ends]
    progress(total, total, "計算しています")
    return Computed(atoms, pairs)


def _codes(words: Mapping[str, str]) -> list[str]:
    return list(words)


def _census(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    stays, ages = _codes(STAY_CLASSES), _codes(age_words(data.rules.census.age_limits))
    rows = data.engine.rows(census(data, on=date.fromisoformat(times.census), basis=basis))
    return [Atom(r["place"], {"stay": stays[r["stay"]], "age": ages[r["age"]]}, r["persons"]) for r in rows]


def _dementia(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    stays = _codes(STAY_CLASSES)
    on = date.fromisoformat(times.census)
    rows = data.engine.rows(census(data, on=on, basis=basis, by=("stay", "dementia_40")))
    return [
        Atom(r["place"], {"stay": stays[r["stay"]], "dementia_40": "yes" if r["dementia_40"] else "no"}, r["persons"])
        for r in rows
    ]


def _discharge_rate(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    return _discharged(data.engine.rows(discharge_rate(data, times.followed, basis=basis)))


def _discharge_rate_days(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    return _discharged(data.engine.rows(discharge_rate(data, times.followed, basis=basis, counting="day")), "_days")


def _discharged(rows: Sequence[Mapping[str, Any]], suffix: str = "") -> list[Atom]:
    bands = _codes(BANDS)
    found = []
    for row in rows:
        band = bands[row["band"]]
        classes = {f"state{suffix}": band}
        if band not in ("not_followed", "excluded"):
            classes = {f"state{suffix}": "followed", f"band{suffix}": band}
        found.append(Atom(row["place"], classes, row["stays"]))
    return found


def _destinations(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    outcomes, stays = _codes(OUTCOMES), _codes(STAY_CLASSES)
    rows = data.engine.rows(discharge_destinations(data, times.recent, basis=basis))
    return [
        Atom(r["place"], {"outcome": outcomes[r["outcome"] - 1], "stay": stays[r["stay"]]}, r["stays"]) for r in rows
    ]


def _average_stay(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    found = []
    for row in data.engine.rows(average_stay(data, times.recent, basis=basis)):
        days = {"patient_days": row["patient_days"]}
        found.append(Atom(row["place"], {"flow": "admissions"}, row["admissions"], days))
        found.append(Atom(row["place"], {"flow": "discharges"}, row["discharges"]))
    return found


def _state(row: Mapping[str, Any]) -> str:
    return "followed" if row["followed"] else "not_followed"


def _truncated_stay(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    rows = data.engine.rows(truncated_stay(data, times.followed, basis=basis))
    return [Atom(r["place"], {"state_365": _state(r)}, r["stays"], {"days": r["days"]}) for r in rows]


def _community(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    states = _codes(STATES)
    found = []
    for row in data.engine.rows(community_days(data, times.followed, basis=basis)):
        state = states[row["state"]]
        classes = {"state": "not_followed"}
        if state != "not_followed":
            classes = {"state": "followed", "known": "died" if state == "died" else "alive"}
        amounts = {"days_psychiatric": row["days_psychiatric"], "days_any": row["days_any"]}
        found.append(Atom(row["place"], classes, row["discharges"], amounts))
    return found


def _readmission(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    bands = _codes(bands_of(data.rules.readmission.horizons))
    found = []
    for row in data.engine.rows(readmission_rate(data, times.followed, basis=basis)):
        classes = {"state": _state(row)}
        if row["followed"]:
            classes.update({name: bands[row[name]] for name in READINGS})
        found.append(Atom(row["place"], classes, row["discharges"]))
    return found


def _survival(data: Dataset, times: Times, basis: Basis) -> list[Atom]:
    grid = data.rules.survival.grid
    found = []
    for row in data.engine.rows(duration_bands(data, times.followed, basis=basis)):
        ending = "beyond"
        if row["band"] < len(grid):
            ending = f"day_{grid[row['band']]}_{'event' if row['event'] else 'censored'}"
        found.append(Atom(row["place"], {"ending": ending}, row["stays"]))
    return found
