"""Derived indicators of regions and years, as figures like any other: each with its parts and the way to its operands.

Everything is computed from figures as `reading.read` gave them, so a derived figure is never better informed than its
reader; nothing of it is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from nimo.community.indicators.models import DerivedIndicator, Indicator
from nimo.community.indicators.queries.areas import LaidSeen
from nimo.community.indicators.queries.figures import preference
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.rules.evaluation import Result, evaluate, exact, shown
from nimo.community.indicators.rules.expressions import Near, Node, Ratio, Reference, leading, parse, references
from nimo.community.indicators.rules.values import Datum
from nimo.community.indicators.rules.words import UNSTATED_BASES

GROUP = "derived"
_AFTER_THE_DICTIONARY = 10_000


@cache
def tree(expression: str) -> Node:
    """Parsed once a process; the dictionary refuses expressions that cannot be parsed."""
    return parse(expression)


@dataclass(frozen=True, slots=True)
class DerivedSeen(Seen):
    """A computed figure. operands: what it was computed from, as this reader may see them. formula: in words."""

    operands: tuple[Seen, ...] = ()
    formula: str = ""

    @property
    def href(self) -> str:
        """The page that shows the computation and opens its operands."""
        address = reverse("indicators:derived_value", args=[self.indicator, self.region_code, self.fiscal_year])
        asked = {"basis": self.basis} if self.basis_matters else {}
        if any(isinstance(one, LaidSeen) for one in self.operands):
            asked["map"] = "now"
        return f"{address}?{urlencode(asked)}" if asked else address


def wanted_rows(nodes: Iterable[Node]) -> Q:
    """The operands of these expressions, each in the breakdown it is named with."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        for one in references(node):
            found[one.dimension].add(one.code)
    wanted = Q(pk__in=[])
    for dimension, codes in sorted(found.items()):
        wanted |= Q(indicator_id__in=sorted(codes), dimension=dimension)
    return wanted


def indicator_names(codes: Iterable[str]) -> dict[str, str]:
    """code → name, of the operands. One query."""
    return dict(Indicator.objects.filter(pk__in=set(codes)).values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class _Line:
    """One way of counting: derived figures are never computed across two."""

    basis: str
    coverage: str
    origin: str


def _fits(one: Reference, row: Seen) -> bool:
    return row.indicator == one.code and row.dimension == one.dimension and (not one.bases or row.basis in one.bases)


def _line_of(row: Seen) -> _Line:
    return _Line(row.basis, row.coverage, row.origin if row.basis_matters and row.basis in UNSTATED_BASES else "")


def _lines(lead: Reference, rows: Iterable[Seen]) -> list[_Line]:
    """The ways in which the leading operand is counted in a year; where its basis does not matter, one per coverage."""
    found: dict[_Line, Seen] = {}
    for row in sorted(rows, key=preference):
        if _fits(lead, row):
            line = _line_of(row)
            key = line if row.basis_matters else next((k for k in found if k.coverage == row.coverage), line)
            found.setdefault(key, row)
    return list(found)


def _best(one: Reference, rows: Iterable[Seen], line: _Line, as_of: str) -> Seen | None:
    """The statement that goes with the line: its basis and origin first, then its time, then the usual preference."""
    fitting = [row for row in rows if _fits(one, row)]
    return min(
        fitting,
        key=lambda row: (
            row.coverage != line.coverage,
            row.basis_matters and row.basis != line.basis,
            bool(line.origin) and row.basis_matters and row.origin != line.origin,
            row.as_of != as_of,
            preference(row),
        ),
        default=None,
    )


def _near_rows(result: Result, used: Sequence[Seen]) -> list[Seen]:
    """The rows behind `result.near`."""
    near = {id(datum) for datum in result.near}
    return [row for datum, row in zip(result.used, used, strict=True) if id(datum) in near]


def _note(near: Iterable[Seen], lead: Seen) -> str:
    """Which figure was taken where its time is another one."""
    said = [f"{row.name}は{row.as_of_text}の値を使っています。" for row in near if row.as_of != lead.as_of]
    return "".join(dict.fromkeys(said))


def _which(node: Node, near: Sequence[Seen]) -> str:
    """Figures over different populations are different lines: 使った値=住民基本台帳人口."""
    choice = isinstance(node, Ratio) and any(
        isinstance(part, Near) and len(part.options) > 1 for part in (node.numerator, node.denominator)
    )
    return f"使った値={near[0].name}" if choice and near else ""


def _figure(
    entry: DerivedIndicator, node: Node, result: Result, used: Sequence[Seen], lead: Seen, formula: str
) -> Seen:
    base = {field.name: getattr(lead, field.name) for field in fields(Seen)}
    value = shown(result.value, entry.places) if result.value is not None else None
    parts = [None if part is None else exact(part) for part in (result.numerator, result.denominator)]
    both = value is not None and None not in parts
    near = _near_rows(result, used)
    own = {
        "id": 0,
        "indicator": entry.code,
        "name": entry.name,
        "kind": entry.kind,
        "position": _AFTER_THE_DICTIONARY + entry.position,
        "group": GROUP,
        "part_of": "",
        "partition": False,
        "dimension": _which(node, near),
        "state": result.state,
        "value": value,
        "numerator": parts[0] if both else None,
        "denominator": parts[1] if both else None,
        "yes_no": None,
        "text": "",
        "unit": entry.unit,
        "qualifier": result.qualifier,
        "evidence": "D",
        "note": _note(near, lead),
        "source_title": "計算: " + "、".join(dict.fromkeys(row.source_title for row in used)),
        "is_public": bool(used) and all(row.is_public for row in used),
        "counts_persons": any(row.counts_persons for row in used),
        "mark": "",
        "reason": result.reason,
    }
    return DerivedSeen(**{**base, **own, "operands": tuple(used), "formula": formula})


def derive(
    entry: DerivedIndicator, rows: Iterable[Seen], years: Iterable[int], names: Mapping[str, str], formula: str = ""
) -> list[Seen]:
    """The derived figures of every region in `rows` for these fiscal years, a figure a way of counting.

    rows: operands of the years and of the year before each, read by `reading.read`. No query.
    """
    node = tree(entry.expression)
    lead = leading(node)
    if lead is None:
        return []
    by_place: dict[tuple[str, int], list[Seen]] = defaultdict(list)
    for row in rows:
        by_place[row.region_code, row.fiscal_year].append(row)
    regions = sorted({region for region, _ in by_place})
    found = []
    for region in regions:
        for year in years:
            now = by_place.get((region, year), [])
            before = by_place.get((region, year - 1), [])
            for line in _lines(lead, now):
                first = _best(lead, now, line, "")
                if first is None:
                    continue
                used: list[Seen] = []
                result = evaluate(node, _finder(now, before, line, first, used), lambda code: names.get(code, code))
                taken = _taken(result, used)
                found.append(_figure(entry, node, result, taken, first, formula))
    return found


def _finder(
    now: list[Seen], before: list[Seen], line: _Line, first: Seen, used: list[Seen]
) -> Callable[[Reference, int], Datum | None]:
    def find(one: Reference, back: int) -> Datum | None:
        rows = before if back else now
        last_year = _earlier(first.as_of) if back else first.as_of
        best = _best(one, rows, line, last_year)
        if best is None:
            return None
        used.append(best)
        return best.datum

    return find


def _earlier(as_of: str) -> str:
    """The same point of the year before: 2025-06-30 → 2024-06-30, FY2025 → FY2024."""
    if as_of.startswith("FY"):
        return f"FY{int(as_of[2:]) - 1}"
    return f"{int(as_of[:4]) - 1}{as_of[4:]}" if as_of else ""


def _taken(result: Result, looked_at: Sequence[Seen]) -> list[Seen]:
    """The figures behind the data the evaluation used, in its order (near looks at more than it takes)."""
    by_key = {(row.indicator, row.dimension, row.fiscal_year): row for row in looked_at}
    return [by_key[datum.indicator, datum.dimension, datum.fiscal_year] for datum in result.used]
