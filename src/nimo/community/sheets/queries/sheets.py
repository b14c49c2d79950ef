"""Lists of uploads, drafts and sheets; chapters for the region page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nimo.community.sheets.choices import DraftState, SectionKey, SheetState, UploadState
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.policies import visible_drafts, visible_sections, visible_sheets, visible_uploads
from nimo.foundation.access.actors import Actor


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as the actor may read it. `published`: the public reads it too."""

    key: SectionKey
    label: str
    content: Any
    places: dict[str, str]
    """path → where it stands in the source file."""
    sheet_id: UUID
    section_id: UUID
    fiscal_year: int
    published: bool
    published_at: datetime | None
    published_by_name: str


@dataclass(frozen=True, slots=True)
class SheetYear:
    """The chapters of one year's sheet of a region."""

    sheet_id: UUID
    region_code: str
    fiscal_year: int
    layout: str
    chapters: dict[str, Chapter]


def uploads_in_hand(actor: Actor) -> QuerySet[SheetUpload]:
    """Uploads that wait for somebody: being read, failed, or to be reviewed; newest first."""
    return (
        visible_uploads(actor)
        .filter(state__in=[UploadState.READING, UploadState.REVIEW, UploadState.FAILED])
        .select_related("file", "organisation", "in_charge")
        .annotate(waiting=Count("drafts", filter=Q(drafts__state=DraftState.REVIEW)))
        .order_by("-uploaded_at")
    )


def drafts_of(actor: Actor, upload: SheetUpload) -> list[SheetDraft]:
    """The sheets found in one upload, in the order of the file."""
    return list(
        visible_drafts(actor).filter(upload=upload).select_related("region__prefecture", "upload").order_by("position")
    )


def drafts_to_confirm(actor: Actor) -> QuerySet[SheetDraft]:
    """What the home page puts first: drafts a person still has to decide on."""
    return (
        visible_drafts(actor)
        .filter(state=DraftState.REVIEW)
        .select_related("region", "upload__file")
        .order_by("upload__uploaded_at", "position")
    )


def confirmed_sheets(actor: Actor) -> QuerySet[Sheet]:
    """Current sheets one may see, newest year first, with how many chapters are public."""
    return (
        visible_sheets(actor)
        .filter(state=SheetState.CURRENT)
        .select_related("region__prefecture")
        .annotate(
            chapters=Count("sections"),
            public_chapters=Count("sections", filter=Q(sections__published_at__isnull=False)),
        )
        .order_by("-fiscal_year", "region_id")
    )


def sheets_to_publish(actor: Actor) -> QuerySet[Sheet]:
    """Current sheets of which no chapter is public yet."""
    any_section = SheetSection.objects.filter(sheet=OuterRef("pk"))
    return confirmed_sheets(actor).filter(Exists(any_section), ~Exists(any_section.filter(published_at__isnull=False)))


def sections_of(sheet: Sheet) -> list[SheetSection]:
    """The chapters of one sheet in the order of the form."""
    order = {key: position for position, key in enumerate(SectionKey.values)}
    return sorted(sheet.sections.all(), key=lambda section: order[section.key])


def current_sheet(region_code: str, fiscal_year: int) -> Sheet | None:
    """The sheet that a new confirmation for the same region and year would replace."""
    return Sheet.objects.filter(region_id=region_code, fiscal_year=fiscal_year, state=SheetState.CURRENT).first()


def sheet_years(actor: Actor, region_codes: Iterable[str]) -> dict[str, list[SheetYear]]:
    """region code → its sheets, newest year first, with the chapters this actor may read. One query.

    A visitor gets published chapters only; a region or a year without any is simply not there.
    """
    order = {key: position for position, key in enumerate(SectionKey.values)}
    rows = visible_sections(actor).filter(sheet__region_id__in=list(region_codes)).select_related("sheet")
    grouped: dict[str, dict[UUID, SheetYear]] = {}
    for section in sorted(rows, key=lambda row: (-row.sheet.fiscal_year, order[row.key])):
        sheet = section.sheet
        years = grouped.setdefault(sheet.region_id, {})
        year = years.setdefault(sheet.pk, SheetYear(sheet.pk, sheet.region_id, sheet.fiscal_year, sheet.layout, {}))
        key = SectionKey(section.key)
        year.chapters[key.value] = Chapter(
            key,
            str(key.label),
            section.content,
            {path: place for path, _, place in section.passages},
            sheet.pk,
            section.pk,
            sheet.fiscal_year,
            section.published_at is not None,
            section.published_at,
            section.published_by_name,
        )
    return {code: list(years.values()) for code, years in grouped.items()}


def regions_with_public_sheets() -> dict[str, int]:
    """region code → newest fiscal year with a public chapter, for lists and maps. One query."""
    rows = (
        SheetSection.objects.filter(sheet__state=SheetState.CURRENT, published_at__isnull=False)
        .values_list("sheet__region_id", "sheet__fiscal_year")
        .distinct()
    )
    newest: dict[str, int] = {}
    for code, year in rows:
        newest[code] = max(year, newest.get(code, 0))
    return newest
