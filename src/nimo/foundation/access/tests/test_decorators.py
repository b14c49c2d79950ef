"""The two marks of a view."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.decorators import public, requires
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Permission, Role

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@requires(Permission.VIEW_AUDIT)
def guarded(request):
    return HttpResponse("内容")


@public(reason="試験")
def opened(request):
    return HttpResponse("内容")


def ask(view, actor: Actor) -> HttpResponse:
    request = RequestFactory().get("/audit/?page=2")
    request.actor = actor
    return view(request)


def member(role: Role) -> Actor:
    grant = Grant(role, UUID(int=1), "組織", "10000", None, scopes_of(role))
    return Actor(kind="user", now=NOW, name="人", grants=(grant,))


def test_a_visitor_is_sent_to_sign_in_and_back():
    answer = ask(guarded, Actor.anonymous(now=NOW))
    assert answer.status_code == 302
    assert "/audit/%3Fpage%3D2" in answer.url


def test_somebody_without_the_permission_is_refused_with_its_sentence():
    with pytest.raises(PermissionDenied, match="監査の記録を見る"):
        ask(guarded, member(Role.ADVISER))


def test_somebody_with_the_permission_sees_the_page():
    assert ask(guarded, member(Role.AUDITOR)).content.decode() == "内容"


def test_an_open_view_is_open_and_says_why():
    assert ask(opened, Actor.anonymous(now=NOW)).status_code == 200
    assert opened.nimo_public_reason == "試験"
    with pytest.raises(ValueError, match="reason"):
        public(reason="")
