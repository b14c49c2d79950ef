"""Correcting a draft. Two people at one draft: the second is told, and nothing typed is thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import DraftState, UploadState
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.policies import get_draft, may_assign, may_edit
from nimo.community.sheets.rules.edits import EditError, apply_edits, changed_paths
from nimo.community.sheets.rules.fields import Content, with_row, without_row
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

CORRECT = register_verb("sheets.correct", "読み取ったシートを直した")
DISCARD = register_verb("sheets.discard", "読み取ったシートを取り込まないことにした")
TAKE_BACK = register_verb("sheets.take_back", "取り込まないとしたシートを確認待ちに戻した")

_STALE = (
    "ほかの人がこのシートを先に直しました。あなたの入力はまだ保存していません。"
    "この画面の入力は残っています。別の窓で最新の内容を開いて見くらべ、必要なところをもう一度入れてください。"
)


class UnableToSave(Exception):
    """str() is the sentence for the user; `errors` belong beside their boxes; `content` is what was typed."""

    def __init__(self, message: str, errors: list[EditError] | None = None, content: Content | None = None) -> None:
        super().__init__(message)
        self.errors = errors or []
        self.content = content


def save_draft(
    *,
    actor: Actor,
    draft_id: UUID,
    version: int,
    edits: Mapping[str, str],
    region_code: str | None,
    fiscal_year: int | None,
    add_row: str | None = None,
    remove_row: str | None = None,
) -> SheetDraft:
    """Puts the typed texts into the draft; then, if asked, adds or removes one row.

    version: the one the person saw. Raises UnableToSave: not in review, not one's region, texts that cannot be
    read (with `errors`), or somebody was quicker; then nothing is saved.
    """
    with transaction.atomic():
        draft = get_draft(actor, draft_id)
        decision = may_edit(actor, draft)
        if not decision:
            raise UnableToSave(decision.reason)
        if region_code and region_code != draft.region_id:
            decision = may_assign(actor, region_code)
            if not decision:
                raise UnableToSave(decision.reason, [EditError("region", decision.reason)])
        content, errors = apply_edits(draft.content, edits)
        if errors:
            raise UnableToSave("読み取れない入力があります。まだ保存していません。", errors, content)
        try:
            content = with_row(content, add_row) if add_row else content
            content = without_row(content, remove_row) if remove_row else content
        except ValueError:
            raise UnableToSave("その行はもうありません。画面を開き直してください。", content=content) from None
        after = {"region_id": region_code or None, "fiscal_year": fiscal_year}
        before = {"region_id": draft.region_id, "fiscal_year": draft.fiscal_year}
        taken = SheetDraft.objects.filter(pk=draft.pk, version=version, state=DraftState.REVIEW).update(
            content=content, version=version + 1, **after
        )
        if not taken:
            raise UnableToSave(_STALE, content=content)
        changed = changed_paths(draft.content, content)
        if changed or before != after or add_row or remove_row:
            record(
                actor,
                verb=CORRECT,
                target=("sheets.draft", str(draft.pk)),
                region_code=region_code or draft.upload.region_code,
                organisation_id=draft.upload.organisation_id,
                diff={
                    "fields": [None, ", ".join(changed[:80])],
                    **{name: [before[name], after[name]] for name in after if before[name] != after[name]},
                },
            )
        draft.refresh_from_db()
    return draft


def _close_if_decided(upload_id: UUID) -> None:
    open_drafts = SheetDraft.objects.filter(upload_id=upload_id, state=DraftState.REVIEW).exists()
    SheetUpload.objects.filter(pk=upload_id).exclude(state__in=[UploadState.READING, UploadState.FAILED]).update(
        state=UploadState.REVIEW if open_drafts else UploadState.CLOSED
    )


def discard_draft(*, actor: Actor, draft_id: UUID, version: int) -> SheetDraft:
    """Not to be imported (a duplicate, another form). It can be taken back: nothing that was read is lost."""
    return _move(actor, draft_id, version, DraftState.REVIEW, DraftState.DISCARDED, DISCARD)


def restore_draft(*, actor: Actor, draft_id: UUID, version: int) -> SheetDraft:
    """Back to review."""
    return _move(actor, draft_id, version, DraftState.DISCARDED, DraftState.REVIEW, TAKE_BACK)


def _move(actor: Actor, draft_id: UUID, version: int, before: DraftState, after: DraftState, verb: str) -> SheetDraft:
    with transaction.atomic():
        draft = get_draft(actor, draft_id)
        if draft.state == DraftState.REVIEW:
            decision = may_edit(actor, draft)
            if not decision:
                raise UnableToSave(decision.reason)
        taken = SheetDraft.objects.filter(pk=draft.pk, version=version, state=before).update(
            state=after, version=version + 1, decided_by_name=actor.name, decided_at=actor.now
        )
        if not taken:
            raise UnableToSave("ほかの人が先にこのシートを処理しました。画面を開き直してください。")
        _close_if_decided(draft.upload_id)
        record(
            actor,
            verb=verb,
            target=("sheets.draft", str(draft.pk)),
            region_code=draft.region_id or draft.upload.region_code,
            organisation_id=draft.upload.organisation_id,
            diff={"state": [before, after]},
        )
        draft.refresh_from_db()
    return draft
