"""謝金・旅費 of a year or a month, attendance by attendance."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from nimo.community.councils.forms.payments import MonthForm
from nimo.community.councils.policies import bodies as policies
from nimo.community.councils.queries import payments as queries
from nimo.community.councils.services import reading
from nimo.community.councils.views.asking import actor_of, trail
from nimo.core.fiscal import FIRST_YEAR, LAST_YEAR, FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


@requires(Permission.MANAGE_COUNCILS)
def payment_list(request: HttpRequest, body_id: UUID, fiscal_year: int) -> HttpResponse:
    actor = actor_of(request)
    body = policies.get_managed_body(actor, body_id)
    if not FIRST_YEAR <= fiscal_year <= LAST_YEAR:
        raise Http404("年度が見つかりません。")
    year = FiscalYear(fiscal_year)
    form = MonthForm(request.GET or None, months=queries.month_choices())
    page = queries.payment_page(body, year, form.chosen())
    if page.lines.rows:
        reading.look_at_names(actor=actor, body=body, where=f"謝金・旅費の支払い（{year.label}）")
    if request.GET.get("format") == "csv":
        table = page.people if request.GET.get("table") == "people" else page.lines
        return pages.csv_response(table, f"謝金・旅費の支払い_{year.year}年度")
    years = [(one.label, reverse("councils:payment_list", args=[body.pk, one.year])) for one in _beside(year)]
    return pages.render(
        request,
        "councils/payment_list.html",
        {"page": page, "form": form, "years": years, "body": body},
        title=f"謝金・旅費の支払い（{year.label}）：{body.name}",
        breadcrumbs=[*trail(body), ("謝金・旅費の一覧", reverse("councils:fee_list", args=[body.pk]))],
    )


def _beside(year: FiscalYear) -> list[FiscalYear]:
    return [FiscalYear(one) for one in (year.year - 1, year.year + 1) if FIRST_YEAR <= one <= LAST_YEAR]
