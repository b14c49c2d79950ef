"""From the texts of a file's columns to values of the contract, each different text read once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from nimo.analysis.reading import cells
from nimo.analysis.reading.mapping import AREA_FIELDS, ColumnMapping, MappingError, is_forbidden
from nimo.analysis.spells.contract import CODE_LISTS, PERSON
from nimo.core.text import fold

BAD: Any = object()  # the text cannot be read as what the column holds
Reader = Callable[[str], Any]


def places_of(mapping: ColumnMapping, headings: Sequence[str]) -> dict[str, int]:
    """Field → place of its column. MappingError when a heading is missing, there twice or must not be used."""
    folded = [fold(heading) for heading in headings]
    found = {}
    for name, heading in mapping.columns.items():
        times = folded.count(fold(heading))
        if times != 1:
            how = "ありません" if times == 0 else "二つ以上あります"
            raise MappingError(
                f"見出し「{heading}」の列が{how}。列の対応を直してください。まだ何も読み取っていません。"
            )
        if is_forbidden(heading):
            raise MappingError(f"「{heading}」の列は使えません。患者番号などの別の番号を使ってください。")
        found[name] = folded.index(fold(heading))
    return found


def reader_of(name: str, mapping: ColumnMapping, secret: bytes = b"") -> Reader:
    """The function that reads one text of a field: its value, None for blank, BAD when it cannot be read.

    Persons become keyed hashes: `secret` is made for one run and never stored.
    """
    blanks = frozenset(map(cells.plain, mapping.blanks))
    listed = {fold(text): code for text, code in mapping.values.get(name, {}).items()}
    parse = _parser(name, secret)
    dates = name in ("admitted_on", "discharged_on", "birth_date", "birth_year")

    def read(text: str) -> Any:
        text = cells.plain(text)
        # "0" is an open end in a date column and a possible code elsewhere.
        if cells.is_blank(text, blanks if dates else frozenset()):
            return None
        if listed and (code := listed.get(fold(text))) is not None:
            return code
        try:
            return parse(text)
        except cells.Unreadable:
            return BAD

    return read


def _parser(name: str, secret: bytes) -> Reader:
    if name == PERSON:
        return lambda text: hashlib.blake2b(text.encode(), key=secret, digest_size=16).digest()
    if name in CODE_LISTS:
        return lambda text: cells.read_code(name, text)
    if name in AREA_FIELDS:
        return cells.read_area
    if name in ("admitted_on", "discharged_on"):
        return cells.read_day
    if name in ("birth_date", "birth_year"):
        return cells.read_birth
    return lambda text: text


class Memo:
    """A reader that remembers what it has read; a column of ten million dates holds some ten thousand texts."""

    MOST = 200_000

    def __init__(self, read: Reader) -> None:
        self.read = read
        self.known: dict[str, Any] = {}

    def __call__(self, text: str) -> Any:
        value = self.known.get(text, self)
        if value is self:
            if len(self.known) >= self.MOST:
                self.known.clear()
            value = self.known[text] = self.read(text)
        return value


def split_birth(value: date | int | None) -> tuple[date | None, int | None]:
    """(birth_date, birth_year) of what `read_birth` found."""
    if isinstance(value, date):
        return value, None
    return None, value
