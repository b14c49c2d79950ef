"""Laying out a prefecture's 150 bodies, against laying out a town's 10: the picture must not wait for its crossings."""

from __future__ import annotations

import time

from nimo.community.councils.rules.diagram import lay_out
from nimo.community.councils.rules.shapes import Edge, Layout, Node


def system(number: int) -> tuple[list[Node], list[Edge]]:
    """One body at the top, an area for every twelve, the rest towns that report to an area out of order."""
    areas = max(1, number // 12)
    nodes = [Node("top", "県の協議の場", 0)]
    nodes += [Node(f"a{one}", f"第{one}圏域の協議の場", 2, f"a{one}") for one in range(areas)]
    towns = range(number - 1 - areas)
    nodes += [Node(f"m{one}", f"第{one}町の協議会", 3, f"m{one:03}") for one in towns]
    edges = [Edge(f"a{one}", "top", "report") for one in range(areas)]
    edges += [Edge(f"m{one}", f"a{one * 7 % areas}", "report") for one in towns]
    return nodes, edges


def _timed(number: int, times: int) -> tuple[float, Layout]:
    nodes, edges = system(number)
    begun = time.perf_counter()
    for _ in range(times):
        layout = lay_out(nodes, edges)
    return (time.perf_counter() - begun) / times, layout


def run() -> None:
    small, _ = _timed(10, 20)
    large, layout = _timed(150, 3)
    print(f"  会議体10: {small * 1000:.1f} ms ・ 150: {large * 1000:.1f} ms（{large / small:.0f}倍、会議体は15倍）")
    print(f"  150の図: 横{layout.width} × 縦{layout.height}、線{len(layout.lines)}本")
