"""The two marks a view may carry. tests/architecture walks the URLconf: a view with neither fails the build."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import NotVisible

View = Callable[..., HttpResponse]


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Not visible is answered like not there, so that nobody can tell which."""
    try:
        return view(request, *args, **kwargs)
    except NotVisible as missing:
        raise Http404(str(missing)) from missing


def requires(permission: Permission) -> Callable[[View], View]:
    """Coarse check "anywhere at all?"; the fine one is the policy's (`get_x(actor, id)`: not visible = 404).

    Anonymous visitors are sent to the login page; a user without the permission gets 403.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = request.actor  # type: ignore[attr-defined]
            if not actor.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not actor.has_anywhere(permission):
                raise PermissionDenied(f"「{permission.sentence}」権限がありません。")
            return _answer(view, request, *args, **kwargs)

        guarded.nimo_permission = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def public(*, reason: str) -> Callable[[View], View]:
    """Opens a view to everyone. The reason is written down because it is read in reviews and in docs/access.md."""
    if not reason:
        raise ValueError("a public view needs a reason")

    def mark(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _answer(view, request, *args, **kwargs)

        opened.nimo_public_reason = reason  # type: ignore[attr-defined]
        opened.login_required = False  # type: ignore[attr-defined]
        return opened

    return mark
