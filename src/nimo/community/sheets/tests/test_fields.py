from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.rules.edits import apply_edits, as_of_code, as_of_words, basic_text, changed_paths, quantity
from nimo.community.sheets.rules.fields import at, fields, is_empty, put, with_row, without_row

CONTENT = {
    "basic_info": {
        "present": True,
        "items": [
            {"key": "population", "as_of": "2024-05", "value": 50000, "unit": "人", "raw": "50,000人"},
            {"key": "inpatients", "as_of": "2023-06-30", "value": 120, "unit": "人", "raw": "120人"},
            {
                "key": "inpatients_over_1_year",
                "as_of": "2023-06-30",
                "value": 84,
                "unit": "人",
                "raw": "84人 70.0%",
                "share": 70.0,
            },
            {"key": "has_mental_health_subcommittee", "as_of": "FY2023", "value": True, "unit": None, "raw": "有"},
        ],
    },
    "overview": "架空の取組概要",
    "results": [
        {
            "indicator": "研修の開催",
            "target": quantity("2回"),
            "actual": quantity("１回（書面を除く）"),
            "effect": None,
        },
    ],
    "councils": [
        {"name": "みほん市協議の場", "members": ["病院", "市"], "frequency": "年2回", "content": None, "note": None}
    ],
    "long_term": {"until_fiscal_year": 2026, "goal": "住み続けられるまち", "rows": []},
    "warnings": [],
    "unassigned": [],
}


def test_every_field_of_the_content_is_offered_for_review():
    paths = {field.path for field in fields(CONTENT)}
    assert {
        "overview",
        "results.0.target",
        "results.0.actual",
        "councils.0.members",
        "long_term.until_fiscal_year",
    } <= paths


def test_an_unchanged_form_changes_nothing():
    typed = {field.path: field.text for field in fields(CONTENT)}
    typed |= {f"basic_info.{item['key']}": basic_text(item) for item in CONTENT["basic_info"]["items"]}
    typed |= {f"basic_info.{item['key']}.as_of": as_of_words(item["as_of"]) for item in CONTENT["basic_info"]["items"]}
    after, errors = apply_edits(CONTENT, typed)
    assert not errors
    assert after == CONTENT
    assert changed_paths(CONTENT, after) == []


def test_line_ends_of_the_browser_are_no_change():
    content = deepcopy(CONTENT) | {"overview": "一行目\n二行目"}
    after, _ = apply_edits(content, {"overview": "一行目\r\n二行目"})
    assert after == content


def test_a_corrected_figure_is_read_again():
    after, errors = apply_edits(
        CONTENT, {"basic_info.population": "２２２，３６４人", "results.0.actual": "3ヶ所（政令市を除く）"}
    )
    assert not errors
    assert at(after, "basic_info.items")[0]["value"] == 222364
    assert at(after, "results.0.actual.values") == [{"value": 3, "unit": "か所"}]
    assert at(after, "results.0.actual.coverage") == "政令市を除く"
    assert changed_paths(CONTENT, after) == ["basic_info.population", "results.0.actual"]


def test_an_emptied_figure_becomes_absent_and_not_zero():
    after, errors = apply_edits(CONTENT, {"basic_info.population": ""})
    assert not errors
    assert at(after, "basic_info.items")[0]["value"] is None


def test_a_zero_is_a_zero():
    after, _ = apply_edits(CONTENT, {"basic_info.inpatients": "０"})
    assert [item["value"] for item in at(after, "basic_info.items") if item["key"] == "inpatients"] == [0]


def test_a_corrected_count_drops_the_share_that_was_printed_beside_the_old_one():
    after, _ = apply_edits(CONTENT, {"basic_info.inpatients_over_1_year": "80"})
    item = next(i for i in at(after, "basic_info.items") if i["key"] == "inpatients_over_1_year")
    assert item["value"] == 80
    assert "share" not in item


def test_a_figure_the_block_did_not_have_can_be_added():
    content = {"basic_info": {"present": False, "items": []}}
    after, errors = apply_edits(
        content, {"basic_info.psychiatric_beds": "418床", "basic_info.psychiatric_beds.as_of": "令和6年5月"}
    )
    assert not errors
    assert at(after, "basic_info.present") is True
    assert at(after, "basic_info.items")[0] | {"raw": ""} == {
        "key": "psychiatric_beds",
        "as_of": "2024-05",
        "unit": "床",
        "raw": "",
        "values": [],
        "value": 418,
    }


@pytest.mark.parametrize(
    "path, typed",
    [
        ("basic_info.population", "たくさん"),
        ("basic_info.population", "10人と20人"),
        ("basic_info.population", "月1回"),
        ("basic_info.population.as_of", "いつか"),
        ("long_term.until_fiscal_year", "そのうち"),
    ],
)
def test_refuses_what_it_cannot_read_and_keeps_the_rest(path, typed):
    before = deepcopy(CONTENT)
    _, errors = apply_edits(CONTENT, {path: typed, "overview": "直した"})
    assert [error.path for error in errors] == [path]
    assert before == CONTENT, "the content given in is never changed"


@pytest.mark.parametrize(
    "typed, code",
    [
        ("令和6年5月時点", "2024-05"),
        ("R5.6.30", "2023-06-30"),
        ("令和5年度", "FY2023"),
        ("FY2023", "FY2023"),
        ("？", None),
    ],
)
def test_reads_an_as_of_date(typed, code):
    assert as_of_code(typed) == code


def test_a_row_can_be_added_and_removed():
    more = with_row(CONTENT, "results")
    assert len(more["results"]) == 2
    assert at(more, "results.1.target") == {"raw": None, "values": [], "qualifier": None}
    assert without_row(more, "results.1") == CONTENT


@pytest.mark.parametrize("path", ["results.7", "nowhere.0", "overview.0", "results.x"])
def test_refuses_to_remove_a_row_that_is_not_there(path):
    with pytest.raises(ValueError, match=path):
        without_row(CONTENT, path)


def test_refuses_a_row_the_form_does_not_have():
    with pytest.raises(ValueError, match="warnings"):
        with_row(CONTENT, "warnings")


def test_knows_an_empty_chapter():
    assert is_empty(CONTENT, SectionKey.HISTORY)
    assert is_empty({"basic_info": {"present": False, "items": []}}, SectionKey.BASIC_INFO)
    assert not is_empty(CONTENT, SectionKey.LONG_TERM)


@given(st.text(max_size=60))
def test_any_text_can_be_typed_into_any_box(text):
    for field in fields(CONTENT):
        after, errors = apply_edits(CONTENT, {field.path: text})
        assert errors or isinstance(after, dict)


@given(st.sampled_from(["overview", "results.0.effect", "councils.0.name"]), st.text(max_size=30))
def test_what_was_put_is_found(path, value):
    content = deepcopy(CONTENT)
    put(content, path, value)
    assert at(content, path) == value
