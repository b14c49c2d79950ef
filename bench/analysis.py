"""All indicators from 5 million spells: nimo, hand-written DuckDB SQL, pandas and Polars, each in a process of its own.

Everybody computes the same figures from the same Parquet file by the rules as shipped; the integers are compared.
NIMO_BENCH_SPELLS (default 500000,5000000) sets the sizes; NIMO_BENCH_LARGE=1 adds 50 million under 4 GB for the whole
command (about 6 GB of disk and an hour on two cores), =only does nothing else. NIMO_BENCH_FOLDER keeps the worlds.
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

import pyarrow.parquet as pq

from nimo.analysis.worldspells import CITY, NATION, NATION_LARGE, OBSERVED_UNTIL, WorldSize, write_world

YEAR = (date(2024, 4, 1), date(2025, 3, 31)), (date(2023, 4, 1), date(2024, 3, 31))
TIMES = (OBSERVED_UNTIL, *YEAR, OBSERVED_UNTIL)
SIZES = tuple(int(text) for text in os.environ.get("NIMO_BENCH_SPELLS", "500000,5000000").split(","))
NIMO, BY_HAND, OTHERS = "nimo_figures", "duckdb_sql", {"pandas_frames": "pandas", "polars_frames": "Polars"}
ROUNDS = 3
LARGE_MEMORY, LARGE_LIMIT = "2500MB", 4_000  # what DuckDB may take; what the whole process may, in MB


def run() -> None:
    """Called by `python -m bench analysis`."""
    large = os.environ.get("NIMO_BENCH_LARGE", "")
    with tempfile.TemporaryDirectory(prefix="nimo-bench-spells-") as made:
        folder = Path(made)
        write_world(CITY, folder / "warm.parquet")
        files = {rows: _world(folder, replace(NATION, spells=rows)) for rows in SIZES}
        if large != "only":
            _compare(files[max(files)], folder, max(files))
        if large:
            files[NATION_LARGE.spells] = _world(folder, NATION_LARGE)
        _growth(files, folder)
        if large:
            _command_within_memory(files[NATION_LARGE.spells], folder)


def _world(folder: Path, size: WorldSize) -> Path:
    """The file of a world; one kept from an earlier run is used again when it holds as many rows."""
    path = Path(os.environ.get("NIMO_BENCH_FOLDER", folder)) / f"{size.spells}.parquet"
    if not path.exists() or pq.read_metadata(path).num_rows != size.spells:
        write_world(size, path)
    return path


def _child(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.analysis", *arguments], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _compare(path: Path, folder: Path, rows: int) -> None:
    """The two engines alternate, so that a busy machine is busy for both."""
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


def _growth(files: dict[int, Path], folder: Path) -> None:
    """From the fewest to the most rows. The processors' seconds too: they do not count the waiting for others."""
    found = {rows: _child("figures", NIMO, str(files[rows]), str(folder / "warm.parquet")) for rows in sorted(files)}
    (least, few), *more = found.items()
    for rows, many in more:
        print(
            f"  件数 {rows / least:.0f} 倍（{least:,} → {rows:,} 件）: 時間 {many['seconds'] / few['seconds']:.1f} 倍"
            f"（{few['seconds']:.1f} 秒 → {many['seconds']:.1f} 秒）、CPU の時間 {many['cpu'] / few['cpu']:.1f} 倍"
            f"（{few['cpu']:.1f} 秒 → {many['cpu']:.1f} 秒）、最大の記憶量 {many['peak_mb']:,} MB",
            flush=True,
        )


def _command_within_memory(path: Path, folder: Path) -> None:
    """50 million spells: the whole command (checking, counting, suppressing)."""
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
        begin, busy = time.perf_counter(), time.process_time()
        found = contestant.figures(Path(path), Path(work), TIMES)
        seconds, cpu = time.perf_counter() - begin, time.process_time() - busy
    plain = {key: sorted(tuple(int(value) for value in row) for row in rows) for key, rows in sorted(found.items())}
    _tell(seconds, cpu, hashlib.sha256(repr(plain).encode()).hexdigest())


def _command(path: str, out: str) -> None:
    entry = import_module("nimo.analysis.commands.entry")
    begin, busy = time.perf_counter(), time.process_time()
    code = entry.main(
        ["compute", "--spells", path, "--census", OBSERVED_UNTIL.isoformat(), "--out", out, "--memory", LARGE_MEMORY,
         "--ground", "own", "--work", str(Path(out).parent), "--json"]
    )  # fmt: skip
    if code:
        raise SystemExit(code)
    _tell(time.perf_counter() - begin, time.process_time() - busy, "")


def _tell(seconds: float, cpu: float, digest: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak, "digest": digest}))


if __name__ == "__main__":
    {"figures": _figures, "command": _command}[sys.argv[1]](*sys.argv[2:])
