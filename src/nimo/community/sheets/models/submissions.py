"""What was submitted, frozen, and what was corrected afterwards beside it."""

from __future__ import annotations

from django.db import models

from nimo.community.sheets.choices import ExportFormat, SubmissionState
from nimo.community.sheets.models.documents import SheetDocument
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import User
from nimo.foundation.files.models import StoredFile


class SheetSubmission(models.Model):
    """A submitted sheet, frozen: everything the exports need stands in this row and in the packaged layout.

    content, origins: as on the day. unchanged: paths marked 前年度と同じ that day. digest: SHA-256 over all of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(
        SheetDocument, verbose_name="シート", on_delete=models.PROTECT, related_name="submissions"
    )
    edition = models.PositiveSmallIntegerField("第何回の提出")
    region_name = models.CharField("地域名（提出時）", max_length=80)
    prefecture_name = models.CharField("都道府県名（提出時）", max_length=80, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    layout = models.CharField("様式", max_length=40)
    content = models.JSONField("内容")
    origins = models.JSONField("出どころ", default=dict)
    unchanged = models.JSONField("前年度と同じ欄", default=list)
    digest = models.CharField("内容のハッシュ", max_length=64)
    decided_on = models.DateField("決裁日")
    document_number = models.CharField("文書番号", max_length=80)
    late = models.BooleanField("期限のあと", default=False)
    state = models.CharField("状態", max_length=12, choices=SubmissionState.choices, default=SubmissionState.WAITING)
    submitted_at = models.DateTimeField("提出日時")
    submitted_by = models.ForeignKey(
        User, verbose_name="提出した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by_name = models.CharField("提出した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "提出したシート"
        constraints = [models.UniqueConstraint(fields=["document", "edition"], name="sheets_submission_edition_once")]

    def __str__(self) -> str:
        return f"{self.region_name} {self.fiscal_year} 第{self.edition}回"


class SubmissionFile(models.Model):
    """A submitted sheet as a file in its form: made once and kept, so that it is the same for ever.

    findings: what the person who passes it on should know (Japanese).
    """

    submission = models.ForeignKey(
        SheetSubmission, verbose_name="提出したシート", on_delete=models.PROTECT, related_name="files"
    )
    file_format = models.CharField("形式", max_length=8, choices=ExportFormat.choices)
    file = models.ForeignKey(StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+")
    findings = models.JSONField("知らせ", default=list)
    made_at = models.DateTimeField("作った日時")

    class Meta:
        verbose_name = "提出したファイル"
        constraints = [
            models.UniqueConstraint(fields=["submission", "file_format"], name="sheets_submissionfile_once"),
        ]

    def __str__(self) -> str:
        return self.get_file_format_display()


class SheetCorrection(models.Model):
    """A correction after the submission. The submitted sheet stays as it is; this is shown beside it."""

    submission = models.ForeignKey(
        SheetSubmission, verbose_name="提出したシート", on_delete=models.PROTECT, related_name="corrections"
    )
    path = models.CharField("欄", max_length=120)
    label = models.CharField("欄の名前", max_length=200)
    before = models.TextField("提出したときの記載", blank=True)
    after = models.TextField("正しい記載")
    reason = models.CharField("理由", max_length=300)
    at = models.DateTimeField("日時")
    by_name = models.CharField("記した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "提出後の訂正"
        indexes = [models.Index(fields=["submission", "at"], name="sheets_correction_submission")]

    def __str__(self) -> str:
        return self.label
