"""How far a body is, as one word."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.reports.choices import AnswerWay, PacketState, Standing
from nimo.community.reports.rules.collecting import SheetFacts, is_overdue, progress, standing, who_to_remind
from nimo.community.sheets.choices import DocumentState, UploadState

DUE, AFTER = date(2026, 11, 30), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("facts", "more", "expected"),
    [
        (SheetFacts(), {}, Standing.UNTOUCHED),
        (SheetFacts(DocumentState.DRAFTING), {}, Standing.WRITING),
        (SheetFacts(DocumentState.DRAFTING, editions=1), {}, Standing.RETURNED),
        (SheetFacts(DocumentState.CHECKING), {}, Standing.IN_HANDS),
        (SheetFacts(DocumentState.DECIDED), {}, Standing.IN_HANDS),
        (SheetFacts(DocumentState.SUBMITTED, editions=1), {}, Standing.SUBMITTED),
        (SheetFacts(DocumentState.SUBMITTED, editions=2, confirmed=True), {}, Standing.SUBMITTED),
        (SheetFacts(DocumentState.ACCEPTED, editions=1, confirmed=True), {}, Standing.DONE),
        (SheetFacts(confirmed=True), {"way": AnswerWay.WORKBOOK, "packet": PacketState.BACK}, Standing.DONE),
        (SheetFacts(), {"way": AnswerWay.WORKBOOK}, Standing.UNTOUCHED),
        (SheetFacts(), {"way": AnswerWay.WORKBOOK, "packet": PacketState.OUT}, Standing.WORKBOOK_OUT),
        (SheetFacts(), {"way": AnswerWay.WORKBOOK, "packet": PacketState.BACK}, Standing.WORKBOOK_BACK),
        (
            SheetFacts(),
            {"way": AnswerWay.WORKBOOK, "packet": PacketState.BACK, "upload": UploadState.FAILED},
            Standing.WORKBOOK_OUT,
        ),
        (SheetFacts(DocumentState.DRAFTING), {"excused": True}, Standing.EXCUSED),
    ],
)
def test_says_how_far_a_body_is(facts, more, expected):
    assert standing(facts, **{"excused": False, "way": AnswerWay.INSIDE, "packet": None, **more}) is expected


@given(st.lists(st.sampled_from(Standing), max_size=40))
def test_every_body_that_is_asked_is_counted_once(all_of_them):
    counted = progress(all_of_them, DUE, AFTER)
    assert counted.done + counted.waiting + counted.unfinished == counted.asked
    assert counted.overdue == counted.unfinished
    assert progress(all_of_them, DUE, DUE).overdue == 0


@given(st.lists(st.sampled_from(Standing), max_size=40))
def test_reminds_exactly_those_that_are_late_after_the_date(all_of_them):
    numbered = [(str(number), one) for number, one in enumerate(all_of_them)]
    late = [number for number, one in numbered if is_overdue(one, DUE, AFTER)]
    assert who_to_remind(numbered) == late
