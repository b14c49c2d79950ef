"""A system too large for one page: a picture of the whole with towns folded, and a picture of each area.

A prefecture's officer asks two things: how the prefecture and its areas hang together, and what lies behind one area. So
the first page keeps what stands above and folds each area's bodies layer by layer; the others show one area in full,
with what it is tied to outside.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nimo.community.councils.rules.shapes import Edge, Node

MOST = 40
"""Bodies of one picture that stay readable on A4 held sideways."""
NOWHERE = "-"
"""The area of what belongs to none."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. area "" is the whole system; part and parts count the pages of one area. inside: the bodies it is about;
    the others in `nodes` stand outside and are drawn because something inside is tied to them."""

    area: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    inside: frozenset[str]
    part: int = 1
    parts: int = 1


def areas_by_ties(heads: Mapping[str, str], upward: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Which area everything belongs to: that of the nearest area body above it (the first by id of several).

    heads: an area's body → its area, "" where nobody registered which: it then follows the area body above it, or is an
    area of its own. upward: (lower, upper) pairs, such as a report.
    """
    pairs = sorted(set(upward))
    under = {lower for lower, upper in pairs if upper in heads and lower != upper}
    found = {one: area or one for one, area in heads.items() if area or one not in under}
    below: dict[str, list[str]] = defaultdict(list)
    for lower, upper in pairs:
        below[upper].append(lower)
    _flow(found, below)
    left = {one: one for one in heads if one not in found}  # only in a circle of reports
    _flow(left, below)
    return left | found


def _flow(found: dict[str, str], below: Mapping[str, Sequence[str]]) -> None:
    """Hands areas down, the nearest first."""
    waiting = deque(sorted(found))
    while waiting:
        upper = waiting.popleft()
        for lower in below.get(upper, ()):
            if lower not in found:
                found[lower] = found[upper]
                waiting.append(lower)


def paged(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    head_layers: Collection[int],
    two_way: Collection[str],
    order: Sequence[str] = (),
    most: int = MOST,
) -> list[Sheet]:
    """One page while everything is readable on it; else the whole with areas folded, then each area in full.

    head_layers: layers of an area's own bodies, kept on the first page as long as there is room. two_way: kinds of
    relations without direction. order: areas in the order of their pages; others follow, and what belongs nowhere is last.
    """
    if len(nodes) <= most:
        return [Sheet("", tuple(nodes), tuple(edges), frozenset(node.id for node in nodes))]
    keep = frozenset(head_layers)
    if sum(not node.area or node.layer in keep for node in nodes) + _folds(nodes, keep) > most * 3 // 2:
        keep = frozenset()
    areas: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.area:
            areas[node.area].append(node)
    alone = len(areas) == 1 and all(node.area for node in nodes)  # one area and nothing above it: its pages say all
    sheets = [] if alone else [_whole(nodes, edges, keep, two_way)]
    place = {area: number for number, area in enumerate(order)}
    for area in sorted(areas, key=lambda one: (one == NOWHERE, place.get(one, len(place)), one)):
        sheets += _area(area, areas[area], nodes, edges, frozenset(head_layers), most)
    return sheets


def _folds(nodes: Sequence[Node], keep: frozenset[int]) -> int:
    return len({(node.area, node.layer) for node in nodes if node.area and node.layer not in keep})


def _whole(nodes: Sequence[Node], edges: Sequence[Edge], keep: frozenset[int], two_way: Collection[str]) -> Sheet:
    stands: dict[str, str] = {}
    folded: dict[str, Node] = {}
    for node in nodes:
        if not node.area or node.layer in keep:
            stands[node.id] = node.id
            folded[node.id] = node
            continue
        key = f"{node.area}/{node.layer}"
        stands[node.id] = key
        known = folded.get(key)
        folded[key] = (
            replace(known, folded=known.folded + 1)
            if known
            else Node(key, node.area, node.layer, node.area, "", node.area, folded=1)
        )
    times: Counter[tuple[str, str, str]] = Counter()
    labels: dict[tuple[str, str, str], str] = {}
    for edge in edges:
        ends = (stands.get(edge.source, ""), stands.get(edge.target, ""))
        if not all(ends) or ends[0] == ends[1]:
            continue
        source, target = sorted(ends) if edge.kind in two_way else ends
        times[source, target, edge.kind] += edge.times
        labels.setdefault((source, target, edge.kind), edge.label)
    drawn = tuple(Edge(*key, labels[key], number) for key, number in times.items())
    return Sheet("", tuple(folded.values()), drawn, frozenset(node.id for node in nodes))


def _area(
    area: str, members: Sequence[Node], nodes: Sequence[Node], edges: Sequence[Edge], heads: frozenset[int], most: int
) -> list[Sheet]:
    """The pages of one area: its own bodies on each, the rest in even parts."""
    top = [node for node in members if node.layer in heads]
    rest = sorted(
        (node for node in members if node.layer not in heads), key=lambda one: (one.layer, one.group, one.name, one.id)
    )
    room = max(1, most * 3 // 4 - len(top))  # a quarter is left for what stands outside
    parts = max(1, -(-len(rest) // room))
    sheets = []
    for part in range(parts):
        own = [*top, *rest[len(rest) * part // parts : len(rest) * (part + 1) // parts]]
        inside = {node.id for node in own}
        tied = [edge for edge in edges if edge.source in inside or edge.target in inside]
        ends = {end for edge in tied for end in (edge.source, edge.target)}
        hidden = {node.id for node in members} - inside  # the other parts of this area have their own pages
        outside = [node for node in nodes if node.id in ends - inside - hidden]
        shown = inside | {node.id for node in outside}
        drawn = tuple(edge for edge in tied if edge.source in shown and edge.target in shown)
        sheets.append(Sheet(area, (*own, *outside), drawn, frozenset(inside), part + 1, parts))
    return sheets
