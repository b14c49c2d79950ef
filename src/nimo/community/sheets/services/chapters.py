"""The chapters of a sheet being written. Two people at one chapter: the second is told, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import DocumentState, SectionKey
from nimo.community.sheets.models.documents import ChapterAutosave, SheetChapter, SheetDocument
from nimo.community.sheets.policies import get_document, may_write
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.rules.comparing import Difference, differences
from nimo.community.sheets.rules.edits import EditError, apply_edits, changed_paths
from nimo.community.sheets.rules.fields import Content, with_row, without_row
from nimo.community.sheets.rules.origins import kept_origins
from nimo.community.sheets.rules.pasting import DoesNotFit, moved_row, parse_block, pasted
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

WRITE = register_verb("sheets.write_chapter", "作成中のシートの章を直した")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved the chapter first: what differs, theirs as `before`, one's own as `now`."""

    version: int
    edited_by_name: str
    differences: tuple[Difference, ...]


class UnableToSaveChapter(Exception):
    """Nothing was saved; str() is the sentence for the user, `errors` belong beside their boxes, `content` is what was
    typed, `conflict` says what somebody else saved meanwhile."""

    def __init__(
        self,
        message: str,
        errors: list[EditError] | None = None,
        content: Content | None = None,
        conflict: Conflict | None = None,
    ) -> None:
        super().__init__(message)
        self.errors = errors or []
        self.content = content
        self.conflict = conflict


def _writable(actor: Actor, document_id: UUID, key: str) -> tuple[SheetDocument, SheetChapter]:
    document = get_document(actor, document_id)
    decision = may_write(actor, document)
    if not decision:
        raise UnableToSaveChapter(decision.reason)
    chapter = document.chapters.filter(key=key).first()
    if chapter is None:
        raise UnableToSaveChapter("この様式にない章です。画面を開き直してください。")
    return document, chapter


def save_chapter(
    *,
    actor: Actor,
    document_id: UUID,
    key: str,
    version: int,
    edits: Mapping[str, str],
    add_row: str | None = None,
    remove_row: str | None = None,
    move_row: tuple[str, bool] | None = None,
) -> SheetChapter:
    """Puts the typed texts into one chapter, then adds, removes or moves (path, up) one row.

    version: of the chapter as the person saw it. Raises UnableToSaveChapter; then nothing is saved and nothing typed is
    lost: the exception carries it.
    """
    with transaction.atomic():
        document, chapter = _writable(actor, document_id, key)
        before = content_of(document)
        own = {path: text for path, text in edits.items() if path == key or path.startswith(f"{key}.")}
        content, errors = apply_edits(before, own)
        if errors:
            raise UnableToSaveChapter("読み取れない入力があります。まだ保存していません。", errors, content)
        content = _with_rows(content, key, add_row, remove_row, move_row)
        return store_chapter(
            actor=actor, document=document, chapter=chapter, version=version, before=before, content=content
        )


def _drop_typed(actor: Actor, chapter: SheetChapter) -> None:
    if actor.user_id is not None:
        ChapterAutosave.objects.filter(chapter=chapter, user_id=actor.user_id).delete()


def _with_rows(
    content: Content, key: str, add_row: str | None, remove_row: str | None, move_row: tuple[str, bool] | None
) -> Content:
    asked = [path for path in (add_row, remove_row, move_row[0] if move_row else None) if path]
    if any(path != key and not path.startswith(f"{key}.") for path in asked):
        raise UnableToSaveChapter("その行はこの章にありません。画面を開き直してください。", content=content)
    try:
        content = with_row(content, add_row) if add_row else content
        content = without_row(content, remove_row) if remove_row else content
        return moved_row(content, move_row[0], up=move_row[1]) if move_row else content
    except ValueError:
        raise UnableToSaveChapter("その行はもうありません。画面を開き直してください。", content=content) from None


def store_chapter(
    *,
    actor: Actor,
    document: SheetDocument,
    chapter: SheetChapter,
    version: int,
    before: Content,
    content: Content,
    origins: Mapping[str, Any] | None = None,
) -> SheetChapter:
    """The last step of every change of a chapter, inside the caller's transaction: versions, origins, audit.

    origins: of the paths that got a value from elsewhere. Raises UnableToSaveChapter with the conflict.
    """
    # the document's state is part of the condition: a sheet that was just sent on is not written to
    still = SheetDocument.objects.filter(pk=document.pk, state=DocumentState.DRAFTING).update(moved_at=actor.now)
    if not still:
        raise UnableToSaveChapter(
            "このシートは、いま回されました。入力は保存していません。引き戻すか、差し戻しを待ってください。",
            content=content,
        )
    changed = changed_paths(before, content)
    kept = kept_origins(before, content, SectionKey(chapter.key), chapter.origins, changed)
    taken = SheetChapter.objects.filter(pk=chapter.pk, version=version).update(
        content=content.get(chapter.key),
        origins={**kept, **(origins or {})},
        version=version + 1,
        edited_at=actor.now,
        edited_by_name=actor.name,
    )
    if not taken:
        theirs = tuple(one for one in differences(before, content) if one.change != "same")
        raise UnableToSaveChapter(
            f"{chapter.edited_by_name}さんがこの章を先に保存しました。あなたの入力はまだ保存していません。"
            "下に違うところを並べました。この画面の入力は残っています。確かめて、もう一度保存してください。",
            content=content,
            conflict=Conflict(chapter.version, chapter.edited_by_name, theirs),
        )
    _drop_typed(actor, chapter)
    record(
        actor,
        verb=WRITE,
        target=("sheets.document", str(document.pk)),
        region_code=document.region_id,
        organisation_id=document.organisation_id,
        diff={"章": [None, chapter.key], "欄": [None, ", ".join(changed[:80])]},
    )
    chapter.refresh_from_db()
    return chapter


def paste_rows(
    *, actor: Actor, document_id: UUID, key: str, version: int, list_path: str, text: str, first_row: int
) -> SheetChapter:
    """A block copied in Excel, from row `first_row` on (0 = first). Raises UnableToSaveChapter when it does not fit."""
    with transaction.atomic():
        document, chapter = _writable(actor, document_id, key)
        if list_path != key and not list_path.startswith(f"{key}."):
            raise UnableToSaveChapter("その表はこの章にありません。画面を開き直してください。")
        before = content_of(document)
        try:
            content, errors = pasted(before, list_path, parse_block(text), first_row=first_row)
        except DoesNotFit as misfit:
            raise UnableToSaveChapter(str(misfit)) from None
        except ValueError:
            raise UnableToSaveChapter("その表はこの様式にありません。画面を開き直してください。") from None
        if errors:
            raise UnableToSaveChapter(
                "貼り付けた中に読み取れないセルがあります。何も変わっていません。", errors, content
            )
        return store_chapter(
            actor=actor, document=document, chapter=chapter, version=version, before=before, content=content
        )


def keep_typed(*, actor: Actor, document_id: UUID, key: str, version: int, edits: Mapping[str, str]) -> ChapterAutosave:
    """Keeps what was typed and not saved yet, for this person only. Never changes the chapter."""
    with transaction.atomic():
        _, chapter = _writable(actor, document_id, key)
        assert actor.user_id is not None  # may_write: a member of the organisation
        kept, _ = ChapterAutosave.objects.update_or_create(
            chapter=chapter,
            user_id=actor.user_id,
            defaults={
                "typed": {path: text for path, text in edits.items() if path == key or path.startswith(f"{key}.")},
                "base_version": version,
                "saved_at": actor.now,
            },
        )
    return kept


def forget_typed(*, actor: Actor, document_id: UUID, key: str) -> None:
    """Throws the kept input away because its owner says so."""
    with transaction.atomic():
        _, chapter = _writable(actor, document_id, key)
        _drop_typed(actor, chapter)
