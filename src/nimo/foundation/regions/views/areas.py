"""Areas: registering one, saying who belongs to it in a fiscal year, carrying a year over to the next."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from nimo.core.fiscal import FIRST_YEAR, LAST_YEAR, FiscalYear
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions import forms
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.queries.carrying import carrying_plan
from nimo.foundation.regions.rules.carrying import WORDS
from nimo.foundation.regions.services import members as memberships
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.views import tables
from nimo.foundation.regions.views.regions import actor_of, crumbs, manageable
from nimo.foundation.ui import pages


def _year(number: int) -> FiscalYear:
    if not FIRST_YEAR < number < LAST_YEAR:
        raise Http404
    return FiscalYear(number)


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def area_create(request: HttpRequest, code: str) -> HttpResponse:
    """In a prefecture: an area of one of three kinds; in a municipality: a 日常生活圏域."""
    place = manageable(request, code)
    living = place.kind in MUNICIPALITY_KINDS
    if not living and place.kind != RegionKind.PREFECTURE:
        raise Http404
    form = forms.AreaForm(request.POST or None, living=living, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            area = services.create_area(
                actor=actor_of(request),
                kind=RegionKind.LIVING_AREA if living else RegionKind(given["kind"]),
                prefecture_code=str(place.prefecture_id) if living else place.code,
                city_code=place.code if living else "",
                name=given["name"],
                kana=given["kana"],
                valid_from=given["valid_from"],
                source=given["source"],
            )
        except services.UnableToChange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"「{area.name}」を登録しました。")
            return redirect("regions:region_detail", code=area.code)
    context = {
        "form": form,
        "place": place,
        "purposes": [
            (kind.label, tables.PURPOSES[kind])
            for kind in ([RegionKind.LIVING_AREA] if living else tables.PREFECTURE_AREAS)
        ],
    }
    return pages.render(
        request,
        "regions/area_create.html",
        context,
        title="圏域を登録する",
        breadcrumbs=crumbs(place),
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def area_members(request: HttpRequest, code: str, year: int) -> HttpResponse:
    area, fiscal_year = manageable(request, code), _year(year)
    if area.kind not in AREA_KINDS or area.kind == RegionKind.LIVING_AREA:
        raise Http404
    possible = places.possible_members(area, fiscal_year)
    current = [one.code for one in places.children(area, fiscal_year)]
    form = forms.MembersForm(
        request.POST or None,
        choices=[(one.code, one.name) for one in possible],
        initial={"members": current, "version": area.version},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changes = memberships.set_members(
                actor=actor_of(request),
                area_code=area.code,
                fiscal_year=fiscal_year,
                child_codes=given["members"],
                version=given["version"],
                source=given["source"],
            )
        except services.UnableToChange as refusal:
            form.add_error(None, str(refusal))
        else:
            said = f"{fiscal_year.label}の所属を保存しました（変わったところ {len(changes)} 件）。"
            messages.success(request, said)
            return redirect(f"{tables.href(area.code)}?year={fiscal_year.year}")
    context = {
        "form": form,
        "area": area,
        "year": fiscal_year,
        "kind": RegionKind(area.kind),
        "from_year": places.members_year(area.code, fiscal_year),
    }
    return pages.render(
        request,
        "regions/area_members.html",
        context,
        title=f"{area.name}に含まれる市区町村（{fiscal_year.label}）",
        breadcrumbs=crumbs(area),
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def area_copy(request: HttpRequest, code: str, kind: str, year: int) -> HttpResponse:
    """First step (GET): the differences between the years. Second (POST): write them, if they are still what was shown."""
    prefecture, to_year = manageable(request, code), _year(year)
    if prefecture.kind != RegionKind.PREFECTURE or kind not in tables.PREFECTURE_AREAS:
        raise Http404
    chosen = RegionKind(kind)
    years = places.membership_years(prefecture.code, chosen)
    from_year = to_year.previous if any(one < to_year for one in years) else None
    form = forms.CarryForm(request.POST or None)
    if request.method == "POST" and from_year is not None and form.is_valid():
        try:
            memberships.carry_forward(
                actor=actor_of(request),
                prefecture_code=prefecture.code,
                kind=chosen,
                to_year=to_year,
                digest=form.cleaned_data["digest"],
            )
        except services.UnableToChange as refusal:
            messages.error(request, str(refusal))
            return redirect("regions:area_copy", code=prefecture.code, kind=chosen.value, year=to_year.year)
        messages.success(request, f"{from_year.label}の所属を{to_year.label}に写しました。")
        return redirect(f"{tables.href(prefecture.code)}?year={to_year.year}")
    context: dict[str, object] = {"prefecture": prefecture, "from_year": from_year, "to_year": to_year}
    if from_year is not None:
        plan = carrying_plan(prefecture.code, chosen, to_year)
        names = places.names_of({code for row in plan.rows for code in (row.child, row.before, row.after) if code})
        order = list(WORDS)
        different = sorted((row for row in plan.rows if row.why != "same"), key=lambda row: order.index(row.why))
        same = [row for row in plan.rows if row.why == "same"]
        context |= {
            "to_write": len(plan.to_write),
            "there": sum(1 for row in plan.rows if row.after and not row.writes),
            "counts": [(label, sum(1 for row in plan.rows if row.why == why)) for why, label in WORDS.items()],
            "form": forms.CarryForm(initial={"digest": plan.digest}),
            "table": tables.carrying_table(
                different,
                names,
                from_year,
                to_year,
                id="different",
                caption=f"{from_year.label}と{to_year.label}で違うところ",
            ),
            "same": tables.carrying_table(same, names, from_year, to_year, id="same", caption="同じところ"),
        }
    return pages.render(
        request,
        "regions/area_copy.html",
        context,
        title=f"{chosen.label}の所属を{to_year.label}に写す",
        breadcrumbs=crumbs(prefecture),
    )
