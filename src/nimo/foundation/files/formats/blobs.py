"""Contents on disk: one file per content, named by its keyed hash, written once and never changed.

Because a blob never changes after it appears, a back-up may copy the folder while nimo runs: copy the database
first, the folder after it, and every row of the copy finds its content.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from nimo.foundation.files.formats.kinds import HEAD_BYTES, TAIL_BYTES, FileKind, sniff

CHUNK = 1 << 18
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ContentTooLarge(Exception):
    """More bytes than the limit; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A content that lies on disk now: its digest, size in bytes and kind."""

    digest: str
    size: int
    kind: FileKind


def chunks_of(content: bytes | BinaryIO) -> Iterator[bytes]:
    """The content piece by piece: bytes, an open binary file, or a Django upload (from its beginning)."""
    if isinstance(content, bytes):
        yield content
        return
    if content.seekable():
        content.seek(0)
    while piece := content.read(CHUNK):
        yield piece


class BlobStore:
    """A folder of blobs: `ab/cd/<digest>`, plus `incoming/` for what is still being written."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self._key = key.encode()

    def path(self, digest: str) -> Path:
        """Where a blob lies. ValueError for anything that is no digest: a path never comes from outside."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self.folder / digest[:2] / digest[2:4] / digest

    def write(self, content: bytes | BinaryIO, *, limit: int) -> Blob:
        """Keeps a content: temporary file, fsync, rename, fsync of the folder. Raises ContentTooLarge.

        The same content lands on the same name; it is put there again, so that a sweep of old orphans running at
        the same time sees a fresh time stamp.
        """
        incoming = self.folder / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        mac = hmac.new(self._key, digestmod=hashlib.sha256)
        descriptor, name = tempfile.mkstemp(dir=incoming)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                size = 0
                for piece in chunks_of(content):
                    size += len(piece)
                    if size > limit:
                        raise ContentTooLarge
                    mac.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                kind = sniff(file.read(HEAD_BYTES), _tail_of(file, size))
            blob = Blob(mac.hexdigest(), size, kind)
            target = self.path(blob.digest)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.replace(target)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
        for folder in (target.parent, target.parent.parent, self.folder):
            _sync_folder(folder)
        return blob

    def open(self, digest: str) -> BinaryIO:
        """The content. Raises FileNotFoundError when the blob has gone (a restored database without its files)."""
        return self.path(digest).open("rb")

    def digest_of(self, digest: str) -> str:
        """The digest the blob's bytes have today: differs from its name when the disk or somebody changed them."""
        mac = hmac.new(self._key, digestmod=hashlib.sha256)
        with self.open(digest) as file:
            while piece := file.read(CHUNK):
                mac.update(piece)
        return mac.hexdigest()

    def digests(self) -> Iterator[str]:
        """Every blob in the folder."""
        for path in self.folder.glob("??/??/*"):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def age(self, digest: str, now: datetime) -> timedelta:
        """How long ago the content was last put there; no time when it has gone."""
        return age_of(self.path(digest), now)

    def half_written(self) -> Iterator[Path]:
        """What a crash left in `incoming/` (and what is being written this moment)."""
        yield from (self.folder / "incoming").glob("*")

    def remove(self, digest: str) -> None:
        """Deletes a blob; it may have gone already."""
        with suppress(FileNotFoundError):
            self.path(digest).unlink()


def age_of(path: Path, now: datetime) -> timedelta:
    """Since when the file lies there, by its time stamp; no time when it has gone."""
    try:
        return now - datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return timedelta(0)


def _tail_of(file: BinaryIO, size: int) -> Callable[[], bytes]:
    def read() -> bytes:
        file.seek(max(0, size - TAIL_BYTES))
        return file.read(TAIL_BYTES)

    return read


def _sync_folder(folder: Path) -> None:
    """Makes the new name survive a power cut (rename alone may be lost)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
