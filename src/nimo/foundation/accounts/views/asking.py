"""What every view of accounts asks of a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nimo.foundation.access.actors import Actor


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def user_of(request: HttpRequest) -> Any:
    """The signed-in user; views behind @requires have one. Typed loosely because views know no tables."""
    return request.user


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def done_or_refused(
    request: HttpRequest,
    act: Callable[[], object],
    refusals: type[Exception] | tuple[type[Exception], ...],
    done: str,
    back: str,
    *arguments: object,
) -> HttpResponse:
    """Does one thing, says that it is done or why not, and goes back to the page it was asked from."""
    try:
        act()
    except refusals as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(back, *arguments)
