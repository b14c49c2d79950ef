"""Makes `request.actor` (frozen, with its rights of the day) and keeps the rules of a session.

* A session ends 12 hours after it began, however busy it was (idle sessions end earlier: SESSION_COOKIE_AGE).
* A session in use lives on, and is written once a minute for it: to read a page is no writing.
* Whoever needs a second factor and has none yet sees the pages to set one up, and the public ones.
* No page of a signed-in user is kept by the browser: the next person at a shared PC cannot go back to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.rules import (
    ACTING_ORGANISATION,
    CARD_USED_UP,
    OPEN_BEFORE_SECOND_FACTOR,
    SECOND_FACTOR,
    SIGNED_IN_AT,
    USED_AT,
    needs_second_factor,
    session_is_over,
    session_is_to_be_kept,
)

TOO_LONG = "ログインしてから12時間がたったため、ログアウトしました。続けるには、もう一度ログインしてください。"


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now, request_id = timezone.now(), str(uuid4())
        if request.user.is_authenticated and _is_over(request, now):
            logout(request)
            messages.info(request, TOO_LONG)
        _keep_awake(request, now)
        if not request.user.is_authenticated:
            request.actor = Actor.anonymous(now=now, request_id=request_id)  # type: ignore[attr-defined]
            return self.get_response(request)
        actor = actor_for_user(
            request.user, now, acting_organisation_id=_acting_organisation(request), request_id=request_id
        )
        request.nimo_must_set_up = _must_set_up(request, actor)  # type: ignore[attr-defined]
        request.actor = _own_account_only(actor) if request.nimo_must_set_up else actor  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        open_to_all = bool(getattr(view, "nimo_public_reason", ""))
        if open_to_all or not actor.is_authenticated:
            return None
        if not actor.grants:
            return _sent(request, "accounts:no_membership")
        match = request.resolver_match
        if request.nimo_must_set_up and match and match.view_name not in OPEN_BEFORE_SECOND_FACTOR:  # type: ignore[attr-defined]
            return _sent(request, "accounts:second_factor_set_up")
        return None


def _is_over(request: HttpRequest, now: datetime) -> bool:
    began = request.session.get(SIGNED_IN_AT)
    if began is None:
        request.session[SIGNED_IN_AT] = now.isoformat()
        return False
    return session_is_over(datetime.fromisoformat(began), now)


def _keep_awake(request: HttpRequest, now: datetime) -> None:
    """Also a visitor's session, which holds a questionnaire he is answering. Nobody gets one that has none."""
    used = request.session.get(USED_AT)
    if request.session.is_empty():
        return
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    if used is None or session_is_to_be_kept(datetime.fromisoformat(used), now, idle):
        request.session[USED_AT] = now.isoformat()


def _acting_organisation(request: HttpRequest) -> UUID | None:
    chosen = request.session.get(ACTING_ORGANISATION)
    return UUID(chosen) if chosen else None


def _must_set_up(request: HttpRequest, actor: Actor) -> bool:
    if not settings.NIMO_REQUIRE_SECOND_FACTOR:
        return False
    if request.session.get(SECOND_FACTOR) and not request.session.get(CARD_USED_UP):
        return False
    return needs_second_factor(permission for grant in actor.grants for permission in grant.scopes)


def _own_account_only(actor: Actor) -> Actor:
    """Half a person: enough to set up the second factor, nothing else, whatever page is asked for."""
    kept = Permission.VIEW_OWN_ACCOUNT
    grants = (
        replace(grant, scopes={kept: grant.scopes[kept]} if kept in grant.scopes else {}) for grant in actor.grants
    )
    return replace(actor, grants=tuple(grants))


def _sent(request: HttpRequest, url_name: str) -> HttpResponse:
    """A redirect that also works for an htmx request, which would otherwise draw the page into a fragment."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(url_name)})
    return redirect(url_name)
