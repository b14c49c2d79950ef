"""Organisations and regions to choose from and to list."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.models import Membership, Organisation
from nimo.foundation.accounts.policies import visible_organisations
from nimo.foundation.accounts.queries.users import LISTED
from nimo.foundation.regions.models import Region


def organisation_choices(actor: Actor) -> list[tuple[str, str]]:
    """Organisations of today the actor may put people into."""
    day = actor.today
    held = visible_organisations(actor).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return [
        (str(organisation.pk), f"{organisation.name}（{organisation.get_kind_display()}）")
        for organisation in held.order_by("kana", "name")
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


def organisation_page(actor: Actor, kind: str, number: int) -> Page[Any]:
    """One page of the organisations the actor sees, with how many people work there today (`people`)."""
    today = Membership.objects.held_on(actor.today).filter(organisation=OuterRef("pk"), user__is_active=True)
    organisations = visible_organisations(actor).select_related("region")
    if kind:
        organisations = organisations.filter(kind=kind)
    counted = today.order_by().values("organisation").annotate(number=Count("user", distinct=True)).values("number")
    annotated = organisations.annotate(people=Coalesce(Subquery(counted), 0))
    return Paginator(annotated.order_by("kind", "kana", "name"), LISTED).get_page(number)


def organisation_named(actor: Actor, name: str) -> list[Organisation]:
    """The organisations with exactly this name that the actor sees."""
    return list(visible_organisations(actor).filter(name=name).order_by("pk"))
