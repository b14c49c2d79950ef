"""Read models of accounts: the rights of a user, lists for screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import JAPAN, Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Membership, User
from nimo.foundation.accounts.rules import EVERY_REGION
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

    Prefecture: everything of the prefecture. Area and municipality: the membership rows of the fiscal year, two
    levels down (area → municipality → ward). Before a new year's rows are there, those of the latest year hold:
    on 1 April nobody may lose sight of his region because a list was not loaded yet.
    """
    asked = list(regions)
    if not asked:
        return {}
    prefectures = [region.code for region in asked if region.kind == RegionKind.PREFECTURE]
    others = [region.code for region in asked if region.kind not in {RegionKind.PREFECTURE, RegionKind.NATION}]
    pairs = Region.objects.none().values_list("prefecture_id", "code")
    if prefectures:
        pairs = Region.objects.filter(prefecture_id__in=prefectures).values_list("prefecture_id", "code")
    if others:
        year = FiscalYear.of(day).year
        latest = (
            RegionMembership.objects.filter(parent=OuterRef("parent"), fiscal_year__lte=year)
            .order_by("-fiscal_year")
            .values("fiscal_year")[:1]
        )
        children = RegionMembership.objects.filter(
            Q(parent_id__in=others)
            | Q(parent_id__in=RegionMembership.objects.filter(parent_id__in=others).values("child_id")),
            fiscal_year=Subquery(latest),
        ).values_list("parent_id", "child_id")
        pairs = pairs.union(children) if prefectures else children
    below: dict[str, set[str]] = defaultdict(set)
    for parent, child in pairs:
        below[parent].add(child)
    return {region.code: _closure(region.code, below) for region in asked}


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
