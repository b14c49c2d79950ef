"""The figures behind the pictures: a fixed number of reads, whatever the number of regions, indicators and years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q

from nimo.community.indicators.models import Observation, ObservationQuerySet
from nimo.community.indicators.queries.areas import TodaysMap
from nimo.community.indicators.queries.catalogue import Catalogue, Entry
from nimo.community.indicators.queries.derived import derive, tree, wanted_rows
from nimo.community.indicators.queries.figures import preference
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.rules.expressions import references
from nimo.community.indicators.rules.words import UNSTATED_BASES
from nimo.foundation.access.actors import Actor

_EARLIEST, _LATEST = 1868, 2199


@dataclass(frozen=True, slots=True)
class Line:
    """The years of one indicator and region on one basis, coverage, breakdown and unit; a figure a year, in order."""

    points: tuple[Seen, ...]

    @property
    def last(self) -> Seen:
        return self.points[-1]

    @property
    def key(self) -> tuple[str, ...]:
        return line_key(self.last)

    @property
    def words(self) -> str:
        parts = (self.last.basis_text, self.last.coverage, self.last.dimension_text)
        return "、".join(part for part in parts if part)


def line_key(one: Seen) -> tuple[str, ...]:
    origin = one.origin if one.basis_matters and one.basis in UNSTATED_BASES else ""
    return (one.basis, one.coverage, one.dimension, one.unit, origin)


def lines_of(rows: Iterable[Seen]) -> list[Line]:
    """Lines of one region, the leading one first: the latest year, official statistics, whole coverage."""
    found: dict[tuple[str, ...], dict[int, Seen]] = defaultdict(dict)
    for row in sorted(rows, key=lambda one: (one.day, -preference(one)[0], one.id)):
        found[line_key(row)][row.fiscal_year] = row
    lines = [Line(tuple(years[year] for year in sorted(years))) for years in found.values()]
    return sorted(lines, key=lambda line: (-line.last.fiscal_year, preference(line.last), line.key))


@dataclass(frozen=True, slots=True)
class Question:
    """Which indicators, each stored one in one breakdown."""

    entries: Sequence[Entry]
    catalogue: Catalogue

    def rows(self, dimensions: Mapping[str, str] | None = None) -> Q:
        """What must be read; `dimensions`: code → the one breakdown wanted (None: all there are)."""
        wanted = wanted_rows(tree(entry.derived.expression) for entry in self.entries if entry.derived)
        for entry in self.entries:
            if entry.derived is None:
                one = Q(indicator_id=entry.code)
                wanted |= one & Q(dimension=dimensions.get(entry.code, "")) if dimensions is not None else one
        return wanted

    def figures(self, rows: Sequence[Seen], years: Iterable[int] | None = None) -> dict[str, list[Seen]]:
        """code → its figures of `years` (None: of all), computed where the indicator is a derived one."""
        wanted = sorted({row.fiscal_year for row in rows} if years is None else set(years))
        found: dict[str, list[Seen]] = {}
        for entry in self.entries:
            if entry.derived is not None:
                formula = self.catalogue.formula(entry.derived)
                found[entry.code] = derive(entry.derived, rows, wanted, self.catalogue.names, formula)
            else:
                found[entry.code] = [one for one in rows if one.indicator == entry.code and one.fiscal_year in wanted]
        return found


def over_years(
    actor: Actor,
    question: Question,
    region_codes: Sequence[str],
    from_year: int | None,
    to_year: int | None,
    there: TodaysMap | None = None,
) -> dict[str, list[Seen]]:
    """The years of some regions. One query. The year before the first is read for what is computed from it.

    there: lays the figures on today's map, which names the areas to read besides.
    """
    first, last = from_year or _EARLIEST, to_year or _LATEST
    codes = {*region_codes, *(there.codes if there else ())}
    rows = Observation.objects.live().filter(
        question.rows(), region_id__in=sorted(codes), fiscal_year__gte=first - 1, fiscal_year__lte=last
    )
    seen = laid(read(actor, rows), there)
    return question.figures(seen, {row.fiscal_year for row in seen if row.fiscal_year >= first})


def laid(rows: list[Seen], there: TodaysMap | None) -> list[Seen]:
    """Figures of regions the map was not asked for stay as they are."""
    if there is None:
        return rows
    asked = frozenset(there.asked)
    apart = [one for one in rows if one.region_code not in asked | there.codes]
    return [*there.lay(one for one in rows if one.region_code in asked | there.codes), *apart]


def usual_dimension(rows: Iterable[Seen], asked: str) -> str:
    """The breakdown asked for where it is there, else the whole, else the one that is stated most often."""
    stated = Counter(row.dimension for row in rows)
    if asked in stated or not stated:
        return asked if asked in stated else ""
    return "" if "" in stated else min(stated, key=lambda one: (-stated[one], one))


def of_one_year(
    actor: Actor,
    question: Question,
    regions: Q,
    years: Mapping[str, int],
    dimensions: Mapping[str, str],
    there: TodaysMap | None = None,
) -> dict[str, list[Seen]]:
    """The figures of many regions, each indicator in its year. One query. there: the map they are laid on."""
    if not years:
        return {}
    wanted = sorted(set(years.values()) | {year - 1 for year in years.values()})
    if there is not None:
        regions |= Q(region_id__in=sorted(there.codes))
    rows: ObservationQuerySet = Observation.objects.live().filter(
        regions, question.rows(dimensions), fiscal_year__in=wanted
    )
    found = question.figures(laid(read(actor, rows), there))
    return {code: [one for one in seen if one.fiscal_year == years.get(code)] for code, seen in found.items()}


def latest_years(actor: Actor, question: Question, regions: Q, to_year: int | None) -> dict[str, int]:
    """The latest year in which some region states each indicator (a derived one: its operands). One query."""
    rows = Observation.objects.live().filter(regions, question.rows(), fiscal_year__lte=to_year or _LATEST)
    newest = dict(
        rows.within_reach_or_published(actor)
        .values("indicator_id")
        .annotate(newest=Max("fiscal_year"))
        .values_list("indicator_id", "newest")
    )
    found: dict[str, int] = {}
    for entry in question.entries:
        codes: Sequence[str] = [entry.code]
        if entry.derived is not None:
            codes = sorted({one.code for one in references(tree(entry.derived.expression))})
        years = [newest[code] for code in codes if code in newest]
        if years:
            found[entry.code] = min(years) if entry.derived is not None else max(years)
    return found
