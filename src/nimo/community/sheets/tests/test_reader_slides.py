"""Slide text (family A): every layout habit gives the same values; what cannot be told apart is left, never guessed."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.tests.builders.expected import observed
from nimo.community.sheets.tests.builders.facts import Challenge, Facts, Period, Result, Target, r1_facts, r3_facts
from nimo.community.sheets.tests.reader_slides import SYSTEM, Style, expected_of_slides, read_text, slides, with_marks
from nimo.core.text import split_row_mark

LAYOUTS = {"r1": r1_facts, "r3": r3_facts}
PLAIN = Style()


def reading(text: str) -> SheetReading:
    (sheet,) = read_text(text)
    return sheet


def assert_read(facts: Facts, layout: str, style: Style) -> SheetReading:
    sheet = reading(slides(facts, layout, style))
    assert observed(sheet) == expected_of_slides(facts, layout)
    assert sheet.unassigned == []
    return sheet


STYLES = {
    "as the sources": PLAIN,
    "headings below what they title": replace(PLAIN, heading_below=True),
    "the body's name at the foot": replace(PLAIN, name_below=True),
    "page numbers": replace(PLAIN, numbered_pages=True),
    "cells one under the other": replace(PLAIN, inline_rows=False),
    "role labels on lines of their own": replace(PLAIN, labels_apart=True),
    "results before targets": replace(PLAIN, swapped_columns=True),
    "full-width digits": replace(PLAIN, digits="full"),
    "half-width digits": replace(PLAIN, digits="half"),
    "narrow cells": replace(PLAIN, cell_width=9, text_width=15),
    "wide cells": replace(PLAIN, cell_width=30, text_width=60),
    "more blank lines": replace(PLAIN, blank_lines=3),
    "another spelling": replace(PLAIN, spelling="精神障がいにも対応した地域包括ケアシステム"),
    "an older spelling": replace(PLAIN, spelling="精神障害に対応した地域包括ケアシステム"),
    "sections in another order": replace(PLAIN, section_order=(4, 3, 0, 5, 2, 1, 6)),
    "everything at once": Style(True, True, True, False, True, True, "full", 8, 17, 2, SYSTEM, (6, 5, 4, 3, 2, 1, 0)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
def test_reads_the_same_values_in_every_style(layout: str, style: Style) -> None:
    facts = LAYOUTS[layout]()
    if style.digits == "as given":
        assert_read(facts, layout, style)
        return
    found, plain = observed(reading(slides(facts, layout, style))), expected_of_slides(facts, layout)
    numbers = [[figures for _, figures in row[2:4]] for row in found["results"] + found["targets"]]
    assert numbers == [[figures for _, figures in row[2:4]] for row in plain["results"] + plain["targets"]]
    assert found["fiscal_year"] == plain["fiscal_year"]


@pytest.mark.parametrize("order", list(permutations(range(6)))[::37])
def test_reads_sections_in_any_order(order: tuple[int, ...]) -> None:
    assert_read(r1_facts(), "r1", replace(PLAIN, section_order=order))


@pytest.mark.parametrize("section", ["activities", "overview", "history", "results", "schedule", "special"])
def test_a_missing_section_is_reported_and_nothing_takes_its_place(section: str) -> None:
    facts = r3_facts()
    setattr(facts, section, type(getattr(facts, section))())
    sheet = reading(slides(facts, "r3", PLAIN))
    assert observed(sheet) == {**expected_of_slides(facts, "r3"), "layout": sheet.layout}
    wheres = [
        w.where for w in sheet.warnings if w.code in ("section_missing", "block_missing", "table_cut", "value_missing")
    ]
    name = {"special": "special_matters"}.get(section, section)
    assert name in wheres


def test_the_basic_block_that_was_a_picture_is_absent_and_never_zero() -> None:
    sheet = reading(slides(r1_facts(), "r1", PLAIN))
    assert (sheet.basic_info.present, sheet.basic_info.items) == (False, [])
    assert ("block_missing", "basic_info") in [(w.code, w.where) for w in sheet.warnings]


def test_empty_numbered_rows_are_dropped_and_not_counted() -> None:
    text = slides(r1_facts(), "r1", PLAIN)
    assert "\n②\n\n③" in text
    assert len(reading(text).targets) == 1


def test_a_schedule_written_column_by_column_keeps_its_periods_and_every_text() -> None:
    sheet = reading(slides(r1_facts(), "r1", PLAIN))
    assert sheet.schedule is not None
    assert not sheet.schedule.aligned
    assert [row.period for row in sheet.schedule.rows] == ["４月", "６月", "通年"]
    assert {row.content for row in sheet.schedule.rows} | {row.actions for row in sheet.schedule.rows} == {None}
    assert sheet.schedule.unaligned == [
        text for p in zip(*[(p.content, p.actions) for p in r1_facts().schedule], strict=True) for text in p
    ]
    assert ("alignment_lost", "schedule.rows") in [(w.code, w.where) for w in sheet.warnings]


def test_a_period_cut_over_lines_is_one_period() -> None:
    facts = r1_facts()
    text = slides(facts, "r1", PLAIN).replace("\n６月\n", "\n１０月\n～\n\n２月\n")
    schedule = reading(text).schedule
    assert schedule is not None
    assert [row.period for row in schedule.rows] == ["４月", "１０月～２月", "通年"]


def test_several_special_matters_are_matched_in_order_with_a_remark() -> None:
    facts = r3_facts()
    facts.special = [Period("◆集まれない", "随時", "画面で開く"), Period("◆人手が足りない", "9月", "共催にする")]
    sheet = assert_read(facts, "r3", PLAIN)
    assert "alignment_assumed" in [w.code for w in sheet.warnings]


def test_special_matters_with_a_lost_cell_are_not_matched() -> None:
    facts = r3_facts()
    facts.special = [Period("◆集まれない", "随時", "画面で開く"), Period("◆人手が足りない", "9月", "共催にする")]
    sheet = reading(slides(facts, "r3", PLAIN).replace("\n9月\n", "\n"))
    assert [(m.matter, m.when, m.action) for m in sheet.special_matters] == [
        ("◆集まれない", None, None),
        ("◆人手が足りない", None, None),
    ]
    assert {left.text for left in sheet.unassigned} == {"随時", "画面で開く", "共催にする"}
    assert "alignment_lost" in [w.code for w in sheet.warnings]


def test_text_between_two_role_labels_is_given_to_neither() -> None:
    facts = r1_facts()
    facts.challenges = [Challenge("課題の文", "方針の文", ("行政の文", "医療の文", "福祉の文", "地域の文"))]
    text = slides(facts, "r1", replace(PLAIN, labels_apart=True))
    sheet = reading(text.replace("行政の文\n\n医療", "行政の文\n\nどちらの欄とも言えない文\n\n医療"))
    roles = sheet.challenges[0].roles
    assert (roles.government, roles.medical, roles.welfare, roles.other) == (
        "行政の文",
        "医療の文",
        "福祉の文",
        "地域の文",
    )
    assert [left.text for left in sheet.unassigned] == ["どちらの欄とも言えない文"]
    assert ("row_unassignable", "challenges.0.roles") in [(w.code, w.where) for w in sheet.warnings]


def test_a_challenge_in_one_block_with_its_policy_is_not_divided_by_guess() -> None:
    facts = r1_facts()
    facts.challenges = [Challenge("課題の一行目", "方針の一行目", ("甲", "乙", "丙", "丁"))]
    sheet = reading(slides(facts, "r1", PLAIN).replace("課題の一行目\n\n方針の一行目", "課題の一行目\n方針の一行目"))
    assert (sheet.challenges[0].challenge, sheet.challenges[0].policy) == (None, None)
    assert [left.text for left in sheet.unassigned] == ["課題の一行目", "方針の一行目"]


@pytest.mark.parametrize(
    ("row", "kept"), [("①協議の場の設置 ９ すべての", "９"), ("①協議の場の設置 ９ ９ ９ すべての", "９")]
)
def test_a_row_with_too_few_or_too_many_figures_gives_none_of_them(row: str, kept: str) -> None:
    text = slides(r1_facts(), "r1", PLAIN)
    assert "①協議の場の設置 ９ ９ すべての" in text
    sheet = reading(text.replace("①協議の場の設置 ９ ９ すべての", row))
    first = sheet.results[0]
    assert (first.target.raw, first.actual.raw) == (None, None)
    assert kept in [word for left in sheet.unassigned for word in left.text.split()]
    assert {"results.0.target", "results.0.actual"} <= {w.where for w in sheet.warnings}
    assert [v.value for v in sheet.results[1].target.values] == [3]


@pytest.mark.parametrize(
    "title", ["＜R2年度までの成果・効果＞", "時期（月） 実施する項目 実施する内容", "課題 課題解決に向けた取組方針"]
)
def test_a_slide_without_a_heading_adds_nothing_to_the_table_before_it(title: str) -> None:
    text = slides(r3_facts(), "r3", PLAIN)
    start = text.index("\n 架空県", text.index(title))
    sheet = reading(f"{text[:start]}\n 参考になる図\n\n病院 ２ ３ 地域{text[start:]}")
    assert observed(sheet) == expected_of_slides(r3_facts(), "r3")
    assert [left.text for left in sheet.unassigned] == ["参考になる図", "病院 ２ ３ 地域"]


def test_a_table_goes_on_with_its_next_row_on_the_next_slide() -> None:
    text = slides(r3_facts(), "r3", replace(PLAIN, inline_rows=False))
    assert "\n②研修の実施" in text
    sheet = reading(text.replace("\n②研修の実施", "\n 架空県\n\n②研修の実施", 1))
    assert observed(sheet) == expected_of_slides(r3_facts(), "r3")


def test_a_figure_parted_from_its_label_is_not_mistaken_for_the_other_column() -> None:
    facts = r3_facts()
    facts.targets = [Target("①取組み", "検討数44人 退院者数14人", "前年度増", "進む")]
    text = slides(facts, "r3", replace(PLAIN, inline_rows=False))
    text = text.replace("検討数44人\n退院者数14人", "検討数 44人\n退院者数 14人")
    assert "退院者数 14人" in text
    (row,) = reading(text).targets  # blank lines part the cells
    assert (row.current.raw, row.target.raw) == ("検討数 44人 退院者数 14人", "前年度増")
    (doubtful,) = reading(text.replace("前年度増\n\n進む", "前年度増 進む")).targets
    assert (doubtful.current.raw, doubtful.target.raw) == (None, None)


def test_a_unit_parted_from_its_number_by_a_space_goes_with_it() -> None:
    text = slides(r1_facts(), "r1", PLAIN).replace("設置 ９ ９ すべて", "設置 11 か所 12 か所 すべて")
    row = reading(text).results[0]
    assert [(v.value, v.unit) for v in (*row.target.values, *row.actual.values)] == [(11, "か所"), (12, "か所")]


def test_circled_numbers_inside_a_sentence_begin_no_row() -> None:
    facts = r1_facts()
    facts.results = [
        Result(
            "①協議の場の設置",
            "９",
            "９",
            "一部では、①家族の支援②安易な入院によらない支援③長く入院する人の退院に取り組んだ。",
        ),
        Result("②連絡会の開催", "３", "２", "一回は中止した。"),
    ]
    for width in range(6, 40):
        assert_read(facts, "r1", replace(PLAIN, text_width=width))


def test_a_heading_glued_to_the_end_of_another_line_is_found() -> None:
    text = slides(r3_facts(), "r3", PLAIN)
    title = f"2 {SYSTEM}の構築に向けた取組概要（全体）"
    sheet = reading(text.replace(f"架空県\n\n{title}", f"具体的展開（参考）{title}\n\n架空県"))
    assert sheet.overview is not None
    assert sheet.overview.startswith("具体的展開（参考）")
    assert title not in sheet.overview


def test_numbered_lines_that_look_like_headings_stay_text() -> None:
    facts = r3_facts()
    facts.overview = ("１ 協議の場の開催", "５ 強みを生かした研修", "７ 連絡会")
    sheet = reading(slides(facts, "r3", PLAIN))
    assert sheet.overview == "１ 協議の場の開催\n５ 強みを生かした研修\n７ 連絡会"
    assert len(sheet.challenges) == 1


# -- invented figures and words ---------------------------------------------------------------------------------------

words = st.text(st.sampled_from("窓口一覧住居就労家族支援連携相談訪問仲間学校地区手帳"), min_size=4, max_size=30)
counters = st.sampled_from(["", "回", "か所", "ヶ所", "箇所", "人", "件", "回（政令市を除く）", "か所（中核市を除く）"])


@st.composite
def figures(draw: st.DrawFn) -> str:
    number = str(draw(st.integers(0, 9999)))
    if draw(st.booleans()):
        number = number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return number + draw(counters)


@st.composite
def sheets(draw: st.DrawFn) -> Facts:
    facts = r3_facts()
    count = draw(st.integers(1, 4))
    facts.results = [Result(draw(words), draw(figures()), draw(figures()), draw(words) + "。") for _ in range(count)]
    facts.targets = [
        Target(draw(words), draw(figures()), draw(figures()), draw(words)) for _ in range(draw(st.integers(2, 3)))
    ]
    roles = st.one_of(words, st.just("－"))
    facts.challenges = [
        Challenge(draw(words), draw(words), (draw(roles), draw(roles), draw(roles), draw(roles)))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return with_marks(facts)


styles = st.builds(
    Style,
    heading_below=st.booleans(),
    name_below=st.booleans(),
    numbered_pages=st.booleans(),
    inline_rows=st.booleans(),
    labels_apart=st.booleans(),
    swapped_columns=st.booleans(),
    cell_width=st.integers(6, 30),
    text_width=st.integers(12, 60),
    blank_lines=st.integers(1, 3),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), styles)
def test_reads_any_figures_in_any_style(facts: Facts, style: Style) -> None:
    assert_read(facts, "r3", style)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheets(), styles, st.data())
def test_a_lost_line_never_puts_a_value_into_a_wrong_field(facts: Facts, style: Style, data: st.DataObject) -> None:
    lines = slides(facts, "r3", style).split("\n")
    said = [at for at, line in enumerate(lines) if line.strip()]
    lost = data.draw(st.sampled_from(said))
    for sheet in read_text("\n".join([*lines[:lost], *lines[lost + 1 :]])):
        allowed = {(r.indicator[1:], r.target, r.actual) for r in facts.results}
        for row in sheet.results:
            if row.indicator is None or row.target.raw is None or row.actual.raw is None:
                continue
            # where the line of ① was lost, ② may stay in the name: a mark is read only as part of its series
            name = split_row_mark(row.indicator)[1]
            assert any(
                _partly(name, i) and (_partly(row.target.raw, t) and _partly(row.actual.raw, a)) for i, t, a in allowed
            )


def _partly(found: str, whole: str) -> bool:
    """What is left of a cell of which a line was lost."""
    rest = iter("".join(whole.split()))
    return all(character in rest for character in "".join(found.split()))
