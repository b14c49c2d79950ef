"""The door of writing: the content of a sheet to a file in its form. No database, no clock, no network."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.layouts.files import FOLDER, form_of
from nimo.community.sheets.formats.layouts.wording import has_controls
from nimo.community.sheets.formats.source import Finding
from nimo.community.sheets.formats.writing import letters
from nimo.community.sheets.formats.writing.compose import compose
from nimo.community.sheets.formats.writing.paper import write_paper
from nimo.community.sheets.formats.writing.slides import write_slides
from nimo.community.sheets.formats.writing.workbook import write_workbook
from nimo.core.fiscal import FiscalYear

CONTENT_TYPES: dict[ExportFormat, str] = {
    ExportFormat.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.PDF: "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Written:
    """findings: what the person who sends the file should know (Japanese)."""

    content: bytes
    file_name: str
    content_type: str
    findings: tuple[Finding, ...] = ()


def write_sheet(
    content: Mapping[str, Any],
    file_format: ExportFormat,
    *,
    at: datetime,
    only: Collection[str] | None = None,
    origins: Mapping[str, str] | None = None,
    mark: str = "",
    remarks: Sequence[str] = (),
    layouts: Path = FOLDER,
) -> Written:
    """A file of one sheet (docs/guide/sheet-json.md). The same arguments give the same bytes.

    at: the moment that stands in the file's properties (UTC). only: the chapters (SectionKey) that may be shown.
    origins: {path: where a figure comes from}, comments in Excel. Raises UnableToTypeset (PDF).
    """
    of_prefecture = not content.get("municipality")
    form = form_of(content.get("layout"), content.get("fiscal_year"), of_prefecture=of_prefecture, folder=layouts)
    pages = compose(content, form, only=only, origins=origins, mark=mark, remarks=remarks)
    missing = ""
    if file_format == ExportFormat.PDF:
        printed = write_paper(pages, {**content, "layout": form.code}, only)
        data, missing = printed.pdf, printed.missing
    elif file_format == ExportFormat.XLSX:
        data = write_workbook(pages, at)
    else:
        data = write_slides(pages, at)
    stripped = any(has_controls(text) for text in _texts(content))
    told = letters.findings(pages.texts, missing=missing, stripped=stripped)
    return Written(data, file_name(content, file_format), CONTENT_TYPES[file_format], told)


def file_name(content: Mapping[str, Any], file_format: ExportFormat) -> str:
    """群馬県太田市_自治体情報シート_令和6年度.pptx."""
    body = "".join(str(content.get(key) or "") for key in ("prefecture", "municipality"))
    year = content.get("fiscal_year")
    parts = [body, "自治体情報シート", FiscalYear(year).label if year is not None else ""]
    return "_".join(part for part in parts if part).replace("/", "／") + f".{file_format.value}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
