"""謝金 and 旅費 of a body in a year or a month, attendance by attendance, for the accounts. Names, and no category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from nimo.community.councils.choices.bodies import Standing, Stated
from nimo.community.councils.choices.meetings import Attendance, MeetingState, MeetingWay
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.queries.posts import former_pay, pay_of
from nimo.community.councils.rules.payments import (
    THERE,
    Came,
    Payment,
    Seat,
    Totals,
    by_payee,
    pay_on,
    payments,
    totals,
)
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """lines, people: tables. missing: what keeps the list from being whole, in words, without a name."""

    lines: Table
    people: Table
    sums: list[Definition]
    missing: list[str]


def month_choices() -> list[tuple[str, str]]:
    return [("", "1年分"), *((str(month), f"{month}月") for month in MONTHS)]


def _meetings(body: Body, year: FiscalYear, month: int | None) -> list[Meeting]:
    rows = Meeting.objects.filter(body=body, fiscal_year=year.year, state=MeetingState.HELD)
    if month is not None:
        rows = rows.filter(held_on__month=month)
    return list(rows.order_by("held_on", "id"))


def _came(body: Body, meetings: Sequence[Meeting]) -> list[Came]:
    """Everybody from a seat who was asked. Whether a written meeting is paid says the 要綱 of its day."""
    by_id = {one.pk: one for one in meetings}
    place = {one.pk: number for number, one in enumerate(meetings)}
    regulations = list(Regulation.objects.filter(body=body).order_by("-effective_from"))
    attendees = (
        Attendee.objects.filter(meeting__in=list(by_id), holding__isnull=False, attendance__in=THERE)
        .select_related("holding")
        .order_by("position", "pk")
    )
    former = former_pay({one.holding_id for one in attendees if one.holding_id})
    found = []
    for one in sorted(attendees, key=lambda row: place[row.meeting_id]):
        meeting, holding = by_id[one.meeting_id], one.holding
        assert meeting.held_on is not None
        assert holding is not None
        day = meeting.held_on
        rule = next((rule for rule in regulations if rule.effective_from <= day), None)
        paid = rule is not None and (rule.effective_to is None or day < rule.effective_to)
        found.append(
            Came(
                meeting.pk,
                day,
                meeting.title,
                MeetingWay(meeting.way),
                holding.participant_id,
                one.name,
                one.proxy_name,
                Attendance(one.attendance),
                Seat(Standing(one.standing), pay_on(day, pay_of(holding), former[holding.pk])),
                paid and rule is not None and rule.written_paid == Stated.YES,
            )
        )
    return found


def _missing(meetings: Sequence[Meeting], sums: Totals) -> list[str]:
    """Absent is not zero: a meeting without names on record may have been attended by people who are paid."""
    ids = [one.pk for one in meetings]
    asked: Counter[object] = Counter(Attendee.objects.filter(meeting__in=ids).values_list("meeting_id", flat=True))
    rows = Attendee.objects.filter(meeting__in=ids, attendance=Attendance.UNRECORDED)
    unrecorded: Counter[object] = Counter(rows.values_list("meeting_id", flat=True))
    said = []
    for one in meetings:
        assert one.held_on is not None
        name = f"{to_wareki(one.held_on)} {one.title}"
        if not asked[one.pk]:
            said.append(f"{name}：だれが出席したかの記録がないため、この一覧に入っていません。")
        elif unrecorded[one.pk]:
            said.append(f"{name}：出欠が未記録の人が{unrecorded[one.pk]}人います。その人は一覧に入っていません。")
    if sums.open:
        said.append(
            f"額の決まっていない行が{sums.open}行あります。合計は、決まっている額だけです。備考を確かめてください。"
        )
    guests = Attendee.objects.filter(meeting__in=ids, holding__isnull=True, attendance__in=THERE).count()
    if guests:
        said.append(
            f"席のない人（招いた人など）の出席が延べ{guests}人あります。額の記録がないため、一覧に入っていません。"
        )
    return said


def payment_page(body: Body, year: FiscalYear, month: int | None) -> PaymentPage:
    meetings = _meetings(body, year, month)
    lines = payments(_came(body, meetings))
    sums = totals(lines)
    missing = _missing(meetings, sums)
    unknown = not lines and bool(missing)  # nobody's attendance is on record: that is no sum of 0 yen
    period = f"{year.label}{f' {month}月' if month else ''}"
    href = reverse("councils:payment_list", args=[body.pk, year.year])
    query = f"month={month}&" if month else ""
    return PaymentPage(
        _lines(lines, sums, period, f"{href}?{query}format=csv"),
        _people(lines, sums, period, f"{href}?{query}format=csv&table=people"),
        [
            Definition("期間", period),
            Definition("開催した会議", f"{len(meetings)}回"),
            Definition("支払いの行", f"{sums.lines}行（うち額の決まっていないところのある行 {sums.open}行）"),
            Definition("謝金の合計", None if unknown else f"{sums.fee:,}円"),
            Definition("旅費の合計", None if unknown else f"{sums.travel:,}円"),
            Definition("合計", None if unknown else f"{sums.total:,}円"),
        ],
        missing,
    )


def _lines(lines: Sequence[Payment], sums: Totals, period: str, href: str) -> Table:
    rows: list[Row] = [
        {
            "day": to_wareki(line.came.held_on),
            "meeting": line.came.title,
            "name": Cell(line.payee or "氏名の記録なし", tone=None if line.payee else "warning"),
            "came": line.came.attendance.label,
            "fee": line.fee,
            "travel": line.travel,
            "total": line.total,
            "note": "、".join(line.notes) or None,
        }
        for line in lines
    ]
    if rows:
        rows.append({"day": "合計", "fee": sums.fee, "travel": sums.travel, "total": sums.total})
    return Table(
        id="payments",
        caption=f"出席ごとの謝金・旅費（{period}）",
        columns=[
            Column("day", "開催日", is_row_header=True),
            Column("meeting", "会議"),
            Column("name", "支払う相手"),
            Column("came", "出欠"),
            Column("fee", "謝金（円）", align="end"),
            Column("travel", "旅費（円）", align="end"),
            Column("total", "計（円）", align="end"),
            Column("note", "備考"),
        ],
        rows=rows,
        csv_href=href,
        empty=EmptyState(
            "支払いのある出席は、記録されていません",
            "会議に招集し、当日の出欠を氏名ごとに記録すると、席の謝金・旅費から一覧ができます。",
        ),
        note="空いている額は、まだ決まっていないものです。0円とは別に示します。合計は、決まっている額だけです。",
    )


def _people(lines: Sequence[Payment], sums: Totals, period: str, href: str) -> Table:
    rows: list[Row] = [
        {
            "name": payee or "氏名の記録なし",
            "times": one.lines,
            "fee": one.fee,
            "travel": one.travel,
            "total": one.total,
            "note": f"額の決まっていない行 {one.open}" if one.open else None,
        }
        for payee, one in by_payee(lines)
    ]
    if rows:
        rows.append({"name": "合計", "times": sums.lines, "fee": sums.fee, "travel": sums.travel, "total": sums.total})
    return Table(
        id="payees",
        caption=f"相手ごとの合計（{period}）",
        columns=[
            Column("name", "支払う相手", is_row_header=True),
            Column("times", "回数", align="end"),
            Column("fee", "謝金（円）", align="end"),
            Column("travel", "旅費（円）", align="end"),
            Column("total", "計（円）", align="end"),
            Column("note", "備考"),
        ],
        rows=rows,
        csv_href=href,
    )
