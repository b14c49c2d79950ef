"""A fiscal year of every 協議の場 of some regions, for those who write or read about the region: what was held, what was
talked about in public, who takes part in words of offices, and how many came.

Absent is not zero: no meeting recorded is None, unless the body looked back on the year and decided (then it is 0).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyState, Category, Standing
from nimo.community.councils.choices.meetings import Confidentiality, MeetingState
from nimo.community.councils.models.bodies import Body, BodyHat
from nimo.community.councils.models.meetings import AgendaItem, AttendanceCount, Meeting
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.policies.bodies import named_bodies, visible_bodies
from nimo.community.councils.rules.categories import Breakdown, fold_visits, telling_words, threshold_of
from nimo.core.disclosure.policy import shipped_policy
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """topics: titles of its public items, in their order."""

    id: UUID
    day: date
    title: str
    way: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyYear:
    """One body's year. earlier, number: meetings held in the year before and in this one, None where nothing says so.

    offices: where its members come from, without names, categories and telling words; left_out: such words were there.
    attendance: of all meetings of the year together; None where a meeting does not say who came. reviewed: meetings in
    which goals were set or evaluated.
    """

    body: Body
    fiscal_year: int
    held: tuple[HeldMeeting, ...]
    number: int | None
    earlier: int | None
    hats: tuple[str, ...]
    offices: tuple[str, ...]
    left_out: bool
    attendance: Breakdown | None
    reviewed: int


def meetings_href(body_id: UUID, fiscal_year: int) -> str:
    """The meetings a body held in a year, as a list."""
    year = f"?fiscal_year={fiscal_year}&state={MeetingState.HELD.value}"
    return f"{reverse('councils:meeting_list', args=[body_id])}{year}"


def standing_in(bodies: QuerySet[Body], fiscal_year: int) -> QuerySet[Body]:
    """Of these, the 協議の場 that stood for some day of the year. One without a day of establishment counts as standing."""
    year = FiscalYear(fiscal_year)
    return (
        bodies.filter(counts_as_council=True)
        .filter(Q(established_on__isnull=True) | Q(established_on__lte=year.end))
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=year.start))
        .exclude(state=BodyState.PREPARING)
    )


def body_years(actor: Actor, region_codes: Collection[str], fiscal_year: int) -> list[BodyYear]:
    """By region, layer and reading. A number of queries that does not grow."""
    bodies = list(
        standing_in(visible_bodies(actor), fiscal_year)
        .filter(region_id__in=region_codes)
        .select_related("region", "organisation")
        .order_by("region_id", "layer", "kana", "name", "pk")
    )
    ids = [body.pk for body in bodies]
    held = _held(ids, fiscal_year)
    earlier = Counter(
        Meeting.objects.filter(body_id__in=ids, fiscal_year=fiscal_year - 1, state=MeetingState.HELD).values_list(
            "body_id", flat=True
        )
    )
    closed = set(
        YearReview.objects.filter(body_id__in=ids, fiscal_year__in=[fiscal_year - 1, fiscal_year])
        .exclude(decision="")
        .values_list("body_id", "fiscal_year")
    )
    topics = _topics(held)
    attendance = _attendance(actor, held)
    offices = _offices(actor, ids, min(actor.today, FiscalYear(fiscal_year).end))
    hats: dict[UUID, list[str]] = defaultdict(list)
    for hat in BodyHat.objects.filter(body_id__in=ids, valid_to__isnull=True).order_by("kind", "name", "pk"):
        hats[hat.body_id].append(str(hat))
    return [
        BodyYear(
            body=body,
            fiscal_year=fiscal_year,
            held=tuple(
                HeldMeeting(one.pk, one.held_on, one.title, one.get_way_display(), tuple(topics[one.pk]))
                for one in held[body.pk]
                if one.held_on is not None
            ),
            number=_known(len(held[body.pk]), (body.pk, fiscal_year) in closed),
            earlier=_known(earlier[body.pk], (body.pk, fiscal_year - 1) in closed),
            hats=tuple(hats[body.pk]),
            offices=tuple(dict.fromkeys(one for one in offices[body.pk] if not telling_words(one))),
            left_out=any(telling_words(one) for one in offices[body.pk]),
            attendance=attendance.get(body.pk),
            reviewed=sum(one.goals_reviewed for one in held[body.pk]),
        )
        for body in bodies
    ]


def _known(number: int, closed: bool) -> int | None:
    return number if number or closed else None


def _held(body_ids: Sequence[UUID], fiscal_year: int) -> dict[UUID, list[Meeting]]:
    found: dict[UUID, list[Meeting]] = defaultdict(list)
    rows = Meeting.objects.filter(body_id__in=body_ids, fiscal_year=fiscal_year, state=MeetingState.HELD)
    for row in rows.order_by("held_on", "pk"):
        found[row.body_id].append(row)
    return found


def _topics(held: dict[UUID, list[Meeting]]) -> dict[UUID, list[str]]:
    """Of public items only: what is written from here may be read by everybody."""
    found: dict[UUID, list[str]] = defaultdict(list)
    ids = [one.pk for meetings in held.values() for one in meetings]
    rows = AgendaItem.objects.filter(meeting_id__in=ids, confidentiality=Confidentiality.PUBLIC)
    for meeting_id, title in rows.order_by("meeting_id", "position").values_list("meeting_id", "title"):
        found[meeting_id].append(title)
    return found


def _attendance(actor: Actor, held: dict[UUID, list[Meeting]]) -> dict[UUID, Breakdown]:
    """Of a body one of whose meetings does not say who came there is none: a sum would be too small."""
    body_of = {one.pk: body for body, meetings in held.items() for one in meetings}
    said: dict[UUID, dict[Category, int]] = defaultdict(dict)
    rows = AttendanceCount.objects.filter(meeting_id__in=list(body_of))
    for meeting_id, category, number in rows.values_list("meeting_id", "category", "number"):
        said[meeting_id][Category(category)] = number
    threshold = threshold_of(shipped_policy(actor.today))
    return {
        body: fold_visits([said[one.pk] for one in meetings], threshold)
        for body, meetings in held.items()
        if meetings and all(said.get(one.pk) for one in meetings)
    }


def _offices(actor: Actor, body_ids: Sequence[UUID], day: date) -> dict[UUID, list[str]]:
    """Where the holders of the seats come from, in the order of the seats, for those who may see who sits there."""
    found: dict[UUID, list[str]] = defaultdict(list)
    near = list(named_bodies(actor).filter(pk__in=body_ids).values_list("pk", flat=True))
    rows = (
        Holding.objects.filter(post__body_id__in=near, valid_from__lte=day, standing=Standing.MEMBER)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .exclude(post__affiliation="")
        .order_by("post__position", "post__title", "pk")
    )
    for body, office in rows.values_list("post__body_id", "post__affiliation"):
        found[body].append(office)
    return found
