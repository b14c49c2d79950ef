"""Files that came in, and the sheets found in them, as read and as corrected, waiting for a person's decision.

The reading as it came (`as_read`) is never changed; what a person corrects is in `content`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.sheets.choices import DraftState, UploadState
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region


class SheetUpload(models.Model):
    """One file that came in. `lines`: the file as text, [[line, place, text], …], shown beside what was read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(StoredFile, verbose_name="元のファイル", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="取り込んだ組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region_code = models.CharField("取り込んだ組織の地域", max_length=12, blank=True)
    uploaded_by = models.ForeignKey(
        User, verbose_name="取り込んだ人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by_name = models.CharField("取り込んだ人の氏名（取込時）", max_length=120)
    uploaded_at = models.DateTimeField("取り込み日時")
    in_charge = models.ForeignKey(
        User, verbose_name="いまの担当者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """Whose work it is now: first the uploader, after a hand-over the successor. Who uploaded it does not change."""
    job_id = models.UUIDField("読み取り処理", null=True, blank=True)
    state = models.CharField("状態", max_length=12, choices=UploadState.choices, default=UploadState.READING)
    failure = models.TextField("読めなかった理由", blank=True)
    lines = models.JSONField("読み取った文字", default=list)
    findings = models.JSONField("ファイルについての気づき", default=list)

    class Meta:
        verbose_name = "シートの取り込み"
        constraints = [
            models.CheckConstraint(
                name="sheets_upload_failure_has_a_reason",
                condition=~Q(state=UploadState.FAILED) | ~Q(failure=""),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-uploaded_at"], name="sheets_upload_organisation")]

    def __str__(self) -> str:
        return self.file.name


class SheetDraft(models.Model):
    """One sheet found in an upload, as read and as corrected, waiting for a person's decision."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    upload = models.ForeignKey(SheetUpload, verbose_name="取り込み", on_delete=models.PROTECT, related_name="drafts")
    position = models.PositiveSmallIntegerField("ファイルの中の順番")
    region = models.ForeignKey(
        Region, verbose_name="地域", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    layout = models.CharField("様式", max_length=24, blank=True)
    as_read = models.JSONField("読み取ったまま")
    content = models.JSONField("直したもの")
    version = models.PositiveIntegerField("版", default=1)
    state = models.CharField("状態", max_length=12, choices=DraftState.choices, default=DraftState.REVIEW)
    decided_by_name = models.CharField("決めた人の氏名（当時）", max_length=120, blank=True)
    decided_at = models.DateTimeField("決めた日時", null=True, blank=True)

    class Meta:
        verbose_name = "読み取ったシート"
        constraints = [
            models.UniqueConstraint(fields=["upload", "position"], name="sheets_draft_position_once"),
        ]
        indexes = [models.Index(fields=["state", "region", "fiscal_year"], name="sheets_draft_state")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.fiscal_year}"
