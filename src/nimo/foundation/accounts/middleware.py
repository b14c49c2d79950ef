"""Makes `request.actor`: frozen, with its rights of the day."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.queries import actor_for_user

ACTING_ORGANISATION = "nimo_acting_organisation"


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now, request_id = timezone.now(), str(uuid4())
        if not request.user.is_authenticated:
            actor = Actor.anonymous(now=now, request_id=request_id)
        else:
            acting = request.session.get(ACTING_ORGANISATION)
            actor = actor_for_user(
                request.user, now, acting_organisation_id=UUID(acting) if acting else None, request_id=request_id
            )
        request.actor = actor  # type: ignore[attr-defined]
        return self.get_response(request)
