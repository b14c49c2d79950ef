"""Read models of accounts: the rights of a user, lists for screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import OuterRef, Q, QuerySet, Subquery

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import JAPAN, Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import CardCode, CodeCard, Membership, User
from nimo.foundation.accounts.rules import CARD_WARNING_AT, EVERY_REGION
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region, RegionMembership


def grants_of(user_id: UUID, day: date) -> tuple[Grant, ...]:
    """What a user's memberships give on a day, in two queries. Ended or coming memberships give nothing."""
    return _grants(Membership.objects.held_on(day).filter(user_id=user_id), day)


def _grants(memberships: Iterable[Membership], day: date) -> tuple[Grant, ...]:
    held = list(memberships)
    regions = {
        membership.organisation.region_id: membership.organisation.region
        for membership in held
        if Role(membership.role) not in EVERY_REGION
    }
    below = codes_below(regions.values(), day)
    grants = []
    for membership in held:
        role, organisation = Role(membership.role), membership.organisation
        everywhere = role in EVERY_REGION or organisation.region.kind == RegionKind.NATION
        grants.append(
            Grant(
                role=role,
                organisation_id=organisation.id,
                organisation_name=organisation.name,
                region_code=organisation.region_id,
                region_codes=None if everywhere else below[organisation.region_id],
                scopes=scopes_of(role),
            )
        )
    return tuple(grants)


def codes_below(regions: Iterable[Region], day: date) -> dict[str, frozenset[str]]:
    """For each region its own code and the codes of all regions below it, in one query.

    Prefecture: everything of the prefecture. Area: its members of the fiscal year, and what lies in them.
    Municipality: its wards and living areas. Before a new year's rows are there, those of the latest year hold:
    on 1 April nobody may lose sight of his region because a list was not loaded yet.
    """
    asked = list(regions)
    prefectures = [region.code for region in asked if region.kind == RegionKind.PREFECTURE]
    others = [region.code for region in asked if region.kind not in {RegionKind.PREFECTURE, RegionKind.NATION}]
    below: dict[str, set[str]] = defaultdict(set)
    if prefectures or others:
        for parent, child in _pairs(prefectures, others, FiscalYear.of(day).year):
            below[parent].add(child)
    return {region.code: _closure(region.code, below) for region in asked}


def _pairs(prefectures: list[str], others: list[str], year: int) -> Iterable[tuple[str, str]]:
    """(region, region below it), as far down as `_closure` needs."""
    latest = (
        RegionMembership.objects.filter(parent=OuterRef("parent"), fiscal_year__lte=year)
        .order_by("-fiscal_year")
        .values("fiscal_year")[:1]
    )
    members = RegionMembership.objects.filter(parent_id__in=others, fiscal_year=Subquery(latest))
    of_prefectures: QuerySet[Any, Any] = Region.objects.filter(prefecture_id__in=prefectures)
    within_cities = Region.objects.filter(Q(city_id__in=others) | Q(city_id__in=members.values("child_id")))
    found: Iterable[tuple[str, str]] = of_prefectures.values_list("prefecture_id", "code").union(
        within_cities.values_list("city_id", "code"), members.values_list("parent_id", "child_id")
    )
    return found


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
