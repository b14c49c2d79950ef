"""What the sheet's screens show, as tables and contexts of the ui kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from nimo.community.sheets import policies
from nimo.community.sheets.choices import DraftState, SheetState, UploadState
from nimo.community.sheets.formats.layouts.sections import layout_names
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.queries.review import Review, ReviewField, ReviewRow, review_of
from nimo.community.sheets.queries.sheets import current_sheet, sections_of
from nimo.community.sheets.rules.exposure import sensitive_spots
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.navigation import Passage
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

LAYOUTS = layout_names()


def day(moment: Any) -> str:
    """ "令和6年11月20日 14:05" in Japan's time."""
    local = timezone.localtime(moment)
    return f"{to_wareki(local.date())} {local:%H:%M}"


def year_label(fiscal_year: int | None) -> str:
    return FiscalYear(fiscal_year).label if fiscal_year else "年度不明"


def place_name(region: Any) -> str:
    if region is None:
        return "地域不明"
    return str(region.name if region.prefecture_id is None else f"{region.prefecture.name} {region.name}")


def draft_name(draft: SheetDraft) -> str:
    read = draft.as_read
    named = (
        place_name(draft.region)
        if draft.region
        else " ".join(part for part in (read.get("prefecture"), read.get("municipality")) if part)
    )
    return f"{named or '地域不明'} {year_label(draft.fiscal_year)}"


def sheet_name(sheet: Sheet) -> str:
    prefecture = f"{sheet.region.prefecture.name} " if sheet.region.prefecture else ""
    return f"{prefecture}{sheet.region_name} {year_label(sheet.fiscal_year)}"


def too_large() -> str:
    limit = settings.NIMO_UPLOAD_LIMIT_BYTES // (1024 * 1024)
    return (
        f"ファイルが {limit} MB を超えるため、受け取りを途中でやめました。何も保存していません。"
        "写真や図を小さくするか、必要なページだけのファイルにして、もう一度お試しください。"
    )


_UPLOAD_TONES = {UploadState.READING: "info", UploadState.REVIEW: "warning", UploadState.FAILED: "danger"}


def upload_table(uploads: Iterable[SheetUpload]) -> Table:
    rows: list[Row] = [
        {
            "file": Cell(upload.file.name, href=reverse("sheets:upload_detail", args=[upload.pk])),
            "state": Cell(upload.get_state_display(), tone=_UPLOAD_TONES.get(UploadState(upload.state), "neutral")),
            "waiting": upload.waiting,  # type: ignore[attr-defined]
            "by": upload.uploaded_by_name,
            "charge": upload.in_charge.name if upload.in_charge else None,
            "at": Cell(day(upload.uploaded_at), sort_key=upload.uploaded_at.isoformat()),
        }
        for upload in uploads
    ]
    return Table(
        id="uploads",
        caption="確認を待っているファイル",
        columns=[
            Column("file", "ファイル", is_row_header=True),
            Column("state", "状態"),
            Column("waiting", "確認待ちのシート", align="end"),
            Column("by", "取り込んだ人"),
            Column("charge", "いまの担当者"),
            Column("at", "取り込み日時"),
        ],
        rows=rows,
        empty=EmptyState(
            "確認を待っているファイルはありません",
            "都道府県・市町村が毎年つくる自治体情報シートを取り込むと、読み取った内容を元の資料と並べて確かめられます。",
        ),
    )


def draft_table(drafts: Iterable[SheetDraft]) -> Table:
    tones = {DraftState.REVIEW: "warning", DraftState.CONFIRMED: "success", DraftState.DISCARDED: "neutral"}
    rows: list[Row] = [
        {
            "name": Cell(draft_name(draft), href=reverse("sheets:draft_review", args=[draft.pk])),
            "layout": LAYOUTS.get(draft.layout, "様式不明"),
            "doubts": len(draft.content.get("warnings") or []),
            "state": Cell(draft.get_state_display(), tone=tones[DraftState(draft.state)]),
        }
        for draft in drafts
    ]
    return Table(
        id="drafts",
        caption="このファイルから読み取ったシート",
        columns=[
            Column("name", "地域と年度", is_row_header=True),
            Column("layout", "様式"),
            Column("doubts", "確かめたいところ", align="end"),
            Column("state", "状態"),
        ],
        rows=rows,
    )


def sheet_table(sheets: Iterable[Sheet]) -> Table:
    rows: list[Row] = []
    for sheet in sheets:
        public, chapters = sheet.public_chapters, sheet.chapters  # type: ignore[attr-defined]
        state = ("公開前", "warning") if not public else ("一部を公開" if public < chapters else "公開", "success")
        rows.append(
            {
                "name": Cell(sheet_name(sheet), href=reverse("sheets:sheet_detail", args=[sheet.pk])),
                "public": Cell(state[0], tone=state[1], note=f"{public}／{chapters} 章"),
                "by": sheet.confirmed_by_name,
                "at": Cell(day(sheet.confirmed_at), sort_key=sheet.confirmed_at.isoformat()),
            }
        )
    return Table(
        id="sheets",
        caption="確定したシート",
        columns=[
            Column("name", "地域と年度", is_row_header=True),
            Column("public", "公開"),
            Column("by", "確定した人"),
            Column("at", "確定日時"),
        ],
        rows=rows,
        empty=EmptyState(
            "確定したシートはまだありません", "取り込んだシートの内容を確かめて確定すると、ここに並びます。"
        ),
    )


def _with_box(each: ReviewField, form: Any) -> dict[str, Any]:
    passage = each.passage
    as_of = f"{each.path}.as_of"
    return {
        "field": each,
        "box": form[each.path],
        "as_of_box": form[as_of] if as_of in form.fields else None,
        "passage": Passage(text=passage[0], place=passage[1]) if passage else None,
    }


def review_context(actor: Actor, draft: SheetDraft, shown: Review, form: Any) -> dict[str, Any]:
    def row_of(row: ReviewRow) -> dict[str, Any]:
        return {"path": row.path, "title": row.title, "fields": [_with_box(each, form) for each in row.fields]}

    return {
        "draft": draft,
        "form": form,
        "review": shown,
        "sections": [{"section": s, "rows": [row_of(row) for row in s.rows]} for s in shown.sections],
        "may_edit": policies.may_edit(actor, draft),
        "may_confirm": policies.may_confirm(actor, draft),
        "layout_label": LAYOUTS.get(draft.layout, "様式が分かりません"),
        "evidence": draft.as_read.get("fiscal_year_evidence"),
        "region": draft.region,
        "confirmed": draft.state == DraftState.CONFIRMED,
        "discarded": draft.state == DraftState.DISCARDED,
    }


def confirm_context(actor: Actor, draft: SheetDraft, form: Any) -> dict[str, Any]:
    shown = review_of(draft)
    existing = current_sheet(draft.region_id, draft.fiscal_year) if draft.region_id and draft.fiscal_year else None
    return {
        "draft": draft,
        "form": form,
        "decision": policies.may_confirm(actor, draft),
        "existing": existing,
        "summary": [
            ("地域", place_name(draft.region)),
            ("年度", year_label(draft.fiscal_year)),
            ("様式", LAYOUTS.get(draft.layout, "様式が分かりません")),
            ("中身のある章", f"{sum(not s.is_empty for s in shown.sections)}"),
            ("確かめたいところ", f"{shown.doubt_count} 件"),
            ("人が直したところ", f"{shown.changed_count} か所"),
            ("どの欄にも入らなかった文字", f"{len(shown.unassigned)} か所"),
        ],
        "doubts": [
            (s.label, [*s.doubts, *(text for row in s.rows for f in row.fields for text in f.doubts)])
            for s in shown.sections
            if s.doubt_count
        ],
        "general_doubts": shown.general_doubts,
        "review_href": reverse("sheets:draft_review", args=[draft.pk]),
    }


def sheet_context(actor: Actor, sheet: Sheet) -> dict[str, Any]:
    rows: list[Row] = [
        {
            "name": section.get_key_display(),
            "public": Cell(
                "公開中" if section.published_at else "公開前", tone="success" if section.published_at else "neutral"
            ),
            "by": section.published_by_name or None,
            "at": day(section.published_at) if section.published_at else None,
        }
        for section in sections_of(sheet)
    ]
    return {
        "sheet": sheet,
        "chapters": Table(
            id="chapters",
            caption="章と公開",
            columns=[
                Column("name", "章", is_row_header=True),
                Column("public", "公開"),
                Column("by", "公開した人"),
                Column("at", "公開した日時"),
            ],
            rows=rows,
        ),
        "publish_href": reverse("sheets:sheet_publish", args=[sheet.pk]),
        "undo_href": reverse("sheets:sheet_undo", args=[sheet.pk]),
        "is_current": sheet.state == SheetState.CURRENT,
        "may_undo": policies.may_undo(actor, sheet),
        "may_publish": policies.may_publish(actor, sheet),
        "facts": [
            ("地域", place_name(sheet.region)),
            ("年度", year_label(sheet.fiscal_year)),
            ("状態", sheet.get_state_display()),
            ("確定した人", sheet.confirmed_by_name),
            ("確定した日時", day(sheet.confirmed_at)),
            ("元のファイル", sheet.draft.upload.file.name)
            if sheet.draft
            else ("作り方", "このシステムで作成し、提出して受理されたシート"),
        ],
        "file_href": reverse("files:file_download", args=[sheet.draft.upload.file_id]) if sheet.draft else None,
        "region_href": reverse("portal:region_detail", args=[sheet.region_id]),
    }


def publish_context(actor: Actor, sheet: Sheet) -> dict[str, Any]:
    sections = sections_of(sheet)
    return {
        "sheet": sheet,
        "decision": policies.may_publish(actor, sheet),
        "choices": [
            (section.key, section.get_key_display() + ("（公開中）" if section.published_at else ""))
            for section in sections
        ],
        "sections": [
            {"section": section, "spots": sensitive_spots(section.key, section.content)} for section in sections
        ],
        "region_href": reverse("portal:region_detail", args=[sheet.region_id]),
    }
