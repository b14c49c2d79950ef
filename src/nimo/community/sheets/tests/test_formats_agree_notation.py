"""Figures, counters, years and marks as offices write them, read alike from every format."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimo.community.sheets.tests.builders.expected import Figure, expected, observed
from nimo.community.sheets.tests.builders.facts import (
    BasicRow,
    Facts,
    Result,
    Target,
    city_basic,
    city_facts,
    only,
    r3_facts,
)
from nimo.community.sheets.tests.builders.formats import OFFICE, reading
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.builders.parts import C, Grid

RESULTS = [
    Result("①協議の場の開催回数", "２回", "１２回", "全角の数字"),
    Result("②相談の窓口", "１か所", "2ヶ所", "数え方の違い"),
    Result("③拠点", "3ヵ所", "4カ所", "数え方の違い"),
    Result("④啓発", "5箇所", "1,234人", "桁の区切り"),
    Result("⑤訪問", "月1回", "週２回", "割合"),
    Result("⑥満足した人", "80.5%", "－", "未記入"),
    Result("⑦新しい取組", "0回", "０件", "本当の零"),
]


@pytest.mark.parametrize("format_name", OFFICE)
def test_reads_the_ways_numbers_are_written(format_name: str) -> None:
    facts = only(city_facts(), "results", "challenges")
    facts.results = RESULTS
    found = observed(reading(layout_parts(facts, "r6-city"), format_name))
    assert found == expected(facts, "r6-city")
    # The description's own reading is checked against figures written out by hand.
    assert [row[2][1] for row in found["results"]] == [
        (Figure(2, "回"),),
        (Figure(1, "か所"),),
        (Figure(3, "か所"),),
        (Figure(5, "か所"),),
        (Figure(1, "回", "月"),),
        (Figure("80.5", "%"),),
        (Figure(0, "回"),),
    ]
    assert [row[3][1] for row in found["results"]] == [
        (Figure(12, "回"),),
        (Figure(2, "か所"),),
        (Figure(4, "か所"),),
        (Figure(1234, "人"),),
        (Figure(2, "回", "週"),),
        (),
        (Figure(0, "件"),),
    ]


@pytest.mark.parametrize("format_name", OFFICE)
def test_reads_several_figures_and_remarks_in_one_cell(format_name: str) -> None:
    facts = r3_facts()
    facts.targets = [
        Target("①地域移行の取組", "事例検討数44人 退院者数14人", "前年度増", "退院が進む"),
        Target("②協議の場", "11か所（政令市を除く）", "１２か所（政令市を除く）", "広がる"),
    ]
    sheet = reading(layout_parts(facts, "r3"), format_name)
    found = observed(sheet)
    assert found == expected(facts, "r3")
    assert found["targets"][0][2][1] == (Figure(44, "人", None, "事例検討数"), Figure(14, "人", None, "退院者数"))
    assert found["targets"][0][3] == ("前年度増", ())
    assert [row.current.coverage for row in sheet.targets] == [None, "政令市を除く"]


YEARS = (
    ("R5年度", "R6年度", 2024),
    ("Ｒ６年度", "Ｒ７年度", 2025),
    ("令和5年度", "令和6年度", 2024),
    ("令和元年度", "令和２年度", 2020),
    ("H31年度", "R2年度", 2020),
)


@pytest.mark.parametrize("format_name", OFFICE)
@pytest.mark.parametrize(("current", "target", "year"), YEARS)
def test_finds_the_fiscal_year_in_the_heads_of_tables(current: str, target: str, year: int, format_name: str) -> None:
    facts = only(city_facts(), "challenges", "long_term")
    facts.long_term_until = f"令和{year - 2016}年度"
    facts.long_term[0].period = f"令和{year - 2018}年度 ～ 令和{year - 2016}年度"
    facts.fiscal_year = year
    parts = []
    for part in layout_parts(facts, "r6-city"):
        if isinstance(part, Grid) and part.rows[0][-1].text == "見込んでいる成果・効果":
            head = (part.rows[0][0], C(f"現状値\n({current})"), C(f"目標値\n({target})"), part.rows[0][3])
            part = Grid((head, *part.rows[1:]), part.widths)
        parts.append(part)
    assert observed(reading(parts, format_name)) == expected(facts, "r6-city")


@pytest.mark.parametrize("format_name", OFFICE)
def test_reads_a_population_in_ten_thousands(format_name: str) -> None:
    facts = only(city_facts(), "basic", "results")
    facts.basic = [BasicRow(r.group, r.as_of, r.label, "107.3 万人") if r.group == "人口" else r for r in facts.basic]
    (item,) = [
        i for i in reading(layout_parts(facts, "r6-city"), format_name).basic_info.items if i.key == "population"
    ]
    assert (item.value, item.unit) == (1_073_000, "人")


@pytest.mark.parametrize("format_name", OFFICE)
def test_reads_full_width_figures_in_the_basic_block(format_name: str) -> None:
    facts = only(city_facts(), "basic", "results")
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    facts.basic = [BasicRow(r.group, r.as_of, r.label, r.shown.translate(wide)) for r in facts.basic]
    plain = only(city_facts(), "basic", "results")
    found = observed(reading(layout_parts(facts, "r6-city"), format_name))
    for key, (value, as_of, share) in expected(plain, "r6-city")["basic"].items():
        assert found["basic"][key][:2] == (value, as_of), key
        assert share is None or found["basic"][key][2] == share, key


@pytest.mark.parametrize("format_name", OFFICE)
def test_a_block_that_contradicts_itself_is_marked_and_not_mended(format_name: str) -> None:
    facts = city_facts()
    facts.basic = [BasicRow(r.group, r.as_of, r.label, "999人") if r.label == "合計" else r for r in facts.basic]
    found = reading(layout_parts(facts, "r6-city"), format_name)
    values = {i.key: i.value for i in found.basic_info.items}
    assert values["inpatients"] == 999
    assert any(warning.where.endswith("inpatients") for warning in found.warnings)


counts = st.integers(0, 99_999)
units = st.sampled_from(("回", "人", "か所", "件"))
words = st.text(st.sampled_from("窓口一覧会議住居就労家族支援連携相談訪問研修"), min_size=4, max_size=30)


@st.composite
def described(draw: st.DrawFn) -> Facts:
    """A city sheet with figures and words of its own."""
    facts = only(city_facts(), "basic", "results", "challenges")
    under, middle = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    old, young = draw(st.integers(1, 400)), draw(st.integers(1, 400))
    beds = under + middle + old + young + draw(st.integers(0, 500))
    facts.basic = city_basic(
        beds=f"{beds}床", under_3=under, middle=middle, over=old + young, over_65=old, under_65=young
    )
    marks = "①②③④⑤⑥"
    facts.results = [
        Result(mark + draw(words), f"{draw(counts)}{unit}", f"{draw(counts):,}{unit}", draw(words))
        for mark in marks[: draw(st.integers(1, 6))]
        for unit in (draw(units),)
    ]
    facts.targets = [
        Target(draw(words), f"{draw(counts)}{unit}", f"{draw(counts)}{unit}", draw(words))
        for _ in range(draw(st.integers(1, 5)))
        for unit in (draw(units),)
    ]
    return facts


@pytest.mark.parametrize(("format_name", "examples"), (("text", 30), ("pptx", 12), ("xlsx", 8), ("pdf", 4)))
def test_any_figures_are_read_exactly(format_name: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(described())
    def check(facts: Facts) -> None:
        assert observed(reading(layout_parts(facts, "r6-city"), format_name)) == expected(facts, "r6-city")

    check()
