"""Whom an organisation can ask for sheets, and who of them is inside nimo."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from nimo.community.sheets.queries.posts import holders
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import codes_below

EVERYONE = "all"


def bodies(actor: Actor) -> list[Region]:
    """The bodies the actor's organisation may ask, by code: of the nation the prefectures and designated cities, of
    everybody else the municipalities inside."""
    grant = actor.organisation
    if grant is None:
        return []
    rows = Region.objects.on(actor.today).select_related("prefecture").order_by("code")
    if grant.region_code == NATION_CODE:
        return list(rows.filter(kind__in=[RegionKind.PREFECTURE, RegionKind.DESIGNATED_CITY]))
    inside = rows.filter(kind__in=MUNICIPALITY_KINDS).exclude(pk=grant.region_code)
    return list(inside if grant.region_codes is None else inside.filter(pk__in=grant.region_codes))


def scopes(actor: Actor) -> list[tuple[str, str]]:
    """(key, name): everybody, or one kind or area of them."""
    grant = actor.organisation
    if grant is None:
        return []
    if grant.region_code == NATION_CODE:
        return [
            (EVERYONE, "すべての都道府県と指定都市"),
            (RegionKind.PREFECTURE.value, "すべての都道府県"),
            (RegionKind.DESIGNATED_CITY.value, "すべての指定都市"),
        ]
    areas = Region.objects.on(actor.today).filter(kind__in=AREA_KINDS).order_by("kind", "kana", "code")
    if grant.region_codes is not None:
        areas = areas.filter(pk__in=grant.region_codes)
    named = [
        (one.pk, f"{one.name}（{one.get_kind_display()}）の市町村") for one in areas if one.pk != grant.region_code
    ]
    return [(EVERYONE, "地域の中のすべての市町村"), *named]


def in_scope(actor: Actor, key: str) -> list[Region]:
    """The bodies of a scope."""
    found = bodies(actor)
    if key == EVERYONE:
        return found
    if key in {RegionKind.PREFECTURE.value, RegionKind.DESIGNATED_CITY.value}:
        return [one for one in found if one.kind == key]
    area = Region.objects.filter(pk=key, kind__in=AREA_KINDS).first()
    below = codes_below([area], actor.today)[area.pk] if area else frozenset()
    return [one for one in found if one.pk in below]


def answering(region_codes: Collection[str], day: date) -> dict[str, tuple[Organisation, list[UUID]]]:
    """{region: (the body's organisation, its people who can write the sheet)}; bodies nobody of whom uses nimo are
    left out."""
    rows = list(
        Organisation.objects.filter(
            region_id__in=region_codes, kind__in=[OrganisationKind.MUNICIPALITY, OrganisationKind.HEAD_OFFICE]
        ).order_by("name", "pk")
    )
    present = holders([one.pk for one in rows], day)
    found: dict[str, tuple[Organisation, list[UUID]]] = {}
    for one in rows:
        people = present.get(one.pk)
        if people and one.region_id not in found:
            found[one.region_id] = (one, people)
    return found
