"""Background entry points: load, call one service."""

from __future__ import annotations

from typing import Any

from nimo.foundation.jobs.rules import JobRun, job
from nimo.foundation.search.services import index


@job(index.JOB)
def rebuild(run: JobRun) -> dict[str, Any]:
    found = index.rebuild(actor=run.actor, step=run.progress)
    said = "、".join(f"{label} {count}件" for label, count in found.counts)
    return {"summary": f"検索の索引を作り直しました（{said}）。", "path": "/search/", "path_label": "検索"}
