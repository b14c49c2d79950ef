"""One year's sheet of a region as everyone may read it: every chapter this reader may see, in the order of the form."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from nimo.community.indicators.queries.figures import region_figures
from nimo.community.sheets.choices import ExportFormat, SectionKey
from nimo.community.sheets.formats.writing.export import Written
from nimo.community.sheets.queries.exports import public_file
from nimo.community.sheets.queries.screens import LAYOUTS, day
from nimo.community.sheets.queries.sheets import sheet_years
from nimo.community.sheets.rules.fields import BASIC_LABELS
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions.models import Region
from nimo.foundation.ui.components.tables import Table
from nimo.surfaces.portal.queries.chapters import ChapterView, chapter_view
from nimo.surfaces.portal.queries.region import sheet_figure_table


@dataclass(frozen=True, slots=True)
class SheetPage:
    region: Region
    year_label: str
    layout_label: str
    chapters: list[ChapterView]
    figures: Table | None
    published: str
    sheet_href: str
    files: list[tuple[str, str]]
    """(words, address) of the published chapters as files; empty where nothing is public."""


def sheet_page(actor: Actor, region: Region, fiscal_year: int) -> SheetPage | None:
    """None where this reader may see no chapter of that year."""
    years = sheet_years(actor, [region.code]).get(region.code, [])
    year = next((one for one in years if one.fiscal_year == fiscal_year), None)
    if year is None:
        return None
    figures = None
    if SectionKey.BASIC_INFO.value in year.chapters:
        figures = sheet_figure_table(
            region_figures(actor, region.code, indicator_codes=list(BASIC_LABELS)), region.code
        )
    dates = [chapter.published_at for chapter in year.chapters.values() if chapter.published_at]
    return SheetPage(
        region=region,
        year_label=FiscalYear(fiscal_year).label,
        layout_label=LAYOUTS.get(year.layout, ""),
        chapters=[
            chapter_view(chapter, region.code)
            for key, chapter in year.chapters.items()
            if key != SectionKey.BASIC_INFO.value
        ],
        figures=figures,
        published=day(max(dates)) if dates else "",
        sheet_href=f"/sheets/{year.sheet_id}/" if actor.may(Permission.VIEW_SHEET, region_code=region.code) else "",
        files=[
            (
                f"{one.label}",
                reverse("portal:region_sheet_file", args=[region.code, fiscal_year, one.value]),
            )
            for one in (ExportFormat if dates else ())
        ],
    )


def sheet_file(actor: Actor, region: Region, fiscal_year: int, file_format: str) -> Written | None:
    """The published chapters as a file; None for a format there is not, or where nothing is public."""
    if file_format not in ExportFormat.values:
        return None
    return public_file(actor, region, fiscal_year, ExportFormat(file_format))
