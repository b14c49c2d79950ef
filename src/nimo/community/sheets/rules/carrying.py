"""From last year's sheet to this year's: what is written down to begin with, and what is only offered. Pure.

Sentences come over as a draft (and are marked 前年度と同じ until somebody changes them). Figures never come over by
themselves: last year's 実績 is offered as this year's 現状値, row by row, and a person takes it or leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nimo.community.sheets.rules.comparing import named, pair_rows
from nimo.community.sheets.rules.fields import Content, at

_KEPT_TEXTS = ("activities", "overview", "history", "strengths", "challenges", "coordination", "councils", "long_term")
_QUARTERS = ("4～6月", "7～9月", "10～12月", "1～3月")


def no_quantity() -> Content:
    """A cell of figures that nobody filled."""
    return {"raw": None, "values": [], "qualifier": None}


def empty_content(prefecture: str, municipality: str | None, fiscal_year: int, layout: str) -> Content:
    """A sheet with nothing in it: the shape of docs/guide/sheet-json.md. Nothing is zero, everything is absent."""
    return {
        "prefecture": prefecture,
        "municipality": municipality,
        "fiscal_year": fiscal_year,
        "layout": layout,
        "lead": None,
        "basic_info": {"present": False, "items": []},
        "activities": None,
        "overview": None,
        "special_matters": [],
        "other_matters": None,
        "history": [],
        "results": [],
        "strengths": None,
        "challenges": [],
        "targets": [],
        "coordination": {"system": None, "departments": [], "sectors": []},
        "councils": [],
        "long_term": None,
        "schedule": {
            "short_term_goal": None,
            "small_steps": None,
            "rows": [{"period": quarter, "content": None, "actions": None} for quarter in _QUARTERS],
            "aligned": True,
        },
    }


def begun_from(before: Mapping[str, Any], empty: Mapping[str, Any]) -> Content:
    """This year's sheet to begin with. Last year's targets become the rows of this year's results: the target stays the
    figure it was, the result waits. The same indicators stand again among this year's targets, without figures.
    """
    made: Content = deepcopy(dict(empty))
    for key in _KEPT_TEXTS:
        if before.get(key):
            made[key] = deepcopy(before[key])
    for row in before.get("targets") or []:
        name = row.get("indicator")
        if not name:
            continue
        made["results"].append(
            {
                "mark": row.get("mark"),
                "indicator": name,
                "target": deepcopy(row.get("target") or no_quantity()),
                "actual": no_quantity(),
                "effect": None,
            }
        )
        made["targets"].append(
            {
                "mark": row.get("mark"),
                "indicator": name,
                "current": no_quantity(),
                "target": no_quantity(),
                "expected_effect": None,
            }
        )
    return made


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One figure offered for one empty field.

    key: survives the moving of rows ("targets:<name>"). value: the cell to be copied as it stands. from_path: where it
    stands in this sheet. certain False: the names only look alike, so a person chooses, and sees both names.
    """

    key: str
    path: str
    label: str
    from_path: str
    from_label: str
    value: Content
    text: str
    certain: bool


def _filled(cell: Any) -> bool:
    return bool(cell and (cell.get("values") or (cell.get("raw") or "").strip()))


def suggestions(content: Mapping[str, Any]) -> list[Suggestion]:
    """実績値 → 現状値: for every indicator of this year whose 現状値 is empty. Rows are paired by name, never by position."""
    results = list(content.get("results") or [])
    targets = list(content.get("targets") or [])
    offered: list[Suggestion] = []
    for pairing in pair_rows(results, targets, "targets"):
        if pairing.now is None:
            continue
        row = targets[pairing.now]
        name = named(row, "targets")
        if not name or _filled(row.get("current")):
            continue
        certain = pairing.before is not None
        for index in (pairing.before,) if pairing.before is not None else pairing.candidates:
            source = results[index]
            if not _filled(source.get("actual")):
                continue
            offered.append(
                Suggestion(
                    key=f"targets:{name}",
                    path=f"targets.{pairing.now}.current",
                    label=str(row["indicator"]),
                    from_path=f"results.{index}.actual",
                    from_label=str(source["indicator"]),
                    value=deepcopy(source["actual"]),
                    text=str(source["actual"].get("raw") or ""),
                    certain=certain,
                )
            )
    return offered


def dropped(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Indicators with a target last year that this year's results no longer name: somebody says why they went."""
    kept = {named(row, "results") for row in now.get("results") or []}
    names: dict[str, str] = {}
    for row in before.get("targets") or []:
        name = named(row, "targets")
        if name and name not in kept:
            names.setdefault(name, str(row["indicator"]))
    return list(names.values())


def taken(content: Mapping[str, Any], suggestion: Suggestion) -> Content:
    """A copy with the offered figure in its field."""
    changed: Content = deepcopy(dict(content))
    list_path, position, cell = suggestion.path.split(".")
    at(changed, list_path)[int(position)][cell] = deepcopy(suggestion.value)
    return changed
