"""What an Excel form is filled with before it goes out."""

from __future__ import annotations

from datetime import datetime

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.queries.documents import form_to_fill
from nimo.community.sheets.rules.fields import Content, list_paths, with_row
from nimo.foundation.regions.models import Region

SPARE_ROWS = 5
"""Empty rows at the end of every list, for what is new this year; those nobody fills in are not read."""


def _with_spare_rows(content: Content, layout: str) -> Content:
    for section in sections_of(layout):
        for path in list_paths(section):
            for _ in range(SPARE_ROWS):
                content = with_row(content, path)
    return content


def blank_form(region: Region, fiscal_year: int, now: datetime) -> bytes:
    """The form of a body as a workbook: last year's sentences, this year's headings, rows to spare."""
    content = form_to_fill(region, fiscal_year)
    return write_sheet(_with_spare_rows(content, content["layout"]), ExportFormat.XLSX, at=now).content
