from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.councils.choices.bodies import Field, Layer, RelationKind
from nimo.community.councils.rules.diagram import WIDTH, Edge, Node, crossings, lay_out, ordered, width_of, wrapped
from nimo.community.councils.rules.gaps import BodySketch, gaps


def _system(number):
    nodes = [Node("p0", "県の協議の場", 0)]
    areas = max(1, number // 12)
    nodes += [Node(f"a{one}", f"第{one}圏域の協議の場", 2, f"a{one}") for one in range(areas)]
    nodes += [Node(f"m{one}", f"第{one}町の協議会と部会", 3, f"m{one:03}") for one in range(number - 1 - areas)]
    edges = [Edge(f"a{one}", "p0", "report") for one in range(areas)]
    edges += [Edge(f"m{one}", f"a{one * 7 % areas}", "report") for one in range(number - 1 - areas)]
    return nodes, edges


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


@pytest.mark.parametrize("number", [10, 40, 150])
def test_lines_begin_and_end_at_their_boxes_and_run_through_no_other(number):
    layout = lay_out(*_system(number))
    boxes = {box.node.id: box for box in layout.boxes}
    for line in layout.lines:
        source, target = boxes[line.edge.source], boxes[line.edge.target]
        assert source.x <= line.points[0][0] <= source.x + source.width
        assert target.x <= line.points[-1][0] <= target.x + target.width
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            assert x1 == x2 or y1 == y2
            for box in boxes.values():
                inside_x = max(min(x1, x2), box.x + 1) < min(max(x1, x2), box.x + box.width - 1) or (
                    x1 == x2 and box.x < x1 < box.x + box.width
                )
                inside_y = max(min(y1, y2), box.y + 1) < min(max(y1, y2), box.y + box.height - 1) or (
                    y1 == y2 and box.y < y1 < box.y + box.height
                )
                assert not (inside_x and inside_y), (line, box)


def test_a_prefecture_of_150_bodies_keeps_the_shape_of_a_page_held_sideways():
    layout = lay_out(*_system(150))
    assert layout.height <= WIDTH * 0.75
    assert layout.letter >= 10


def test_bodies_that_are_tied_stand_below_each_other():
    nodes = [Node("x", "あ", 0), Node("y", "い", 0), Node("a", "う", 1), Node("b", "え", 1)]
    edges = [Edge("a", "y", "report"), Edge("b", "x", "report")]
    rows = ordered(nodes, edges)
    assert crossings(rows[0], rows[1], [("y", "a"), ("x", "b")]) == 0


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_the_order_is_never_worse_than_by_name(pairs):
    nodes = [Node(f"u{one}", f"{one}", 0) for one in range(8)] + [Node(f"l{one}", f"{one}", 1) for one in range(8)]
    edges = [Edge(f"l{low}", f"u{high}", "report") for high, low in pairs]
    rows = ordered(nodes, edges)
    named = [(f"u{high}", f"l{low}") for high, low in pairs]
    plain = crossings([f"u{one}" for one in range(8)], [f"l{one}" for one in range(8)], named)
    assert crossings(rows[0], rows[1], named) <= plain


@given(st.text(alphabet="あ亜Aa1（）", max_size=60), st.integers(2, 12))
def test_text_is_wrapped_without_losing_letters_or_running_over(text, letters):
    lines = wrapped(text, letters, 99)
    assert "".join(lines) == text.strip()
    assert all(width_of(line) <= letters * 2 for line in lines)


def test_a_name_that_is_too_long_says_so():
    assert wrapped("精神障害にも対応した地域包括ケアシステム構築推進協議会", 6, 2)[-1].endswith("…")


def _sketch(key, layer=Layer.MUNICIPALITY, *, counts=True, axes=("individual", "system", "base")):
    return BodySketch(key, key, layer, counts, axes)


EVERY_FIELD = dict.fromkeys(Field, 1)


def test_a_body_nobody_reports_to_is_named():
    bodies = [_sketch("県", Layer.PREFECTURE), _sketch("市")]
    assert [one.code for one in gaps(bodies, [], EVERY_FIELD)] == ["unreported", "alone"]
    assert gaps(bodies, [("市", "県", RelationKind.REPORT)], EVERY_FIELD) == []


def test_an_axis_nobody_works_on_is_named():
    found = gaps([_sketch("市", axes=("individual",))], [], EVERY_FIELD)
    assert [one.text for one in found] == [
        "「支援体制の整備」に取り組む会議体がありません。",
        "「地域基盤の整備」に取り組む会議体がありません。",
    ]


def test_a_field_nobody_represents_is_named():
    found = gaps([_sketch("市")], [], EVERY_FIELD | {Field.FIRE: 0})
    assert [one.text for one in found] == ["「消防」の分野を代表する席に、だれも就いていません。"]


def test_what_nobody_recorded_is_unknown_and_not_missing():
    found = gaps([_sketch("市", axes=())], [], None)
    assert [(one.code, one.known) for one in found] == [("axes-unknown", False), ("fields-unknown", False)]
