"""What a gallery page shows: a piece of template, drawn, and the same piece as code. They cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template import engines


@dataclass(frozen=True, slots=True)
class Example:
    """One state of a component. `context` is called at each showing, so that forms are never shared."""

    title: str
    code: str
    context: Callable[[], Mapping[str, Any]] = dict
    note: str = ""

    def drawn(self, request: HttpRequest | None) -> Mapping[str, Any]:
        template = engines["django"].from_string("{% load ui %}" + self.code)
        return {
            "title": self.title,
            "note": self.note,
            "code": self.code,
            "html": template.render(dict(self.context()), request),
        }


EXAMPLES: dict[str, Sequence[Example]] = {}


def examples_of(name: str) -> Sequence[Example]:
    """The examples of a component's gallery page; none when it has no page (a test fails on that)."""
    return EXAMPLES.get(name, ())
