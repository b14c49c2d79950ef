"""Municipalities alike, as one reader may know of them: one query over all of them, the rest is arithmetic."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from django.db.models import Q

from nimo.community.indicators.choices import SourceKind
from nimo.community.indicators.formats.packaged import packaged_likeness
from nimo.community.indicators.models import Observation
from nimo.community.indicators.queries.reading import Counted, counts
from nimo.community.indicators.rules.alike import Alike, Parameters, alike
from nimo.community.indicators.rules.expressions import Reference
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS

_RANK = {SourceKind.OFFICIAL_STATISTICS: 0, SourceKind.SHEET: 1, SourceKind.MANUAL: 2, SourceKind.REPORT: 3}


def _needed(parameters: Parameters) -> Collection[Reference]:
    return {one for feature in parameters.features for one in (*feature.numerator, *feature.denominator)}


def _wanted(needed: Collection[Reference]) -> Q:
    plain = sorted(one.code for one in needed if not one.dimension)
    wanted = Q(indicator_id__in=plain, dimension="")
    for one in sorted(needed, key=lambda one: (one.code, one.dimension)):
        if one.dimension:
            wanted |= Q(indicator_id=one.code, dimension=one.dimension)
    return wanted


def _newer(row: Counted, than: Counted) -> bool:
    """The latest year, then official statistics before sheets, then the latest record."""

    def order(one: Counted) -> tuple[int, int, int]:
        return (one.fiscal_year, -_RANK.get(SourceKind(one.source_kind), 9), one.id)

    return order(row) > order(than)


def alike_regions(
    actor: Actor, region_code: str, fiscal_year: int, *, parameters: Parameters | None = None
) -> tuple[Alike, Parameters]:
    """The municipalities most like one, by figures of the fiscal year, the years before it and the one after (a sheet
    tells the population of May beside the stays of the June before). One query."""
    chosen = parameters or packaged_likeness()
    needed = _needed(chosen)
    rows = Observation.objects.filter(
        _wanted(needed),
        fiscal_year__gt=fiscal_year - chosen.years,
        fiscal_year__lte=fiscal_year + 1,
        region__kind__in=sorted(MUNICIPALITY_KINDS),
    )
    latest: dict[tuple[str, str, str], Counted] = {}
    for row in counts(actor, rows):
        key = (row.region_code, row.indicator, row.dimension)
        if key not in latest or _newer(row, latest[key]):
            latest[key] = row
    stated: dict[str, dict[Reference, Fraction]] = {}
    for (region, code, dimension), row in latest.items():
        stated.setdefault(region, {})[Reference(code, dimension)] = Fraction(row.value)
    return alike(region_code, stated, chosen), chosen
