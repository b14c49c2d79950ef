"""What each year's form prints: which layout a sheet has, and what of it is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nimo.community.sheets.formats.reading.draft import Draft

_COMMON = ("basic_info", "results", "strengths", "challenges", "targets", "schedule")
_R6 = ("coordination", "councils", "other_matters", "long_term")
EXPECTED: dict[str | None, tuple[str, ...]] = {
    "r1": (*_COMMON, "activities", "overview", "history"),
    "r3": (*_COMMON, "activities", "overview", "history", "special_matters"),
    "r6-prefecture": (*_COMMON, *_R6, "overview", "history"),
    "r6-city": (*_COMMON, *_R6),
    None: _COMMON,
}
_SECTION_OF = {
    "strengths": "challenges",
    "targets": "challenges",
    "activities": "basic_info",
    "other_matters": "councils",
}
_R6_SIGNS = frozenset({"coordination", "councils", "long_term"})
_PREFECTURES_OWN = frozenset({"overview", "history"})
_FIRST_R6_LIKE_YEAR = 2024


def decide_layout(draft: Draft, sections: set[str], kinds: set[str]) -> str | None:
    """The form's edition, by its own sections: R6 has 連携状況, 協議の場 and 長期; R3 its special matters."""
    reading = draft.reading
    signs = sections | {{"departments": "coordination", "sectors": "coordination"}.get(kind, kind) for kind in kinds}
    lead = reading.lead or ""
    if signs & _R6_SIGNS or (reading.fiscal_year == _FIRST_R6_LIKE_YEAR and not reading.activities):
        # A designated city fills in the prefectures' form, which has 取組概要 and 取組の経緯.
        return "r6-city" if reading.municipality and not signs & _PREFECTURES_OWN else "r6-prefecture"
    if "special_matters" in signs or "自治体情報シート" in lead or reading.fiscal_year == 2021:
        return "r3"
    if "事前課題" in lead or reading.fiscal_year == 2019:
        return "r1"
    draft.warn("layout_unknown", "layout")
    return None


def note_missing(draft: Draft, sections: Mapping[str, int], expected: Sequence[str] | None = None) -> None:
    """A warning for everything the layout's form asks for and the sheet does not give.

    `sections`: the titles the sheet has, with their lines. `expected`: what the form asks for, where it is known exactly.
    """
    for name in EXPECTED[draft.reading.layout] if expected is None else expected:
        if _is_there(draft, name):
            continue
        line = sections.get(_SECTION_OF.get(name, name))
        if name == "basic_info" or name in sections:
            draft.warn("block_missing", name, line)
        elif line is not None:
            draft.missing(name, line)
        else:
            draft.warn("section_missing", name)


def _is_there(draft: Draft, name: str) -> bool:
    reading = draft.reading
    if name == "basic_info":
        return reading.basic_info.present
    if name == "coordination":
        coordination = reading.coordination
        return bool(coordination.system or coordination.departments or coordination.sectors)
    return bool(getattr(reading, name))
