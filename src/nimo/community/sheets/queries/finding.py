"""The words of confirmed sheets as the search finds them: a row or a field of a chapter is one document.

Never the basic-info block: its numbers are public only in the form the disclosure gate gives them, and are found as
indicators. Never the passages of the source file: they may hold what a person took out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.urls import reverse

from nimo.community.sheets.choices import SectionKey, SheetState
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.policies import visible_sections
from nimo.community.sheets.queries.screens import sheet_name
from nimo.community.sheets.rules.fields import section_fields
from nimo.core.searching.sources import PUBLIC, Found
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission

SHEET_WORDS = "sheets.section"
"""The code under which sheets are found (panels.py)."""


def searched_sheets() -> list[str]:
    """Current sheets only: what was replaced or undone is found no longer."""
    current = Sheet.objects.filter(state=SheetState.CURRENT).order_by("pk")
    return [str(pk) for pk in current.values_list("pk", flat=True)]


def sheet_documents(sheet_ids: Collection[str]) -> Iterator[Found]:
    """Published chapters for everyone, the others for those who may see the region's sheets."""
    sections = (
        SheetSection.objects.filter(sheet_id__in=sheet_ids, sheet__state=SheetState.CURRENT)
        .exclude(key=SectionKey.BASIC_INFO)
        .select_related("sheet__region__prefecture")
        .order_by("sheet_id", "key")
    )
    for section in sections:
        yield from _documents(section)


def _documents(section: SheetSection) -> Iterator[Found]:
    sheet, chapter = section.sheet, SectionKey(section.key)
    rows: dict[str, list[str]] = {}
    for field in section_fields({section.key: section.content}, chapter):
        if field.text.strip():
            rows.setdefault(field.row or field.path, []).append(f"{field.label}：{field.text}")
    places = {path: place for path, _, place in section.passages}
    page = reverse("portal:region_sheet", args=[sheet.region_id, sheet.fiscal_year])
    for path, texts in rows.items():
        found_at = next((place for start, place in places.items() if start == path or start.startswith(f"{path}.")), "")
        yield Found(
            record=f"{section.pk}:{path}",
            owner=str(sheet.pk),
            title=f"{sheet_name(sheet)} {chapter.label}",
            body="\n".join(texts),
            href=f"{page}#{section.key}",
            place=f"元の資料：{found_at}" if found_at else "",
            audience=PUBLIC if section.published_at else Permission.VIEW_SHEET.code,
            region_code=sheet.region_id,
            prefecture_code=sheet.region.prefecture_id or sheet.region_id,
            fiscal_year=sheet.fiscal_year,
        )


def readable_records(actor: Actor, records: Collection[str]) -> set[str]:
    """Those whose chapter the actor may read at this moment. One query."""
    chapters = {record: UUID(record.partition(":")[0]) for record in records}
    seen = set(visible_sections(actor).filter(pk__in=set(chapters.values())).values_list("pk", flat=True))
    return {record for record, chapter in chapters.items() if chapter in seen}
