"""What is known already: the dictionary, last year's figures, the sources a recording would replace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from nimo.community.indicators.choices import SourceState
from nimo.community.indicators.models import Indicator, Observation, Source
from nimo.community.indicators.rules.drafts import Meaning
from nimo.community.statistics.formats.reading import plain
from nimo.community.statistics.rules.subjects import Key, Number
from nimo.foundation.access.actors import Actor

_CHUNK = 400


def meanings() -> dict[str, Meaning]:
    """Every entry of the dictionary, as the checks need it."""
    return {
        row.code: Meaning(
            code=row.code,
            name=row.name,
            kind=row.kind,
            unit=row.unit,
            unit_aliases=frozenset(alias for alias in row.unit_aliases.split(";") if alias),
            bases=frozenset(row.bases.split(";")),
        )
        for row in Indicator.objects.all()
    }


def indicator_names() -> dict[str, str]:
    """Name or code of an indicator, squeezed as headings are compared → its code. A name that two bear means none."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, name in Indicator.objects.order_by("position").values_list("code", "name"):
        key = plain(name)
        if key in found:
            twice.add(key)
        found[key] = code
        found[plain(code)] = code
    return {key: code for key, code in found.items() if key not in twice}


def indicator_choices() -> list[tuple[str, str]]:
    """For select boxes: in the order of the dictionary."""
    rows = Indicator.objects.exclude(kind="text").order_by("position").values_list("code", "name", "unit")
    return [(code, f"{name}（{unit}）" if unit else name) for code, name, unit in rows]


def figures_before(
    actor: Actor, indicators: Collection[str], regions: Collection[str], years: Collection[int]
) -> Mapping[Key, tuple[int, Number]]:
    """The last live figure of each series before the first of `years` (up to five years back), within the reach."""
    if not years:
        return {}
    first = min(years)
    rows = Observation.objects.live().within_reach_or_published(actor)
    found: dict[Key, tuple[int, Number]] = {}
    for chunk in _chunks(sorted(regions)):
        values = rows.filter(
            indicator_id__in=indicators,
            region_id__in=chunk,
            fiscal_year__lt=first,
            fiscal_year__gte=first - 5,
            value__isnull=False,
        ).values_list("indicator_id", "region_id", "basis", "coverage", "dimension", "as_of", "fiscal_year", "value")
        for indicator, region, basis, coverage, dimension, as_of, year, value in values:
            point = as_of[4:] if as_of[:1].isdigit() else "FY"
            key = (indicator, region, basis, coverage, dimension, point)
            if value is not None and (key not in found or found[key][0] < year):
                found[key] = (year, value)
    return found


def active_sources(series: Iterable[str]) -> dict[str, Source]:
    """series → the edition that is valid now."""
    found: dict[str, Source] = {}
    for chunk in _chunks(sorted(set(series))):
        for source in Source.objects.filter(series__in=chunk, state=SourceState.ACTIVE):
            found[source.series] = source
    return found


def _chunks(items: list[str]) -> Iterable[list[str]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
