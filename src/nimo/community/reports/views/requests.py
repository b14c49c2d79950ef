"""What a body was asked for, as its own people see it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from nimo.community.reports.queries import collecting, requests
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


@requires(Permission.EDIT_SHEET)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    found = collecting.collection_list(request.actor, may_collect=False)  # type: ignore[attr-defined]
    return pages.render(request, "reports/request_list.html", {"found": found}, title="届いている依頼")


@requires(Permission.EDIT_SHEET)
@require_safe
def request_detail(request: HttpRequest, target_id: UUID) -> HttpResponse:
    page = requests.request_page(request.actor, target_id)  # type: ignore[attr-defined]
    return pages.render(
        request,
        "reports/request_detail.html",
        {"page": page},
        title=page.collection.title,
        breadcrumbs=[("届いている依頼", reverse("reports:request_list"))],
    )
