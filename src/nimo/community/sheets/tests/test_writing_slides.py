"""Slides on which nothing runs out or lies over another, with real tables and merged cells."""

from __future__ import annotations

import io

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pptx import Presentation

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.layouts.files import form_of
from nimo.community.sheets.formats.writing.compose import compose
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.formats.writing.flow import Typesetter, cut, group_room, joined, split
from nimo.community.sheets.formats.writing.page import Cell, Group
from nimo.community.sheets.formats.writing.paging import BODY, BOTTOM, CONTENT, PlacedGrid, slides_of
from nimo.community.sheets.tests.writing_contents import AT, city, prefecture

CONTINUED = "（前の頁から続く）"


def long_city() -> dict:
    content = city()
    content["strengths"] = "一つの段落。" * 900
    content["challenges"][1]["roles"]["welfare"] = "\n".join(f"{number}行目の役割" for number in range(200))
    content["councils"][0]["members"] = [f"構成員{number}" for number in range(120)]
    return content


def laid_out(content: dict):
    return slides_of(compose(content, form_of(content["layout"], content["fiscal_year"], of_prefecture=False)))


@pytest.mark.parametrize("content", [city(), prefecture(), long_city()], ids=["city", "prefecture", "long"])
def test_every_part_stands_below_the_last_and_above_the_foot(content):
    for slide in laid_out(content):
        bottom = 0.0
        for part in slide.parts:
            assert part.top >= bottom - 0.01
            bottom = part.top + part.height
            assert bottom <= BOTTOM + 0.01


@pytest.mark.parametrize("content", [city(), long_city()], ids=["city", "long"])
def test_every_row_has_room_for_its_text(content):
    for slide in laid_out(content):
        for part in slide.parts:
            if isinstance(part, PlacedGrid):
                needed = part.head_height + sum(group_room(group, part.widths, BODY) for group in part.grid.groups)
                assert needed <= part.height + 0.01


def test_the_file_has_real_tables_with_merged_cells_on_a4_landscape():
    deck = Presentation(io.BytesIO(write_sheet(city(), ExportFormat.PPTX, at=AT).content))
    assert (deck.slide_width, deck.slide_height) == (9_906_000, 6_858_000)
    tables = {shape.name: shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table}
    challenges = tables["表 challenges"]
    head = challenges.cell(0, 2)
    assert head.is_merge_origin
    assert head.span_width == 2
    first = challenges.cell(1, 0)
    assert first.is_merge_origin
    assert first.span_height == 4
    assert [challenges.cell(row, 2).text for row in range(1, 5)] == ["行政", "医療", "福祉", "その他"]
    for slide in deck.slides:
        assert slide.shapes.title is not None
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_letters_are_in_one_ink_and_one_typeface():
    deck = Presentation(io.BytesIO(write_sheet(city(), ExportFormat.PPTX, at=AT).content))
    runs = [
        run
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert {run.font.name for run in runs} == {"BIZ UDPゴシック"}
    assert {str(run.font.color.rgb) for run in runs} == {"000000"}


# -- cutting -------------------------------------------------------------------------------------------------------------

_MEASURE = Typesetter(size=9.0, line_height=11.0, padding=5.0, margin=8.0)
_texts = st.text(alphabet=st.sampled_from("あいAb1 \n。"), max_size=300).map(lambda text: text.strip("\n"))


@given(_texts, st.integers(min_value=0, max_value=310))
@settings(max_examples=50)
def test_what_is_cut_is_joined_again_without_a_letter_lost(text, at):
    here, there = cut(text, at, CONTINUED)
    assert joined(here, there, CONTINUED) == text
    assert not there or there.startswith(CONTINUED)
    assert not here.endswith("\n") or not there


@given(st.lists(_texts, min_size=2, max_size=5), _texts, st.floats(min_value=30, max_value=200))
@settings(max_examples=50, phases=[Phase.explicit, Phase.generate])
def test_a_row_cut_again_and_again_says_the_same(texts, lead, room):
    widths = (120.0, 60.0, 240.0)
    rest: Group | None = Group(tuple((Cell("欄", role="label"), Cell(text)) for text in texts), (Cell(lead),))
    found_lead, pieces = "", 0
    while rest is not None:
        piece, rest = split(rest, widths, _MEASURE, room, CONTINUED)
        found_lead = joined(found_lead, piece.lead[0].text, CONTINUED) if pieces else piece.lead[0].text
        pieces += 1
        assert pieces < 500
    assert found_lead == lead


@given(_texts, st.floats(min_value=20, max_value=400))
@settings(max_examples=50)
def test_a_line_is_never_wider_than_its_cell(text, width):
    starts = _MEASURE.breaks(text, width)
    assert starts == sorted(starts)
    assert _MEASURE.lines(text, width) == len(starts) >= text.count("\n") + 1


def test_the_tables_are_as_wide_as_the_page():
    for slide in laid_out(city()):
        for part in slide.parts:
            if isinstance(part, PlacedGrid):
                assert abs(sum(part.widths) - CONTENT) < 0.01
