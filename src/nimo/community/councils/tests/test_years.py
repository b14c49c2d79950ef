"""The yearly plan against what was done, the computed facts, and the decision of the look back."""

from __future__ import annotations

from datetime import date

import pytest

from nimo.community.councils.choices.bodies import Axis, Category, Origin
from nimo.community.councils.choices.meetings import Attendance, ReferralState, ReviewDecision
from nimo.community.councils.models.meetings import AttendanceCount, Attendee
from nimo.community.councils.models.years import PlannedMeeting, YearReview
from nimo.community.councils.queries.facts import year_facts
from nimo.community.councils.queries.years import fact_lines, year_page
from nimo.community.councils.services.agenda import ItemFacts, put_item
from nimo.community.councils.services.decisions import DecisionFacts, answer_referral, raise_item, record_decision
from nimo.community.councils.services.years import (
    UnableToPlan,
    decide_review,
    drop_line,
    plan_line,
    tie_plan,
    write_review,
)
from nimo.community.councils.tests.meeting_support import OTHER_CITY, body_of, held, seat_five, secretary
from nimo.core.ids import new_id
from nimo.foundation.access.rules import NotVisible
from tests.support.people import load_places

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture
def officer():
    load_places()
    return secretary()


@pytest.fixture
def body(officer):
    return body_of(officer)


def _decide(officer, body, **more):
    given = {
        "fiscal_year": 2026,
        "version": 0,
        "decision": ReviewDecision.CONTINUE,
        "reason": "役割がある",
        "next_year": "",
        "decided_on": date(2026, 11, 20),
    } | more
    return decide_review(actor=officer, body_id=body.pk, **given)


def test_the_facts_are_counted_from_the_records(officer, body):
    meeting = held(officer, body)
    AttendanceCount.objects.create(meeting=meeting, category=Category.PEER, number=1)
    item = put_item(
        actor=officer, meeting_id=meeting.pk, facts=ItemFacts("住まい", axis=Axis.BASE, origin=Origin.WELFARE)
    )
    put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts("あとで分類"))
    record_decision(actor=officer, item_id=item.pk, facts=DecisionFacts("調べる", due_on=date(2026, 11, 1)))
    other = body_of(officer, name="県の会議体")
    referral = raise_item(actor=officer, item_id=item.pk, to_body_id=other.pk, summary="上げる")
    answer_referral(actor=officer, referral_id=referral.pk, version=1, state=ReferralState.ACCEPTED, answer="")
    for number, holding in enumerate(seat_five(body)):
        Attendee.objects.create(
            id=new_id(),
            meeting=meeting,
            holding=holding,
            name="架空",
            standing=holding.standing,
            attendance=Attendance.ABSENT if number == 0 else Attendance.PRESENT,
            spoke=None if number > 2 else number > 0,
        )
    facts = year_facts(body, 2026, officer.today)
    assert (facts.held, facts.items, facts.unclassified, facts.cells) == (1, 2, 1, {"base/welfare": 1})
    assert (facts.decisions, facts.done, facts.overdue) == (1, 0, 1)
    assert (facts.raised, facts.answered) == (1, 1)
    assert (facts.newcomers, facts.counted_meetings, facts.concerned) == (5, 1, 1)
    assert (facts.invited, facts.absent, facts.noted, facts.spoke) == (5, 1, 3, 2)
    assert facts.empty_cells == []  # nothing is said while an item is unclassified


def test_what_nobody_recorded_is_not_zero(officer, body):
    lines = dict(fact_lines(year_facts(body, 2026, officer.today)))
    assert lines["構成員の欠席"] == "記録なし"
    assert lines["計画した会議の開催"] == "記録なし"


def test_the_plan_is_compared_with_what_was_held(officer, body):
    line = plan_line(actor=officer, body_id=body.pk, fiscal_year=2026, month=11, theme="住まい")
    plan_line(actor=officer, body_id=body.pk, fiscal_year=2026, month=2, theme="まとめ")
    meeting = held(officer, body)
    tie_plan(actor=officer, planned_id=line.pk, version=1, meeting_id=meeting.pk)
    facts = year_facts(body, 2026, officer.today)
    assert (facts.planned, facts.planned_held) == (2, 1)
    page = year_page(officer, body, 2026, keeper=True)
    assert [row["month"].text for row in page.plan.rows] == ["11月", "2月"]  # the year begins in April
    with pytest.raises(UnableToPlan, match="結び付いた計画"):
        drop_line(actor=officer, planned_id=line.pk)
    with pytest.raises(UnableToPlan, match="ほかの行"):
        tie_plan(
            actor=officer,
            planned_id=PlannedMeeting.objects.get(month=2).pk,
            version=1,
            meeting_id=meeting.pk,
        )


@pytest.mark.parametrize(("month", "theme", "words"), [(13, "住まい", "1から12"), (4, " ", "テーマ")])
def test_refuses_a_line_that_says_nothing(officer, body, month, theme, words):
    with pytest.raises(UnableToPlan, match=words):
        plan_line(actor=officer, body_id=body.pk, fiscal_year=2026, month=month, theme=theme)


def test_a_decided_review_keeps_the_facts_of_its_day(officer, body):
    held(officer, body)
    review = write_review(actor=officer, body_id=body.pk, fiscal_year=2026, version=0, findings="話し合った")
    _decide(officer, body, version=review.version)
    held(officer, body, day=date(2026, 11, 3))
    page = year_page(officer, body, 2026, keeper=True)
    assert dict(page.facts)["開催した会議"].startswith("1回")
    assert dict(page.outcome)["決めたこと"] == "継続する"
    with pytest.raises(UnableToPlan, match="結論"):
        write_review(
            actor=officer, body_id=body.pk, fiscal_year=2026, version=YearReview.objects.get().version, findings="後で"
        )
    with pytest.raises(UnableToPlan, match="もう記録"):
        _decide(officer, body, version=YearReview.objects.get().version)


def test_refuses_a_decision_without_a_reason_or_before_its_day(officer, body):
    with pytest.raises(UnableToPlan, match="理由"):
        _decide(officer, body, reason=" ")
    with pytest.raises(UnableToPlan, match="まだ来ていません"):
        _decide(officer, body, decided_on=date(2026, 12, 31))
    assert not YearReview.objects.exists()


def test_two_people_writing_one_review_do_not_overwrite_each_other(officer, body):
    first = write_review(actor=officer, body_id=body.pk, fiscal_year=2026, version=0, findings="先の人")
    with pytest.raises(UnableToPlan, match="先に直しました"):
        write_review(actor=officer, body_id=body.pk, fiscal_year=2026, version=first.version - 1, findings="後の人")
    assert YearReview.objects.get().findings == "先の人"


def test_another_office_neither_plans_nor_decides(officer, body):
    stranger = secretary(OTHER_CITY)
    with pytest.raises(NotVisible):
        plan_line(actor=stranger, body_id=body.pk, fiscal_year=2026, month=4, theme="住まい")
    with pytest.raises(NotVisible):
        _decide(stranger, body)
