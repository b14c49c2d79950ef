"""The system of a region: the picture, and what is missing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from nimo.community.councils.queries.diagram import system_of
from nimo.community.councils.views.asking import LIST, actor_of
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions.queries.places import region as find_region
from nimo.foundation.ui import pages


@requires(Permission.VIEW_COUNCILS)
def diagram(request: HttpRequest, code: str) -> HttpResponse:
    region = find_region(code)
    if region is None:
        raise Http404("地域が見つかりません。")
    system = system_of(actor_of(request), region)
    context = {
        "region": region,
        "pages": system.pages,
        "contents": system.pages if len(system.pages) > 1 else [],
        "number": system.number,
    }
    return pages.render(
        request, "councils/diagram.html", context, title=f"{region.name}の協議の場のつながり", breadcrumbs=[LIST]
    )
