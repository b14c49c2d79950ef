"""Add up results that were computed apart: only counts, only where every rule, time and kind of coverage is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nimo.analysis.results.figures import Figure, Key, Sheet
from nimo.analysis.results.protection import protect_sheet
from nimo.analysis.results.result import Coverage, Covers, Result
from nimo.core.disclosure.policy import DisclosurePolicy


class UnableToAdd(Exception):
    """The results must not be added; the message (Japanese) says which two and why. Nothing was written."""


def add_results(
    results: Sequence[Result], policy: DisclosurePolicy, *, label: str, covers: Covers | None = None
) -> Result:
    """The sum of results over different hospitals, put through the gate again. UnableToAdd says why not.

    covers: "region" when whoever adds knows that these are all hospitals of the region (default: as the addends).
    A figure that one of them does not show has no sum (state "in_part"): nothing is taken for zero that is not known
    to be. Rates, means and curves are computed again from the sums. Persons are linked within each source only: a
    transfer or a readmission to a hospital of another source is not seen, and the lineage says so.
    """
    if len(results) < 2:
        raise UnableToAdd("足し合わせるには、結果のファイルが二つ以上要ります。")
    first = results[0]
    for other in results[1:]:
        _check(first, other)
    _check_hospitals(results)
    tables = first.tables
    # A level one of them left out is not known: what the others say of it is no sum.
    dropped = _dropped(results)
    summed: dict[Key, Figure] = {}
    for result in results:
        for figure in result.figures:
            levels = dropped.get(figure.table, set())
            if figure.place.level in levels or (figure.to is not None and figure.to.level in levels):
                continue
            key = figure.key(tables)
            summed[key] = _sum(summed[key], figure) if key in summed else _whole(figure)
    sheet = Sheet(tables, tuple(summed.values()), first.geography, first.rules)
    protected = protect_sheet(sheet, policy)
    return replace(
        first,
        coverage=Coverage(
            covers or first.coverage.kind, label, tuple(sorted(code for r in results for code in r.coverage.hospitals))
        ),
        lineage={
            **first.lineage,
            "sources": [source for result in results for source in result.lineage["sources"]],
            "linked_within": "source",
        },
        suppression={
            **protected.describe(),
            "dropped_levels": {
                code: sorted({*dropped.get(code, ()), *protected.dropped.get(code, ())})
                for code in tables
                if code in dropped or code in protected.dropped
            },
            "before_adding": [_suppression(result) for result in results],
        },
        figures=protected.figures,
    )


def _dropped(results: Sequence[Result]) -> dict[str, set[str]]:
    """Table → levels that some of the results leave out."""
    found: dict[str, set[str]] = {}
    for result in results:
        for code, levels in result.suppression.get("dropped_levels", {}).items():
            found.setdefault(code, set()).update(levels)
    return found


def _suppression(result: Result) -> dict[str, Any]:
    """What had been applied to an addend."""
    policy: Mapping[str, Any] = result.suppression.get("policy", {})
    return {"label": result.coverage.label, "policy_version": policy.get("version")}


def _whole(figure: Figure) -> Figure:
    """A figure as an addend: what is not shown is known only in part from now on."""
    return figure if figure.state == "shown" else _in_part(figure)


def _in_part(figure: Figure) -> Figure:
    return replace(figure, value=None, amounts=dict.fromkeys(figure.amounts), state="in_part", reason="")


def _sum(one: Figure, other: Figure) -> Figure:
    if one.value is None or other.value is None:
        return _in_part(one)
    amounts: dict[str, int | None] = {}
    for name in {**one.amounts, **other.amounts}:
        given = (one.amounts.get(name), other.amounts.get(name))
        amounts[name] = None if None in given else sum(number for number in given if number is not None)
    return replace(one, value=one.value + other.value, amounts=amounts)


def _check(first: Result, other: Result) -> None:
    """Refuse what differs in rule, time, places or kind of coverage."""
    names = f"「{first.coverage.label}」と「{other.coverage.label}」"
    if not (first.suppression.get("applied") and other.suppression.get("applied")):
        raise UnableToAdd(f"{names}: 秘匿の処理を経ていない結果は足し合わせられません。")
    ours, theirs = first.rules.to_data(), other.rules.to_data()
    for group, values in ours.items():
        for name, value in values.items():
            if theirs[group][name] != value:
                raise UnableToAdd(f"{names}: 計算の規則「{group}.{name}」が違うため足し合わせられません。")
    for what, one, two in (
        ("時点・期間", first.times, other.times),
        ("対象の範囲の種類", first.coverage.kind, other.coverage.kind),
        ("人の追い方の範囲", first.lineage.get("linked_within"), other.lineage.get("linked_within")),
        ("地域・人口の表", first.geography.digest, other.geography.digest),
        ("nimo の版", first.lineage.get("nimo"), other.lineage.get("nimo")),
    ):
        if one != two:
            raise UnableToAdd(f"{names}: {what}が違うため足し合わせられません。")


def _check_hospitals(results: Sequence[Result]) -> None:
    seen: dict[str, Result] = {}
    hashes: dict[str, Result] = {}
    for result in results:
        for hospital in result.coverage.hospitals:
            if hospital in seen:
                raise UnableToAdd(
                    f"病院 {hospital} が「{seen[hospital].coverage.label}」と「{result.coverage.label}」の両方にあります。"
                    "足すと二重になります。"
                )
            seen[hospital] = result
        for source in result.lineage["sources"]:
            known = source.get("sha256")
            if known and known in hashes:
                raise UnableToAdd("同じ元のファイルから計算した結果が二つあります。足すと二重になります。")
            if known:
                hashes[known] = result
