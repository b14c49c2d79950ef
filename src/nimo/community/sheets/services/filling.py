"""Record once: the figures of 基本情報 come from the store, each with its as-of and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.documents import SheetChapter
from nimo.community.sheets.policies import get_document, may_write
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.queries.filling import figures_for
from nimo.community.sheets.rules.edits import apply_edits, as_of_words
from nimo.community.sheets.services.chapters import UnableToSaveChapter, store_chapter
from nimo.foundation.access.actors import Actor


def fill_basic_info(
    *, actor: Actor, document_id: UUID, version: int, keys: Sequence[str] | None = None
) -> tuple[SheetChapter, list[str]]:
    """Puts the figures the store holds into empty fields (keys: into these fields, whatever stands there).

    version: of the basic-info chapter. Returns the chapter and the filled keys. Raises UnableToSaveChapter.
    """
    with transaction.atomic():
        document = get_document(actor, document_id)
        decision = may_write(actor, document)
        if not decision:
            raise UnableToSaveChapter(decision.reason)
        chapter = document.chapters.filter(key=SectionKey.BASIC_INFO).first()
        if chapter is None:
            raise UnableToSaveChapter("この様式には基本情報の章がありません。")
        before = content_of(document)
        present = {item["key"] for item in before["basic_info"]["items"] if item.get("value") is not None}
        wanted = [
            one
            for one in figures_for(document.region_id, document.fiscal_year)
            if (one.key in keys if keys is not None else one.key not in present)
        ]
        if not wanted:
            raise UnableToSaveChapter(
                "埋められる数値がありません。空いている欄について、指標の値がまだ記録されていないか、もう埋まっています。"
            )
        cleared = deepcopy(before)
        names = {one.key for one in wanted}
        cleared["basic_info"]["items"] = [item for item in before["basic_info"]["items"] if item["key"] not in names]
        edits = {f"basic_info.{one.key}": f"{one.text}{one.unit}" for one in wanted}
        edits |= {f"basic_info.{one.key}.as_of": as_of_words(one.as_of) for one in wanted if one.as_of}
        content, errors = apply_edits(cleared, edits)
        if errors:
            raise UnableToSaveChapter("記録されている数値を欄に入れられませんでした。何も変わっていません。", errors)
        origins = {
            f"basic_info.{one.key}": {
                "text": f"{one.source_title}から",
                "href": f"/indicators/observations/{one.observation_id}/",
                "filled": one.text,
            }
            for one in wanted
        }
        saved = store_chapter(
            actor=actor,
            document=document,
            chapter=chapter,
            version=version,
            before=before,
            content=content,
            origins=origins,
        )
        return saved, [one.key for one in wanted]
