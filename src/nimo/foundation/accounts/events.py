"""What accounts tells the apps above it, after the commit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HandOverApplied:
    """Somebody's work is now somebody else's. For a notice to the successor; nothing that must happen hangs on it."""

    hand_over_id: UUID
    predecessor_id: UUID
    successor_id: UUID
    moved: int
