"""The list, and one form with its versions and rounds."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.choices import FormPurpose
from nimo.foundation.questionnaires.forms.building import FormForm
from nimo.foundation.questionnaires.queries import forms as queries
from nimo.foundation.questionnaires.queries import tables
from nimo.foundation.questionnaires.services import versions
from nimo.foundation.questionnaires.views.asking import LIST, actor_of, page_number
from nimo.foundation.ui import pages


@requires(Permission.VIEW_QUESTIONNAIRES)
def form_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page, rows = queries.form_page(actor, page_number(request))
    in_hand = queries.rounds_in_hand(actor)
    closed = queries.closed_rounds(actor, 1)
    context = {
        "may_create": bool(policies.may_create(actor)),
        "in_hand": tables.rounds("in-hand", "進めている回", in_hand),
        "has_rounds": bool(in_hand),
        "forms": tables.forms(rows),
        "closed": tables.closed(closed),
        "page": page,
    }
    return pages.render(request, "questionnaires/form_list.html", context, title="アンケート")


@requires(Permission.MANAGE_QUESTIONNAIRES)
def form_create(request: HttpRequest) -> HttpResponse:
    form = FormForm(request.POST or None)
    if form.is_valid():
        try:
            version = versions.create_form(
                actor=actor_of(request),
                title=form.cleaned_data["title"],
                purpose=FormPurpose(form.cleaned_data["purpose"]),
                about=form.cleaned_data["about"],
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "様式を作りました。質問のまとまりを足してください。")
            return redirect("questionnaires:version_detail", version_id=version.pk)
    status = 422 if form.errors else 200
    return pages.render(
        request,
        "questionnaires/form_create.html",
        {"form": form},
        title="アンケートの様式を作る",
        breadcrumbs=[LIST],
        status=status,
    )


@requires(Permission.VIEW_QUESTIONNAIRES)
def form_detail(request: HttpRequest, form_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    form = policies.get_form(actor, form_id)
    mine = policies.manages(actor, form.organisation_id)
    context = {
        "form": form,
        "mine": mine,
        "facts": [
            ("種類", form.get_purpose_display()),
            ("作った組織", form.organisation.name),
            ("目的と使い方", form.about),
        ],
        "versions": tables.versions(queries.versions_of(actor, form)),
        "rounds": tables.rounds("rounds", "この様式の回", queries.rounds_of(actor, form), manages=mine),
    }
    return pages.render(request, "questionnaires/form_detail.html", context, title=form.title, breadcrumbs=[LIST])


@requires(Permission.MANAGE_QUESTIONNAIRES)
def form_edit(request: HttpRequest, form_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_owned_form(actor, form_id)
    initial = {"title": found.title, "purpose": found.purpose, "about": found.about, "version": found.version}
    form = FormForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            versions.rename_form(
                actor=actor,
                form_id=form_id,
                version=form.cleaned_data["version"] or 0,
                title=form.cleaned_data["title"],
                purpose=FormPurpose(form.cleaned_data["purpose"]),
                about=form.cleaned_data["about"],
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。")
            return redirect("questionnaires:form_detail", form_id=form_id)
    return pages.render(
        request,
        "questionnaires/form_edit.html",
        {"form": form},
        title="題名と目的を直す",
        breadcrumbs=[LIST, (found.title, reverse("questionnaires:form_detail", args=[form_id]))],
        status=422 if form.errors else 200,
    )
