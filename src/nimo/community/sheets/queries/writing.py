"""Read models of the screens on which a sheet is written and sent from post to post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from nimo.community.sheets import policies
from nimo.community.sheets.choices import DocumentState, ExportFormat, FlowAction, StepKind, SubmissionState
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.models.documents import SheetDocument, SheetRoute
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.queries.council_records import council_part
from nimo.community.sheets.queries.documents import (
    content_of,
    open_suggestions,
    problems_of,
    unexplained_indicators,
)
from nimo.community.sheets.queries.screens import day, place_name, year_label
from nimo.community.sheets.rules.checking import Check, filled_share, stops
from nimo.community.sheets.rules.fields import (
    is_empty,
)
from nimo.community.sheets.rules.flow import holder, steps_from_json
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.regions.models import Region
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition, TimelineItem
from nimo.foundation.ui.components.navigation import Step as StepMark
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

TONES = {
    DocumentState.DRAFTING: "info",
    DocumentState.CHECKING: "warning",
    DocumentState.DECIDING: "warning",
    DocumentState.DECIDED: "warning",
    DocumentState.SUBMITTED: "info",
    DocumentState.ACCEPTED: "success",
    DocumentState.WITHDRAWN: "neutral",
}


def document_name(document: SheetDocument) -> str:
    return f"{place_name(document.region)} {year_label(document.fiscal_year)}"


def documents_of(actor: Actor) -> QuerySet[SheetDocument]:
    """Those one may see, what was touched last first."""
    return (
        policies.visible_documents(actor)
        .select_related("region__prefecture", "organisation", "in_charge")
        .order_by("-moved_at", "pk")
    )


def open_documents(actor: Actor) -> QuerySet[SheetDocument]:
    """Those that are not finished: the candidates for 「あなたの番」, the oldest first."""
    return documents_of(actor).exclude(state__in=[DocumentState.ACCEPTED, DocumentState.WITHDRAWN]).order_by("moved_at")


def in_my_hands(actor: Actor, document: SheetDocument) -> bool:
    """Is it this person's turn?"""
    if document.state in {DocumentState.DRAFTING, DocumentState.DECIDED}:
        return policies.is_author(actor, document)
    return bool(policies.may_act(actor, document))


def where(document: SheetDocument) -> str:
    """ "係長（確認）" — who has it now."""
    step = holder(steps_from_json(document.route), policies.position_of(document))
    return step.label if step else document.organisation.name


def document_table(actor: Actor, documents: Sequence[SheetDocument]) -> Table:
    rows: list[Row] = []
    for document in documents:
        state = DocumentState(document.state)
        turn = state not in {DocumentState.ACCEPTED, DocumentState.WITHDRAWN} and in_my_hands(actor, document)
        rows.append(
            {
                "name": Cell(document_name(document), href=reverse("sheets:document_detail", args=[document.pk])),
                "state": Cell(state.label, tone=TONES[state]),
                "where": Cell(where(document), note="あなたの番です" if turn else None),
                "due": to_wareki(document.due_on) if document.due_on else None,
                "at": Cell(day(document.moved_at), sort_key=document.moved_at.isoformat()),
            }
        )
    return Table(
        id="documents",
        caption="作成しているシート",
        columns=[
            Column("name", "地域と年度", is_row_header=True),
            Column("state", "状態"),
            Column("where", "いまどこにあるか"),
            Column("due", "提出の期限"),
            Column("at", "最後に動いた日時"),
        ],
        rows=rows,
        empty=EmptyState(
            "作成しているシートはありません",
            "自治体情報シートは、前の年度のシートの文を下書きにして作りはじめられます。数値は、記録されている指標から入ります。",
        ),
    )


def body_choices(actor: Actor) -> list[tuple[str, str]]:
    """(region code, name) of the bodies the actor may write a sheet for."""
    own = {grant.region_code for grant in actor.grants if Permission.EDIT_SHEET in grant.scopes}
    rows = Region.objects.filter(pk__in=own).select_related("prefecture")
    return [(region.pk, place_name(region)) for region in rows.order_by("code")]


def own_organisations(actor: Actor) -> list[tuple[str, str]]:
    return [
        (str(grant.organisation_id), grant.organisation_name)
        for grant in actor.grants
        if Permission.EDIT_SHEET in grant.scopes
    ]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Everything the page of a document shows."""

    document: SheetDocument
    name: str
    facts: list[Definition]
    steps: list[StepMark]
    chapters: Table
    checks: list[Check]
    stopping: int
    filled: tuple[int, int]
    history: list[TimelineItem]
    submissions: list[SheetSubmission]
    offered: int
    unexplained: int
    is_author: bool
    may_write: bool
    may_act: bool
    may_record_for: bool
    kind: str
    """Of the step that has it now: "check", "decide", "receive"; "" with its authors."""
    from_records: int
    """Cells of 協議の場 that one press fills from the records of meetings; 0 for those who may not write."""
    drafts: list[tuple[str, str]]
    """(words, address) of the files of a sheet that is not submitted yet."""


def _steps(document: SheetDocument) -> list[StepMark]:
    route = steps_from_json(document.route)
    if not route:
        return []
    done = document.state == DocumentState.ACCEPTED
    drafting = document.state == DocumentState.DRAFTING
    marks = [StepMark(f"{document.organisation.name}（作成）", "current" if drafting else "done")]
    for number, step in enumerate(route, 1):
        if done or (number < document.step and not drafting):
            state = "done"
        elif number == document.step and not drafting:
            state = "done" if document.state == DocumentState.DECIDED else "current"
        else:
            state = "todo"
        marks.append(StepMark(step.label, state))
    return marks


def _chapter_table(document: SheetDocument, content: Mapping[str, Any], found: Sequence[Check]) -> Table:
    rows: list[Row] = []
    chapters = {chapter.key: chapter for chapter in document.chapters.all()}
    for key in sections_of(document.layout):
        chapter = chapters.get(key.value)
        own = [one for one in found if one.section is key]
        stopping = len(stops(own))
        word, tone = ("まだ空です", "neutral") if is_empty(content, key) else ("記入あり", "success")
        rows.append(
            {
                "name": Cell(key.label, href=reverse("sheets:document_chapter", args=[document.pk, key.value])),
                "state": Cell(word, tone=tone),
                "stops": Cell(str(stopping), tone="danger") if stopping else None,
                "looks": len(own) - stopping or None,
                "by": f"{chapter.edited_by_name}（{day(chapter.edited_at)}）"
                if chapter and chapter.version > 1
                else None,
            }
        )
    return Table(
        id="chapters",
        caption="章ごとのようす",
        columns=[
            Column("name", "章", is_row_header=True),
            Column("state", "記入"),
            Column("stops", "直すまで回せない", align="end"),
            Column("looks", "確かめたい", align="end"),
            Column("by", "最後に直した人"),
        ],
        rows=rows,
    )


def _history(document: SheetDocument) -> list[TimelineItem]:
    return [
        TimelineItem(
            day(move.at),
            f"{FlowAction(move.action).label}（{move.organisation_name} {move.by_name}）"
            + ("※紙の記録を代わりに入力" if move.on_behalf else ""),
            "\n".join(
                part
                for part in (move.post, move.reason, f"直した欄 {len(move.fields)}か所" if move.fields else "")
                if part
            ),
        )
        for move in document.moves.order_by("-at", "-pk")
    ]


def document_page(actor: Actor, document: SheetDocument) -> DocumentPage:
    content = content_of(document)
    found = problems_of(document)
    step = holder(steps_from_json(document.route), policies.position_of(document))
    may_write = bool(policies.may_write(actor, document))
    councils = council_part(actor, document) if may_write else None
    return DocumentPage(
        document=document,
        name=document_name(document),
        facts=[
            Definition("状態", f"{document.get_state_display()}　いまあるところ: {where(document)}"),
            Definition("作成する組織", document.organisation.name),
            Definition("担当者", document.in_charge.name if document.in_charge else None),
            Definition(
                "もとにしたシート",
                year_label(document.begun_from.fiscal_year) if document.begun_from else "なし（白紙から）",
                reverse("sheets:sheet_detail", args=[document.begun_from.pk]) if document.begun_from else None,
            ),
            Definition("提出の期限", to_wareki(document.due_on) if document.due_on else None),
            Definition("決裁日", to_wareki(document.decided_on) if document.decided_on else None),
            Definition("文書番号", document.document_number or None),
        ],
        steps=_steps(document),
        chapters=_chapter_table(document, content, found),
        checks=found,
        stopping=len(stops(found)),
        filled=filled_share(content, sections_of(document.layout)),
        history=_history(document),
        submissions=list(document.submissions.order_by("-edition")),
        offered=len(open_suggestions(document)),
        unexplained=len(unexplained_indicators(document)),
        is_author=policies.is_author(actor, document),
        may_write=may_write,
        from_records=councils.waiting if councils else 0,
        may_act=bool(policies.may_act(actor, document)),
        may_record_for=bool(policies.may_record_for(actor, document)),
        kind=step.kind.value if step else "",
        drafts=[
            (f"{one.label}で書き出す", reverse("sheets:document_file", args=[document.pk, one.value]))
            for one in (() if document.state in (DocumentState.SUBMITTED, DocumentState.ACCEPTED) else ExportFormat)
        ],
    )


def route_choices(document: SheetDocument) -> list[tuple[str, str]]:
    """The routes of the body that writes the sheet, with their steps in words."""
    rows = SheetRoute.objects.filter(organisation_id=document.organisation_id, in_use=True).order_by("name")
    return [
        (str(row.pk), f"{row.name}: {' → '.join(step.label for step in steps_from_json(row.steps))}") for row in rows
    ]


def route_table(routes: Sequence[SheetRoute]) -> Table:
    rows: list[Row] = [
        {
            "name": Cell(row.name, href=reverse("sheets:route_edit", args=[row.pk])),
            "organisation": row.organisation.name,
            "steps": " → ".join(step.label for step in steps_from_json(row.steps)),
            "changed": f"{row.changed_by_name}（{day(row.changed_at)}）",
        }
        for row in routes
    ]
    return Table(
        id="routes",
        caption="回す経路",
        columns=[
            Column("name", "経路", is_row_header=True),
            Column("organisation", "作成する組織"),
            Column("steps", "段"),
            Column("changed", "最後に変えた人"),
        ],
        rows=rows,
        empty=EmptyState(
            "回す経路がまだありません",
            "確認 → 決裁 → 提出先（保健所、県など）の順を、組織ごとに決めておくと、シートを回せます。",
        ),
    )


def submission_facts(submission: SheetSubmission) -> list[Definition]:
    state = SubmissionState(submission.state)
    return [
        Definition(
            "地域と年度",
            f"{submission.prefecture_name} {submission.region_name} {year_label(submission.fiscal_year)}".strip(),
        ),
        Definition("第何回の提出か", f"第{submission.edition}回"),
        Definition("状態", state.label),
        Definition(
            "提出した人",
            f"{submission.submitted_by_name}（{day(submission.submitted_at)}）"
            + ("　※期限のあと" if submission.late else ""),
        ),
        Definition("決裁日", to_wareki(submission.decided_on)),
        Definition("文書番号", submission.document_number),
        Definition(
            "内容のハッシュ", submission.digest, note="提出したときから一文字も変わっていないことを確かめるための値"
        ),
    ]


def step_kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in StepKind]


def routes_of(actor: Actor) -> list[SheetRoute]:
    return list(
        policies.visible_routes(actor)
        .filter(in_use=True)
        .select_related("organisation")
        .order_by("organisation", "name")
    )


def managed_organisations(actor: Actor) -> list[tuple[str, str]]:
    """The organisations whose routes the actor may set."""
    return [
        (str(grant.organisation_id), grant.organisation_name)
        for grant in actor.grants
        if Permission.MANAGE_SHEET_ROUTES in grant.scopes
    ]


_STEP_BODIES = [
    OrganisationKind.HEAD_OFFICE,
    OrganisationKind.HEALTH_CENTRE,
    OrganisationKind.MENTAL_HEALTH_CENTRE,
    OrganisationKind.MUNICIPALITY,
    OrganisationKind.NATIONAL_SECRETARIAT,
]


def step_organisations(actor: Actor) -> list[tuple[str, str]]:
    """Public offices of one's own prefecture that may stand on a route (and the nation's), by kind and name."""
    prefectures = {f"{grant.region_code[:2]}" for grant in actor.grants if grant.region_code}
    rows = Organisation.objects.filter(kind__in=_STEP_BODIES, valid_to__isnull=True)
    near = Q(kind=OrganisationKind.NATIONAL_SECRETARIAT)
    for prefecture in sorted(prefectures):
        near |= Q(region__code__startswith=prefecture)
    return [(str(row.pk), row.name) for row in rows.filter(near).order_by("kind", "name")]


def route_initial(route: SheetRoute) -> dict[str, Any]:
    """What stands in the boxes of a route's page."""
    made: dict[str, Any] = {
        "organisation_id": str(route.organisation_id),
        "name": route.name,
        "version": route.version,
    }
    for number, step in enumerate(steps_from_json(route.steps), 1):
        made |= {
            f"kind_{number}": step.kind.value,
            f"at_{number}": str(step.organisation_id),
            f"post_{number}": step.post,
        }
    return made
