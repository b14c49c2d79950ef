"""Who belongs to an area in a fiscal year, and carrying a year over to the next."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region, RegionMembership
from nimo.foundation.regions.policies import get_manageable
from nimo.foundation.regions.queries.carrying import carrying_plan
from nimo.foundation.regions.rules.carrying import Plan
from nimo.foundation.regions.rules.places import MembershipChange, may_contain, membership_changes
from nimo.foundation.regions.services._taking import UnableToChange, claim, lock

SET_MEMBERS = register_verb("regions.set_members", "圏域に含まれる市区町村を決めた")
COPY_MEMBERS = register_verb("regions.copy_members", "前の年度の所属を次の年度に写した")


def set_members(
    *,
    actor: Actor,
    area_code: str,
    fiscal_year: FiscalYear,
    child_codes: Collection[str],
    version: int,
    source: str = "",
) -> list[MembershipChange]:
    """Writes who belongs to an area in a fiscal year: these, and no others. What differs from that year's rows before.

    Raises RegionNotFound and UnableToChange: a member of another prefecture or kind, ended before the year, a member
    of another area of the same kind in that year, a city beside one of its own wards, edited meanwhile.
    """
    with transaction.atomic():
        area = get_manageable(actor, area_code)
        wanted = {child.code: child for child in Region.objects.filter(pk__in=child_codes)}
        _check_members(area, wanted, set(child_codes), fiscal_year)
        lock(str(area.prefecture_id))
        others = RegionMembership.objects.filter(
            parent__kind=area.kind, parent__prefecture=area.prefecture_id, fiscal_year=fiscal_year.year
        ).exclude(parent=area)
        for row in others.filter(child_id__in=wanted).select_related("child", "parent"):
            raise UnableToChange(
                f"{row.child.name}は、{fiscal_year.label}の「{row.parent.name}」に入っています。"
                "先にそちらから外してください。まだ何も変えていません。"
            )
        claim(area, version)
        rows = RegionMembership.objects.filter(parent=area, fiscal_year=fiscal_year.year)
        before = dict(rows.values_list("child_id", "parent_id"))
        rows.exclude(child_id__in=wanted).delete()
        RegionMembership.objects.bulk_create(
            RegionMembership(child=child, parent=area, fiscal_year=fiscal_year.year, source=source)
            for code, child in sorted(wanted.items())
            if code not in before
        )
        changes = membership_changes(before, dict.fromkeys(wanted, area.code))
        record(
            actor,
            verb=SET_MEMBERS,
            target=("regions.region", area.code),
            region_code=area.code,
            diff={str(fiscal_year.year): [sorted(before), sorted(wanted)]},
        )
    return changes


def _check_members(area: Region, wanted: dict[str, Region], asked: set[str], fiscal_year: FiscalYear) -> None:
    unfit = asked - wanted.keys()
    for child in wanted.values():
        lived = (child.valid_to is None or child.valid_to > fiscal_year.start) and (
            child.valid_from is None or child.valid_from <= fiscal_year.end
        )
        if not may_contain(area.kind, child.kind) or child.prefecture_id != area.prefecture_id or not lived:
            unfit.add(child.name)
    if unfit:
        raise UnableToChange(
            f"「{area.name}」に入れられない地域があります: {'、'.join(sorted(unfit))}。"
            "同じ都道府県の、その年度にある市区町村を選んでください。まだ何も変えていません。"
        )
    for child in wanted.values():
        if child.city_id in wanted:
            raise UnableToChange(
                f"{wanted[child.city_id].name}とその区（{child.name}）を同時に入れることはできません。"
                "市の全体か、区ごとかのどちらかにしてください。まだ何も変えていません。"
            )


def carry_forward(*, actor: Actor, prefecture_code: str, kind: RegionKind, to_year: FiscalYear, digest: str) -> Plan:
    """Writes what `queries.carrying.carrying_plan` showed: a year's memberships of one kind, as in the year before.

    Children that have a row there keep it; recorded changes are followed; what is open stays open. digest: of the
    plan that was looked at. Raises RegionNotFound and UnableToChange (nothing to write, changed since it was shown).
    """
    with transaction.atomic():
        prefecture, from_year = get_manageable(actor, prefecture_code), to_year.previous
        lock(prefecture.code)
        plan = carrying_plan(prefecture.code, kind, to_year)
        if plan.digest != digest:
            raise UnableToChange(
                "画面を開いたあとに、所属か地域の変更の記録が変わりました。まだ何も写していません。"
                "違いをもう一度確かめてから写してください。"
            )
        if not plan.to_write:
            raise UnableToChange(
                f"{from_year.label}から{to_year.label}に写す所属がありません。登録の内容は変わっていません。"
            )
        source = f"{from_year.label}の所属を写したもの"
        RegionMembership.objects.bulk_create(
            RegionMembership(
                child_id=row.child,
                parent_id=str(row.after),
                fiscal_year=to_year.year,
                source=(row.note or source)[:200],
            )
            for row in plan.to_write
        )
        record(
            actor,
            verb=COPY_MEMBERS,
            target=("regions.region", prefecture.code),
            region_code=prefecture.code,
            diff={
                "kind": [None, kind],
                "fiscal_year": [from_year.year, to_year.year],
                "copied": [0, len(plan.to_write)],
            },
        )
    return plan
