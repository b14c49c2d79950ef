"""Figures over the years, and inpatients by length of stay: only what may stand on one line or in one bar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nimo.community.indicators.models import Observation
from nimo.community.indicators.queries.areas import TodaysMap
from nimo.community.indicators.queries.figures import preference
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.rules.addition import UnableToAdd, share, total
from nimo.community.indicators.rules.words import UNSTATED_BASES, basis_words
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.charts import Point, Series

INPATIENTS = "inpatients"
STAYS = ("inpatients_under_3_months", "inpatients_3_to_12_months", "inpatients_over_1_year")
AGES = ("inpatients_over_1_year_65_and_over", "inpatients_over_1_year_under_65")
STAYS_BY_AGE = (
    "inpatients_under_3_months_65_and_over",
    "inpatients_under_3_months_under_65",
    "inpatients_3_to_12_months_65_and_over",
    "inpatients_3_to_12_months_under_65",
    *AGES,
)
STAY_CODES = tuple(dict.fromkeys((INPATIENTS, *STAYS, *STAYS_BY_AGE)))


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """The years of one indicator on one basis, coverage, breakdown and unit; points in order of time, gaps included."""

    indicator: str
    name: str
    unit: str
    basis: str
    basis_text: str
    coverage_text: str
    dimension_text: str
    points: tuple[Seen, ...]

    @property
    def as_component(self) -> Series:
        """For the `chart` tag: hidden and missing values are gaps with a note, text values are gaps too."""
        name = "、".join(part for part in (self.name, self.basis_text, self.dimension_text) if part)
        points = [
            Point(FiscalYear(one.fiscal_year).label, one.value, "" if one.value is not None else one.cell_text)
            for one in self.points
        ]
        return Series(name, points)


@dataclass(frozen=True, slots=True)
class StayPart:
    """One length of stay (or one age group of it). share: percent of the whole, None where it may not be formed."""

    figure: Seen
    share: Decimal | None
    share_reason: str = ""


@dataclass(frozen=True, slots=True)
class StayBreakdown:
    """Inpatients of one region at one time, as one source states them.

    whole: the stated total, None where the source has none. stays, ages: parts that are on the same basis as the whole.
    mixed: age groups on different bases (65歳以上 住所地, 65歳未満 所在地), shown one by one, never added.
    doubt: the parts do not add up to the stated total ("" when they do or cannot be checked).
    """

    fiscal_year: int
    as_of_text: str
    source_title: str
    whole: Seen | None
    stays: tuple[StayPart, ...]
    ages: tuple[StayPart, ...]
    mixed: tuple[Seen, ...]
    mixed_reason: str
    doubt: str


def series(
    actor: Actor,
    region_code: str,
    indicator_codes: Collection[str],
    *,
    from_year: int | None = None,
    to_year: int | None = None,
    as_public: bool = False,
    on_map: TodaysMap | None = None,
) -> list[SeriesLine]:
    """The lines of these indicators over the years. One query. A line never changes its basis, coverage or unit.

    on_map: today's map, to read the years before a merger as what is one place today; None: as the areas were then.
    """
    codes = sorted(on_map.codes) if on_map else [region_code]
    rows = Observation.objects.live().filter(region_id__in=codes, indicator_id__in=list(indicator_codes))
    if from_year is not None:
        rows = rows.filter(fiscal_year__gte=from_year)
    if to_year is not None:
        rows = rows.filter(fiscal_year__lte=to_year)
    lines: dict[tuple[str, ...], list[Seen]] = defaultdict(list)
    seen = read(actor, rows, as_public=as_public)
    for row in on_map.lay(seen) if on_map else seen:
        origin = row.origin if row.basis_matters and row.basis in UNSTATED_BASES else ""
        lines[row.indicator, row.basis, row.coverage, row.dimension, row.unit, origin].append(row)
    found = [
        SeriesLine(
            indicator=points[0].indicator,
            name=points[0].name,
            unit=points[0].unit,
            basis=points[0].basis,
            basis_text=points[0].basis_text,
            coverage_text=points[0].coverage_text,
            dimension_text=points[0].dimension_text,
            points=tuple(_one_a_year(points)),
        )
        for points in lines.values()
    ]
    return sorted(
        found, key=lambda line: (line.points[0].position, line.basis, line.coverage_text, line.dimension_text)
    )


def _one_a_year(points: Sequence[Seen]) -> list[Seen]:
    """The latest of each fiscal year, by time."""
    years: dict[int, Seen] = {}
    for point in sorted(points, key=lambda one: (one.day, -one.id)):
        years[point.fiscal_year] = point
    return [years[year] for year in sorted(years)]


def _part(one: Seen, whole: Seen | None) -> StayPart:
    if whole is None:
        return StayPart(one, None, "合計の値がありません。")
    try:
        return StayPart(one, share(one.datum, whole.datum).value())
    except UnableToAdd as error:
        return StayPart(one, None, str(error))


def _doubt(parts: Sequence[Seen], whole: Seen | None) -> str:
    """Only where every part is there and may be added: a difference is shown, not repaired."""
    if whole is None or whole.value is None or len(parts) < len(STAYS):
        return ""
    try:
        added = total([part.datum for part in parts], over="parts")
    except UnableToAdd:
        return ""
    if added.value is None or added.value == whole.value:
        return ""
    return f"入院期間別の合計（{added.value:,}人）が、入院患者数（{whole.value:,}人）と合いません。"


def _breakdown(rows: Sequence[Seen]) -> StayBreakdown:
    by_code: dict[str, list[Seen]] = defaultdict(list)
    for row in rows:
        by_code[row.indicator].append(row)
    first = rows[0]
    whole = by_code[INPATIENTS][0] if by_code[INPATIENTS] else None
    stays = [by_code[code][0] for code in STAYS if by_code[code]]
    over = next((one for one in stays if one.indicator == STAYS[2]), None)
    ages = [by_code[code][0] for code in AGES if by_code[code]]
    aged = [one for code in STAYS_BY_AGE for one in by_code[code]]
    same_basis = len({one.basis for one in aged}) <= 1
    mixed = [] if same_basis else aged
    bases = "、".join(dict.fromkeys(f"{one.name}は{basis_words(one.basis)}" for one in mixed[-2:]))
    return StayBreakdown(
        fiscal_year=first.fiscal_year,
        as_of_text=first.as_of_text,
        source_title=first.source_title,
        whole=whole,
        stays=tuple(_part(one, whole) for one in stays),
        ages=tuple(_part(one, over) for one in ages) if same_basis else (),
        mixed=tuple(mixed),
        mixed_reason=f"数え方が違うため、足したり割合を出したりしません（{bases}）。" if mixed else "",
        doubt=_doubt(stays, whole),
    )


def stay_breakdowns(
    actor: Actor,
    region_code: str,
    *,
    from_year: int | None = None,
    to_year: int | None = None,
    as_public: bool = False,
) -> list[StayBreakdown]:
    """Inpatients by length of stay and age, one breakdown a fiscal year, oldest first. One query.

    A breakdown is one source's statement of one time: parts of different sources or bases are never put together.
    Where a year has several, the one with the most parts that may be added is taken.
    """
    rows = Observation.objects.live().filter(region_id=region_code, indicator_id__in=STAY_CODES, dimension="")
    if from_year is not None:
        rows = rows.filter(fiscal_year__gte=from_year)
    if to_year is not None:
        rows = rows.filter(fiscal_year__lte=to_year)
    statements: dict[tuple[int, int, str, str], list[Seen]] = defaultdict(list)
    for row in read(actor, rows, as_public=as_public):
        statements[row.fiscal_year, row.source_id, row.as_of, row.coverage].append(row)
    years: dict[int, list[list[Seen]]] = defaultdict(list)
    for (year, *_), same in statements.items():
        years[year].append(sorted(same, key=lambda one: (one.position, preference(one))))
    return [
        _breakdown(
            max(years[year], key=lambda same: (_completeness(same), same[0].coverage == "", same[0].day, -same[0].id))
        )
        for year in sorted(years)
    ]


def _completeness(rows: Sequence[Seen]) -> int:
    return sum(1 for row in rows if row.indicator in STAYS or row.indicator == INPATIENTS)
