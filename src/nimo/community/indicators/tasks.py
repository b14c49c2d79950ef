"""Long work of the indicators: counting again, a step at a time."""

from __future__ import annotations

from nimo.community.indicators.services.recount import (
    JOB,
    STEP,
    Recounted,
    full_plan,
    mark_all,
    marks_left,
    next_marks,
    recount,
)
from nimo.foundation.jobs.rules import JobRun, job

REGIONS_AT_ONCE = 20


@job(JOB)
def recount_figures(run: JobRun) -> dict[str, object]:
    """parameters: {"region": code or null} the waiting figures, or {"from": year, "to": year} every counted figure.

    May begin again after its worker died: what was counted has lost its marks, the rest still waits.
    """
    if "from" in run.parameters:
        done = _everything(run, int(run.parameters["from"]), int(run.parameters["to"]))
    else:
        done = _waiting(run, run.parameters.get("region"))
    warnings = []
    if done.left:
        warnings.append(
            f"数えている間にもとの記録が変わったため、{done.left}件は数え直しを待っています。もう一度「数え直す」を押してください。"
        )
    return {
        "summary": f"{done.counted}件の値を数え直し、そのうち{done.changed}件が変わりました。",
        "path": "/indicators/recount/",
        "path_label": "数え直しの状況を見る",
        "figures": [["数えた値", f"{done.counted}件"], ["変わった値", f"{done.changed}件"]],
        "warnings": warnings,
    }


def _waiting(run: JobRun, region: str | None) -> Recounted:
    done, after, seen = Recounted(), 0, 0
    total = marks_left(actor=run.actor, region_code=region)
    while True:
        marks = next_marks(actor=run.actor, region_code=region, after=after, limit=STEP)
        if not marks:
            return done
        run.progress(seen, max(total, seen + len(marks)), "待っている値を数えています")
        done += recount(actor=run.actor, marks=marks)
        after, seen = marks[-1].pk, seen + len(marks)


def _everything(run: JobRun, from_year: int, to_year: int) -> Recounted:
    codes, done = full_plan(actor=run.actor), Recounted()
    for start in range(0, len(codes), REGIONS_AT_ONCE):
        part = codes[start : start + REGIONS_AT_ONCE]
        run.progress(start, len(codes), f"{len(codes)}地域のうち{start}地域まで済みました")
        mark_all(actor=run.actor, region_codes=part, from_year=from_year, to_year=to_year)
        after = 0
        while marks := next_marks(actor=run.actor, region_code=None, after=after, limit=STEP):
            run.stop_if_cancelled()
            done += recount(actor=run.actor, marks=marks)
            after = marks[-1].pk
    run.progress(len(codes), len(codes), "すべての地域が済みました")
    return done
