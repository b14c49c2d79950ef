"""A counted figure into the row of its indicator, because a person pressed for it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.documents import SheetChapter
from nimo.community.sheets.policies import get_document, may_write
from nimo.community.sheets.queries.counted_rows import counted_rows
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.rules.edits import apply_edits
from nimo.community.sheets.services.chapters import UnableToSaveChapter, store_chapter
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor


class UnableToTakeCount(Exception):
    """Nothing was changed; str() is the sentence for the user."""


def take_count(*, actor: Actor, document_id: UUID, key: SectionKey, version: int, path: str, seen: str) -> SheetChapter:
    """Puts what the records of meetings count into one field of results or targets.

    version: of the chapter as it was seen; seen: CountedOffer.seen of the figure on the screen, so that no other one is
    taken. Raises UnableToTakeCount.
    """
    with transaction.atomic():
        document = get_document(actor, document_id)
        decision = may_write(actor, document)
        if not decision:
            raise UnableToTakeCount(decision.reason)
        chapter = document.chapters.filter(key=key).first()
        offer = next((one for one in counted_rows(actor, document, key) if one.path == path), None)
        if chapter is None or offer is None or offer.state in {"none", "same"}:
            raise UnableToTakeCount("入れられる数が、もうありません。画面を開き直してください。何も変わっていません。")
        if offer.seen != seen:
            raise UnableToTakeCount(
                f"会議の記録から数えた値が「{offer.said}」に変わりました。確かめて、もう一度選んでください。何も変わっていません。"
            )
        before = content_of(document)
        content, errors = apply_edits(before, {path: offer.said})
        if errors:
            raise UnableToTakeCount("数えた値を欄に入れられませんでした。何も変わっていません。")
        origin = {
            "text": f"会議の記録から数えた{FiscalYear(offer.fiscal_year).label}の値（{actor.name}が確認）",
            "href": offer.href,
        }
        try:
            return store_chapter(
                actor=actor,
                document=document,
                chapter=chapter,
                version=version,
                before=before,
                content=content,
                origins={path: origin},
            )
        except UnableToSaveChapter as refusal:
            raise UnableToTakeCount(
                "ほかの人がこの章を先に保存したため、入れていません。いまの内容を確かめて、もう一度押してください。"
                if refusal.conflict
                else str(refusal)
            ) from refusal
