"""The list of prefectures, municipalities and wards that ships with nimo (data/municipalities.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from importlib import resources

SOURCES = {
    "jis20230401": "総務省 全国地方公共団体コード（2023-04-01）",
    "jis20240101": "総務省 全国地方公共団体コード（2024-01-01 改正）",
}
"""The keys of the column `source`, as they are shown."""
LIST_YEAR = 2023
"""The fiscal year whose state the list gives."""


@dataclass(frozen=True, slots=True)
class RegionFact:
    """One line: a region with its code, its kind (RegionKind value), what it lies in, and since when as far as known."""

    code: str
    kind: str
    prefecture: str
    city: str
    name: str
    kana: str
    valid_from: date | None
    valid_to: date | None
    source: str


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def shipped_facts() -> list[RegionFact]:
    """47 prefectures, 1,741 municipalities, 171 wards, and the 7 wards 浜松市 had until 2023-12-31, by code."""
    text = resources.files("nimo.foundation.regions").joinpath("data/municipalities.csv").read_text(encoding="utf-8")
    return [
        RegionFact(
            code=row["code"],
            kind=row["kind"],
            prefecture=row["prefecture"],
            city=row["city"],
            name=row["name"],
            kana=row["kana"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            source=SOURCES[row["source"]],
        )
        for row in csv.DictReader(text.splitlines())
    ]
