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
    "resident_register": "住民基本台帳",
    "census": "国勢調査",
    "projection": "将来推計人口",
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


SUPPRESSED, NO_RECORD, NOT_APPLICABLE, NOT_COMPUTED = "suppressed", "no_record", "not_applicable", "not_computed"
_OF_READING: Mapping[str, str] = {
    SUPPRESSED: "公表しない値",
    NO_RECORD: "記録なし",
    NOT_APPLICABLE: "当てはまらない",
    NOT_COMPUTED: "計算しない",
}
"""No states of the store: how a hidden figure reads for those outside the circle, and why none could be derived."""


def state_words(state: str) -> str:
    return _OF_READING.get(state) or STATES.get(state, state)


def coverage_words(coverage: str) -> str:
    """ "" is the whole region; anything else is the source's own wording (政令市を除く)."""
    return coverage or "全域"
