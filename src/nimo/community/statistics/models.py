"""Files of statistics between their arrival and their recording, every figure with its cell, and remembered mappings.

What stood in the cell (`raw`, `value` …) is never changed; a person's correction stands beside it. What is recorded
lives in `indicators`; an import knows its sources, so that it can be taken back.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.indicators.models import ExactNumberField, Source
from nimo.community.statistics.choices import Decision, ImportState, LayoutKind, Severity
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region


class ColumnMapping(models.Model):
    """How an organisation reads one kind of table: one version. The newest that is not retired is used.

    fingerprint: of the headings (formats.layouts.mapped.fingerprint_of); the table is recognised again by it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name="組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("表の名前", max_length=120)
    fingerprint = models.CharField("見出しの指紋", max_length=64)
    version = models.PositiveIntegerField("版")
    headers = models.JSONField("見出し")
    content = models.JSONField("列の意味")
    saved_by_name = models.CharField("決めた人の氏名（当時）", max_length=120)
    saved_at = models.DateTimeField("決めた日時")
    retired_at = models.DateTimeField("使うのをやめた日時", null=True, blank=True)
    retired_by_name = models.CharField("使うのをやめた人の氏名（当時）", max_length=120, blank=True)

    class Meta:
        verbose_name = "列の対応づけ"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint", "version"],
                name="statistics_mapping_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第{self.version}版"


class StatisticsImport(models.Model):
    """One file, or one block pasted from Excel. options: what the person said with it (reading.Options)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(StoredFile, verbose_name="元のファイル", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="取り込んだ組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region_code = models.CharField("取り込んだ組織の地域", max_length=12, blank=True)
    taken_by = models.ForeignKey(
        User, verbose_name="取り込んだ人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_by_name = models.CharField("取り込んだ人の氏名（当時）", max_length=120)
    taken_at = models.DateTimeField("取り込み日時")
    in_charge = models.ForeignKey(
        User, verbose_name="いまの担当者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    job_id = models.UUIDField("処理", null=True, blank=True)
    state = models.CharField("状態", max_length=12, choices=ImportState.choices, default=ImportState.READING)
    version = models.PositiveIntegerField("版", default=1)
    asked_layout = models.CharField("選んだ読み方", max_length=16, choices=LayoutKind.choices, default=LayoutKind.AUTO)
    layout = models.CharField("読み方", max_length=16, choices=LayoutKind.choices, blank=True)
    options = models.JSONField("指定", default=dict)
    mapping = models.ForeignKey(
        ColumnMapping, verbose_name="列の対応づけ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tables = models.JSONField("表", default=list)
    region_choices = models.JSONField("人が選んだ地域", default=dict)
    """Name or code as written → region code, or "" for: do not record these rows."""
    unchecked = models.JSONField("確かめ直していない変更", default=dict, blank=True)
    """After corrections in a large import, until a job has looked at all figures again: {"positions": […], "texts": […]},
    the cells a person corrected and the places (as written) he chose a region for. {} when every finding is of today."""
    failure = models.TextField("読めなかった理由", blank=True)
    doubts = models.JSONField("ファイル全体についての気づき", default=list)
    blocks = models.JSONField("記録の前に決めること", default=list)
    left = models.JSONField("取り込まないところ", default=list)
    beyond_reach = models.PositiveIntegerField("担当の地域の外の値", default=0)
    recorded_by_name = models.CharField("記録した人の氏名（当時）", max_length=120, blank=True)
    recorded_at = models.DateTimeField("記録日時", null=True, blank=True)
    recorded_count = models.PositiveIntegerField("記録した値", default=0)

    class Meta:
        verbose_name = "統計の取り込み"
        constraints = [
            models.CheckConstraint(
                name="statistics_import_failure_has_a_reason", condition=~Q(state=ImportState.FAILED) | ~Q(failure="")
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-taken_at"], name="statistics_import_organisation")]

    def __str__(self) -> str:
        return self.file.name


class ImportedSource(models.Model):
    """A source that an import recorded: what `withdraw_source` takes back."""

    import_of = models.ForeignKey(
        StatisticsImport, verbose_name="取り込み", on_delete=models.PROTECT, related_name="sources"
    )
    source = models.ForeignKey(Source, verbose_name="資料", on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField("取り消し済み", default=False)

    class Meta:
        verbose_name = "取り込みで記録した資料"
        constraints = [
            models.UniqueConstraint(fields=["import_of", "source"], name="statistics_imported_source_once"),
        ]

    def __str__(self) -> str:
        return str(self.source_id)


class ReadCell(models.Model):
    """One figure as it stands in its cell, with what is doubtful about it and what a person said.

    column_index from 0, row_number from 1; `address` "E5". region is None where nobody knows it yet. decision: about
    the findings. corrected: the text a person typed instead of `raw`; the figures beside it follow from it.
    """

    import_of = models.ForeignKey(
        StatisticsImport, verbose_name="取り込み", on_delete=models.PROTECT, related_name="cells"
    )
    position = models.PositiveIntegerField("順番")
    table = models.CharField("表", max_length=160)
    sheet = models.CharField("シート", max_length=120, blank=True)
    row_number = models.PositiveIntegerField("行")
    column_index = models.PositiveIntegerField("列")
    address = models.CharField("セル", max_length=12)
    heading = models.CharField("見出し", max_length=200, blank=True)
    indicator = models.CharField("指標", max_length=120)
    region = models.ForeignKey(
        Region, verbose_name="地域", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region_text = models.CharField("地域の記載", max_length=120, blank=True)
    as_of = models.CharField("時点", max_length=10, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    basis = models.CharField("基準", max_length=24)
    coverage = models.CharField("対象の範囲", max_length=80, blank=True)
    dimension = models.CharField("内訳・条件", max_length=120, blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    axes = models.JSONField("内訳の軸", default=dict)
    raw = models.TextField("セルの記載", blank=True)
    state = models.CharField("値の有無", max_length=24)
    value = ExactNumberField("値")
    numerator = ExactNumberField("分子")
    denominator = ExactNumberField("分母")
    qualifier = models.CharField("値の留保", max_length=20, blank=True)
    counter = models.CharField("数に付いた言葉", max_length=20, blank=True)
    problem = models.CharField("値が確かでない理由", max_length=12, blank=True)
    note = models.CharField("注意", max_length=300, blank=True)
    findings = models.JSONField("気づき", default=list)
    severity = models.CharField("重さ", max_length=8, choices=Severity.choices, blank=True)
    decision = models.CharField("判断", max_length=12, choices=Decision.choices, default=Decision.PENDING)
    corrected = models.CharField("直した記載", max_length=120, blank=True)
    decided_by_name = models.CharField("判断した人の氏名（当時）", max_length=120, blank=True)
    decided_at = models.DateTimeField("判断した日時", null=True, blank=True)

    class Meta:
        verbose_name = "読み取ったセル"
        constraints = [
            models.UniqueConstraint(fields=["import_of", "position"], name="statistics_cell_position_once"),
        ]
        indexes = [models.Index(fields=["import_of", "severity", "position"], name="statistics_cell_severity")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.address}"
