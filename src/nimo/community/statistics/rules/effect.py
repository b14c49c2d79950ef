"""What a cell counts as after a person's word, and whether it may be recorded."""

from __future__ import annotations

from collections.abc import Collection

from nimo.community.statistics.rules.findings import CHECK, STOP, Finding

KEPT_CODES = frozenset({"outlier", "regions_sum"})
"""Findings that need the whole table, of which an office keeps only its own rows: they stay until the cell changes."""


def severity_of(findings: Collection[Finding]) -> str:
    """The heaviest: "stop", "check" or ""."""
    severities = {finding.severity for finding in findings}
    return STOP if STOP in severities else CHECK if CHECK in severities else ""


def decision_after(decision: str, before: Collection[str], after: Collection[str]) -> str:
    """What a person said stays as long as nothing new is doubtful; being corrected or left out stays anyway.

    before, after: the codes of the findings. "accepted" of a cell without findings is pending again (nothing to say).
    """
    if decision in ("corrected", "left_out"):
        return decision
    if decision == "accepted" and after and set(after) <= set(before):
        return decision
    return "pending"


def is_held(severity: str, decision: str) -> bool:
    """A STOP that nobody took away holds its row back."""
    return severity == STOP and decision != "left_out"


def is_waiting(severity: str, decision: str) -> bool:
    """A person has to look at it."""
    return severity == CHECK and decision == "pending"
