"""What a template may not hold: script, style, addresses of other hosts, looks of its own, htmx filters that fail open.

htmx with allowEval off drops the condition of `keyup[key=='Enter']` and fires on every key: no `[…]` filters.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from nimo.foundation.access.permissions import Permission
from tests.architecture.source import ROOT, tracked

UI = ROOT / "src" / "nimo" / "foundation" / "ui" / "templates"

EVERYWHERE = {
    "a condition in hx-trigger: it fails open": r"hx-trigger\s*=\s*([\"'])(?:(?!\1).)*\[",
    "hx-on or another event attribute": r"\s(?:hx-on[:\w-]*|on[a-z]+)\s*=",
    "script in an htmx attribute": r"(?:js|javascript):|hx-vars\s*=",
    "a style attribute or element": r"\sstyle\s*=|<style\b",
    "inline script": r"<script\b(?![^>]*\bsrc=)|<script\b[^>]*>\s*[^<\s]",
    "text that is not escaped": r"\|\s*safe(?:seq)?\b|\{%-?\s*autoescape\s+off",
    "something asked of another host": (
        r"<(?!a\b)[a-z]+\b[^>]*\s(?:src|href|action|srcset|data|poster|hx-(?:get|post|put|patch|delete))\s*=\s*"
        r"[\"']?(?:https?:)?//"
    ),
    "a comment {# over several lines: it is shown on the screen": r"\{#(?:(?!#\}).)*$",
}
OUTSIDE_UI = {
    "a raw button: use {% button %}": r"<button\b|<input\b[^>]*type\s*=\s*[\"']?(?:submit|button|reset|image)\b",
    "a raw table: use {% data_table %}": r"<table\b",
    "a raw dialog, details or progress: use the tags": r"<(?:dialog|details|progress)\b",
    "a raw select, textarea or box: use {% field %}": (
        r"<(?:select|textarea)\b|<input\b(?![^>]*type\s*=\s*[\"']?hidden\b)"
    ),
    "a picture drawn in a page: use {% chart %} or a map": r"<svg\b",
}
FORM = re.compile(r"<form\b[^>]*method\s*=\s*[\"']?post.*?</form>", re.I | re.S)
TAG = re.compile(r"\{%-?\s*(\w+)([^%]*)%\}")
GUARDS = {"if": "endif", "for": "endfor", "with": "endwith", "block": "endblock", "ifchanged": "endifchanged"}


def guarded_partials(text: str) -> list[str]:
    """Partials defined inside a condition or a loop: asked for alone, they are drawn without it.

    In a template that extends another, a partial drawn in place must stand inside a block, else nobody sees it.
    """
    found: list[str] = []
    open_tags: list[str] = []
    child = bool(re.search(r"\{%\s*extends\b", text))
    for name, rest in TAG.findall(text):
        if name in GUARDS:
            open_tags.append(name)
        elif name in GUARDS.values():
            if open_tags:
                open_tags.pop()
        elif name == "partialdef":
            if set(open_tags) - {"block"}:
                found.append(f"partial{rest.rstrip()} inside {{% {open_tags[-1]} %}}: the fragment is drawn without it")
            if child and "inline" in rest and "block" not in open_tags:
                found.append(f"partial{rest.rstrip()} outside every block: the page never shows it")
    return found


def faults(text: str, *, in_ui: bool) -> list[str]:
    rules = EVERYWHERE if in_ui else {**EVERYWHERE, **OUTSIDE_UI}
    found = [reason for reason, pattern in rules.items() if re.search(pattern, text, re.M)]
    found += ["a form sent by post without {% csrf_token %}" for form in FORM.findall(text) if "csrf_token" not in form]
    found += guarded_partials(text)
    if "<html" in text and not re.search(r'<html[^>]*\slang="ja"', text):
        found.append('a page without lang="ja"')
    return found


@pytest.mark.parametrize("path", tracked("src/**/*.html"), ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_holds_nothing_a_template_may_not(path: Path):
    assert not faults(path.read_text(encoding="utf-8"), in_ui=UI in path.parents)


@pytest.mark.parametrize("path", tracked("src/**/*.html"), ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_a_page_of_an_app_stands_in_the_layout(path: Path):
    text = path.read_text(encoding="utf-8")
    if {"parts", "panels", "components"} & set(path.parts) or "<html" in text:
        return
    assert re.match(r"\s*(?:\{%\s*comment.*?endcomment\s*%\}\s*)?\{%\s*extends\s", text, re.S), (
        "extend ui/layout.html, or move the piece into a folder parts/ or panels/"
    )


@pytest.mark.parametrize(
    "planted",
    [
        "<input hx-trigger=\"keyup[key=='Enter']\">",
        "<div hx-on:click='x()'>",
        '<div onclick="x()">',
        "<div hx-vals='js:{a: 1}'>",
        '<a href="javascript:void(0)">',
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<script src="/x.js">alert(1)</script>',
        "{{ text|safe }}",
        "{% autoescape off %}{% endautoescape %}",
        '<img src="https://example.org/x.png">',
        '<link rel="stylesheet" href="//cdn.example.org/x.css">',
        '<form action="http://example.org/" method="get"></form>',
        "{# one line\nanother #}",
        '<form method="post"></form>',
        '<html lang="en">',
        "<html>",
        "{% if a %}{% partialdef rows %}{% endpartialdef %}{% endif %}",
        '{% extends "x.html" %}{% partialdef rows inline %}{% endpartialdef %}',
    ],
)
def test_catches_a_planted_fault_everywhere(planted):
    assert faults(planted, in_ui=True)


@pytest.mark.parametrize(
    "planted",
    [
        "<button>",
        "<table>",
        "<dialog>",
        "<select>",
        '<input type="text">',
        "<textarea>",
        '<input type="submit">',
        "<svg>",
    ],
)
def test_catches_looks_of_its_own_outside_ui_only(planted):
    assert faults(planted, in_ui=False)
    assert not faults(planted, in_ui=True)


@pytest.mark.parametrize(
    "innocent",
    [
        '<a href="https://example.org/law">根拠の通知</a>',
        '<form method="post">{% csrf_token %}{% button "保存する" %}</form>',
        '<div hx-get="/jobs/1/" hx-trigger="every 2s" hx-swap="outerHTML"></div>',
        "{% block content %}{% partialdef rows inline %}{% endpartialdef %}{% endblock %}",
        '<input type="hidden" name="page" value="2">',
        "{# one line #}",
    ],
)
def test_lets_the_innocent_through(innocent):
    assert not faults(innocent, in_ui=False)


def test_every_entry_of_the_menu_leads_somewhere():
    """The layout leaves out an address it does not know, so that a page is shown; a mistake shows itself here."""
    for label, url_name, permission in settings.NIMO_NAVIGATION:
        assert reverse(url_name), label
        assert permission is None or permission in Permission.__members__, label
