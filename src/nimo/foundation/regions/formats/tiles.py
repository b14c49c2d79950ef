"""Where each prefecture stands on the map of tiles: our own layout, so that the country is recognised at a glance."""

from __future__ import annotations

# One word per tile, columns of equal width; 〇 is sea. Read like the map: north above, east to the right.
_LAYOUT = """
〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 01
〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 02 〇〇
〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 05 03 〇〇
〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 06 04 〇〇
〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 17 16 15 07 〇〇
〇〇 〇〇 〇〇 〇〇 32 31 28 26 18 21 20 10 09 08
〇〇 〇〇 〇〇 35 34 33 27 29 25 23 19 11 13 12
42 41 40 〇〇 〇〇 〇〇 〇〇 30 24 〇〇 22 14 〇〇 〇〇
〇〇 43 44 〇〇 38 37 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇
〇〇 46 45 〇〇 39 36 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇
47 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇 〇〇
"""

PREFECTURE_TILES: dict[str, tuple[int, int]] = {
    f"{number}000": (row, column)
    for row, line in enumerate(_LAYOUT.strip().splitlines())
    for column, number in enumerate(line.split())
    if number != "〇〇"
}
"""(row, column) from the north-west corner, both from 0, by prefecture code."""
