"""Makes `request.actor`: frozen, with its rights of the day."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nimo.foundation.access.actors import Actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = Actor.anonymous(now=timezone.now())  # type: ignore[attr-defined]
        return self.get_response(request)
