"""Changes of areas: all of a prefecture, one, recording, correcting and cancelling it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions import forms, policies
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.formats.change_lines import UnreadableLine
from nimo.foundation.regions.queries import changes as histories
from nimo.foundation.regions.queries import recording
from nimo.foundation.regions.services import changes as services
from nimo.foundation.regions.services.places import UnableToChange
from nimo.foundation.regions.views import tables
from nimo.foundation.regions.views.change_tables import changes_table, facts, kind_tabs
from nimo.foundation.regions.views.regions import actor_of, crumbs, manageable
from nimo.foundation.ui import pages

MAX_UNDECIDED = 5


def _list_href(code: str) -> str:
    return reverse("regions:change_list", args=[code])


def _crumbs(prefecture: policies.Region) -> list[tuple[str, str]]:
    return [*crumbs(prefecture), ("地域の変更", _list_href(prefecture.code))]


def _prefecture(request: HttpRequest, code: str) -> policies.Region:
    place = manageable(request, code)
    if place.kind != RegionKind.PREFECTURE:
        raise Http404
    return place


@requires(Permission.MANAGE_REGIONS)
@require_GET
def change_list(request: HttpRequest, code: str) -> HttpResponse:
    prefecture = _prefecture(request, code)
    shown = histories.changes_of_prefecture(prefecture.code, cancelled=True)
    context = {"prefecture": prefecture, "table": changes_table(shown, prefecture)}
    return pages.render(
        request,
        "regions/change_list.html",
        context,
        title=f"{prefecture.name}の地域の変更",
        breadcrumbs=crumbs(prefecture),
    )


def _tell(request: HttpRequest, done: services.ChangeRecorded, said: str) -> None:
    messages.success(request, said)
    for text in done.undecided[:MAX_UNDECIDED]:
        messages.warning(request, text)


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def change_create(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    prefecture = _prefecture(request, code)
    if kind not in ChangeKind.values:
        raise Http404
    chosen = ChangeKind(kind)
    areas = recording.area_choices(prefecture.code)
    form = forms.ChangeForm(request.POST or None, kind=chosen, areas=areas, correcting=False)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.record_change(
                actor=actor_of(request),
                prefecture_code=prefecture.code,
                facts=recording.facts_of(prefecture, chosen, form.cleaned_data),
            )
        except (UnableToChange, UnreadableLine) as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, done, "変更を記録しました。区域の期間、名称、年度の所属も合わせて書きかえました。")
            return redirect("regions:change_detail", change_id=done.change.pk)
    context = {
        "form": form,
        "prefecture": prefecture,
        "tabs": kind_tabs(prefecture, chosen),
        "lead": tables.CHANGE_LEADS[chosen],
        "back_href": _list_href(prefecture.code),
    }
    return pages.render(
        request,
        "regions/change_create.html",
        context,
        title="地域の変更を記録する",
        breadcrumbs=_crumbs(prefecture),
        status=422 if form.errors else 200,
    )


def _change(request: HttpRequest, change_id: UUID) -> policies.RegionChange:
    try:
        return policies.get_change(actor_of(request), change_id)
    except policies.RegionNotFound:
        raise Http404 from None


@requires(Permission.MANAGE_REGIONS)
@require_GET
def change_detail(request: HttpRequest, change_id: UUID) -> HttpResponse:
    change = _change(request, change_id)
    view = histories.view_of(change)
    context = {
        "view": view,
        "facts": facts(view),
        "form": forms.CancelForm(initial={"version": change.version}),
        "regions": [(one.name, tables.href(one.code)) for one in (*view.befores, *view.afters, *view.members)],
    }
    return pages.render(
        request,
        "regions/change_detail.html",
        context,
        title=f"{view.day_text}の{view.kind_label}",
        breadcrumbs=_crumbs(change.prefecture),
    )


@requires(Permission.MANAGE_REGIONS)
@require_http_methods(["GET", "POST"])
def change_correct(request: HttpRequest, change_id: UUID) -> HttpResponse:
    change = _change(request, change_id)
    view = histories.view_of(change)
    if not view.is_recorded:
        raise Http404
    kind, areas = ChangeKind(change.kind), recording.area_choices(change.prefecture_id)
    initial = {**recording.typed(change), "version": change.version}
    form = forms.ChangeForm(request.POST or None, kind=kind, areas=areas, correcting=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = services.correct_change(
                actor=actor_of(request),
                change_id=change.pk,
                version=given["version"],
                facts=recording.facts_of(change.prefecture, kind, given),
                reason=given["reason"],
            )
        except (UnableToChange, UnreadableLine) as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, done, "記録を直しました。")
            return redirect("regions:change_detail", change_id=change.pk)
    return pages.render(
        request,
        "regions/change_correct.html",
        {"form": form, "view": view, "lead": tables.CHANGE_LEADS[kind]},
        title="変更の記録を直す",
        breadcrumbs=[*_crumbs(change.prefecture), (view.day_text, reverse("regions:change_detail", args=[change.pk]))],
        status=422 if form.errors else 200,
    )


@requires(Permission.MANAGE_REGIONS)
@require_POST
def change_cancel(request: HttpRequest, change_id: UUID) -> HttpResponse:
    change = _change(request, change_id)
    form = forms.CancelForm(request.POST)
    if not form.is_valid():
        messages.error(request, "取り消す理由を入力してください。まだ何も変えていません。")
        return redirect("regions:change_detail", change_id=change.pk)
    try:
        services.cancel_change(actor=actor_of(request), change_id=change.pk, **form.cleaned_data)
    except UnableToChange as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "変更を取り消しました。区域の期間、名称、年度の所属は、記録する前に戻りました。")
    return redirect("regions:change_detail", change_id=change.pk)
