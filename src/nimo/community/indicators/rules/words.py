"""Words for refusals. `choices` holds the same lists for the tables; a test keeps the two equal."""

from __future__ import annotations

from collections.abc import Mapping

BASES: Mapping[str, str] = {
    "630_address": "630調査（患者の住所地）",
    "630_hospital": "630調査（病院の所在地）",
    "ndb": "NDB集計",
    "ndb_avg_daily": "NDB集計（1日平均、公費を含まない）",
    "ndb_avg_daily_incl_kohi": "NDB集計（1日平均、公費を含む）",
    "patient_survey": "患者調査",
    "hospital_report": "病院報告",
    "sheet_as_given": "シートの記載どおり",
    "records": "nimoの記録から数えた値",
    "unspecified": "資料に記載なし",
}
STATES: Mapping[str, str] = {
    "value": "値あり",
    "absent": "資料にない",
    "not_filled": "記入なし",
    "suppressed_at_source": "資料で秘匿",
    "unreadable": "読み取れない",
}
UNSTATED_BASES = frozenset({"unspecified", "sheet_as_given"})
"""Bases that do not say how persons were assigned to a place."""


def basis_words(basis: str) -> str:
    return BASES.get(basis, basis)


SUPPRESSED = "suppressed"
"""Not a state of the store: how a hidden figure reads for those outside the circle."""


def state_words(state: str) -> str:
    return "公表しない値" if state == SUPPRESSED else STATES.get(state, state)


def coverage_words(coverage: str) -> str:
    """ "" is the whole region; anything else is the source's own wording (政令市を除く)."""
    return coverage or "全域"
