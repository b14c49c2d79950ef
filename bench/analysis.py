"""All indicators from 5 million spells: nimo, hand-written DuckDB SQL, pandas and Polars, each in a process of its own.

Everybody computes the same figures from the same Parquet file by the rules as shipped; the integers are compared.
NIMO_BENCH_SPELLS (default 500000,5000000) sets the sizes; NIMO_BENCH_LARGE=1 adds 50 million under 4 GB for the whole
command (about 2 GB of disk and a quarter of an hour).
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from nimo.analysis.worldspells import CITY, NATION, NATION_LARGE, OBSERVED_UNTIL, WorldSize, write_world

YEAR = (date(2024, 4, 1), date(2025, 3, 31)), (date(2023, 4, 1), date(2024, 3, 31))
TIMES = (OBSERVED_UNTIL, *YEAR, OBSERVED_UNTIL)
SIZES = tuple(int(text) for text in os.environ.get("NIMO_BENCH_SPELLS", "500000,5000000").split(","))
NIMO, BY_HAND, OTHERS = "nimo_figures", "duckdb_sql", {"pandas_frames": "pandas", "polars_frames": "Polars"}
ROUNDS = 3
LARGE_MEMORY, LARGE_LIMIT = "2500MB", 4_000  # what DuckDB may take; what the whole process may, in MB


def run() -> None:
    """Called by `python -m bench analysis`."""
    with tempfile.TemporaryDirectory(prefix="nimo-bench-spells-") as made:
        folder = Path(made)
        write_world(CITY, folder / "warm.parquet")
        files = {rows: _world(folder, replace(NATION, spells=rows)) for rows in SIZES}
        most = max(files)
        taken = _compare(files[most], folder, most)
        _growth(files, folder, {most: taken})
        if os.environ.get("NIMO_BENCH_LARGE") == "1":
            _large(folder, files, taken)


def _world(folder: Path, size: WorldSize) -> Path:
    path = folder / f"{size.spells}.parquet"
    write_world(size, path)
    return path


def _child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.analysis", *arguments], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _compare(path: Path, folder: Path, rows: int) -> float:
    """Seconds nimo takes; the two engines alternate, so that a busy machine is busy for both."""
    runs: dict[str, list[dict[str, Any]]] = {NIMO: [], BY_HAND: []}
    for _ in range(ROUNDS):
        for name, found in runs.items():
            found.append(_child("figures", name, str(path), str(folder / "warm.parquet")))
    for name in OTHERS:
        runs[name] = [_child("figures", name, str(path), str(folder / "warm.parquet"))]
    seconds = {name: statistics.median(one["seconds"] for one in found) for name, found in runs.items()}
    memory = {name: max(one["peak_mb"] for one in found) for name, found in runs.items()}
    digests = {one["digest"] for found in runs.values() for one in found}
    print(f"  {rows:,} 件・22の集計: {'どれも同じ整数' if len(digests) == 1 else '整数が違う！'}")
    nimo = seconds[NIMO]
    print(
        f"  nimo ÷ 手書きの DuckDB SQL: {nimo / seconds[BY_HAND]:.2f}（{nimo:.1f} 秒 / {seconds[BY_HAND]:.1f} 秒）目標 1.2 以下"
    )
    for name, label in OTHERS.items():
        print(f"  {label} ÷ nimo: {seconds[name] / nimo:.2f}（{seconds[name]:.1f} 秒 / {nimo:.1f} 秒）")
    labels = {NIMO: "nimo", BY_HAND: "DuckDB SQL", **OTHERS}
    print("  最大の記憶量: " + "、".join(f"{labels[name]} {peak:,} MB" for name, peak in memory.items()))
    return nimo


def _growth(files: dict[int, Path], folder: Path, known: dict[int, float]) -> None:
    least, most = min(files), max(files)
    if least == most:
        return
    few = _child("figures", NIMO, str(files[least]), str(folder / "warm.parquet"))["seconds"]
    _say_growth(least, few, most, known[most])


def _say_growth(least: int, few: float, most: int, many: float) -> None:
    print(
        f"  件数 {most / least:.0f} 倍で時間 {many / few:.1f} 倍（{least:,} 件 {few:.1f} 秒 → {most:,} 件 {many:.1f} 秒）"
    )


def _large(folder: Path, files: dict[int, Path], taken: float) -> None:
    """50 million spells: figures for the growth, and the whole command (checking, counting, suppressing) for the memory."""
    path = _world(folder, NATION_LARGE)
    few = _child("figures", NIMO, str(files[min(files)]), str(folder / "warm.parquet"))["seconds"]
    many = _child("figures", NIMO, str(path), str(folder / "warm.parquet"))
    _say_growth(max(files), taken, NATION_LARGE.spells, many["seconds"])
    _say_growth(min(files), few, NATION_LARGE.spells, many["seconds"])
    whole = _child("command", str(path), str(folder / "large.json"))
    within = "以内" if whole["peak_mb"] <= LARGE_LIMIT else "を超えた！"
    print(
        f"  nimo indicators compute {NATION_LARGE.spells:,} 件: {whole['seconds']:.0f} 秒、最大の記憶量 {whole['peak_mb']:,} MB"
        f"（{LARGE_LIMIT:,} MB {within}、DuckDB の上限 {LARGE_MEMORY}）"
    )


# -- in the process of a contestant -------------------------------------------------------------------------------


def _figures(name: str, path: str, warm: str) -> None:
    contestant = import_module(f"bench.by_hand.{name}")
    with tempfile.TemporaryDirectory(prefix="nimo-bench-work-") as work:
        contestant.figures(Path(warm), Path(work), TIMES)
    with tempfile.TemporaryDirectory(prefix="nimo-bench-work-") as work:
        begin = time.perf_counter()
        found = contestant.figures(Path(path), Path(work), TIMES)
        seconds = time.perf_counter() - begin
    plain = {key: sorted(tuple(int(value) for value in row) for row in rows) for key, rows in sorted(found.items())}
    _tell(seconds, hashlib.sha256(repr(plain).encode()).hexdigest())


def _command(path: str, out: str) -> None:
    entry = import_module("nimo.analysis.commands.entry")
    begin = time.perf_counter()
    code = entry.main(
        ["compute", "--spells", path, "--census", OBSERVED_UNTIL.isoformat(), "--out", out, "--memory", LARGE_MEMORY,
         "--ground", "own", "--work", str(Path(out).parent), "--json"]
    )  # fmt: skip
    if code:
        raise SystemExit(code)
    _tell(time.perf_counter() - begin, "")


def _tell(seconds: float, digest: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "digest": digest}))


if __name__ == "__main__":
    {"figures": _figures, "command": _command}[sys.argv[1]](*sys.argv[2:])
