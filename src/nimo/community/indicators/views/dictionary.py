"""The dictionary, the values of an indicator, where a figure comes from, and the loading of published statistics."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nimo.community.indicators import policies
from nimo.community.indicators.forms import (
    ReasonForm,
    RecountForm,
    SearchForm,
    ValuesForm,
)
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.queries import dictionary, screens
from nimo.community.indicators.queries import recount as recounting
from nimo.community.indicators.queries.catalogue import derived_list, formulas
from nimo.community.indicators.queries.laid import laid_page
from nimo.community.indicators.queries.lineage import lineage, source_page
from nimo.community.indicators.queries.tables import (
    derived_table,
    dictionary_file,
    dictionary_table,
    dimensions_table,
    source_table,
    targets_table,
    values_file,
    values_table,
)
from nimo.community.indicators.services.observations import UnableToWithdraw, withdraw_source
from nimo.community.indicators.services.publication import UnableToPublish, publish, unpublish
from nimo.community.indicators.services.recount import UnableToRecount, request_full_recount, request_recount
from nimo.core.panels import panels_for
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import public, requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.tables import sorted_by

_NOT_FOUND = "この数値や資料は見つかりません。公開されていないか、取り消された可能性があります。"


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _list_crumb() -> tuple[str, str]:
    return ("指標", reverse("indicators:indicator_list"))


@public(reason="指標の定義は公表された計画や統計の言葉で、誰でも読める")
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    found = dictionary.indicator_list(
        words=asked.get("q", ""), group=asked.get("group", ""), evidence=asked.get("evidence", "")
    )
    csv_href = f"{reverse('indicators:indicator_list_csv')}?{request.GET.urlencode()}"
    derived = derived_list(asked.get("q", ""), asked.get("group", ""), asked.get("evidence", ""))
    context = {
        "form": form,
        "table": dictionary_table(found, csv_href),
        "derived": derived_table(derived, formulas(derived)) if derived else None,
        "may_load": _actor(request).has_anywhere(Permission.LOAD_INDICATORS),
        "may_recount": _actor(request).has_anywhere(Permission.VIEW_INDICATORS),
    }
    return pages.render(request, "indicators/indicator_list.html", context, title="指標の辞書")


@public(reason="指標の定義の一覧のCSV")
@require_safe
def indicator_list_csv(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = dictionary.indicator_list(
        words=asked.get("q", ""), group=asked.get("group", ""), evidence=asked.get("evidence", "")
    )
    derived = derived_list(asked.get("q", ""), asked.get("group", ""), asked.get("evidence", ""))
    return pages.csv_response(dictionary_file(found, derived, formulas(derived)), "nimo-indicators")


@public(reason="指標の定義と、公開された値（少数の値は公開用の形）")
@require_safe
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    try:
        page = screens.indicator_values(_actor(request), code, request.GET.get("year", ""), request.GET.get("area", ""))
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    form = ValuesForm({"year": page.year, "area": page.area}, years=list(page.entry.years), areas=list(page.areas))
    csv_href = f"{reverse('indicators:indicator_values_csv', args=[code])}?{request.GET.urlencode()}"
    table = values_table(page.figures, caption=page.caption, csv_href=csv_href)
    context = {
        "page": page,
        "form": form,
        "table": sorted_by(table, request.GET),
        "dimensions": dimensions_table(page.entry.indicator) if page.entry.indicator.dimensions else None,
        "explore_href": f"{reverse('indicators:explorer')}?indicator={code}",
        "targets": targets_table(page.entry.targets) if page.entry.targets else None,
        "panels": panels_for("indicators.indicator", _actor(request), page.entry.indicator),
    }
    return pages.render(
        request,
        "indicators/indicator_detail.html",
        context,
        title=page.entry.indicator.name,
        breadcrumbs=[_list_crumb()],
    )


@public(reason="指標の値のCSV（画面と同じく、公開された値だけ、少数の値は公開用の形）")
@require_safe
def indicator_values_csv(request: HttpRequest, code: str) -> HttpResponse:
    try:
        page = screens.indicator_values(_actor(request), code, request.GET.get("year", ""), request.GET.get("area", ""))
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    table = values_file(page.figures, caption=page.caption)
    return pages.csv_response(table, f"nimo-{code}-{page.year or ''}")


@public(reason="公開された数値の出どころ（公開前の値は、その地域を見られる人だけ）")
@require_safe
def observation_detail(request: HttpRequest, observation_id: int) -> HttpResponse:
    try:
        page = screens.origin(lineage(_actor(request), observation_id))
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    indicator = page.lineage.indicator
    return pages.render(
        request,
        "indicators/observation_detail.html",
        {
            "page": page,
            "counted": recounting.counted_note(_actor(request), page.lineage.observation),
            "panels": panels_for("indicators.observation", _actor(request), page.lineage.observation),
        },
        title="この数値はどこから来たか",
        breadcrumbs=[_list_crumb(), (indicator.name, reverse("indicators:indicator_detail", args=[indicator.code]))],
    )


@public(reason="公開された数値から、今の区域に合わせて計算した値の内訳（公開前の値は、その地域を見られる人だけ）")
@require_safe
def laid_detail(request: HttpRequest, region_code: str, observation_id: int) -> HttpResponse:
    try:
        page = laid_page(_actor(request), region_code, observation_id)
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    return pages.render(
        request,
        "indicators/laid_detail.html",
        {"page": page},
        title=f"今の区域の値（{page.region.name}）",
        breadcrumbs=[
            _list_crumb(),
            (page.indicator.name, reverse("indicators:indicator_detail", args=[page.indicator.code])),
        ],
    )


@public(reason="公開された数値のもとになった資料（公開前の資料は、その地域を見られる人だけ）")
@require_safe
def source_detail(request: HttpRequest, source_id: int) -> HttpResponse:
    try:
        page = source_page(_actor(request), source_id, request.GET.get("page", ""))
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    context = {
        "page": page,
        "facts": screens.source_facts(page),
        "table": source_table(list(page.figures), caption=f"この資料の値（{page.figures.paginator.count}件）"),
        "form": ReasonForm(),
    }
    return pages.render(
        request, "indicators/source_detail.html", context, title=page.source.title, breadcrumbs=[_list_crumb()]
    )


def _back(source_id: int) -> HttpResponse:
    return redirect("indicators:source_detail", source_id)


@requires(Permission.PUBLISH_INDICATORS)
@require_POST
def source_publish(request: HttpRequest, source_id: int) -> HttpResponse:
    try:
        source = policies.get_source_managed_here(_actor(request), source_id)
        done = publish(actor=_actor(request), source_ids=[source.pk])
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    except UnableToPublish as refusal:
        messages.error(request, str(refusal))
    else:
        hidden = f"うち{done.hidden}件は、少数の人が分からないように値を伏せています。" if done.hidden else ""
        messages.success(request, f"{done.published}件の値を公開しました。{hidden}")
    return _back(source_id)


@requires(Permission.PUBLISH_INDICATORS)
@require_POST
def source_unpublish(request: HttpRequest, source_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        source = policies.get_source_managed_here(_actor(request), source_id)
        count = unpublish(actor=_actor(request), source_ids=[source.pk], reason=reason)
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    except UnableToPublish as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{count}件の値の公開をやめました。記録は残っています。")
    return _back(source_id)


@requires(Permission.LOAD_INDICATORS)
@require_POST
def source_withdraw(request: HttpRequest, source_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        source = policies.get_source_managed_here(_actor(request), source_id)
        done = withdraw_source(actor=_actor(request), source_id=source.pk, reason=reason)
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    except UnableToWithdraw as refusal:
        messages.error(request, str(refusal))
    else:
        restored = f"置き換え前の{done.restored}件を元に戻しました。" if done.restored else ""
        messages.success(request, f"取込みを取り消し、{done.withdrawn}件の値を無効にしました。{restored}")
    return _back(source_id)


@requires(Permission.VIEW_INDICATORS)
@require_safe
def observation_records(request: HttpRequest, observation_id: int) -> HttpResponse:
    try:
        behind = recounting.records_behind(_actor(request), observation_id)
    except FigureNotAvailable:
        raise Http404(_NOT_FOUND) from None
    page = Paginator(behind.records, 100).get_page(request.GET.get("page", ""))
    return pages.render(
        request,
        "indicators/observation_records.html",
        {"behind": behind, "page": page},
        title="この数の記録",
        breadcrumbs=[
            _list_crumb(),
            ("この数値はどこから来たか", reverse("indicators:observation_detail", args=[observation_id])),
        ],
    )


@requires(Permission.VIEW_INDICATORS)
@require_safe
def recount_list(request: HttpRequest) -> HttpResponse:
    page = recounting.recount_page(_actor(request))
    form = RecountForm(initial={"from_year": page.years[0], "to_year": page.years[1]})
    return pages.render(
        request,
        "indicators/recount_list.html",
        {"page": page, "form": form},
        title="値の数え直し",
        breadcrumbs=[_list_crumb()],
    )


@requires(Permission.RECOUNT_INDICATORS)
@require_POST
def recount_start(request: HttpRequest) -> HttpResponse:
    try:
        job = request_recount(actor=_actor(request))
    except UnableToRecount as refusal:
        messages.info(request, str(refusal))
        return redirect("indicators:recount_list")
    return redirect("jobs:job_detail", job_id=job.pk)


@requires(Permission.RECOUNT_INDICATORS)
@require_POST
def recount_everything(request: HttpRequest) -> HttpResponse:
    form = RecountForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, "年度を読み取れませんでした。令和6年度、R6、2024 のように入れてください。何も始めていません。"
        )
        return redirect("indicators:recount_list")
    try:
        job = request_full_recount(actor=_actor(request), **form.cleaned_data)
    except UnableToRecount as refusal:
        messages.error(request, str(refusal))
        return redirect("indicators:recount_list")
    return redirect("jobs:job_detail", job_id=job.pk)
