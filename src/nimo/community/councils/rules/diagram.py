"""The picture of a whole system: layers as bands, bodies as boxes, relations as lines along the gaps between boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nimo.community.councils.rules.ordering import ordered, ranked
from nimo.community.councils.rules.routing import LANE, ROOM, Place, drawn, planned
from nimo.community.councils.rules.shapes import WIDTH, Band, Box, Edge, Layout, Node

LABEL = 112
"""Room at the left for the name of a band."""
ELLIPSIS = "…"
NOT_FIRST, NOT_LAST = frozenset("）」』】、。・ーっゃゅょッャュョァィゥェォ…"), frozenset("（「『【")
UPWARD, DOWNWARD = ("report", "subcommittee"), ("backup",)
"""Kinds of relation that put a body under another of the same layer."""
PAPER = (281, 150)
"""Millimetres for a picture on A4 held sideways: margins of 8 mm, and room for its title and what its lines mean."""
POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class _Measure:
    """How many boxes a row holds, and what a box and the gaps around it measure."""

    columns: int
    letter: int
    lines: int
    gutter: int
    gap: int

    @property
    def pitch(self) -> int:
        return (WIDTH - LABEL) // self.columns

    @property
    def box_width(self) -> int:
        return self.pitch - self.gutter

    @property
    def letters(self) -> int:
        """Full-width letters in a line."""
        return max(1, (self.box_width - 8) // self.letter)

    def height(self, lines: int) -> int:
        return max(2, lines) * (self.letter + 2) + 8

    def guess(self, ranks: Collection[int]) -> tuple[float, int]:
        """About how large its letters are printed when ranks of so many bodies are drawn with it: larger is better."""
        rows = sum(-(-number // self.columns) for number in ranks)
        height = rows * (self.height(3) + self.gap + 4 * LANE)
        return round(_printed(self.letter, height), 2), -self.columns


MEASURES = (
    _Measure(columns=5, letter=15, lines=4, gutter=40, gap=34),
    _Measure(columns=6, letter=14, lines=4, gutter=36, gap=30),
    _Measure(columns=8, letter=13, lines=4, gutter=28, gap=26),
    _Measure(columns=10, letter=12, lines=6, gutter=22, gap=24),
    _Measure(columns=12, letter=10, lines=6, gutter=16, gap=16),
)


def width_of(text: str) -> int:
    """In half letters: 2 for a full-width character, 1 for a narrow one."""
    return sum(map(_half_letters, text))


@lru_cache(maxsize=4096)
def _half_letters(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "FWA" else 1


def wrapped(text: str, letters: int, most: int) -> tuple[str, ...]:
    """Lines of at most `letters` full-width letters, broken at spaces where there are any, and never before a mark that
    may not begin a line. What does not fit into `most` lines ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(joined) <= letters * 2:
            lines[-1] = joined
            continue
        pieces = _broken(word, letters)
        lines = [*lines, *pieces] if lines[-1] else pieces
    if len(lines) <= most:
        return tuple(line for line in lines if line)
    last = lines[most - 1]
    while last and width_of(last + ELLIPSIS) > letters * 2:
        last = last[:-1]
    return (*lines[: most - 1], last + ELLIPSIS)


def _broken(word: str, letters: int) -> list[str]:
    """In as few lines as it needs, of about the same length: a line of one letter is read as a mistake."""
    needed = -(-width_of(word) // (letters * 2))
    even = min(letters, -(-width_of(word) // (needed * 2)))
    lines = [""]
    for letter in word:
        if lines[-1] and width_of(lines[-1] + letter) > even * 2:
            keep = len(lines[-1])
            while keep > 1 and ((lines[-1] + letter)[keep] in NOT_FIRST or lines[-1][keep - 1] in NOT_LAST):
                keep -= 1
            lines[-1], rest = lines[-1][:keep], lines[-1][keep:]
            lines.append(rest)
        lines[-1] += letter
    return lines


def points_printed(layout: Layout) -> float:
    """The size of its letters in typographic points when the picture fills an A4 page held sideways."""
    return _printed(layout.letter, layout.height)


def _printed(letter: int, height: int) -> float:
    return letter * min(PAPER[0] / (WIDTH + 8), PAPER[1] / (height + 8)) / POINT


def lay_out(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layout:
    """Places every body once and draws every relation between two of them. The same input gives the same picture."""
    ranks = ordered(nodes, edges, ranked(nodes, edges, UPWARD, DOWNWARD))
    numbers = [len(ids) for ids in ranks.values()]
    size = max(MEASURES, key=lambda one: one.guess(numbers))
    text = {node.id: wrapped(node.name, size.letters, size.lines) for node in nodes}
    by_id = {node.id: node for node in nodes}
    rows: list[tuple[int, list[str]]] = []
    places: dict[str, Place] = {}
    for (layer, _), ids in ranks.items():
        deep = -(-len(ids) // size.columns)  # filled column by column: what belongs together stands in one column
        used = -(-len(ids) // deep)
        left = LABEL + (size.columns - used) // 2 * size.pitch + size.gutter // 2  # gutters in one line
        for level in range(deep):
            row = ids[level::deep]
            places |= {one: Place(len(rows), left + at * size.pitch, size.box_width) for at, one in enumerate(row)}
            rows.append((layer, row))
    gutters = [LABEL + at * size.pitch for at in range(1, size.columns)]
    plan = planned(edges, places, gutters, size.gutter)
    gaps = [max(size.gap, 2 * ROOM + plan.lanes_in[row] * LANE) for row in range(len(rows))]
    high = [size.height(max(len(text[one]) for one in ids)) for _, ids in rows]
    tops, bands, height = _stacked([layer for layer, _ in rows], gaps, high, size.gap // 2)
    boxes = tuple(
        Box(by_id[one], places[one].x, tops[row], size.box_width, high[row], text[one])
        for row, (_, ids) in enumerate(rows)
        for one in ids
    )
    bottoms = [top + tall for top, tall in zip(tops, high, strict=True)]
    return Layout(WIDTH, height, size.letter, bands, boxes, tuple(drawn(plan, tops, bottoms)))


def _stacked(
    layers: Sequence[int], gaps: Sequence[int], high: Sequence[int], foot: int
) -> tuple[list[int], tuple[Band, ...], int]:
    """y of each row's boxes, the bands, and the height of the whole. gaps: above each row; high: its boxes."""
    tops: list[int] = []
    bands: list[Band] = []
    y = begun = 0
    for row, layer in enumerate(layers):
        tops.append(y + gaps[row])
        y = tops[row] + high[row]
        if row + 1 == len(layers) or layers[row + 1] != layer:
            y += foot
            bands.append(Band(layer, begun, y - begun))
            begun = y
    return tops, tuple(bands), y
