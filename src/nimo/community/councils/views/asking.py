"""What the views of bodies ask of a request, and the one way they answer a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.foundation.access.actors import Actor
from nimo.foundation.ui import pages

LIST = ("協議の場", "/councils/")
TOO_LARGE = (
    "ファイルが大きすぎるため、受け取れませんでした。何も保存していません。小さくしてから、もう一度お試しください。"
)


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def trail(body: Any) -> list[tuple[str, str]]:
    return [LIST, (body.name, reverse("councils:body_detail", args=[body.pk]))]


def answer_form(
    request: HttpRequest,
    form: Any,
    act: Callable[[], object],
    *,
    refusals: tuple[type[Exception], ...],
    done: str,
    back: str,
    arguments: tuple[UUID | int, ...],
    title: str,
    breadcrumbs: list[tuple[str, str]],
    button: str = "保存する",
    lead: str = "",
) -> HttpResponse:
    """Shows a form, or does what it asks and goes back; a refusal stands in the form with everything typed."""
    if request.method == "POST" and getattr(request, "upload_too_large", False):
        form.add_error(None, TOO_LARGE)
    elif request.method == "POST" and form.is_valid():
        try:
            act()
        except refusals as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(back, *arguments)
    return pages.render(
        request,
        "councils/body_form.html",
        {"form": form, "button": button, "lead": lead},
        title=title,
        breadcrumbs=breadcrumbs,
        status=422 if form.errors else 200,
    )
