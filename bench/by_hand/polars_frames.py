"""The same figures in Polars, written by hand for the rules as shipped."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from bench.by_hand.duckdb_sql import Figures
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import OUTCOMES

OPEN = date(9999, 12, 31)
GRID = Rules().survival.grid
PLACE = {"address": ("area", "first_area", "last_area"), "hospital": ("harea", "first_harea", "last_harea")}


def months(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    whole = (b.dt.year().cast(pl.Int32) - a.dt.year()) * 12 + b.dt.month() - a.dt.month()
    return whole - (b.dt.day() < a.dt.day()).cast(pl.Int32)


def classes(value: pl.Expr, limits: tuple[int, ...]) -> pl.Expr:
    found = pl.lit(len(limits))
    for number, limit in reversed(list(enumerate(limits))):
        found = pl.when(value <= limit).then(number).otherwise(found)
    return found


def days(value: pl.Expr) -> pl.Expr:
    return value.dt.total_days().cast(pl.Int32)


def _runs(frame: pl.DataFrame) -> pl.DataFrame:
    """Sorted by person and time; begins: does not touch what was before."""
    frame = frame.sort("p", "a", "e", "row")
    before = pl.col("e").to_physical().cum_max().shift(1).over("p")
    return frame.with_columns(begins=(pl.col("a").to_physical() > before).fill_null(True)).with_columns(
        stay=pl.col("begins").cast(pl.Int32).cum_sum().over("p")
    )


def _joined(runs: pl.DataFrame) -> pl.DataFrame:
    return runs.group_by("p", "stay").agg(
        pl.col("a").min(), pl.col("e").max(), died=(pl.col("outcome") == "death").fill_null(False).any()
    )


def figures(path: Path, folder: Path, times) -> Figures:  # type: ignore[no-untyped-def]
    """Everything, from the file on."""
    on, recent, followed, until = times
    left = pl.col("discharged_on") <= until
    spells = (
        pl.scan_parquet(path)
        .filter(pl.col("admitted_on") <= until)
        .select(
            "row",
            pl.col("person_key").alias("p"),
            pl.col("municipality").cast(pl.Int32).fill_null(0).alias("area"),
            pl.col("hospital_municipality").cast(pl.Int32).fill_null(0).alias("harea"),
            pl.col("admitted_on").alias("a"),
            pl.when(left).then("discharged_on").otherwise(pl.lit(OPEN)).alias("e"),
            pl.when(left).then(pl.col("outcome").fill_null("unknown")).alias("outcome"),
            pl.col("diagnosis_group").alias("dx"),
            pl.col("birth_date").alias("born"),
            "bed",
        )
        .collect()
    )
    linked = _runs(spells.filter(pl.col("bed") == "psychiatric"))
    stays = linked.group_by("p", "stay", maintain_order=True).agg(
        pl.col("a").first(), pl.col("e").last(),
        pl.col("area").first().alias("first_area"), pl.col("harea").first().alias("first_harea"),
        pl.col("area").last().alias("last_area"), pl.col("harea").last().alias("last_harea"),
        (pl.col("outcome") == "death").fill_null(False).any().alias("died"), pl.col("outcome").last(),
    )  # fmt: skip
    others = spells.filter(pl.col("bed") != "psychiatric").select("p").unique()
    theirs = _joined(_runs(spells.join(others, on="p", how="semi"))).select("p", "a", "e", "died")
    anywhere = pl.concat([theirs, stays.join(others, on="p", how="anti").select("p", "a", "e", "died")])
    starts = stays.select("p", "stay", pl.col("a").alias("stay_a"))
    there = linked.filter((pl.col("a") < on) & (pl.col("e") >= on)).join(starts, on=["p", "stay"])
    age = (
        pl.lit(on.year * 10000 + on.month * 100 + on.day)
        - (pl.col("born").dt.year() * 10000 + pl.col("born").dt.month().cast(pl.Int32) * 100 + pl.col("born").dt.day())
    ) // 10000
    there = there.with_columns(
        s=classes(months(pl.col("stay_a"), pl.lit(on)), (2, 11)),
        g=pl.when(pl.col("born").is_null()).then(3).otherwise(classes(age, (64, 74))),
        d=((pl.col("dx") == "F00-F03") & (age >= 40)).fill_null(False).cast(pl.Int32),
    )
    came = stays.filter(pl.col("a").is_between(*followed)).with_columns(
        month=(pl.col("e").dt.year() - pl.col("a").dt.year()) * 12 + pl.col("e").dt.month() - pl.col("a").dt.month(),
        length=days(pl.col("e") - pl.col("a")),
    )
    after = until + timedelta(days=1)
    stays_in = (pl.col("e") == OPEN) | (pl.col("outcome") == "transfer")
    observed = pl.col("a").dt.year() * 12 + pl.col("a").dt.month() + 11 < after.year * 12 + after.month
    year_known = days(pl.lit(until) - pl.col("a")) >= 365
    came = came.with_columns(
        months=pl.when(~observed).then(4).when(stays_in).then(3).otherwise(classes(pl.col("month"), (2, 5, 11))),
        days=pl.when(~year_known).then(4).when(stays_in).then(3).otherwise(classes(pl.col("length"), (90, 180, 365))),
        known=year_known.cast(pl.Int32),
        cut=pl.when(year_known).then(pl.min_horizontal("length", pl.lit(365))).otherwise(0),
        seen=days(pl.min_horizontal("e", pl.lit(until)) - pl.col("a")),
    ).with_columns(
        band=classes(pl.col("seen"), GRID),
        event=((pl.col("seen") <= GRID[-1]) & ~stays_in).cast(pl.Int32),
    )
    gone = stays.filter(pl.col("e").is_between(*recent)).with_columns(
        s=classes(months(pl.col("a"), pl.col("e")), (2, 11)),
        o=pl.col("outcome").replace_strict({code: n for n, code in enumerate(OUTCOMES, 1)}, return_dtype=pl.Int32),
    )
    beds = linked.filter((pl.col("a") <= recent[1]) & (pl.col("e") >= recent[0])).with_columns(
        days=pl.max_horizontal(
            days(
                pl.min_horizontal(pl.col("e") - timedelta(days=1), pl.lit(recent[1]))
                - pl.max_horizontal("a", pl.lit(recent[0]))
            )
            + 1,
            pl.lit(0),
        ),
        came=pl.col("a").is_between(*recent).cast(pl.Int64),
        left=pl.col("e").is_between(*recent).cast(pl.Int64),
    )
    alive = stays.filter(pl.col("e").is_between(*followed) & ~pl.col("outcome").is_in(["death", "transfer"]))
    community, again = _community(alive, stays, anywhere, until), _readmitted(alive, stays, until)

    def counted(frame: pl.DataFrame, *keys: str) -> list[tuple[int, ...]]:
        return frame.group_by(*keys).len().rows()

    found: Figures = {"census flows": counted(there, "area", "harea")}
    new = stays.filter(pl.col("a").is_between(*recent))
    found["admission flows"] = counted(new, "first_area", "first_harea")
    for basis, (here, first, final) in PLACE.items():
        found[f"census {basis}"] = counted(there, here, "s", "g")
        found[f"dementia {basis}"] = counted(there, here, "s", "d")
        found[f"discharge months {basis}"] = counted(came, first, "months")
        found[f"discharge days {basis}"] = counted(came, first, "days")
        found[f"destinations {basis}"] = counted(gone, final, "o", "s")
        found[f"average stay {basis}"] = (
            beds.group_by(here).agg(pl.col("days", "came", "left").cast(pl.Int64).sum()).rows()
        )
        found[f"truncated stay {basis}"] = came.group_by(first, "known").agg(pl.len(), pl.col("cut").sum()).rows()
        found[f"community {basis}"] = (
            community.group_by(final, "state").agg(pl.len(), pl.col("own", "any").cast(pl.Int64).sum()).rows()
        )
        found[f"readmission {basis}"] = counted(again, final, "x", "y", "z", "f")
        found[f"survival {basis}"] = counted(came, first, "band", "event")
    return found


def _community(alive: pl.DataFrame, stays: pl.DataFrame, anywhere: pl.DataFrame, until: date) -> pl.DataFrame:
    chosen = alive.filter(days(pl.col("e") - pl.col("a")) <= 365).drop("a", "died")
    year = timedelta(days=365)

    def in_bed(table: pl.DataFrame) -> pl.DataFrame:
        later = table.select("p", pl.col("a").alias("la"), pl.col("e").alias("le"), "died")
        both = (
            chosen.select("p", "stay", "e")
            .join(later, on="p")
            .filter((pl.col("le") > pl.col("e")) & (pl.col("la") <= pl.col("e") + year))
        )
        last = pl.min_horizontal(pl.min_horizontal("le", pl.lit(until)), pl.col("e") + year)
        first = pl.max_horizontal("la", pl.col("e") + timedelta(days=1))
        return both.group_by("p", "stay").agg(
            days=pl.max_horizontal(days(last - first) + 1, pl.lit(0)).sum(),
            death=pl.when(pl.col("died") & (pl.col("le") <= pl.col("e") + year)).then("le").min(),
        )

    rows = chosen.join(in_bed(anywhere), on=["p", "stay"], how="left").join(
        in_bed(stays).drop("death"), on=["p", "stay"], how="left", suffix="_own"
    )
    died = pl.col("death").is_not_null()
    complete = died | (pl.col("e") + year <= until)
    span = days(pl.coalesce("death", pl.col("e") + year) - pl.col("e"))
    return rows.with_columns(
        state=pl.when(~complete).then(2).when(died).then(1).otherwise(0),
        own=pl.when(complete).then(span - pl.col("days_own").fill_null(0)).otherwise(0),
        any=pl.when(complete).then(span - pl.col("days").fill_null(0)).otherwise(0),
    )


def _readmitted(alive: pl.DataFrame, stays: pl.DataFrame, until: date) -> pl.DataFrame:
    later = stays.select("p", pl.col("stay").alias("ls"), pl.col("a").alias("la"), pl.col("e").alias("le"))
    both = alive.select("p", "stay", "e").join(later, on="p").filter(pl.col("ls") > pl.col("stay"))
    both = both.with_columns(gap=days(pl.col("la") - pl.col("e"))).filter(pl.col("gap") <= 365)
    soonest = both.group_by("p", "stay").agg(
        x=pl.col("gap").min(),
        y=pl.col("gap").filter(days(pl.col("le") - pl.col("la")) >= 30).min(),
        z=pl.col("gap").filter(pl.col("gap") >= 30).min(),
    )
    rows = alive.join(soonest, on=["p", "stay"], how="left")
    bands = {name: classes(pl.col(name).fill_null(9999), (90, 180, 365)) for name in "xyz"}
    return rows.with_columns(**bands, f=(days(pl.lit(until) - pl.col("e")) >= 395).cast(pl.Int32))
