"""What a gallery page shows: a piece of template, drawn, and the same piece as code. They cannot differ."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template import engines

import nimo.foundation.ui.components.gallery as gallery_package


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


_PAGES: dict[str, Sequence[Example]] = {}


def page(name: str, *examples: Example) -> None:
    """Declares the gallery page of a component."""
    if name in _PAGES:
        raise ValueError(f"the gallery page of {name!r} is declared twice")
    _PAGES[name] = examples


def all_pages() -> Mapping[str, Sequence[Example]]:
    """Every gallery page; imports the modules of this package first."""
    for module in pkgutil.iter_modules(gallery_package.__path__, gallery_package.__name__ + "."):
        importlib.import_module(module.name)
    return _PAGES
