"""Organisations and their names over time."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.forms import organisations as forms
from nimo.foundation.accounts.policies import get_organisation, may_manage_organisation
from nimo.foundation.accounts.queries.organisations import organisation_page, region_choices
from nimo.foundation.accounts.queries.users import UserFilter, user_page
from nimo.foundation.accounts.services import organisations as services
from nimo.foundation.accounts.views import showing
from nimo.foundation.accounts.views.asking import actor_of, page_number
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import TimelineItem

DETAIL = "accounts:organisation_detail"


def above(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("組織", reverse("accounts:organisation_list")), *more]


@requires(Permission.MANAGE_USERS)
def organisation_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.OrganisationFilterForm(request.GET or None)
    kind = form.cleaned_data.get("kind", "") if form.is_valid() else ""
    page = organisation_page(actor, kind, page_number(request))
    may_create = actor.has_anywhere(Permission.MANAGE_ORGANISATIONS)
    empty = EmptyState(
        "組織はまだありません",
        "本庁、保健所、市町村、病院、家族会など、nimo を使う組織を登録します。利用者は組織に招待します。",
        "組織を登録する" if may_create else "",
        reverse("accounts:organisation_create") if may_create else "",
    )
    return pages.render(
        request,
        "accounts/organisation_list.html",
        {
            "form": form,
            "page": page,
            "table": showing.organisations_table(page.object_list, actor.today, empty),
            "may_create": may_create,
        },
        title="組織",
    )


@requires(Permission.MANAGE_USERS)
def organisation_detail(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    organisation = _organisation(request, organisation_id)
    page, rows = user_page(actor, UserFilter(organisation_id=organisation.pk), page_number(request))
    empty = EmptyState("いま働いている利用者はいません", "はじめての方を招待すると、ここに並びます。")
    return pages.render(
        request,
        "accounts/organisation_detail.html",
        {
            "organisation": organisation,
            "facts": [
                Definition("区分", OrganisationKind(organisation.kind).label),
                Definition("よみ", organisation.kana or None),
                Definition("受け持つ地域", organisation.region.name),
                Definition("始まり", showing.day(organisation.valid_from)),
                Definition("終わり（この日からありません）", showing.day(organisation.valid_to) or "決まっていない"),
            ],
            "names": [
                TimelineItem(when=f"{showing.day(former.valid_to)}の前日まで", title=former.name, text=former.kana)
                for former in organisation.former_names.order_by("-valid_to")
            ],
            "page": page,
            "table": showing.users_table(rows, empty),
            "invite_href": f"{reverse('accounts:user_invite')}?organisation={organisation.pk}",
            "manageable": may_manage_organisation(actor, organisation).allowed,
        },
        title=organisation.name,
        breadcrumbs=above(),
    )


def _organisation(request: HttpRequest, organisation_id: UUID):  # type: ignore[no-untyped-def]
    try:
        return get_organisation(actor_of(request), organisation_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


@requires(Permission.MANAGE_ORGANISATIONS)
def organisation_create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.OrganisationForm(request.POST or None, regions=region_choices(actor))
    if form.is_valid():
        given = {**form.cleaned_data}
        try:
            organisation = services.create_organisation(
                actor=actor,
                kind=OrganisationKind(given.pop("kind")),
                region_code=given.pop("region"),
                **given,
            )
        except services.UnableToChangeOrganisation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "組織を登録しました。続けて、ここで働く方を招待できます。")
            return redirect(DETAIL, organisation.pk)
    return pages.render(
        request, "accounts/organisation_create.html", {"form": form}, title="組織を登録する", breadcrumbs=above()
    )


@requires(Permission.MANAGE_ORGANISATIONS)
def organisation_rename(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = _organisation(request, organisation_id)
    form = forms.OrganisationNameForm(
        request.POST or None, initial={"version": organisation.version, "effective_on": actor_of(request).today}
    )
    return _changed(
        request,
        organisation,
        form,
        services.rename_organisation,
        template="accounts/organisation_rename.html",
        title="名称を変える",
        done="名称を変えました。前の名称は、期間とともに残ります。",
    )


@requires(Permission.MANAGE_ORGANISATIONS)
def organisation_correct(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = _organisation(request, organisation_id)
    form = forms.OrganisationCorrectionForm(
        request.POST or None,
        initial={"version": organisation.version, "name": organisation.name, "kana": organisation.kana},
    )
    return _changed(
        request,
        organisation,
        form,
        services.correct_organisation,
        template="accounts/organisation_correct.html",
        title="登録内容を直す",
        done="登録内容を直しました。",
    )


@requires(Permission.MANAGE_ORGANISATIONS)
def organisation_end(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    organisation = _organisation(request, organisation_id)
    form = forms.OrganisationEndForm(
        request.POST or None, initial={"version": organisation.version, "ends_on": actor_of(request).today}
    )
    return _changed(
        request,
        organisation,
        form,
        services.end_organisation,
        template="accounts/organisation_end.html",
        title="組織を終わらせる",
        done="組織の終わりを記録しました。これまでの記録はそのまま残ります。",
    )


def _changed(request, organisation, form, service, *, template, title, done) -> HttpResponse:  # type: ignore[no-untyped-def]
    """The three changes of an organisation differ in their form, service and words only."""
    if form.is_valid():
        try:
            service(actor=actor_of(request), organisation_id=organisation.pk, **form.cleaned_data)
        except services.UnableToChangeOrganisation as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(DETAIL, organisation.pk)
    return pages.render(
        request,
        template,
        {"form": form, "organisation": organisation},
        title=title,
        breadcrumbs=above((organisation.name, reverse(DETAIL, args=[organisation.pk]))),
    )
