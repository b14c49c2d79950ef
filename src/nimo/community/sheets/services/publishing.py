"""Opening chapters to everyone, and taking them back. A named person decides, chapter by chapter."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from nimo.community.indicators.services import publication
from nimo.community.sheets.choices import SectionKey, SheetState
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.policies import get_sheet, may_publish
from nimo.community.sheets.services._recording import search_again
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

PUBLISH = register_verb("sheets.publish", "シートの章を公開した")
UNPUBLISH = register_verb("sheets.unpublish", "シートの章の公開をやめた")


class UnableToPublish(Exception):
    """Nothing was published or taken back; str() is the sentence for the user."""


def publish_sections(*, actor: Actor, sheet_id: UUID, keys: Collection[str]) -> list[str]:
    """Publishes these chapters; those already public stay as they are. Returns the keys that became public.

    With the basic-info chapter its figures become public in the form the disclosure gate gives them.
    """
    with transaction.atomic():
        sheet = _publishable(actor, sheet_id)
        opened = _sections(sheet, keys, public=False)
        SheetSection.objects.filter(pk__in=[section.pk for section in opened]).update(
            published_at=actor.now, published_by_id=actor.user_id, published_by_name=actor.name
        )
        done = [section.key for section in opened]
        if SectionKey.BASIC_INFO in done and sheet.source_id:
            try:
                publication.publish(actor=actor, source_ids=[sheet.source_id])
            except publication.UnableToPublish as refusal:
                raise UnableToPublish(str(refusal)) from refusal
        search_again(actor, sheet)
        _record(actor, sheet, PUBLISH, done)
    return done


def unpublish_sections(*, actor: Actor, sheet_id: UUID, keys: Collection[str], reason: str = "") -> list[str]:
    """Takes chapters back from the public pages; returns the keys that were public."""
    with transaction.atomic():
        sheet = _publishable(actor, sheet_id)
        closed = _sections(sheet, keys, public=True)
        SheetSection.objects.filter(pk__in=[section.pk for section in closed]).update(
            published_at=None, published_by=None, published_by_name=""
        )
        done = [section.key for section in closed]
        if SectionKey.BASIC_INFO in done and sheet.source_id:
            publication.unpublish(
                actor=actor, source_ids=[sheet.source_id], reason=reason or "シートの基本情報の公開をやめた"
            )
        search_again(actor, sheet)
        _record(actor, sheet, UNPUBLISH, done)
    return done


def _publishable(actor: Actor, sheet_id: UUID) -> Sheet:
    sheet = get_sheet(actor, sheet_id)
    decision = may_publish(actor, sheet)
    if not decision:
        raise UnableToPublish(decision.reason)
    # the row is touched first: who undoes or replaces the sheet at the same moment waits, or is seen here
    if not Sheet.objects.filter(pk=sheet.pk, state=SheetState.CURRENT).update(state=SheetState.CURRENT):
        raise UnableToPublish("ほかの人が先にこのシートを処理しました。画面を開き直してください。")
    return sheet


def _sections(sheet: Sheet, keys: Collection[str], *, public: bool) -> list[SheetSection]:
    chosen = SheetSection.objects.filter(sheet=sheet, key__in=list(keys), published_at__isnull=not public)
    if not chosen and not SheetSection.objects.filter(sheet=sheet, key__in=list(keys)).exists():
        raise UnableToPublish("選んだ章はこのシートにありません。画面を開き直してください。")
    return list(chosen)


def _record(actor: Actor, sheet: Sheet, verb: str, keys: list[str]) -> None:
    if keys:
        record(
            actor,
            verb=verb,
            target=("sheets.sheet", str(sheet.pk)),
            region_code=sheet.region_id,
            diff={"章": [None, "、".join(str(SectionKey(key).label) for key in keys)]},
        )
