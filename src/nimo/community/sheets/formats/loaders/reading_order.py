"""The order in which a person reads boxes scattered over a page: bands from above, columns from the left.

Recursive XY-cut (Nagy and Seth 1984): cut where white space runs right across. Where both a horizontal and a
vertical cut are possible, the wider white space wins, because what stands closer belongs together; on a tie,
rows win, as labels stand left of their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Position in points from the page's top-left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


MAX_DEPTH = 60
"""Deeper nesting than any page has; beyond it boxes are taken from above."""


def reading_order(boxes: Sequence[Box], slack: float = 3.0) -> list[int]:
    """Indices of `boxes` in reading order. Boxes may overlap by `slack` points and still be cut apart."""
    return _order(list(range(len(boxes))), boxes, slack, 0)


def _order(members: list[int], boxes: Sequence[Box], slack: float, depth: int) -> list[int]:
    if len(members) < 2:
        return members
    bands, _ = cut([(boxes[i].top, boxes[i].bottom, i) for i in members], slack)
    if len(bands) > 1:
        groups = _side_by_side(bands, boxes, slack)
        if len(groups) == 1:
            groups, _ = _columns(members, boxes, slack)
    else:
        groups, _ = _columns(members, boxes, slack)
    if len(groups) < 2 or depth > MAX_DEPTH:
        return sorted(members, key=lambda i: (round(boxes[i].top / 4), boxes[i].left, i))
    return [i for group in groups for i in _order(group, boxes, slack, depth + 1)]


def _columns(members: list[int], boxes: Sequence[Box], slack: float) -> tuple[list[list[int]], float]:
    return cut([(boxes[i].left, boxes[i].right, i) for i in members], slack)


def _side_by_side(bands: list[list[int]], boxes: Sequence[Box], slack: float) -> list[list[int]]:
    """Bands joined again where columns run through them: the gutter is wider than the space between the bands."""
    groups = [bands[0]]
    for band in bands[1:]:
        gap = min(boxes[i].top for i in band) - max(boxes[i].bottom for i in groups[-1])
        columns, gutter = _columns([*groups[-1], *band], boxes, slack)
        divided = len(_columns(band, boxes, slack)[0]) > 1 and len(_columns(groups[-1], boxes, slack)[0]) > 1
        if divided and len(columns) > 1 and gutter > gap:
            groups[-1] = [*groups[-1], *band]
        else:
            groups.append(band)
    return groups


def cut(intervals: list[tuple[float, float, int]], slack: float) -> tuple[list[list[int]], float]:
    """Groups of intervals with white space between them, in order, and the widest white space."""
    groups: list[list[int]] = []
    end = 0.0
    widest = 0.0
    for start, stop, index in sorted(intervals):
        if groups and start < end - min(slack, (stop - start) / 3):
            groups[-1].append(index)
            end = max(end, stop)
        else:
            if groups:
                widest = max(widest, start - end)
            groups.append([index])
            end = stop if not groups[:-1] else max(end, stop)
    return groups, widest
