"""Today's figures of a region as a snapshot: the figure, five years, what it compares with, and what must be said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import F

from nimo.community.indicators.choices import Evidence, ValueState
from nimo.community.indicators.models import Indicator
from nimo.community.indicators.queries.figures import RegionFigure, region_figures
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.queries.series import SeriesLine, series
from nimo.community.indicators.rules.values import to_text
from nimo.community.indicators.rules.words import SUPPRESSED
from nimo.community.reports.choices import AnswerState
from nimo.community.reports.models.answers import AnswerVersion
from nimo.community.reports.policies import visible_answers
from nimo.community.reports.rules.caveats import OtherLine, Told, caveats
from nimo.community.reports.rules.snapshot import (
    MOST_FIGURES,
    MOST_PREVIOUS,
    YEARS,
    ComparedValue,
    FigureSnapshot,
    PreviousAnswer,
    Snapshot,
    YearValue,
)
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor


def _line_of(figure: Seen, lines: Sequence[SeriesLine]) -> SeriesLine | None:
    return next((line for line in lines if any(point.id == figure.id for point in line.points)), None)


def _years(figure: Seen, line: SeriesLine | None) -> list[YearValue]:
    """The five fiscal years up to the figure's own, gaps included."""
    last = figure.fiscal_year
    points = {point.fiscal_year: point for point in (line.points if line else [figure])}
    found = []
    for year in range(last - YEARS + 1, last + 1):
        point = points.get(year)
        if point is None:
            found.append(YearValue(FiscalYear(year).label, "記録なし", None))
        else:
            value = to_text(point.value) if point.value is not None else None
            found.append(
                YearValue(FiscalYear(year).label, point.cell_text, value, point.as_of_text, point.source_title)
            )
    return found


def _other_lines(figure: Seen, own: SeriesLine | None, lines: Sequence[SeriesLine], from_year: int) -> list[OtherLine]:
    """The same indicator on another basis, coverage or unit in the years shown."""
    found = []
    for line in lines:
        if line is own or line.indicator != figure.indicator or line.dimension_text != figure.dimension_text:
            continue
        years = [FiscalYear(point.fiscal_year).label for point in line.points if point.fiscal_year >= from_year]
        if years:
            coverage = "" if line.coverage_text == "全域" else line.coverage_text
            found.append(OtherLine(tuple(years), line.basis_text, coverage, line.points[-1].source_title))
    return found


def _told(one: RegionFigure, line: SeriesLine | None, lines: Sequence[SeriesLine], years: Sequence[YearValue]) -> Told:
    figure = one.figure
    first = figure.fiscal_year - YEARS + 1
    hidden = [
        FiscalYear(point.fiscal_year).label
        for point in (line.points if line else ())
        if point.state == SUPPRESSED and point.id != figure.id and point.fiscal_year >= first
    ]
    return Told(
        reason=figure.reason,
        qualifier=figure.qualifier,
        evidence="" if figure.evidence == Evidence.SOURCE else figure.evidence_text,
        note=figure.note,
        coverage=figure.coverage,
        stale=one.stale,
        other_lines=_other_lines(figure, line, lines, first),
        gaps=tuple(year.label for year in years if year.text == "記録なし"),
        hidden=tuple(hidden),
        not_comparable=tuple((other.label, other.reason) for other in one.comparisons if other.reason),
    )


def _snapshot(one: RegionFigure, lines: Sequence[SeriesLine], definitions: dict[str, str]) -> FigureSnapshot:
    figure, line = one.figure, _line_of(one.figure, lines)
    years = _years(figure, line)
    return FigureSnapshot(
        indicator=figure.indicator,
        name=figure.name if not figure.dimension else f"{figure.name}（{figure.dimension_text}）",
        definition=definitions.get(figure.indicator, ""),
        state="value" if figure.state == ValueState.VALUE else figure.state,
        text=figure.cell_text,
        unit=figure.unit if figure.value is not None else "",
        as_of=figure.as_of_text,
        basis=figure.basis_text,
        coverage=figure.coverage_text,
        source=figure.source_title,
        path=figure.href,
        years=tuple(years),
        comparisons=tuple(
            ComparedValue(other.label, other.figure.cell_text) for other in one.comparisons if not other.reason
        ),
        caveats=tuple(caveats(_told(one, line, lines, years))),
    )


def previous_answers(
    actor: Actor, region_code: str, indicator_codes: Collection[str], *, public: bool, but: UUID | None = None
) -> list[AnswerVersion]:
    """What the actor's organisation answered before on this region and any of these indicators, newest first.

    public: only sheets that were made to be handed out. Two queries.
    """
    sheets = visible_answers(actor).filter(region_id=region_code, state=AnswerState.CONFIRMED)
    if public:
        sheets = sheets.filter(public_only=True)
    wanted = set(indicator_codes)
    ids = [pk for pk, codes in sheets.values_list("pk", "indicators") if pk != but and wanted & set(codes)]
    rows = AnswerVersion.objects.filter(sheet_id__in=ids, number=F("sheet__version")).select_related("sheet")
    return sorted(rows, key=lambda row: (row.asked_on or date.min, row.saved_at), reverse=True)


def take_snapshot(
    actor: Actor,
    region_code: str,
    indicator_codes: Sequence[str],
    *,
    public: bool,
    asked_on: date | None = None,
    but: UUID | None = None,
) -> Snapshot:
    """The figures as this actor may see them now (public: as anybody may), up to the fiscal year of the question."""
    to_year = FiscalYear.of(asked_on).year if asked_on else None
    figures = region_figures(actor, region_code, fiscal_year=to_year, indicator_codes=indicator_codes, as_public=public)
    lines = series(actor, region_code, indicator_codes, to_year=to_year, as_public=public)
    definitions = dict(Indicator.objects.filter(pk__in=indicator_codes).values_list("code", "definition"))
    order = {code: place for place, code in enumerate(indicator_codes)}
    by_indicator: dict[str, list[RegionFigure]] = defaultdict(list)
    for one in figures:
        by_indicator[one.figure.indicator].append(one)
    chosen = [one for code in sorted(by_indicator, key=order.__getitem__) for one in by_indicator[code]]
    previous = previous_answers(actor, region_code, indicator_codes, public=public, but=but)[:MOST_PREVIOUS]
    return Snapshot(
        taken=to_wareki(actor.today),
        public=public,
        figures=tuple(_snapshot(one, lines, definitions) for one in chosen[:MOST_FIGURES]),
        previous=tuple(
            PreviousAnswer(
                asked_on=to_wareki(row.asked_on) if row.asked_on else "",
                meeting=row.meeting_name,
                answerer=row.answerer_post,
                question=row.question,
                answer=row.answer,
            )
            for row in previous
        ),
    )
