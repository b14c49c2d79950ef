"""An Office file (a ZIP of XML parts), opened with suspicion.

Nothing is unpacked to disk. The central directory is checked before anything is read, and what is read is counted
while it is read, because a directory can lie. Document type definitions, which no Office file has, are refused:
with them go entity bombs and external entities.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.refusals import refusal

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
_CHUNK = 1024 * 1024
_SMALL = 256 * 1024


@dataclass(frozen=True, slots=True)
class Relation:
    id: str
    kind: str
    """Last part of the relationship type, e.g. "slide", "image"."""
    target: str
    """Part name inside the package; for external relations the address, which is never opened."""
    external: bool


class Package:
    """The parts of one Office file by name ("ppt/slides/slide1.xml"), read on demand, within the limits."""

    def __init__(self, content: bytes, file_name: str, limits: Limits) -> None:
        self.file_name = file_name
        self.limits = limits
        self._read_bytes = 0
        self._kept: dict[str, bytes] = {}
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, UnicodeError) as error:
            raise refusal("damaged", file_name) from error
        self._entries = {info.filename.lstrip("/"): info for info in self._zip.infolist() if not info.is_dir()}
        self._lower = {name.lower(): name for name in self._entries}
        self._check_directory()

    def _check_directory(self) -> None:
        infos = self._zip.infolist()
        total = sum(info.file_size for info in infos)
        if len(infos) > self.limits.archive_entries or total > self.limits.archive_bytes:
            raise refusal("archive_bomb", self.file_name)
        for info in infos:
            if info.flag_bits & 0x1:
                raise refusal("password", self.file_name)
            heavy = info.file_size > self.limits.ratio_from_bytes
            if info.file_size > self.limits.entry_bytes:
                raise refusal("archive_bomb", self.file_name)
            if heavy and info.file_size > self.limits.entry_ratio * max(1, info.compress_size):
                raise refusal("archive_bomb", self.file_name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def actual_name(self, name: str) -> str | None:
        """The entry's name as stored; part names are compared without regard to case (ECMA-376 part 2)."""
        name = name.lstrip("/")
        return name if name in self._entries else self._lower.get(name.lower())

    def has(self, name: str) -> bool:
        return self.actual_name(name) is not None

    def read(self, name: str) -> bytes:
        """One part, unpacked. Raises UnableToRead: damaged (missing, wrong checksum), archive_bomb."""
        actual = self.actual_name(name)
        if actual is None:
            raise refusal("damaged", self.file_name)
        if actual in self._kept:
            return self._kept[actual]
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(self._entries[actual]) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self._read_bytes += len(chunk)
                    if size > self.limits.entry_bytes or self._read_bytes > self.limits.archive_bytes:
                        raise refusal("archive_bomb", self.file_name)
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise refusal("damaged", self.file_name) from error
        data = b"".join(parts)
        if len(data) <= _SMALL:
            # Layouts and relations are asked for again with every slide.
            self._kept[actual] = data
        return data

    def xml(self, name: str) -> etree._Element:
        """One XML part as a tree. Raises UnableToRead: damaged, unsafe_content, archive_bomb."""
        data = self.read(name)
        if len(data) > self.limits.xml_bytes:
            raise refusal("archive_bomb", self.file_name)
        self._refuse_definitions(data)
        try:
            root = etree.fromstring(data, _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refusal("damaged", self.file_name) from error
        if root.getroottree().docinfo.doctype:
            raise refusal("unsafe_content", self.file_name)
        return root

    def iterate(self, name: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
        """The elements `tags` of a large part, one after another; each is forgotten once the caller asks for the next."""
        data = self.read(name)
        self._refuse_definitions(data)
        try:
            events: Any = etree.iterparse(
                io.BytesIO(data), events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
            )
            for _, element in events:
                yield element
                parent = element.getparent()
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise refusal("damaged", self.file_name) from error

    def _refuse_definitions(self, data: bytes) -> None:
        if any(mark in data for mark in _DOCTYPES):
            raise refusal("unsafe_content", self.file_name)

    def relations(self, name: str) -> dict[str, Relation]:
        """Relations of a part by id; {} where the part has none. Targets are resolved, never opened."""
        folder, base = posixpath.split(name.lstrip("/"))
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(path):
            return {}
        found: dict[str, Relation] = {}
        for element in self.xml(path).iter(RELATIONS):
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            if not external:
                target = unquote(target)
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rstrip("/").rsplit("/", 1)[-1]
            found[element.get("Id", "")] = Relation(element.get("Id", ""), kind, target, external)
        return found

    def related(self, name: str, kind: str) -> list[str]:
        """Parts that `name` refers to with relations of one kind, which exist in the package."""
        return [r.target for r in self.relations(name).values() if r.kind == kind and self._is_here(r)]

    def _is_here(self, relation: Relation) -> bool:
        return not relation.external and self.has(relation.target)

    def main_part(self) -> tuple[str, str]:
        """Name and content type of the part the package is about. Raises UnableToRead: damaged."""
        mains = self.related("", "officeDocument")
        if not mains or not self.has("[Content_Types].xml"):
            raise refusal("damaged", self.file_name)
        return mains[0], self.content_type(mains[0])

    def content_type(self, name: str) -> str:
        root = self.xml("[Content_Types].xml")
        for override in root.iter(f"{_CONTENT_TYPES}Override"):
            if override.get("PartName", "").lstrip("/").lower() == name.lower():
                return str(override.get("ContentType", ""))
        for default in root.iter(f"{_CONTENT_TYPES}Default"):
            if name.lower().endswith("." + default.get("Extension", "").lower()):
                return str(default.get("ContentType", ""))
        return ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
