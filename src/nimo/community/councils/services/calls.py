"""Calling a meeting: who is asked, the slips that come back, who came, and opinions of a written meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from nimo.community.councils.choices.bodies import Category, Standing
from nimo.community.councils.choices.meetings import (
    Attendance,
    MeetingState,
    MeetingWay,
    MinutesState,
    Reply,
    ReplyChannel,
    Stance,
)
from nimo.community.councils.events import MEETING_FACT
from nimo.community.councils.models.meetings import AttendanceCount, Attendee, Meeting, Opinion
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.policies.bodies import holdings_on
from nimo.community.councils.policies.categories import tally
from nimo.community.councils.policies.meetings import get_managed_attendee, get_managed_item, get_managed_meeting
from nimo.community.indicators.services.stale import mark_stale
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

CALLED = register_verb("councils.call_meeting", "会議を招集した")
GUEST = register_verb("councils.ask_guest", "会議にほかの人を招いた")
REPLIES = register_verb("councils.enter_replies", "出欠の回答を入力した")
ATTENDED = register_verb("councils.record_attendance", "会議の出欠を記録した")
OPINION = register_verb("councils.enter_opinion", "書面開催の意見を入力した")

CHANGED_MEANWHILE = (
    "ほかの人が先に同じ人の欄を直しました。入力した内容はまだ保存していません。"
    "いまの内容を確かめてから、もう一度保存してください。"
)
IS_APPROVED = (
    "議事録が確定しているため、出欠は変えられません。誤りは議事録の訂正として残してください。何も変わっていません。"
)
_THERE = (Attendance.PRESENT, Attendance.ONLINE, Attendance.PROXY)


class UnableToCall(Exception):
    """Nothing was changed; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One line of the screen of slips. version: of the row as the secretariat saw it."""

    version: int
    reply: Reply
    proxy_name: str = ""
    support: str = ""
    furigana: bool = False


def _note(actor: Actor, verb: str, meeting: Meeting, diff: Mapping[str, object]) -> None:
    record(
        actor,
        verb=verb,
        target=("councils.meeting", str(meeting.pk)),
        region_code=meeting.body.region_id,
        organisation_id=meeting.body.organisation_id,
        diff=diff,
    )


def _refuse_approved(meeting: Meeting) -> None:
    if Minutes.objects.filter(pk=meeting.pk, state=MinutesState.APPROVED).exists():
        raise UnableToCall(IS_APPROVED)


def call_meeting(
    *,
    actor: Actor,
    meeting_id: UUID,
    version: int,
    answer_by: date | None,
    document_number: str = "",
    message: str = "",
) -> int:
    """Records the call and puts everybody on the list who holds a seat on the day; how many are new on it.

    A second call adds those who took a seat meanwhile and keeps the slips that came. Raises UnableToCall.
    """
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        if meeting.state != MeetingState.PLANNED:
            raise UnableToCall("招集できるのは、予定の会議だけです。何も変わっていません。")
        day = meeting.held_on or answer_by or meeting.answer_by
        if meeting.way == MeetingWay.WRITTEN and (answer_by or meeting.answer_by) is None:
            raise UnableToCall("書面開催には、回答期限日を入れてください。何も変わっていません。")
        if day is None or (meeting.way != MeetingWay.WRITTEN and meeting.held_on is None):
            raise UnableToCall("開催日がまだ決まっていません。先に開催日を入れてください。何も変わっていません。")
        if answer_by and meeting.held_on and answer_by > meeting.held_on:
            raise UnableToCall("回答期限日は、開催日より前の日にしてください。何も変わっていません。")
        added = _put_on_list(meeting, day)
        if added == 0 and not meeting.attendees.exists():
            raise UnableToCall(
                "その日に席に就いている人が記録されていません。会議体の構成員を登録してから招集してください。"
            )
        changed = Meeting.objects.filter(pk=meeting.pk, version=version).update(
            called_on=actor.today,
            answer_by=answer_by or meeting.answer_by,
            document_number=document_number.strip()[:80],
            message=message.strip(),
            version=F("version") + 1,
        )
        if changed != 1:
            raise UnableToCall("ほかの人が先にこの会議を直しました。画面を開き直して、もう一度行ってください。")
        _note(actor, CALLED, meeting, {"加わった人数": [None, added]})
    return added


def _put_on_list(meeting: Meeting, day: date) -> int:
    """Everybody in a seat on the day who is not on the list yet, in the order of the seats."""
    there = set(meeting.attendees.values_list("holding_id", flat=True))
    holdings = (
        holdings_on(day)
        .filter(post__body_id=meeting.body_id)
        .select_related("post", "participant")
        .order_by("post__position", "post_id", "valid_from")
    )
    last = meeting.attendees.aggregate(last=Max("position"))["last"] or 0
    new = [one for one in holdings if one.pk not in there]
    Attendee.objects.bulk_create(
        Attendee(
            id=new_id(),
            meeting=meeting,
            holding=one,
            position=last + number,
            name=one.participant.name,
            affiliation=str(one.post)[:200],
            standing=one.standing,
        )
        for number, one in enumerate(new, start=1)
    )
    return len(new)


def ask_guest(*, actor: Actor, meeting_id: UUID, name: str, affiliation: str, standing: Standing) -> Attendee:
    """Somebody without a seat: a guest, or an observer who may become a member later. Raises UnableToCall."""
    if not name.strip():
        raise UnableToCall("氏名を入れてください。何も保存していません。")
    if standing is Standing.MEMBER:
        raise UnableToCall("構成員は、会議体の席に就けてから招集してください。何も保存していません。")
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        _refuse_approved(meeting)
        last = meeting.attendees.aggregate(last=Max("position"))["last"] or 0
        made = Attendee.objects.create(
            id=new_id(),
            meeting=meeting,
            position=last + 1,
            name=name.strip()[:80],
            affiliation=affiliation.strip()[:200],
            standing=standing.value,
        )
        _note(actor, GUEST, meeting, {"立場": [None, standing.value]})
    return made


def enter_replies(*, actor: Actor, meeting_id: UUID, channel: ReplyChannel, slips: Mapping[UUID, Slip]) -> int:
    """Slips as they came by FAX or otherwise; only lines that differ are written. How many. Raises UnableToCall."""
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        _refuse_approved(meeting)
        rows = {one.pk: one for one in meeting.attendees.order_by("position")}
        changed = 0
        for pk, slip in slips.items():
            row = rows.get(pk)
            if row is None:
                raise UnableToCall("この会議に招いていない人が含まれています。画面を開き直してください。")
            proxy = slip.proxy_name.strip()[:80] if slip.reply is Reply.PROXY else ""
            after = (slip.reply.value, proxy, slip.support.strip()[:200], slip.furigana)
            if after == (row.reply, row.proxy_name, row.support, row.furigana):
                continue
            answered = slip.reply is not Reply.WAITING
            done = Attendee.objects.filter(pk=pk, version=slip.version).update(
                reply=after[0],
                proxy_name=after[1],
                support=after[2],
                furigana=after[3],
                reply_channel=channel.value if answered else "",
                replied_on=actor.today if answered else None,
                version=F("version") + 1,
            )
            if done != 1:
                raise UnableToCall(CHANGED_MEANWHILE)
            changed += 1
        if changed:
            _note(actor, REPLIES, meeting, {"件数": [None, changed], "届き方": [None, channel.value]})
    return changed


def record_attendance(
    *, actor: Actor, meeting_id: UUID, there: Mapping[UUID, tuple[Attendance, bool | None]], count: bool = True
) -> None:
    """Who came, and whether they spoke (None: not noted). count: attendance by category is counted anew from it.

    The secretariat's own people are not participants. Raises UnableToCall.
    """
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        _refuse_approved(meeting)
        rows = {one.pk: one for one in meeting.attendees.order_by("position")}
        if set(there) - set(rows):
            raise UnableToCall("この会議に招いていない人が含まれています。画面を開き直してください。")
        for pk, (attendance, spoke) in there.items():
            if (rows[pk].attendance, rows[pk].spoke) != (attendance.value, spoke):
                Attendee.objects.filter(pk=pk).update(
                    attendance=attendance.value, spoke=spoke, version=F("version") + 1
                )
        numbers = [sum(one is kind for one, _ in there.values()) for kind in Attendance]
        _note(actor, ATTENDED, meeting, {"出欠ごとの人数": [None, numbers]})
        if count and meeting.state == MeetingState.HELD:
            _count_from_names(actor, meeting)


def _count_from_names(actor: Actor, meeting: Meeting) -> None:
    rows = meeting.attendees.filter(attendance__in=_THERE).exclude(standing=Standing.SECRETARIAT)
    ids = list(rows.values_list("holding_id", flat=True))
    counted = tally(one for one in ids if one is not None)
    counted[Category.OTHER] += sum(one is None for one in ids)
    AttendanceCount.objects.filter(meeting=meeting).delete()
    AttendanceCount.objects.bulk_create(
        AttendanceCount(meeting=meeting, category=category.value, number=counted.get(category, 0))
        for category in Category
    )
    mark_stale(actor=actor, fact=MEETING_FACT, region_code=meeting.body.region_id, fiscal_year=meeting.fiscal_year)


def enter_opinion(
    *,
    actor: Actor,
    item_id: UUID,
    attendee_id: UUID,
    stance: Stance,
    text: str,
    channel: ReplyChannel,
    received_on: date,
) -> Opinion:
    """What somebody answered in a written meeting. One that came late is kept, and marked so. Raises UnableToCall."""
    if stance is Stance.OPINION and not text.strip():
        raise UnableToCall("意見の内容を入れてください。何も保存していません。")
    if received_on > actor.today:
        raise UnableToCall("届いた日がまだ来ていません。日付を確かめてください。何も保存していません。")
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        attendee = get_managed_attendee(actor, attendee_id)
        meeting = item.meeting
        if attendee.meeting_id != meeting.pk:
            raise UnableToCall("この会議に招いていない人です。画面を開き直してください。")
        if meeting.way != MeetingWay.WRITTEN:
            raise UnableToCall("意見の入力は、書面開催の会議だけで行います。何も保存していません。")
        _refuse_approved(meeting)
        opinion = Opinion.objects.create(
            id=new_id(),
            item=item,
            attendee=attendee,
            stance=stance.value,
            text=text.strip(),
            channel=channel.value,
            received_on=received_on,
            late=meeting.answer_by is not None and received_on > meeting.answer_by,
            recorded_at=actor.now,
        )
        _note(actor, OPINION, meeting, {"番号": [None, item.position], "届き方": [None, channel.value]})
    return opinion
