"""Stale marks: a fact changed after figures were counted from it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from nimo.community.indicators.models import StaleMark
from nimo.community.indicators.queries.recount import measures_of
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.queries.places import ancestors
from nimo.foundation.regions.queries.places import region as find_region


def mark_stale(*, actor: Actor, fact: str, region_code: str, fiscal_year: int) -> None:
    """Remember that what is counted from `fact` must be counted again for this region and year.

    fact: an indicator's code, or "app.noun" as a measure names it; where a measure counts from it, the areas and the
    prefecture around the region are marked too. Called inside the service that changed the fact, in its transaction and
    under its audit entry; marking twice keeps one mark with the later time.
    """
    codes = [region_code]
    one = find_region(region_code) if measures_of(fact) else None
    if one is not None:
        codes += [above.code for above in ancestors(one, fiscal_year) if above.kind != RegionKind.NATION]
    with transaction.atomic():
        put_marks(actor=actor, keys=[(fact, code, fiscal_year) for code in codes])


def put_marks(*, actor: Actor, keys: Collection[tuple[str, str, int]]) -> None:
    """One mark for each (fact, region code, fiscal year), a new token where there was one. The caller has checked."""
    with transaction.atomic():
        StaleMark.objects.bulk_create(
            [
                StaleMark(
                    fact=fact,
                    region_id=region_code,
                    fiscal_year=fiscal_year,
                    token=new_id(),
                    first_marked_at=actor.now,
                    marked_at=actor.now,
                    marked_by_name=actor.name,
                )
                for fact, region_code, fiscal_year in sorted(set(keys))
            ],
            batch_size=100,
            update_conflicts=True,
            unique_fields=["region", "fact", "fiscal_year"],
            update_fields=["token", "marked_at", "marked_by_name"],
        )
