from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.councils.rules.diagram import lay_out, points_printed, width_of, wrapped
from nimo.community.councils.rules.ordering import crossings, ordered, ranked
from nimo.community.councils.rules.shapes import WIDTH, Edge, Node

KINDS = ("report", "subcommittee", "backup", "linked", "informal", "people")


def _system(number):
    nodes = [Node("p0", "県の協議の場", 0)]
    areas = max(1, number // 12)
    nodes += [Node(f"a{one}", f"第{one}圏域の協議の場", 2, f"a{one}") for one in range(areas)]
    nodes += [Node(f"m{one}", f"第{one}町の協議会と部会", 3, f"m{one:03}") for one in range(number - 1 - areas)]
    edges = [Edge(f"a{one}", "p0", "report") for one in range(areas)]
    edges += [Edge(f"m{one}", f"a{one * 7 % areas}", "report") for one in range(number - 1 - areas)]
    return nodes, edges


@st.composite
def systems(draw):
    """Any system of up to 24 bodies: layers, ties of every kind in every direction, circles too."""
    number = draw(st.integers(1, 24))
    nodes = [Node(f"n{one}", f"会議体 {one}", draw(st.integers(0, 4)), f"{one % 3}") for one in range(number)]
    place = st.integers(0, number - 1)
    ties = draw(st.lists(st.tuples(place, place, st.sampled_from(KINDS)), max_size=40, unique=True))
    return nodes, [Edge(f"n{one}", f"n{other}", kind) for one, other, kind in ties]


def _naive(upper, lower, pairs):
    """Pair by pair, as the sentence says it."""
    ends = [(upper.index(one), lower.index(other)) for one, other in pairs]
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0 for place, one in enumerate(ends) for other in ends[place + 1 :]
    )


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=60))
def test_the_fast_count_of_crossings_is_the_count_over_all_pairs(ends):
    upper, lower = [f"u{one}" for one in range(10)], [f"l{one}" for one in range(10)]
    pairs = [(f"u{one}", f"l{other}") for one, other in ends]
    assert crossings(upper, lower, pairs) == _naive(upper, lower, pairs)


def test_ends_that_stand_in_neither_row_cross_nothing():
    assert crossings(["a", "b"], ["c", "d"], [("a", "d"), ("b", "c"), ("x", "c"), ("b", "y")]) == 1


@pytest.mark.parametrize("number", [2, 10, 40, 150])
def test_boxes_never_overlap_and_stay_on_the_page(number):
    layout = lay_out(*_system(number))
    assert len(layout.boxes) == number
    for box in layout.boxes:
        assert 0 <= box.x <= WIDTH - box.width
        assert 0 <= box.y <= layout.height - box.height
    for place, one in enumerate(layout.boxes):
        for other in layout.boxes[place + 1 :]:
            apart = (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart, (one, other)


def _runs_through(box, piece):
    (x1, y1), (x2, y2) = piece
    return max(min(x1, x2), box.x + 1) <= min(max(x1, x2), box.x + box.width - 1) and max(
        min(y1, y2), box.y + 1
    ) <= min(max(y1, y2), box.y + box.height - 1)


def _on_edge(point, box):
    return box.x <= point[0] <= box.x + box.width and point[1] in (box.y, box.y + box.height)


def _check_lines(layout):
    boxes = {box.node.id: box for box in layout.boxes}
    for line in layout.lines:
        source, target = boxes[line.edge.source], boxes[line.edge.target]
        ends = [_on_edge(line.points[0], source), _on_edge(line.points[-1], target)]
        assert sum(ends) == (1 if line.joined else 2), line
        for piece in pairwise(line.points):
            assert piece[0][0] == piece[1][0] or piece[0][1] == piece[1][1]
            assert not any(_runs_through(box, piece) for box in boxes.values()), line


@pytest.mark.parametrize("number", [10, 40, 150])
def test_lines_begin_and_end_at_their_boxes_and_run_through_no_other(number):
    layout = lay_out(*_system(number))
    assert len(layout.lines) == number - 1
    _check_lines(layout)


@settings(max_examples=50, deadline=None)
@given(systems())
def test_in_any_system_every_tie_is_drawn_along_the_gaps(system):
    nodes, edges = system
    layout = lay_out(nodes, edges)
    assert len(layout.lines) == sum(edge.source != edge.target for edge in edges)
    assert layout == lay_out(nodes, edges)
    _check_lines(layout)


@settings(max_examples=50, deadline=None)
@given(systems())
def test_lines_of_different_ties_share_no_stretch_across(system):
    layout = lay_out(*system)
    across = []
    for line in layout.lines:
        edge = line.edge
        across += [
            ((line.hub, edge.kind, line.hub == edge.target), one[1], min(one[0], other[0]), max(one[0], other[0]))
            for one, other in pairwise(line.points)
            if one[1] == other[1]
        ]
    for place, one in enumerate(across):
        for other in across[place + 1 :]:
            assert one[0] == other[0] or one[1] != other[1] or one[3] < other[2] or other[3] < one[2], (one, other)


def test_a_line_that_meets_its_like_ends_there_so_that_dashes_are_drawn_once():
    nodes = [Node("top", "県", 0), *(Node(f"m{one}", f"町{one}", 1) for one in range(3))]
    layout = lay_out(nodes, [Edge("top", f"m{one}", "backup") for one in range(3)])
    assert [line.joined for line in layout.lines] == [False, True, True]
    pieces = [tuple(sorted(piece)) for line in layout.lines for piece in pairwise(line.points)]
    assert len(pieces) == len(set(pieces))


def test_many_ties_to_one_body_below_join_too():
    nodes = [*(Node(f"m{one}", f"保健所{one}", 0) for one in range(5)), Node("hub", "圏域", 1)]
    layout = lay_out(nodes, [Edge(f"m{one}", "hub", "linked") for one in range(5)])
    assert [line.joined for line in layout.lines] == [False, True, True, True, True]
    assert {line.hub for line in layout.lines} == {"hub"}


def test_who_reports_within_a_layer_stands_below():
    nodes = [Node(one, one, 1) for one in ("代表者", "実務者", "コア", "勉強会")]
    edges = [Edge("コア", "実務者", "report"), Edge("実務者", "代表者", "report"), Edge("コア", "勉強会", "informal")]
    boxes = {box.node.id: box.y for box in lay_out(nodes, edges).boxes}
    assert boxes["代表者"] < boxes["実務者"] < boxes["コア"] == boxes["勉強会"]


def test_a_circle_of_reports_is_drawn_and_not_followed_for_ever():
    nodes = [Node(one, one, 1) for one in "abc"]
    edges = [Edge("a", "b", "report"), Edge("b", "c", "report"), Edge("c", "a", "report")]
    assert len(lay_out(nodes, edges).lines) == 3


def test_forty_bodies_are_printed_in_letters_of_six_points_and_more():
    assert points_printed(lay_out(*_system(40))) >= 6


def test_bodies_that_are_tied_stand_below_each_other():
    nodes = [Node("x", "あ", 0), Node("y", "い", 0), Node("a", "う", 1), Node("b", "え", 1)]
    edges = [Edge("a", "y", "report"), Edge("b", "x", "report")]
    rows = ordered(nodes, edges, ranked(nodes, edges, ["report"], []))
    assert crossings(rows[0, 0], rows[1, 0], [("y", "a"), ("x", "b")]) == 0


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_the_order_is_never_worse_than_by_name(pairs):
    nodes = [Node(f"u{one}", f"{one}", 0) for one in range(8)] + [Node(f"l{one}", f"{one}", 1) for one in range(8)]
    edges = [Edge(f"l{low}", f"u{high}", "report") for high, low in pairs]
    rows = ordered(nodes, edges, ranked(nodes, edges, ["report"], []))
    named = [(f"u{high}", f"l{low}") for high, low in pairs]
    plain = crossings([f"u{one}" for one in range(8)], [f"l{one}" for one in range(8)], named)
    assert crossings(rows[0, 0], rows[1, 0], named) <= plain


@given(st.text(alphabet="あ亜Aa1（）ー 。", max_size=60), st.integers(3, 12))
def test_text_is_wrapped_without_losing_letters_or_running_over(text, letters):
    lines = wrapped(text, letters, 99)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= letters * 2 for line in lines)


def test_a_name_is_broken_at_its_space_and_leaves_no_letter_alone():
    assert wrapped("架空市 精神保健福祉代表者会議", 10, 3) == ("架空市", "精神保健福祉", "代表者会議")
    assert wrapped("コアメンバーミーティング", 5, 3) == ("コアメン", "バーミー", "ティング")


def test_a_name_that_is_too_long_says_so():
    assert wrapped("精神障害にも対応した地域包括ケアシステム構築推進協議会", 6, 2)[-1].endswith("…")
