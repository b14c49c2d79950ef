"""Organisations, users, and the memberships that give a user a role for a time."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from nimo.core.ids import new_id
from nimo.foundation.accounts.choices import OrganisationKind, RoleChoice
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

    class Meta:
        verbose_name = "組織"
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "name"], name="accounts_organisation_once"),
        ]
        indexes = [models.Index(fields=["kind", "kana"], name="accounts_org_kind_kana")]

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

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = ["name"]

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
