"""Actors and a loaded country."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role

REPOSITORY = Path(__file__).resolve().parents[5]
NOW = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
SYSTEM = Actor.system("試験", now=NOW)


def actor(role: Role, *, region_code: str = "10000", below: frozenset[str] | None = frozenset()) -> Actor:
    """Somebody with a role in a region; `below` None: every region."""
    grant = Grant(
        role=role,
        organisation_id=uuid4(),
        organisation_name="試験の組織",
        region_code=region_code,
        region_codes=None if below is None else below | {region_code},
        scopes=scopes_of(role),
    )
    return Actor(kind="user", now=NOW, name="試験 花子", user_id=uuid4(), grants=(grant,))


class GivenActorMiddleware:
    """Stands in for the login of accounts, which regions may not import: every request comes from `actor`."""

    actor: Actor = Actor.anonymous(now=NOW)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self.actor  # type: ignore[attr-defined]
        return self.get_response(request)
