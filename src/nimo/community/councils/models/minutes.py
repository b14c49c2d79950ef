"""Minutes item by item, their approval and corrections, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.councils.choices.meetings import (
    Confidentiality,
    DecisionKind,
    DecisionState,
    MinutesState,
    ReferralState,
)
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AgendaItem, Meeting
from nimo.community.councils.models.posts import Post
from nimo.core.ids import new_id


class Minutes(models.Model):
    """The minutes of a meeting. Once approved their texts never change: corrections stand beside."""

    meeting = models.OneToOneField(
        Meeting, verbose_name="会議", primary_key=True, on_delete=models.PROTECT, related_name="minutes"
    )
    state = models.CharField("状態", max_length=16, choices=MinutesState.choices, default=MinutesState.DRAFT)
    approved_at = models.DateTimeField("確定した日時", null=True, blank=True)
    approved_by_name = models.CharField("確定した人の氏名（当時）", max_length=120, blank=True)
    confirmed_by = models.CharField("内容を確かめた人", max_length=200, blank=True)
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    published_by_name = models.CharField("公開した人の氏名（当時）", max_length=120, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "議事録"
        constraints = [
            models.CheckConstraint(
                name="councils_minutes_published_approved",
                condition=Q(published_at__isnull=True) | Q(state="approved"),
            ),
            models.CheckConstraint(
                name="councils_minutes_approved_when", condition=Q(state="draft") | Q(approved_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class MinuteText(models.Model):
    """What was said on one item, with marked passages (rules.renditions). version: raised by every save."""

    item = models.OneToOneField(
        AgendaItem, verbose_name="議題", primary_key=True, on_delete=models.PROTECT, related_name="minute"
    )
    text = models.TextField("記録", blank=True, max_length=20000)
    edited_at = models.DateTimeField("直した日時")
    edited_by_name = models.CharField("直した人の氏名（当時）", max_length=120)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "議題の記録"

    def __str__(self) -> str:
        return f"{self.item_id}"


class MinuteCorrection(models.Model):
    """A correction of approved minutes, with its trace: the passage as it stands, what is right, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, verbose_name="議題", on_delete=models.PROTECT, related_name="corrections")
    passage = models.CharField("誤った記載", max_length=500)
    correct = models.CharField("正しい記載", max_length=500)
    reason = models.CharField("訂正の理由", max_length=300)
    confidentiality = models.CharField("公開の範囲", max_length=16, choices=Confidentiality.choices)
    at = models.DateTimeField("訂正した日時")
    by_name = models.CharField("訂正した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "議事録の訂正"
        indexes = [models.Index(fields=["item", "at"], name="councils_correction_item")]

    def __str__(self) -> str:
        return self.passage


class Decision(models.Model):
    """What was decided, or a task that was given: to a post or to a body, until when, looked at again when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, verbose_name="議題", on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField("種類", max_length=16, choices=DecisionKind.choices, default=DecisionKind.DECISION)
    text = models.CharField("決めたこと", max_length=400)
    owner_post = models.ForeignKey(
        Post, verbose_name="担当する席（職）", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_body = models.ForeignKey(
        Body, verbose_name="担当する会議体", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField("期限", null=True, blank=True)
    review_on = models.DateField("見直す日", null=True, blank=True)
    confidentiality = models.CharField("公開の範囲", max_length=16, choices=Confidentiality.choices)
    state = models.CharField("状態", max_length=16, choices=DecisionState.choices, default=DecisionState.OPEN)
    closed_on = models.DateField("実行した日・やめた日", null=True, blank=True)
    outcome = models.CharField("結果・理由", max_length=400, blank=True)
    created_at = models.DateTimeField("記録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "決定・宿題"
        constraints = [
            models.CheckConstraint(
                name="councils_decision_one_owner",
                condition=Q(owner_post__isnull=True) | Q(owner_body__isnull=True),
            ),
            models.CheckConstraint(
                name="councils_decision_closed_on_a_day",
                condition=Q(state="open", closed_on__isnull=True) | (~Q(state="open") & Q(closed_on__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="councils_decision_due"),
        ]

    def __str__(self) -> str:
        return self.text


class Referral(models.Model):
    """An item raised to (or handed down to) another body, and what that body answered: the answer is seen where it began."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, verbose_name="議題", on_delete=models.PROTECT, related_name="referrals")
    to_body = models.ForeignKey(Body, verbose_name="上げる先", on_delete=models.PROTECT, related_name="+")
    summary = models.CharField("上げる内容", max_length=400)
    raised_on = models.DateField("上げた日")
    state = models.CharField("返事", max_length=16, choices=ReferralState.choices, default=ReferralState.WAITING)
    answer = models.CharField("返事の内容・理由", max_length=400, blank=True)
    answered_on = models.DateField("返事の日", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "上げた議題"
        constraints = [
            models.UniqueConstraint(fields=["item", "to_body"], name="councils_referral_once"),
            models.CheckConstraint(
                name="councils_referral_answered_on_a_day",
                condition=Q(state="waiting", answered_on__isnull=True)
                | (~Q(state="waiting") & Q(answered_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["to_body", "state"], name="councils_referral_to")]

    def __str__(self) -> str:
        return self.summary
