"""設置要綱: versions by effective date, the figures that are checked, and the clauses in words."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nimo.community.councils.choices.bodies import ClauseKind, Participation, QuorumKind, Stated
from nimo.community.councils.models.bodies import Body
from nimo.core.ids import new_id
from nimo.foundation.files.models import StoredFile


class Regulation(models.Model):
    """One version of a body's regulation. What is checked stands in fields; an unstated matter is never a breach."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="regulations")
    title = models.CharField("題名", max_length=200)
    effective_from = models.DateField("施行日")
    effective_to = models.DateField("効力の終わる日", null=True, blank=True)
    """The first day on which it no longer holds."""
    quorum = models.CharField("定足数", max_length=16, choices=QuorumKind.choices, default=QuorumKind.UNSTATED)
    quorum_number = models.PositiveSmallIntegerField("定足数（人）", null=True, blank=True)
    proxies_count = models.CharField(
        "代理の出席を定足数に数える", max_length=16, choices=Stated.choices, default=Stated.UNSTATED
    )
    written = models.CharField("書面での開催", max_length=16, choices=Stated.choices, default=Stated.UNSTATED)
    online = models.CharField("オンラインでの開催", max_length=16, choices=Stated.choices, default=Stated.UNSTATED)
    written_paid = models.CharField(
        "書面での開催に謝金を支払う", max_length=16, choices=Stated.choices, default=Stated.UNSTATED
    )
    term_months = models.PositiveSmallIntegerField("任期（月）", null=True, blank=True)
    member_limit = models.PositiveSmallIntegerField("構成員の上限（人）", null=True, blank=True)
    participation = models.CharField(
        "当事者・家族の参加", max_length=16, choices=Participation.choices, default=Participation.UNSTATED
    )
    file = models.ForeignKey(
        StoredFile, verbose_name="本文のファイル", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("登録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "設置要綱"
        constraints = [
            models.UniqueConstraint(fields=["body", "effective_from"], name="councils_regulation_one_a_day"),
            models.CheckConstraint(
                name="councils_regulation_period_in_order",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
            ),
            models.CheckConstraint(
                name="councils_regulation_quorum_number",
                condition=(Q(quorum=QuorumKind.NUMBER) & Q(quorum_number__isnull=False))
                | (~Q(quorum=QuorumKind.NUMBER) & Q(quorum_number__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RegulationClause(models.Model):
    """One article in its own words."""

    regulation = models.ForeignKey(
        Regulation, verbose_name="設置要綱", on_delete=models.PROTECT, related_name="clauses"
    )
    position = models.PositiveSmallIntegerField("順")
    number = models.CharField("条", max_length=20, blank=True)
    kind = models.CharField("内容", max_length=16, choices=ClauseKind.choices)
    text = models.TextField("本文", max_length=4000)

    class Meta:
        verbose_name = "設置要綱の条"
        constraints = [models.UniqueConstraint(fields=["regulation", "position"], name="councils_clause_order")]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()
