"""What a picture of a system is made of: bodies and relations going in, boxes and lines coming out.

Lengths are units of the drawing: 1,120 across, four to the millimetre on an A4 page held sideways. Nothing here knows
who a person is; a pair of bodies that share people carries only how many.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 1120


@dataclass(frozen=True, slots=True)
class Node:
    """A body, or several folded into one box. layer 0 is the highest; group keeps neighbours (the same town or area) side
    by side. area: the page it stands on when the picture is split; "" stands above all areas. folded: how many bodies."""

    id: str
    name: str
    layer: int
    group: str = ""
    note: str = ""
    area: str = ""
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """source → target. kind: a RelationKind value, or "people" (no direction). times: how many relations it stands for."""

    source: str
    target: str
    kind: str
    label: str = ""
    times: int = 1


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
    """points run from the source to the target. joined: one end lies on another line of the same kind to (or from) the
    same body, and not at the body itself; so that what is dashed is drawn once and stays dashed."""

    edge: Edge
    points: tuple[tuple[int, int], ...]
    joined: bool = False
    hub: str = ""
    """The end many lines of this kind come to; where `joined`, the line stops before it."""


@dataclass(frozen=True, slots=True)
class Layout:
    width: int
    height: int
    letter: int
    """Size of a letter in units."""
    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
