"""Keeping and handing out files."""

from __future__ import annotations

from collections.abc import Collection
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.files.formats.blobs import BlobStore, ContentTooLarge
from nimo.foundation.files.formats.kinds import FileKind
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import get_file
from nimo.foundation.files.rules import PURPOSE, clean_name


class UnableToStore(Exception):
    """The file was not kept; str() says why, in Japanese."""


class UnableToOpen(Exception):
    """The row is there, its content is not; str() says what to do, in Japanese."""


def blob_store() -> BlobStore:
    """The folder of contents of this installation."""
    return BlobStore(settings.STORED_FILES_DIR, settings.FILE_KEY)


def store(
    *,
    actor: Actor,
    content: bytes | BinaryIO,
    name: str,
    purpose: str,
    region_code: str = "",
    content_type: str = "",
    accept: Collection[FileKind] = (),
) -> StoredFile:
    """Keeps a file; the caller has checked that the actor may. Row in the caller's transaction, content on disk.

    content: bytes, an open binary file or a Django upload. name: as the sender called it, shown to people, never
    part of a path. purpose: "app.noun" with a registered policy (files.policies.owner). content_type: what the
    sender claims; not believed, the row's `content_type` is told from the bytes and `name_fits` says whether the
    name's ending agrees. accept: the kinds that are welcome (files.formats.kinds); empty: any.
    Raises UnableToStore: empty, larger than settings.NIMO_UPLOAD_LIMIT_BYTES, not one of `accept`. If the caller's
    transaction rolls back, at most a content without a row remains, which `files_check` removes later.
    """
    if not PURPOSE.fullmatch(purpose):
        raise ValueError(f"a purpose reads app.noun, not {purpose!r}")
    shown = clean_name(name)
    limit = settings.NIMO_UPLOAD_LIMIT_BYTES
    try:
        blob = blob_store().write(content, limit=limit)
    except ContentTooLarge:
        raise UnableToStore(
            f"「{shown}」は {limit // (1024 * 1024)} MB を超えるため、受け取れませんでした。何も保存していません。"
            "画像を小さくするか、必要なページだけのファイルにして、もう一度お試しください。"
        ) from None
    if blob.size == 0:
        raise UnableToStore(
            f"「{shown}」は中身が空のため、受け取れませんでした。何も保存していません。元のファイルを開いて確かめてください。"
        )
    if accept and blob.kind not in accept:
        welcome = "、".join(dict.fromkeys(kind.label for kind in accept))
        raise UnableToStore(
            f"「{shown}」の中身は{blob.kind.label}のため、受け取れませんでした。何も保存していません。"
            f"受け取れるのは {welcome} です。"
        )
    with transaction.atomic():
        return StoredFile.objects.create(
            digest=blob.digest,
            size=blob.size,
            name=shown,
            content_type=blob.kind.content_type,
            name_fits=blob.kind.fits(shown),
            purpose=purpose,
            region_code=region_code,
            organisation_id=actor.organisation.organisation_id if actor.organisation else None,
            stored_by_id=actor.user_id,
            stored_by_name=actor.name,
            stored_at=actor.now,
        )


def open_stored(actor: Actor, file_id: UUID) -> BinaryIO:
    """The content of one file the actor may open, for programs (readers, jobs); close it after use.

    Raises FileNotAvailable (no such file, or not for this actor) and UnableToOpen (the content has gone).
    Handing it to a person goes through `hand_out`, which is audited.
    """
    return _open(get_file(actor, file_id))


def _open(file: StoredFile) -> BinaryIO:
    try:
        return blob_store().open(file.digest)
    except FileNotFoundError:
        raise UnableToOpen(
            f"「{file.name}」の中身が保管場所に見つかりません。登録の内容は残っています。"
            "システム管理者に、バックアップから戻せるか確かめてもらってください。"
        ) from None
