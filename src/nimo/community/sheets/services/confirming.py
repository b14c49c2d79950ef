"""Confirming a draft and taking it back: figures with their lineage and chapters, in one transaction."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.indicators.services import publication
from nimo.community.indicators.services.observations import (
    UnableToRecord,
    UnableToWithdraw,
    withdraw_source,
)
from nimo.community.indicators.services.stale import mark_stale
from nimo.community.sheets.choices import DraftState, SectionKey, SheetState, UploadState
from nimo.community.sheets.events import SHEET_FACT, SheetConfirmed, SheetUndone
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.policies import get_draft, get_sheet, may_confirm, may_undo
from nimo.community.sheets.rules.edits import changed_paths
from nimo.community.sheets.services._recording import SheetFacts, current_of, make_current, record_figures, search_again
from nimo.core.events import publish
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

CONFIRM = register_verb("sheets.confirm", "シートを確定した")
UNDO = register_verb("sheets.undo", "シートの確定を取り消した")

_ALREADY = "このシートは、ほかの人が先に処理したか、内容が変わりました。何も確定していません。画面を開き直して、内容を確かめてください。"


class UnableToConfirm(Exception):
    """Nothing was confirmed; str() is the sentence for the user."""


class UnableToUndo(Exception):
    """The sheet stays as it is; str() is the sentence for the user."""


def _facts(draft: SheetDraft) -> SheetFacts:
    assert draft.region is not None and draft.fiscal_year is not None  # noqa: PT018 - may_confirm
    return SheetFacts(
        region=draft.region,
        fiscal_year=draft.fiscal_year,
        layout=draft.layout,
        content=draft.content,
        passages=draft.as_read.get("passages") or [],
        by_hand=frozenset(changed_paths(draft.as_read, draft.content)),
        file=draft.upload.file,
    )


def _facts_of(sheet: Sheet) -> SheetFacts:
    """What a sheet was made of, from its reading or from its submission."""
    if sheet.draft_id:
        return _facts(SheetDraft.objects.select_related("region__prefecture", "upload__file").get(pk=sheet.draft_id))
    assert sheet.submission_id is not None  # sheets_sheet_read_or_written
    submission = SheetSubmission.objects.select_related("document__region__prefecture").get(pk=sheet.submission_id)
    return SheetFacts(submission.document.region, submission.fiscal_year, submission.layout, submission.content)


def confirm_draft(*, actor: Actor, draft_id: UUID, version: int, replace: bool = False) -> Sheet:
    """Makes the draft the current sheet of its region and year: chapters, figures with lineage, nothing public.

    replace: the person has seen that a current sheet exists and wants it replaced (it stays, superseded).
    Raises UnableToConfirm: no region or year, no right, a figure that cannot be recorded, somebody was quicker.
    """
    try:
        with transaction.atomic():
            return _confirm(actor, draft_id, version, replace)
    except UnableToRecord as refusal:
        raise UnableToConfirm(f"基本情報の数値を記録できないため、確定していません。 {refusal}") from refusal
    except IntegrityError as error:
        raise UnableToConfirm(_ALREADY) from error


def _confirm(actor: Actor, draft_id: UUID, version: int, replace: bool) -> Sheet:
    draft = get_draft(actor, draft_id)
    decision = may_confirm(actor, draft)
    if not decision:
        raise UnableToConfirm(decision.reason)
    taken = SheetDraft.objects.filter(pk=draft.pk, version=version, state=DraftState.REVIEW).update(
        state=DraftState.CONFIRMED, version=version + 1, decided_by_name=actor.name, decided_at=actor.now
    )
    if not taken:
        raise UnableToConfirm(_ALREADY)
    assert draft.region is not None and draft.region_id and draft.fiscal_year is not None  # noqa: PT018 - may_confirm
    existing = current_of(draft.region_id, draft.fiscal_year)
    if existing is not None and not replace:
        raise UnableToConfirm(
            "この地域のこの年度には、確定したシートがもうあります。置き換えるときは「今のシートと置き換える」を選んでください。何も変わっていません。"
        )
    sheet = Sheet(
        id=new_id(),
        region_id=draft.region_id,
        region_name=draft.region.name,
        fiscal_year=draft.fiscal_year,
        layout=draft.layout,
        draft=draft,
        confirmed_by_id=actor.user_id,
        confirmed_by_name=actor.name,
        confirmed_at=actor.now,
    )
    sections = make_current(actor, _facts(draft), sheet, existing)
    _close(draft.upload_id)
    record(
        actor,
        verb=CONFIRM,
        target=("sheets.sheet", str(sheet.pk)),
        region_code=sheet.region_id,
        organisation_id=draft.upload.organisation_id,
        diff={
            "年度": [None, sheet.fiscal_year],
            "章": [None, len(sections)],
            "置き換えたシート": [str(existing.pk) if existing else None, str(sheet.pk)],
            "数値の資料": [None, sheet.source_id],
        },
    )
    publish(SheetConfirmed(sheet.pk, sheet.region_id, sheet.fiscal_year))
    return sheet


def _close(upload_id: UUID) -> None:
    waiting = SheetDraft.objects.filter(upload_id=upload_id, state=DraftState.REVIEW).exists()
    SheetUpload.objects.filter(pk=upload_id).update(state=UploadState.REVIEW if waiting else UploadState.CLOSED)


def undo_sheet(*, actor: Actor, sheet_id: UUID, reason: str) -> Sheet:
    """Takes a confirmation back: figures withdrawn, chapters no longer public, the draft in review again.

    What the sheet had replaced is current again, published as it was. Raises UnableToUndo.
    """
    if not reason.strip():
        raise UnableToUndo("取り消す理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        sheet = get_sheet(actor, sheet_id)
        decision = may_undo(actor, sheet)
        if not decision:
            raise UnableToUndo(decision.reason)
        taken = Sheet.objects.filter(pk=sheet.pk, state=SheetState.CURRENT).update(
            state=SheetState.UNDONE,
            undone_by_name=actor.name,
            undone_at=actor.now,
            undo_reason=reason.strip()[:300],
        )
        if not taken:
            raise UnableToUndo("ほかの人が先に処理しました。何も変わっていません。画面を開き直してください。")
        if sheet.source_id:
            try:
                withdraw_source(actor=actor, source_id=sheet.source_id, reason=reason)
            except UnableToWithdraw as refusal:
                raise UnableToUndo(str(refusal)) from refusal
        restored = _restore(actor, sheet)
        draft = sheet.draft
        assert draft is not None  # may_undo
        SheetDraft.objects.filter(pk=draft.pk).update(
            state=DraftState.REVIEW, version=draft.version + 1, decided_by_name="", decided_at=None
        )
        _close(draft.upload_id)
        record(
            actor,
            verb=UNDO,
            target=("sheets.sheet", str(sheet.pk)),
            region_code=sheet.region_id,
            organisation_id=draft.upload.organisation_id,
            reason=reason.strip(),
            diff={
                "state": [SheetState.CURRENT, SheetState.UNDONE],
                "戻したシート": [None, str(restored.pk) if restored else None],
            },
        )
        mark_stale(actor=actor, fact=SHEET_FACT, region_code=sheet.region_id, fiscal_year=sheet.fiscal_year)
        search_again(actor, sheet, restored)
        publish(SheetUndone(sheet.pk, sheet.region_id, sheet.fiscal_year))
        sheet.refresh_from_db()
    return sheet


def _restore(actor: Actor, sheet: Sheet) -> Sheet | None:
    """The sheet that was replaced becomes current; its figures come back with the withdrawal of the newer ones."""
    former = sheet.supersedes
    if former is None or former.state != SheetState.SUPERSEDED:
        return None
    Sheet.objects.filter(pk=former.pk).update(state=SheetState.CURRENT)
    if former.source_id and sheet.source_id is None:
        # the newer sheet had no figures of its own, so nothing brings the former ones back: record them again
        # a person of this region undoes; the system puts back what a named person had recorded and published
        system = Actor.system("シートの確定の取り消し", now=actor.now)
        source_id = record_figures(system, _facts_of(former))
        Sheet.objects.filter(pk=former.pk).update(source_id=source_id)
        public = SheetSection.objects.filter(sheet=former, key=SectionKey.BASIC_INFO, published_at__isnull=False)
        if source_id and public.exists():
            publication.publish(actor=system, source_ids=[source_id], reason="取り消しにより、公開していた値を戻した")
    return former
