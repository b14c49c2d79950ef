"""One's own notices: the list, opening one, having read them all."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_POST

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.jobs.queries import moment
from nimo.foundation.notices import queries, services
from nimo.foundation.notices.policies import NoticeNotFound
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Tab


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def unread_notices(request: HttpRequest) -> dict[str, object]:
    """Context processor of the header: one query for those who are signed in, when a page is drawn."""
    if not getattr(getattr(request, "user", None), "is_authenticated", False):
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: queries.unread_count(_actor(request)))}


@requires(Permission.VIEW_NOTICES)
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    unread_only = request.GET.get("which") == "unread"
    found = queries.notice_list_page(_actor(request), unread_only=unread_only, number=_number(request))
    href = reverse("notices:notice_list")
    tabs = [
        Tab("すべて", href, current=not unread_only, count=found.all_count),
        Tab("未読", f"{href}?which=unread", current=unread_only, count=found.unread_count),
    ]
    rows = [(notice, moment(notice.created_at)) for notice in found.page.object_list]
    return pages.render(
        request, "notices/notice_list.html", {"found": found, "rows": rows, "tabs": tabs}, title="お知らせ"
    )


@requires(Permission.VIEW_NOTICES)
@require_POST
def notice_open(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Marks the notice as read and goes where it leads."""
    try:
        notice = services.open_notice(actor=_actor(request), notice_id=notice_id)
    except NoticeNotFound:
        raise Http404 from None
    return redirect(notice.path or reverse("notices:notice_list"))


@requires(Permission.VIEW_NOTICES)
@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    count = services.mark_all_read(actor=_actor(request))
    messages.success(request, f"{count} 件を既読にしました。" if count else "未読のお知らせはありませんでした。")
    return redirect("notices:notice_list")
