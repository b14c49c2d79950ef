"""What a recording would write: which figures, as which sources, and what they would replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from django.db.models import Count

from nimo.community.indicators.models import Indicator, Source
from nimo.community.indicators.rules.drafts import ObservationDraft, SourceDraft
from nimo.community.indicators.rules.periods import as_of_words, fiscal_year_of
from nimo.community.statistics.choices import Decision, Severity
from nimo.community.statistics.formats.reading import CellValue, read_cell
from nimo.community.statistics.models import ReadCell, StatisticsImport
from nimo.community.statistics.queries.known import active_sources
from nimo.community.statistics.rules.effect import is_held, is_waiting
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import NATION_CODE

EVIDENCE = "S3"
"""A file handed over by a person: the same figures as the publisher's, but not read at the publisher's own place."""
OPEN_REASON = "国の機関が公表している統計の値のため"


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """One source to be recorded, and the edition it would replace."""

    draft: SourceDraft
    count: int
    rows: tuple[ObservationDraft, ...] = ()
    replaces: Source | None = None
    may_be_opened: bool = False


@dataclass(slots=True)
class Plan:
    """held: figures in rows with a STOP. waiting: doubtful ones nobody has looked at. left_out: by a person's word.

    An outline (`outline_of`) has the sources with their counts and without their rows.
    """

    sources: list[PlannedSource] = field(default_factory=list)
    held: int = 0
    held_rows: int = 0
    waiting: int = 0
    left_out: int = 0

    @property
    def count(self) -> int:
        return sum(source.count for source in self.sources)

    @property
    def replaces(self) -> list[Source]:
        return [source.replaces for source in self.sources if source.replaces is not None]

    @property
    def may_be_opened(self) -> bool:
        return any(source.may_be_opened for source in self.sources)


class Figure(Protocol):
    """What a plan needs to know of a cell."""

    sheet: str
    row_number: int
    table: str
    indicator: str
    region_id: str | None
    as_of: str
    fiscal_year: int | None
    dimension: str
    severity: str
    decision: str


F = TypeVar("F", bound=Figure)
_OUTLINE = tuple(Figure.__annotations__)


def plan_of(one: StatisticsImport) -> Plan:
    """What would be recorded of an import as it stands: rows that are held back and cells nobody looked at are not.

    A constant number of queries (cells, dictionary, active sources); every figure is written out, so a job asks it.
    """
    plan, sound = _sorted_out(ReadCell.objects.filter(import_of=one).order_by("position"))
    plan.sources = _sources(one, sound, lambda cells: tuple(_draft(cell) for cell in cells))
    return plan


def outline_of(one: StatisticsImport) -> Plan:
    """The same in numbers, for a screen: what, how much, instead of which edition. The same queries, a few columns."""
    rows = ReadCell.objects.filter(import_of=one).order_by("position").values_list(*_OUTLINE, named=True)
    plan, sound = _sorted_out(rows)
    plan.sources = _sources(one, sound, lambda _: ())
    return plan


def _sorted_out(cells: Iterable[F]) -> tuple[Plan, list[F]]:
    rows = list(cells)
    held_rows = {(cell.sheet, cell.row_number) for cell in rows if is_held(cell.severity, cell.decision)}
    plan = Plan(held_rows=len(held_rows))
    sound: list[F] = []
    for cell in rows:
        if cell.decision == Decision.LEFT_OUT:
            plan.left_out += 1
        elif (cell.sheet, cell.row_number) in held_rows:
            plan.held += 1
        elif is_waiting(cell.severity, cell.decision):
            plan.waiting += 1
        else:
            sound.append(cell)
    return plan, sound


def _year(cell: Figure) -> int | None:
    return cell.fiscal_year if cell.fiscal_year is not None else fiscal_year_of(cell.as_of)


def _sources(
    one: StatisticsImport, cells: Iterable[F], rows_of: Callable[[list[F]], tuple[ObservationDraft, ...]]
) -> list[PlannedSource]:
    tables = {table["code"][:160]: table for table in one.tables}
    groups: dict[tuple[str, int | None, str], list[F]] = defaultdict(list)
    for cell in cells:
        one_file = one.layout == "ndb"  # all years of a table come out as one edition
        key = "" if one_file else (cell.as_of or str(_year(cell)))
        groups[cell.table, None if one_file else _year(cell), key].append(cell)
    counted = dict(Indicator.objects.values_list("code", "disclosure"))
    made: list[PlannedSource] = []
    for (code, year, when), members in sorted(groups.items(), key=lambda item: (item[0][0], item[0][2])):
        table = tables.get(code) or next(iter(one.tables))
        scope = _scope({str(cell.region_id) for cell in members})
        words = _when(when, year)
        official = bool(table["official"])
        open_ = official and all(not cell.dimension or counted.get(cell.indicator) == "open" for cell in members)
        draft = SourceDraft(
            series=f"{table['series']}:{when}:{scope}"[:80] if when else f"{table['series']}:{scope}"[:80],
            kind="official_statistics" if official else "report",
            title=f"{table['title']}{f'（{words}）' if words else ''}"[:200],
            publisher=(table["publisher"] or "取り込んだ組織の資料")[:120],
            region_code=scope,
            origin=str(table["origin"])[:80],
            reference=str(table["reference"])[:300],
            credit=str(table["credit"])[:200],
            file_id=one.file_id,
            digest=one.file.digest,
            fiscal_year=year,
            retrieved_on=None,
        )
        made.append(PlannedSource(draft, len(members), rows_of(members), None, open_))
    active = active_sources(planned.draft.series for planned in made)
    return [replace(planned, replaces=active.get(planned.draft.series)) for planned in made]


def _when(when: str, year: int | None) -> str:
    if not when:
        return ""
    if when.isdigit() and year is not None:
        return FiscalYear(year).label if len(when) != 4 else f"{when}年"
    return as_of_words(when).partition("（")[0]


def _scope(codes: set[str]) -> str:
    """The region the source is about: the one region, the one prefecture, else the nation."""
    if len(codes) == 1:
        return next(iter(codes))
    prefectures = {code[:2] for code in codes}
    if len(prefectures) == 1 and "00" not in prefectures:
        return f"{prefectures.pop()}000"
    return NATION_CODE


def stated(cell: ReadCell) -> CellValue:
    """What is recorded of a cell: as read, or as a person corrected it."""
    if cell.decision == Decision.CORRECTED:
        return read_cell(cell.corrected)
    return CellValue(cell.state, cell.value, cell.qualifier, cell.counter)


def _draft(cell: ReadCell) -> ObservationDraft:
    value = stated(cell)
    numerator, denominator = cell.numerator, cell.denominator
    if value.state != "value" or numerator is None or denominator is None or cell.decision == Decision.CORRECTED:
        numerator = denominator = None
    place = f"シート「{cell.sheet}」{cell.address}" if cell.sheet else cell.address
    notes = [cell.note] if cell.note else []
    if cell.decision == Decision.CORRECTED:
        notes.append(f"取り込みのときに「{cell.raw[:60]}」を直した値")
    return ObservationDraft(
        indicator=cell.indicator,
        region_code=str(cell.region_id),
        locator=f"{place}（{cell.heading}）"[:200] if cell.heading else place[:200],
        as_of=cell.as_of,
        fiscal_year=cell.fiscal_year,
        basis=cell.basis,
        coverage=cell.coverage,
        dimension=cell.dimension,
        state=value.state,
        value=value.value if value.state == "value" else None,
        numerator=numerator,
        denominator=denominator,
        unit=cell.unit or None,
        qualifier=value.qualifier,
        raw=cell.raw,
        note="。".join(notes)[:300],
        evidence=EVIDENCE,
    )


def severity_counts(one: StatisticsImport) -> dict[str, int]:
    """How many cells are held, wait for a person, or are without doubt."""
    counts = {"all": 0, "stop": 0, "check": 0, "waiting": 0}
    asked = ReadCell.objects.filter(import_of=one).values_list("severity", "decision").annotate(number=Count("pk"))
    for severity, decision, number in asked.order_by():
        counts["all"] += number
        if is_held(severity, decision):
            counts["stop"] += number
        elif severity == Severity.CHECK:
            counts["check"] += number
            counts["waiting"] += number if decision == Decision.PENDING else 0
    return counts
