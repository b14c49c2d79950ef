"""What a signed-in person should do next, and how far their own work is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from nimo.community.councils.queries.work import waiting_for_secretariat
from nimo.community.reports.queries.requests import open_requests
from nimo.community.sheets.queries.screens import day, draft_name, sheet_name
from nimo.community.sheets.queries.sheets import drafts_to_confirm, sheets_to_publish, uploads_in_hand
from nimo.community.sheets.queries.writing import document_name, in_my_hands, open_documents
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.notices.queries import unread_count
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Home:
    greeting: str
    todo: Table
    region_href: str
    region_label: str
    may_import: bool
    unread: int


def _documents(actor: Actor) -> list[Row]:
    """Sheets being written whose turn it is here."""
    if not actor.has_anywhere(Permission.EDIT_SHEET):
        return []
    turns = [one for one in open_documents(actor)[: SHOWN * 3] if in_my_hands(actor, one)]
    return [
        {
            "what": Cell(
                f"{document_name(one)} のシート（{one.get_state_display()}）を進める",
                href=reverse("sheets:document_detail", args=[one.pk]),
            ),
            "kind": Cell("あなたの番", tone="warning"),
            "since": day(one.moved_at),
        }
        for one in turns[:SHOWN]
    ]


def _requests(actor: Actor) -> list[Row]:
    """Sheets somebody asked one's own bodies for."""
    return [
        {
            "what": Cell(
                f"{target.region_name}の自治体情報シートの提出（{target.collection.organisation_name}から、"
                f"期限 {to_wareki(target.collection.due_on)}）",
                href=reverse("reports:request_detail", args=[target.pk]),
            ),
            "kind": Cell(
                "期限を過ぎています" if target.collection.due_on < actor.today else str(standing.label),
                tone="danger" if target.collection.due_on < actor.today else "warning",
            ),
            "since": day(target.collection.opened_at),
        }
        for target, standing in open_requests(actor)[:SHOWN]
    ]


def _councils(actor: Actor) -> list[Row]:
    """What a council's secretariat has let lie: decisions past their day, answers owed, minutes, terms."""
    return [
        {
            "what": Cell(one.text, href=one.href),
            "kind": Cell(one.state, tone=one.tone),
            "since": day(one.since) if isinstance(one.since, datetime) else to_wareki(one.since),
        }
        for one in waiting_for_secretariat(actor, limit=SHOWN)
    ]


def home(actor: Actor) -> Home:
    """Drafts to confirm, sheets to publish, files that could not be read; newest work last, so nothing gets old."""
    rows: list[Row] = []
    for draft in drafts_to_confirm(actor)[:SHOWN]:
        rows.append(
            {
                "what": Cell(
                    f"{draft_name(draft)} の読み取りを確かめる", href=reverse("sheets:draft_review", args=[draft.pk])
                ),
                "kind": Cell("確認待ち", tone="warning"),
                "since": day(draft.upload.uploaded_at),
            }
        )
    if actor.has_anywhere(Permission.PUBLISH_SHEET):
        for sheet in sheets_to_publish(actor)[:SHOWN]:
            if actor.may(Permission.PUBLISH_SHEET, region_code=sheet.region_id):
                rows.append(
                    {
                        "what": Cell(
                            f"{sheet_name(sheet)} の公開する章を選ぶ",
                            href=reverse("sheets:sheet_publish", args=[sheet.pk]),
                        ),
                        "kind": Cell("公開前", tone="info"),
                        "since": day(sheet.confirmed_at),
                    }
                )
    for upload in uploads_in_hand(actor).filter(state="failed")[:SHOWN]:
        rows.append(
            {
                "what": Cell(
                    f"読めなかったファイル: {upload.file.name}", href=reverse("sheets:upload_detail", args=[upload.pk])
                ),
                "kind": Cell("読めませんでした", tone="danger"),
                "since": day(upload.uploaded_at),
            }
        )
    rows += _requests(actor)
    rows += _documents(actor)
    rows += _councils(actor)
    grant = actor.organisation
    may_import = actor.has_anywhere(Permission.IMPORT_SHEET)
    return Home(
        greeting=f"{FiscalYear.of(actor.today).label}　{grant.organisation_name if grant else ''}",
        todo=Table(
            id="todo",
            caption="次にすること",
            columns=[
                Column("what", "すること", is_row_header=True),
                Column("kind", "状態"),
                Column("since", "いつから"),
            ],
            rows=rows,
            empty=EmptyState(
                "いま待っている仕事はありません",
                "新しい年度の自治体情報シートが届いたら、そのまま取り込めます。"
                if may_import
                else "担当の地域のページから、公開された内容を見られます。",
            ),
        ),
        region_href=reverse("portal:region_detail", args=[grant.region_code])
        if grant
        else reverse("portal:region_list"),
        region_label="担当の地域のページを見る",
        may_import=may_import,
        unread=unread_count(actor),
    )
