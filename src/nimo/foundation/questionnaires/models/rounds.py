"""Who is asked, until when: a round hands out one published version; an invitation asks one recipient."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nimo.core.ids import new_id
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.questionnaires.choices import (
    AnswerRule,
    Identity,
    RecipientKind,
    RespondentUnit,
    RoundState,
)
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.regions.models import Region


class Round(models.Model):
    """One distribution. What respondents were promised (identity, link, small numbers) is fixed once it is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form_version = models.ForeignKey(
        FormVersion, verbose_name="様式の版", on_delete=models.PROTECT, related_name="rounds"
    )
    organisation = models.ForeignKey(Organisation, verbose_name="組織", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("回の名前", max_length=120)
    message = models.TextField("回答する人への案内", blank=True, max_length=2000)
    contact = models.CharField("問い合わせ先", max_length=200, blank=True)
    opens_on = models.DateField("受付の始まり")
    due_on = models.DateField("回答の期限")
    identity = models.CharField("記名・無記名", max_length=16, choices=Identity.choices)
    unit = models.CharField("答える単位", max_length=16, choices=RespondentUnit.choices)
    answer_rule = models.CharField("回答の直し", max_length=16, choices=AnswerRule.choices)
    link_allowed = models.BooleanField("ログインしないリンクでの回答を認める", default=False)
    small_numbers = models.BooleanField("少ない人数の集計も事務局が見る", default=False)
    state = models.CharField("状態", max_length=16, choices=RoundState.choices, default=RoundState.PLANNED)
    opened_at = models.DateTimeField("受付を始めた日時", null=True, blank=True)
    closed_at = models.DateTimeField("締め切った日時", null=True, blank=True)
    last_reminded_on = models.DateField("最後に催促した日", null=True, blank=True)
    created_at = models.DateTimeField("登録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "アンケートの回"
        constraints = [
            models.CheckConstraint(name="questionnaires_round_dates", condition=Q(due_on__gte=F("opens_on"))),
            models.CheckConstraint(
                name="questionnaires_round_anonymous_once",
                condition=Q(identity=Identity.NAMED) | Q(answer_rule=AnswerRule.ONCE),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "due_on"], name="questionnaires_round_owner"),
            models.Index(fields=["state", "due_on"], name="questionnaires_round_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_anonymous(self) -> bool:
        return self.identity == Identity.ANONYMOUS


class Invitation(models.Model):
    """One recipient of a round. `answered` carries no time: in an anonymous round nothing leads to the answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(
        Round, verbose_name="アンケートの回", on_delete=models.PROTECT, related_name="invitations"
    )
    recipient_kind = models.CharField("あて先の種類", max_length=16, choices=RecipientKind.choices)
    organisation = models.ForeignKey(
        Organisation, verbose_name="組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        User, verbose_name="利用者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    label = models.CharField("あて名", max_length=120)
    audience = models.CharField("組織の区分", max_length=32, choices=OrganisationKind.choices, blank=True)
    serial = models.PositiveIntegerField("リンクの番号", default=1)
    code_hash = models.CharField("リンクのコード（ハッシュ）", max_length=64, unique=True, null=True, blank=True)
    answered = models.BooleanField("回答済み", default=False)
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "アンケートの依頼"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation"],
                condition=Q(recipient_kind=RecipientKind.ORGANISATION, cancelled_at__isnull=True),
                name="questionnaires_invitation_org",
            ),
            models.UniqueConstraint(
                fields=["round", "user"],
                condition=Q(recipient_kind=RecipientKind.USER, cancelled_at__isnull=True),
                name="questionnaires_invitation_user",
            ),
            models.CheckConstraint(
                name="questionnaires_invitation_whom",
                condition=Q(recipient_kind=RecipientKind.ORGANISATION, organisation__isnull=False, user__isnull=True)
                | Q(recipient_kind=RecipientKind.USER, user__isnull=False)
                | Q(recipient_kind=RecipientKind.LABEL, user__isnull=True, organisation__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="questionnaires_invited_user"),
            models.Index(fields=["organisation"], name="questionnaires_invited_org"),
        ]

    def __str__(self) -> str:
        return f"{self.id}"
