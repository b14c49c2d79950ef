"""Time a thing several times and compare it with a baseline of the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(run: Callable[[], object], *, times: int = 5) -> float:
    """The median of several runs; one run first to warm up."""
    run()
    measured = []
    for _ in range(times):
        begin = time.perf_counter()
        run()
        measured.append(time.perf_counter() - begin)
    return statistics.median(measured)


def say(label: str, value: float, baseline: float, baseline_label: str) -> None:
    print(f"  {label}: {value / baseline:.2f} × {baseline_label}（{value * 1000:.1f} ms / {baseline * 1000:.1f} ms）")
