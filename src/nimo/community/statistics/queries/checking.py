"""From what a file says to cells with their findings; used when a file is read and after a person has corrected one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from nimo.community.statistics.choices import Decision
from nimo.community.statistics.formats.loading.grid import address
from nimo.community.statistics.formats.reading import CellValue, ReadFigure, Reading, read_cell
from nimo.community.statistics.models import ReadCell, StatisticsImport
from nimo.community.statistics.queries.known import figures_before, meanings
from nimo.community.statistics.queries.places import Places, Resolved, Written
from nimo.community.statistics.rules.checks import check_all
from nimo.community.statistics.rules.effect import KEPT_CODES, decision_after, severity_of
from nimo.community.statistics.rules.findings import Finding
from nimo.community.statistics.rules.subjects import Context, Number, Subject
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission

Progress = Callable[[int, int, str], None]


def quiet(done: int, total: int, text: str) -> None:
    """For commands and corrections: nobody watches."""


@dataclass(slots=True)
class Seen:
    """cells: to be kept (unsaved). outside: figures of regions beyond the reach, for sums and comparisons only."""

    cells: list[ReadCell]
    outside: list[Subject] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)

    @property
    def beyond_reach(self) -> int:
        return len(self.outside)


def _number(cell: CellValue | None) -> Number | None:
    return cell.value if cell is not None and cell.state == "value" else None


def _resolved(figure: ReadFigure, places: Places, chosen: dict[str, str]) -> tuple[Written, Resolved]:
    written = Written(figure.region_code, figure.region_name.strip(), figure.prefecture_name.strip())
    if chosen.get(written.text):
        return written, Resolved(chosen[written.text])
    return written, places.resolve(written)


def cells_of(actor: Actor, one: StatisticsImport, reading: Reading, progress: Progress) -> Seen:
    """Every figure of the regions the actor may load, as unsaved cells without findings."""
    places = Places()
    reach = actor.reach(Permission.LOAD_INDICATORS)
    seen = Seen([])
    total = len(reading.figures)
    for position, figure in enumerate(reading.figures):
        if position % 2000 == 0:
            progress(position, total, f"地域を確かめています（{position:,}／{total:,}件）")
        written, found = _resolved(figure, places, one.region_choices)
        if found.code is not None and not reach.everything and found.code not in reach.region_codes:
            seen.outside.append(_outside(figure, found.code, -position - 1, places))
            continue
        if found.code is None:
            seen.why[written.text] = found.why
        seen.cells.append(_cell(one, position, figure, written.text, found.code))
    return seen


def _cell(one: StatisticsImport, position: int, figure: ReadFigure, text: str, code: str | None) -> ReadCell:
    value = figure.cell
    return ReadCell(
        import_of=one,
        position=position,
        table=figure.table[:160],
        sheet=figure.sheet[:120],
        row_number=figure.row,
        column_index=figure.column,
        address=address(figure.row, figure.column),
        heading=figure.heading[:200],
        indicator=figure.indicator[:120],
        region_id=code,
        region_text=text,
        as_of=figure.as_of[:10],
        fiscal_year=figure.fiscal_year,
        basis=figure.basis[:24],
        coverage=figure.coverage,
        dimension=figure.dimension[:120],
        unit=(figure.unit or "")[:20],
        axes=dict(figure.axes),
        raw=figure.raw,
        state=value.state,
        value=value.value,
        numerator=_number(figure.numerator),
        denominator=_number(figure.denominator),
        qualifier=value.qualifier,
        counter=value.counter[:20],
        problem=value.problem,
        note=figure.note,
    )


def _outside(figure: ReadFigure, code: str, number: int, places: Places) -> Subject:
    return Subject(
        number=number,
        table=figure.table,
        sheet=figure.sheet,
        row=figure.row,
        cell=address(figure.row, figure.column),
        indicator=figure.indicator,
        region=code,
        as_of=figure.as_of,
        fiscal_year=figure.fiscal_year,
        basis=figure.basis,
        coverage=figure.coverage,
        dimension=figure.dimension,
        state=figure.cell.state,
        value=figure.cell.value,
        raw=figure.raw,
        region_kind=places.regions[code].kind,
        axes=figure.axes,
    )


def effective(cell: ReadCell) -> CellValue:
    """What the cell states after a correction."""
    if cell.decision == Decision.CORRECTED:
        return read_cell(cell.corrected)
    return CellValue(cell.state, cell.value, cell.qualifier, cell.counter, cell.problem)


def subject_of(cell: ReadCell, kinds: dict[str, str]) -> Subject:
    """A cell as the checks see it."""
    value = effective(cell)
    return Subject(
        number=cell.position,
        table=cell.table,
        sheet=cell.sheet,
        row=cell.row_number,
        cell=cell.address,
        indicator=cell.indicator,
        region=cell.region_id or "",
        as_of=cell.as_of,
        fiscal_year=cell.fiscal_year,
        basis=cell.basis,
        coverage=cell.coverage,
        dimension=cell.dimension,
        state=value.state,
        value=value.value,
        raw=cell.corrected or cell.raw,
        unit=cell.unit or None,
        counter=value.counter,
        problem=value.problem,
        numerator=cell.numerator,
        denominator=cell.denominator,
        region_kind=kinds.get(cell.region_id or "", ""),
        axes=cell.axes,
    )


def check_cells(actor: Actor, one: StatisticsImport, seen: Seen, progress: Progress) -> None:
    """Gives the unsaved cells of a fresh reading their findings."""
    progress(len(seen.cells), len(seen.cells), "値を確かめています")
    for cell, findings in _checked(actor, seen.cells, seen.outside):
        _put(cell, findings, seen.why.get(cell.region_text, ""))


def check_again(actor: Actor, cells: Sequence[ReadCell], changed: frozenset[int]) -> list[ReadCell]:
    """The findings of saved cells after corrections; the cells whose findings or decision are other ones now.

    changed: positions of the cells a person has just corrected or given a region.
    """
    moved: list[ReadCell] = []
    for cell, findings in _checked(actor, cells, ()):
        kept = [
            Finding(old["code"], old["message"])
            for old in cell.findings
            if old["code"] in KEPT_CODES and cell.position not in changed and cell.decision != Decision.LEFT_OUT
        ]
        fresh = [finding for finding in findings if finding.code not in {old.code for old in kept}]
        before = (cell.findings, cell.severity, cell.decision)
        codes = {old["code"] for old in cell.findings}
        _put(cell, [*kept, *fresh], "")
        cell.decision = decision_after(cell.decision, codes, {one["code"] for one in cell.findings})
        if before != (cell.findings, cell.severity, cell.decision):
            moved.append(cell)
    return moved


def _put(cell: ReadCell, findings: Sequence[Finding], why: str) -> None:
    listed = [
        Finding(one.code, f"{one.message}{why}") if one.code == "unknown_region" and why else one for one in findings
    ]
    cell.findings = [one.to_json() for one in listed]
    cell.severity = severity_of(listed)


def _checked(
    actor: Actor, cells: Sequence[ReadCell], outside: Sequence[Subject]
) -> Iterable[tuple[ReadCell, list[Finding]]]:
    kinds = _kinds(cells)
    subjects = [subject_of(cell, kinds) for cell in cells if cell.decision != Decision.LEFT_OUT]
    years = {subject.year for subject in subjects if subject.year is not None}
    known = meanings()
    context = Context(
        meanings=known,
        before=figures_before(
            actor,
            {subject.indicator for subject in subjects if subject.indicator in known},
            {subject.region for subject in subjects if subject.region},
            years,
        ),
    )
    found = check_all([*subjects, *outside], context)
    return ((cell, found.get(cell.position, [])) for cell in cells)


def _kinds(cells: Sequence[ReadCell]) -> dict[str, str]:
    return dict(Places.kinds({cell.region_id for cell in cells if cell.region_id}))
