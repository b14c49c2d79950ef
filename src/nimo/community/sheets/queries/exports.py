"""What goes into the files of a sheet, and what of it everyone may have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django.urls import reverse

from nimo.community.indicators.choices import ValueState
from nimo.community.indicators.models import Observation
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.sheets.choices import ExportFormat, SectionKey, SheetState
from nimo.community.sheets.formats.layouts.wording import printed_as_of, said_figure
from nimo.community.sheets.formats.writing.export import Written, write_sheet
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.rules.edits import YES_NO
from nimo.community.sheets.rules.fields import BASIC_LABELS
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.models import Region
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

PUBLISHED_ONLY = "公開している章だけを載せています。人数の少ない値は、個人が分からないように表示しません。"


def origin_words(origins: Mapping[str, Any]) -> dict[str, str]:
    """{path: where it comes from}, as the comment on a cell in Excel."""
    return {path: str(one.get("text") or "") for path, one in origins.items() if one.get("text")}


def submission_remarks(submission: SheetSubmission) -> tuple[str, ...]:
    return (
        f"第{submission.edition}回の提出　決裁日 {to_wareki(submission.decided_on)}　文書番号 {submission.document_number}",
        f"内容のハッシュ {submission.digest}",
    )


def file_table(submission: SheetSubmission) -> Table:
    """The files of a submitted sheet, each to be received; what is not made yet is said."""
    kept = {one.file_format: one for one in submission.files.select_related("file")}
    rows: list[Row] = []
    for file_format in ExportFormat:
        one = kept.get(file_format.value)
        rows.append(
            {
                "format": Cell(
                    str(file_format.label), href=reverse("files:file_download", args=[one.file_id]) if one else None
                ),
                "name": one.file.name if one else "まだできていません",
                "note": Cell("\n".join(one.findings)) if one and one.findings else None,
            }
        )
    return Table(
        id="files",
        caption="提出したファイル",
        columns=[Column("format", "形式", is_row_header=True), Column("name", "ファイル名"), Column("note", "知らせ")],
        rows=rows,
        note="提出したときの内容から一度だけ作り、保管しています。いつ受け取っても、同じファイルです。",
        empty=EmptyState("ファイルがありません", "提出すると作られます。"),
    )


def has_all_files(submission: SheetSubmission) -> bool:
    return submission.files.count() == len(ExportFormat)


# -- for everyone --------------------------------------------------------------------------------------------------------


def public_file(actor: Actor, region: Region, fiscal_year: int, file_format: ExportFormat) -> Written | None:
    """The published chapters of a region's sheet, the same for every reader; None where there are none.

    Figures stand in the form the disclosure gate gives them to a visitor, whoever asks. Raises UnableToTypeset.
    """
    sheet = Sheet.objects.filter(region=region, fiscal_year=fiscal_year, state=SheetState.CURRENT).first()
    if sheet is None:
        return None
    sections = list(SheetSection.objects.filter(sheet=sheet, published_at__isnull=False))
    if not sections:
        return None
    content: dict[str, Any] = {section.key: section.content for section in sections}
    if SectionKey.BASIC_INFO.value in content:
        content[SectionKey.BASIC_INFO.value] = _public_figures(actor, sheet)
    prefecture = region.prefecture
    content |= {
        "prefecture": prefecture.name if prefecture else region.name,
        "municipality": region.name if prefecture else None,
        "fiscal_year": fiscal_year,
        "layout": sheet.layout,
    }
    newest = max(section.published_at for section in sections if section.published_at)
    return write_sheet(
        content,
        file_format,
        at=datetime.combine(newest.date(), time(), tzinfo=UTC),
        only={section.key for section in sections},
        remarks=(PUBLISHED_ONLY,),
    )


def _public_figures(actor: Actor, sheet: Sheet) -> dict[str, Any]:
    """The block from the figures that are public, never from the chapter's own text."""
    if sheet.source_id is None:
        return {"present": False, "items": []}
    rows = Observation.objects.filter(
        source_id=sheet.source_id, region_id=sheet.region_id, indicator_id__in=list(BASIC_LABELS)
    )
    found: dict[str, list[Seen]] = {}
    for one in read(actor, rows, as_public=True):
        found.setdefault(one.indicator, []).append(one)
    items = [_item(key, sorted(found[key], key=lambda one: one.id)) for key in BASIC_LABELS if key in found]
    return {"present": bool(items), "items": items}


def _item(key: str, seen: list[Seen]) -> dict[str, Any]:
    """One figure; several counts of one field stand in one cell, as in the form. A hidden one has words, no value."""
    text = " ".join((one.dimension.partition("=")[2] if len(seen) > 1 else "") + one.cell_text for one in seen)
    if key == YES_NO:
        text = {"あり": "有", "なし": "無"}.get(text, text)
    hidden = {"key": key, "as_of": seen[0].as_of or None, "value": None, "unit": None, "raw": text}
    if any(one.state != ValueState.VALUE for one in seen):
        return hidden
    return said_figure(key, printed_as_of(seen[0].as_of), text, "") or hidden
