"""Meetings: planned, held, mended, cancelled. A held meeting is what the figures count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nimo.community.councils.choices.bodies import Category
from nimo.community.councils.choices.meetings import MeetingState, MeetingWay, MinutesState
from nimo.community.councils.events import MEETING_FACT
from nimo.community.councils.models.bodies import Body, BodyHat
from nimo.community.councils.models.meetings import AttendanceCount, Meeting, MeetingHat
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.policies.bodies import get_managed_body
from nimo.community.councils.policies.meetings import get_managed_meeting
from nimo.community.councils.queries.regulated import regulated_on
from nimo.community.councils.rules.meetings import way_finding
from nimo.community.councils.services.finding import find_meetings_anew
from nimo.community.indicators.services.stale import mark_stale
from nimo.core.fiscal import FiscalYear
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record

RECORDED = register_verb("councils.record_meeting", "会議の開催を記録した")
PLANNED = register_verb("councils.plan_meeting", "会議を予定に入れた")
CHANGED = register_verb("councils.change_meeting", "会議の記録を直した")
CANCELLED = register_verb("councils.cancel_meeting", "会議を中止にした")


CHANGED_MEANWHILE = (
    "ほかの人が先にこの会議を直しました。入力した内容はまだ保存していません。"
    "いまの内容を確かめてから、もう一度保存してください。"
)
_MOST_PEOPLE = 2000
_WITHHELD = ("summary", "online_address", "message")


class UnableToRecordMeeting(Exception):
    """Nothing was changed; str() is the sentence for the user. double: the same day is recorded already."""

    def __init__(self, message: str, *, double: bool = False, regulation: bool = False) -> None:
        super().__init__(message)
        self.double = double
        self.regulation = regulation


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What is said of a meeting. hats: ids of the body's hats it served as well."""

    title: str = ""
    way: MeetingWay = MeetingWay.IN_PERSON
    held_on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    online_address: str = ""
    summary: str = ""
    goals_reviewed: bool = False
    answer_by: date | None = None
    hats: tuple[UUID, ...] = field(default=())

    def columns(self) -> dict[str, object]:
        return {
            "title": self.title.strip(),
            "way": self.way.value,
            "held_on": self.held_on,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "place": self.place.strip(),
            "online_address": self.online_address.strip(),
            "summary": self.summary.strip(),
            "goals_reviewed": self.goals_reviewed,
            "answer_by": self.answer_by,
        }


def _refuse_bad(body: Body, facts: MeetingFacts, *, regulation_read: bool) -> None:
    if facts.starts_at and facts.ends_at and facts.ends_at <= facts.starts_at:
        raise UnableToRecordMeeting("終了の時刻は、開始より後にしてください。何も保存していません。")
    day = facts.held_on or facts.answer_by
    if day is not None and body.ended_on is not None and day > body.ended_on:
        raise UnableToRecordMeeting("この会議体は、その日より前に終了しています。開催日を確かめてください。")
    if day is not None and facts.way is MeetingWay.WRITTEN and not regulation_read:
        finding = way_finding(regulated_on(body, day), facts.way)
        if finding:
            raise UnableToRecordMeeting(finding, regulation=True)
    known = set(BodyHat.objects.filter(body=body, pk__in=facts.hats).values_list("pk", flat=True))
    if known != set(facts.hats):
        raise UnableToRecordMeeting("兼ねる会議の選び方が正しくありません。画面を開き直してください。")


def _counted(counts: Mapping[Category, int | None]) -> dict[Category, int]:
    said = {category: number for category, number in counts.items() if number is not None}
    if any(number < 0 or number > _MOST_PEOPLE for number in said.values()):
        raise UnableToRecordMeeting("参加者数は0以上の人数で入れてください。何も保存していません。")
    return said


def _put_counts(meeting: Meeting, said: Mapping[Category, int]) -> None:
    AttendanceCount.objects.filter(meeting=meeting).delete()
    AttendanceCount.objects.bulk_create(
        AttendanceCount(meeting=meeting, category=category.value, number=number) for category, number in said.items()
    )


def _put_hats(meeting: Meeting, hats: tuple[UUID, ...]) -> None:
    MeetingHat.objects.filter(meeting=meeting).delete()
    MeetingHat.objects.bulk_create(MeetingHat(meeting=meeting, hat_id=hat) for hat in dict.fromkeys(hats))


def _note(
    actor: Actor, verb: str, meeting: Meeting, diff: Mapping[str, object] | None = None, reason: str = ""
) -> None:
    record(
        actor,
        verb=verb,
        target=("councils.meeting", str(meeting.pk)),
        region_code=meeting.body.region_id,
        organisation_id=meeting.body.organisation_id,
        diff=diff,
        reason=reason,
    )


def _stale(actor: Actor, meeting: Meeting, *years: int) -> None:
    for year in {meeting.fiscal_year, *years}:
        mark_stale(actor=actor, fact=MEETING_FACT, region_code=meeting.body.region_id, fiscal_year=year)


def _untitled(body: Body, year: int) -> str:
    held = Meeting.objects.filter(body=body, fiscal_year=year, state=MeetingState.HELD).count()
    return f"{FiscalYear(year).label} 第{held + 1}回"


def record_meeting(
    *,
    actor: Actor,
    body_id: UUID,
    facts: MeetingFacts,
    counts: Mapping[Category, int | None],
    again: bool = False,
    regulation_read: bool = False,
) -> Meeting:
    """A meeting that was held, from its minimum: the day, attendance by category, one line.

    again: two meetings on one day are meant. regulation_read: a written meeting although the regulation forbids it.
    Raises UnableToRecordMeeting.
    """
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        said = _checked(actor, body, facts, counts, regulation_read=regulation_read)
        assert facts.held_on is not None
        same_day = Meeting.objects.filter(body=body, held_on=facts.held_on, state=MeetingState.HELD)
        if not again and same_day.exists():
            raise UnableToRecordMeeting(
                "同じ日の会議がもう記録されています。何も保存していません。"
                "同じ日に2回開いたときは「同じ日の別の会議として記録する」に印を付けてください。",
                double=True,
            )
        year = FiscalYear.of(facts.held_on).year
        meeting = Meeting(
            id=new_id(),
            body=body,
            fiscal_year=year,
            state=MeetingState.HELD,
            created_at=actor.now,
            recorded_by_name=actor.name,
            **facts.columns(),
        )
        meeting.title = meeting.title or _untitled(body, year)
        meeting.save(force_insert=True)
        _put_counts(meeting, said)
        _put_hats(meeting, facts.hats)
        _note(actor, RECORDED, meeting, {"開催日": [None, facts.held_on.isoformat()], "方法": [None, facts.way.value]})
        _stale(actor, meeting)
    return meeting


def _checked(
    actor: Actor, body: Body, facts: MeetingFacts, counts: Mapping[Category, int | None], *, regulation_read: bool
) -> dict[Category, int]:
    """The minimum of a held meeting, or a refusal."""
    if facts.held_on is None:
        raise UnableToRecordMeeting("開催日を入れてください（書面開催は、開催したとみなす日）。何も保存していません。")
    if facts.held_on > actor.today:
        raise UnableToRecordMeeting(
            "開催日がまだ来ていません。これからの会議は「予定に入れる」で登録してください。何も保存していません。"
        )
    said = _counted(counts)
    if not said:
        raise UnableToRecordMeeting(
            "参加者数を、少なくとも一つの区分に入れてください（だれも来なかった区分は0）。何も保存していません。"
        )
    if not facts.summary.strip():
        raise UnableToRecordMeeting("何を話し合ったか、ひとことで入れてください。何も保存していません。")
    _refuse_bad(body, facts, regulation_read=regulation_read)
    return said


def plan_meeting(
    *, actor: Actor, body_id: UUID, facts: MeetingFacts, fiscal_year: int | None = None, regulation_read: bool = False
) -> Meeting:
    """A meeting to come. Without a day its fiscal year must be said. Raises UnableToRecordMeeting."""
    day = facts.held_on or facts.answer_by
    if day is None and fiscal_year is None:
        raise UnableToRecordMeeting("開催日か年度を入れてください。何も保存していません。")
    if facts.way is MeetingWay.WRITTEN and facts.answer_by is None:
        raise UnableToRecordMeeting("書面開催には、回答期限日を入れてください。何も保存していません。")
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        _refuse_bad(body, facts, regulation_read=regulation_read)
        year = FiscalYear.of(day).year if day else int(fiscal_year or 0)
        meeting = Meeting(
            id=new_id(),
            body=body,
            fiscal_year=year,
            created_at=actor.now,
            recorded_by_name=actor.name,
            **facts.columns(),
        )
        meeting.title = meeting.title or _untitled(body, year)
        meeting.save(force_insert=True)
        _put_hats(meeting, facts.hats)
        _note(actor, PLANNED, meeting, {"年度": [None, year]})
    return meeting


def hold_meeting(
    *,
    actor: Actor,
    meeting_id: UUID,
    version: int,
    facts: MeetingFacts,
    counts: Mapping[Category, int | None],
    regulation_read: bool = False,
) -> Meeting:
    """Says of a planned meeting that it was held, or mends what is said of a held one. Raises UnableToRecordMeeting.

    Once the minutes are approved the day, the way and the place stay: the minutes say them.
    """
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        if meeting.state == MeetingState.CANCELLED:
            raise UnableToRecordMeeting("中止にした会議です。開いたときは、新しい会議として記録してください。")
        said = _checked(actor, meeting.body, facts, counts, regulation_read=regulation_read)
        assert facts.held_on is not None
        after = facts.columns()
        after["title"] = after["title"] or meeting.title
        before = {name: getattr(meeting, name) for name in after}
        if Minutes.objects.filter(pk=meeting.pk, state=MinutesState.APPROVED).exists() and any(
            before[name] != after[name] for name in ("held_on", "way", "place", "title", "starts_at", "ends_at")
        ):
            raise UnableToRecordMeeting(
                "議事録が確定しているため、日時・方法・場所・名前は変えられません。"
                "誤りがあるときは、議事録の訂正として残してください。何も変わっていません。"
            )
        old_year = meeting.fiscal_year
        _update(
            meeting,
            version,
            state=MeetingState.HELD.value,
            fiscal_year=FiscalYear.of(facts.held_on).year,
            **after,
        )
        _put_counts(meeting, said)
        _put_hats(meeting, facts.hats)
        meeting.refresh_from_db()
        _note(actor, CHANGED, meeting, dict(diff_of(before, after, withhold=_WITHHELD)))
        find_meetings_anew(actor=actor, meeting_ids=[meeting.pk])
        _stale(actor, meeting, old_year)
    return meeting


def cancel_meeting(*, actor: Actor, meeting_id: UUID, version: int, reason: str) -> None:
    """A meeting that is not held, or was recorded by mistake. Raises UnableToRecordMeeting."""
    if not reason.strip():
        raise UnableToRecordMeeting("中止の理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        if Minutes.objects.filter(pk=meeting.pk, state=MinutesState.APPROVED).exists():
            raise UnableToRecordMeeting("議事録が確定した会議は、中止にできません。何も変わっていません。")
        _update(meeting, version, state=MeetingState.CANCELLED.value, state_reason=reason.strip()[:200])
        _note(actor, CANCELLED, meeting, {"状態": [meeting.state, MeetingState.CANCELLED.value]}, reason.strip())
        find_meetings_anew(actor=actor, meeting_ids=[meeting.pk])
        _stale(actor, meeting)


def _update(meeting: Meeting, version: int, **columns: object) -> None:
    changed = Meeting.objects.filter(pk=meeting.pk, version=version).update(version=F("version") + 1, **columns)
    if changed != 1:
        raise UnableToRecordMeeting(CHANGED_MEANWHILE)
