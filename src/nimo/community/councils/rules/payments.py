"""What is paid to whom for one attendance: 謝金 and 旅費 in whole yen, and what a person has to look at first.

Nothing is guessed. Who did not come, who declined (a fee of 0) and whose attendance nobody recorded is not on the list; a
fee that is not decided, travel at cost and a proxy without a name stand on it without an amount: the sums are of what is
decided, and say how many lines are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from nimo.community.councils.choices.bodies import Standing
from nimo.community.councils.choices.meetings import Attendance, MeetingWay

THERE = frozenset({Attendance.PRESENT, Attendance.ONLINE, Attendance.PROXY})
UNDECIDED = "謝金が決まっていません"
NO_NAME = "代理の人の氏名が記録されていません"
ACTUAL = "旅費は実費"
TWO_SEATS = "席が二つあるため、1回分です"
WRITTEN = "書面開催（要綱により支払い）"


@dataclass(frozen=True, slots=True)
class Pay:
    """What is agreed for one attendance. fee_yen None: not decided; 0: none is paid, or it was declined.
    travel_yen None while travel is paid: what it really cost."""

    fee_yen: int | None
    travel_paid: bool
    travel_yen: int | None

    @property
    def is_open(self) -> bool:
        """Nobody has agreed on anything yet."""
        return self.fee_yen is None and not self.travel_paid


def pay_on(day: date, now: Pay, former: Iterable[tuple[date, Pay]]) -> Pay:
    """What held on a day. former: (the first day on which it was no longer paid, what it was), in any order."""
    past = [(until, pay) for until, pay in former if day < until]
    return min(past, key=lambda one: one[0])[1] if past else now


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat on the day of a meeting: in what standing, and what was agreed with the person in it."""

    standing: Standing
    pay: Pay


@dataclass(frozen=True, slots=True)
class Came:
    """One person asked to one meeting, and what was recorded of the day. person: who sits in the seat."""

    meeting: UUID
    held_on: date
    title: str
    way: MeetingWay
    person: UUID
    name: str
    proxy_name: str
    attendance: Attendance
    seat: Seat
    written_paid: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """One line. fee, travel: yen, None where somebody has to say first; total is None as long as anything is."""

    came: Came
    payee: str
    fee: int | None
    travel: int | None
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        return self.fee + self.travel if self.fee is not None and self.travel is not None else None


@dataclass(frozen=True, slots=True)
class Totals:
    """Whole yen of what is decided; open: lines of which an amount is still to be said."""

    lines: int
    fee: int
    travel: int
    open: int

    @property
    def total(self) -> int:
        return self.fee + self.travel


def payment_for(came: Came) -> Payment | None:
    """The line of one attendance; None: nothing is paid for it."""
    seat, pay = came.seat, came.seat.pay
    if came.attendance not in THERE or (came.way is MeetingWay.WRITTEN and not came.written_paid):
        return None
    on_site = came.way is not MeetingWay.WRITTEN and came.way is not MeetingWay.ONLINE
    travels = pay.travel_paid and on_site and came.attendance is not Attendance.ONLINE
    if pay.fee_yen is None and seat.standing is not Standing.MEMBER and not travels:
        return None  # the secretariat and guests: nobody agreed on a fee, and none is expected
    fee = pay.fee_yen if pay.fee_yen is not None or seat.standing is Standing.MEMBER else 0
    if fee == 0 and not travels:
        return None
    travel = pay.travel_yen if travels else 0
    notes = [WRITTEN] if came.way is MeetingWay.WRITTEN else []
    notes += [UNDECIDED] if fee is None else []
    notes += [ACTUAL] if travel is None else []
    payee = came.name
    if came.attendance is Attendance.PROXY:
        payee = came.proxy_name.strip()
        notes.append(f"{came.name}の代理")
        if not payee:
            return Payment(came, "", None, None, (*notes, NO_NAME))
    return Payment(came, payee, fee, travel, tuple(notes))


def payments(rows: Iterable[Came]) -> list[Payment]:
    """The lines in the order given; a person who holds two seats is paid once for a meeting, for the better one."""
    lines: list[Payment] = []
    known: dict[tuple[UUID, UUID], int] = {}
    for line in map(payment_for, rows):
        if line is None:
            continue
        key = (line.came.meeting, line.came.person)
        if line.came.attendance is Attendance.PROXY or key not in known:
            if line.came.attendance is not Attendance.PROXY:
                known[key] = len(lines)
            lines.append(line)
            continue
        better = max(lines[known[key]], line, key=_worth)
        lines[known[key]] = replace(better, notes=(*better.notes, TWO_SEATS))
    return lines


def _worth(line: Payment) -> int:
    return (line.fee or 0) + (line.travel or 0)


def totals(lines: Sequence[Payment]) -> Totals:
    return Totals(
        len(lines),
        sum(line.fee for line in lines if line.fee is not None),
        sum(line.travel for line in lines if line.travel is not None),
        sum(line.total is None for line in lines),
    )


def by_payee(lines: Sequence[Payment]) -> list[tuple[str, Totals]]:
    """Sums of each person, in the order of the first line. Two of the same name are told apart by who they are."""
    groups: dict[tuple[str, str], list[Payment]] = {}
    for line in lines:
        who = "" if line.came.attendance is Attendance.PROXY else str(line.came.person)
        groups.setdefault((line.payee, who), []).append(line)
    return [(payee, totals(group)) for (payee, _), group in groups.items()]
