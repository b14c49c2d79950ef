"""`{% load ui %}`: one tag for every component of the registry, and the drawing of charts."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from nimo.foundation.ui.charts.drawing import draw
from nimo.foundation.ui.components.charts import Chart
from nimo.foundation.ui.components.registry import Component, all_components
from nimo.foundation.ui.components.vega import PALETTE, specification

register = template.Library()


def _block_tag(component: Component) -> None:
    @wraps(component.function)
    def render(*args: Any, **kwargs: Any) -> SafeString:
        return render_to_string(component.template, dict(component.function(*args, **kwargs)))

    register.simple_block_tag(render, name=component.name)


for _component in all_components().values():
    if _component.block:
        _block_tag(_component)
    else:
        register.inclusion_tag(
            _component.template, name=_component.name, takes_context=_component.takes_context or None
        )(_component.function)


@register.simple_tag
def drawing(chart: Chart) -> SafeString:
    """The SVG of a chart; used by the template of the chart component only."""
    return draw(
        specification(chart),
        id=f"{chart.id}-picture",
        title=chart.title,
        description=chart.description,
        colours=PALETTE,
    )
