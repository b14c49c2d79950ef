"""How far the sheets of many regions are, for those who collect them: states, and what was handed in, no drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nimo.community.sheets.choices import DocumentState, SheetState
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.rules.fields import is_empty


@dataclass(frozen=True, slots=True)
class RegionStanding:
    """document_id, state: of the document of the year that was not withdrawn. edition: the last submitted one, 0 none.

    missing: labels of the chapters without a word in the last submission, else in the confirmed sheet.
    """

    document_id: UUID | None = None
    state: DocumentState | None = None
    submission_id: UUID | None = None
    edition: int = 0
    submitted_at: datetime | None = None
    late: bool = False
    sheet_id: UUID | None = None
    missing: tuple[str, ...] = ()


def _missing(content: Mapping[str, Any], layout: str) -> tuple[str, ...]:
    return tuple(key.label for key in sections_of(layout) if is_empty(content, key))


def standings(region_codes: Collection[str], fiscal_year: int) -> dict[str, RegionStanding]:
    """{region: how far}. Four queries whatever the number of regions; a region without anything is left out."""
    documents = {
        one.region_id: one
        for one in SheetDocument.objects.filter(region_id__in=region_codes, fiscal_year=fiscal_year)
        .exclude(state=DocumentState.WITHDRAWN)
        .order_by("created_at", "pk")
    }
    submissions: dict[UUID, SheetSubmission] = {
        one.document_id: one
        for one in SheetSubmission.objects.filter(document__in=[one.pk for one in documents.values()])
        .only("document_id", "edition", "submitted_at", "late", "content", "layout")
        .order_by("edition")
    }
    sheets = {
        one.region_id: one
        for one in Sheet.objects.filter(
            region_id__in=region_codes, fiscal_year=fiscal_year, state=SheetState.CURRENT
        ).order_by("pk")
    }
    chapters: dict[UUID, dict[str, Any]] = defaultdict(dict)
    read = [one.pk for one in sheets.values() if one.submission_id is None]
    for sheet_id, key, content in SheetSection.objects.filter(sheet__in=read).values_list("sheet_id", "key", "content"):
        chapters[sheet_id][key] = content
    found: dict[str, RegionStanding] = {}
    for code in sorted({*documents, *sheets}):
        document, sheet = documents.get(code), sheets.get(code)
        submission = submissions.get(document.pk) if document else None
        missing: tuple[str, ...] = ()
        if submission is not None:
            missing = _missing(submission.content, submission.layout)
        elif sheet is not None and sheet.submission_id is None:
            missing = _missing(chapters[sheet.pk], sheet.layout)
        found[code] = RegionStanding(
            document_id=document.pk if document else None,
            state=DocumentState(document.state) if document else None,
            submission_id=submission.pk if submission else None,
            edition=submission.edition if submission else 0,
            submitted_at=submission.submitted_at if submission else None,
            late=submission.late if submission else False,
            sheet_id=sheet.pk if sheet else None,
            missing=missing,
        )
    return found
