"""Rates, means and curves from the figures that may be shown. Nothing here adds up; all of it is computed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nimo.analysis.rates.intervals import wilson_interval
from nimo.analysis.rates.places import RateError, area_rate, decimal, standardised_rate
from nimo.analysis.rates.survival import life_table
from nimo.analysis.results.figures import Figure
from nimo.analysis.results.places import Geography, Place
from nimo.analysis.results.structure import WHOLE, Dims, Table
from nimo.analysis.rules import Rules

Where = tuple[str, Place]  # basis and place
OVER_A_YEAR: Dims = (("stay", "over_1_year"),)


@dataclass(frozen=True, slots=True)
class Derived:
    """value = numerator × scale ÷ denominator, with the limits of its interval where there is one.

    state: "shown", "suppressed" (some count is not shown) or "undefined" (the denominator is zero).
    """

    table: str
    code: str
    label: str
    unit: str
    basis: str
    place: Place
    numerator: int | None
    denominator: int | None
    scale: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    method: str
    state: str = "shown"


def derive(
    tables: Mapping[str, Table], figures: Sequence[Figure], rules: Rules, geography: Geography, *, whole_region: bool
) -> list[Derived]:
    """Everything that can be computed. whole_region: the spells cover all hospitals, so rates per population mean something."""
    cells: dict[str, dict[Where, dict[Dims, Figure]]] = defaultdict(lambda: defaultdict(dict))
    for figure in figures:
        if figure.to is None:
            cells[figure.table][figure.basis, figure.place][figure.dims] = figure
    _share_cells(tables, figures, cells)
    found: list[Derived] = []
    for code, table in tables.items():
        for (basis, place), own in cells.get(code, {}).items():
            found += _shares(table, basis, place, own, rules.rates.confidence_percent)
            found += _means(table, basis, place, own)
            if code == "survival":
                found += _curve(table, basis, place, own, rules)
            if code == "census" and whole_region and basis == "address":
                found += _per_population(table, place, own, rules, geography)
    return found


def _share_cells(
    tables: Mapping[str, Table],
    figures: Sequence[Figure],
    cells: dict[str, dict[Where, dict[Dims, Figure]]],
) -> None:
    """Cells that two tables share are written once: give them to the other table too."""
    by_fact: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, table in tables.items():
        by_fact[table.fact, table.when].append(code)
    for figure in figures:
        table = tables[figure.table]
        for other in by_fact[table.fact, table.when]:
            where = (figure.basis, figure.place)
            if other != figure.table and where in cells.get(other, {}) and figure.dims in set(tables[other].cells):
                cells[other][where].setdefault(figure.dims, figure)


def _value(own: Mapping[Dims, Figure], dims: Dims) -> int | None:
    """The count of a cell; None where it is hidden or not in the file."""
    figure = own.get(dims)
    return figure.value if figure else None


def _ratio(numerator: int, denominator: int, scale: int) -> Decimal:
    return (Decimal(numerator * scale) / Decimal(denominator)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _shares(table: Table, basis: str, place: Place, own: Mapping[Dims, Figure], confidence: int) -> Iterator[Derived]:
    for share in table.shares:
        part, whole = _value(own, share.part), _value(own, share.whole)
        if part is None or whole is None:
            yield _blank(table, share.code, share.label, share.unit, basis, place, share.scale, "wilson", "suppressed")
        elif whole == 0:
            yield _blank(table, share.code, share.label, share.unit, basis, place, share.scale, "wilson", "undefined")
        else:
            low, high = (decimal(limit * share.scale, 1) for limit in wilson_interval(part, whole, confidence))
            value = _ratio(part, whole, share.scale)
            yield Derived(
                table.code, share.code, share.label, share.unit, basis, place, part, whole, share.scale, value, low,
                high, "wilson",
            )  # fmt: skip


def _blank(
    table: Table, code: str, label: str, unit: str, basis: str, place: Place, scale: int, method: str, state: str
) -> Derived:
    return Derived(table.code, code, label, unit, basis, place, None, None, scale, None, None, None, method, state)


def _means(table: Table, basis: str, place: Place, own: Mapping[Dims, Figure]) -> Iterator[Derived]:
    for mean in table.means:
        cell = own.get(mean.cell)
        amount = cell.amounts.get(mean.amount) if cell else None
        if cell is None or cell.value is None or amount is None:
            yield _blank(table, mean.code, mean.label, mean.unit, basis, place, 1, "mean", "suppressed")
        elif cell.value == 0:
            yield _blank(table, mean.code, mean.label, mean.unit, basis, place, 1, "mean", "undefined")
        else:
            numerator = amount * mean.times
            value = _ratio(numerator, cell.value, 1)
            yield Derived(
                table.code, mean.code, mean.label, mean.unit, basis, place, numerator, cell.value, 1, value, None, None,
                "mean",
            )  # fmt: skip


def _curve(table: Table, basis: str, place: Place, own: Mapping[Dims, Figure], rules: Rules) -> Iterator[Derived]:
    """The share still in hospital at each day of the grid, as far as every count before it is shown."""
    grid = rules.survival.grid
    counts = {code: _value(own, (("ending", code),)) for code in table.dimensions["ending"].members}
    events = [counts[f"day_{day}_event"] for day in grid]
    censored = [counts[f"day_{day}_censored"] for day in grid]
    total = _value(own, WHOLE)
    known = 0
    while known < len(grid) and events[known] is not None and censored[known] is not None:
        known += 1
    label = "入院後{day}日に在院している割合"
    left = [number or 0 for number in events[:known]]
    lost = [number or 0 for number in censored[:known]]
    if total is not None and total > 0:
        beyond = total - sum(left) - sum(lost)
        points = life_table(grid[:known], left, lost, beyond, confidence_percent=rules.rates.confidence_percent)
        for point in points:
            low, high = (None if limit is None else limit * 100 for limit in (point.low, point.high))
            yield Derived(
                table.code, f"in_hospital_at_{point.days}", label.format(day=point.days), "%", basis, place, None, None,
                100, decimal(float(point.survival) * 100, 1), low, high, "life_table",
            )  # fmt: skip
    else:
        known = 0
    state = "undefined" if total == 0 else "suppressed"
    for day in grid[known:]:
        yield _blank(table, f"in_hospital_at_{day}", label.format(day=day), "%", basis, place, 100, "life_table", state)


def _per_population(
    table: Table, place: Place, own: Mapping[Dims, Figure], rules: Rules, geography: Geography
) -> Iterator[Derived]:
    per, confidence = rules.rates.per_population, rules.rates.confidence_percent
    persons = geography.population(place)
    if persons is None:
        return
    unit = f"人口{per:,}対"
    for dims, code, label in ((WHOLE, "census_rate", "人口あたりの在院患者数"),
                              (OVER_A_YEAR, "over_1_year_rate", "人口あたりの1年以上在院患者数")):  # fmt: skip
        count = _value(own, dims)
        if count is None:
            yield _blank(table, code, label, unit, "address", place, per, "poisson_exact", "suppressed")
            continue
        rate = area_rate(count, persons, per=per, confidence_percent=confidence)
        state = "undefined" if rate.value is None else "shown"
        yield Derived(
            table.code, code, label, unit, "address", place, count, persons, per, rate.value, rate.low, rate.high,
            rate.method, state,
        )  # fmt: skip
    yield from _standardised(table, place, own, rules, geography, unit)


def _standardised(
    table: Table, place: Place, own: Mapping[Dims, Figure], rules: Rules, geography: Geography, unit: str
) -> Iterator[Derived]:
    ages = geography.population_by_age(place)
    if not ages or not geography.standard:
        return
    code, label = "census_rate_standardised", "人口あたりの在院患者数（年齢調整）"
    events = {age: _value(own, (("age", age),)) for age in table.dimensions["age"].members}
    per = rules.rates.per_population
    if any(number is None for number in events.values()):
        yield _blank(table, code, label, unit, "address", place, per, "direct_dobson", "suppressed")
        return
    try:
        rate = standardised_rate(
            {age: number or 0 for age, number in events.items()}, ages, geography.standard,
            per=per, confidence_percent=rules.rates.confidence_percent,
        )  # fmt: skip
    except RateError:
        yield _blank(table, code, label, unit, "address", place, per, "direct_dobson", "undefined")
        return
    yield Derived(
        table.code, code, label, unit, "address", place, rate.events, rate.persons, per, rate.value, rate.low, rate.high,
        rate.method,
    )  # fmt: skip
