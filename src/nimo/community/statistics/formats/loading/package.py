"""An Excel file (a ZIP of XML parts), opened with suspicion and read as a stream.

Nothing is unpacked to disk. The directory is checked before anything is read, and what is read is counted while it is
read, because a directory can lie. Document type definitions, which no Office file has, are refused: with them go
entity bombs and external entities.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO
from urllib.parse import unquote

from lxml import etree

from nimo.community.statistics.formats.loading.limits import Limits
from nimo.community.statistics.formats.loading.refusals import refusal

_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class _Counted:
    """A part being unpacked: its bytes are counted, and definitions are looked for, as they pass."""

    def __init__(self, package: Package, stream: IO[bytes], limit: int) -> None:
        self._package, self._stream, self._left, self._tail = package, stream, limit, b""

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self._stream.read(65536 if size < 0 else size)
        except _BROKEN as error:
            raise refusal("damaged") from error
        self._left -= len(chunk)
        self._package.count(len(chunk))
        if self._left < 0:
            raise refusal("archive_bomb")
        seen = self._tail + chunk
        if any(mark in seen for mark in _DOCTYPES):
            raise refusal("unsafe_content")
        self._tail = seen[-24:]
        return chunk


class Package:
    """The parts of one Excel file by name, read on demand, within the limits. Use it while `stream` is open."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.limits = limits
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(stream)
            infos = self._zip.infolist()
        except (*_BROKEN, UnicodeError) as error:
            raise refusal("damaged") from error
        if len(infos) > limits.archive_entries or sum(info.file_size for info in infos) > limits.archive_bytes:
            raise refusal("archive_bomb")
        for info in infos:
            if info.flag_bits & 0x1:
                raise refusal("password")
            packed_tight = info.file_size > limits.ratio * max(1, info.compress_size)
            if info.file_size > limits.part_bytes or (info.file_size > limits.ratio_from_bytes and packed_tight):
                raise refusal("archive_bomb")
        self._entries = {info.filename.lstrip("/").lower(): info for info in infos if not info.is_dir()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def has(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._entries

    def count(self, size: int) -> None:
        """Bytes unpacked so far; parts read twice are counted once more, hence the double allowance."""
        self._unpacked += size
        if self._unpacked > 4 * self.limits.archive_bytes:
            raise refusal("archive_bomb")

    def chunks(self, name: str, size: int = 1 << 20) -> Iterator[bytes]:
        with self._open(name) as raw:
            counted = _Counted(self, raw, self.limits.part_bytes)
            while chunk := counted.read(size):
                yield chunk

    def _open(self, name: str) -> IO[bytes]:
        info = self._entries.get(name.lstrip("/").lower())
        if info is None:
            raise refusal("damaged")
        try:
            return self._zip.open(info)
        except (*_BROKEN, RuntimeError) as error:
            raise refusal("damaged") from error

    def tree(self, name: str) -> etree._Element:
        """A small part as a tree."""
        data = b"".join(self.chunks(name))
        if len(data) > self.limits.tree_bytes:
            raise refusal("archive_bomb")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refusal("damaged") from error

    def elements(self, name: str, local: str) -> Iterator[etree._Element]:
        """The elements of that name in a part, one after another; each is forgotten when the next is asked for."""
        with self._open(name) as raw:
            counted: Any = _Counted(self, raw, self.limits.part_bytes)
            try:
                events: Any = etree.iterparse(
                    counted, events=("end",), tag=f"{{*}}{local}", resolve_entities=False, no_network=True
                )
                for _, element in events:
                    yield element
                    parent = element.getparent()
                    element.clear()
                    while parent is not None and element.getprevious() is not None:
                        del parent[0]
            except (etree.XMLSyntaxError, ValueError) as error:
                raise refusal("damaged") from error

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """id → (kind, part name) of a part's relations inside the file; outside addresses are never followed."""
        folder, base = posixpath.split(name.lstrip("/"))
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, tuple[str, str]] = {}
        if not self.has(path):
            return found
        for element in self.tree(path):
            if element.get("TargetMode") != "External":
                target = unquote(element.get("Target", ""))
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = element.get("Type", "").rstrip("/").rsplit("/", 1)[-1]
                found[element.get("Id", "")] = (kind, target)
        return found
