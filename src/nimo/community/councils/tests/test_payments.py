from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from nimo.community.councils.choices.bodies import Category, Standing, Stated
from nimo.community.councils.choices.meetings import Attendance, MeetingWay, Reply, ReplyChannel
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.models.posts import FormerPay, Holding
from nimo.community.councils.queries.bodies import body_page, body_table
from nimo.community.councils.queries.meetings import Wanted, meeting_table, meetings_of, year_choices
from nimo.community.councils.queries.payments import payment_page
from nimo.community.councils.queries.posts import fee_table, pay_path
from nimo.community.councils.rules.regulations import Terms
from nimo.community.councils.services.calls import Slip, call_meeting, enter_replies, record_attendance
from nimo.community.councils.services.meetings import MeetingFacts, hold_meeting, plan_meeting
from nimo.community.councils.services.posts import UnableToChangePost, become_member, edit_holding
from nimo.community.councils.services.reading import READ_NAMES
from nimo.community.councils.services.regulations import add_regulation
from nimo.community.councils.tests.meeting_support import CITY, body_of, seat_five
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.audit.models import Entry
from tests.journeys.people import signed_in
from tests.support.people import NOW, load_places, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
YEAR = FiscalYear(2026)
CAME = (Attendance.PRESENT, Attendance.ONLINE, Attendance.PROXY, Attendance.ABSENT, Attendance.PRESENT)


@pytest.fixture
def office():
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    actor = actor_for_user(user, NOW)
    body = body_of(actor)
    seats = seat_five(body)
    for place, held in enumerate(seats):
        fee = 0 if place == 4 else 8_000
        edit_holding(
            actor=actor,
            holding_id=held.pk,
            version=1,
            term_to=None,
            fee_yen=fee,
            travel_paid=place < 3,
            travel_yen=500 * (place + 1),
        )
    return actor, body, signed_in(user)


def _met(actor, body, day, *, way=MeetingWay.IN_PERSON, came=CAME, proxy="架空 代理人"):
    """Called, slips in, held, attendance by name."""
    answer_by = day if way is MeetingWay.WRITTEN else None
    facts = MeetingFacts(held_on=day, way=way, answer_by=answer_by)
    meeting = plan_meeting(actor=actor, body_id=body.pk, facts=facts, regulation_read=True)
    call_meeting(actor=actor, meeting_id=meeting.pk, version=meeting.version, answer_by=answer_by)
    rows = list(meeting.attendees.order_by("position"))
    slips = {rows[2].pk: Slip(rows[2].version, Reply.PROXY, proxy)}
    enter_replies(actor=actor, meeting_id=meeting.pk, channel=ReplyChannel.FAX, slips=slips)
    meeting.refresh_from_db()
    facts = replace(facts, summary="話し合った")
    hold_meeting(
        actor=actor,
        meeting_id=meeting.pk,
        version=meeting.version,
        facts=facts,
        counts={Category.OTHER: 4},
        regulation_read=True,
    )
    there = {row.pk: (one, None) for row, one in zip(rows, came, strict=True)}
    record_attendance(actor=actor, meeting_id=meeting.pk, there=there)
    return meeting


def _lines(body, month=None, year=YEAR):
    rows = payment_page(body, year, month).lines.rows
    return [(row["name"].text, row["fee"], row["travel"]) for row in rows if "name" in row]


def test_a_meeting_is_paid_person_by_person_and_who_was_absent_or_declined_is_not_there(office):
    actor, body, _ = office
    _met(actor, body, date(2026, 11, 2))
    assert _lines(body) == [("館野 一郎", 8_000, 500), ("板倉 夏子", 8_000, 0), ("架空 代理人", 8_000, 1_500)]
    page = payment_page(body, YEAR, None)
    assert page.lines.rows[-1] == {"day": "合計", "fee": 24_000, "travel": 2_000, "total": 26_000}
    assert page.missing == []
    said = str(page.lines) + str(page.people)
    assert "千代田 実" not in said  # absent
    assert "明和 春香" not in said  # 0 yen


def test_a_year_is_the_sum_of_its_months_and_of_its_people(office):
    actor, body, _ = office
    _met(actor, body, date(2026, 10, 5))
    _met(actor, body, date(2026, 11, 2))
    assert len(_lines(body)) == 6
    assert len(_lines(body, 10)) == 3
    assert _lines(body, 12) == _lines(body, year=FiscalYear(2025)) == []
    people = {row["name"]: (row["times"], row["total"]) for row in payment_page(body, YEAR, None).people.rows}
    assert people["館野 一郎"] == (2, 17_000)
    assert people["合計"] == (6, 52_000)


@pytest.mark.parametrize(("paid", "number"), [(Stated.UNSTATED, 0), (Stated.NO, 0), (Stated.YES, 3)])
def test_a_written_meeting_is_paid_where_the_regulation_of_its_day_says_so(office, paid, number):
    actor, body, _ = office
    terms = Terms("要綱", written=Stated.YES, written_paid=paid)
    add_regulation(actor=actor, body_id=body.pk, terms=terms, effective_from=date(2024, 4, 1))
    later = Terms("新しい要綱", written=Stated.YES, written_paid=Stated.NO)
    add_regulation(actor=actor, body_id=body.pk, terms=later, effective_from=date(2026, 12, 1))
    _met(actor, body, date(2026, 11, 2), way=MeetingWay.WRITTEN)
    assert len(_lines(body)) == number
    assert all(travel == 0 for _, _, travel in _lines(body))


def test_what_nobody_recorded_or_decided_is_said_and_not_taken_for_nothing(office):
    actor, body, _ = office
    first = Holding.objects.order_by("post__position")[0]
    edit_holding(
        actor=actor,
        holding_id=first.pk,
        version=2,
        term_to=None,
        fee_yen=None,
        travel_paid=False,
        pay_from=first.valid_from,
    )
    _met(actor, body, date(2026, 11, 2), came=(*CAME[:1], *[Attendance.UNRECORDED] * 4))
    Meeting.objects.create(
        body=body,
        title="名簿のない回",
        fiscal_year=2026,
        held_on=date(2026, 11, 9),
        state="held",
        created_at=NOW,
        recorded_by_name="架空",
    )
    page = payment_page(body, YEAR, None)
    assert len(page.missing) == 3
    assert "未記録の人が4人" in page.missing[0]
    assert "名簿のない回" in page.missing[1]
    assert "額の決まっていない行が1行" in page.missing[2]
    assert page.lines.rows[-1]["total"] == 0


def test_another_amount_leaves_the_lists_of_past_meetings_as_they_were(office):
    actor, body, client = office
    _met(actor, body, date(2026, 10, 5))
    _met(actor, body, date(2026, 11, 2))
    first = Holding.objects.order_by("post__position")[0]
    terms = {"actor": actor, "holding_id": first.pk, "term_to": None, "travel_paid": True, "travel_yen": 500}

    def paid():
        return [fee for name, fee, _ in _lines(body) if name == "館野 一郎"]

    edit_holding(**terms, version=2, fee_yen=9_000)  # from today on
    assert paid() == [8_000, 8_000]
    edit_holding(**terms, version=3, fee_yen=9_500, pay_from=date(2026, 12, 1))
    assert paid() == [8_000, 8_000]
    said = pay_path(Holding.objects.get(pk=first.pk)).rows
    assert [row["fee"] for row in said] == ["8,000円", "9,000円", "9,500円"]
    assert [row["to"] for row in said][-2:] == ["令和8年11月30日", "（続く）"]
    assert "9,500円" in client.get(f"/councils/holdings/{first.pk}/").content.decode()
    with pytest.raises(UnableToChangePost, match="令和8年12月1日からの額"):
        edit_holding(**terms, version=4, fee_yen=1, pay_from=date(2026, 11, 1))
    assert Holding.objects.get(pk=first.pk).version == 4
    edit_holding(**terms, version=4, fee_yen=9_600, pay_from=date(2026, 12, 1))  # a slip of the same day's amount
    assert [row.fee_yen for row in FormerPay.objects.filter(holding=first)] == [8_000, 9_000]
    assert fee_table(body, date(2026, 12, 1)).rows[0]["fee"] == 9_600
    assert fee_table(body, date(2026, 11, 30)).rows[0]["fee"] == 9_000


def test_a_desk_that_comes_second_changes_no_amount_of_any_day(office):
    actor, _, _ = office
    first = Holding.objects.order_by("post__position")[0]
    terms = {"actor": actor, "holding_id": first.pk, "version": 2, "term_to": None, "travel_paid": False}
    edit_holding(**terms, fee_yen=9_000, pay_from=date(2026, 12, 1))
    with pytest.raises(UnableToChangePost, match="ほかの人が先に"):
        edit_holding(**terms, fee_yen=7_000, pay_from=date(2027, 4, 1))
    assert pay_path(Holding.objects.get(pk=first.pk)).rows[-1]["fee"] == "9,000円"
    assert [row.until for row in FormerPay.objects.filter(holding=first)] == [date(2026, 12, 1)]
    said = Entry.objects.filter(verb="councils.edit_holding", target_id=str(first.pk)).order_by("id").last()
    changed = json.loads(said.diff)
    assert (changed["fee_yen"], changed["pay_from"]) == ([8_000, 9_000], [None, "2026-12-01"])


def test_who_becomes_a_member_keeps_the_amount_agreed_on_and_the_day_of_the_next(office):
    actor, _, _ = office
    first = Holding.objects.order_by("post__position")[0]
    Holding.objects.filter(pk=first.pk).update(standing=Standing.OBSERVER)
    said = {"actor": actor, "holding_id": first.pk, "version": 2, "term_to": None, "travel_paid": False}
    edit_holding(**said, fee_yen=9_000, pay_from=date(2027, 4, 1))
    member = become_member(actor=actor, holding_id=first.pk, version=3, on=date(2026, 12, 1))
    told = [
        [(row["from"], row["to"], row["fee"]) for row in pay_path(Holding.objects.get(pk=one.pk)).rows]
        for one in (first, member)
    ]
    began, moved, next_fee = to_wareki(first.valid_from), "令和8年12月1日", "令和9年4月1日"
    assert told[0] == [(began, "令和8年11月30日", "8,000円")]
    assert told[1] == [(moved, "令和9年3月31日", "8,000円"), (next_fee, "（続く）", "9,000円")]


def test_an_amount_that_was_open_and_one_that_was_mistyped_are_meant_for_the_whole_time(office):
    actor, body, _ = office
    _met(actor, body, date(2026, 10, 5))
    first = Holding.objects.order_by("post__position")[0]
    terms = {"actor": actor, "holding_id": first.pk, "term_to": None}
    edit_holding(**terms, version=2, fee_yen=None, travel_paid=False, pay_from=first.valid_from)
    assert _lines(body)[0] == ("館野 一郎", None, 0)
    edit_holding(**terms, version=3, fee_yen=7_000, travel_paid=False)
    assert _lines(body)[0] == ("館野 一郎", 7_000, 0)
    assert not FormerPay.objects.filter(holding=first).exists()


def test_a_year_of_which_nobody_recorded_who_came_has_no_sum_rather_than_0_yen(office):
    _, body, _ = office
    assert {one.term: one.text for one in payment_page(body, YEAR, None).sums}["合計"] == "0円"  # no meeting was held
    Meeting.objects.create(
        body=body, title="第1回", fiscal_year=2026, held_on=date(2026, 5, 1), state="held", created_at=NOW
    )
    assert {one.term: one.text for one in payment_page(body, YEAR, None).sums}["合計"] is None


def test_a_guest_is_counted_as_missing_from_the_list(office):
    actor, body, _ = office
    meeting = _met(actor, body, date(2026, 11, 2))
    Attendee.objects.create(
        meeting=meeting, name="架空 客人", standing=Standing.GUEST, attendance=Attendance.PRESENT, position=9
    )
    page = payment_page(body, YEAR, None)
    assert "席のない人（招いた人など）の出席が延べ1人" in page.missing[0]
    assert "客人" not in str(page)


def test_the_list_is_shown_taken_as_csv_and_each_time_one_look_in_the_audit(office):
    actor, body, client = office
    _met(actor, body, date(2026, 11, 2))
    path = f"/councils/bodies/{body.pk}/fees/2026/"
    before = Entry.objects.filter(verb=READ_NAMES).count()
    page = client.get(f"{path}?month=11").content.decode()
    assert "架空 代理人" in page
    assert "26,000円" in page
    rows = client.get(f"{path}?month=11&format=csv").content.decode("utf-8-sig").splitlines()
    assert rows[-1].startswith('"合計"')
    assert "26000" in rows[-1]
    people = client.get(f"{path}?format=csv&table=people").content.decode("utf-8-sig").splitlines()
    assert people[-1].split(",")[4] == "26000"
    assert Entry.objects.filter(verb=READ_NAMES).count() == before + 3
    client.get(f"{path}?month=12")
    assert Entry.objects.filter(verb=READ_NAMES).count() == before + 3  # it named nobody


def test_a_list_of_a_year_that_is_none_or_a_month_that_is_none_is_not_an_error(office):
    _, body, client = office
    assert client.get(f"/councils/bodies/{body.pk}/fees/3000/").status_code == 404
    assert client.get(f"/councils/bodies/{body.pk}/fees/2026/?month=13").status_code == 200


def test_only_who_keeps_the_body_sees_the_payments(office):
    _, body, _ = office
    for role, code in ((Role.MUNICIPAL_OFFICER, "10201"), (Role.PREFECTURE_OFFICER, "10000")):
        client = signed_in(user_of(role, code))
        assert client.get(f"/councils/bodies/{body.pk}/fees/2026/").status_code in {403, 404}


def test_the_lists_ask_the_same_questions_however_much_they_hold(office):
    actor, body, _ = office
    day = itertools.count(1)

    def grow():
        for number in range(2):
            _met(actor, body, date(2026, 9, 1) + timedelta(days=next(day)))
            seat_five(body_of(actor, name=f"架空市の会{next(day)}-{number}"))

    grow()

    def meetings():
        rows = list(meetings_of(actor, body, Wanted())[:50])
        return meeting_table(rows, near=True), year_choices(actor, body)

    for run in (
        lambda: payment_page(body, YEAR, None),
        meetings,
        lambda: body_table(body_page(actor, 1)),
        lambda: fee_table(body, NOW.date()),
    ):
        assert_constant_queries(run, grow)
