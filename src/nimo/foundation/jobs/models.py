"""Work that takes longer than a page: what was asked, by whom, how it ended; and, beside it, how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.jobs.choices import FINAL_STATES, JobState


class Job(models.Model):
    """One piece of work. The row is the truth; the queue entry of django-tasks is only the call to begin.

    `attempts` counts the workers that took the job: a worker may end the job only under the number it was given.
    `losses` counts those of them that died over it.
    Parameters and result hold no personal data.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("処理", max_length=80)
    title = models.CharField("件名", max_length=200)
    parameters = models.JSONField("条件", default=dict)
    state = models.CharField("状態", max_length=12, choices=JobState.choices, default=JobState.WAITING)
    requested_by = models.ForeignKey(
        User, verbose_name="依頼した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_by_name = models.CharField("依頼した人の氏名（依頼時）", max_length=120)
    organisation = models.ForeignKey(
        Organisation, verbose_name="組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region_code = models.CharField("地域コード", max_length=12, blank=True)
    queue_id = models.UUIDField("待ち行列の番号", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("試みた回数", default=0)
    losses = models.PositiveSmallIntegerField("途中で止まった回数", default=0)
    requested_at = models.DateTimeField("依頼日時")
    started_at = models.DateTimeField("開始日時", null=True, blank=True)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    result = models.JSONField("結果", null=True, blank=True)
    error = models.TextField("できなかった理由", blank=True)

    class Meta:
        verbose_name = "時間のかかる処理"
        constraints = [
            models.CheckConstraint(
                name="jobs_job_finished_when_final",
                condition=Q(state__in=sorted(FINAL_STATES), finished_at__isnull=False)
                | (~Q(state__in=sorted(FINAL_STATES)) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="jobs_job_failure_has_a_reason", condition=~Q(state=JobState.FAILED) | ~Q(error="")
            ),
        ]
        indexes = [
            models.Index(fields=["requested_by", "-requested_at"], name="jobs_job_requester"),
            models.Index(fields=["organisation", "-requested_at"], name="jobs_job_organisation"),
            models.Index(fields=["state", "requested_at"], name="jobs_job_state"),
        ]

    def __str__(self) -> str:
        return self.title


class JobProgress(models.Model):
    """How far a running job is. Lives in the `side` database (config.router): shown while the main one is busy."""

    job_id = models.UUIDField(primary_key=True, editable=False)
    attempt = models.PositiveSmallIntegerField("試み", default=0)
    done = models.PositiveIntegerField("済んだ数", default=0)
    total = models.PositiveIntegerField("全体の数", null=True, blank=True)
    text = models.CharField("いまの作業", max_length=200, blank=True)
    updated_at = models.DateTimeField("更新日時", null=True, blank=True)
    cancel_requested = models.BooleanField("中止の依頼", default=False)

    class Meta:
        verbose_name = "処理の進み具合"

    def __str__(self) -> str:
        return f"{self.job_id} {self.done}/{self.total}"
