"""What a successor takes over: the files in hand, to be reviewed or to be taken in again.

Found by accounts.apps through its name. Who took a file in stays as it was; only who has it in hand changes.
"""

from __future__ import annotations

from django.db.models import QuerySet

from nimo.community.sheets.choices import DocumentState, DraftState, UploadState
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.foundation.accounts.rules import HandOverOrder, hands_over


def _in_hand(order: HandOverOrder) -> QuerySet[SheetUpload]:
    return SheetUpload.objects.filter(
        in_charge_id=order.from_user_id, organisation_id__in=order.organisation_ids
    ).exclude(state=UploadState.CLOSED)


def _count_drafts(order: HandOverOrder) -> int:
    """Sheets to be reviewed in the files the predecessor has in hand."""
    waiting = _in_hand(order).exclude(state=UploadState.FAILED)
    return SheetDraft.objects.filter(upload__in=waiting, state=DraftState.REVIEW).count()


def _count_failed(order: HandOverOrder) -> int:
    """Files that could not be read, to be taken in again from somewhere else."""
    return _in_hand(order).filter(state=UploadState.FAILED).count()


@hands_over("sheets.drafts", "確認を待つ自治体情報シート", count=_count_drafts)
def _hand_over_drafts(order: HandOverOrder) -> int:
    moving = _count_drafts(order)
    _in_hand(order).exclude(state=UploadState.FAILED).update(in_charge_id=order.to_user_id)
    return moving


@hands_over("sheets.failed", "読めなかった自治体情報シートのファイル", count=_count_failed)
def _hand_over_failed(order: HandOverOrder) -> int:
    return _in_hand(order).filter(state=UploadState.FAILED).update(in_charge_id=order.to_user_id)


def _documents(order: HandOverOrder) -> QuerySet[SheetDocument]:
    return SheetDocument.objects.filter(
        in_charge_id=order.from_user_id, organisation_id__in=order.organisation_ids
    ).exclude(state__in=[DocumentState.ACCEPTED, DocumentState.WITHDRAWN])


def _count_documents(order: HandOverOrder) -> int:
    """Sheets the predecessor is writing or has handed in and not had accepted."""
    return _documents(order).count()


@hands_over("sheets.documents", "作成している自治体情報シート", count=_count_documents)
def _hand_over_documents(order: HandOverOrder) -> int:
    return _documents(order).update(in_charge_id=order.to_user_id)
