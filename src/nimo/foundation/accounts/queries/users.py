"""Users, their memberships and invitations, for screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Invitation, Membership, User
from nimo.foundation.accounts.policies import visible_users
from nimo.foundation.accounts.rules import hashed_token, holds_on, login_name_as_typed

LISTED = 50


@dataclass(frozen=True, slots=True)
class UserFilter:
    organisation_id: UUID | None = None
    role: str = ""
    state: str = "active"
    """active (in use today), waiting (invited, no password yet), idle (no role today), suspended, all"""


@dataclass(frozen=True, slots=True)
class UserRow:
    user: User
    memberships: list[Membership]
    """Those of today and those to come."""
    state: str
    state_tone: str


def user_state(user: User, memberships: Sequence[Membership], day: date) -> tuple[str, str]:
    """How the user stands, in words, and the tone of the badge."""
    if not user.is_active:
        return "停止中", "danger"
    if not user.has_usable_password():
        return "招待中", "info"
    if not any(holds_on(held.valid_from, held.valid_to, day) for held in memberships):
        return "所属なし", "warning"
    return "利用中", "success"


def _with_memberships(users: QuerySet[User], day: date) -> QuerySet[User]:
    current = (
        Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .select_related("organisation")
        .order_by("valid_from", "id")
    )
    return users.order_by("kana", "name", "pk").prefetch_related(Prefetch("memberships", queryset=current))


def _rows(users: Iterable[User], day: date) -> list[UserRow]:
    rows = []
    for user in users:
        memberships = list(user.memberships.all())
        rows.append(UserRow(user, memberships, *user_state(user, memberships, day)))
    return rows


def user_page(actor: Actor, chosen: UserFilter, number: int) -> tuple[Page[User], list[UserRow]]:
    """One page of the users the actor may manage, sorted by kana. Three queries."""
    day = actor.today
    today = Membership.objects.held_on(day).filter(user=OuterRef("pk"))
    users = visible_users(actor)
    if chosen.organisation_id:
        users = users.filter(Exists(today.filter(organisation_id=chosen.organisation_id)))
    if chosen.role:
        users = users.filter(Exists(today.filter(role=chosen.role)))
    unusable = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if chosen.state == "suspended":
        users = users.filter(is_active=False)
    elif chosen.state == "waiting":
        users = users.filter(unusable, is_active=True)
    elif chosen.state == "idle":
        users = users.filter(~unusable, ~Exists(today), is_active=True)
    elif chosen.state == "active":
        users = users.filter(Exists(today), is_active=True)
    page = Paginator(_with_memberships(users, day), LISTED).get_page(number)
    return page, _rows(page.object_list, day)


def users_named(actor: Actor, text: str) -> list[UserRow]:
    """Users whose name, kana or sign-in name contains the text; at most LISTED. Asked by POST: no names in addresses."""
    wanted = text.strip()
    if not wanted:
        return []
    found = visible_users(actor).filter(
        Q(name__icontains=wanted) | Q(kana__icontains=wanted) | Q(login_name__icontains=login_name_as_typed(wanted))
    )
    return _rows(_with_memberships(found, actor.today)[:LISTED], actor.today)


def memberships_of(user_id: UUID) -> list[Membership]:
    """Every role of a user, newest first, ended ones too."""
    return list(
        Membership.objects.select_related("organisation").filter(user_id=user_id).order_by("-valid_from", "-id")
    )


def open_invitation(user_id: UUID) -> Invitation | None:
    """The link that still waits to be used, expired or not."""
    return Invitation.objects.filter(user_id=user_id, used_at__isnull=True, cancelled_at__isnull=True).first()


def invited_user(code: str, now: datetime) -> User | None:
    """Whom a link is for, while it holds."""
    found = (
        Invitation.objects.select_related("user")
        .filter(code_hash=hashed_token(code), used_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=now)
        .first()
    )
    return found.user if found and found.user.is_active else None


def user_named(actor: Actor, login_name: str) -> User | None:
    """The user with exactly this sign-in name, if the actor sees him."""
    return visible_users(actor).filter(login_name=login_name_as_typed(login_name)).first()
