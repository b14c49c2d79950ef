"""Regions are public facts: everybody may read them. Who may change them follows from the prefecture they lie in."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, refused
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region, RegionChange, RegionQuerySet

ELSEWHERE = "この地域を直せるのは、その都道府県の責任者とシステム管理者です。"


class RegionNotFound(Exception):
    """No such region, or none this actor manages: the page answers 404."""


def prefecture_code_of(region: Region) -> str:
    """The prefecture's code; of a prefecture and of the nation their own."""
    return region.prefecture_id or region.code


def may_manage(actor: Actor, region: Region) -> Decision:
    """Whether the actor may rename, end or fill a region, or add areas to a prefecture."""
    allowed = actor.may(Permission.MANAGE_REGIONS, region_code=prefecture_code_of(region))
    return ALLOWED if allowed else refused(ELSEWHERE)


def may_load_list(actor: Actor) -> Decision:
    """Whether the actor may load the national list: it concerns every region of the installation."""
    everywhere = actor.reach(Permission.MANAGE_REGIONS).everything
    return ALLOWED if everywhere else refused("全国の一覧を取り込めるのは、システム管理者です。")


def may_load_boundaries(actor: Actor, codes: Collection[str]) -> Decision:
    """Whether the actor may replace the outlines of these regions."""
    allowed = all(actor.may(Permission.LOAD_BOUNDARIES, region_code=code) for code in codes)
    return ALLOWED if allowed else refused("受け持ちの地域ではない境界が含まれています。境界は取り込んでいません。")


def manageable_prefectures(actor: Actor) -> RegionQuerySet:
    """The prefectures whose regions the actor manages."""
    prefectures = Region.objects.filter(kind=RegionKind.PREFECTURE)
    reach = actor.reach(Permission.MANAGE_REGIONS)
    return prefectures if reach.everything else prefectures.filter(code__in=reach.region_codes)


def get_manageable(actor: Actor, code: str) -> Region:
    """A region the actor manages. Raises RegionNotFound."""
    region = Region.objects.select_related("prefecture", "city").filter(pk=code).first()
    if region is None or not may_manage(actor, region):
        raise RegionNotFound
    return region


def get_change(actor: Actor, change_id: UUID) -> RegionChange:
    """A recorded or cancelled change in a prefecture whose regions the actor manages. Raises RegionNotFound."""
    change = RegionChange.objects.select_related("prefecture").filter(pk=change_id).first()
    if change is None or not may_manage(actor, change.prefecture):
        raise RegionNotFound
    return change
