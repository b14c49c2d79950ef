"""Keeping and handing out files."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.formats.blobs import ContentTooLarge, age_of
from nimo.foundation.files.formats.kinds import FileKind
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import get_file, is_owned
from nimo.foundation.files.queries import UnableToOpen, blob_store, open_stored
from nimo.foundation.files.rules import PURPOSE, clean_name

logger = logging.getLogger(__name__)
HAND_OUT = register_verb("files.hand_out", "保管されたファイルを受け取った")
SWEEP = register_verb("files.sweep", "使われていない中身を片付けた")
DAY = timedelta(days=1)


class UnableToStore(Exception):
    """The file was not kept; str() says why, in Japanese."""


class UnableToSweep(Exception):
    """Only commands tidy the storage."""


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


def hand_out(*, actor: Actor, file_id: UUID) -> tuple[StoredFile, BinaryIO]:
    """One file for a person to keep: the row and its content, audited before it is handed out.

    Raises FileNotAvailable and UnableToOpen.
    """
    with transaction.atomic():
        file = get_file(actor, file_id)
        try:
            content = open_stored(actor, file_id)
        except UnableToOpen:
            logger.error("the content of stored file %s is missing", file.pk)  # the user is told by the exception
            raise
        try:
            record(
                actor,
                verb=HAND_OUT,
                target=("files.storedfile", str(file.pk)),
                region_code=file.region_code,
                organisation_id=file.organisation_id,
            )
        except BaseException:
            content.close()
            raise
    return file, content


@dataclass(frozen=True, slots=True)
class FilesReport:
    """What a look through the storage found.

    missing: rows whose content has gone; changed: rows whose content is no longer what was stored (only when read);
    orphans: contents without a row, older than a day; half_written: leftovers of a crash; unowned: purposes no app owns.
    """

    files: int
    missing: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    orphans: tuple[str, ...]
    half_written: tuple[Path, ...]
    unowned: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is lost: orphans and leftovers are untidy, not wrong."""
        return not self.missing and not self.changed


def orphans(*, now: datetime) -> tuple[str, ...]:
    """Digests of contents without a row, at least a day old: a younger one may belong to an open transaction."""
    kept = set(StoredFile.objects.values_list("digest", flat=True).distinct())
    store_ = blob_store()
    return tuple(sorted(digest for digest in store_.digests() if digest not in kept and store_.age(digest, now) >= DAY))


def look_through(*, now: datetime, read_contents: bool) -> FilesReport:
    """Compares rows and contents; `read_contents` also computes every digest anew (reads the whole folder)."""
    store_ = blob_store()
    there = set(store_.digests())
    missing: list[UUID] = []
    changed: list[UUID] = []
    verdicts: dict[str, bool] = {}
    count = 0
    for file in StoredFile.objects.order_by("pk").only("pk", "digest").iterator():
        count += 1
        if file.digest not in there:
            missing.append(file.pk)
        elif read_contents:
            if file.digest not in verdicts:
                verdicts[file.digest] = store_.digest_of(file.digest) == file.digest
            if not verdicts[file.digest]:
                changed.append(file.pk)
    purposes = StoredFile.objects.values_list("purpose", flat=True).distinct()
    return FilesReport(
        files=count,
        missing=tuple(missing),
        changed=tuple(changed),
        orphans=orphans(now=now),
        half_written=tuple(path for path in store_.half_written() if age_of(path, now) >= DAY),
        unowned=tuple(sorted(purpose for purpose in purposes if not is_owned(purpose))),
    )


def sweep(*, actor: Actor) -> int:
    """Removes contents without a row and leftovers of crashes that are at least a day old. How many."""
    if actor.kind != "system":
        raise UnableToSweep("保管場所の片付けは、nimo の命令として行います。")
    store_ = blob_store()
    removed = 0
    for digest in orphans(now=actor.now):
        # stored again since the list was made: the row exists now, or the time stamp is fresh
        if StoredFile.objects.filter(digest=digest).exists() or store_.age(digest, actor.now) < DAY:
            continue
        store_.remove(digest)
        removed += 1
    for path in store_.half_written():
        if age_of(path, actor.now) >= DAY:
            path.unlink(missing_ok=True)
            removed += 1
    if removed:
        with transaction.atomic():
            record(actor, verb=SWEEP, target=("files.storedfile", ""), diff={"removed": [None, removed]})
    return removed
