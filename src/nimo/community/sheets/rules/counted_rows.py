"""Indicators of a sheet that the records of meetings count: which row is which count, and what is offered for it. Pure.

The 活動指標 of a 障害福祉計画: how often the councils met, how many took part by category, how often goals were set and
evaluated. 当事者 and 家族 are not among them: their number may tell who somebody is (councils.rules.categories).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.rules.documents import digest
from nimo.core.fiscal import FiscalYear
from nimo.core.text import fold

CELLS = {SectionKey.RESULTS: ("actual", "実績値"), SectionKey.TARGETS: ("current", "現状値")}
"""The field of a row that holds what was counted: in both chapters of the year before the sheet."""

_NAMES = {
    "councils.meetings": ("協議の場の開催回数", "協議の場の開催", "協議の場開催回数"),
    "councils.participants": ("協議の場の参加者数", "協議の場の参加者数（延べ）", "協議の場への参加者数"),
    "councils.goal_reviews": (
        "目標設定及び評価の実施回数",
        "協議の場における目標設定及び評価の実施回数",
        "協議の場の目標設定及び評価の実施回数",
    ),
    "councils.participants_health": ("協議の場の参加者数（保健）",),
    "councils.participants_psychiatry": ("協議の場の参加者数（医療・精神科）", "協議の場の参加者数（精神科）"),
    "councils.participants_medical": ("協議の場の参加者数（医療・その他）", "協議の場の参加者数（精神科以外の医療）"),
    "councils.participants_welfare": ("協議の場の参加者数（福祉）",),
    "councils.participants_care": ("協議の場の参加者数（介護）",),
}
_MEASURES = {fold(name): code for code, names in _NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class CountedOffer:
    """One row's count. said: "3回", "" where the records cannot tell. state: "none", "fill", "same", "differs"."""

    path: str
    indicator: str
    label: str
    measure: str
    fiscal_year: int
    said: str
    now: str
    state: str
    href: str

    @property
    def year_label(self) -> str:
        return FiscalYear(self.fiscal_year).label

    @property
    def seen(self) -> str:
        """Says which figure a person chose, so that another one is never taken in its place."""
        return digest(self.path, self.said)[:16]


def measure_named(indicator: str) -> str | None:
    """The code of the measure an indicator's name means, exactly but for spelling; None: not one of them."""
    return _MEASURES.get(fold(indicator))


def counted_offers(
    content: Mapping[str, Any],
    key: SectionKey,
    fiscal_year: int,
    counts: Mapping[str, str],
    hrefs: Mapping[str, str],
) -> list[CountedOffer]:
    """For each row of the chapter whose indicator is counted. counts: by measure, as written ("3回"), "" unknown.

    fiscal_year: the year that was counted.
    """
    cell, label = CELLS[key]
    made = []
    for place, row in enumerate(content.get(key.value) or []):
        name = str(row.get("indicator") or "")
        code = measure_named(name)
        if code is None:
            continue
        said, now = counts.get(code, ""), str((row.get(cell) or {}).get("raw") or "")
        state = "none" if not said else "fill" if not now.strip() else "same" if fold(said) == fold(now) else "differs"
        made.append(
            CountedOffer(
                f"{key.value}.{place}.{cell}", name, label, code, fiscal_year, said, now, state, hrefs.get(code, "")
            )
        )
    return made


def measures_in(content: Mapping[str, Any], keys: Sequence[SectionKey]) -> list[str]:
    """Codes of the measures the chapters' rows speak of, each once."""
    rows = [row for key in keys for row in content.get(key.value) or []]
    found = (measure_named(str(row.get("indicator") or "")) for row in rows)
    return sorted({code for code in found if code is not None})
