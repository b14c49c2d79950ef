"""What happened to a sheet, for whoever is interested above (published after commit; may be lost, never decides)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

SHEET_FACT = "sheets.sheet"
"""The fact measures count from: which sheet of a region and year is current, and what stands in it."""


@dataclass(frozen=True, slots=True)
class SheetConfirmed:
    sheet_id: UUID
    region_code: str
    fiscal_year: int


@dataclass(frozen=True, slots=True)
class SheetUndone:
    sheet_id: UUID
    region_code: str
    fiscal_year: int
