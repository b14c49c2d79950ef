"""What the pages of answers show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.urls import reverse

from nimo.community.indicators.queries.figures import region_figures
from nimo.community.reports.choices import AnswerState
from nimo.community.reports.models.answers import AnswerSheet, AnswerVersion
from nimo.community.reports.policies import get_answer, may_edit, visible_answers
from nimo.community.reports.queries.papers import get_version
from nimo.community.reports.rules.snapshot import FigureSnapshot, Snapshot, from_json, shown_years
from nimo.core.eras import to_wareki
from nimo.core.text import fold
from nimo.foundation.access.actors import JAPAN, Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.jobs.queries import moment
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import region as find_region
from nimo.foundation.regions.queries.places import search
from nimo.foundation.ui.components.charts import Chart, Point, Series
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.figures import Comparison, Figure
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import TimelineItem
from nimo.foundation.ui.components.tables import Cell, Column, Table

PAGE_SIZE = 30
TONES = {AnswerState.DRAFT: "info", AnswerState.CONFIRMED: "success", AnswerState.DROPPED: "neutral"}


@dataclass(frozen=True, slots=True)
class AnswerList:
    page: Page[AnswerVersion]
    table: Table


def answer_list(actor: Actor, *, words: str, number: int) -> AnswerList:
    """The newest version of each sheet of one's organisations, newest first; words are looked for in everything said."""
    rows = (
        AnswerVersion.objects.filter(sheet__in=visible_answers(actor), number=F("sheet__version"))
        .select_related("sheet")
        .defer("snapshot")
        .order_by("-sheet__begun_at", "-sheet_id")
    )
    wanted = [fold(word) for word in words.split()]
    found: Sequence[AnswerVersion] = rows  # type: ignore[assignment]
    if wanted:
        found = [row for row in rows if all(word in fold(_said(row)) for word in wanted)]
    page = Paginator(found, PAGE_SIZE).get_page(number)
    return AnswerList(page, _list_table(list(page.object_list)))


def _said(row: AnswerVersion) -> str:
    return " ".join((row.title, row.sheet.region_name, row.meeting_name, row.answerer_post, row.question, row.answer))


def _list_table(rows: Sequence[AnswerVersion]) -> Table:
    return Table(
        id="answers",
        caption="答弁用の1枚",
        columns=[
            Column("title", "件名", is_row_header=True),
            Column("region", "地域"),
            Column("meeting", "会議"),
            Column("asked_on", "質問の日"),
            Column("state", "状態"),
        ],
        rows=[
            {
                "title": Cell(row.title, href=reverse("reports:answer_detail", args=[row.sheet_id])),
                "region": row.sheet.region_name,
                "meeting": row.meeting_name or None,
                "asked_on": to_wareki(row.asked_on) if row.asked_on else None,
                "state": Cell(row.sheet.get_state_display(), tone=TONES[AnswerState(row.sheet.state)]),
            }
            for row in rows
        ],
        empty=EmptyState(
            title="まだありません",
            body="議会などで聞かれたとき、数値・5年の移り変わり・出典・注意と、前に何と答えたかを1枚にまとめます。",
            action_label="1枚を作る",
            action_href=reverse("reports:answer_new"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What a new sheet may be about. region None: choose it first; found: regions that match the words."""

    region: Region | None
    region_title: str
    found: Sequence[tuple[str, str]]
    indicators: Sequence[tuple[str, str]]
    suggested: Sequence[tuple[str, str]]


def _title(region: Region) -> str:
    return f"{region.prefecture.name} {region.name}" if region.prefecture else region.name


def choices(actor: Actor, region_code: str, words: str) -> Choice:
    """The region asked for with the indicators it has figures of (as the actor sees them), or regions to choose from."""
    region = find_region(region_code) if region_code else None
    if region is None:
        own = find_region(actor.organisation.region_code) if actor.organisation else None
        found = [(one.code, _title(one)) for one in search(words)] if words else []
        return Choice(None, "", found, (), [(own.code, _title(own))] if own else [])
    figures = region_figures(actor, region.code)
    labels: dict[str, str] = {}
    for one in figures:
        figure = one.figure
        labels.setdefault(figure.indicator, f"{figure.name}（{figure.cell_text}、{figure.as_of_text}）")
    return Choice(region, _title(region), (), list(labels.items()), ())


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of the snapshot for the screen."""

    snapshot: FigureSnapshot
    figure: Figure
    table: Table
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One version of a sheet. is_newest: not an older version; edit: may it be written, and why not."""

    sheet: AnswerSheet
    version: AnswerVersion
    state: AnswerState
    tone: str
    is_newest: bool
    edit: Decision
    facts: Sequence[Definition]
    figures: Sequence[FigureView]
    snapshot: Snapshot
    history: Sequence[TimelineItem]
    is_old: bool

    @property
    def is_draft(self) -> bool:
        return self.state is AnswerState.DRAFT


def _view(one: FigureSnapshot, place: int) -> FigureView:
    states = {"value": "value", "not_filled": "not_filled", "suppressed": "suppressed"}
    state = states.get(one.state, "absent")
    figure = Figure(
        label=one.name,
        value=one.number if state == "value" else None,
        unit=one.unit,
        as_of=one.as_of,
        basis=one.basis,
        coverage=one.coverage,
        source=one.source,
        href=one.path,
        state=state,
        comparisons=[Comparison(other.label, other.text) for other in one.comparisons],
    )
    table = Table(
        id=f"years-{place}",
        caption=f"{one.name}の5年",
        columns=[
            Column("year", "年度", is_row_header=True),
            Column("value", "値", align="end"),
            Column("as_of", "時点"),
            Column("source", "出典"),
        ],
        rows=[
            {"year": year.label, "value": year.text, "as_of": year.as_of or None, "source": year.source or None}
            for year in one.years
        ],
    )
    if not shown_years(one.years):
        return FigureView(one, figure, table, None)
    points = [
        Point(year.label, None if year.value is None else Decimal(year.value), "" if year.value else year.text)
        for year in one.years
    ]
    whole = all(point.value is None or point.value == int(point.value) for point in points)
    chart = Chart(
        id=f"trend-{place}",
        kind="bar",
        title=f"{one.name}の移り変わり",
        series=[Series(one.name, points)],
        unit=one.unit,
        source="、".join(dict.fromkeys(year.source for year in one.years if year.source)),
        value_format="," if whole else ",.1f",
        label_heading="年度",
    )
    return FigureView(one, figure, table, chart)


def _history(sheet: AnswerSheet) -> list[TimelineItem]:
    versions = AnswerVersion.objects.filter(sheet=sheet).defer("snapshot").order_by("-number")
    items = [
        TimelineItem(
            moment(row.saved_at) or "",
            f"第{row.number}版を保存",
            row.saved_by_name,
            reverse("reports:answer_version", args=[sheet.pk, row.number]),
        )
        for row in versions
    ]
    if sheet.confirmed_at:
        items.insert(0, TimelineItem(moment(sheet.confirmed_at) or "", "確定", sheet.confirmed_by_name))
    return items


def answer_page(actor: Actor, answer_id: UUID, number: int | None = None) -> AnswerPage:
    """A sheet the actor may see, in one of its versions (None: the newest). Raises NotVisible."""
    sheet = get_answer(actor, answer_id)
    version = get_version(sheet, number)
    snapshot = from_json(version.snapshot)
    state = AnswerState(sheet.state)
    facts = [
        Definition("会議", version.meeting_name or "未記入"),
        Definition("質問の日", to_wareki(version.asked_on) if version.asked_on else "未記入"),
        Definition("答弁する職", version.answerer_post or "未記入"),
        Definition("地域", sheet.region_name, f"/regions/{sheet.region_id}/"),
        Definition("組織", sheet.organisation_name),
        Definition(
            "使う数値",
            "公表用（公開された値だけ）" if sheet.public_only else "庁内用（公表前の値を含むことがあります）",
        ),
        Definition("数値を取り出した日", snapshot.taken),
    ]
    if sheet.drop_reason:
        facts.append(Definition("取りやめた理由", sheet.drop_reason))
    return AnswerPage(
        sheet=sheet,
        version=version,
        state=state,
        tone=TONES[state],
        is_newest=version.number == sheet.version,
        edit=may_edit(actor, sheet),
        facts=facts,
        figures=[_view(one, place) for place, one in enumerate(snapshot.figures)],
        snapshot=snapshot,
        history=_history(sheet),
        is_old=version.saved_at.astimezone(JAPAN).date() < actor.today,
    )
