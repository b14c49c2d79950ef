"""Record once: the rows of 協議の場の実施状況 come from the records of meetings, each cell with where it came from.

Nothing a person wrote is ever replaced, unless that person says so cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.documents import SheetChapter, SheetDocument
from nimo.community.sheets.policies import get_document, may_write
from nimo.community.sheets.queries.council_records import council_records
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.rules.council_rows import (
    LIST_PATH,
    CellOffer,
    RowOffer,
    free_rows,
    in_one_press,
    matched_rows,
    offer_for,
    offers,
)
from nimo.community.sheets.rules.edits import apply_edits
from nimo.community.sheets.rules.fields import Content, with_row
from nimo.community.sheets.services.chapters import UnableToSaveChapter, store_chapter
from nimo.foundation.access.actors import Actor


class UnableToFillCouncils(Exception):
    """Nothing was changed; str() is the sentence for the user."""


_GONE = "この会議体の記録から入れられるものが、もうありません。画面を開き直してください。何も変わっていません。"


def _writable(actor: Actor, document_id: UUID) -> tuple[SheetDocument, SheetChapter, Content]:
    document = get_document(actor, document_id)
    decision = may_write(actor, document)
    if not decision:
        raise UnableToFillCouncils(decision.reason)
    chapter = document.chapters.filter(key=SectionKey.COUNCILS).first()
    if chapter is None:
        raise UnableToFillCouncils("この様式には、協議の場の実施状況の章がありません。")
    return document, chapter, content_of(document)


def _store(
    actor: Actor,
    document: SheetDocument,
    chapter: SheetChapter,
    version: int,
    before: Content,
    chosen: Sequence[tuple[RowOffer, Sequence[CellOffer]]],
    texts: Mapping[str, str] = MappingProxyType({}),
) -> tuple[SheetChapter, int]:
    """Puts the chosen cells in (texts: of cells that also keep a person's words); returns the chapter and how many."""
    content = before
    edits: dict[str, str] = {}
    origins: dict[str, Any] = {}
    for offer, cells in chosen:
        place = offer.row
        if place is None:
            content = with_row(content, LIST_PATH)
            place = len(content[LIST_PATH]) - 1
        own = {
            "text": f"会議の記録「{offer.record.name}」",
            "href": offer.record.sources["name"],
            "body": offer.record.body_id,
        }
        origins.setdefault(f"{LIST_PATH}.{place}.name", {**chapter.origins.get(f"{LIST_PATH}.{place}.name", {}), **own})
        for one in cells:
            path = f"{LIST_PATH}.{place}.{one.cell}"
            edits[path] = texts.get(one.cell, one.said)
            origins[path] = {
                "text": f"会議の記録「{offer.record.name}」から",
                "href": one.href,
                "body": offer.record.body_id,
            }
            if one.cell not in texts:
                origins[path]["filled"] = one.said
    changed, errors = apply_edits(content, edits)
    if errors:
        raise UnableToFillCouncils("会議の記録を欄に入れられませんでした。何も変わっていません。")
    try:
        saved = store_chapter(
            actor=actor,
            document=document,
            chapter=chapter,
            version=version,
            before=before,
            content=changed,
            origins=origins,
        )
    except UnableToSaveChapter as refusal:
        raise UnableToFillCouncils(
            f"{chapter.edited_by_name}さんがこの章を先に保存したため、入れていません。いまの内容を確かめて、もう一度押してください。"
            if refusal.conflict
            else str(refusal)
        ) from refusal
    return saved, len(edits)


def fill_councils(*, actor: Actor, document_id: UUID, version: int) -> tuple[SheetChapter, int]:
    """Fills the empty cells of every body's row and those filled before whose records moved on; bodies without a row get
    one, unless rows stand there that no body is known for (then a person says which is which: `place_council`).

    version: of the chapter as it was seen. Returns the chapter and the number of cells. Raises UnableToFillCouncils.
    """
    with transaction.atomic():
        document, chapter, before = _writable(actor, document_id)
        rows, records = before[LIST_PATH], council_records(actor, document)
        unknown = free_rows(rows, matched_rows(rows, records, chapter.origins))
        chosen = [
            (one, [cell for cell in one.cells if cell.state in {"fill", "moved"}])
            for one in offers(rows, records, chapter.origins)
            if in_one_press(one, unknown)
        ]
        if not chosen:
            raise UnableToFillCouncils(
                "会議の記録から、そのまま入れられる欄がありません。行を選ぶ会議体と、記載の違う欄は、一つずつ確かめてください。"
            )
        return _store(actor, document, chapter, version, before, chosen)


def place_council(
    *, actor: Actor, document_id: UUID, version: int, body_id: UUID, row: int | None
) -> tuple[SheetChapter, int]:
    """Says which row is a body's (None: a new one), and fills its empty cells; that row is the body's from then on.

    Raises UnableToFillCouncils.
    """
    with transaction.atomic():
        document, chapter, before = _writable(actor, document_id)
        rows, records = before[LIST_PATH], council_records(actor, document)
        matched = matched_rows(rows, records, chapter.origins)
        record = next((one for one in records if one.body_id == str(body_id)), None)
        if record is None or record.body_id in matched or (row is not None and row not in free_rows(rows, matched)):
            raise UnableToFillCouncils(_GONE)
        offer = offer_for(record, rows, row, chapter.origins)
        cells = [cell for cell in offer.cells if cell.state == "fill"]
        return _store(actor, document, chapter, version, before, [(offer, cells)])


def replace_council_cell(
    *, actor: Actor, document_id: UUID, version: int, body_id: UUID, cell: str, seen: str, below: bool = False
) -> tuple[SheetChapter, int]:
    """Puts what the records say in the place of what stands there, because a person chose it (below: under it).

    seen: CellOffer.seen of the text on the screen; if the records changed since, nothing is replaced.
    Raises UnableToFillCouncils.
    """
    with transaction.atomic():
        document, chapter, before = _writable(actor, document_id)
        found = offers(before[LIST_PATH], council_records(actor, document), chapter.origins)
        offer = next((one for one in found if one.record.body_id == str(body_id) and one.row is not None), None)
        wanted = next((one for one in offer.cells if one.cell == cell), None) if offer else None
        if offer is None or wanted is None or wanted.state == "same":
            raise UnableToFillCouncils(_GONE)
        if wanted.seen != seen:
            raise UnableToFillCouncils(
                "会議の記録が、画面を開いたあとで変わりました。いまの記録を確かめて、もう一度選んでください。何も変わっていません。"
            )
        if below and not wanted.several_lines:
            raise UnableToFillCouncils("この欄には足せません。置きかえるか、手で書いてください。何も変わっていません。")
        texts = {cell: f"{wanted.now.rstrip()}\n{wanted.said}"} if below and wanted.now.strip() else {}
        return _store(actor, document, chapter, version, before, [(offer, [wanted])], texts)
