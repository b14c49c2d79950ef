"""What carrying memberships over to a fiscal year would give."""

from __future__ import annotations

from django.db.models import Q

from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.changes import recorded_changes
from nimo.foundation.regions.queries.places import held_memberships, memberships_of
from nimo.foundation.regions.rules.carrying import Plan, plan


def carrying_plan(prefecture_code: str, kind: RegionKind, to_year: FiscalYear) -> Plan:
    """Every municipality of a prefecture with its area of one kind in the year before and in this one. Four queries.

    The year before: what held in it, for each area from the latest year that was registered.
    """
    from_year = to_year.previous
    before = {
        row.child_id: row.parent_id for row in held_memberships(prefecture_code, from_year) if row.parent.kind == kind
    }
    there = memberships_of(prefecture_code, kind, to_year)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=to_year.end)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=to_year.end)
    kinds = {*MUNICIPALITY_KINDS, RegionKind.WARD, kind}
    rows = Region.objects.filter(lasting, begun, prefecture_id=prefecture_code, kind__in=kinds)
    living = {code: (one, city) for code, one, city in rows.values_list("code", "kind", "city_id")}
    return plan(
        before,
        there,
        living=living.keys(),
        cities={code: city for code, (one, city) in living.items() if one != kind},
        changes=recorded_changes([prefecture_code]),
        from_year=from_year,
        to_year=to_year,
    )
