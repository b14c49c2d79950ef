"""Computed facts of a body's year, for its look back: counted from the records, with what is missing said."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from nimo.community.councils.choices.bodies import Axis, Category, Origin, Standing
from nimo.community.councils.choices.meetings import (
    Attendance,
    DecisionState,
    MeetingState,
    MeetingWay,
    ReferralState,
)
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AgendaItem, AttendanceCount, Attendee, Meeting
from nimo.community.councils.models.minutes import Decision, Referral
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.models.years import PlannedMeeting
from nimo.core.fiscal import FiscalYear


@dataclass(frozen=True, slots=True)
class YearFacts:
    """Counts of one year. cells: {"axis/origin": items}; concerned: meetings where 当事者 or 家族 took part, of
    counted_meetings that say who came (the number of persons is not told: it could say who).
    spoke: members who spoke at least once, of those whose speaking was noted."""

    planned: int
    planned_held: int
    held: int
    written: int
    items: int
    unclassified: int
    cells: dict[str, int]
    decisions: int
    done: int
    overdue: int
    raised: int
    answered: int
    newcomers: int
    counted_meetings: int
    concerned: int
    invited: int
    absent: int
    spoke: int
    noted: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def empty_cells(self) -> list[str]:
        """Where the body did not work this year; nothing is said while items are unclassified."""
        if self.unclassified or not self.items:
            return []
        return [
            f"{axis.label}（{origin.label}）"
            for axis in Axis
            for origin in Origin
            if not self.cells.get(f"{axis.value}/{origin.value}")
        ]


def year_facts(body: Body, fiscal_year: int, today: date) -> YearFacts:
    """Counted anew from the rows, in a number of queries that does not grow."""
    year = FiscalYear(fiscal_year)
    held = Meeting.objects.filter(body=body, fiscal_year=fiscal_year, state=MeetingState.HELD)
    ways = Counter(held.values_list("way", flat=True))
    items = list(AgendaItem.objects.filter(meeting__in=held).values_list("axis", "origin"))
    decisions = list(Decision.objects.filter(item__meeting__in=held).values_list("state", "due_on"))
    referrals = list(Referral.objects.filter(item__meeting__in=held).values_list("state", flat=True))
    plan = list(
        PlannedMeeting.objects.filter(body=body, fiscal_year=fiscal_year).values_list("meeting__state", flat=True)
    )
    members = Attendee.objects.filter(meeting__in=held, standing=Standing.MEMBER).exclude(
        attendance=Attendance.UNRECORDED
    )
    attendance = Counter(members.values_list("attendance", flat=True))
    noted = members.filter(spoke__isnull=False).values_list("holding_id", "spoke")
    people = {holding for holding, _ in noted}
    return YearFacts(
        planned=len(plan),
        planned_held=sum(state == MeetingState.HELD for state in plan),
        held=sum(ways.values()),
        written=ways[MeetingWay.WRITTEN],
        items=len(items),
        unclassified=sum(not axis or not origin for axis, origin in items),
        cells=dict(Counter(f"{axis}/{origin}" for axis, origin in items if axis and origin)),
        decisions=len(decisions),
        done=sum(state == DecisionState.DONE for state, _ in decisions),
        overdue=sum(state == DecisionState.OPEN and due is not None and due < today for state, due in decisions),
        raised=len(referrals),
        answered=sum(state != ReferralState.WAITING for state in referrals),
        newcomers=_newcomers(body, year),
        counted_meetings=held.filter(counts__isnull=False).distinct().count(),
        concerned=AttendanceCount.objects.filter(
            meeting__in=held, category__in=[Category.PEER, Category.FAMILY], number__gt=0
        )
        .values("meeting_id")
        .distinct()
        .count(),
        invited=sum(attendance.values()),
        absent=attendance[Attendance.ABSENT],
        spoke=len({holding for holding, spoke in noted if spoke}),
        noted=len(people),
    )


def _newcomers(body: Body, year: FiscalYear) -> int:
    """Persons who took a seat in the year and never held one of this body before it."""
    seats = Holding.objects.filter(post__body=body)
    new = seats.filter(valid_from__gte=year.start, valid_from__lte=year.end)
    before = seats.filter(valid_from__lt=year.start).values("participant_id")
    return new.filter(~Q(participant_id__in=before)).values("participant_id").distinct().count()
