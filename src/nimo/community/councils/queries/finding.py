"""Councils and their meetings as the search finds them: bodies, and items in the words everybody may read.

Never what is for members or for the secretariat, never who sits where: an index is read by many (house.md §5), and
passages among members may name people. A draft of minutes is not in it; what was withdrawn leaves it in the same moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Prefetch, Q
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyAudience
from nimo.community.councils.choices.meetings import Confidentiality, MeetingState, MinutesState
from nimo.community.councils.models.bodies import Body, Purpose
from nimo.community.councils.models.meetings import AgendaItem, Meeting
from nimo.community.councils.models.minutes import Decision, MinuteCorrection
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.policies.meetings import visible_meetings
from nimo.community.councils.rules.renditions import Audience, rendition
from nimo.core.searching.sources import PUBLIC, Found
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission

BODY_WORDS, MEETING_WORDS = "councils.body", "councils.item"
"""The codes under which bodies and items of meetings are found (panels.py)."""


def searched_bodies() -> list[str]:
    return [str(pk) for pk in Body.objects.order_by("pk").values_list("pk", flat=True)]


def body_documents(body_ids: Collection[str]) -> Iterator[Found]:
    """One document a body: what it is, who serves it, the newest of its purposes."""
    bodies = (
        Body.objects.filter(pk__in=body_ids)
        .select_related("region")
        .prefetch_related(Prefetch("purposes", Purpose.objects.order_by("shared_on", "pk")))
        .order_by("pk")
    )
    for body in bodies:
        purposes = {one.level: one.text for one in body.purposes.all()}
        lines = [
            f"{body.get_layer_display()}　{body.get_kind_display()}",
            f"事務局：{body.secretariat}" if body.secretariat else "",
            *(f"目的：{text}" for text in purposes.values()),
        ]
        yield Found(
            record=str(body.pk),
            owner=str(body.pk),
            title=body.name,
            names=(body.kana,) if body.kana else (),
            body="\n".join(line for line in lines if line),
            href=reverse("councils:body_detail", args=[body.pk]),
            place=body.region.name,
            audience=PUBLIC if body.audience == BodyAudience.PUBLIC else Permission.VIEW_COUNCILS.code,
            region_code=body.region_id,
            prefecture_code=body.region.prefecture_id or body.region_id,
        )


def readable_bodies(actor: Actor, records: Collection[str]) -> set[str]:
    """Those whose page the actor may open now. One query."""
    if not actor.has_anywhere(Permission.VIEW_COUNCILS):
        return set()
    return {str(pk) for pk in visible_bodies(actor).filter(pk__in=records).values_list("pk", flat=True)}


def searched_meetings() -> list[str]:
    """Meetings that were not cancelled and have an item everybody may know."""
    meetings = Meeting.objects.exclude(state=MeetingState.CANCELLED)
    open_ones = AgendaItem.objects.filter(confidentiality=Confidentiality.PUBLIC).values("meeting_id")
    return [str(pk) for pk in meetings.filter(pk__in=open_ones).order_by("pk").values_list("pk", flat=True)]


def meeting_documents(meeting_ids: Collection[str]) -> Iterator[Found]:
    """One document a public item. Its record goes in only once the minutes are approved, in the public rendition."""
    items = (
        AgendaItem.objects.filter(meeting_id__in=meeting_ids, confidentiality=Confidentiality.PUBLIC)
        .exclude(meeting__state=MeetingState.CANCELLED)
        .select_related("meeting__body__region", "meeting__minutes", "minute")
        .prefetch_related(
            Prefetch("decisions", Decision.objects.filter(confidentiality=Confidentiality.PUBLIC).order_by("pk")),
            Prefetch(
                "corrections", MinuteCorrection.objects.filter(confidentiality=Confidentiality.PUBLIC).order_by("pk")
            ),
        )
        .order_by("meeting_id", "position")
    )
    for item in items:
        meeting = item.meeting
        minutes = getattr(meeting, "minutes", None)
        approved = minutes is not None and minutes.state == MinutesState.APPROVED
        given_out = minutes is not None and minutes.published_at is not None
        published = approved and given_out and meeting.body.audience == BodyAudience.PUBLIC
        page = "minutes_public" if published else "minutes_detail" if approved else "meeting_detail"
        region = meeting.body.region
        yield Found(
            record=str(item.pk),
            owner=str(meeting.pk),
            title=f"{item.title}（{meeting.body.name} {meeting.title}）",
            body="\n".join(_lines(item) if approved else [item.purpose]),
            href=reverse(f"councils:{page}", args=[meeting.pk]),
            place=f"議題{item.position}",
            audience=PUBLIC if published else Permission.VIEW_COUNCILS.code,
            region_code=region.code,
            prefecture_code=region.prefecture_id or region.code,
            fiscal_year=meeting.fiscal_year,
        )


def _lines(item: AgendaItem) -> list[str]:
    """The item as its public rendition says it."""
    text = rendition(item.minute.text, Audience.PUBLIC) if hasattr(item, "minute") else ""
    corrected = [f"訂正：「{one.passage}」は「{one.correct}」" for one in item.corrections.all()]
    return [item.purpose, text, *(one.text for one in item.decisions.all()), *corrected]


def readable_items(actor: Actor, records: Collection[str]) -> set[str]:
    """Those of published minutes for everybody; for officials those of meetings they may open now. One query."""
    seen = Q(
        meeting__state=MeetingState.HELD,
        meeting__body__audience=BodyAudience.PUBLIC,
        meeting__minutes__state=MinutesState.APPROVED,
        meeting__minutes__published_at__isnull=False,
    )
    if actor.has_anywhere(Permission.VIEW_COUNCILS):
        seen |= Q(meeting__in=visible_meetings(actor))
    items = AgendaItem.objects.filter(seen, pk__in=[UUID(one) for one in records])
    return {str(pk) for pk in items.filter(confidentiality=Confidentiality.PUBLIC).values_list("pk", flat=True)}
