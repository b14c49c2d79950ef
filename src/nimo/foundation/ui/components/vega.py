"""A Chart as a Vega-Lite dictionary. Pure: nothing is drawn here.

Printers are monochrome and one man in twenty sees few colours, so no series is told by colour alone: bars have
a pattern, lines a dash, a point shape and their name at the end. A missing point is a gap with a mark.
"""

from __future__ import annotations

from typing import Any

from nimo.foundation.ui.components.charts import Chart

FONT = "Noto Sans JP"
INK = "#1a1a1a"
MUTED = "#4d4d4d"
RULE = "#cccccc"
AXIS = "#666666"
WIDTH = 560
BAND = 34
LINE_HEIGHT = 300

# Dark enough (3:1 on white, WCAG 1.4.11), apart in lightness too, checked for the common colour-vision types in the tests.
PALETTE = ("#0031d8", "#ff8d44", "#006f83", "#b78f00", "#8b008b", "#4d4d4d")
DASHES: tuple[list[int], ...] = ([1, 0], [8, 4], [2, 3], [12, 4, 2, 4], [5, 2], [1, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
GAP_MARK = "×"


def pattern_name(place: int) -> str:
    """The fill of the n-th series; charts/drawing.py puts the patterns of these names into the SVG."""
    return f"url(#pattern-{place % len(PALETTE)})"


def _number(value: object) -> float | int | None:
    """What the drawing needs is a position, so a float is exact enough; figures shown come from the table."""
    if value is None:
        return None
    return value if isinstance(value, int) else float(str(value))


def _values(chart: Chart) -> list[dict[str, Any]]:
    return [
        {
            "label": point.label,
            "series": series.name,
            "order": place,
            "value": _number(point.value),
            "gap": GAP_MARK if point.value is None else None,
        }
        for place, series in enumerate(chart.series)
        for point in series.points
    ]


def _config() -> dict[str, Any]:
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 14, "titleFontSize": 14}
    return {
        "aria": False,
        "background": "white",
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
            "symbolSize": 220,
            "columnPadding": 24,
            "symbolStrokeWidth": 1.5,
        },
        "text": {"font": FONT, "fontSize": 13, "fill": INK},
    }


def _base(chart: Chart) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "data": {"values": _values(chart)},
        "config": _config(),
    }


def _unit_title(chart: Chart) -> str | None:
    return f"単位：{chart.unit}" if chart.unit else None


def _bars(chart: Chart) -> dict[str, Any]:
    """Horizontal bars with their value at the end: long Japanese labels stay level and readable."""
    several = len(chart.series) > 1
    names = [series.name for series in chart.series]
    position: dict[str, Any] = {
        "field": "label",
        "type": "nominal",
        "sort": chart.labels,
        "title": None,
        "axis": {"ticks": False, "labelPadding": 8, "domain": False},
    }
    offset = {"yOffset": {"field": "series", "sort": names}} if several else {}
    fill = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names, "range": [pattern_name(place) for place in range(len(names))]},
        "legend": {"symbolType": "square"} if several else None,
    }
    across = {
        "field": "value",
        "type": "quantitative",
        "title": _unit_title(chart),
        "scale": {"zero": True, "nice": True},
        "axis": {"format": chart.value_format, "tickCount": 5},
    }
    stroke = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": None,
        "scale": {"domain": names, "range": list(PALETTE[: len(names)])},
    }
    spec = _base(chart)
    spec["height"] = {"step": BAND if not several else 24}
    spec["layer"] = [
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "bar", "strokeWidth": 1.5},
            "encoding": {"y": position, **offset, "x": across, "fill": fill, "stroke": stroke},
        },
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {
                "y": position,
                **offset,
                "x": across,
                "text": {"field": "value", "format": chart.value_format},
            },
        },
        {
            "transform": [{"filter": "!isValid(datum.value)"}],
            "mark": {"type": "text", "align": "left", "dx": 4, "fill": MUTED},
            "encoding": {"y": position, **offset, "x": {"value": 0}, "text": {"value": f"{GAP_MARK} 値なし"}},
        },
    ]
    return spec


def _stacked(chart: Chart) -> dict[str, Any]:
    """One bar a label, its parts in the order of the series. A label with a gap is marked: its bar is no total."""
    names = [series.name for series in chart.series]
    position: dict[str, Any] = {
        "field": "label",
        "type": "nominal",
        "sort": chart.labels,
        "title": None,
        "axis": {"ticks": False, "labelPadding": 8, "domain": False},
    }
    across = {
        "field": "value",
        "type": "quantitative",
        "title": _unit_title(chart),
        "stack": "zero",
        "axis": {"format": chart.value_format, "tickCount": 5},
    }
    fill = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": {"symbolType": "square"},
        "scale": {"domain": names, "range": [pattern_name(place) for place in range(len(names))]},
    }
    stroke = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": None,
        "scale": {"domain": names, "range": list(PALETTE[: len(names)])},
    }
    order = {"field": "order", "type": "quantitative"}
    largest = _largest_total(chart)
    spec = _base(chart)
    spec["height"] = {"step": 52}
    spec["layer"] = [
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "bar", "strokeWidth": 1.5},
            "encoding": {"y": position, "x": across, "fill": fill, "stroke": stroke, "order": order},
        },
        {
            "transform": [{"filter": f"isValid(datum.value) && datum.value > {largest * 0.06}"}],
            "mark": {"type": "text", "fontWeight": 700, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round"},
            "encoding": {
                "y": position,
                "x": {**across, "bandPosition": 0.5},
                "order": order,
                "detail": {"field": "series"},
                "text": {"field": "value", "format": chart.value_format},
            },
        },
        {
            "transform": [{"filter": f"isValid(datum.value) && datum.value > {largest * 0.06}"}],
            "mark": {"type": "text", "fontWeight": 700},
            "encoding": {
                "y": position,
                "x": {**across, "bandPosition": 0.5},
                "order": order,
                "detail": {"field": "series"},
                "text": {"field": "value", "format": chart.value_format},
            },
        },
        {
            "transform": [
                {"filter": "!isValid(datum.value)"},
                {"aggregate": [{"op": "count", "as": "gaps"}], "groupby": ["label"]},
            ],
            "mark": {"type": "text", "align": "right", "dx": -4, "fill": MUTED},
            "encoding": {"y": position, "x": {"value": WIDTH}, "text": {"value": f"{GAP_MARK} 値のない区分あり"}},
        },
    ]
    return spec


def _largest_total(chart: Chart) -> float:
    totals: dict[str, float] = {}
    for series in chart.series:
        for point in series.points:
            totals[point.label] = totals.get(point.label, 0.0) + float(point.value or 0)
    return max(totals.values(), default=0.0)


def _lines(chart: Chart) -> dict[str, Any]:
    names = [series.name for series in chart.series]
    several = len(names) > 1
    position = {
        "field": "label",
        "type": "ordinal",
        "sort": chart.labels,
        "title": None,
        "axis": {"labelAngle": 0, "labelPadding": 8, "labelOverlap": True},
    }
    upward = {
        "field": "value",
        "type": "quantitative",
        "title": _unit_title(chart),
        "scale": {"zero": True},
        "axis": {
            "format": chart.value_format,
            "tickCount": 5,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleY": -14,
            "titleX": -40,
        },
    }
    count = len(names)
    colour = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": None,
        "scale": {"domain": names, "range": list(PALETTE[:count])},
    }
    dash = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": None,
        "scale": {"domain": names, "range": list(DASHES[:count])},
    }
    shape = {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "legend": None,
        "scale": {"domain": names, "range": list(SHAPES[:count])},
    }
    last = {
        series.name: next((p.label for p in reversed(series.points) if p.value is not None), None)
        for series in chart.series
    }
    at_end = [
        value for value in _values(chart) if value["label"] == last[value["series"]] and value["value"] is not None
    ]
    spec = _base(chart)
    spec["height"] = LINE_HEIGHT
    spec["layer"] = [
        {
            "mark": {"type": "line", "strokeWidth": 2.5, "invalid": "break-paths-show-domains"},
            "encoding": {"x": position, "y": upward, "stroke": colour, "strokeDash": dash},
        },
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": position, "y": upward, "fill": colour, "shape": shape},
        },
        {
            "transform": [{"filter": "!isValid(datum.value)"}],
            "mark": {"type": "text", "fontSize": 16, "baseline": "bottom", "fill": MUTED},
            "encoding": {"x": position, "y": {"value": LINE_HEIGHT - 2}, "text": {"field": "gap"}},
        },
    ]
    if several:
        spec["layer"].append(
            {
                "data": {"values": at_end},
                "mark": {"type": "text", "align": "left", "dx": 12},
                "encoding": {"x": position, "y": upward, "text": {"field": "series"}},
            }
        )
    else:
        spec["layer"].append(
            {
                "transform": [{"filter": "isValid(datum.value)"}],
                "mark": {"type": "text", "dy": -14},
                "encoding": {"x": position, "y": upward, "text": {"field": "value", "format": chart.value_format}},
            }
        )
    return spec


def specification(chart: Chart) -> dict[str, Any]:
    """The Vega-Lite dictionary of a chart."""
    return {"bar": _bars, "stacked_bar": _stacked, "line": _lines}[chart.kind](chart)
