"""Looking: the list of prefectures, a search, the page of one region; changing a name, ending a region."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from nimo.core.codes import WrongCheckDigit
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FIRST_YEAR, LAST_YEAR, FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions import forms, policies
from nimo.foundation.regions.choices import AREA_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.queries.changes import history
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.views import tables
from nimo.foundation.regions.views.change_tables import timeline
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.lists import Definition

TITLE = "地域の管理"


def actor_of(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def manageable(request: HttpRequest, code: str) -> places.Region:
    """The region of the address, if the actor manages it; else 404."""
    try:
        return policies.get_manageable(actor_of(request), code)
    except policies.RegionNotFound:
        raise Http404 from None


def crumbs(one: places.Region) -> list[tuple[str, str]]:
    """The pages above the pages of a region."""
    above = [(TITLE, reverse("regions:region_list"))]
    for upper in (one.prefecture, one.city):
        if upper is not None:
            above.append((upper.name, tables.href(upper.code)))
    return [*above, (one.name, tables.href(one.code))]


def year_of(request: HttpRequest) -> FiscalYear:
    """The fiscal year asked for (?year=2026), else this one."""
    text = request.GET.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return FiscalYear(int(text))
    return FiscalYear.of(actor_of(request).today)


@requires(Permission.MANAGE_REGIONS)
@require_GET
def region_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    problem, found = "", None
    if text:
        try:
            found = tables.found_table(places.search(text, limit=50))
        except WrongCheckDigit as error:
            problem = str(error)
    shown = list(policies.manageable_prefectures(actor_of(request)).order_by("code"))
    context = {
        "form": forms.SearchForm(request.GET or None),
        "problem": problem,
        "found": found,
        "table": tables.prefectures_table(shown),
    }
    return pages.render(request, "regions/region_list.html", context, title=TITLE)


@requires(Permission.MANAGE_REGIONS)
@require_GET
def region_detail(request: HttpRequest, code: str) -> HttpResponse:
    one = manageable(request, code)
    if one.code == NATION_CODE:
        raise Http404
    year = year_of(request)
    context: dict[str, object] = {
        "region": one,
        "year": year,
        "facts": _facts(one),
        "names": tables.names_table(one),
        "history": timeline(history(one.code)) if one.kind != RegionKind.PREFECTURE else [],
        "is_area": tables.is_area(one),
        "is_prefecture": one.kind == RegionKind.PREFECTURE,
        "may_end": one.valid_to is None and one.kind != RegionKind.PREFECTURE,
    }
    if one.kind == RegionKind.PREFECTURE:
        held = places.held_memberships(one.code, year)
        areas = places.areas_of(one.code)
        context["kinds"] = [
            (kind, tables.PURPOSES[kind], tables.areas_table(kind, [a for a in areas if a.kind == kind], held, one))
            for kind in tables.PREFECTURE_AREAS
        ]
        context["municipalities"] = tables.municipalities_table(places.municipalities_of(one.code), held, year)
    elif one.kind in AREA_KINDS and one.kind != RegionKind.LIVING_AREA:
        members_year = places.members_year(one.code, year)
        context["members"] = tables.members_table(places.children(one, year), members_year or year)
        context["members_year"] = members_year
    elif one.kind not in AREA_KINDS and one.kind != RegionKind.WARD:
        living = places.children(one, year, RegionKind.LIVING_AREA)
        context["living"] = tables.areas_table(RegionKind.LIVING_AREA, living, [], one)
        context["purpose"] = tables.PURPOSES[RegionKind.LIVING_AREA]
        context["wards"] = places.children(one, year, RegionKind.WARD)
    title = f"{one.name}（{RegionKind(one.kind).label}）"
    return pages.render(request, "regions/region_detail.html", context, title=title, breadcrumbs=crumbs(one)[:-1])


def _facts(one: places.Region) -> list[Definition]:
    facts = [
        Definition("コード", tables.full_code(one.code)),
        Definition("よみ", one.kana),
        Definition("始まり", to_wareki(one.valid_from) if one.valid_from else "分かっていません"),
    ]
    if one.valid_to:
        facts.append(Definition("終わり", to_wareki(one.valid_to), note="この日から使われていません"))
    return [*facts, Definition("出典", one.source or None)]


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def region_rename(request: HttpRequest, code: str) -> HttpResponse:
    one = manageable(request, code)
    form = forms.RenameForm(request.POST or None, initial={"name": one.name, "kana": one.kana, "version": one.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_region(actor=actor_of(request), region_code=one.code, **form.cleaned_data)
        except services.UnableToChange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "新しい名称を登録しました。以前の記録には、以前の名称が残ります。")
            return redirect("regions:region_detail", code=one.code)
    return pages.render(
        request,
        "regions/region_rename.html",
        {"form": form, "region": one},
        title="名称を変える",
        breadcrumbs=crumbs(one),
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def region_end(request: HttpRequest, code: str) -> HttpResponse:
    one = manageable(request, code)
    form = forms.EndForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_region(actor=actor_of(request), region_code=one.code, **form.cleaned_data)
        except services.UnableToChange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"「{one.name}」を終わりにしました。これまでの記録は残っています。")
            return redirect("regions:region_detail", code=one.prefecture.code if one.prefecture else one.code)
    return pages.render(
        request,
        "regions/region_end.html",
        {"form": form, "region": one},
        title="地域を終わりにする",
        breadcrumbs=crumbs(one),
        status=422 if form.errors else 200,
    )
