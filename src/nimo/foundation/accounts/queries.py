"""Read models of accounts: the rights of a user, lists for screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import JAPAN, Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.models import (
    CardCode,
    CodeCard,
    HandOver,
    Invitation,
    Membership,
    Organisation,
    User,
)
from nimo.foundation.accounts.policies import may_hand_over, visible_hand_overs, visible_organisations, visible_users
from nimo.foundation.accounts.rules import (
    CARD_WARNING_AT,
    EVERY_REGION,
    HandOverOrder,
    belongings,
    hashed_token,
    holds_on,
    login_name_as_typed,
)
from nimo.foundation.regions.choices import AREA_KINDS, RegionKind
from nimo.foundation.regions.models import Region, RegionMembership

_HELD = ("role", "organisation_id", "organisation__name", "organisation__region_id", "organisation__region__kind")
_PERIODS = ("valid_from", "valid_to", "organisation__valid_from", "organisation__valid_to")


def grants_of(user_id: UUID, day: date) -> tuple[Grant, ...]:
    """What a user's memberships give on a day, in two queries. Ended or coming memberships give nothing.

    Every request asks this: plain columns instead of models, only the questions the regions need, and `held_on` of the
    few memberships one has said here: to write it into the question took longer than to ask it.
    """
    asked = Membership.objects.filter(user_id=user_id).order_by("valid_from", "id").values_list(*_PERIODS, *_HELD)
    held = [
        row for at, to, made, gone, *row in asked if holds_on(at, to, day) and holds_on(made or date.min, gone, day)
    ]
    kinds = {code: RegionKind(kind) for role, _, _, code, kind in held if Role(role) not in EVERY_REGION}
    below = codes_below(kinds, day)
    grants = []
    for held_role, organisation_id, organisation_name, region_code, kind in held:
        role = Role(held_role)
        everywhere = role in EVERY_REGION or kind == RegionKind.NATION
        grants.append(
            Grant(
                role=role,
                organisation_id=organisation_id,
                organisation_name=organisation_name,
                region_code=region_code,
                region_codes=None if everywhere else below[region_code],
                scopes=scopes_of(role),
            )
        )
    return tuple(grants)


def codes_below(kinds: Mapping[str, RegionKind], day: date) -> dict[str, frozenset[str]]:
    """For each region (code → kind) its own code and the codes of all regions below it, in one query.

    Prefecture: everything of the prefecture. Area: its members of the fiscal year, and what lies in them.
    Municipality: its wards and living areas. Before a new year's rows are there, those of the latest year hold:
    on 1 April nobody may lose sight of his region because a list was not loaded yet.
    """
    below: dict[str, set[str]] = defaultdict(set)
    questions = list(_pairs(kinds, FiscalYear.of(day).year))
    if questions:
        for parent, child in questions[0].union(*questions[1:]) if questions[1:] else questions[0]:
            below[parent].add(child)
    return {code: _closure(code, below) for code in kinds}


def _pairs(kinds: Mapping[str, RegionKind], year: int) -> Iterator[QuerySet[Any, Any]]:
    """Questions for (region, region below it), as far down as `_closure` needs. No question that nobody asks."""
    prefectures = [code for code, kind in kinds.items() if kind == RegionKind.PREFECTURE]
    areas = [code for code, kind in kinds.items() if kind in AREA_KINDS]
    cities = [
        code for code, kind in kinds.items() if kind not in {RegionKind.PREFECTURE, RegionKind.NATION} | AREA_KINDS
    ]
    if prefectures:
        yield Region.objects.filter(prefecture_id__in=prefectures).values_list("prefecture_id", "code")
    if cities:
        yield Region.objects.filter(city_id__in=cities).values_list("city_id", "code")
    if areas:
        latest = (
            RegionMembership.objects.filter(parent=OuterRef("parent"), fiscal_year__lte=year)
            .order_by("-fiscal_year")
            .values("fiscal_year")[:1]
        )
        members = RegionMembership.objects.filter(parent_id__in=areas, fiscal_year=Subquery(latest))
        yield members.values_list("parent_id", "child_id")
        yield Region.objects.filter(city_id__in=members.values("child_id")).values_list("city_id", "code")


def _closure(code: str, below: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = {code}, [code]
    while waiting:
        for child in below.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def actor_for_user(
    user: User, now: datetime, *, acting_organisation_id: UUID | None = None, request_id: str = ""
) -> Actor:
    """The user as an actor with the rights of the day of `now`: for requests, jobs and the demo.

    A suspended user has no rights.
    """
    day = now.astimezone(JAPAN).date()
    return Actor(
        kind="user",
        now=now,
        name=user.name,
        user_id=user.id,
        grants=grants_of(user.id, day) if user.is_active else (),
        acting_organisation_id=acting_organisation_id,
        request_id=request_id,
    )


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """What a user can sign in with besides the password. `next_number`: the code of the card asked for next."""

    has_totp: bool
    card: CodeCard | None
    next_number: int | None
    remaining: int

    @property
    def exists(self) -> bool:
        """Set up, even if every code of the card is used: then nobody comes in with the password alone."""
        return self.has_totp or self.card is not None

    @property
    def usable(self) -> bool:
        return self.has_totp or self.remaining > 0

    @property
    def runs_out(self) -> bool:
        return self.card is not None and self.remaining <= CARD_WARNING_AT


def second_factor_of(user_id: UUID) -> SecondFactorState:
    """Three queries."""
    card = CodeCard.objects.filter(user_id=user_id, activated_at__isnull=False, ended_at__isnull=True).first()
    numbers = list(CardCode.objects.filter(card=card, used_at__isnull=True).order_by("number").values_list("number"))
    return SecondFactorState(
        has_totp=Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists(),
        card=card,
        next_number=numbers[0][0] if numbers else None,
        remaining=len(numbers),
    )


# -- Users on screen -----------------------------------------------------------------------------------------------

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


# -- Choices of forms ----------------------------------------------------------------------------------------------


def organisation_choices(actor: Actor) -> list[tuple[str, str]]:
    """Organisations of today the actor may put people into."""
    day = actor.today
    held = visible_organisations(actor).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return [
        (str(organisation.pk), f"{organisation.name}（{organisation.get_kind_display()}）")
        for organisation in held.order_by("kana", "name")
    ]


def successor_choices(actor: Actor, predecessor_id: UUID) -> list[tuple[str, str]]:
    """Whom somebody's work may go to: active users the actor manages, with where they work."""
    users = visible_users(actor).filter(is_active=True).exclude(pk__in=[predecessor_id, actor.user_id])
    return [
        (
            str(row.user.pk),
            f"{row.user.name}（{'・'.join(m.organisation.name for m in row.memberships) or '所属なし'}）",
        )
        for row in _rows(_with_memberships(users, actor.today), actor.today)
    ]


def region_choices(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Regions an organisation may be registered in, by prefecture."""
    reach = actor.reach(Permission.MANAGE_ORGANISATIONS)
    regions = Region.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=actor.today)).select_related("prefecture")
    if not reach.everything:
        regions = regions.filter(pk__in=reach.region_codes)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for region in regions.order_by("code"):
        groups[region.prefecture.name if region.prefecture else region.name].append((region.code, region.name))
    return list(groups.items())


# -- Organisations and hand-overs on screen ------------------------------------------------------------------------


def organisation_page(actor: Actor, kind: str, number: int) -> Page[Any]:
    """One page of the organisations the actor sees, with how many people work there today (`people`)."""
    today = Membership.objects.held_on(actor.today).filter(organisation=OuterRef("pk"), user__is_active=True)
    organisations = visible_organisations(actor).select_related("region")
    if kind:
        organisations = organisations.filter(kind=kind)
    counted = today.order_by().values("organisation").annotate(number=Count("user", distinct=True)).values("number")
    annotated = organisations.annotate(people=Coalesce(Subquery(counted), 0))
    return Paginator(annotated.order_by("kind", "kana", "name"), LISTED).get_page(number)


@dataclass(frozen=True, slots=True)
class HandOverPreview:
    """What would go over. `stays`: roles the actor may not pass on, each with the reason."""

    roles: list[Membership]
    stays: list[tuple[Membership, str]]
    work: list[tuple[str, int]]


def hand_over_preview(actor: Actor, predecessor_id: UUID, successor_id: UUID, effective_on: date) -> HandOverPreview:
    """Counts, moves nothing. What is counted today may differ a little on a later day."""
    roles, stays = hand_over_roles(actor, predecessor_id, effective_on)
    order = HandOverOrder(
        from_user_id=predecessor_id,
        to_user_id=successor_id,
        actor=actor,
        organisation_ids=frozenset(held.organisation_id for held in roles),
    )
    return HandOverPreview(roles, stays, [(work.label, work.count(order)) for work in belongings()])


def hand_over_roles(
    actor: Actor, predecessor_id: UUID, effective_on: date
) -> tuple[list[Membership], list[tuple[Membership, str]]]:
    """The predecessor's roles of that day: those the actor may pass on, and the others with the reason."""
    held = [
        membership
        for membership in memberships_of(predecessor_id)
        if holds_on(membership.valid_from, membership.valid_to, effective_on)
    ]
    decided = [(membership, may_hand_over(actor, membership)) for membership in held]
    return (
        [membership for membership, decision in decided if decision],
        [(membership, decision.reason) for membership, decision in decided if not decision],
    )


def hand_over_list(actor: Actor) -> list[HandOver]:
    """Planned ones first, then the newest; at most LISTED."""
    found = visible_hand_overs(actor).select_related("predecessor", "successor")
    return list(found.order_by("-state", "-effective_on", "-created_at")[:LISTED])


@dataclass(frozen=True, slots=True)
class HandOverPage:
    hand_over: HandOver
    roles: list[str]
    moved: list[tuple[str, int]]


def one_hand_over(actor: Actor, hand_over_id: UUID) -> HandOverPage:
    """Raises HandOver.DoesNotExist for one that is not there or not to be seen."""
    planned = visible_hand_overs(actor).select_related("predecessor", "successor").get(pk=hand_over_id)
    labels = {work.code: work.label for work in belongings()}
    roles = [
        f"{role.ending.organisation.name} {Role(role.ending.role).label}"
        for role in planned.roles.select_related("ending__organisation").order_by("pk")
    ]
    return HandOverPage(planned, roles, [(labels.get(code, code), number) for code, number in planned.moved.items()])


def user_named(actor: Actor, login_name: str) -> User | None:
    """The user with exactly this sign-in name, if the actor sees him."""
    return visible_users(actor).filter(login_name=login_name_as_typed(login_name)).first()


def organisation_named(actor: Actor, name: str) -> list[Organisation]:
    """The organisations with exactly this name that the actor sees."""
    return list(visible_organisations(actor).filter(name=name).order_by("pk"))
