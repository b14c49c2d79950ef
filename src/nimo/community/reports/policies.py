"""Answers and rounds of asking for sheets belong to one organisation: its own people see and move them.

The bodies that are asked see what was asked of them, nothing of the others.
"""

from __future__ import annotations

from collections.abc import Collection as SomeOf
from uuid import UUID

from django.db.models import QuerySet

from nimo.community.reports.choices import AnswerState, CollectionState
from nimo.community.reports.models.answers import AnswerSheet
from nimo.community.reports.models.collections import Collection, CollectionPacket, CollectionTarget
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner

ANSWER_FILES = "reports.answer"
PACKET_FILES = "reports.packet"


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


def visible_collections(actor: Actor) -> QuerySet[Collection]:
    """The rounds of the organisations in which the actor collects sheets."""
    reach = actor.reach(Permission.COLLECT_SHEETS)
    if reach.everything:
        return Collection.objects.all()
    return Collection.objects.filter(organisation_id__in=reach.organisation_ids)


def get_collection(actor: Actor, collection_id: UUID) -> Collection:
    """Raises NotVisible."""
    found = visible_collections(actor).select_related("region").filter(pk=collection_id).first()
    if found is None:
        raise NotVisible("依頼が見つかりません。")
    return found


def get_target(actor: Actor, target_id: UUID) -> CollectionTarget:
    """A body asked by the actor's organisation. Raises NotVisible."""
    found = (
        CollectionTarget.objects.filter(collection__in=visible_collections(actor), pk=target_id)
        .select_related("collection", "region__prefecture", "organisation")
        .first()
    )
    if found is None:
        raise NotVisible("依頼先が見つかりません。")
    return found


def may_collect(actor: Actor, region_codes: SomeOf[str]) -> Decision:
    """In the name of the organisation one acts for, from regions inside its own."""
    grant = actor.organisation
    if grant is None or Permission.COLLECT_SHEETS not in grant.scopes:
        return refused("シートの提出を依頼する権限がありません。所属の責任者に相談してください。")
    if grant.region_codes is not None and not grant.region_codes.issuperset(region_codes):
        return refused("依頼できるのは、あなたの組織の地域の中の市町村などだけです。依頼先を選び直してください。")
    return ALLOWED


def visible_requests(actor: Actor) -> QuerySet[CollectionTarget]:
    """What the actor's own bodies were asked for, once it was sent out."""
    own = [grant.organisation_id for grant in actor.grants if Permission.EDIT_SHEET in grant.scopes]
    return CollectionTarget.objects.filter(organisation_id__in=own).exclude(collection__state=CollectionState.DRAFT)


def get_request(actor: Actor, target_id: UUID) -> CollectionTarget:
    """Raises NotVisible."""
    found = visible_requests(actor).select_related("collection", "region__prefecture").filter(pk=target_id).first()
    if found is None:
        raise NotVisible("依頼が見つかりません。")
    return found


def visible_packets(actor: Actor) -> QuerySet[CollectionPacket]:
    return CollectionPacket.objects.filter(target__collection__in=visible_collections(actor))


@owner(PACKET_FILES)
def may_download_packet(actor: Actor, file: StoredFile) -> Decision:
    if visible_packets(actor).filter(file=file).exists():
        return ALLOWED
    return refused("この用紙を受け取る権限がありません。")
