"""What was answered. An answer of an anonymous round knows neither who gave it nor when."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import User
from nimo.foundation.questionnaires.choices import Channel
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.questionnaires.models.rounds import Invitation, Round


class AnswerDraft(models.Model):
    """What was typed so far, as it was typed; thrown away when the answer is given."""

    invitation = models.OneToOneField(
        Invitation, verbose_name="依頼", on_delete=models.CASCADE, related_name="draft", primary_key=True
    )
    content = models.JSONField("書きかけの答え", default=dict)
    channel = models.CharField("答え方", max_length=16, choices=Channel.choices)
    saved_at = models.DateTimeField("保存日時")

    class Meta:
        verbose_name = "書きかけの回答"

    def __str__(self) -> str:
        return f"{self.invitation_id}"


class Answer(models.Model):
    """One answer, or the empty place for one.

    The places of an anonymous round are made with its invitations and filled in random order, so that neither key nor
    the order of the rows tells who answered when: the key is random (UUIDv4), and there is no time.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, verbose_name="アンケートの回", on_delete=models.PROTECT, related_name="answers")
    form_version = models.ForeignKey(FormVersion, verbose_name="様式の版", on_delete=models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        Invitation, verbose_name="依頼", null=True, blank=True, on_delete=models.PROTECT, related_name="answer"
    )
    filled = models.BooleanField("回答あり", default=False)
    content = models.JSONField("答え", default=dict)
    audience = models.CharField("組織の区分", max_length=32, choices=OrganisationKind.choices, blank=True)
    channel = models.CharField("答え方", max_length=16, choices=Channel.choices, blank=True)
    entered_by = models.ForeignKey(
        User, verbose_name="入力した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("回答日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "回答"
        constraints = [
            models.CheckConstraint(
                name="questionnaires_answer_unlinked",
                condition=Q(invitation__isnull=False)
                | Q(submitted_at__isnull=True, entered_by__isnull=True, channel=""),
            ),
        ]
        indexes = [models.Index(fields=["round", "filled"], name="questionnaires_answer_round")]

    def __str__(self) -> str:
        return f"{self.id}"
