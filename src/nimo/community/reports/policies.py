"""Answers are the papers of one organisation: its own people see and write them, whatever region they are about."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from nimo.community.reports.choices import AnswerState
from nimo.community.reports.models import AnswerSheet
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner

ANSWER_FILES = "reports.answer"


def visible_answers(actor: Actor) -> QuerySet[AnswerSheet]:
    """The sheets of the organisations in which the actor may write answers."""
    reach = actor.reach(Permission.WRITE_ANSWER)
    if reach.everything:
        return AnswerSheet.objects.all()
    return AnswerSheet.objects.filter(organisation_id__in=reach.organisation_ids)


def get_answer(actor: Actor, answer_id: UUID) -> AnswerSheet:
    """One sheet of the actor's own organisation. Raises NotVisible."""
    found = visible_answers(actor).select_related("region", "pdf").filter(pk=answer_id).first()
    if found is None:
        raise NotVisible("答弁用の1枚が見つかりません。")
    return found


def may_begin(actor: Actor) -> Decision:
    if actor.organisation is not None and actor.may(
        Permission.WRITE_ANSWER, organisation_id=actor.organisation.organisation_id
    ):
        return ALLOWED
    return refused("答弁用の1枚を作る権限がありません。何も作っていません。所属の責任者に相談してください。")


def may_edit(actor: Actor, sheet: AnswerSheet) -> Decision:
    """Whoever sees it may write it, until it is confirmed."""
    if sheet.state != AnswerState.DRAFT:
        return refused(
            f"この1枚は「{sheet.get_state_display()}」のため、直せません。内容はそのまま残っています。"
            "新しい答弁には、新しい1枚を作ってください。"
        )
    if not visible_answers(actor).filter(pk=sheet.pk).exists():
        return refused("この1枚を直す権限がありません。")
    return ALLOWED


@owner(ANSWER_FILES)
def may_download_answer(actor: Actor, file: StoredFile) -> Decision:
    if visible_answers(actor).filter(pdf=file).exists():
        return ALLOWED
    return refused("この答弁用の1枚を受け取る権限がありません。")
