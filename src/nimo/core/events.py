"""Events that pass upwards between apps: `publish(IssueResolved(…))`, handled after the commit by `@on(IssueResolved)`.

A handler may run late or never, so nothing that must happen is left to one. The only module of core that knows Django.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)

Event = TypeVar("Event")
_handlers: dict[type, dict[str, Callable[[Any], object]]] = {}


def code_name(function: Callable[..., object]) -> str:
    """The module and name a handler is listed and logged under."""
    return f"{function.__module__}.{function.__qualname__}"


def on(event_class: type[Event]) -> Callable[[Callable[[Event], object]], Callable[[Event], object]]:
    """Have a function called with every published event of exactly this class. ValueError for a name used twice."""

    def register(handler: Callable[[Event], object]) -> Callable[[Event], object]:
        handlers = _handlers.setdefault(event_class, {})
        name = code_name(handler)
        if name in handlers:
            raise ValueError(f"{name} already handles {event_class.__qualname__}")
        handlers[name] = handler
        return handler

    return register


def publish(event: object) -> None:
    """Call the event's handlers once the current transaction has committed; at once when there is none.

    A handler that fails stops neither the others nor the request that has already been saved.
    """
    for name, handler in _handlers.get(type(event), {}).items():
        transaction.on_commit(_later(name, handler, event))


def _later(name: str, handler: Callable[[Any], object], event: object) -> Callable[[], None]:
    # A lambda: on_commit(partial, robust=True) crashes in Django 5.2 while logging, because a partial has no __qualname__.
    return lambda: _run(name, handler, event)


def _run(name: str, handler: Callable[[Any], object], event: object) -> None:
    try:
        handler(event)
    except Exception as error:
        # Neither the message nor the traceback: both may quote the record the event is about.
        logger.error("handler %s failed on %s: %s", name, type(event).__qualname__, type(error).__qualname__)


def registered() -> dict[type, tuple[str, ...]]:
    """Event classes and the code names of their handlers, in the order they were registered."""
    return {event_class: tuple(handlers) for event_class, handlers in _handlers.items()}
