"""Meetings as lists and as one page, for what the reader may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from nimo.community.councils.choices.bodies import Category
from nimo.community.councils.choices.meetings import MeetingState, MeetingWay
from nimo.community.councils.models.bodies import Body, BodyHat
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.policies.bodies import manages, sees_names
from nimo.community.councils.policies.meetings import audience_of, visible_items, visible_meetings
from nimo.community.councils.queries.calls import people_table
from nimo.community.councils.queries.regulated import findings
from nimo.community.councils.rules.categories import Breakdown, fold, threshold_of
from nimo.community.councils.rules.renditions import Audience
from nimo.core.disclosure.policy import shipped_policy
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

_TONES = {MeetingState.HELD: "success", MeetingState.PLANNED: "info", MeetingState.CANCELLED: "neutral"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of a list of meetings; None or empty: all."""

    fiscal_year: int | None = None
    state: str = ""
    way: str = ""


def meetings_of(actor: Actor, body: Body, wanted: Wanted) -> QuerySet[Meeting]:
    """Newest first; those without a day come last, on every database."""
    rows = visible_meetings(actor).filter(body=body)
    if wanted.fiscal_year is not None:
        rows = rows.filter(fiscal_year=wanted.fiscal_year)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.way:
        rows = rows.filter(way=wanted.way)
    return rows.order_by(F("held_on").desc(nulls_last=True), "-id")


def day_of(meeting: Meeting) -> str:
    if meeting.held_on is not None:
        return to_wareki(meeting.held_on)
    if meeting.way == MeetingWay.WRITTEN and meeting.answer_by is not None:
        return f"回答期限日 {to_wareki(meeting.answer_by)}"
    return f"{FiscalYear(meeting.fiscal_year).label}（日は未定）"


def totals(meetings: Iterable[Meeting]) -> dict[UUID, int | None]:
    """How many took part in each; None where nobody said. One query."""
    rows = Meeting.objects.filter(pk__in=[one.pk for one in meetings]).prefetch_related("counts")
    return {one.pk: sum(count.number for count in one.counts.all()) if len(one.counts.all()) else None for one in rows}


def meeting_table(meetings: list[Meeting], *, near: bool, href: str = "") -> Table:
    number = totals(meetings)
    rows: list[Row] = [
        {
            "day": Cell(day_of(one), href=reverse("councils:meeting_detail", args=[one.pk])),
            "title": one.title,
            "way": one.get_way_display(),
            "people": Cell("記録なし" if number[one.pk] is None else f"{number[one.pk]}人"),
            "state": Cell(one.get_state_display(), tone=_TONES[MeetingState(one.state)]),
            "summary": one.summary if near else None,
        }
        for one in meetings
    ]
    columns = [
        Column("day", "開催日", is_row_header=True),
        Column("title", "会議"),
        Column("way", "方法"),
        Column("people", "参加者", align="end"),
        Column("state", "状態"),
    ]
    return Table(
        id="meetings",
        caption="会議",
        columns=[*columns, Column("summary", "要旨")] if near else columns,
        rows=rows,
        empty=EmptyState(
            "会議の記録はまだありません",
            "開催日、区分ごとの参加者数、ひとことの要旨だけで記録できます。3分ほどで終わります。"
            "協議の場の開催回数と参加者数（障害福祉計画の活動指標）は、ここから数えます。",
            action_label="開いた会議を記録する" if href else "",
            action_href=href,
        ),
    )


def year_choices(actor: Actor, body: Body) -> list[tuple[str, str]]:
    years = visible_meetings(actor).filter(body=body).order_by("-fiscal_year").values_list("fiscal_year", flat=True)
    return [("", "すべての年度"), *((str(year), FiscalYear(year).label) for year in years.distinct())]


def hat_choices(body: Body) -> list[tuple[str, str]]:
    return [(str(hat.pk), str(hat)) for hat in BodyHat.objects.filter(body=body).order_by("kind", "name")]


def counts_of(meeting: Meeting) -> dict[Category, int]:
    """As they were entered: for the form of the secretariat, never for a page."""
    return {Category(one.category): one.number for one in meeting.counts.all()}


def shown_counts(meeting: Meeting) -> Breakdown | None:
    """What may be shown; None: nobody said how many came."""
    said = counts_of(meeting)
    if not said:
        return None
    day = meeting.held_on or localdate(meeting.created_at)
    return fold(said, threshold_of(shipped_policy(day)))


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """near: knows the members' names (secretariat, officers of the region, those who sit in the body)."""

    meeting: Meeting
    audience: Audience
    manages: bool
    near: bool
    facts: list[tuple[str, str]]
    attendance: Breakdown | None
    items: Table
    people: Table | None
    """Who was asked, for those who may see names; None: nobody was, or not for this reader."""
    findings: list[str] = field(default_factory=list)


def meeting_page(actor: Actor, meeting: Meeting) -> MeetingPage:
    keeper, near = manages(actor, meeting.body), sees_names(actor, meeting.body)
    audience = audience_of(actor, meeting.body)
    facts = [
        ("会議体", meeting.body.name),
        ("開催日", day_of(meeting)),
        ("方法", meeting.get_way_display()),
        ("状態", meeting.get_state_display() + (f"（{meeting.state_reason}）" if meeting.state_reason else "")),
    ]
    if meeting.starts_at:
        until = f"～{meeting.ends_at:%H:%M}" if meeting.ends_at else ""
        facts.append(("時刻", f"{meeting.starts_at:%H:%M}{until}"))
    if meeting.place:
        facts.append(("場所", meeting.place))
    if meeting.online_address and audience >= Audience.MEMBERS:
        facts.append(("オンラインの接続先", meeting.online_address))
    if meeting.answer_by:
        facts.append(("回答期限日", to_wareki(meeting.answer_by)))
    hats = [str(row.hat) for row in meeting.hats.select_related("hat").order_by("pk")]
    if hats:
        facts.append(("兼ねた会議", "、".join(hats)))
    if meeting.goals_reviewed:
        facts.append(("目標の設定・評価", "行った"))
    if near and meeting.summary:
        facts.append(("要旨", meeting.summary))
    return MeetingPage(
        meeting=meeting,
        audience=audience,
        manages=keeper,
        near=near,
        facts=facts,
        attendance=shown_counts(meeting),
        items=item_table(actor, meeting, edit=keeper),
        people=people_table(meeting, keeper=keeper) if near and meeting.attendees.exists() else None,
        findings=findings(meeting, actor.today) if keeper else [],
    )


def item_table(actor: Actor, meeting: Meeting, *, edit: bool) -> Table:
    rows: list[Row] = [
        {
            "position": str(item.position),
            "title": Cell(
                item.title,
                href=reverse("councils:item_detail", args=[item.pk]) if edit else None,
                note=item.purpose or None,
            ),
            "axis": item.get_axis_display() or None,
            "origin": item.get_origin_display() or None,
            "confidentiality": item.get_confidentiality_display(),
            "papers": f"{len(item.papers.all())}件",
        }
        for item in visible_items(actor, meeting).prefetch_related("papers").order_by("position")
    ]
    return Table(
        id="items",
        caption="議題",
        columns=[
            Column("position", "番号"),
            Column("title", "議題", is_row_header=True),
            Column("axis", "軸"),
            Column("origin", "起点"),
            Column("confidentiality", "公開の範囲"),
            Column("papers", "資料", align="end"),
        ],
        rows=rows,
        empty=EmptyState(
            "議題はまだありません",
            "議題がなくても開催の記録は数えます。軸と起点は、年度末にまとめて付けられます。",
        ),
    )


def held_initial(meeting: Meeting) -> dict[str, object]:
    """What stands in the form when a meeting is recorded as held or mended."""
    columns = ("version", "held_on", "way", "summary", "goals_reviewed", "title", "starts_at", "ends_at", "place")
    initial = {name: getattr(meeting, name) for name in (*columns, "online_address")}
    initial["hats"] = [str(one) for one in meeting.hats.order_by("pk").values_list("hat_id", flat=True)]
    counted = counts_of(meeting)
    return initial | {f"count_{one.value}": counted.get(one) for one in Category}
