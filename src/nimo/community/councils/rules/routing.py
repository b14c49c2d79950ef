"""Ways of lines through the gaps between boxes: across in the channel above a row, up and down in the gutters.

Lines of one kind to (or from) one body, the hub, are a bundle: they share a lane, join, and are drawn once from where
they join. Two bundles never share a stretch: each has a lane of its own wherever they would meet, and a gap grows with its
lanes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nimo.community.councils.rules.shapes import Edge, Line

LANE = 5
ROOM = 11
"""Between a box and the nearest lane: an arrow's head and a little more."""
PORT = 12
TRACK = 4
CLOSE = 3

Bundle = tuple[str, str, bool, bool]
"""The hub, the kind, whether the hub is the target, and whether the lines come to it from below."""
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands: its row of all rows from the top, its left edge and width."""

    row: int
    x: int
    width: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class _Way:
    edge: Edge
    lower: str
    upper: str
    bundle: Bundle


@dataclass(slots=True)
class Plan:
    """What is known before heights are: ways, ports, gutters, and the lane of each bundle in each channel."""

    ways: list[_Way]
    places: Mapping[str, Place]
    top: dict[tuple[str, Bundle], int] = field(default_factory=dict)
    bottom: dict[tuple[str, Bundle], int] = field(default_factory=dict)
    gutter: dict[Bundle, int] = field(default_factory=dict)
    lanes: dict[tuple[int, Bundle], int] = field(default_factory=dict)
    lanes_in: Counter[int] = field(default_factory=Counter)
    """How many lanes the gap above each row holds."""


def planned(edges: Sequence[Edge], places: Mapping[str, Place], gutters: Sequence[int], width: int) -> Plan:
    """gutters: the middles of the free columns between boxes, from left to right; width: of each."""
    drawable = [one for one in edges if one.source in places and one.target in places and one.source != one.target]
    known = Counter((end, one.kind, end == one.target) for one in drawable for end in (one.source, one.target))
    ways = []
    for edge in drawable:
        upper, lower = sorted((edge.source, edge.target), key=lambda one: (places[one].row, places[one].x))
        many = {end: known[end, edge.kind, end == edge.target] for end in (upper, lower)}
        hub = lower if many[lower] > many[upper] else upper
        below = hub == upper and places[upper].row < places[lower].row
        ways.append(_Way(edge, lower, upper, (hub, edge.kind, hub == edge.target, below)))
    plan = Plan(ways, places)
    _ports(plan)
    _gutters(plan, gutters, width)
    _lanes(plan)
    return plan


def _spread(place: Place, number: int) -> list[int]:
    step = min(PORT, (place.width - 12) // max(1, number - 1)) if number > 1 else 0
    return [place.middle + round((one - (number - 1) / 2) * step) for one in range(number)]


def _ports(plan: Plan) -> None:
    """Where lines leave boxes: side by side in the order of where they go, never under another line's port."""
    above: dict[str, dict[Bundle, list[int]]] = defaultdict(lambda: defaultdict(list))
    below: dict[str, dict[Bundle, list[int]]] = defaultdict(lambda: defaultdict(list))
    for way in plan.ways:
        lower, upper = plan.places[way.lower], plan.places[way.upper]
        above[way.lower][way.bundle].append(upper.middle)
        (above if lower.row == upper.row else below)[way.upper][way.bundle].append(lower.middle)
    for box, ends in above.items():
        far = sorted(ends, key=lambda one: (sum(ends[one]) / len(ends[one]), one))
        plan.top |= {(box, one): x for one, x in zip(far, _spread(plan.places[box], len(far)), strict=True)}
    taken: dict[int, set[int]] = defaultdict(set)
    own: dict[tuple[Bundle, int], set[int]] = defaultdict(set)
    for (box, one), x in plan.top.items():
        taken[plan.places[box].row].add(x)
        own[one, plan.places[box].row].add(x)
    for box, ends in below.items():
        place = plan.places[box]
        far = sorted(ends, key=lambda one: (sum(ends[one]) / len(ends[one]), one))
        for one, x in zip(far, _spread(place, len(far)), strict=True):
            foreign = taken[place.row + 1] - own[one, place.row + 1]  # straight up from a port of its own it may go
            foreign |= {plan.bottom[box, other] for other in ends if (box, other) in plan.bottom}
            plan.bottom[box, one] = _free(x, place, foreign)
    for (box, one), x in plan.top.items():
        over = plan.bottom.get((one[0], one), x)
        if one[3] and len(above[box]) == 1 and plan.places[one[0]].row == plan.places[box].row - 1:
            place = plan.places[box]  # its only line: no bend where it can go straight
            plan.top[box, one] = over if abs(over - place.middle) < place.width // 2 - 4 else x


def _free(x: int, place: Place, foreign: set[int]) -> int:
    """The nearest place on the box's edge that keeps apart from these."""
    for shift in range(0, place.width // 2 - 4):
        for found in (x + shift, x - shift):
            if all(abs(found - other) > CLOSE for other in foreign):
                return found
    return x


def _gutters(plan: Plan, gutters: Sequence[int], width: int) -> None:
    """A bundle that passes rows goes along one gutter near its hub, on a track nobody else uses between the same rows."""
    spans: dict[Bundle, tuple[int, int]] = {}
    pull: dict[Bundle, list[int]] = defaultdict(list)
    for way in plan.ways:
        high, low = plan.places[way.upper].row, plan.places[way.lower].row
        if low - high > 1:
            first, last = spans.get(way.bundle, (high + 1, low))
            spans[way.bundle] = (min(first, high + 1), max(last, low))
            far = way.lower if way.bundle[0] == way.upper else way.upper
            pull[way.bundle].append(plan.places[far].middle)
    tracks = max(1, (width - 6) // TRACK)
    used: dict[int, set[int]] = defaultdict(set)
    for bundle, (first, last) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        hub = plan.places[bundle[0]].middle
        wanted = sum(pull[bundle]) / len(pull[bundle])
        near = sorted(gutters, key=lambda x: (abs(x - hub) + abs(x - wanted) / 4, x))
        rows = range(first, last + 1)  # the channels it turns in count too: there another one's turn would meet it
        ways = [gutter + _aside(track) for gutter in near for track in range(tracks)]
        x = next((one for one in ways if not any(one in used[row] for row in rows)), ways[0])
        plan.gutter[bundle] = x
        for row in rows:
            used[row].add(x)


def _aside(track: int) -> int:
    """0, 4, -4, 8, -8, …"""
    return (track + 1) // 2 * TRACK * (1 if track % 2 else -1)


def _lanes(plan: Plan) -> None:
    """In each channel every bundle gets the lowest lane in which nobody stands in its way."""
    spans: dict[int, dict[Bundle, tuple[int, int]]] = defaultdict(dict)

    def reach(channel: int, bundle: Bundle, *xs: int) -> None:
        left, right = spans[channel].get(bundle, (min(xs), max(xs)))
        spans[channel][bundle] = (min(left, *xs), max(right, *xs))

    for way in plan.ways:
        high, low = plan.places[way.upper].row, plan.places[way.lower].row
        begin = plan.top[way.lower, way.bundle]
        end = plan.top[way.upper, way.bundle] if high == low else plan.bottom[way.upper, way.bundle]
        if low - high <= 1:
            reach(low, way.bundle, begin, end)
        else:
            reach(low, way.bundle, begin, plan.gutter[way.bundle])
            reach(high + 1, way.bundle, plan.gutter[way.bundle], end)
    for channel, found in spans.items():
        lanes: list[list[tuple[int, int]]] = []
        for bundle, (left, right) in sorted(found.items(), key=lambda item: (item[1][0] - item[1][1], item)):
            if left == right:  # straight up: it needs no lane
                plan.lanes[channel, bundle] = 0
                continue
            free = (
                place
                for place, lane in enumerate(lanes)
                if all(right + CLOSE < other[0] or other[1] + CLOSE < left for other in lane)
            )
            lane = next(free, len(lanes))
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append((left, right))
            plan.lanes[channel, bundle] = lane
        plan.lanes_in[channel] = max(1, len(lanes))


def drawn(plan: Plan, tops: Sequence[int], bottoms: Sequence[int]) -> list[Line]:
    """Each relation once. tops, bottoms: y of the upper and lower edges of each row's boxes."""
    done: dict[Bundle, list[tuple[Point, Point]]] = defaultdict(list)
    found = []
    for way in plan.ways:
        path = _path(plan, way, tops, bottoms)
        hub = way.bundle[0]
        path, joined = _until(path if hub == way.upper else path[::-1], done[way.bundle])
        _remember(done[way.bundle], path)
        found.append(Line(way.edge, tuple(path if hub == way.edge.target else path[::-1]), joined, hub))
    return found


def _remember(done: list[tuple[Point, Point]], path: Sequence[Point]) -> None:
    """Adds what later lines of the bundle may meet. A stub from a far box ends on its lane and is met there; pieces on
    one lane become one, so that a bundle of many lines is few pieces."""
    pieces = list(pairwise(path))
    for start, stop in pieces[1:] or pieces:
        if start[1] != stop[1]:
            done.append((start, stop))
            continue
        same = [piece for piece in done if piece[0][1] == piece[1][1] == start[1]]
        xs = [point[0] for piece in (*same, (start, stop)) for point in piece]
        done[:] = [piece for piece in done if piece not in same]
        done.append(((min(xs), start[1]), (max(xs), start[1])))


def _path(plan: Plan, way: _Way, tops: Sequence[int], bottoms: Sequence[int]) -> list[Point]:
    """From the top of the lower box to the upper one."""
    high, low = plan.places[way.upper].row, plan.places[way.lower].row
    begin = plan.top[way.lower, way.bundle]

    def lane(channel: int) -> int:
        return tops[channel] - ROOM - plan.lanes[channel, way.bundle] * LANE

    if high == low:
        end = plan.top[way.upper, way.bundle]
        return _straight([(begin, tops[low]), (begin, lane(low)), (end, lane(low)), (end, tops[low])])
    end = plan.bottom[way.upper, way.bundle]
    bottom = (end, bottoms[high])
    if low - high == 1:
        return _straight([(begin, tops[low]), (begin, lane(low)), (end, lane(low)), bottom])
    gutter, near = plan.gutter[way.bundle], high + 1
    return _straight(
        [
            (begin, tops[low]),
            (begin, lane(low)),
            (gutter, lane(low)),
            (gutter, lane(near)),
            (end, lane(near)),
            bottom,
        ]
    )


def _until(path: Sequence[Point], done: Sequence[tuple[Point, Point]]) -> tuple[list[Point], bool]:
    """The path up to the first point that its bundle has drawn already."""
    for place, (start, stop) in enumerate(pairwise(path)):
        met = [point for piece in done if (point := _meeting(start, stop, piece)) is not None]
        if met:
            first = min(met, key=lambda point: abs(point[0] - start[0]) + abs(point[1] - start[1]))
            return _straight([*path[: place + 1], first]), True
    return list(path), False


def _meeting(start: Point, stop: Point, piece: tuple[Point, Point]) -> Point | None:
    """The point nearest to the start that both pieces have; all pieces run across or up and down."""
    (one_x, one_y), (other_x, other_y) = piece
    left = max(min(start[0], stop[0]), min(one_x, other_x))
    right = min(max(start[0], stop[0]), max(one_x, other_x))
    if left > right:
        return None
    upper = max(min(start[1], stop[1]), min(one_y, other_y))
    lower = min(max(start[1], stop[1]), max(one_y, other_y))
    if upper > lower:
        return None
    return min(max(start[0], left), right), min(max(start[1], upper), lower)


def _straight(points: Sequence[Point]) -> list[Point]:
    """Without points that repeat or lie on the way."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
            continue
        kept.append(point)
    return kept
