"""The figures of one region, each in its context: the year before, the prefecture, the nation, where they compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from nimo.community.indicators.choices import SourceKind, ValueState
from nimo.community.indicators.models import Observation, StaleMark
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.queries.recount import STALE_MARK, stale_indicators
from nimo.community.indicators.rules.comparison import Across, comparable
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE
from nimo.foundation.regions.models import Region
from nimo.foundation.ui.components.figures import Comparison, Figure

_SOURCE_RANK = {SourceKind.OFFICIAL_STATISTICS: 0, SourceKind.SHEET: 1, SourceKind.MANUAL: 2, SourceKind.REPORT: 3}


@dataclass(frozen=True, slots=True)
class Compared:
    """The same figure elsewhere or a year earlier. `reason`: why it does not compare ("" when it does)."""

    label: str
    figure: Seen
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RegionFigure:
    """A figure in context. others: the same figure on another basis or from another source, same year.

    stale: a fact it is counted from changed, it waits to be counted again.
    """

    figure: Seen
    comparisons: tuple[Compared, ...] = ()
    others: tuple[Seen, ...] = ()
    stale: bool = False

    @property
    def as_component(self) -> Figure:
        """For the `figure` tag: a hidden or missing value with its reason, comparisons that hold, reasons of others."""
        one = self.figure
        states = {ValueState.VALUE: "value", ValueState.NOT_FILLED: "not_filled", "suppressed": "suppressed"}
        state = states.get(one.state, "absent")
        not_comparable = [f"{other.label}: {other.reason}" for other in self.comparisons if other.reason]
        reason = one.reason or ("　".join(not_comparable) if state == "value" else "")
        return Figure(
            label=one.name if not one.dimension else f"{one.name}（{one.dimension_text}）",
            value=one.value_text if state == "value" else None,
            unit=one.unit if one.value is not None else "",
            as_of=one.as_of_text,
            basis=one.basis_text,
            coverage=one.coverage_text if one.coverage else "",
            source=one.source_title,
            href=one.href,
            state=state,
            reason=reason,
            mark=STALE_MARK if self.stale else "",
            actions=[("年ごと・ほかの地域と比べる", explore_href(one))],
            comparisons=[
                Comparison(other.label, other.figure.value_text, other.figure.unit, other.figure.href)
                for other in self.comparisons
                if not other.reason
            ],
        )


def explore_href(one: Seen) -> str:
    """Where the explorer shows a figure over the years and beside other regions."""
    asked = {"region": one.region_code, "indicator": one.indicator, "dimension": one.dimension, "basis": one.basis}
    if one.group == "derived":
        asked["dimension"] = ""
    given = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse('indicators:explorer')}?{given}"


def preference(one: Seen) -> tuple[int, bool, str, int]:
    """Which of several statements of one fact leads: official statistics, whole coverage; then steadily by id."""
    return (_SOURCE_RANK.get(SourceKind(one.source_kind), 9), one.coverage != "", one.basis, -one.id)


def _label(region_code: str, names: dict[str, str]) -> str:
    return "全国" if region_code == NATION_CODE else names.get(region_code, region_code)


def _best(own: Seen, candidates: Iterable[Seen], across: Across) -> tuple[Seen, str] | None:
    """The first candidate that compares; else the one that comes nearest, with the reason."""
    nearest: tuple[Seen, str] | None = None
    for other in sorted(candidates, key=lambda one: (one.basis != own.basis, one.as_of != own.as_of, preference(one))):
        decision = comparable(own.datum, other.datum, across=across)
        if decision:
            return other, ""
        nearest = nearest or (other, decision.reason)
    return nearest


def _same_line(own: Seen, other: Seen) -> bool:
    return own.indicator == other.indicator and own.dimension == other.dimension and own.coverage == other.coverage


def compared(own: Seen, rows: Sequence[Seen], containers: Sequence[str], names: dict[str, str]) -> list[Compared]:
    """A figure beside that of the year before and those of the regions it lies in, as far as `rows` hold them."""
    found: list[Compared] = []
    before = [
        row
        for row in rows
        if row.region_code == own.region_code and row.fiscal_year == own.fiscal_year - 1 and _same_line(own, row)
    ]
    best = _best(own, before, "years")
    if best:
        found.append(Compared(f"前年度（{FiscalYear(own.fiscal_year - 1).label}）", best[0], best[1]))
    for code in containers:
        there = [
            row
            for row in rows
            if row.region_code == code and row.fiscal_year == own.fiscal_year and row.indicator == own.indicator
        ]
        best = _best(own, there, "regions")
        if best:
            found.append(Compared(_label(code, names), best[0], best[1]))
    return found


def _latest_year(rows: Sequence[Seen]) -> list[Seen]:
    """Of one indicator: the rows of its latest year. A year that says "not filled" is not papered over by an older one."""
    latest = max(row.fiscal_year for row in rows)
    return [row for row in rows if row.fiscal_year == latest]


def _stale(region_code: str) -> set[tuple[str, int]]:
    return stale_indicators(StaleMark.objects.filter(region_id=region_code).values_list("fact", "fiscal_year"))


def region_figures(
    actor: Actor,
    region_code: str,
    *,
    fiscal_year: int | None = None,
    indicator_codes: Collection[str] | None = None,
    as_public: bool = False,
) -> list[RegionFigure]:
    """The latest figures of a region up to a fiscal year (None: the latest there are), in dictionary order.

    Anonymous actors, other regions' readers and `as_public` get published figures in their public form. Each figure is
    compared with the year before, the prefecture and the nation; where that is not allowed the reason stands instead.
    Three queries, however many years, figures and regions the store holds.
    """
    region = Region.objects.filter(pk=region_code).select_related("prefecture").first()
    if region is None:
        return []
    containers = [code for code in (region.prefecture_id, NATION_CODE) if code and code != region_code]
    names = {region.prefecture_id: region.prefecture.name} if region.prefecture_id and region.prefecture else {}
    rows = Observation.objects.live().filter(region_id__in=[region_code, *containers])
    if indicator_codes is not None:
        rows = rows.filter(indicator_id__in=list(indicator_codes))
    if fiscal_year is not None:
        rows = rows.filter(fiscal_year__lte=fiscal_year)
    everything = read(actor, rows, as_public=as_public)
    stale = _stale(region_code)
    by_indicator: dict[str, list[Seen]] = defaultdict(list)
    elsewhere: dict[str, list[Seen]] = defaultdict(list)
    for row in everything:
        elsewhere[row.indicator].append(row)
        if row.region_code == region_code:
            by_indicator[row.indicator].append(row)
    figures = []
    for indicator, mine in by_indicator.items():
        lines: dict[tuple[str, str], list[Seen]] = defaultdict(list)
        for row in _latest_year(mine):
            lines[row.coverage, row.dimension].append(row)
        for same in lines.values():
            first, *others = sorted(same, key=lambda one: (-one.day.toordinal(), preference(one)))
            figures.append(
                RegionFigure(
                    first,
                    tuple(compared(first, elsewhere[indicator], containers, names)),
                    tuple(others),
                    (indicator, first.fiscal_year) in stale,
                )
            )
    return sorted(figures, key=lambda one: (one.figure.position, one.figure.coverage, one.figure.dimension))
