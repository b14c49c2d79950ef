"""Reading what is stored. `open_stored` is for programs; handing a file to a person is `services.hand_out`."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from nimo.foundation.access.actors import Actor
from nimo.foundation.files.formats.blobs import BlobStore
from nimo.foundation.files.policies import get_file


class UnableToOpen(Exception):
    """The row is there, its content is not; str() says what to do, in Japanese."""


def blob_store() -> BlobStore:
    """The folder of contents of this installation."""
    return BlobStore(settings.STORED_FILES_DIR, settings.FILE_KEY)


def open_stored(actor: Actor, file_id: UUID) -> BinaryIO:
    """The content of one file the actor may open, for readers and jobs; close it after use.

    Raises FileNotAvailable (no such file, or not for this actor) and UnableToOpen (the content has gone). Not
    audited: `services.hand_out` is the door for people.
    """
    file = get_file(actor, file_id)
    try:
        return blob_store().open(file.digest)
    except FileNotFoundError:
        raise UnableToOpen(
            f"「{file.name}」の中身が保管場所に見つかりません。登録の内容は残っています。"
            "システム管理者に、バックアップから戻せるか確かめてもらってください。"
        ) from None
