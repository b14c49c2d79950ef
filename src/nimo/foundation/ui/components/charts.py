"""Charts: what is drawn. How it is drawn: vega.py (a Vega-Lite dictionary) and the charts package (SVG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nimo.foundation.ui.components.registry import Context, component, one_of
from nimo.foundation.ui.components.tables import Cell, Column, Table

KINDS = ("bar", "stacked_bar", "line")


@dataclass(frozen=True, slots=True)
class Point:
    """None is a gap, never a zero; `note` says why (「公表なし」) and stands in the table."""

    label: str
    value: int | Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one colour of bars. Points of several series meet by their label."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Chart:
    """`id` is unique in the page. `value_format`: "," as they are, ",.1f" one decimal, ".1%" shares.

    `label_heading` heads the first column of the table (「年度」, 「圏域」).
    """

    id: str
    kind: str
    title: str
    series: Sequence[Series]
    unit: str = ""
    description: str = ""
    source: str = ""
    value_format: str = ","
    label_heading: str = "区分"

    def __post_init__(self) -> None:
        one_of(self.kind, KINDS, "kind")

    @property
    def labels(self) -> list[str]:
        """Labels in the order in which they first appear."""
        return list(dict.fromkeys(point.label for series in self.series for point in series.points))


def is_beside(chart: Chart) -> bool:
    """Whether the table fits beside the picture; else it stands below and the picture is wider."""
    return len(chart.series) <= 2 and all(len(series.name) <= 12 for series in chart.series)


def table_of(chart: Chart) -> Table:
    """The same values as a table: one row a label, one column a series. Gaps keep their note."""
    unit = f"（{chart.unit}）" if chart.unit else ""
    columns = [Column("label", chart.label_heading, is_row_header=True)]
    columns += [Column(f"s{place}", f"{series.name}{unit}", align="end") for place, series in enumerate(chart.series)]
    rows: dict[str, dict[str, Cell | str | int | None]] = {label: {"label": label} for label in chart.labels}
    for place, series in enumerate(chart.series):
        for point in series.points:
            if point.value is None:
                cell = Cell("値なし", note=point.note or None)
            else:
                cell = Cell(formatted(point.value, chart.value_format), note=point.note or None, csv_value=point.value)
            rows[point.label][f"s{place}"] = cell
    return Table(
        id=f"{chart.id}-table",
        caption=f"{chart.title}の表",
        columns=columns,
        rows=list(rows.values()),
        keep_on_phone=len(columns) <= 3,
    )


def formatted(value: int | Decimal, value_format: str) -> str:
    """The text of a value, in the chart as in its table (Python's format language)."""
    return format(value, value_format)


@component("chart")
def chart(chart: Chart, heading_level: int = 3) -> Context:
    """グラフと、同じ値の表。色だけに頼らず、模様と名前でも見分けられます。値のない年は空けます。"""
    return {"chart": chart, "table": table_of(chart), "heading_level": heading_level, "beside": is_beside(chart)}
