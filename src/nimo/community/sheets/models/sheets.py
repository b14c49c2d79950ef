"""Confirmed sheets, whose chapters are published one by one.

A confirmed sheet is never edited: it is superseded by another, or undone. It comes from a reading or from a submission.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.indicators.models import Source
from nimo.community.sheets.choices import SectionKey, SheetState
from nimo.community.sheets.models.imports import SheetDraft
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import User
from nimo.foundation.regions.models import Region


class Sheet(models.Model):
    """A confirmed sheet of a region and a fiscal year. At most one is current."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    region_name = models.CharField("地域名（確定時）", max_length=80)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    layout = models.CharField("様式", max_length=24, blank=True)
    draft = models.ForeignKey(
        SheetDraft,
        verbose_name="読み取ったシート",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    submission = models.ForeignKey(
        "SheetSubmission",
        verbose_name="提出したシート",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    state = models.CharField("状態", max_length=12, choices=SheetState.choices, default=SheetState.CURRENT)
    supersedes = models.ForeignKey(
        "self",
        verbose_name="置き換えたシート",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    source = models.ForeignKey(
        Source, verbose_name="数値の出どころ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        User, verbose_name="確定した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by_name = models.CharField("確定した人の氏名（当時）", max_length=120)
    confirmed_at = models.DateTimeField("確定日時")
    undone_by_name = models.CharField("取り消した人の氏名（当時）", max_length=120, blank=True)
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    undo_reason = models.CharField("取り消しの理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "自治体情報シート"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "fiscal_year"],
                condition=Q(state=SheetState.CURRENT),
                name="sheets_sheet_one_current_a_year",
            ),
            models.UniqueConstraint(
                fields=["draft"], condition=~Q(state=SheetState.UNDONE), name="sheets_sheet_confirmed_once"
            ),
            models.UniqueConstraint(
                fields=["submission"], condition=~Q(state=SheetState.UNDONE), name="sheets_sheet_accepted_once"
            ),
            models.CheckConstraint(
                name="sheets_sheet_read_or_written",
                condition=Q(draft__isnull=False, submission__isnull=True)
                | Q(draft__isnull=True, submission__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "-fiscal_year"], name="sheets_sheet_region")]

    def __str__(self) -> str:
        return f"{self.region_name} {self.fiscal_year}"


class SheetSection(models.Model):
    """A chapter of a confirmed sheet, with the fact that a named person published it, or nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.ForeignKey(Sheet, verbose_name="シート", on_delete=models.PROTECT, related_name="sections")
    key = models.CharField("章", max_length=24, choices=SectionKey.choices)
    content = models.JSONField("内容")
    passages = models.JSONField("元の資料の記載", default=list)
    """[[path, text, place], …]. The place is for everyone, the text for those who may see the file: it may hold what
    a person took out before publishing."""
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    published_by = models.ForeignKey(
        User, verbose_name="公開した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by_name = models.CharField("公開した人の氏名（当時）", max_length=120, blank=True)

    class Meta:
        verbose_name = "シートの章"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "key"], name="sheets_section_once"),
            models.CheckConstraint(
                name="sheets_section_published_by_someone",
                condition=Q(published_at__isnull=True) | ~Q(published_by_name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()
