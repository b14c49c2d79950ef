"""The explorer, its file, and derived indicators: how they are reckoned and from which figures."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from nimo.community.indicators.forms import ExploreForm
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.queries import catalogue as dictionary
from nimo.community.indicators.queries.explorer import files, screens
from nimo.community.indicators.queries.explorer.asking import read_question
from nimo.community.indicators.queries.explorer.page import explore
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import public
from nimo.foundation.ui import pages

_NOT_FOUND = "この指標や地域は見つかりません。"


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("指標", reverse("indicators:indicator_list")), *more]


@public(reason="公開された値（少数の値は公開用の形）を、年ごと・地域ごとに比べる画面")
@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    known = dictionary.catalogue()
    asked = read_question(_actor(request), request.GET, known)
    page = explore(_actor(request), asked, known)
    form = ExploreForm(
        screens.form_data(asked, request.GET),
        indicators=known.choices,
        bases=screens.basis_choices(page),
        dimensions=screens.dimension_choices(page),
    )
    context = {
        "form": form,
        "page": page,
        "candidates": None if page else screens.candidates_table(asked),
        "csv_href": asked.href(csv=True),
        "map_tabs": screens.map_tabs(page),
        "not_found": "」「".join(asked.not_found),
        "features": screens.features_words(page),
    }
    title = f"{page.region.name}の指標をくらべる" if page else "指標をくらべる"
    return pages.render(request, "indicators/explorer.html", context, title=title, breadcrumbs=_crumbs())


@public(reason="指標をくらべる画面のCSV（画面と同じものだけが入る）")
@require_safe
def explorer_csv(request: HttpRequest) -> HttpResponse:
    known = dictionary.catalogue()
    asked = read_question(_actor(request), request.GET, known)
    page = explore(_actor(request), asked, known)
    if page is None:
        raise Http404(_NOT_FOUND)
    codes = "-".join(entry.code for entry in asked.entries)
    return pages.csv_response(files.explorer_file(page), f"nimo-{page.region.code}-{codes}")


@public(reason="計算で求める指標の定義と求め方")
@require_safe
def derived_detail(request: HttpRequest, derived_code: str) -> HttpResponse:
    try:
        page = screens.derived_page(derived_code)
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    return pages.render(
        request, "indicators/derived_detail.html", {"page": page}, title=page.entry.name, breadcrumbs=_crumbs()
    )


@public(reason="計算で求めた値の求め方と、もとになった公開された値")
@require_safe
def derived_value(request: HttpRequest, derived_code: str, region_code: str, fiscal_year: int) -> HttpResponse:
    try:
        page = screens.derived_value_page(
            _actor(request),
            derived_code,
            region_code,
            fiscal_year,
            request.GET.get("basis", ""),
            today=request.GET.get("map", "") == "now",
        )
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    return pages.render(
        request,
        "indicators/derived_value.html",
        {"page": page},
        title="この値はどう計算したか",
        breadcrumbs=_crumbs((page.entry.name, reverse("indicators:derived_detail", args=[derived_code]))),
    )
