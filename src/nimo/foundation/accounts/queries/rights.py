"""What a user may on a day: the rights of a request, a job, the demo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import JAPAN, Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Membership, User
from nimo.foundation.accounts.rules import EVERY_REGION, holds_on
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
        row
        for begins, ends, founded, dissolved, *row in asked
        if holds_on(begins, ends, day) and holds_on(founded or date.min, dissolved, day)
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
