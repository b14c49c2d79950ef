from __future__ import annotations

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.rules.carrying import empty_content
from nimo.community.sheets.rules.checking import LONG_TEXT, Severity, checks, filled_share, stops
from nimo.community.sheets.rules.documents import digest
from nimo.community.sheets.rules.edits import quantity

EMPTY = empty_content("架空県", "架空市", 2026, "r6-city")
SECTIONS = sections_of("r6-city")


def item(key: str, value: int | None, **more) -> dict:
    return {"key": key, "value": value, "as_of": "2026-05", "unit": "人", "raw": None, **more}


def basic(*items: dict) -> dict:
    return {**EMPTY, "basic_info": {"present": True, "items": list(items)}}


def messages(content, **more) -> list[str]:
    return [one.message for one in checks(content, SECTIONS, **more)]


def test_an_empty_sheet_cannot_be_sent():
    assert [one.message for one in stops(checks(EMPTY, SECTIONS))] == ["まだ何も書かれていません。"]


def test_parts_that_do_not_sum_are_named_with_both_figures():
    content = basic(
        item("inpatients", 387),
        item("inpatients_under_3_months", 66),
        item("inpatients_3_to_12_months", 36),
        item("inpatients_over_1_year", 284),
    )
    assert any("387" in message and "386" in message for message in messages(content))


def test_figures_of_different_coverage_are_not_added():
    content = basic(
        item("inpatients", 500),
        item("inpatients_under_3_months", 66, coverage="政令市を除く"),
        item("inpatients_3_to_12_months", 36),
        item("inpatients_over_1_year", 284),
    )
    assert not any("内訳を足すと" in message for message in messages(content))


def test_a_share_that_is_not_what_the_figures_give_is_named():
    content = basic(item("inpatients", 386), item("inpatients_under_3_months", 66, share=18.1))
    assert any("17.1%" in message for message in messages(content))


def test_an_absent_figure_is_asked_for_and_never_turned_into_zero():
    assert any("0にはしません" in message for message in messages(basic(item("population", None))))


def test_more_inpatients_than_beds_is_pointed_out():
    content = basic(item("inpatients", 500), item("psychiatric_beds", 418))
    assert any("住所地と所在地" in message for message in messages(content))


def test_a_figure_without_an_indicator_stops_the_sheet():
    row = {"indicator": None, "current": quantity("3回"), "target": quantity(""), "expected_effect": None}
    found = stops(checks({**EMPTY, "targets": [row]}, SECTIONS))
    assert [one.path for one in found] == ["targets.0.indicator"]


def test_an_indicator_that_went_without_a_reason_stops_the_sheet():
    found = stops(checks({**EMPTY, "strengths": "あり"}, SECTIONS, unexplained=["やめた指標"]))
    assert [one.section for one in found] == [SectionKey.RESULTS]


def test_a_long_text_is_told_and_never_stops_the_sheet():
    found = [
        one for one in checks({**EMPTY, "strengths": "あ" * (LONG_TEXT + 1)}, SECTIONS) if "文字あります" in one.message
    ]
    assert [one.severity for one in found] == [Severity.LOOK]


def test_counts_the_chapters_that_hold_something():
    assert filled_share({**EMPTY, "strengths": "あり"}, SECTIONS) == (1, len(SECTIONS))


def test_a_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})
