"""A body's year: what was planned, and the look back at its end (協議の場のふりかえり)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.councils.choices.meetings import ReviewDecision
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Meeting
from nimo.core.ids import new_id
from nimo.foundation.questionnaires.models.rounds import Round


class PlannedMeeting(models.Model):
    """A line of the yearly plan. month: 1 to 12. It is done when its meeting was held."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="plan")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("予定の月")
    theme = models.CharField("テーマ", max_length=200)
    goal = models.CharField("年度の目標との関わり", max_length=200, blank=True)
    meeting = models.OneToOneField(
        Meeting, verbose_name="会議", null=True, blank=True, on_delete=models.PROTECT, related_name="planned"
    )
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "年間計画の会議"
        constraints = [
            models.CheckConstraint(name="councils_plan_month", condition=Q(month__gte=1) & Q(month__lte=12)),
        ]
        indexes = [models.Index(fields=["body", "fiscal_year"], name="councils_plan_year")]

    def __str__(self) -> str:
        return self.theme


class YearReview(models.Model):
    """The look back at one year of a body. facts: as they were on the day of the decision (queries.years.YearFacts)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="reviews")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    round = models.ForeignKey(
        Round, verbose_name="構成員アンケート", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    findings = models.TextField("話し合ったこと", blank=True, max_length=4000)
    decision = models.CharField("決めたこと", max_length=16, choices=ReviewDecision.choices, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    next_year = models.CharField("来年度に変えること", max_length=400, blank=True)
    decided_on = models.DateField("決めた日", null=True, blank=True)
    decided_by_name = models.CharField("記録した人の氏名（当時）", max_length=120, blank=True)
    facts = models.JSONField("決めたときの事実", default=dict, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "協議の場のふりかえり"
        constraints = [
            models.UniqueConstraint(fields=["body", "fiscal_year"], name="councils_review_once_a_year"),
            models.CheckConstraint(
                name="councils_review_decided_with_reason",
                condition=Q(decision="", decided_on__isnull=True)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}"
