"""Charts and maps: Japanese as text, gaps as gaps, nothing a strict Content-Security-Policy would stop."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from nimo.foundation.ui.charts import drawing
from nimo.foundation.ui.components.charts import KINDS, Chart, Point, Series, table_of
from nimo.foundation.ui.components.maps import LegendItem, Shape, ShapeMap, Tile, TileMap, label_place
from nimo.foundation.ui.components.vega import LABEL_GAP, LINE_HEIGHT, PALETTE, apart, nice_limit, specification
from nimo.foundation.ui.tests.drawing import drawn, words

YEARS = ("令和4年度", "令和5年度", "令和6年度")


def _chart(kind="line", **changes):
    values = {
        "id": "c",
        "kind": kind,
        "title": "長期入院の人",
        "series": [
            Series("見本圏域", [Point(YEARS[0], 480), Point(YEARS[1], None, "公表なし"), Point(YEARS[2], 412)]),
            Series("例示圏域", [Point(year, value) for year, value in zip(YEARS, (310, 301, 330), strict=True)]),
        ],
        "unit": "人",
        "description": "減っています。",
    }
    return Chart(**{**values, **changes})


def _svg(chart):
    text = drawing.draw(specification(chart), id=chart.id, title=chart.title, colours=PALETTE)
    return etree.fromstring(str(text))


def _texts(svg):
    return ["".join(node.itertext()) for node in svg.iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


def test_the_fonts_are_there_for_measuring():
    assert drawing.register_fonts(), "run scripts/frontend.py: without the fonts Japanese is measured as boxes"


@pytest.mark.parametrize("kind", KINDS)
def test_japanese_is_drawn_as_text(kind):
    texts = _texts(_svg(_chart(kind)))
    assert set(YEARS) <= set(texts)
    assert any("見本圏域" in text for text in texts)
    assert "単位：人" in texts


def test_the_labels_are_measured_with_the_font():
    """A long label moves the bars: a missing font would give every letter the same wrong width."""
    short, long = (
        float(_svg(_chart("bar", series=[Series("a", [Point(label, 1)])])).get("width"))
        for label in ("市", "とても長い名前の圏域")
    )
    assert long - short == pytest.approx(9 * 14, abs=6)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_picture_needs_a_looser_policy(kind):
    text = str(drawing.draw(specification(_chart(kind)), id="c", title="t", colours=PALETTE))
    assert " style=" not in text
    assert "<style" not in text
    assert "<script" not in text
    assert not re.search(r"""(?:href|src)\s*=|url\((?!#)""", text)
    assert re.findall(r"https?://[^\"' ]+", text) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_is_named_once_in_japanese(kind):
    svg = _svg(_chart(kind))
    assert svg.get("role") == "img"
    named = svg.get("aria-labelledby")
    assert svg.xpath(f"//*[@id='{named}']")[0].text == "長期入院の人"
    assert not svg.xpath(".//*[@aria-label or @aria-roledescription or @role]")


def test_a_title_cannot_break_out_of_the_picture():
    chart = _chart(title='<script>alert(1)</script>"', id='a"b')
    assert not _svg(chart).xpath("//*[local-name()='script']")


def test_a_missing_year_breaks_the_line_and_is_marked():
    chart = _chart(
        series=[Series("a", [Point("1", 10), Point("2", 20), Point("3", None), Point("4", 30), Point("5", 40)])]
    )
    svg = _svg(chart)
    (line,) = [node.get("d") for node in svg.xpath("//*[contains(@class, 'mark-line')]/*[local-name()='path']")]
    assert line.count("M") == 2
    assert len(svg.xpath("//*[contains(@class, 'mark-symbol')]/*[local-name()='path']")) == 4
    assert "×" in _texts(svg)


@pytest.mark.parametrize("kind", ["bar", "stacked_bar"])
def test_a_missing_bar_is_marked_and_a_zero_is_written(kind):
    chart = _chart(kind, series=[Series("a", [Point("甲", None), Point("乙", 0), Point("丙", 5)])])
    texts = _texts(_svg(chart))
    assert any(text.startswith("× 値") for text in texts)
    if kind == "bar":
        assert "0" in texts


def test_a_chart_without_any_value_is_still_drawn():
    for kind in KINDS:
        assert _texts(_svg(_chart(kind, series=[Series("a", [Point("R5", None), Point("R6", None)])])))


def test_the_table_has_the_same_values_and_keeps_the_reason_of_a_gap():
    table = table_of(_chart())
    assert table.rows[1]["s0"].text == "値なし"
    assert table.rows[1]["s0"].note == "公表なし"
    assert [table.rows[place]["s1"].csv_value for place in range(3)] == [310, 301, 330]
    page = drawn("{% chart chart %}", chart=_chart())
    assert page.xpath("//table//caption")[0].text == "長期入院の人の表"
    assert page.xpath("//*[local-name()='svg']")


def test_decimals_are_shown_alike_in_the_picture_and_in_the_table():
    chart = _chart("bar", series=[Series("率", [Point("a", Decimal("62.50"))])], value_format=",.1f")
    assert table_of(chart).rows[0]["s0"].text == "62.5"
    assert "62.5" in _texts(_svg(chart))


def test_persons_are_never_halved_on_the_axis():
    texts = _texts(_svg(_chart("bar", series=[Series("回", [Point("a", 1), Point("b", 2)])])))
    assert not any("." in text for text in texts)


def test_the_same_picture_is_drawn_once(monkeypatch):
    calls = []
    engine = drawing._engine
    monkeypatch.setattr(drawing, "_engine", lambda spec: calls.append(1) or engine(spec))
    first = drawing.draw(specification(_chart()), id="c", title="t")
    assert drawing.draw(specification(_chart()), id="c", title="t") == first
    assert drawing.draw(specification(_chart(unit="件")), id="c", title="t") != first
    assert len(calls) == 2


def test_warming_starts_the_engine():
    drawing.warm()


@given(st.floats(0.001, 10**9))
def test_the_axis_reaches_the_largest_value_in_few_round_steps(largest):
    limit, step = nice_limit(largest)
    assert limit >= largest * 0.999999
    assert 1 <= round(limit / step) <= 5
    assert f"{step:.3e}"[:5] in {"1.000", "2.000", "2.500", "5.000"}


@given(st.lists(st.floats(0, LINE_HEIGHT), min_size=1, max_size=6))
def test_names_at_the_ends_of_lines_never_overlap(heights):
    placed = apart(heights)
    ordered = sorted(placed)
    assert all(after - before >= LABEL_GAP - 1e-6 for before, after in itertools.pairwise(ordered))
    assert ordered[-1] <= LINE_HEIGHT + 1e-6
    assert sorted(range(len(heights)), key=lambda place: heights[place]) == sorted(
        range(len(heights)), key=lambda place: placed[place]
    )


def test_an_unknown_kind_of_chart_is_refused():
    with pytest.raises(ValueError, match="kind"):
        _chart("pie")


TILES = TileMap(
    id="m",
    title="入院の人",
    tiles=[
        Tile("01000", "北海道", 0, 1, "182", 0, "/regions/01000/"),
        Tile("02000", "青森", 1, 0, "", None, note="公表なし"),
    ],
    legend=[LegendItem("200未満", 0), LegendItem("値なし", None)],
)


def test_every_tile_with_an_address_is_a_link_that_says_its_value():
    page = drawn("{% tile_map map %}", map=TILES)
    (link,) = page.xpath("//*[local-name()='svg']//*[local-name()='a']")
    assert link.get("href") == "/regions/01000/"
    assert link.get("aria-label") == "北海道 182"


def test_a_map_has_its_values_as_a_table_too():
    rows = [words(row) for row in drawn("{% tile_map map %}", map=TILES).xpath("//tbody/tr")]
    assert rows == ["北海道 182", "青森 値なし公表なし"] or rows == ["北海道182", "青森値なし公表なし"]


def test_every_class_has_a_pattern_of_its_own():
    page = drawn("{% tile_map map %}", map=TILES)
    fills = {node.get("fill") for node in page.xpath("//*[contains(@class, 'map__tile')]")}
    assert fills == {"url(#m-level-0)", "url(#m-level-none)"}
    patterns = page.xpath("//*[local-name()='pattern']")
    for fill in fills:
        assert sum(pattern.get("id") == fill[5:-1] for pattern in patterns) == 1


@pytest.mark.parametrize("level", [-1, 5])
def test_a_class_that_does_not_exist_is_refused(level):
    with pytest.raises(ValueError, match="level"):
        drawn("{% tile_map map %}", map=TileMap("m", "t", [Tile("1", "a", 0, 0, "1", level)]))


SQUARE = "M0 0L100 0L100 100L0 100Z"


def test_a_name_stands_in_the_middle_of_the_largest_outline():
    assert label_place(f"M200 0L210 0L210 10Z{SQUARE}", "町", 3) == (50.0, 50.0)


@pytest.mark.parametrize("path", ["", "M0 0", "m0 0l5 5l5 -5z", "M0 0C1 1 2 2 3 3Z", "M0 0L1 1L2 2Z"])
def test_a_name_that_cannot_be_placed_is_left_to_the_table(path):
    assert label_place(path, "町", 3) is None


def test_a_name_wider_than_its_shape_is_left_to_the_table():
    assert label_place(SQUARE, "とても長い名前の町", 12) is None


def test_a_shape_map_links_names_and_lists_its_areas():
    shapes = ShapeMap(
        "s", "圏域", "0 0 100 100", [Shape("a", "甲圏域", SQUARE, "3人", 2, "/a/"), Shape("b", "乙", "", "", None)]
    )
    page = drawn("{% shape_map map %}", map=shapes)
    assert page.xpath("//*[local-name()='a'][@aria-label='甲圏域 3人']/@href") == ["/a/"]
    assert [words(node) for node in page.xpath("//*[local-name()='text']")] == ["甲圏域"]
    assert len(page.xpath("//tbody/tr")) == 2
