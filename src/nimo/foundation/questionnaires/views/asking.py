"""What every view here asks of a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.foundation.access.actors import Actor

LIST = ("アンケート", "/questionnaires/")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def version_of(request: HttpRequest) -> int:
    """The version the person saw, as the form sends it back; 0 fits none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def done_or_refused(
    request: HttpRequest, act: Callable[[], object], refusal: type[Exception], done: str, back: str, *arguments: object
) -> HttpResponse:
    """Does one thing, says that it is done or why not, and goes back to the page it was asked from."""
    try:
        act()
    except refusal as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    place = request.POST.get("place", "")
    href = reverse(back, args=arguments)
    return redirect(f"{href}#{quote(place)}" if place else href)


def file_response(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A file to keep, never opened here. `name` holds nobody's name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename=\"nimo\"; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
