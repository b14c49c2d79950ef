"""The year a sheet is for: stated in its title, or only in the heads of its tables; always with its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.heads import is_cover, text_of
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.reading.stream import Item
from nimo.core.eras import find_partial_dates
from nimo.core.fiscal import FiscalYear, parse_fiscal_year
from nimo.core.text import join_wrapped, strip_markup

RELATIVE = re.compile("昨年度|前年度|今年度|本年度")


@dataclass(slots=True)
class Evidence:
    """What the sheet says about years, as met while reading."""

    titles: list[tuple[str, Piece]] = field(default_factory=list)
    """Lines of the form's name: 令和元年度 第１回 … 「事前課題」シート."""
    headings: list[tuple[str, Piece]] = field(default_factory=list)
    targets: list[tuple[str, Piece]] = field(default_factory=list)
    currents: list[tuple[str, Piece]] = field(default_factory=list)
    past: list[tuple[str, Piece]] = field(default_factory=list)
    """Heads of the results table and its caption: the year before the sheet's."""
    periods: list[tuple[str, Piece]] = field(default_factory=list)
    """The first period of this year's schedule."""
    basic_dates: list[tuple[str, Piece]] = field(default_factory=list)
    """人口 (令和6年5月時点) and the like."""


@dataclass(frozen=True, slots=True)
class _Vote:
    year: int
    evidence: str
    at: Piece


def collect_titles(items: Sequence[Item], piece_of: dict[int, Piece], evidence: Evidence) -> None:
    """Cover lines that name a fiscal year."""
    for index, item in enumerate(items):
        if is_cover(item) and index in piece_of:
            evidence.titles.append((text_of(item).strip(), piece_of[index]))


def one_year(text: str) -> int | None:
    """The one absolute fiscal year a head states (目標値（令和３年度⏎末）, R6年度); None for relative or several."""
    year = parse_fiscal_year(squeeze(text))
    return year.year if year is not None else None


def decide(draft: Draft, evidence: Evidence) -> None:
    """Set the sheet's year by the best evidence and note what contradicts it.

    Order of trust: the form's title; the year of the targets; of a heading; of the current values; the year before which
    the results end; the dates of the basic figures; the first month of the schedule.
    """
    reading = draft.reading
    _check_order(draft, evidence)
    targets = _votes(evidence.targets, 0)
    currents = _votes(evidence.currents, 0)
    if targets and currents and targets[0].year < currents[0].year:
        targets = currents = []
    votes = [
        *_votes(evidence.titles, 0),
        *targets,
        *_votes(evidence.headings, 0),
        *(_Vote(vote.year + 1, vote.evidence, vote.at) for vote in currents if not targets),
        *_votes(evidence.past, 1),
    ]
    weak = [*_basic_votes(evidence), *_period_votes(evidence)]
    chosen = next(iter(votes), None) or next(iter(weak), None)
    if chosen is None:
        draft.warn("year_unknown", "fiscal_year")
        return
    reading.fiscal_year, reading.fiscal_year_evidence = chosen.year, chosen.evidence
    for vote in votes:
        if vote.year != chosen.year and vote.evidence not in [v.evidence for v in votes[: votes.index(vote)]]:
            detail = f"「{chosen.evidence}」は{FiscalYear(chosen.year).label}、「{vote.evidence}」からは{FiscalYear(vote.year).label}"
            draft.warn("inconsistent_year", "fiscal_year", vote.at, detail=detail)
    _results_year(draft, evidence)


def _votes(heads: Sequence[tuple[str, Piece]], later: int) -> list[_Vote]:
    found = []
    for text, at in heads:
        year = one_year(text)
        if year is not None and 1989 <= year + later <= 2199:
            found.append(_Vote(year + later, shown(text), at))
    return found


def shown(text: str) -> str:
    """An evidence as it is shown: verbatim, its cut lines joined, its spaces kept."""
    return join_wrapped(strip_markup(text).split("\n"))


def _basic_votes(evidence: Evidence) -> list[_Vote]:
    """The population's date falls in the sheet's own year (the form asks for May)."""
    for text, at in evidence.basic_dates[:1]:
        dates = find_partial_dates(text)
        year = FiscalYear.of_partial(dates[0].value) if len(dates) == 1 else None
        if year is not None:
            return [_Vote(year.year, shown(text), at)]
    return []


def _period_votes(evidence: Evidence) -> list[_Vote]:
    for text, at in evidence.periods[:1]:
        year = one_year(text)
        if year is None:
            dates = find_partial_dates(text)
            found = FiscalYear.of_partial(dates[0].value) if dates else None
            year = found.year if found else None
        if year is not None:
            return [_Vote(year, shown(text), at)]
    return []


def _check_order(draft: Draft, evidence: Evidence) -> None:
    """目標値 of a year before 現状値's, or 実績 after the targets."""
    for target_text, at in evidence.targets:
        for current_text, _ in evidence.currents:
            target, current = one_year(target_text), one_year(current_text)
            if target is not None and current is not None and target < current:
                draft.warn(
                    "year_order", "targets", at, target=FiscalYear(target).label, current=FiscalYear(current).label
                )
                return


def _results_year(draft: Draft, evidence: Evidence) -> None:
    """The year of the results: stated, or 昨年度 of the sheet."""
    stated = {year for text, _ in evidence.past if (year := one_year(text)) is not None}
    if len(stated) == 1:
        draft.reading.results_fiscal_year = stated.pop()
    elif len(stated) > 1:
        at = evidence.past[0][1]
        words = "、".join(FiscalYear(year).label for year in sorted(stated))
        draft.warn("inconsistent_year", "results", at, detail=f"成果・効果の表に{words}が混ざっています")
    elif draft.reading.fiscal_year is not None and any(RELATIVE.search(text) for text, _ in evidence.past):
        draft.reading.results_fiscal_year = draft.reading.fiscal_year - 1
