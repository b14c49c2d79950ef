"""The audit on screen. Reading the list is itself an entry."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.audit import forms
from nimo.foundation.audit.queries import entries, verification
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record_read
from nimo.foundation.ui import pages

LIST_READ = register_verb("audit.read_list", "監査の記録の一覧を見た")
ENTRY_READ = register_verb("audit.read_entry", "監査の記録を1件見た")
VERIFIED = register_verb("audit.verified", "監査の記録が変えられていないか確かめた")

VERIFIED_DAYS = 31


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _above() -> list[tuple[str, str]]:
    return [("監査の記録", reverse("audit:entry_list"))]


@requires(Permission.VIEW_AUDIT)
def entry_list(request: HttpRequest) -> HttpResponse:
    """GET: a period, a verb, a region, a person by id. POST: finds the person's id by name."""
    actor = _actor(request)
    form = forms.EntryFilterForm(request.GET or None, today=actor.today)
    form.is_valid()
    search = forms.ActorSearchForm(request.POST or None)
    found = entries.actors_named(actor, search.cleaned_data["name"]) if search.is_valid() else None
    conditions = form.conditions()
    page = entries.entries_page(actor, conditions, _page_number(request))
    record_read(
        actor,
        verb=LIST_READ,
        target=("audit.entry", ""),
        conditions={**conditions.as_recorded(), "件数": page.paginator.count, "ページ": page.number},
    )
    return pages.render(
        request,
        "audit/entry_list.html",
        {
            "form": form,
            "search": search,
            "found": found,
            "conditions": conditions,
            "page": page,
            "table": entries.entries_table(page.object_list),
        },
        title="監査の記録",
    )


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1


@requires(Permission.VIEW_AUDIT)
def entry_detail(request: HttpRequest, entry_id: int) -> HttpResponse:
    actor = _actor(request)
    try:
        shown = entries.entry_page(actor, entry_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    record_read(actor, verb=ENTRY_READ, target=("audit.entry", str(entry_id)))
    return pages.render(request, "audit/entry_detail.html", {"shown": shown}, title=shown.title, breadcrumbs=_above())


@requires(Permission.VERIFY_AUDIT)
def verification_page(request: HttpRequest) -> HttpResponse:
    """GET: the newest seals and one button. POST: the answer, over the last days and the whole chain of seals."""
    actor = _actor(request)
    result = None
    if request.method == "POST":
        since = actor.today - timedelta(days=VERIFIED_DAYS)
        result = verification.verify(now=actor.now, since=since)
        record_read(
            actor,
            verb=VERIFIED,
            target=("audit.entry", ""),
            conditions={"いつから": str(since), "件数": result.entries, "合わないところ": result.found},
        )
    return pages.render(
        request,
        "audit/verification_page.html",
        {"result": result, "seals": entries.seals_table(), "days": VERIFIED_DAYS},
        title="監査の記録を確かめる",
        breadcrumbs=_above(),
    )
