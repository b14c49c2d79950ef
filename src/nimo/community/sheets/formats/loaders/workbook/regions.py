"""A worksheet cut into what a person sees on it: tables, and prose between them.

Only what stands on the sheet decides: text, rules and merged ranges. A row with nothing in it ends a region; a row
with a single cell above or below a grid is a heading or a note; a blank column divides a region only where a real
grid stands on both sides of it (narrow spacer columns are common in forms).
"""

from __future__ import annotations

from dataclasses import dataclass

from nimo.community.sheets.formats.loaders.workbook.addresses import Range
from nimo.community.sheets.formats.loaders.workbook.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Unit:
    """A cell or a merged range, empty ones included where they are ruled."""

    range: Range
    text: str
    ruled: bool


@dataclass(frozen=True, slots=True)
class Region:
    """`is_table`: the units form a grid; else each row of units is a line of prose."""

    units: tuple[Unit, ...]
    is_table: bool

    @property
    def top(self) -> int:
        return min(unit.range.top for unit in self.units)

    @property
    def left(self) -> int:
        return min(unit.range.left for unit in self.units)


def regions(sheet: Worksheet) -> list[Region]:
    """The regions of a sheet from above, beside each other from the left. Every text stands in exactly one."""
    found: list[Region] = []
    for band in _bands(_units(sheet)):
        for group in _side_by_side(band):
            found.extend(_segments(group))
    return sorted(found, key=lambda region: (region.top, region.left))


def _units(sheet: Worksheet) -> list[Unit]:
    covered = {
        (row, column)
        for merged in sheet.merges.values()
        for row in range(merged.top, merged.bottom + 1)
        for column in range(merged.left, merged.right + 1)
    }
    units = []
    for position, merged in sheet.merges.items():
        corners = {(row, column) for row in (merged.top, merged.bottom) for column in (merged.left, merged.right)}
        text = sheet.texts.get(position, "")
        ruled = bool(corners & sheet.ruled)
        if text or ruled:
            units.append(Unit(merged, text, ruled))
    for row, column in sorted(sheet.texts.keys() | sheet.ruled):
        if (row, column) not in covered:
            text = sheet.texts.get((row, column), "")
            units.append(Unit(Range(row, column, row, column), text, (row, column) in sheet.ruled))
    return units


def _bands(units: list[Unit]) -> list[list[Unit]]:
    """Units in rows that touch; rules without any text above, below or between do not count."""
    bands: list[list[Unit]] = []
    bottom = -2
    for unit in sorted(units, key=lambda u: (u.range.top, u.range.left)):
        if unit.range.top > bottom + 1:
            bands.append([])
        bands[-1].append(unit)
        bottom = max(bottom, unit.range.bottom) if len(bands[-1]) > 1 else unit.range.bottom
    return [trimmed for band in bands if (trimmed := _trimmed(band))]


def _trimmed(band: list[Unit]) -> list[Unit]:
    texts = [unit for unit in band if unit.text]
    if not texts:
        return []
    top, bottom = min(u.range.top for u in texts), max(u.range.bottom for u in texts)
    left, right = min(u.range.left for u in texts), max(u.range.right for u in texts)
    # Empty ruled rows and columns outside the texts are an unused part of the form; one column at the right is kept,
    # because it may be the value column of a form nobody has filled in.
    return [u for u in band if top <= u.range.top <= bottom and left <= u.range.left <= right + 1]


def _side_by_side(band: list[Unit]) -> list[list[Unit]]:
    groups: list[list[Unit]] = []
    right = -2
    for unit in sorted(band, key=lambda u: (u.range.left, u.range.top)):
        if unit.range.left > right + 1:
            groups.append([])
        groups[-1].append(unit)
        right = max(right, unit.range.right)
    if len(groups) > 1 and all(_is_grid(group) for group in groups):
        return groups
    return [band]


def _is_grid(units: list[Unit]) -> bool:
    texts = [unit for unit in units if unit.text]
    return len({u.range.left for u in texts}) > 1 and len({u.range.top for u in texts}) > 1


def _segments(units: list[Unit]) -> list[Region]:
    """Headings and notes above, below and between grids become prose."""
    by_row: dict[int, list[Unit]] = {}
    touching: dict[int, list[Unit]] = {}
    for unit in units:
        by_row.setdefault(unit.range.top, []).append(unit)
        for row in range(unit.range.top, unit.range.bottom + 1):
            touching.setdefault(row, []).append(unit)
    runs: list[_Run] = []
    for row in sorted(by_row):
        is_prose = _stands_alone(touching[row])
        if runs and runs[-1].is_prose == is_prose:
            runs[-1].units.extend(by_row[row])
        else:
            runs.append(_Run(is_prose, list(by_row[row])))
    found = []
    for run in _rejoin(runs):
        is_prose = run.is_prose or _is_one_plain_row(run.units)
        chosen = [unit for unit in run.units if unit.text] if is_prose else run.units
        if chosen:
            found.append(Region(tuple(chosen), not is_prose))
    return found


@dataclass(slots=True)
class _Run:
    """Rows of the same kind, one after another."""

    is_prose: bool
    units: list[Unit]

    @property
    def columns(self) -> set[int]:
        return {unit.range.left for unit in self.units}

    @property
    def is_ruled(self) -> bool:
        return all(unit.ruled for unit in self.units)


def _stands_alone(touching: list[Unit]) -> bool:
    """A row with a single text, where nothing else is ruled beside it and nothing reaches into it from above."""
    return len(touching) == 1 and bool(touching[0].text) and touching[0].range.top == touching[0].range.bottom


def _rejoin(runs: list[_Run]) -> list[_Run]:
    """A single-cell row between two grids of the same columns belongs to one table, and is not its end.

    Ruled like them it is a subheading. Without rules it is a row with blanks where it does not begin at the left edge;
    at the left edge it may as well be the heading of the next table, and stays apart.
    """
    joined: list[_Run] = []
    index = 0
    while index < len(runs):
        run = runs[index]
        before = joined[-1] if joined else None
        after = runs[index + 1] if index + 1 < len(runs) else None
        if (
            before is not None
            and after is not None
            and run.is_prose
            and not before.is_prose
            and before.columns == after.columns
            and (run.is_ruled or min(run.columns) > min(before.columns))
        ):
            before.units.extend([*run.units, *after.units])
            index += 2
        else:
            joined.append(run)
            index += 1
    return joined


def _is_one_plain_row(units: list[Unit]) -> bool:
    """A row of loose cells without rules (群馬県 | 太田市) is a line, not a table."""
    return len({unit.range.top for unit in units}) == 1 and not any(
        unit.ruled or "\n" in unit.text or unit.range.bottom > unit.range.top for unit in units
    )
