"""One indicator over many regions, for maps and tables: one query, values of one time, basis and coverage only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nimo.community.indicators.models import Observation
from nimo.community.indicators.queries.figures import preference
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.rules.classes import Classes, classes_of
from nimo.community.indicators.rules.periods import as_of_words
from nimo.community.indicators.rules.words import basis_words, coverage_words
from nimo.foundation.access.actors import Actor


@dataclass(frozen=True, slots=True)
class MapMeasure:
    """What all values of a map have in common."""

    as_of: str
    basis: str
    coverage: str
    dimension: str
    unit: str

    @property
    def words(self) -> str:
        parts = [as_of_words(self.as_of), f"基準: {basis_words(self.basis)}", f"範囲: {coverage_words(self.coverage)}"]
        return "、".join([*parts, self.dimension] if self.dimension else parts)


@dataclass(frozen=True, slots=True)
class MapValue:
    """One region on the map. level: 0–4, None without a value; note: why there is none, or why it does not compare."""

    figure: Seen
    level: int | None
    note: str = ""

    @property
    def text(self) -> str:
        return self.figure.cell_text


@dataclass(frozen=True, slots=True)
class MapValues:
    """values by region code. measure: None when nothing is known. classes: None when no value may be shown."""

    measure: MapMeasure | None
    values: dict[str, MapValue]
    classes: Classes | None


def map_values(
    actor: Actor,
    indicator_code: str,
    fiscal_year: int,
    *,
    region_kinds: Collection[str] = (),
    prefecture_code: str | None = None,
    basis: str | None = None,
    as_public: bool = False,
) -> MapValues:
    """The values of one fiscal year for every region of the given kinds (of one prefecture, if given). One query.

    Where regions state different times, bases or coverages, the combination most regions share is coloured and the
    others carry the reason why they are not; `basis` chooses instead. Hidden figures have no level and no value.
    """
    rows = Observation.objects.live().filter(indicator_id=indicator_code, fiscal_year=fiscal_year)
    if region_kinds:
        rows = rows.filter(region__kind__in=list(region_kinds))
    if prefecture_code is not None:
        rows = rows.filter(region__prefecture_id=prefecture_code)
    if basis is not None:
        rows = rows.filter(basis=basis)
    return classified(read(actor, rows, as_public=as_public))


def measure_of(one: Seen) -> MapMeasure:
    return MapMeasure(one.as_of, one.basis, one.coverage, one.dimension, one.unit)


def classified(everything: Sequence[Seen], measure: MapMeasure | None = None) -> MapValues:
    """One value a region, coloured where it is of `measure` (None: of the one most regions share)."""
    if not everything:
        return MapValues(None, {}, None)
    if measure is None or all(measure_of(one) != measure for one in everything):
        shared = Counter(known for _, known in {(one.region_code, measure_of(one)) for one in everything})
        measure = max(
            shared, key=lambda one: (shared[one], one.coverage == "", one.as_of, one.basis, one.unit, one.dimension)
        )
    chosen: dict[str, Seen] = {}
    for one in sorted(everything, key=lambda one: (measure_of(one) != measure, preference(one))):
        chosen.setdefault(one.region_code, one)
    classes = classes_of([one.value for one in chosen.values() if one.value is not None and measure_of(one) == measure])
    values = {}
    for code in sorted(chosen):
        one = chosen[code]
        fits = measure_of(one) == measure
        level = classes.level_of(one.value) if classes and fits and one.value is not None else None
        note = one.reason or ("" if fits else f"時点や数え方が違うため比べません（{measure_of(one).words}）。")
        values[code] = MapValue(one, level, note)
    return MapValues(measure, values, classes)
