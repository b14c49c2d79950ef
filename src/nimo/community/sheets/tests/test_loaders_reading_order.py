"""The order in which boxes on a page are read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.formats.loaders.reading_order import Box, reading_order

NUMBERS = st.floats(min_value=-500, max_value=1500, allow_nan=False)
BOXES = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    NUMBERS,
    NUMBERS,
    st.floats(min_value=0, max_value=800),
    st.floats(min_value=0, max_value=800),
)


@given(st.lists(BOXES, max_size=40))
def test_every_box_is_read_exactly_once(boxes: list[Box]) -> None:
    assert sorted(reading_order(boxes)) == list(range(len(boxes)))


@given(st.permutations(range(8)))
def test_a_single_column_is_read_from_above(order: list[int]) -> None:
    boxes = [Box(50, 100 * row, 500, 100 * row + 80) for row in order]
    assert [order[i] for i in reading_order(boxes)] == list(range(8))


@given(st.permutations(range(6)))
def test_two_far_columns_are_read_one_after_the_other(order: list[int]) -> None:
    places = [(column, row) for column in range(2) for row in range(3)]
    boxes = [Box(400 * c, 30 * r, 400 * c + 300, 30 * r + 25) for c, r in (places[i] for i in order)]
    assert [order[i] for i in reading_order(boxes)] == list(range(6))


@given(st.permutations(range(6)))
def test_rows_set_far_apart_are_read_row_by_row(order: list[int]) -> None:
    places = [(column, row) for row in range(3) for column in range(2)]
    boxes = [Box(110 * c, 100 * r, 110 * c + 100, 100 * r + 40) for c, r in (places[i] for i in order)]
    assert [order[i] for i in reading_order(boxes)] == list(range(6))


def test_a_heading_over_columns_and_a_note_below_stay_where_they_are() -> None:
    boxes = [
        Box(0, 300, 600, 320),
        Box(320, 100, 600, 200),
        Box(0, 100, 280, 140),
        Box(0, 145, 280, 200),
        Box(0, 0, 600, 40),
    ]
    assert reading_order(boxes) == [4, 2, 3, 1, 0]


def test_many_boxes_take_no_long_time() -> None:
    boxes = [Box(13 * (n % 90), 9 * (n // 90), 13 * (n % 90) + 40, 9 * (n // 90) + 30) for n in range(4000)]
    assert len(reading_order(boxes)) == 4000
