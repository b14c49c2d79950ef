"""From a table of spells to a result that may leave: check, link, count, protect. One call for commands and jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

import ibis
import ibis.expr.types as ir

from nimo.analysis.engine import Engine
from nimo.analysis.results.computing import compute, default_times
from nimo.analysis.results.definitions import Times, tables_of
from nimo.analysis.results.figures import sheet_of
from nimo.analysis.results.places import Geography
from nimo.analysis.results.protection import protect_sheet
from nimo.analysis.results.result import Coverage, Covers, Result
from nimo.analysis.rules import Rules
from nimo.analysis.spells.dataset import open_dataset
from nimo.analysis.spells.grounds import OWN_RECORDS, Ground
from nimo.analysis.spells.references import References
from nimo.analysis.spells.validation import Checked, validate
from nimo.core.disclosure.gate import suppress
from nimo.core.disclosure.policy import DisclosurePolicy, Level

Progress = Callable[[int, int, str], None]


def _silent(done: int, of: int, text: str) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to compute. observed_until: None for the day of the census. times: None for the fiscal years before it."""

    census: date
    rules: Rules
    references: References
    policy: DisclosurePolicy
    covers: Covers = "hospitals"
    label: str = ""
    observed_until: date | None = None
    times: Times | None = None
    ground: Ground = OWN_RECORDS

    @property
    def until(self) -> date:
        """The last day of which everything is known."""
        return self.observed_until or self.census


def check_spells(engine: Engine, spells: ir.Table, request: Request) -> Checked:
    """The first half: every violation. Whether to go on with the rest is the caller's decision."""
    return validate(engine, spells, observed_until=request.until, references=request.references, rules=request.rules)


def make_result(
    engine: Engine, checked: Checked, request: Request, source: Mapping[str, Any], *, progress: Progress = _silent
) -> Result:
    """The second half: figures of the usable rows, suppressed, with their lineage. PeriodError, ReferencesError.

    source: what is known of the file (sha256, kind, rows, …); rows left out and the engine are added to it.
    """
    data = open_dataset(
        engine,
        checked.usable,
        observed_until=request.until,
        rules=request.rules,
        references=request.references,
    )
    times = request.times or default_times(request.census)
    computed = compute(data, times, progress=progress)
    geography = Geography.of(request.references)
    progress(0, 1, "小さい数を秘匿しています")
    protected = protect_sheet(
        sheet_of(tables_of(request.rules, times), computed, geography, request.rules), request.policy
    )
    hospitals = engine.rows(checked.usable.select("hospital").distinct())
    return Result(
        rules=request.rules,
        times=times,
        coverage=Coverage(request.covers, request.label, tuple(sorted(row["hospital"] for row in hospitals))),
        geography=geography,
        lineage={
            "nimo": version("nimo"),
            "ibis": ibis.__version__,
            "linked_within": "source",
            "sources": [
                {
                    **source,
                    "label": request.label,
                    # A handful of rows would tell what the cells below do not.
                    "rows_used": suppress(checked.rows - checked.errors, request.policy, level=Level.AREA).value,
                    "ground": request.ground.to_data(),
                    "rows_with_errors": checked.errors,
                    "engine": engine.name,
                    "engine_version": engine.version,
                    "observed_until": request.until.isoformat(),
                }
            ],
        },
        suppression=protected.describe(),
        figures=protected.figures,
    )
