"""The dictionary as screens show it: lists, one indicator, its values by region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.indicators.choices import Evidence, Group
from nimo.community.indicators.models import Indicator, Observation, PlanTarget
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.queries.figures import preference
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.rules.words import basis_words
from nimo.core.text import fold
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator with its targets; parts: indicators it is made up of; years: those with figures the actor may see."""

    indicator: Indicator
    targets: Sequence[PlanTarget]
    parts: Sequence[Indicator]
    years: Sequence[int]

    @property
    def bases_text(self) -> str:
        return "、".join(basis_words(basis) for basis in self.indicator.bases.split(";"))

    @property
    def plan_periods_text(self) -> str:
        periods = [period for period in self.indicator.plan_periods.split(";") if period]
        return "、".join(f"第{period}期" for period in periods)


def get_indicator(code: str) -> Indicator:
    """One entry of the dictionary. Raises FigureNotAvailable."""
    found = Indicator.objects.select_related("part_of").filter(pk=code).first()
    if found is None:
        raise FigureNotAvailable
    return found


def indicator_list(*, words: str = "", group: str = "", evidence: str = "") -> list[Indicator]:
    """The dictionary in its own order; words are looked for in code, name, definition and source (width, kana folded)."""
    rows = Indicator.objects.order_by("position")
    if group in Group.values:
        rows = rows.filter(group=group)
    if evidence in Evidence.values:
        rows = rows.filter(evidence=evidence)
    wanted = [fold(word) for word in words.split()]
    return [
        row
        for row in rows
        if all(word in fold(f"{row.code} {row.name} {row.definition} {row.source}") for word in wanted)
    ]


def indicator_page(actor: Actor, code: str) -> IndicatorPage:
    """Definition, targets, parts and years. Four queries. Raises FigureNotAvailable."""
    indicator = get_indicator(code)
    visible = Observation.objects.live().filter(indicator=indicator).within_reach_or_published(actor)
    years = visible.values_list("fiscal_year", flat=True).distinct().order_by("-fiscal_year")
    return IndicatorPage(
        indicator=indicator,
        targets=list(indicator.targets.order_by("plan_period", "scope")),
        parts=list(indicator.parts.order_by("position")),
        years=list(years),
    )


def values_by_region(
    actor: Actor, code: str, fiscal_year: int, *, prefecture_code: str | None = None, as_public: bool = False
) -> list[Seen]:
    """Every live statement of one indicator and year: the nation and the prefectures, or the regions of a prefecture.

    In the order of region codes, never by value. One query.
    """
    rows = Observation.objects.live().filter(indicator_id=code, fiscal_year=fiscal_year)
    if prefecture_code is None:
        rows = rows.filter(region__kind__in=[RegionKind.NATION, RegionKind.PREFECTURE])
    else:
        rows = rows.filter(region__prefecture_id=prefecture_code)
    found = read(actor, rows, as_public=as_public)
    return sorted(found, key=lambda one: (one.region_code, preference(one), one.dimension))


def prefectures_with_values(actor: Actor, code: str, fiscal_year: int) -> list[Region]:
    """The prefectures whose municipalities or areas have figures the actor may see. Two queries.

    Two on purpose: with the first inside the second, PostgreSQL without fresh statistics reads the store once for each
    prefecture.
    """
    inside = (
        Observation.objects.live()
        .filter(indicator_id=code, fiscal_year=fiscal_year, region__prefecture__isnull=False)
        .within_reach_or_published(actor)
        .values_list("region__prefecture_id", flat=True)
        .distinct()
    )
    return list(Region.objects.filter(pk__in=list(inside)).order_by("code"))
