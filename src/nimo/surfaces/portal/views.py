"""Region pages, the national view, what the public may read."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from nimo.core.fiscal import parse_fiscal_year
from nimo.foundation.access.decorators import public
from nimo.foundation.papers.formats.typesetting import UnableToTypeset
from nimo.foundation.regions.choices import NATION_CODE
from nimo.foundation.regions.queries.places import region as find_region
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.tables import sorted_by
from nimo.surfaces.portal.queries import nation, region, sheet
from nimo.surfaces.portal.queries.over_years import NOW, THEN

NATION = ("全国", "/regions/")


def _year(request: HttpRequest) -> int | None:
    year = parse_fiscal_year(request.GET.get("year", ""))
    return year.year if year else None


@public(reason="公開された統計とシートを、地図と一覧から選ぶ画面")
def region_list(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:80]
    context = {
        "page": nation.nation_page(request.actor),  # type: ignore[attr-defined]
        "wanted": wanted,
        "found": nation.region_search(wanted) if wanted else None,
    }
    return pages.render(request, "portal/region_list.html", context, title="地域をみる")


@public(reason="公開された統計の一覧の CSV")
def prefectures_csv(request: HttpRequest) -> HttpResponse:
    return pages.csv_response(nation.nation_page(request.actor).prefectures, "nimo-prefectures")  # type: ignore[attr-defined]


@public(reason="地域のページ。公開されたものだけを見せ、担当者には公開前のものも見せる")
def region_detail(request: HttpRequest, code: str) -> HttpResponse:
    one = find_region(code)
    if one is None:
        raise Http404("地域が見つかりません。")
    view = NOW if request.GET.get("areas") == NOW else THEN
    page = region.region_page(request.actor, one, year=_year(request), areas_view=view)  # type: ignore[attr-defined]
    context = {"page": page, "members": sorted_by(page.members, request.GET) if page.members else None}
    return pages.render(
        request,
        "portal/region_detail.html",
        context,
        title=one.name,
        breadcrumbs=page.breadcrumbs if code != NATION_CODE else [],
    )


@public(reason="地域のページの数の CSV。画面と同じものだけが入る")
def region_figures_csv(request: HttpRequest, code: str) -> HttpResponse:
    one = find_region(code)
    if one is None:
        raise Http404("地域が見つかりません。")
    return pages.csv_response(region.figure_table(request.actor, code), f"nimo-{code}-figures")  # type: ignore[attr-defined]


@public(reason="公開された章だけが並ぶシートのページ。担当者には公開前の章も見せる")
def region_sheet(request: HttpRequest, code: str, fiscal_year: int) -> HttpResponse:
    one = find_region(code)
    page = sheet.sheet_page(request.actor, one, fiscal_year) if one else None  # type: ignore[attr-defined]
    if one is None or page is None:
        raise Http404("シートが見つかりません。")
    return pages.render(
        request,
        "portal/region_sheet.html",
        {"page": page},
        title=f"{one.name} {page.year_label} 自治体情報シート",
        breadcrumbs=[NATION, (one.name, region.region_href(code))],
    )


@public(reason="公開された章だけを様式のファイルにしたもの。だれが受け取っても同じ")
@require_GET
def region_sheet_file(request: HttpRequest, code: str, fiscal_year: int, file_format: str) -> HttpResponse:
    one = find_region(code)
    try:
        written = sheet.sheet_file(request.actor, one, fiscal_year, file_format) if one else None  # type: ignore[attr-defined]
    except UnableToTypeset as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:region_sheet", code=code, fiscal_year=fiscal_year)
    if written is None:
        raise Http404("公開されたシートが見つかりません。")
    return pages.file_response(written.content, written.file_name, written.content_type)
