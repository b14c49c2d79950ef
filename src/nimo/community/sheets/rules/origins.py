"""Where values came from, kept with them while rows are moved, added and removed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.rules.fields import at, list_paths


def _places(before: Any, after: Any) -> dict[int, int]:
    """{old place: new place} of rows that stand in both exactly once, unchanged."""
    old, new = (rows if isinstance(rows, list) else [] for rows in (before, after))
    return {
        place: new.index(row) for place, row in enumerate(old) if old.count(row) == 1 and new.count(row) == 1 and row
    }


def kept_origins(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    key: SectionKey,
    origins: Mapping[str, Any],
    changed: Collection[str],
) -> dict[str, Any]:
    """Origins of a chapter after a change: they go with their row to its new place; what was changed loses its origin.

    changed: paths whose value differs, as of rules.edits.changed_paths.
    """
    kept: dict[str, Any] = {}
    moves = {path: _places(at(before, path), at(after, path)) for path in list_paths(key)}
    for path, origin in origins.items():
        list_path = next((one for one in moves if path.startswith(f"{one}.")), None)
        if list_path is None:
            if path not in changed:
                kept[path] = origin
            continue
        place, _, cell = path.removeprefix(f"{list_path}.").partition(".")
        moved = moves[list_path]
        if place.isdecimal() and int(place) in moved:
            kept[f"{list_path}.{moved[int(place)]}.{cell}"] = origin
        elif path not in changed and not (place.isdecimal() and int(place) in moved.values()):
            kept[path] = origin  # the row was edited where it stands; this cell was not
    return kept
