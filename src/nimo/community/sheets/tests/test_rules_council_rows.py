"""What the records of meetings say in the form's words, and what may be done with each cell."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.rules.council_rows import (
    CouncilRecord,
    Held,
    content_words,
    free_rows,
    frequency_words,
    in_one_press,
    matched_rows,
    note_words,
    offers,
)
from nimo.community.sheets.rules.edits import changed_paths
from nimo.community.sheets.rules.fields import without_row
from nimo.community.sheets.rules.origins import kept_origins
from nimo.community.sheets.rules.pasting import moved_row

TODAY = date(2026, 11, 20)


def _record(name: str = "架空市 協議の場", body_id: str = "b1", **more) -> CouncilRecord:
    texts = {"name": name, "members": "架空病院\n架空保健所", "frequency": "年2回", "content": "", "note": "事実。"}
    return CouncilRecord(body_id, name, texts, dict.fromkeys(texts, "/councils/"), **more)


def _row(name=None, **cells):
    return {"name": name, "members": [], "frequency": None, "content": None, "note": None} | cells


def _states(offer):
    return {cell.cell: cell.state for cell in offer.cells}


def test_a_year_nobody_recorded_is_not_spoken_of_and_a_decided_none_is():
    assert frequency_words("年2回", 2026, None, None, None, TODAY) == "年2回"
    assert frequency_words("", 2026, None, None, None, TODAY) == ""
    assert frequency_words("年2回", 2026, 0, None, None, TODAY) == "年2回（令和7年度は開催なし）"


def test_a_year_under_way_says_until_when_it_was_counted():
    words = frequency_words("年2回", 2026, 4, 1, date(2026, 11, 2), TODAY)
    assert words == "年2回（令和7年度は4回開催、令和8年度は令和8年11月2日までに1回開催）"
    assert frequency_words("", 2024, None, 3, date(2025, 2, 1), TODAY) == "令和6年度は3回開催"


def test_every_meeting_has_a_line_with_its_public_items():
    held = [Held("第1回", date(2026, 6, 1), "対面", ("住まい", "救急")), Held("第2回", date(2026, 7, 1), "オンライン")]
    assert content_words(held) == "第1回（令和8年6月1日、対面）：住まい、救急\n第2回（令和8年7月1日、オンライン）"


def test_the_note_holds_facts_and_nothing_nobody_recorded():
    assert note_words(2026, (), None, (), None) == ""
    assert note_words(2026, ("研修",), 12, (("保健", 8), ("その他", 4)), 0) == (
        "研修を兼ねる。\n令和8年度の参加者は延べ12人（保健 8人、その他 4人）。\n目標の設定・評価を行った会議は0回。"
    )


def test_an_empty_sheet_is_filled_with_what_the_records_say_and_no_more():
    [offer] = offers([], [_record()], {})
    assert offer.row is None
    assert _states(offer) == {"name": "fill", "members": "fill", "frequency": "fill", "note": "fill"}
    assert in_one_press(offer, [])


def test_a_new_row_waits_for_a_person_where_a_row_stands_that_might_be_the_same():
    rows = [_row("第1回協議の場")]
    [offer] = offers(rows, [_record()], {})
    free = free_rows(rows, matched_rows(rows, [_record()], {}))
    assert free == [0]
    assert not in_one_press(offer, free)


def test_a_body_outside_the_region_or_its_circle_never_goes_in_with_the_others():
    [offer] = offers([], [_record(in_bulk=False)], {})
    assert not in_one_press(offer, [])


def test_a_row_belongs_to_the_body_of_its_name_however_it_is_written():
    rows = [_row("架空市　協議の場", frequency="年３回", members=["架空病院", "架空保健所"])]
    [offer] = offers(rows, [_record()], {})
    assert offer.row == 0
    assert _states(offer) == {"name": "differs", "members": "same", "frequency": "differs", "note": "fill"}


def test_two_rows_of_one_name_belong_to_nobody_until_a_person_says_so():
    rows = [_row("架空市 協議の場"), _row("架空市 協議の場")]
    assert matched_rows(rows, [_record()], {}) == {}


def test_what_was_filled_may_be_filled_again_and_what_was_typed_may_not():
    origins = {"councils.0.frequency": {"filled": "年1回", "body": "b1"}, "councils.0.note": {"body": "b1"}}
    rows = [_row("別の名", frequency="年1回", note="担当者の文")]
    [offer] = offers(rows, [_record()], origins)
    assert (_states(offer)["frequency"], _states(offer)["note"]) == ("moved", "differs")
    rows[0]["frequency"] = "年1回 くらい"
    assert _states(offers(rows, [_record()], origins)[0])["frequency"] == "differs"


def test_a_record_that_was_taken_back_leaves_what_was_filled_from_it_to_be_filled_again():
    origins = {"councils.0.note": {"filled": "事実。\n取り消した会議。", "body": "b1"}}
    [offer] = offers([_row("架空市 協議の場", note="事実。\n取り消した会議。")], [_record()], origins)
    assert _states(offer)["note"] == "moved"


def test_words_a_person_added_below_the_records_are_no_difference():
    [offer] = offers([_row("架空市 協議の場", note="事実。\n課題は住まい。")], [_record()], {})
    assert _states(offer)["note"] == "same"


@settings(max_examples=40)
@given(st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=5, unique=True), st.data())
def test_origins_go_with_their_rows_and_never_to_another(names, data):
    before = {"councils": [_row(name, frequency="年2回") for name in names]}
    origins = {f"councils.{place}.frequency": {"body": name} for place, name in enumerate(names)}
    place = data.draw(st.integers(0, len(names) - 1))
    path = f"councils.{place}"
    after = (
        without_row(before, path) if data.draw(st.booleans()) else moved_row(before, path, up=data.draw(st.booleans()))
    )
    kept = kept_origins(before, after, SectionKey.COUNCILS, origins, changed_paths(before, after))
    assert {(after["councils"][int(one.split(".")[1])]["name"], origin["body"]) for one, origin in kept.items()} == {
        (row["name"], row["name"]) for row in after["councils"]
    }


def test_an_edited_row_keeps_the_origins_of_the_cells_nobody_touched():
    before = {"councils": [_row("甲", frequency="年2回", note="事実。")]}
    after = {"councils": [_row("甲", frequency="年2回", note="直した文")]}
    origins = {"councils.0.frequency": {"body": "b"}, "councils.0.note": {"body": "b"}}
    kept = kept_origins(before, after, SectionKey.COUNCILS, origins, changed_paths(before, after))
    assert list(kept) == ["councils.0.frequency"]
