"""The list of jobs, the page of one with its progress, and the button that stops it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.jobs import queries, services
from nimo.foundation.jobs.policies import JobNotFound
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Tab


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


@requires(Permission.VIEW_JOBS)
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    own = request.GET.get("whose") != "all"
    found = queries.job_list_page(_actor(request), own=own, number=_number(request))
    tabs = [
        Tab("自分の依頼", reverse("jobs:job_list"), current=own, count=found.own_count),
        Tab("組織の依頼も含めて", f"{reverse('jobs:job_list')}?whose=all", current=not own, count=found.all_count),
    ]
    return pages.render(request, "jobs/job_list.html", {"found": found, "tabs": tabs}, title="時間のかかる処理")


@requires(Permission.VIEW_JOBS)
@require_GET
def job_detail(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The page; asked by htmx, only the part that changes."""
    try:
        shown = queries.job_page(_actor(request), job_id)
    except JobNotFound:
        raise Http404 from None
    if request.headers.get("HX-Request") == "true":
        return render(request, "jobs/parts/job_state.html", {"shown": shown})
    return pages.render(
        request,
        "jobs/job_detail.html",
        {"shown": shown},
        title=shown.job.title,
        breadcrumbs=[("時間のかかる処理", reverse("jobs:job_list"))],
    )


@requires(Permission.VIEW_JOBS)
@require_POST
def job_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    try:
        services.cancel(actor=_actor(request), job_id=job_id)
    except JobNotFound:
        raise Http404 from None
    except services.UnableToCancel as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "中止を依頼しました。それまでに確定した内容は残っています。")
    return redirect("jobs:job_detail", job_id=job_id)
