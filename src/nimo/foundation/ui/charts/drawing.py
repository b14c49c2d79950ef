"""A Vega-Lite dictionary in, an SVG out: on the server, without script, style attribute or outside address."""

from __future__ import annotations

import hashlib
import html
import json
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from django.core.cache import cache as page_cache
from django.utils.safestring import SafeString, mark_safe

logger = logging.getLogger(__name__)

FONTS = Path(__file__).resolve().parents[1] / "fonts"
DRAWING_VERSION = 2
"""Part of the cache key: raise it when the same dictionary is to be drawn differently."""

_TAG = re.compile(r"<[^>]*>")
_SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_OPENING = re.compile(r"^<svg\b[^>]*?width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")


@cache
def register_fonts() -> bool:
    """Makes Noto Sans JP known to the engine once a process; without it text is measured wrongly, silently."""
    found = any(FONTS.glob("*.ttf"))
    if found:
        vl_convert.register_font_directory(str(FONTS))
    else:
        logger.warning("chart fonts are missing: run scripts/frontend.py")
    return found


def patterns(colours: tuple[str, ...], prefix: str) -> str:
    """One pattern a series: it keeps bars apart on a monochrome printer."""
    marks = (
        '<rect width="8" height="8" fill="{c}"/>',
        '<rect width="8" height="8" fill="#fff"/><path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="{c}" stroke-width="3"/>',
        '<rect width="8" height="8" fill="#fff"/><circle cx="4" cy="4" r="2.4" fill="{c}"/>',
        '<rect width="8" height="8" fill="#fff"/><path d="M0 4H8" stroke="{c}" stroke-width="3"/>',
        '<rect width="8" height="8" fill="#fff"/><path d="M0 4H8M4 0V8" stroke="{c}" stroke-width="2"/>',
        '<rect width="8" height="8" fill="#fff"/><path d="M4 0V8" stroke="{c}" stroke-width="3"/>',
    )
    return "".join(
        f'<pattern id="{prefix}-pattern-{place}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f"{marks[place % len(marks)].format(c=colour)}</pattern>"
        for place, colour in enumerate(colours)
    )


def _engine(specification: dict[str, Any]) -> str:
    register_fonts()
    return vl_convert.vegalite_to_svg(specification)


def draw(
    specification: dict[str, Any], *, id: str, title: str, description: str = "", colours: tuple[str, ...] = ()
) -> SafeString:
    """The SVG with title and description for those who hear it; cached by what it shows."""
    key = json.dumps([DRAWING_VERSION, specification, id, title, description, colours], sort_keys=True, default=str)
    name = "chart-" + hashlib.sha256(key.encode()).hexdigest()
    drawn: str | None = page_cache.get(name)
    if drawn is None:
        drawn = dressed(_engine(specification), id=id, title=title, description=description, colours=colours)
        page_cache.set(name, drawn, timeout=7 * 24 * 3600)
    return mark_safe(drawn)


def dressed(svg: str, *, id: str, title: str, description: str, colours: tuple[str, ...]) -> str:
    """The engine's SVG with a name, a size that follows the page, and our patterns."""
    opening = _OPENING.match(svg)
    if opening is None:
        raise ValueError("the drawing engine returned no SVG")
    width, height = opening.groups()
    safe = html.escape(id)
    # The engine names its inner groups in English; our title, description and table say it in Japanese.
    body = _TAG.sub(lambda tag: _SPOKEN.sub("", tag[0]), svg[opening.end() :])
    body = body.replace('"url(#pattern-', f'"url(#{safe}-pattern-')
    described = f' aria-describedby="{safe}-desc"' if description else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart__svg" role="img" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" aria-labelledby="{safe}-title"{described}>'
        f'<title id="{safe}-title">{html.escape(title)}</title>'
        + (f'<desc id="{safe}-desc">{html.escape(description)}</desc>' if description else "")
        + f"<defs>{patterns(colours, safe)}</defs>"
        + body
    )


def warm() -> None:
    """Draws once so that the first reader does not wait for the engine to start (0.5–1 s)."""
    _engine(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "data": {"values": [{"label": "あ", "value": 1}]},
            "mark": "bar",
            "encoding": {"y": {"field": "label"}, "x": {"field": "value", "type": "quantitative"}},
        }
    )
