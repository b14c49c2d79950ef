"""A workbook that leaves the network and comes back: signed for whom it was made, and looked at before it is opened."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

MARKS = "nimo"
SIGNATURE = "signature"
_ROWS = 20


class NoSuchWorkbook(Exception):
    """It is no workbook, or one that would unpack to more than it may."""


class CarriesMacros(Exception):
    """A program is in it."""


class NotOurs(Exception):
    """It was not made here, or what was signed is not what stands there now."""


@dataclass(frozen=True, slots=True)
class Limits:
    """unpacked: bytes of all parts together; parts: their number."""

    unpacked: int
    parts: int


@dataclass(frozen=True, slots=True)
class Seal:
    """One kind of form: `purpose` makes its key its own, so that a form of one kind is never taken for another.

    purpose: ASCII words, never changed once forms are out.
    """

    purpose: str
    limits: Limits

    def sign(self, key: str, said: Mapping[str, str]) -> str:
        """HMAC-SHA256 over the fields in one spelling, under a key derived from the installation's (hexadecimal)."""
        derived = hmac.digest(key.encode(), self.purpose.encode("ascii"), "sha256")
        text = json.dumps(dict(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()

    def is_signed(self, key: str, said: Mapping[str, str], signature: str) -> bool:
        """Whether exactly these fields were signed here, for this kind of form."""
        return hmac.compare_digest(self.sign(key, said).encode(), signature.encode())

    def marks(self, key: str, said: Mapping[str, str]) -> list[tuple[str, str]]:
        """The rows of the sheet nobody sees: the fields in order, then the signature."""
        return [*sorted(said.items()), (SIGNATURE, self.sign(key, said))]

    def open(self, content: bytes, key: str, *, read_only: bool = False) -> tuple[Any, dict[str, str]]:
        """The workbook and what was signed.

        Raises NoSuchWorkbook, CarriesMacros or NotOurs; nothing of a package is unpacked before its size is known.
        """
        _look_at(content, self.limits)
        try:
            book = load_workbook(io.BytesIO(content), read_only=read_only, data_only=True, keep_links=False)
            rows = (
                list(book[MARKS].iter_rows(max_row=_ROWS, max_col=2, values_only=True))
                if MARKS in book.sheetnames
                else []
            )
        except Exception:  # openpyxl fails in many ways on files that are none; all of them mean the same to the sender
            raise NoSuchWorkbook from None
        said = {str(name): str(value) for name, value in rows if name and value}
        signature = said.pop(SIGNATURE, "")
        if not said or not self.is_signed(key, said, signature):
            book.close()
            raise NotOurs
        return book, said


def _look_at(content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise NoSuchWorkbook from None
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise NoSuchWorkbook
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise CarriesMacros
