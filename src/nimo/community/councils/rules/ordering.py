"""In which order the bodies of a layer stand, so that few lines cross."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from nimo.community.councils.rules.shapes import Edge, Node

SWEEPS = 6

Rank = tuple[int, int]
"""Layer, and how deep within it."""


def crossings(upper: Sequence[str], lower: Sequence[str], pairs: Sequence[tuple[str, str]]) -> int:
    """How many of these (upper, lower) pairs cross when both rows stand in this order.

    Inversions of the lower ends in the order of the upper ones, counted in a binary indexed tree: O(E log V).
    Barth, Jünger & Mutzel, Simple and Efficient Bilayer Cross Counting (2002).
    """
    above = {one: place for place, one in enumerate(upper)}
    below = {one: place for place, one in enumerate(lower)}
    ends = sorted((above[one], below[other]) for one, other in pairs if one in above and other in below)
    return _inversions(ends, len(lower))


def _inversions(ends: Sequence[tuple[int, int]], size: int) -> int:
    """Pairs of ends of which the first stands further left above and further right below. ends: sorted."""
    tree = [0] * (size + 1)
    found = 0
    seen = 0
    for _, group in groupby(ends, key=lambda end: end[0]):
        places = [place for _, place in group]
        for place in places:  # ends of one body above do not cross each other: count all, then remember all
            at, left = place + 1, 0
            while at:
                left += tree[at]
                at &= at - 1
            found += seen - left
        for place in places:
            at = place + 1
            while at <= size:
                tree[at] += 1
                at += at & -at
        seen += len(places)
    return found


def ranked(
    nodes: Sequence[Node], edges: Sequence[Edge], upward: Collection[str], downward: Collection[str]
) -> dict[str, Rank]:
    """Where each body stands: its layer, and under how many others of that layer it stands (a chain of reports).

    upward: kinds whose source stands under the target; downward: kinds whose target stands under the source.
    """
    layer = {node.id: node.layer for node in nodes}
    above: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.kind not in upward and edge.kind not in downward:
            continue
        low, high = (edge.source, edge.target) if edge.kind in upward else (edge.target, edge.source)
        if low != high and low in layer and layer.get(high) == layer[low]:
            above[low].append(high)
    depth: dict[str, int] = {}

    def deep(one: str, path: frozenset[str]) -> int:
        if one not in depth:
            over = [high for high in sorted(set(above[one])) if high not in path]  # a circle has no top: it is cut
            depth[one] = 1 + max((deep(high, path | {high}) for high in over), default=-1)
        return depth[one]

    ranks = {one: (layer[one], deep(one, frozenset({one}))) for one in sorted(layer)}
    chained = {one for low, over in above.items() if over for one in (low, *over)}
    for edge in edges:  # what is only linked to one of a chain stands beside it
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if one in layer and one not in chained and other in chained and layer[one] == layer[other]:
                ranks[one] = ranks[other]
    return ranks


def ordered(nodes: Sequence[Node], edges: Sequence[Edge], rank_of: Mapping[str, Rank]) -> dict[Rank, list[str]]:
    """The bodies of each rank in an order with few crossings: each goes towards the middle of what it is tied to, and the
    best of all orders tried is kept, so it is never worse than the order by place and name."""
    by_id = {node.id: node for node in nodes}
    rows: dict[Rank, list[str]] = {rank: [] for rank in sorted(set(rank_of.values()))}
    for node in sorted(nodes, key=lambda one: (one.group, one.name, one.id)):
        rows[rank_of[node.id]].append(node.id)
    ties: dict[str, list[str]] = defaultdict(list)
    between: dict[tuple[Rank, Rank], list[tuple[str, str]]] = defaultdict(list)
    for edge in edges:
        if edge.source not in by_id or edge.target not in by_id or edge.source == edge.target:
            continue
        ties[edge.source].append(edge.target)
        ties[edge.target].append(edge.source)
        high, low = sorted((edge.source, edge.target), key=lambda one: rank_of[one])
        if rank_of[high] != rank_of[low]:
            between[rank_of[high], rank_of[low]].append((high, low))

    def cost(of: Mapping[Rank, Sequence[str]]) -> int:
        return sum(crossings(of[high], of[low], pairs) for (high, low), pairs in between.items())

    best, lowest = {layer: list(row) for layer, row in rows.items()}, cost(rows)
    still = 0
    for sweep in range(SWEEPS):
        if not lowest or still > 1:  # nothing crosses, or neither a way down nor a way up moves anything any more
            break
        before = {layer: list(row) for layer, row in rows.items()}
        for layer in rows if sweep % 2 == 0 else reversed(rows):
            share = {one: (place + 0.5) / len(row) for row in rows.values() for place, one in enumerate(row)}
            middle = {
                one: (sum(share[other] for other in ties[one]) / len(ties[one])) if ties[one] else share[one]
                for one in rows[layer]
            }
            rows[layer].sort(key=lambda one: (middle[one], by_id[one].group, by_id[one].name, one))
        still = still + 1 if rows == before else 0
        now = cost(rows)
        if now < lowest:
            best, lowest = {layer: list(row) for layer, row in rows.items()}, now
    return best
