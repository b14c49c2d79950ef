"""Answers to an assembly: what was asked, what was answered, and the figures as they were known then."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.reports.choices import AnswerState
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region


class AnswerSheet(models.Model):
    """One sheet of paper for one answer. `version` is the number of its newest AnswerVersion.

    public_only: made of public figures only, so that it may be handed out. pdf: the paper as confirmed, byte for byte.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, verbose_name="組織", on_delete=models.PROTECT, related_name="+")
    organisation_name = models.CharField("組織の名称（作成時）", max_length=120)
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    region_name = models.CharField("地域の名称（作成時）", max_length=80)
    indicators = models.JSONField("指標のコード")
    public_only = models.BooleanField("公表用", default=False)
    state = models.CharField("状態", max_length=12, choices=AnswerState.choices, default=AnswerState.DRAFT)
    version = models.PositiveIntegerField("版", default=1)
    begun_by = models.ForeignKey(
        User, verbose_name="作った人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    begun_by_name = models.CharField("作った人の氏名（当時）", max_length=120)
    begun_at = models.DateTimeField("作った日時")
    confirmed_by_name = models.CharField("確定した人の氏名（当時）", max_length=120, blank=True)
    confirmed_at = models.DateTimeField("確定日時", null=True, blank=True)
    pdf = models.ForeignKey(
        StoredFile, verbose_name="確定した紙", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    drop_reason = models.CharField("取りやめた理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "答弁用の1枚"
        constraints = [
            models.CheckConstraint(
                name="reports_answer_confirmed_with_its_paper",
                condition=(
                    Q(state=AnswerState.CONFIRMED, pdf__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by_name="")
                )
                | (~Q(state=AnswerState.CONFIRMED) & Q(pdf__isnull=True, confirmed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="reports_answer_dropped_with_a_reason",
                condition=~Q(state=AnswerState.DROPPED) | ~Q(drop_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-begun_at"], name="reports_answer_organisation"),
            models.Index(fields=["organisation", "region", "state"], name="reports_answer_region"),
        ]

    def __str__(self) -> str:
        return f"{self.region_name} {self.organisation_name}"


class AnswerVersion(models.Model):
    """The words and the figures as saved at one time. Never changed: saving again makes the next one.

    snapshot: rules.snapshot.Snapshot as JSON.
    """

    sheet = models.ForeignKey(
        AnswerSheet, verbose_name="答弁用の1枚", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField("版")
    title = models.CharField("件名", max_length=80)
    meeting_name = models.CharField("会議の名称", max_length=80, blank=True)
    asked_on = models.DateField("質問の日", null=True, blank=True)
    answerer_post = models.CharField("答弁する職", max_length=80, blank=True)
    question = models.TextField("質問", blank=True)
    answer = models.TextField("答弁", blank=True)
    snapshot = models.JSONField("答えたときの数値")
    saved_at = models.DateTimeField("保存日時")
    saved_by_name = models.CharField("保存した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "答弁用の1枚の版"
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="reports_version_once")]

    def __str__(self) -> str:
        return f"{self.title} 第{self.number}版"
