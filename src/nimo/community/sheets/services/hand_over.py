"""What a successor takes over: the sheets that wait for a decision. Found by accounts.apps through its name.

A file belongs to the organisation that took it in, so that no absence blocks it: with the role the successor sees
every sheet in hand. No row moves; counting tells both of them what is owed.
"""

from __future__ import annotations

from django.db.models import Q

from nimo.community.sheets.choices import DraftState, UploadState
from nimo.community.sheets.models import SheetDraft, SheetUpload
from nimo.foundation.accounts.rules import HandOverOrder, hands_over


def _waiting(order: HandOverOrder) -> Q:
    return Q(uploaded_by_id=order.from_user_id, organisation_id__in=order.organisation_ids)


def count_drafts(order: HandOverOrder) -> int:
    """Sheets to be reviewed in the files the predecessor took in for these organisations."""
    uploads = SheetUpload.objects.filter(_waiting(order))
    return SheetDraft.objects.filter(upload__in=uploads, state=DraftState.REVIEW).count()


def count_failed(order: HandOverOrder) -> int:
    """Files that could not be read, to be taken in again from somewhere else."""
    return SheetUpload.objects.filter(_waiting(order), state=UploadState.FAILED).count()


@hands_over("sheets.drafts", "確認を待つ自治体情報シート", count=count_drafts)
def hand_over_drafts(order: HandOverOrder) -> int:
    return count_drafts(order)


@hands_over("sheets.failed", "読めなかった自治体情報シートのファイル", count=count_failed)
def hand_over_failed(order: HandOverOrder) -> int:
    return count_failed(order)
