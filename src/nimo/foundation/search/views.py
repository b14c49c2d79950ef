"""The page of results, and the words for one another. What is looked for is written down nowhere."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import public, requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.search.forms import SearchForm, SynonymForm
from nimo.foundation.search.policies import get_synonym
from nimo.foundation.search.queries import screens
from nimo.foundation.search.services import index, synonyms
from nimo.foundation.ui import pages


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


@public(reason="公開された地域・指標・シートなどを言葉で探す（公開前のものは、その地域の担当者だけに出る）")
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    asked = screens.asked_by(request.GET)
    narrowed = bool(request.GET.get("prefecture") or request.GET.get("year"))
    page = screens.result_page(_actor(request), asked, narrowed=narrowed)
    shown = {"q": page.results.question.asked, "prefecture": asked.prefecture, "year": request.GET.get("year", "")[:20]}
    form = SearchForm({**shown, "kind": asked.kind}, prefectures=screens.prefecture_choices())
    form.is_valid()
    return pages.render(request, "search/results.html", {"page": page, "form": form}, title="検索")


def _list() -> tuple[str, str]:
    return ("同じように探すことば", reverse("search:synonym_list"))


@requires(Permission.MANAGE_SYNONYMS)
@require_safe
def synonym_list(request: HttpRequest) -> HttpResponse:
    return pages.render(
        request, "search/synonym_list.html", {"table": screens.synonym_table()}, title="同じように探すことば"
    )


@requires(Permission.MANAGE_SYNONYMS)
@require_POST
def rebuild_start(request: HttpRequest) -> HttpResponse:
    try:
        job = index.request_rebuild(actor=_actor(request))
    except index.UnableToRebuild as refusal:
        messages.info(request, str(refusal))
        return redirect("search:synonym_list")
    return redirect("jobs:job_detail", job_id=job.pk)


def _words(form: SynonymForm) -> synonyms.Words:
    given = form.cleaned_data
    return synonyms.Words(given["word"], given["others"], given["both_ways"], given["reference"])


@requires(Permission.MANAGE_SYNONYMS)
def synonym_new(request: HttpRequest) -> HttpResponse:
    form = SynonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            synonyms.add_synonym(actor=_actor(request), words=_words(form))
        except synonyms.UnableToSave as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "登録しました。すぐに検索に効きます。")
            return redirect("search:synonym_list")
    return _edit(request, form, "ことばを登録する")


@requires(Permission.MANAGE_SYNONYMS)
def synonym_edit(request: HttpRequest, synonym_id: UUID) -> HttpResponse:
    synonym = get_synonym(_actor(request), synonym_id)
    initial = {
        "version": synonym.version,
        "word": synonym.word,
        "others": "\n".join(synonym.others),
        "both_ways": synonym.both_ways,
        "reference": synonym.reference,
        "in_use": synonym.in_use,
    }
    form = SynonymForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            synonyms.change_synonym(
                actor=_actor(request),
                synonym_id=synonym_id,
                version=form.cleaned_data["version"] or 0,
                words=_words(form),
                in_use=form.cleaned_data["in_use"],
            )
        except synonyms.UnableToSave as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。すぐに検索に効きます。")
            return redirect("search:synonym_list")
    return _edit(request, form, f"直す: {synonym.word}")


def _edit(request: HttpRequest, form: SynonymForm, title: str) -> HttpResponse:
    return pages.render(
        request,
        "search/synonym_edit.html",
        {"form": form},
        title=title,
        breadcrumbs=[_list()],
        status=422 if form.errors else 200,
    )
