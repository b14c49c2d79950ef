"""What makes a component: a typed function, a template of the same name, a gallery page.

`@component("button")` declares the function; `templatetags/ui.py` turns every declaration into a tag;
tests/architecture/test_gallery.py fails when the template or the gallery page is missing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec

import nimo.foundation.ui.components as components_package

P = ParamSpec("P")
Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Component:
    """One entry of the registry.

    `function` returns the variables of the template `ui/components/<name>.html`. A `block` component wraps
    content: its first argument is `content`, and its tag has an end (`{% card %}…{% endcard %}`).
    `takes_context`: the first argument is the context of the page (only where the request is needed).
    """

    name: str
    function: Callable[..., Context]
    block: bool
    takes_context: bool

    @property
    def template(self) -> str:
        return f"ui/components/{self.name}.html"

    @property
    def summary(self) -> str:
        """The first line of the docstring: what the component is for, in Japanese."""
        return (self.function.__doc__ or "").strip().split("\n")[0]


_COMPONENTS: dict[str, Component] = {}


def component(
    name: str, *, block: bool = False, takes_context: bool = False
) -> Callable[[Callable[P, Context]], Callable[P, Context]]:
    """Declares a component. A name declared twice is an error: two looks for one thing."""

    def declare(function: Callable[P, Context]) -> Callable[P, Context]:
        if name in _COMPONENTS:
            raise ValueError(f"component {name!r} is declared twice")
        _COMPONENTS[name] = Component(name, function, block, takes_context)
        return function

    return declare


def all_components() -> Mapping[str, Component]:
    """Every declared component by name; imports the modules of this package first, so none is forgotten."""
    for module in pkgutil.iter_modules(components_package.__path__, components_package.__name__ + "."):
        if not module.ispkg:
            importlib.import_module(module.name)
    return dict(sorted(_COMPONENTS.items()))


def one_of(value: str, allowed: tuple[str, ...], argument: str) -> str:
    """`value` if it is allowed; a template that misspells a tone or a variant fails loudly in its tests."""
    if value not in allowed:
        raise ValueError(f"{argument}={value!r} is not one of {', '.join(allowed)}")
    return value


def html_attributes(attributes: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Extra attributes a caller may put on an element: htmx, aria, id, form; `hx_post` becomes `hx-post`.

    Anything else (class, style, onclick) is refused: looks belong to the component, behaviour to htmx.
    None and False leave the attribute out.
    """
    result: list[tuple[str, Any]] = []
    for name, value in attributes.items():
        plain = name.replace("_", "-")
        allowed = plain in {"id", "form", "formaction", "formnovalidate", "download"} or (
            plain.startswith(("hx-", "aria-", "data-")) and not plain.startswith("hx-on")
        )
        if not allowed:
            raise ValueError(f"attribute {plain!r} may not be set on a component")
        if value is not None and value is not False:
            result.append((plain, "" if value is True else value))
    return result
