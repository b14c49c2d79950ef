"""A body's year on one page: plan against done, the facts of the look back, what was decided."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse

from nimo.community.councils.choices.bodies import Axis, Origin
from nimo.community.councils.choices.meetings import MeetingState
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.years import PlannedMeeting, YearReview
from nimo.community.councils.queries.facts import YearFacts, year_facts
from nimo.community.councils.queries.meetings import day_of
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.questionnaires.policies import visible_rounds
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


@dataclass(frozen=True, slots=True)
class YearPage:
    body: Body
    year: FiscalYear
    plan: Table
    facts: list[tuple[str, str]]
    cells: Table
    gaps: list[str]
    review: YearReview | None
    outcome: list[tuple[str, str]]


def review_of(body: Body, fiscal_year: int) -> YearReview | None:
    return YearReview.objects.select_related("round").filter(body=body, fiscal_year=fiscal_year).first()


def year_page(actor: Actor, body: Body, fiscal_year: int, *, keeper: bool) -> YearPage:
    """The facts of a decided review are those of the day it was decided on."""
    review = review_of(body, fiscal_year)
    decided = review is not None and bool(review.decision)
    facts = YearFacts(**review.facts) if review and decided else year_facts(body, fiscal_year, actor.today)
    return YearPage(
        body,
        FiscalYear(fiscal_year),
        _plan(body, fiscal_year, keeper=keeper),
        fact_lines(facts),
        _cells(facts),
        facts.empty_cells,
        review,
        _outcome(review) if review and decided else [],
    )


def _of(part: int, whole: int, unit: str) -> str:
    return f"{whole}{unit}のうち{part}{unit}" if whole else "記録なし"


def fact_lines(facts: YearFacts) -> list[tuple[str, str]]:
    """Each figure with what it is a part of; what nobody recorded is said to be unrecorded, not zero."""
    return [
        ("計画した会議の開催", _of(facts.planned_held, facts.planned, "回")),
        ("開催した会議", f"{facts.held}回（うち書面開催 {facts.written}回）"),
        ("議題", f"{facts.items}件" + (f"（軸・起点が未分類 {facts.unclassified}件）" if facts.unclassified else "")),
        ("実行した決定・宿題", _of(facts.done, facts.decisions, "件")),
        ("期限を過ぎた決定・宿題", f"{facts.overdue}件"),
        ("上げた議題への返事", _of(facts.answered, facts.raised, "件")),
        ("新しく加わった人", f"{facts.newcomers}人"),
        ("当事者・家族が参加した会議", _of(facts.concerned, facts.counted_meetings, "回")),
        ("構成員の欠席", _of(facts.absent, facts.invited, "人回")),
        ("発言した構成員（発言を記録した人のうち）", _of(facts.spoke, facts.noted, "人")),
    ]


def _cells(facts: YearFacts) -> Table:
    rows: list[Row] = [
        {"axis": axis.label}
        | {origin.value: f"{facts.cells.get(f'{axis.value}/{origin.value}', 0)}件" for origin in Origin}
        for axis in Axis
    ]
    columns = [
        Column("axis", "軸", is_row_header=True),
        *(Column(origin.value, f"起点：{origin.label}", align="end") for origin in Origin),
    ]
    return Table("cells", "議題の軸と起点", columns, rows, keep_on_phone=True)


def _plan(body: Body, fiscal_year: int, *, keeper: bool) -> Table:
    lines = PlannedMeeting.objects.filter(body=body, fiscal_year=fiscal_year).select_related("meeting")
    rows: list[Row] = []
    for one in sorted(lines, key=lambda line: ((line.month - 4) % 12, line.pk)):
        meeting = one.meeting
        rows.append(
            {
                "month": Cell(f"{one.month}月", href=reverse("councils:plan_tie", args=[one.pk]) if keeper else None),
                "theme": Cell(one.theme, note=one.goal or None),
                "meeting": Cell(day_of(meeting), href=reverse("councils:meeting_detail", args=[meeting.pk]))
                if meeting
                else None,
                "state": Cell("実施", tone="success")
                if meeting and meeting.state == MeetingState.HELD
                else Cell("まだ", tone="neutral"),
            }
        )
    columns = [
        Column("month", "予定の月", is_row_header=True),
        Column("theme", "テーマ"),
        Column("meeting", "会議"),
        Column("state", "計画と実施"),
    ]
    return Table(
        "plan",
        "年間計画",
        columns,
        rows,
        empty=EmptyState(
            "年間計画はまだありません", "いつ、何をテーマに開くかを年度の初めに並べておくと、実施と見比べられます。"
        ),
    )


def _outcome(review: YearReview) -> list[tuple[str, str]]:
    return [
        ("決めたこと", review.get_decision_display()),
        ("理由", review.reason),
        ("来年度に変えること", review.next_year or "—"),
        ("決めた日", to_wareki(review.decided_on) if review.decided_on else ""),
    ]


def meeting_choices(body: Body, fiscal_year: int) -> list[tuple[str, str]]:
    rows = Meeting.objects.filter(body=body, fiscal_year=fiscal_year).exclude(state=MeetingState.CANCELLED)
    return [
        (str(one.pk), f"{day_of(one)} {one.title}") for one in rows.order_by(F("held_on").asc(nulls_last=True), "id")
    ]


def round_choices(actor: Actor, body: Body) -> list[tuple[str, str]]:
    """Rounds of questionnaires of the office that keeps the body, newest first."""
    rows = visible_rounds(actor).filter(organisation_id=body.organisation_id).order_by("-opens_on", "title")[:50]
    return [(str(one.pk), one.title) for one in rows]


def review_initial(review: YearReview | None) -> dict[str, object]:
    if review is None:
        return {"version": 0}
    return {"version": review.version, "findings": review.findings, "round": str(review.round_id or "")}
