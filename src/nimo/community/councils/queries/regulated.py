"""What the regulation in force says, and what is found of a meeting against it."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from nimo.community.councils.choices.bodies import QuorumKind, Standing, Stated
from nimo.community.councils.choices.meetings import Attendance, MeetingState, MeetingWay
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.community.councils.models.posts import Holding, Post
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.policies.bodies import holdings_on
from nimo.community.councils.rules.meetings import (
    Regulated,
    Taking,
    empty_posts,
    quorum_finding,
    terms_ended,
    way_finding,
)


def regulated_on(body: Body, day: date) -> Regulated:
    """The regulation in force on a day; none: everything unstated."""
    row = (
        Regulation.objects.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=day), body=body)
        .filter(effective_from__lte=day)
        .order_by("-effective_from")
        .first()
    )
    if row is None:
        return Regulated()
    return Regulated(
        QuorumKind(row.quorum),
        row.quorum_number,
        Stated(row.proxies_count),
        Stated(row.written),
        Stated(row.online),
    )


def _taking(meeting: Meeting) -> Taking | None:
    """None: nobody was recorded by name, so nothing can be said of a quorum."""
    rows = list(Attendee.objects.filter(meeting=meeting, standing=Standing.MEMBER).values_list("attendance", flat=True))
    if not rows or all(one == Attendance.UNRECORDED for one in rows):
        return None
    return Taking(
        members=len(rows),
        present=sum(one in {Attendance.PRESENT, Attendance.ONLINE} for one in rows),
        proxies=sum(one == Attendance.PROXY for one in rows),
    )


def findings(meeting: Meeting, today: date) -> list[str]:
    """Sentences that warn the secretariat. Nothing is refused because of them."""
    day = meeting.held_on or meeting.answer_by or today
    regulated = regulated_on(meeting.body, day)
    found = [way_finding(regulated, MeetingWay(meeting.way))]
    if meeting.state == MeetingState.HELD:
        taking = _taking(meeting)
        found.append(quorum_finding(regulated, taking) if taking else "")
    else:
        found += _seats(meeting.body, day)
    return [one for one in found if one]


def _seats(body: Body, day: date) -> list[str]:
    held = holdings_on(day).filter(post=OuterRef("pk"))
    seats = (
        Post.objects.filter(body=body)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .annotate(held=Exists(held))
        .order_by("position", "pk")
    )
    shown = [(str(post), bool(post.held)) for post in seats]  # type: ignore[attr-defined]
    holders: list[Holding] = list(
        holdings_on(day).filter(post__body=body, term_to__isnull=False).select_related("post").order_by("post_id")
    )
    return [*empty_posts(shown), *terms_ended([(str(one.post), one.term_to) for one in holders], day)]
