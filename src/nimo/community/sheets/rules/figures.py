"""The basic-info block as figures for the indicator store, each with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from nimo.community.indicators.rules.drafts import ObservationDraft, SourceDraft
from nimo.community.sheets.rules.edits import YES_NO
from nimo.community.sheets.rules.fields import BASIC_LABELS, at
from nimo.core.fiscal import FiscalYear
from nimo.core.text import is_not_filled

BASIS = "sheet_as_given"
BY_HAND = "確認の画面で人が入れた値"
CORRECTED = "読み取ったあと人が直した値"


def _exact(value: Any) -> int | Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    return value if isinstance(value, int) else Decimal(str(value))


def _locator(key: str, places: Mapping[str, str], changed: bool) -> str:
    place = places.get(f"basic_info.{key}")
    if place is None:
        return BY_HAND
    return f"{place}（{CORRECTED}）"[:200] if changed else place[:200]


def drafts(
    content: Mapping[str, Any],
    places: Mapping[str, str],
    changed: frozenset[str],
    *,
    region_code: str,
    fiscal_year: int,
) -> list[ObservationDraft]:
    """One draft for every figure of the block; several counts in one cell become one each, told apart by their label.

    A figure without an as-of date belongs to the sheet's fiscal year. What the block does not have is not recorded.
    """
    made: list[ObservationDraft] = []
    for item in at(content, "basic_info.items") or []:
        key = item["key"]
        if key not in BASIC_LABELS:
            continue
        common: dict[str, Any] = {
            "indicator": key,
            "region_code": region_code,
            "locator": _locator(key, places, f"basic_info.{key}" in changed),
            "as_of": item.get("as_of") or "",
            "fiscal_year": None if item.get("as_of") else fiscal_year,
            "basis": BASIS,
            "coverage": (item.get("coverage") or "")[:80],
            "raw": item.get("raw") or "",
        }
        if item.get("values"):
            for number, value in enumerate(item["values"], 1):
                label = value.get("label") or (str(number) if len(item["values"]) > 1 else "")
                made.append(
                    ObservationDraft(
                        **common,
                        value=_exact(value["value"]),
                        unit=value.get("unit"),
                        dimension=f"会議={label}" if label else "",
                        note=f"{value['per']}あたり" if value.get("per") else "",
                    )
                )
        elif key == YES_NO and isinstance(item.get("value"), bool):
            made.append(ObservationDraft(**common, yes_no=item["value"]))
        elif _exact(item.get("value")) is not None:
            made.append(ObservationDraft(**common, value=_exact(item["value"]), unit=item.get("unit")))
        else:
            state = "not_filled" if is_not_filled(item.get("raw") or "") else "absent"
            made.append(ObservationDraft(**common, state=state))
    return made


def source(
    *, region_code: str, region_name: str, fiscal_year: int, file_id: Any, file_digest: str, retrieved_on: Any
) -> SourceDraft:
    """The sheet as a source: one series a region and year, one origin a region over the years."""
    return SourceDraft(
        series=f"sheet:{region_code}:{fiscal_year}",
        origin=f"sheet:{region_code}",
        kind="sheet",
        title=f"{region_name} 自治体情報シート（{FiscalYear(fiscal_year).label}）",
        publisher=region_name,
        region_code=region_code,
        fiscal_year=fiscal_year,
        file_id=file_id,
        digest=file_digest,
        retrieved_on=retrieved_on,
    )
