"""What happened to a sheet, for whoever is interested above (published after commit; may be lost, never decides)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


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
