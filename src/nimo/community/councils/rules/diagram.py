"""The picture of a whole system: layers as bands, bodies as boxes, relations as lines along the gaps between boxes.

Lengths are units of the drawing: 1,120 across, four to the millimetre on an A4 page held sideways. Nothing here knows
who a person is; a pair of bodies that share people carries only how many.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 1120
LABEL = 112
"""Room at the left for the name of a band."""
SWEEPS = 6
LANE = 4
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Node:
    """A body. layer 0 is the highest; group keeps neighbours (the same town or area) side by side."""

    id: str
    name: str
    layer: int
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """source → target. kind: a RelationKind value, or "people" (no direction)."""

    source: str
    target: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    node: Node
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    layer: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    edge: Edge
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    width: int
    height: int
    letter: int
    """Size of a letter in units."""
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


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
    def box_height(self) -> int:
        return self.lines * (self.letter + 2) + 8


def _measure_for(number: int) -> _Measure:
    if number <= 12:
        return _Measure(columns=5, letter=15, lines=3, gutter=40, gap=46)
    if number <= 48:
        return _Measure(columns=8, letter=13, lines=3, gutter=24, gap=32)
    return _Measure(columns=12, letter=10, lines=3, gutter=16, gap=12)


def width_of(text: str) -> int:
    """In half letters: 2 for a full-width character, 1 for a narrow one."""
    return sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in text)


def wrapped(text: str, letters: int, most: int) -> tuple[str, ...]:
    """Lines of at most `letters` full-width letters; what does not fit into `most` lines ends in an ellipsis."""
    lines, line = [], ""
    for letter in text.strip():
        if width_of(line + letter) > letters * 2 and line:
            lines.append(line)
            line = ""
        line += letter
    if line:
        lines.append(line)
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and width_of(last + ELLIPSIS) > letters * 2:
        last = last[:-1]
    return (*lines[: most - 1], last + ELLIPSIS)


def crossings(upper: Sequence[str], lower: Sequence[str], pairs: Sequence[tuple[str, str]]) -> int:
    """How many of these (upper, lower) pairs cross when both rows stand in this order."""
    above = {one: place for place, one in enumerate(upper)}
    below = {one: place for place, one in enumerate(lower)}
    ends = sorted((above[one], below[other]) for one, other in pairs if one in above and other in below)
    return sum(
        first[0] < second[0] and first[1] > second[1]
        for place, first in enumerate(ends)
        for second in ends[place + 1 :]
    )


def ordered(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[int, list[str]]:
    """Each layer's bodies in an order with few crossings: each goes towards the middle of what it is tied to, and the best
    of all orders tried is kept, so it is never worse than the order by place and name."""
    layers = sorted({node.layer for node in nodes})
    by_id = {node.id: node for node in nodes}
    rows = {
        layer: [one.id for one in sorted((n for n in nodes if n.layer == layer), key=lambda n: (n.group, n.name, n.id))]
        for layer in layers
    }
    ties: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.source in by_id and edge.target in by_id and edge.source != edge.target:
            ties[edge.source].append(edge.target)
            ties[edge.target].append(edge.source)

    def cost(of: Mapping[int, Sequence[str]]) -> int:
        return sum(
            crossings(
                of[one],
                of[other],
                [(a, b) for a in of[one] for b in ties[a] if by_id[b].layer == other],
            )
            for place, one in enumerate(layers)
            for other in layers[place + 1 :]
        )

    best, lowest = {layer: list(row) for layer, row in rows.items()}, cost(rows)
    for sweep in range(SWEEPS if lowest else 0):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            share = {one: (place + 0.5) / len(row) for row in rows.values() for place, one in enumerate(row)}
            middle = {
                one: (sum(share[other] for other in ties[one]) / len(ties[one])) if ties[one] else share[one]
                for one in rows[layer]
            }
            rows[layer].sort(key=lambda one: (middle[one], by_id[one].group, by_id[one].name, one))
        now = cost(rows)
        if now < lowest:
            best, lowest = {layer: list(row) for layer, row in rows.items()}, now
    return best


def lay_out(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layout:
    """Places every body once and draws every relation between two of them. The same input gives the same picture."""
    size = _measure_for(len(nodes))
    by_id = {node.id: node for node in nodes}
    boxes: dict[str, Box] = {}
    rows_of: dict[str, int] = {}
    bands, y, row = [], 0, 0
    letters = max(1, (size.box_width - 8) // size.letter)
    for layer, ids in sorted(ordered(nodes, edges).items()):
        top = y
        deep = -(-len(ids) // size.columns)  # filled column by column: what belongs together stands in one column
        used = -(-len(ids) // deep)
        left = LABEL + (size.columns - used) // 2 * size.pitch + size.gutter // 2  # gutters in one line
        for level in range(deep):
            y += size.gap
            for place, one in enumerate(ids[level::deep]):
                node = by_id[one]
                text = wrapped(node.name, letters, size.lines)
                boxes[one] = Box(node, left + place * size.pitch, y, size.box_width, size.box_height, text)
                rows_of[one] = row
            y += size.box_height
            row += 1
        y += size.gap // 2
        bands.append(Band(layer, top, y - top))
    lanes: dict[str, int] = {}
    lines = []
    for edge in edges:
        if edge.source not in boxes or edge.target not in boxes or edge.source == edge.target:
            continue
        ends = [edge.source, edge.target]
        upper = min(ends, key=lambda one: (rows_of[one], boxes[one].x))
        lower = ends[1] if ends[0] == upper else ends[0]
        lane = lanes.setdefault(upper, len(lanes))
        points = _way(boxes[lower], boxes[upper], rows_of[lower] - rows_of[upper], lane, size)
        lines.append(Line(edge, points if edge.target == upper else points[::-1]))
    return Layout(WIDTH, y, size.letter, tuple(bands), tuple(boxes.values()), tuple(lines))


def _way(lower: Box, upper: Box, rows: int, lane: int, size: _Measure) -> tuple[tuple[int, int], ...]:
    """From the top of the lower box, along the gaps only, to the bottom of the upper one (its top, in the same row).

    Lines to one body share a lane, so that they join; lines to different bodies keep apart as far as the gaps allow.
    """
    room = max(1, (size.gap - 10) // LANE)
    shift = (lane % room) * LANE + 5
    apart = (lane % 3 - 1) * min(10, size.box_width // 6)
    begin_x, end_x = lower.x + lower.width // 2 + apart, upper.x + upper.width // 2 + apart
    channel = lower.y - shift
    if rows == 0:
        return _straight([(begin_x, lower.y), (begin_x, channel), (end_x, channel), (end_x, upper.y)])
    bottom = upper.y + upper.height
    if rows == 1:
        return _straight([(begin_x, lower.y), (begin_x, channel), (end_x, channel), (end_x, bottom)])
    side = -1 if lower.x < upper.x else 1
    gutter = upper.x + (upper.width if side > 0 else 0) + side * (size.gutter // 2)
    gutter += (lane % max(1, (size.gutter - 6) // LANE)) * LANE // 2 - size.gutter // 4
    above = bottom + size.gap - shift
    return _straight(
        [
            (begin_x, lower.y),
            (begin_x, channel),
            (gutter, channel),
            (gutter, above),
            (end_x, above),
            (end_x, bottom),
        ]
    )


def _straight(points: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without points that repeat or lie on the way."""
    kept: list[tuple[int, int]] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
            continue
        kept.append(point)
    return tuple(kept)
