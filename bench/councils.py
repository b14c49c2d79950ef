"""Laying out a prefecture's 150 bodies, against laying out a town's 10: the picture must not wait for its crossings."""

from __future__ import annotations

import time
from dataclasses import replace

from nimo.community.councils.rules.diagram import lay_out, points_printed
from nimo.community.councils.rules.pages import paged
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
    """The shortest of several runs, in seconds of the processor: other work on the machine does not count."""
    nodes, edges = system(number)
    taken = []
    for _ in range(times):
        begun = time.process_time()
        layout = lay_out(nodes, edges)
        taken.append(time.process_time() - begun)
    return min(taken), layout


def _by_areas() -> tuple[float, int, float]:
    """All pages of the same 150 bodies as they are shown: seconds, pages, the smallest letter in points."""
    nodes, edges = system(150)
    area = {edge.source: edge.target for edge in edges if edge.source.startswith("m")}
    placed = [replace(node, area=area.get(node.id, node.id if node.layer == 2 else "")) for node in nodes]
    begun = time.process_time()
    sheets = paged(placed, edges, head_layers=[2], two_way=())
    layouts = [lay_out(sheet.nodes, sheet.edges) for sheet in sheets]
    return time.process_time() - begun, len(sheets), min(points_printed(one) for one in layouts)


def run() -> None:
    small, _ = _timed(10, 30)
    large, layout = _timed(150, 7)
    print(f"  会議体10: {small * 1000:.1f} ms ・ 150: {large * 1000:.1f} ms（{large / small:.0f}倍、会議体は15倍）")
    largest, _ = _timed(600, 3)
    print(f"  会議体600: {largest * 1000:.1f} ms（150の{largest / large:.1f}倍、会議体は4倍）")
    print(f"  150の図: 横{layout.width} × 縦{layout.height}、線{len(layout.lines)}本")
    taken, pages, letter = _by_areas()
    print(f"  全体と圏域の{pages}枚に分けて: {taken / small:.0f}倍、A4横でいちばん小さい字 {letter:.1f} ポイント")
