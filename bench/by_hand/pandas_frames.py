"""The same figures in pandas, written by hand for the rules as shipped, with days as integers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from bench.by_hand.duckdb_sql import Figures
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import OUTCOMES

OPEN = 3_000_000
GRID = Rules().survival.grid
PLACE = {"address": ("area", "first_area", "last_area"), "hospital": ("harea", "first_harea", "last_harea")}


def number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def months(a: pd.Series, b: pd.Series | date) -> pd.Series:
    """Completed months between two dates given as day numbers (b may be one date)."""
    x, y = calendar(a), calendar(b) if isinstance(b, pd.Series) else (b.year, b.month, b.day)
    return (y[0] - x[0]) * 12 + y[1] - x[1] - (y[2] < x[2])


def calendar(value: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    day = pd.to_datetime(value.where(value < OPEN, 0), unit="D").dt
    return day.year, day.month, day.day


def classes(value: pd.Series, limits: tuple[int, ...]) -> np.ndarray:
    return np.searchsorted(np.array(limits), value.to_numpy(), side="left")


def _runs(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.sort_values(["p", "a", "e", "row"], ignore_index=True)
    same = frame["p"].eq(frame["p"].shift())
    before = frame.groupby("p", sort=False)["e"].cummax().shift()
    frame["begins"] = ~same | (frame["a"] > before)
    frame["stay"] = frame["begins"].cumsum()
    return frame


def figures(path: Path, folder: Path, times) -> Figures:  # type: ignore[no-untyped-def]
    """Everything, from the file on."""
    on, recent, followed, until = times
    first_r, last_r, first_f, last_f, end = *map(number, recent), *map(number, followed), number(until)
    raw = pd.read_parquet(path)
    codes = {code: n for n, code in enumerate(OUTCOMES, 1)}
    left = pd.to_datetime(raw["discharged_on"])
    came = pd.to_datetime(raw["admitted_on"])
    epoch = pd.Timestamp("1970-01-01")
    out = (left - epoch).dt.days
    gone = out <= end
    spells = pd.DataFrame(
        {
            "row": raw["row"],
            "p": raw["person_key"],
            "area": pd.to_numeric(raw["municipality"]).fillna(0).astype("int32"),
            "harea": pd.to_numeric(raw["hospital_municipality"]).fillna(0).astype("int32"),
            "a": (came - epoch).dt.days.astype("int32"),
            "e": out.where(gone, OPEN).astype("int32"),
            "outcome": raw["outcome"].map(codes).fillna(len(codes)).where(gone, 0).astype("int8"),
            "dementia": raw["diagnosis_group"].eq("F00-F03"),
            "born": (pd.to_datetime(raw["birth_date"]) - epoch).dt.days,
            "psychiatric": raw["bed"].fillna("psychiatric").eq("psychiatric"),
        }
    )
    spells = spells[spells["a"] <= end]
    linked = _runs(spells[spells["psychiatric"]].copy())
    linked["death"] = linked["outcome"] == codes["death"]
    grouped = linked.groupby("stay", sort=False)
    stays = pd.DataFrame(
        {
            "p": grouped["p"].first(), "a": grouped["a"].first(), "e": grouped["e"].last(),
            "first_area": grouped["area"].first(), "first_harea": grouped["harea"].first(),
            "last_area": grouped["area"].last(), "last_harea": grouped["harea"].last(),
            "outcome": grouped["outcome"].last(), "died": grouped["death"].any(),
        }
    ).reset_index()  # fmt: skip
    others = spells.loc[~spells["psychiatric"], "p"].unique()
    theirs = _runs(spells[spells["p"].isin(others)].copy())
    theirs["died"] = theirs["outcome"] == codes["death"]
    theirs = theirs.groupby("stay", sort=False).agg({"p": "first", "a": "first", "e": "max", "died": "any"})
    anywhere = pd.concat([theirs, stays.loc[~stays["p"].isin(others), ["p", "a", "e", "died"]]])

    there = linked[(linked["a"] < number(on)) & (linked["e"] >= number(on))].copy()
    starts = stays.set_index("stay")["a"].reindex(there["stay"]).set_axis(there.index)
    born = calendar(there["born"].fillna(0))
    age = (on.year * 10000 + on.month * 100 + on.day - (born[0] * 10000 + born[1] * 100 + born[2])) // 10000
    there["s"] = classes(months(starts, on), (2, 11))
    there["g"] = np.where(there["born"].isna(), 3, classes(age, (64, 74)))
    there["d"] = (there["dementia"] & (age >= 40) & there["born"].notna()).astype(int)

    new = stays[stays["a"].between(first_f, last_f)].copy()
    a, e = calendar(new["a"]), calendar(new["e"])
    stays_in = (new["e"] == OPEN) | (new["outcome"] == codes["transfer"])
    after = date.fromordinal(until.toordinal() + 1)
    observed = a[0] * 12 + a[1] + 11 < after.year * 12 + after.month
    known = new["a"] + 365 <= end
    length = new["e"] - new["a"]
    month = (e[0] - a[0]) * 12 + e[1] - a[1]
    new["months"] = np.where(~observed, 4, np.where(stays_in, 3, classes(month, (2, 5, 11))))
    new["days"] = np.where(~known, 4, np.where(stays_in, 3, classes(length, (90, 180, 365))))
    new["known"] = known.astype(int)
    new["cut"] = np.where(known, np.minimum(length, 365), 0)
    seen = np.minimum(new["e"], end) - new["a"]
    new["band"] = classes(seen, GRID)
    new["event"] = ((seen <= GRID[-1]) & ~stays_in).astype(int)

    done = stays[stays["e"].between(first_r, last_r)].copy()
    done["s"] = classes(months(done["a"], done["e"]), (2, 11))
    beds = linked[(linked["a"] <= last_r) & (linked["e"] >= first_r)].copy()
    beds["days"] = np.maximum(np.minimum(beds["e"] - 1, last_r) - np.maximum(beds["a"], first_r) + 1, 0)
    beds["came"] = beds["a"].between(first_r, last_r).astype(int)
    beds["left"] = beds["e"].between(first_r, last_r).astype(int)
    alive = stays[stays["e"].between(first_f, last_f) & ~stays["outcome"].isin([codes["death"], codes["transfer"]])]
    community, again = _community(alive, stays, anywhere, end), _readmitted(alive, stays, end)

    def counted(frame: pd.DataFrame, *keys: str) -> list[tuple[int, ...]]:
        return list(frame.groupby(list(keys), sort=False).size().reset_index().itertuples(index=False, name=None))

    def summed(frame: pd.DataFrame, keys: list[str], *sums: str, size: bool = True) -> list[tuple[int, ...]]:
        groups = frame.groupby(keys, sort=False)
        total = groups[list(sums)].sum()
        if size:
            total.insert(0, "n", groups.size())
        return list(total.reset_index().itertuples(index=False, name=None))

    found: Figures = {"census flows": counted(there, "area", "harea")}
    found["admission flows"] = counted(stays[stays["a"].between(first_r, last_r)], "first_area", "first_harea")
    for basis, (here, first, final) in PLACE.items():
        found[f"census {basis}"] = counted(there, here, "s", "g")
        found[f"dementia {basis}"] = counted(there, here, "s", "d")
        found[f"discharge months {basis}"] = counted(new, first, "months")
        found[f"discharge days {basis}"] = counted(new, first, "days")
        found[f"destinations {basis}"] = counted(done, final, "outcome", "s")
        found[f"average stay {basis}"] = summed(beds, [here], "days", "came", "left", size=False)
        found[f"truncated stay {basis}"] = summed(new, [first, "known"], "cut")
        found[f"community {basis}"] = summed(community, [final, "state"], "own", "any")
        found[f"readmission {basis}"] = counted(again, final, "x", "y", "z", "f")
        found[f"survival {basis}"] = counted(new, first, "band", "event")
    return found


def _community(alive: pd.DataFrame, stays: pd.DataFrame, anywhere: pd.DataFrame, end: int) -> pd.DataFrame:
    rows = alive[alive["e"] - alive["a"] <= 365].set_index("stay")

    def in_bed(table: pd.DataFrame) -> pd.DataFrame:
        both = rows[["p", "e"]].reset_index().merge(table[["p", "a", "e", "died"]], on="p", suffixes=("", "_l"))
        both = both[(both["e_l"] > both["e"]) & (both["a"] <= both["e"] + 365)]
        last = np.minimum(np.minimum(both["e_l"], end), both["e"] + 365)
        both["days"] = np.maximum(last - np.maximum(both["a"], both["e"] + 1) + 1, 0)
        both["death"] = both["e_l"].where(both["died"] & (both["e_l"] <= both["e"] + 365))
        return both.groupby("stay").agg({"days": "sum", "death": "min"})

    rows = rows.join(in_bed(anywhere)).join(in_bed(stays)["days"].rename("own_days"))
    died = rows["death"].notna()
    complete = died | (rows["e"] + 365 <= end)
    span = rows["death"].fillna(rows["e"] + 365) - rows["e"]
    rows["state"] = np.where(~complete, 2, np.where(died, 1, 0))
    rows["own"] = np.where(complete, span - rows["own_days"].fillna(0), 0).astype(int)
    rows["any"] = np.where(complete, span - rows["days"].fillna(0), 0).astype(int)
    return rows


def _readmitted(alive: pd.DataFrame, stays: pd.DataFrame, end: int) -> pd.DataFrame:
    both = alive[["p", "stay", "e"]].merge(stays[["p", "stay", "a", "e"]], on="p", suffixes=("", "_l"))
    both = both[both["stay_l"] > both["stay"]]
    gap = both["a"] - both["e"]
    both = both[gap <= 365].assign(x=gap)
    both["y"] = both["x"].where(both["e_l"] - both["a"] >= 30)
    both["z"] = both["x"].where(both["x"] >= 30)
    rows = alive.set_index("stay").join(both.groupby("stay")[["x", "y", "z"]].min())
    for name in "xyz":
        rows[name] = classes(rows[name].fillna(9999), (90, 180, 365))
    rows["f"] = (rows["e"] + 395 <= end).astype(int)
    return rows
