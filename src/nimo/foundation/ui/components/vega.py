"""A Chart as a Vega-Lite dictionary. Pure: nothing is drawn here.

Printers are monochrome and one man in twenty sees few colours, so no series is told by colour alone: bars have
a pattern, lines a dash, a point shape and their name at the end. A missing point is a gap with a mark, never
a zero. Texts of values come ready from Python, so that the picture and the table beside it cannot differ.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

from nimo.foundation.ui.components.charts import Chart, Series, formatted, is_beside

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Noto Sans JP"
INK = "#1a1a1a"
MUTED = "#4d4d4d"
RULE = "#cccccc"
AXIS = "#666666"
WIDTH_BESIDE = 560
WIDTH_ALONE = 760
LINE_HEIGHT = 300
LABEL_GAP = 20

# Each at least 3:1 on white (WCAG 1.4.11) and apart from its neighbours for the common kinds of colour vision.
PALETTE = ("#0017c1", "#fb5b01", "#008da6", "#6e5600", "#c000c0", "#1a1a1a")
DASHES: tuple[list[int], ...] = ([1, 0], [8, 4], [2, 3], [12, 4, 2, 4], [5, 2], [1, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
GAP_MARK = "×"


def _fills(count: int) -> list[str]:
    """Names of the patterns charts/drawing.py puts into the SVG, one a series."""
    return [f"url(#pattern-{place % len(PALETTE)})" for place in range(count)]


def _cycled(options: tuple[Any, ...], count: int) -> list[Any]:
    return [options[place % len(options)] for place in range(count)]


def _number(value: object) -> float | int | None:
    """What the drawing needs is a position, so a float is exact enough; figures shown come as text."""
    if value is None or isinstance(value, int):
        return value
    return float(str(value))


def _values(chart: Chart) -> list[dict[str, Any]]:
    return [
        {
            "label": point.label,
            "series": series.name,
            "order": place,
            "value": _number(point.value),
            "text": "" if point.value is None else formatted(point.value, chart.value_format),
        }
        for place, series in enumerate(chart.series)
        for point in series.points
    ]


def nice_limit(largest: float, ticks: int = 5) -> tuple[float, float]:
    """(end of the axis, step): the smallest round step (1, 2, 2.5, 5 × 10ⁿ) that reaches `largest` in `ticks` steps."""
    if largest <= 0:
        return (1.0, 1.0)
    magnitude = 10.0 ** math.floor(math.log10(largest / ticks))
    for factor in (1, 2, 2.5, 5, 10):
        step = factor * magnitude
        if step * ticks >= largest:
            break
    return (math.ceil(largest / step) * step, step)


def _axis_of_values(chart: Chart, largest: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """(scale, axis) of the values: from zero, round steps, no half persons."""
    limit, step = nice_limit(largest)
    whole = all(isinstance(point.value, int) for series in chart.series for point in series.points if point.value)
    if whole and step < 1:
        step, limit = 1.0, math.ceil(largest)
    steps = [place * step for place in range(round(limit / step) + 1)]
    written = ",d" if all(tick == int(tick) for tick in steps) and "%" not in chart.value_format else ""
    style = written or (chart.value_format if chart.value_format[-1:] in "f%" else ",.2~f")
    return {"domain": [0, limit], "nice": False}, {"format": style, "values": steps}


def _config() -> dict[str, Any]:
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 14, "titleFontSize": 14}
    return {
        "aria": False,
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelColor": INK,
            "titleColor": MUTED,
            "titleFontWeight": 400,
            "labelLimit": 320,
            "gridColor": RULE,
            "domainColor": AXIS,
            "tickColor": AXIS,
        },
        "legend": {
            **text,
            "labelColor": INK,
            "orient": "top",
            "title": None,
            "labelLimit": 320,
            "symbolSize": 260,
            "symbolType": "square",
            "columnPadding": 24,
            "symbolStrokeWidth": 1.5,
            "offset": 12,
        },
        "text": {"font": FONT, "fontSize": 14, "fill": INK},
    }


def _base(chart: Chart) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "width": WIDTH_BESIDE if is_beside(chart) else WIDTH_ALONE,
        "data": {"values": _values(chart)},
        "config": _config(),
    }


def _unit_title(chart: Chart) -> str | None:
    return f"単位：{chart.unit}" if chart.unit else None


def _per_series(names: list[str], options: list[Any], legend: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": legend,
        "scale": {"domain": names, "range": options},
    }


VALID = {"filter": "isValid(datum.value)"}
GAP = {"filter": "!isValid(datum.value)"}


def _label_position(chart: Chart) -> dict[str, Any]:
    axis = {"ticks": False, "labelPadding": 8, "domain": False}
    return {"field": "label", "type": "nominal", "sort": chart.labels, "title": None, "axis": axis}


def _bars(chart: Chart) -> dict[str, Any]:
    """Horizontal bars with their value at the end: long Japanese labels stay level and readable."""
    names = [series.name for series in chart.series]
    several = len(names) > 1
    scale, axis = _axis_of_values(chart, max(_numbers(chart), default=0.0))
    place: dict[str, Any] = {"y": _label_position(chart)}
    if several:
        place["yOffset"] = {"field": "series", "sort": names}
    across = {"field": "value", "type": "quantitative", "title": _unit_title(chart), "scale": scale, "axis": axis}
    spec = _base(chart)
    spec["height"] = {"step": 24 if several else 36}
    spec["layer"] = [
        {
            "transform": [VALID],
            "mark": {"type": "bar", "strokeWidth": 1.5},
            "encoding": {
                **place,
                "x": across,
                "fill": _per_series(names, _fills(len(names)), {} if several else None),
                "stroke": _per_series(names, _cycled(PALETTE, len(names))),
            },
        },
        {
            "transform": [VALID],
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {**place, "x": across, "text": {"field": "text"}},
        },
        {
            "transform": [GAP],
            "mark": {"type": "text", "align": "left", "dx": 6, "fill": MUTED},
            "encoding": {**place, "x": {"value": 0}, "text": {"value": f"{GAP_MARK} 値なし"}},
        },
    ]
    return spec


def _numbers(chart: Chart) -> list[float]:
    return [float(point.value) for series in chart.series for point in series.points if point.value is not None]


def _totals(chart: Chart) -> dict[str, float]:
    totals = dict.fromkeys(chart.labels, 0.0)
    for series in chart.series:
        for point in series.points:
            totals[point.label] += float(point.value or 0)
    return totals


def _stacked(chart: Chart) -> dict[str, Any]:
    """One bar a label, its parts in the order of the series. A label with a gap is marked: its bar is no total."""
    names = [series.name for series in chart.series]
    largest = max(_totals(chart).values(), default=0.0)
    scale, axis = _axis_of_values(chart, largest * 1.02)
    across: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": _unit_title(chart),
        "stack": "zero",
        "scale": scale,
        "axis": axis,
    }
    position = _label_position(chart)
    order = {"field": "order", "type": "quantitative"}
    # A part narrower than its number keeps it for the table.
    readable = {"filter": f"isValid(datum.value) && datum.value > {largest * 0.055}"}
    inside = {
        "y": position,
        "x": {**across, "bandPosition": 0.5},
        "order": order,
        "detail": {"field": "series"},
        "text": {"field": "text"},
    }
    halo = {"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}
    spec = _base(chart)
    spec["height"] = {"step": 52}
    spec["layer"] = [
        {
            "transform": [VALID],
            "mark": {"type": "bar", "strokeWidth": 1.5},
            "encoding": {
                "y": position,
                "x": across,
                "order": order,
                "fill": _per_series(names, _fills(len(names)), {}),
                "stroke": _per_series(names, _cycled(PALETTE, len(names))),
            },
        },
        {"transform": [readable], "mark": {"type": "text", "fontWeight": 700, **halo}, "encoding": inside},
        {"transform": [readable], "mark": {"type": "text", "fontWeight": 700}, "encoding": inside},
        {
            "transform": [GAP, {"aggregate": [{"op": "count", "as": "gaps"}], "groupby": ["label"]}],
            "mark": {"type": "text", "align": "right", "dx": -6, "fill": MUTED},
            "encoding": {
                "y": position,
                "x": {"value": spec["width"]},
                "text": {"value": f"{GAP_MARK} 値のない区分あり"},
            },
        },
    ]
    return spec


def apart(heights: list[float], gap: float = LABEL_GAP) -> list[float]:
    """The same heights, moved as little as needed so that no two are closer than `gap`; order kept by height."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = list(heights)
    for before, after in itertools.pairwise(order):
        placed[after] = max(placed[after], placed[before] + gap)
    overflow = max((placed[place] for place in order), default=0.0) - LINE_HEIGHT
    if overflow > 0:
        for place in order:
            placed[place] -= overflow
    return placed


def _names_at_end(chart: Chart, limit: float) -> list[dict[str, Any]]:
    """Each line's name beside its last point, moved apart where lines end close together."""
    ends = [
        (series, last)
        for series in chart.series
        if (last := next((point for point in reversed(series.points) if point.value is not None), None)) is not None
    ]
    heights = apart([LINE_HEIGHT * (1 - float(point.value or 0) / limit) for _, point in ends])
    return [
        {
            "label": point.label,
            "name": f"{series.name} {formatted(point.value, chart.value_format)}" if point.value is not None else "",
            "height": height,
        }
        for (series, point), height in zip(ends, heights, strict=True)
    ]


def _gaps(series: Series) -> list[str]:
    return [point.label for point in series.points if point.value is None]


def _lines(chart: Chart) -> dict[str, Any]:
    names = [series.name for series in chart.series]
    scale, axis = _axis_of_values(chart, max(_numbers(chart), default=0.0) * 1.08)
    position = {
        "field": "label",
        "type": "ordinal",
        "sort": chart.labels,
        "title": None,
        "scale": {"domain": chart.labels, "type": "point", "padding": 0.4},
        "axis": {"labelAngle": 0, "labelPadding": 8, "labelOverlap": True, "grid": False},
    }
    title = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -16, "titleX": -40}
    upward = {
        "field": "value",
        "type": "quantitative",
        "title": _unit_title(chart),
        "scale": scale,
        "axis": {**axis, **title},
    }
    colours = _cycled(PALETTE, len(names))
    marked = [{"label": label} for label in dict.fromkeys(gap for series in chart.series for gap in _gaps(series))]
    spec = _base(chart)
    spec["height"] = LINE_HEIGHT
    spec["layer"] = [
        {
            "mark": {"type": "line", "strokeWidth": 2.5, "invalid": "break-paths-show-domains"},
            "encoding": {
                "x": position,
                "y": upward,
                "stroke": _per_series(names, colours),
                "strokeDash": _per_series(names, _cycled(DASHES, len(names))),
            },
        },
        {
            "transform": [VALID],
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {
                "x": position,
                "y": upward,
                "fill": _per_series(names, colours),
                "shape": _per_series(names, _cycled(SHAPES, len(names))),
            },
        },
        {
            "data": {"values": marked},
            "mark": {"type": "text", "fontSize": 16, "baseline": "bottom", "fill": MUTED},
            "encoding": {"x": position, "y": {"value": LINE_HEIGHT - 2}, "text": {"value": GAP_MARK}},
        },
    ]
    if len(names) > 1:
        spec["layer"].append(
            {
                "data": {"values": _names_at_end(chart, scale["domain"][1])},
                "mark": {"type": "text", "align": "left", "dx": 12, "baseline": "middle"},
                "encoding": {
                    "x": position,
                    "y": {"field": "height", "type": "quantitative", "scale": None, "axis": None},
                    "text": {"field": "name"},
                },
            }
        )
        spec["resolve"] = {"scale": {"y": "shared"}}
    else:
        spec["layer"].append(
            {
                "transform": [VALID],
                "mark": {"type": "text", "dy": -16},
                "encoding": {"x": position, "y": upward, "text": {"field": "text"}},
            }
        )
    return spec


def specification(chart: Chart) -> dict[str, Any]:
    """The Vega-Lite dictionary of a chart."""
    return {"bar": _bars, "stacked_bar": _stacked, "line": _lines}[chart.kind](chart)
