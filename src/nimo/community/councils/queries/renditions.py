"""A meeting's papers for one audience, and the bytes of its documents."""

from __future__ import annotations

from collections import defaultdict

from django.utils.timezone import localdate

from nimo.community.councils.choices.bodies import Standing
from nimo.community.councils.choices.meetings import Attendance, MeetingState, MeetingWay, MinutesState
from nimo.community.councils.formats.documents import ItemLines, MeetingLines, PersonLine
from nimo.community.councils.models.meetings import AgendaItem, Meeting, Reading
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.policies.categories import shown_categories
from nimo.community.councils.policies.meetings import levels_open_to, open_to
from nimo.community.councils.queries.meetings import day_of, shown_counts
from nimo.community.councils.rules.renditions import Audience, is_partly_hidden, rendition
from nimo.core.eras import to_wareki

_CAME = (Attendance.PRESENT, Attendance.ONLINE, Attendance.PROXY, Attendance.ABSENT)


def minutes_of(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.filter(pk=meeting.pk).first()


def lines_of(meeting: Meeting, audience: Audience, *, with_minutes: bool = True) -> MeetingLines:
    """Everything this audience may read of a meeting, and nothing else: nothing hidden enters the result.

    with_minutes False: the agenda and its papers only (次第, 招集通知).
    """
    facts = [("日時" if meeting.starts_at else "開催日", _when(meeting)), ("方法", meeting.get_way_display())]
    if meeting.place:
        facts.append(("場所", meeting.place))
    if meeting.way == MeetingWay.WRITTEN and meeting.answer_by:
        facts.append(("回答期限日", to_wareki(meeting.answer_by)))
    items: list[ItemLines] = []
    hidden = False
    for item in _items(meeting):
        lines, partly = _item(item, audience, with_minutes=with_minutes)
        items.append(lines)
        hidden = hidden or partly
    minutes = minutes_of(meeting)
    draft = with_minutes and (minutes is None or minutes.state == MinutesState.DRAFT)
    counted = shown_counts(meeting) if meeting.state == MeetingState.HELD else None
    return MeetingLines(
        body=meeting.body.name,
        title=meeting.title,
        audience=audience,
        facts=facts,
        items=items,
        people=people_of(meeting) if audience >= Audience.MEMBERS else (),
        attendance=f"{counted.total}人" if counted else "",
        state="案" if draft else "",
        hidden=hidden,
        readings=dict(Reading.objects.filter(body_id=meeting.body_id).values_list("term", "reading")),
    )


def _when(meeting: Meeting) -> str:
    if not meeting.starts_at:
        return day_of(meeting)
    return f"{day_of(meeting)} {meeting.starts_at:%H:%M}" + (f"～{meeting.ends_at:%H:%M}" if meeting.ends_at else "")


def _items(meeting: Meeting) -> list[AgendaItem]:
    return list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("minute")
        .prefetch_related("papers", "corrections", "opinions", "decisions__owner_post", "decisions__owner_body")
        .order_by("position")
    )


def _item(item: AgendaItem, audience: Audience, *, with_minutes: bool) -> tuple[ItemLines, bool]:
    """The lines, and whether something of the record is kept back."""
    if not open_to(item.confidentiality, audience):
        return ItemLines(item.position, None), False
    levels = set(levels_open_to(audience))
    papers = [paper.title for paper in item.papers.all() if paper.confidentiality in levels and not paper.replaced_at]
    plain = ItemLines(item.position, item.title, item.purpose, item.presenter, papers)
    if not with_minutes:
        return plain, False
    text = item.minute.text if hasattr(item, "minute") else ""
    decisions = [
        (one.text, _owner(one, audience), to_wareki(one.due_on) if one.due_on else "")
        for one in sorted(item.decisions.all(), key=lambda one: one.pk)
        if one.confidentiality in levels
    ]
    corrections = [
        (to_wareki(localdate(one.at)), one.passage, one.correct, one.reason)
        for one in sorted(item.corrections.all(), key=lambda one: one.pk)
        if one.confidentiality in levels
    ]
    lines = ItemLines(
        item.position,
        item.title,
        item.purpose,
        item.presenter,
        papers,
        rendition(text, audience),
        decisions,
        corrections,
        _opinions(item) if audience >= Audience.MEMBERS else (),
    )
    return lines, is_partly_hidden(text, audience)


def _owner(decision: object, audience: Audience) -> str:
    post, body = decision.owner_post, decision.owner_body  # type: ignore[attr-defined]
    if body is not None:
        return str(body.name)
    # a seat is named to those who know the members: in a small council its title may say who somebody is
    return str(post) if post is not None and audience >= Audience.MEMBERS else ""


def _opinions(item: AgendaItem) -> list[str]:
    """The newest of each person, without names: an opinion in minutes needs none."""
    newest = {one.attendee_id: one for one in sorted(item.opinions.all(), key=lambda one: one.recorded_at)}
    number: dict[str, int] = defaultdict(int)
    for one in newest.values():
        number[one.get_stance_display()] += 1
    counted = "、".join(f"{label} {count}件" for label, count in sorted(number.items()))
    texts = sorted(one.text + ("（期限のあとに届いた）" if one.late else "") for one in newest.values() if one.text)
    return [counted, *texts] if counted else []


def people_of(meeting: Meeting) -> list[PersonLine]:
    """Names in the order of the seats; the attendance only where it was recorded."""
    rows = list(meeting.attendees.exclude(standing=Standing.SECRETARIAT).order_by("position", "pk"))
    chosen = shown_categories(
        [one.holding_id for one in rows if one.holding_id], meeting.held_on or localdate(meeting.created_at)
    )
    return [
        PersonLine(
            name=one.name if one.attendance != Attendance.PROXY else f"{one.name}（代理 {one.proxy_name}）",
            affiliation=one.affiliation,
            standing=one.get_standing_display(),
            attendance=one.get_attendance_display() if one.attendance in _CAME else "",
            chosen=one.holding_id in chosen,
        )
        for one in rows
    ]
