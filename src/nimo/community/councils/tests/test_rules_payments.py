from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.councils.choices.bodies import Standing
from nimo.community.councils.choices.meetings import Attendance, MeetingWay
from nimo.community.councils.rules.payments import (
    ACTUAL,
    NO_NAME,
    UNDECIDED,
    Came,
    Pay,
    Seat,
    by_payee,
    pay_on,
    payment_for,
    payments,
    totals,
)

PAID = Seat(Standing.MEMBER, Pay(8_000, True, 1_200))
CAME = Came(
    UUID(int=1),
    date(2026, 11, 2),
    "第1回",
    MeetingWay.IN_PERSON,
    UUID(int=7),
    "架空 花子",
    "",
    Attendance.PRESENT,
    PAID,
)


def _sum(came):
    line = payment_for(came)
    return None if line is None else (line.payee, line.fee, line.travel)


def test_who_came_is_paid_the_fee_and_the_way():
    assert _sum(CAME) == ("架空 花子", 8_000, 1_200)


@pytest.mark.parametrize("attendance", [Attendance.ABSENT, Attendance.UNRECORDED])
def test_who_did_not_come_or_of_whom_nobody_knows_is_not_on_the_list(attendance):
    assert payment_for(replace(CAME, attendance=attendance)) is None


@pytest.mark.parametrize(
    "came",
    [
        replace(CAME, attendance=Attendance.ONLINE),
        replace(CAME, way=MeetingWay.ONLINE),
        replace(CAME, way=MeetingWay.BOTH, attendance=Attendance.ONLINE),
        replace(CAME, way=MeetingWay.WRITTEN, written_paid=True),
    ],
)
def test_nobody_travels_to_a_screen_or_to_a_letter(came):
    assert _sum(came) == ("架空 花子", 8_000, 0)


def test_a_written_meeting_is_paid_only_where_the_regulation_says_so():
    assert payment_for(replace(CAME, way=MeetingWay.WRITTEN)) is None


def test_a_proxy_is_paid_and_not_the_one_who_stayed_away():
    line = payment_for(replace(CAME, attendance=Attendance.PROXY, proxy_name="架空 次郎"))
    assert (line.payee, line.total, line.notes) == ("架空 次郎", 9_200, ("架空 花子の代理",))


def test_a_proxy_without_a_name_is_asked_for_and_in_no_sum():
    line = payment_for(replace(CAME, attendance=Attendance.PROXY))
    assert line.total is None
    assert NO_NAME in line.notes
    assert totals([line]).total == 0
    assert totals([line]).open == 1


def test_who_declined_is_not_on_the_list_and_who_declined_only_the_fee_gets_the_way():
    assert payment_for(replace(CAME, seat=Seat(Standing.MEMBER, Pay(0, False, None)))) is None
    assert _sum(replace(CAME, seat=Seat(Standing.MEMBER, Pay(0, True, 1_200)))) == ("架空 花子", 0, 1_200)
    assert (
        payment_for(replace(CAME, seat=Seat(Standing.MEMBER, Pay(0, True, 900)), attendance=Attendance.ONLINE)) is None
    )


def test_a_fee_nobody_decided_stands_there_without_an_amount_for_members_only():
    line = payment_for(replace(CAME, seat=Seat(Standing.MEMBER, Pay(None, False, None))))
    assert (line.fee, line.total, line.notes) == (None, None, (UNDECIDED,))
    for standing in (Standing.SECRETARIAT, Standing.GUEST, Standing.OBSERVER):
        assert payment_for(replace(CAME, seat=Seat(standing, Pay(None, False, None)))) is None


def test_travel_at_cost_is_asked_for():
    line = payment_for(replace(CAME, seat=Seat(Standing.MEMBER, Pay(8_000, True, None))))
    assert (line.fee, line.travel, line.total, line.notes) == (8_000, None, None, (ACTUAL,))
    assert (totals([line, payment_for(CAME)]).total, totals([line]).open) == (17_200, 1)


def test_a_person_in_two_seats_is_paid_once_for_a_meeting():
    lines = payments([CAME, replace(CAME, seat=Seat(Standing.MEMBER, Pay(9_000, True, 1_200)))])
    assert [line.total for line in lines] == [10_200]
    other = replace(CAME, meeting=UUID(int=2))
    assert [line.total for line in payments([CAME, other])] == [9_200, 9_200]


def test_two_people_of_one_name_are_not_added_up():
    lines = payments([CAME, replace(CAME, person=UUID(int=8))])
    assert [(payee, one.total) for payee, one in by_payee(lines)] == [("架空 花子", 9_200), ("架空 花子", 9_200)]


def test_what_held_on_a_day_is_the_amount_before_the_next_one_began():
    first, second, now = Pay(8_000, False, None), Pay(9_000, False, None), Pay(0, True, 600)
    former = [(date(2026, 10, 1), second), (date(2026, 4, 1), first)]
    held = [pay_on(day, now, former) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 9, 30))]
    assert held == [first, second, second]
    assert pay_on(date(2026, 10, 1), now, former) == pay_on(date(2030, 1, 1), now, former) == now


@st.composite
def attendances(draw):
    yen = st.none() | st.integers(0, 50_000)
    seat = Seat(draw(st.sampled_from(Standing)), Pay(draw(yen), draw(st.booleans()), draw(yen)))
    return replace(
        CAME,
        meeting=UUID(int=draw(st.integers(1, 4))),
        person=UUID(int=draw(st.integers(1, 4))),
        way=draw(st.sampled_from(MeetingWay)),
        proxy_name=draw(st.sampled_from(["", "架空 次郎"])),
        attendance=draw(st.sampled_from(Attendance)),
        seat=seat,
        written_paid=draw(st.booleans()),
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(attendances(), max_size=20))
def test_the_sums_of_the_people_are_the_sum_of_the_list_and_nothing_is_paid_to_the_absent(rows):
    lines = payments(rows)
    whole, people = totals(lines), by_payee(lines)
    assert whole.total == sum((line.fee or 0) + (line.travel or 0) for line in lines)
    assert whole.open == sum(line.fee is None or line.travel is None for line in lines)
    assert (sum(one.fee for _, one in people), sum(one.travel for _, one in people)) == (whole.fee, whole.travel)
    assert sum(one.lines for _, one in people) == whole.lines == len(lines)
    for line in lines:
        assert line.came.attendance in {Attendance.PRESENT, Attendance.ONLINE, Attendance.PROXY}
        assert line.total is None or isinstance(line.total, int)
        assert line.total != 0
    present = [(one.came.meeting, one.came.person) for one in lines if one.came.attendance is not Attendance.PROXY]
    assert len(present) == len(set(present))
