"""A meeting as an iCalendar file (RFC 5545): when and where, nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

_JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    """day: of the meeting, or the day answers are due (then deadline is True). changed: how often it was changed."""

    id: UUID
    title: str
    day: date
    starts_at: time | None
    ends_at: time | None
    place: str
    changed: int
    stamped_at: datetime
    deadline: bool = False
    cancelled: bool = False


def write_calendar(meeting: CalendarMeeting) -> bytes:
    """One event. The same meeting is the same bytes; a newer version of it replaces the older in the calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//nimo//councils//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"{meeting.id}@nimo")
    event.add("sequence", meeting.changed)
    event.add("dtstamp", meeting.stamped_at.astimezone(ZoneInfo("UTC")).replace(microsecond=0))
    event.add("summary", f"回答期限：{meeting.title}" if meeting.deadline else meeting.title)
    if meeting.starts_at is None or meeting.deadline:
        event.add("dtstart", meeting.day)
        event.add("dtend", meeting.day + timedelta(days=1))
    else:
        begins = datetime.combine(meeting.day, meeting.starts_at, _JAPAN)
        ends = (
            datetime.combine(meeting.day, meeting.ends_at, _JAPAN) if meeting.ends_at else begins + timedelta(hours=2)
        )
        event.add("dtstart", begins.astimezone(ZoneInfo("UTC")))
        event.add("dtend", ends.astimezone(ZoneInfo("UTC")))
    if meeting.place:
        event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
