"""What the columns of a table hold, as a person says it, and how that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nimo.community.statistics.formats.reading import plain
from nimo.core.eras import parse_partial_date
from nimo.core.fiscal import parse_fiscal_year


def as_of_of(text: str) -> tuple[str, int | None] | None:
    """(as_of, fiscal year): 令和6年度 → ("FY2024", 2024), 2025-06-30 → ("2025-06-30", None: follows); None unreadable."""
    bare = plain(text)
    if bare.endswith("年度") or bare.startswith("FY"):
        year = parse_fiscal_year(bare.removeprefix("FY"))
        return (f"FY{year.year}", year.year) if year else None
    day = parse_partial_date(bare)
    if day is not None and day.month is not None:
        return day.iso, None
    year = parse_fiscal_year(bare)
    return (f"FY{year.year}", year.year) if year else None


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """role: one of choices.ColumnRole. For "figure": which indicator, basis, as_of and dimension the whole column has."""

    role: str = "ignore"
    indicator: str = ""
    basis: str = ""
    as_of: str = ""
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How one kind of table is read. sheet: a worksheet's name ("" the first). header_row: from 1.

    indicator, basis, as_of, unit: for all rows, where no column says it. title: the table's own name.
    """

    header_row: int
    columns: tuple[MappedColumn, ...]
    sheet: str = ""
    indicator: str = ""
    basis: str = ""
    as_of: str = ""
    unit: str = ""
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "header_row": self.header_row,
            "sheet": self.sheet,
            "indicator": self.indicator,
            "basis": self.basis,
            "as_of": self.as_of,
            "unit": self.unit,
            "title": self.title,
            "columns": [
                {
                    k: v
                    for k, v in (
                        ("role", c.role),
                        ("indicator", c.indicator),
                        ("basis", c.basis),
                        ("as_of", c.as_of),
                        ("dimension", c.dimension),
                    )
                    if v
                }
                for c in self.columns
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ColumnMapping:
        columns = tuple(MappedColumn(**{str(k): str(v) for k, v in one.items()}) for one in kept["columns"])
        words = {name: str(kept.get(name, "")) for name in ("sheet", "indicator", "basis", "as_of", "unit", "title")}
        return cls(int(kept["header_row"]), columns, **words)

    def problems(self) -> list[str]:
        """What is missing before anything can be read (Japanese)."""
        roles = [column.role for column in self.columns]
        found = []
        if not {"region_code", "region_name", "prefecture_name"} & set(roles):
            found.append("地域のコードか名前の列を、一つ以上選んでください。")
        if "value" in roles and "figure" in roles:
            found.append("「値」の列と「この列が一つの指標の値」の列は、どちらか一方にしてください。")
        if "value" not in roles and "figure" not in roles:
            found.append("値の入った列を選んでください。")
        if "value" in roles and "indicator" not in roles and not self.indicator:
            found.append("「値」の列が何の指標か、指標の列か、表全体の指標を選んでください。")
        if not {"year", "as_of"} & set(roles) and not self.as_of:
            bare = [c for c in self.columns if c.role == "figure" and not c.as_of]
            if "value" in roles or bare:
                found.append("いつの値か、年度か時点の列を選ぶか、表全体の時点を入れてください。")
        for role in ("value", "region_code", "region_name", "prefecture_name", "year", "as_of", "indicator", "basis"):
            if roles.count(role) > 1:
                found.append("同じ意味の列を二つ選んでいます。どちらか一方にしてください。")
                break
        if any(column.role == "figure" and not column.indicator for column in self.columns):
            found.append("「この列が一つの指標の値」の列には、指標を選んでください。")
        for column in self.columns:
            if column.role == "figure" and column.as_of and as_of_of(column.as_of) is None:
                found.append(
                    f"時点「{column.as_of}」を読めません。「2025-06-30」か「令和6年度」のように入れてください。"
                )
        if self.as_of and as_of_of(self.as_of) is None:
            found.append(f"時点「{self.as_of}」を読めません。「2025-06-30」か「令和6年度」のように入れてください。")
        return found
