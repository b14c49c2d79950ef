"""The meetings of a region: what its figures open."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from nimo.community.councils.choices.bodies import Layer
from nimo.community.councils.queries.region import meetings_address, region_meeting_table
from nimo.community.councils.queries.region import region_meetings as find_meetings
from nimo.community.councils.views.asking import LIST, actor_of, page_number
from nimo.core.fiscal import FiscalYear, parse_fiscal_year
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions.queries.places import region as find_region
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Tab


@requires(Permission.VIEW_COUNCILS)
def region_meetings(request: HttpRequest, code: str) -> HttpResponse:
    region = find_region(code)
    if region is None:
        raise Http404("地域が見つかりません。")
    actor = actor_of(request)
    asked = parse_fiscal_year(request.GET.get("fiscal_year", ""))
    year = (asked or FiscalYear.of(actor.today)).year
    layer = request.GET.get("layer", "")
    page = find_meetings(actor, region, year, layer, page_number(request))
    chosen = Layer(layer).label if layer in Layer.values else ""
    return pages.render(
        request,
        "councils/region_meetings.html",
        {
            "region": region,
            "page": page,
            "table": region_meeting_table(page, year),
            "layer": chosen,
            "number": page.paginator.count,
            "tabs": [
                Tab(FiscalYear(one).label, meetings_address(code, one, layer if chosen else ""), one == year)
                for one in range(year + 1, year - 3, -1)
                if one <= FiscalYear.of(actor.today).year
            ],
        },
        title=f"{region.name}の協議の場の会議",
        breadcrumbs=[LIST, (region.name, reverse("portal:region_detail", args=[code]))],
    )
