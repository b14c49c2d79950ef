"""Geometry of outlines: onto a plane, thinned without gaps between neighbours, joined, drawn as SVG paths.

Everything is done on whole numbers, so that two neighbours keep exactly the same border: points are snapped to a
grid, borders are cut where three regions meet, and each piece is thinned once, in one direction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asinh, degrees, radians, tan

Point = tuple[int, int]
Ring = list[Point]
Box = tuple[int, int, int, int]
UNITS = 10_000
"""Units of the plane in a degree of longitude: one is about 9 metres in the middle of Japan."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a region. rings: flat lists x, y, x, y…; box: left, top, right, bottom."""

    code: str
    rings: list[list[int]]
    box: Box
    derived: bool = False


def project(longitude: float, latitude: float, grid: int) -> Point:
    """Mercator (shapes keep their angles anywhere in Japan), y growing southwards, snapped to a grid of units."""
    x, y = longitude * UNITS, -degrees(asinh(tan(radians(latitude)))) * UNITS
    return round(x / grid) * grid, round(y / grid) * grid


def doubled_area(ring: Sequence[Point]) -> int:
    """Twice the area: positive when the ring runs clockwise on the screen."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))


def tidy(points: Iterable[Point], *, hole: bool) -> Ring | None:
    """A ring without repeated points, clockwise (a hole: the other way); None when nothing is left of it."""
    ring: Ring = []
    for point in points:
        if not ring or point != ring[-1]:
            ring.append(point)
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if len(ring) < 3:
        return None
    area = doubled_area(ring)
    if area == 0:
        return None
    return ring if (area < 0) == hole else ring[::-1]


def _far_points(line: Sequence[Point], tolerance: int) -> list[Point]:
    """Douglas and Peucker (1973): the points that a straight line between the kept ones would miss by more."""
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        (x1, y1), (x2, y2) = line[first], line[last]
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        worst, at = -1.0, 0
        for index in range(first + 1, last):
            px, py = line[index][0] - x1, line[index][1] - y1
            if length == 0:
                distance = float(px * px + py * py)
            else:
                along = min(1.0, max(0.0, (px * dx + py * dy) / length))
                distance = (px - along * dx) ** 2 + (py - along * dy) ** 2
            if distance > worst:
                worst, at = distance, index
        if worst > tolerance * tolerance:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [line[index] for index in sorted(keep)]


def _thin_piece(piece: Sequence[Point], tolerance: int) -> list[Point]:
    """A piece of border between two knots, the same whichever neighbour asks: always thinned in one direction."""
    if tuple(piece) <= tuple(reversed(piece)):
        return _far_points(piece, tolerance)
    return _far_points(piece[::-1], tolerance)[::-1]


def thin(regions: Mapping[str, Sequence[Ring]], tolerance: int) -> dict[str, list[Ring]]:
    """Thins all rings together, so that neighbours keep a common border. `tolerance` in units."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for rings in regions.values():
        for ring in rings:
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
                neighbours[one].add(other)
                neighbours[other].add(one)
    knots = {point for point, beside in neighbours.items() if len(beside) != 2}
    thinned: dict[str, list[Ring]] = {}
    for code, rings in regions.items():
        found = [made for ring in rings if (made := _thin_ring(ring, knots, tolerance)) is not None]
        # a region never vanishes: its largest ring stays as it was when thinning flattened everything
        thinned[code] = found or [max(rings, key=lambda ring: abs(doubled_area(ring)))]
    return thinned


def _thin_ring(ring: Ring, knots: set[Point], tolerance: int) -> Ring | None:
    starts = [index for index, point in enumerate(ring) if point in knots]
    if len(starts) < 2:  # an island, or a lake: cut at two points every neighbour would choose as well
        first = ring.index(min(ring))
        turned = ring[first:] + ring[:first]
        x0, y0 = turned[0]
        across = max(
            range(1, len(turned)), key=lambda i: ((turned[i][0] - x0) ** 2 + (turned[i][1] - y0) ** 2, turned[i])
        )
        starts = sorted({first, (first + across) % len(ring), *starts})
    line: list[Point] = []
    for index, start in enumerate(starts):
        end = starts[(index + 1) % len(starts)]
        piece = ring[start : end + 1] if start < end else ring[start:] + ring[: end + 1]
        line += _thin_piece(piece, tolerance)[:-1]
    return tidy(line, hole=doubled_area(ring) < 0)


def join(parts: Iterable[Sequence[Ring]]) -> list[Ring]:
    """The common outline of neighbouring regions: a border that two of them run along, one each way, disappears.

    Every edge that stays is left by as many edges as it is reached by, so that they always close into rings.
    """
    edges: Counter[tuple[Point, Point]] = Counter()
    for rings in parts:
        for ring in rings:
            edges.update(zip(ring, [*ring[1:], ring[0]], strict=True))
    leaving: dict[Point, list[Point]] = defaultdict(list)
    for (one, other), count in sorted(edges.items()):
        leaving[one] += [other] * max(0, count - edges.get((other, one), 0))
    joined: list[Ring] = []
    for start in sorted(leaving):
        while leaving[start]:
            line = [start]
            while leaving[line[-1]]:
                line.append(leaving[line[-1]].pop())
                if line[-1] == start and len(line) > 2:
                    break
            made = tidy(line, hole=doubled_area(line) < 0)
            if made is not None:
                joined.append(made)
    return joined


def without_specks(rings: Sequence[Ring], smallest: int) -> list[Ring]:
    """Drops rings whose box is smaller than `smallest` units both ways; the largest one always stays."""
    largest = max(rings, key=lambda ring: abs(doubled_area(ring)))
    return [ring for ring in rings if ring is largest or max(_extent(ring)) >= smallest]


def _extent(ring: Ring) -> tuple[int, int]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(xs) - min(xs), max(ys) - min(ys)


def outline(code: str, rings: Sequence[Ring], *, derived: bool = False) -> Outline:
    """The rings as they are stored."""
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    flat = [[value for point in ring for value in point] for ring in rings]
    return Outline(code, flat, (min(xs), min(ys), max(xs), max(ys)), derived)


def rings_of(flat: Sequence[Sequence[int]]) -> list[Ring]:
    """Stored rings as points."""
    return [list(zip(ring[::2], ring[1::2], strict=True)) for ring in flat]


def path_d(flat: Iterable[Sequence[int]], *, left: int, top: int, scale: float) -> str:
    """Stored rings as SVG path data in whole numbers, moved to (0, 0) and scaled; rings that vanish are left out."""
    pieces: list[str] = []
    for ring in flat:
        points: Ring = []
        for x, y in zip(ring[::2], ring[1::2], strict=True):
            point = (round((x - left) * scale), round((y - top) * scale))
            if not points or point != points[-1]:
                points.append(point)
        while len(points) > 1 and points[0] == points[-1]:
            points.pop()
        if len(points) < 3:
            continue
        corners = " ".join(f"{x} {y}" for x, y in points[1:])
        pieces.append(f"M{points[0][0]} {points[0][1]}L{corners}Z")
    return "".join(pieces)
