"""How the tests of this app draw a piece of template and look at the HTML."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import engines
from lxml import html as lxml_html


def drawn(code: str, request: HttpRequest | None = None, **context: Any) -> Any:
    """The root element (a div) around what the piece of template draws."""
    text = engines["django"].from_string("{% load ui %}" + code).render(context, request)
    return lxml_html.fragment_fromstring(text, create_parent="div")


def words(element: Any) -> str:
    """The text of an element with runs of white space made one."""
    return " ".join(element.text_content().split())
