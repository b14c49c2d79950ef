from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.rules.carrying import (
    begun_from,
    dropped,
    empty_content,
    no_quantity,
    suggestions,
    taken,
)
from nimo.community.sheets.rules.comparing import differences, pair_rows, unchanged_paths
from nimo.community.sheets.rules.edits import quantity

EMPTY = empty_content("架空県", None, 2021, "r3")
TRAINING = "精神障害者の地域移行関係者に対する研修の実施（架空の言いかえ）"
WITH_SURVEY = "保健所ごとに地域移行関係者向け研修実施と理解度アンケートの実施"


def result(indicator: str, actual: str, target: str = "") -> dict:
    return {
        "mark": None,
        "indicator": indicator,
        "target": quantity(target),
        "actual": quantity(actual),
        "effect": None,
    }


def target(indicator: str, current: str = "", goal: str = "") -> dict:
    return {
        "mark": None,
        "indicator": indicator,
        "current": quantity(current),
        "target": quantity(goal),
        "expected_effect": None,
    }


def test_a_result_never_slips_into_a_row_that_only_sounds_like_it():
    """The trap of 神奈川 R3: 実績3か所 of 研修の実施, and 現状8か所 of 研修実施と理解度アンケート."""
    content = {**EMPTY, "results": [result(TRAINING, "３か所")], "targets": [target(WITH_SURVEY), target("別の指標")]}
    assert not [one for one in suggestions(content) if one.certain]


def test_two_rows_of_one_name_are_never_paired_by_their_order():
    content = {
        **EMPTY,
        "results": [result("研修の実施", "3か所"), result("研修の実施", "8か所")],
        "targets": [target("研修の実施")],
    }
    offered = suggestions(content)
    assert [one.text for one in offered] == ["3か所", "8か所"]
    assert not any(one.certain for one in offered)


def test_a_result_is_offered_to_the_row_of_the_same_name_whatever_its_place_and_spelling():
    content = {
        **EMPTY,
        "results": [result("別の指標", "1回"), result("協議の場の開催回数", "３回（※書面１回）")],
        "targets": [target("協議の場の 開催回数")],
    }
    (one,) = suggestions(content)
    assert one.certain
    assert (one.path, one.from_path, one.text) == ("targets.0.current", "results.1.actual", "３回（※書面１回）")
    after = taken(content, one)
    assert after["targets"][0]["current"] == content["results"][1]["actual"]
    assert content["targets"][0]["current"] == quantity("")
    assert suggestions(after) == []


def test_begins_with_last_years_targets_as_rows_and_without_a_single_figure_of_this_year():
    before = {**EMPTY, "targets": [target("開催回数", "2回", "4回")], "strengths": "強みの文", "other_matters": "相談"}
    begun = begun_from(before, EMPTY)
    assert begun["results"][0]["target"] == quantity("4回")
    assert begun["results"][0]["actual"] == no_quantity()
    assert begun["targets"][0]["current"] == no_quantity()
    assert begun["targets"][0]["target"] == no_quantity()
    assert begun["strengths"] == "強みの文"
    assert begun["other_matters"] is None
    assert begun["basic_info"] == {"present": False, "items": []}


def test_names_the_indicators_that_went():
    before = {**EMPTY, "targets": [target("続ける"), target("やめる")]}
    assert dropped(before, {**EMPTY, "results": [result("続ける", "")]}) == ["やめる"]


def test_marks_a_paragraph_as_unchanged_only_while_it_says_the_same():
    before = {**EMPTY, "strengths": "強み", "challenges": [{"challenge": "課題A", "policy": "方針", "roles": {}}]}
    now = {**EMPTY, "strengths": "強 み", "challenges": [{"challenge": "課題A", "policy": "別の方針", "roles": {}}]}
    assert unchanged_paths(before, now) == {"strengths", "challenges.0.challenge"}


def test_finds_a_row_again_after_it_moved():
    before = {**EMPTY, "councils": [{"name": "甲"}, {"name": "乙"}]}
    now = {**EMPTY, "councils": [{"name": "乙"}, {"name": "丙"}]}
    found = {(one.row, one.change) for one in differences(before, now) if one.path.startswith("councils")}
    assert found == {("乙", "same"), ("丙", "added"), ("甲", "removed")}


names = st.lists(st.sampled_from(["甲", "乙", "丙", "", "甲 ", "ﾋﾟｱ", "ピア"]), max_size=6)


@given(names, names)
def test_every_row_of_both_years_is_told_once(before, now):
    rows_before, rows_now = ([{"name": name} for name in side] for side in (before, now))
    paired = pair_rows(rows_before, rows_now, "councils")
    assert [one.now for one in paired if one.now is not None] == list(range(len(now)))
    used = [one.before for one in paired if one.before is not None]
    assert len(used) == len(set(used))
    assert {index for index, name in enumerate(before) if name.strip()} == set(used)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_sheet_compared_with_itself_has_no_differences(lead, strengths):
    content = {**EMPTY, "lead": lead or None, "strengths": strengths or None}
    assert all(one.change == "same" for one in differences(content, content))
