"""Two contents of a sheet compared: the same data, however absence and decimals are noted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nimo.core.fiscal import parse_fiscal_year

_OF_THE_FILE = frozenset({"warnings", "fiscal_year_evidence", "passages", "line", "present", "aligned"})


def canonical(value: Any, key: str = "") -> Any:
    """Without what belongs to the file; None, "" and empty lists are one absence, 17.1 and "17.1" one number."""
    if isinstance(value, dict):
        made = {
            name: found
            for name, one in value.items()
            if name not in _OF_THE_FILE and (found := canonical(one, name)) is not None
        }
        if "until_fiscal_year" in made:
            year = parse_fiscal_year(made.get("until_raw") or "")
            if year is None or year.year != made["until_fiscal_year"] or made["until_raw"] == f"{year.label}まで":
                made.pop("until_raw", None)
        if made.get("key") == "has_mental_health_subcommittee":
            made.pop("unit", None)
        if key == "items_" and set(made) <= {"key", "unit"}:
            return None
        return made or None
    if isinstance(value, list):
        inner = "items_" if key == "items" else key
        return [found for one in value if (found := canonical(one, inner)) is not None] or None
    if isinstance(value, bool):
        return value
    if key in ("value", "share") and value is not None:
        return Decimal(str(value)).normalize()
    if isinstance(value, str):
        return value if value.strip() else None
    return value
