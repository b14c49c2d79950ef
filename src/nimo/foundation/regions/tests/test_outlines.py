"""Geometry: neighbours keep a common border, parts join without a seam, nothing vanishes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.regions.formats.layouts import far_away, national, regional
from nimo.foundation.regions.formats.outlines import (
    doubled_area,
    join,
    outline,
    path_d,
    project,
    rings_of,
    thin,
    tidy,
    without_specks,
)


def block(column: int, row: int, size: int = 100) -> list[tuple[int, int]]:
    """A square of the plane with a point in the middle of each side, clockwise on screen."""
    x, y, half = column * size, row * size, size // 2
    corners = [(x, y), (x + half, y), (x + size, y), (x + size, y + half), (x + size, y + size)]
    return [*corners, (x + half, y + size), (x, y + size), (x, y + half)]


cells = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=20)


@given(cells)
def test_joining_keeps_the_area(found):
    joined = join([[block(*cell)] for cell in sorted(found)])
    assert sum(map(doubled_area, joined)) == len(found) * 2 * 100 * 100


@given(cells)
def test_joining_leaves_only_the_outer_borders(found):
    joined = join([[block(*cell)] for cell in sorted(found)])
    edges = [frozenset(pair) for ring in joined for pair in zip(ring, [*ring[1:], ring[0]], strict=True)]
    assert len(edges) == len(set(edges)), "an edge that two cells share would be there twice"


def test_joining_a_ring_of_cells_leaves_a_hole():
    around = [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    joined = join([[block(*cell)] for cell in around])
    assert sorted(doubled_area(ring) > 0 for ring in joined) == [False, True]


def test_joining_fills_the_hole_of_an_enclave():
    outer = [(0, 0), (300, 0), (300, 300), (0, 300)]
    inner = block(1, 1)
    hole = tidy(inner, hole=True)
    assert join([[outer, hole], [inner]]) == [tidy(outer, hole=False)]


jagged = st.lists(st.integers(-40, 40), min_size=4, max_size=30)


@given(jagged, st.integers(1, 60))
def test_thinning_keeps_the_common_border_of_neighbours(wiggle, tolerance):
    border = [(wiggle[i], i * 20) for i in range(len(wiggle))]
    height = border[-1][1]
    left = [(-500, 0), *border, (-500, height)]
    right = [(500, height), *reversed(border), (500, 0)]
    rings = {"1": [tidy(left, hole=False)], "2": [tidy(right, hole=False)]}
    thinned = thin(rings, tolerance)
    whole = join([thinned["1"], thinned["2"]])
    assert sum(map(doubled_area, whole)) == sum(doubled_area(r) for rs in thinned.values() for r in rs)
    if height >= 2 * tolerance:  # a strip as thin as the tolerance may lose a corner, and should
        assert {point for ring in whole for point in ring} >= {(-500, 0), (500, height)}
    seam = {p for p in thinned["1"][0] if p in border} ^ {p for p in thinned["2"][0] if p in border}
    assert seam == set()


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=3, max_size=30))
def test_thinning_never_makes_a_region_vanish(points):
    ring = tidy(points, hole=False)
    if ring is not None:
        assert thin({"1": [ring]}, 5000)["1"]


def test_thinning_drops_what_no_eye_can_see():
    straight = [(0, 0), *((x, 3) for x in range(10, 1000, 10)), (1000, 0), (1000, 500), (0, 500)]
    assert len(thin({"1": [straight]}, 10)["1"][0]) == 4


def test_specks_go_but_the_largest_ring_stays():
    small, smaller = block(0, 0, 10), block(50, 50, 4)
    assert without_specks([small, smaller], 100) == [small]


def test_a_line_is_no_ring():
    assert tidy([(0, 0), (5, 5), (10, 10)], hole=False) is None
    assert tidy([(0, 0), (0, 0), (5, 5)], hole=False) is None


def test_stored_rings_come_back():
    ring = block(2, 3)
    stored = outline("10205", [ring])
    assert rings_of(stored.rings) == [ring]
    assert stored.box == (200, 300, 300, 400)


def test_projection_keeps_angles_and_turns_north_up():
    west, east = project(139, 36, 1), project(140, 36, 1)
    south, north = project(139, 35.5, 1), project(139, 36.5, 1)
    assert east[0] - west[0] == 10_000
    assert north[1] < south[1], "y grows southwards on a screen"
    assert abs((south[1] - north[1]) / (east[0] - west[0]) - 1 / 0.809) < 0.01, "a degree north is 1 / cos(36°) longer"


def test_paths_are_whole_absolute_and_closed():
    path = path_d([[0, 0, 100, 0, 100, 100]], left=0, top=0, scale=0.5)
    assert path == "M0 0L50 0 50 50Z"
    assert path_d([[0, 0, 1, 0, 1, 1]], left=0, top=0, scale=0.1) == "", "too small to draw"


class TestLayouts:
    def square(self, x: int, y: int, size: int = 100) -> list[list[int]]:
        return [[value for point in block(0, 0, size) for value in (point[0] + x, point[1] + y)]]

    def test_leaves_out_what_lies_far_out_at_sea(self):
        near = {str(n): self.square(n * 100, 0) for n in range(9)}
        picture = regional({**near, "far": self.square(90_000, 90_000)})
        assert "far" not in picture.paths
        assert picture.view_box == "0 0 1000 111"

    def test_keeps_everything_where_nothing_is_far(self):
        assert far_away({str(n): (n * 100, (n % 3) * 100) for n in range(10)}) == frozenset()

    def test_moves_okinawa_into_the_corner_and_says_so(self):
        rings = {
            "13000": [*self.square(0, 0), *self.square(50_000, 90_000, 10)],
            "01000": self.square(1000, -2000),
            "47000": self.square(-9000, 5000),
        }
        picture = national(rings)
        assert "沖縄県は左上" in picture.note
        assert "描いていません" in picture.note
        numbers = [int(n) for path in picture.paths.values() for n in re.findall(r"-?\d+", path)]
        assert min(numbers) >= 0
        assert max(numbers) <= int(picture.view_box.split()[3])
