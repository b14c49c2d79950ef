"""How much one file may hold. Everything a loader does is bounded by these figures, in memory and in time.

The figures leave room for the largest sheets seen (some tens of megabytes of photographs, some dozens of slides)
and stop what only an attack or a mistake would bring: an archive that unfolds to gigabytes, a worksheet
whose merged range covers sixteen thousand columns, a page whose drawing never ends.
"""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 100 * MEBIBYTE
    """Size of the file as uploaded."""
    archive_entries: int = 5_000
    archive_bytes: int = 400 * MEBIBYTE
    """All entries of an Office file, unpacked."""
    entry_bytes: int = 100 * MEBIBYTE
    """One entry of an Office file, unpacked."""
    xml_bytes: int = 16 * MEBIBYTE
    """One XML part that has to be held in memory as a tree."""
    entry_ratio: int = 250
    """How many times larger an entry may become; only looked at from `ratio_from_bytes` up, small parts pack well."""
    ratio_from_bytes: int = 4 * MEBIBYTE
    pages: int = 500
    """Slides, worksheets or PDF pages."""
    cells: int = 100_000
    """Table cells of the whole document, a merged range counting each cell it covers."""
    cell_records: int = 2_000_000
    """Cells, rows and strings a workbook stores, empty ones included; whole columns of formatted empty cells are common."""
    characters: int = 3_000_000
    lines: int = 200_000
    page_objects: int = 60_000
    """Characters and strokes on one PDF page."""
    seconds: int = 90
    """Reading one PDF, in its own process."""
    memory_bytes: int = 1536 * MEBIBYTE
    """Address space of the process that reads a PDF, where the operating system can enforce it."""


DEFAULT = Limits()
