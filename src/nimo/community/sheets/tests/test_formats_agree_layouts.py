"""The same described sheet reads to the same values from every format, in each layout the form has had."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from nimo.community.sheets.tests.builders.expected import expected, observed
from nimo.community.sheets.tests.builders.facts import (
    BasicRow,
    Facts,
    Result,
    city_basic,
    city_facts,
    only,
    prefecture_facts,
    r1_facts,
    r3_facts,
)
from nimo.community.sheets.tests.builders.formats import FORMATS, OFFICE, reading, together
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.builders.parts import Grid, Heading, Part, columns_swapped, continued

LAYOUTS: dict[str, Callable[[], Facts]] = {
    "r6-city": city_facts,
    "r6-prefecture": prefecture_facts,
    "r3": r3_facts,
    "r1": r1_facts,
}


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_reads_every_layout_from_every_format(layout: str, format_name: str) -> None:
    facts = LAYOUTS[layout]()
    found = reading(layout_parts(facts, layout), format_name)
    assert observed(found) == expected(facts, layout)
    assert found.unassigned == []


@pytest.mark.parametrize("format_name", OFFICE)
def test_every_value_names_the_place_it_was_read_from(format_name: str) -> None:
    found = reading(layout_parts(city_facts(), "r6-city"), format_name)
    places = {item.key: item.place for item in found.basic_info.items}
    assert len(places) == 18
    words = {"text": "行目", "pptx": "スライド2 表1", "xlsx": "シート「シート」", "pdf": "2ページ 表1"}
    assert all(words[format_name] in (place or "") for place in places.values())


@pytest.mark.parametrize("format_name", OFFICE)
def test_a_missing_basic_block_is_reported_missing_and_never_zero(format_name: str) -> None:
    facts = city_facts()
    facts.basic = []
    found = reading(layout_parts(facts, "r6-city"), format_name)
    assert observed(found) == expected(facts, "r6-city")
    assert not found.basic_info.present
    assert all(item.value is None for item in found.basic_info.items)
    assert "block_missing" in {warning.code for warning in found.warnings}


@pytest.mark.parametrize("format_name", OFFICE)
def test_missing_sections_stay_missing_and_harm_no_other(format_name: str) -> None:
    facts = city_facts()
    facts.results, facts.councils, facts.long_term = [], [], []
    found = reading(layout_parts(facts, "r6-city"), format_name)
    assert observed(found) == expected(facts, "r6-city")
    missing = {warning.where for warning in found.warnings if warning.code == "section_missing"}
    assert {"results", "councils", "long_term"} <= missing


@pytest.mark.parametrize("format_name", OFFICE)
@pytest.mark.parametrize(
    "order",
    (
        ("head", "schedule", "basic", "councils", "results", "coordination", "challenges", "long_term"),
        ("head", "long_term", "councils", "coordination", "challenges", "results", "basic", "schedule"),
    ),
)
def test_sections_may_come_in_any_order(order: tuple[str, ...], format_name: str) -> None:
    facts = city_facts()
    facts.order = order
    assert observed(reading(layout_parts(facts, "r6-city"), format_name)) == expected(facts, "r6-city")


def swapped(parts: Sequence[Part], head: str, order: Sequence[int]) -> list[Part]:
    """The parts with the columns of the table that has this head in another order."""
    found = [
        columns_swapped(part, order)
        if isinstance(part, Grid) and head in [cell.text for cell in part.rows[0]]
        else part
        for part in parts
    ]
    assert found != list(parts)
    return found


@pytest.mark.parametrize("format_name", OFFICE)
@pytest.mark.parametrize(
    ("head", "order"),
    (
        ("具体的な成果・効果", (0, 2, 1, 3)),
        ("見込んでいる成果・効果", (3, 0, 2, 1)),
        ("協議の場の構成員", (1, 0, 3, 2, 4)),
        ("協議の場の構成員", (4, 2, 0, 1, 3)),
    ),
)
def test_columns_may_come_in_any_order(head: str, order: tuple[int, ...], format_name: str) -> None:
    facts = only(city_facts(), "results", "challenges", "councils")
    parts = swapped(layout_parts(facts, "r6-city"), head, order)
    assert observed(reading(parts, format_name)) == expected(facts, "r6-city")


@pytest.mark.parametrize("format_name", ("pptx", "pdf"))
@pytest.mark.parametrize("repeat_head", (True, False), ids=("with the head again", "without a head"))
def test_tables_may_go_on_over_several_pages(format_name: str, repeat_head: bool) -> None:
    facts = city_facts()
    facts.results = [
        Result(f"取組その{'一二三四五六七八九'[n]}", f"{n}回", f"{n + 10}回", f"効果{n}") for n in range(9)
    ]
    parts = continued(layout_parts(facts, "r6-city"), 5, repeat_head=repeat_head)
    assert observed(reading(parts, format_name)) == expected(facts, "r6-city")


@pytest.mark.parametrize("format_name", OFFICE)
def test_a_prefecture_and_its_city_in_one_file_are_two_sheets(format_name: str) -> None:
    prefecture, city = prefecture_facts(), city_facts()
    first, second = together([layout_parts(prefecture, "r6-prefecture"), layout_parts(city, "r6-city")], format_name)
    assert observed(first) == expected(prefecture, "r6-prefecture")
    assert observed(second) == expected(city, "r6-city")


def other_city() -> Facts:
    facts = city_facts()
    facts.municipality = "さくら町"
    facts.basic = city_basic(beds="90床", under_3=5, middle=7, over=30, over_65=21, under_65=9)
    facts.results = [Result("①見守りの会議", "6回", "5回", "担当が替わった。")]
    facts.lead = ("さくら町では、顔の見える町をめざします。",)
    return facts


@pytest.mark.parametrize("format_name", OFFICE)
def test_two_municipalities_in_one_file_keep_their_own_figures(format_name: str) -> None:
    one, two = only(city_facts(), "basic", "results"), only(other_city(), "basic", "results")
    found = together([layout_parts(one, "r6-city"), layout_parts(two, "r6-city")], format_name)
    assert [observed(sheet) for sheet in found] == [expected(one, "r6-city"), expected(two, "r6-city")]


@pytest.mark.parametrize("format_name", OFFICE)
def test_an_empty_row_of_the_form_is_no_row(format_name: str) -> None:
    facts = r1_facts()
    parts = layout_parts(facts, "r1")
    at = next(
        i for i, p in enumerate(parts) if isinstance(p, Grid) and p.rows[0][0].text.startswith("課題解決の達成度")
    )
    table = parts[at]
    assert isinstance(table, Grid)
    blank = tuple(type(cell)(text) for cell, text in zip(table.rows[0], ("③", "", "", ""), strict=True))
    parts[at] = Grid((*table.rows, blank), table.widths, table.header_rows)
    assert observed(reading(parts, format_name)) == expected(facts, "r1")


@pytest.mark.parametrize("format_name", OFFICE)
def test_a_number_left_empty_is_unknown_and_said_so(format_name: str) -> None:
    facts = only(city_facts(), "basic", "results")
    facts.basic = [
        BasicRow(r.group, r.as_of, r.label, "") if r.label == "基幹相談支援センター数" else r for r in facts.basic
    ]
    found = reading(layout_parts(facts, "r6-city"), format_name)
    (item,) = [i for i in found.basic_info.items if i.key == "core_consultation_centres"]
    assert item.value is None
    assert any("core_consultation_centres" in warning.where for warning in found.warnings)
    values = {i.key: i.value for i in found.basic_info.items}
    assert (values["general_consultation_offices"], values["specific_consultation_offices"]) == (6, 18)


@pytest.mark.parametrize("format_name", OFFICE)
def test_the_name_of_the_body_may_stand_on_every_page(format_name: str) -> None:
    facts = r3_facts()
    parts: list[Part] = []
    for part in layout_parts(facts, "r3"):
        parts.append(part)
        if type(part).__name__ == "PageBreak":
            parts.append(Heading(facts.prefecture))
    assert observed(reading(parts, format_name)) == expected(facts, "r3")


@pytest.mark.parametrize("format_name", OFFICE)
def test_a_title_may_be_broken_over_lines_with_its_number_alone(format_name: str) -> None:
    facts = r3_facts()
    parts: list[Part] = []
    for part in layout_parts(facts, "r3"):
        if isinstance(part, Heading) and part.text[0] in "６７":
            number, title = part.text.split(" ", 1)
            part = Heading(f"{number}\n{title.replace('向けた', '向けた' + chr(10))}")
        parts.append(part)
    assert observed(reading(parts, format_name)) == expected(facts, "r3")
