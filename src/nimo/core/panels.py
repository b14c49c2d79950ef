"""Panels: pieces of a page that higher apps offer to a lower app's page, which shows them without importing the app.

@panel("issue.detail", order=20)
def meetings_of_issue(actor, issue): return Panel("取り上げた会議", "councils/panel_meetings.html", {…})  # or None
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled piece: `template` is rendered with `context` by the page that shows it."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


PanelFunction = Callable[[Any, Any], Panel | None]


@dataclass(frozen=True, slots=True, order=True)
class _Registered:
    order: int
    name: str
    function: PanelFunction = field(compare=False)


_panels: dict[str, dict[str, _Registered]] = {}


def panel(slot: str, *, order: int = 100) -> Callable[[PanelFunction], PanelFunction]:
    """Offer a function `(actor, subject) -> Panel | None` to a slot. ValueError for a function name used twice in it."""

    def register(function: PanelFunction) -> PanelFunction:
        name = f"{function.__module__}.{function.__qualname__}"
        in_slot = _panels.setdefault(slot, {})
        if name in in_slot:
            raise ValueError(f"panel {name} is offered twice to {slot}")
        in_slot[name] = _Registered(order, name, function)
        return function

    return register


def panels_for(slot: str, actor: Any, subject: Any) -> list[Panel]:
    """What the apps show this actor about this subject, by order, then by name. A None is left out."""
    offered = (one.function(actor, subject) for one in sorted(_panels.get(slot, {}).values()))
    return [shown for shown in offered if shown is not None]


def slots() -> dict[str, tuple[str, ...]]:
    """Slots and the names of the functions that fill them, in the order they are shown."""
    return {slot: tuple(one.name for one in sorted(in_slot.values())) for slot, in_slot in sorted(_panels.items())}
