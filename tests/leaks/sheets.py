"""Two sheets with a marker word in every text, facility name and file name, and small numbers of patients.

A marker is a word nobody would write (QZX and two letters). Which chapter it belongs to is told by the reading
itself, so that a field the reader learns to fill is watched too.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from itertools import product
from string import ascii_uppercase
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.facts import BasicRow, Facts, city_basic, city_facts, r3_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.foundation.access.actors import Actor

CITY, PREFECTURE, CITY_YEAR, PREFECTURE_YEAR = "10207", "10000", 2024, 2021
MARKER = re.compile(r"QZX[A-Z]{2}")
FILE_MARK = "QZXZZ"
NOT_MARKED = {"fiscal_year", "basic", "prefecture", "municipality", "page_breaks", "order", "long_term_until"}


class Marking:
    """Hands out markers in order."""

    def __init__(self, prefix: str) -> None:
        self._next = (f"QZX{a}{b}" for a, b in product(prefix, ascii_uppercase))

    def __call__(self, text: str) -> str:
        return f"{text}（{next(self._next)}）" if text and text != "－" else text

    def everywhere(self, value: Any) -> Any:
        """The value with a marker behind every text; dataclasses are changed in place."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, tuple | list):
            return type(value)(self.everywhere(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            for field in fields(value):
                if field.name not in NOT_MARKED:
                    setattr(value, field.name, self.everywhere(getattr(value, field.name)))
        return value


def marked_city(basic: list[BasicRow] | None = None) -> Facts:
    names = [sector for sector, _, _ in city_facts().sectors]
    facts: Facts = Marking("ABCDEF").everywhere(city_facts())
    facts.sectors = [
        (name, *rest) for name, (_, *rest) in zip(names, facts.sectors, strict=True)
    ]  # the form's own words
    facts.prefecture, facts.municipality = "群馬県", "館林市"
    facts.basic = basic or small_basic()
    return facts


def marked_prefecture() -> Facts:
    facts: Facts = Marking("GHIJKL").everywhere(r3_facts())
    facts.prefecture = "群馬県"
    return facts


def small_basic(under_3: int = 41, middle: int = 4, over_65: int = 87, under_65: int = 45) -> list[BasicRow]:
    """The block of a city of 148,205 people: a number of patients below 10 may not leave the circle."""
    return city_basic(under_3=under_3, middle=middle, over=over_65 + under_65, over_65=over_65, under_65=under_65)


def text_of(facts: Facts, layout: str = "r6-city") -> bytes:
    return as_text(layout_parts(facts, layout)).encode()


def read(actor: Actor, facts: Facts, layout: str = "r6-city") -> SheetDraft:
    """The facts as a file that came in and was read; the file's name is marked too."""
    upload: SheetUpload = upload_sheet(actor=actor, content=text_of(facts, layout), name=f"{FILE_MARK}.txt")
    upload = read_upload(actor=actor, upload_id=upload.pk)
    return upload.drafts.get()


def confirmed(actor: Actor, facts: Facts, layout: str = "r6-city") -> Sheet:
    draft = read(actor, facts, layout)
    return confirm_draft(actor=actor, draft_id=draft.pk, version=draft.version)


def markers_of(sheet: Sheet) -> dict[str, set[str]]:
    """chapter → the markers that stand in it."""
    return {section.key: set(MARKER.findall(str(section.content))) for section in sheet.sections.all()}


EVERY_CHAPTER = frozenset(SectionKey.values)
WITHOUT_WORDS = {SectionKey.BASIC_INFO.value}
"""Chapters of figures only."""
