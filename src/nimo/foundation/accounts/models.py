"""Organisations, users, and the memberships that give a user a role for a time."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from nimo.core.ids import new_id
from nimo.foundation.accounts.choices import HandOverState, InvitationKind, OrganisationKind, RoleChoice
from nimo.foundation.regions.models import Region


class Organisation(models.Model):
    """A body that owns rows: a prefecture's head office, a health centre, a hospital, a family association."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("区分", max_length=32, choices=OrganisationKind.choices)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("よみ", max_length=240, blank=True)
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり", null=True, blank=True)
    """The first day on which it no longer exists."""
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "組織"
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "name"], name="accounts_organisation_once"),
        ]
        indexes = [models.Index(fields=["kind", "kana"], name="accounts_org_kind_kana")]

    def __str__(self) -> str:
        return self.name


class OrganisationName(models.Model):
    """A name an organisation bore until `valid_to`; kept so that it is found under it and old papers make sense."""

    organisation = models.ForeignKey(
        Organisation, verbose_name="組織", on_delete=models.PROTECT, related_name="former_names"
    )
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("よみ", max_length=240, blank=True)
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり")
    """The first day on which the name no longer holds."""

    class Meta:
        verbose_name = "組織の以前の名称"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "valid_to"], name="accounts_orgname_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Only what Django's authentication asks for; users are made by accounts.services."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login_name=username)


class User(AbstractBaseUser):
    """A person who signs in. No Django permissions, no superuser: rights come from memberships only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login_name = models.CharField("利用者ID", max_length=64, unique=True)
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("よみ", max_length=160, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    is_active = models.BooleanField("利用できる", default=True)
    session_epoch = models.PositiveIntegerField("ログインの世代", default=0)
    """Part of the session hash: raising it ends every session of the user at once (hand-over, suspension)."""
    created_at = models.DateTimeField("登録日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "利用者"
        indexes = [models.Index(fields=["kana"], name="accounts_user_kana")]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}{self.session_epoch}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held_on(self, day: date) -> MembershipQuerySet:
        """Memberships that give something on this day: begun, not ended, in an organisation that exists."""
        return (
            self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
            .filter(Q(organisation__valid_from__isnull=True) | Q(organisation__valid_from__lte=day))
            .filter(Q(organisation__valid_to__isnull=True) | Q(organisation__valid_to__gt=day))
            .select_related("organisation", "organisation__region")
            .order_by("valid_from", "id")
        )


class Membership(models.Model):
    """A role in an organisation from one day to another. Ended rows stay: old records keep old names."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name="利用者", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, verbose_name="組織", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("役割", max_length=40, choices=RoleChoice.choices)
    valid_from = models.DateField("始まり")
    valid_to = models.DateField("終わり", null=True, blank=True)
    """The first day on which the role no longer holds."""
    end_reason = models.CharField("終わりの理由", max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "所属"
        constraints = [
            models.CheckConstraint(
                name="accounts_membership_period_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="accounts_membership_user")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"


class Invitation(models.Model):
    """A link handed over on paper or by telephone. Only the hash of its code is kept; used once, for a week."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name="利用者", on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField("種類", max_length=16, choices=InvitationKind.choices)
    code_hash = models.CharField("招待コード（ハッシュ）", max_length=64, unique=True)
    created_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使われた日時", null=True, blank=True)
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        verbose_name = "招待"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, cancelled_at__isnull=True),
                name="accounts_invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class CodeCard(models.Model):
    """A printed card of numbered codes. It counts once its owner has typed the first code from it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, verbose_name="利用者", on_delete=models.PROTECT, related_name="code_cards")
    issued_at = models.DateTimeField("発行日時")
    activated_at = models.DateTimeField("使い始めた日時", null=True, blank=True)
    ended_at = models.DateTimeField("使い終えた日時", null=True, blank=True)

    class Meta:
        verbose_name = "コードカード"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(activated_at__isnull=False, ended_at__isnull=True),
                name="accounts_codecard_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}"


class CardCode(models.Model):
    """One code of a card, as a keyed hash."""

    card = models.ForeignKey(CodeCard, verbose_name="カード", on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveSmallIntegerField("番号")
    code_hash = models.CharField("コード（ハッシュ）", max_length=64)
    used_at = models.DateTimeField("使われた日時", null=True, blank=True)

    class Meta:
        verbose_name = "カードのコード"
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="accounts_cardcode_once")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.number}"


class SecondFactorAttempts(models.Model):
    """How often a second factor was tried since `window_began`: counted before the code is looked at."""

    user = models.OneToOneField(
        User, verbose_name="利用者", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    window_began = models.DateTimeField("数え始め")
    attempts = models.PositiveSmallIntegerField("回数", default=0)
    last_totp_counter = models.BigIntegerField("最後に使った時刻コードの番号", default=0)
    """Half minutes since 1970: a code seen over somebody's shoulder is not accepted again while it is still valid."""

    class Meta:
        verbose_name = "二段階認証の試行"

    def __str__(self) -> str:
        return f"{self.user_id} {self.attempts}"


class HandOver(models.Model):
    """One officer's roles, drafts and owed work go to another on a day; planned in advance or at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    predecessor = models.ForeignKey(User, verbose_name="前任", on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(User, verbose_name="後任", on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField("引き継ぎの日")
    state = models.CharField("状態", max_length=16, choices=HandOverState.choices, default=HandOverState.SCHEDULED)
    reason = models.CharField("理由", max_length=200, blank=True)
    created_at = models.DateTimeField("登録日時")
    closed_at = models.DateTimeField("実行・取りやめの日時", null=True, blank=True)
    moved = models.JSONField("移したもの", default=dict, blank=True)
    """{"sheets.drafts": 3}: how many of each kind went over."""

    class Meta:
        verbose_name = "引き継ぎ"
        constraints = [
            models.CheckConstraint(name="accounts_handover_two_people", condition=~Q(predecessor=F("successor"))),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(state=HandOverState.SCHEDULED),
                name="accounts_handover_one_planned",
            ),
        ]
        indexes = [models.Index(fields=["state", "effective_on"], name="accounts_handover_due")]

    def __str__(self) -> str:
        return f"{self.id}"


class HandOverRole(models.Model):
    """A role that changes hands, and what is needed to take it back while the day has not come."""

    hand_over = models.ForeignKey(HandOver, verbose_name="引き継ぎ", on_delete=models.CASCADE, related_name="roles")
    ending = models.ForeignKey(Membership, verbose_name="終わる所属", on_delete=models.PROTECT, related_name="+")
    beginning = models.ForeignKey(
        Membership, verbose_name="始まる所属", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    """None when the successor already holds the role in the organisation."""
    previous_end = models.DateField("もとの終わり", null=True, blank=True)

    class Meta:
        verbose_name = "引き継ぐ役割"

    def __str__(self) -> str:
        return f"{self.hand_over_id} {self.ending_id}"
