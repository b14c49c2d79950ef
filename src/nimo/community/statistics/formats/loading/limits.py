"""How much one file may hold; everything a reader does is bounded by these figures, in memory and in time.

The largest published table known is about 20 MB of Excel with some hundred thousand cells; what is far beyond it is an
attack, or a file of another kind.
"""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 100 * MEBIBYTE
    archive_entries: int = 2_000
    archive_bytes: int = 600 * MEBIBYTE
    """All parts of an Excel file, unpacked."""
    part_bytes: int = 300 * MEBIBYTE
    """One worksheet, unpacked; it is read as a stream and never held."""
    tree_bytes: int = 16 * MEBIBYTE
    """One part that has to be held as a tree (styles, the list of sheets)."""
    ratio: int = 250
    """How many times larger a part may become; looked at from `ratio_from_bytes` up."""
    ratio_from_bytes: int = 4 * MEBIBYTE
    sheets: int = 200
    strings: int = 1_000_000
    """Shared texts of a workbook."""
    string_characters: int = 50_000_000
    rows: int = 200_000
    """Rows of one table."""
    columns: int = 500
    cell_characters: int = 20_000
    figures: int = 120_000
    """Figures taken from one file."""


DEFAULT = Limits()
