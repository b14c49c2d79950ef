"""What waits for a secretariat: offered to the page people begin their day with. No person is named in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from nimo.community.councils.choices.meetings import DecisionState, MeetingState, MinutesState, ReferralState, Reply
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.minutes import Decision, Referral
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.policies.bodies import managed_bodies
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission

SOON = timedelta(days=30)
"""How early a meeting that nobody was called to yet is brought up."""
MINUTES_LATE = timedelta(days=14)
"""How long after a meeting its minutes may stay unfinished before they are brought up. Our own choice, no rule of law."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """tone: as of badges. since: the day from which it has been waiting."""

    text: str
    state: str
    tone: str
    href: str
    since: date | datetime


def waiting_for_secretariat(actor: Actor, *, limit: int) -> list[Waiting]:
    """At most `limit` of each kind, the oldest first; the same number of queries however many there are."""
    if not actor.has_anywhere(Permission.MANAGE_COUNCILS):
        return []
    bodies = managed_bodies(actor)
    found: list[Waiting] = []
    for kind in (_decisions, _referrals, _unrecorded, _coming, _minutes, _terms):
        found += list(kind(bodies, actor.today, limit))
    return found


def _decisions(bodies: QuerySet[Body], today: date, limit: int) -> Iterator[Waiting]:
    rows = Decision.objects.filter(
        item__meeting__body__in=bodies, state=DecisionState.OPEN, due_on__lt=today
    ).select_related("item__meeting__body")
    for one in rows.order_by("due_on", "pk")[:limit]:
        assert one.due_on is not None
        yield Waiting(
            f"「{one.text}」の結果を記録する（{one.item.meeting.body.name}、期限 {to_wareki(one.due_on)}）",
            "期限を過ぎています",
            "danger",
            reverse("councils:decision_close", args=[one.pk]),
            one.due_on,
        )


def _referrals(bodies: QuerySet[Body], today: date, limit: int) -> Iterator[Waiting]:
    rows = Referral.objects.filter(to_body__in=bodies, state=ReferralState.WAITING).select_related(
        "item__meeting__body", "to_body"
    )
    for one in rows.order_by("raised_on", "pk")[:limit]:
        yield Waiting(
            f"{one.item.meeting.body.name}から{one.to_body.name}に上がった議題に返事をする",
            "返事待ち",
            "warning",
            reverse("councils:referral_answer", args=[one.pk]),
            one.raised_on,
        )


def planned_meetings(bodies: QuerySet[Body]) -> QuerySet[Meeting]:
    return Meeting.objects.filter(body__in=bodies, state=MeetingState.PLANNED).select_related("body")


def _unrecorded(bodies: QuerySet[Body], today: date, limit: int) -> Iterator[Waiting]:
    """Its day is over; of a written meeting without a day, that of the answers."""
    rows = planned_meetings(bodies).annotate(over=Coalesce("held_on", "answer_by")).filter(over__lt=today)
    for one in rows.order_by("over", "pk")[:limit]:
        yield Waiting(
            f"{one.body.name} {one.title}の開催を記録する",
            "開催日を過ぎています" if one.held_on else "回答期限日を過ぎています",
            "warning",
            reverse("councils:meeting_hold", args=[one.pk]),
            one.over,
        )


def _coming(bodies: QuerySet[Body], today: date, limit: int) -> Iterator[Waiting]:
    """Nobody called yet though the day is near; or called, and slips are missing after the day they were due."""
    rows = planned_meetings(bodies).annotate(missing=Count("attendees", filter=Q(attendees__reply=Reply.WAITING)))
    rows = rows.filter(
        Q(called_on__isnull=True, held_on__gte=today, held_on__lte=today + SOON)
        | Q(called_on__isnull=False, answer_by__lt=today, held_on__gte=today, missing__gt=0)
    )
    for one in rows.order_by("held_on", "pk")[:limit]:
        assert one.held_on is not None
        name = f"{one.body.name} {one.title}（{to_wareki(one.held_on)}）"
        if one.called_on is None:
            href = reverse("councils:meeting_call", args=[one.pk])
            yield Waiting(f"{name}に招集する", "招集前", "info", href, one.created_at)
        else:
            href = reverse("councils:meeting_replies", args=[one.pk])
            yield Waiting(
                f"{name}の出欠の回答を集める", f"回答待ち {one.missing}人", "warning", href, one.answer_by or today
            )


def _minutes(bodies: QuerySet[Body], today: date, limit: int) -> Iterator[Waiting]:
    rows = (
        Meeting.objects.filter(
            body__in=bodies,
            state=MeetingState.HELD,
            minutes__state=MinutesState.DRAFT,
            held_on__lte=today - MINUTES_LATE,
        )
        .select_related("body")
        .order_by("held_on", "pk")
    )
    for one in rows[:limit]:
        assert one.held_on is not None
        yield Waiting(
            f"{one.body.name} {one.title}の議事録を確定する",
            "作成中",
            "warning",
            reverse("councils:minutes_detail", args=[one.pk]),
            one.held_on,
        )


def _terms(bodies: QuerySet[Body], today: date, limit: int) -> Iterator[Waiting]:
    """One line a body: whose term it is stands on the page of the body, for those who may see names."""
    over = Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        post__body__in=bodies,
        valid_from__lte=today,
        term_to__lt=today,
    )
    ended = over.values("post__body").annotate(number=Count("pk")).order_by("post__body")[:limit]
    numbers = {row["post__body"]: row["number"] for row in ended}
    for body in Body.objects.filter(pk__in=numbers).order_by("kana", "name", "pk"):
        yield Waiting(
            f"{body.name}の任期を確かめる（任期の終わった席 {numbers[body.pk]}）",
            "任期が終わっています",
            "warning",
            reverse("councils:body_detail", args=[body.pk]),
            today,
        )
