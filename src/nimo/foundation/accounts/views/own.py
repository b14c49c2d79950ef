"""One's own account: name, password, organisation of the moment, sessions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.forms import own as forms
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.queries.users import memberships_of
from nimo.foundation.accounts.rules import ACTING_ORGANISATION
from nimo.foundation.accounts.services.users import (
    UnableToChangeUser,
    change_own_password,
    end_sessions,
    rename_user,
)
from nimo.foundation.accounts.views import showing
from nimo.foundation.accounts.views.asking import actor_of, user_of, uuid_of
from nimo.foundation.ui import pages

OWN = "accounts:own_account"


def above() -> list[tuple[str, str]]:
    return [("自分の設定", reverse(OWN))]


@requires(Permission.VIEW_OWN_ACCOUNT)
def own_account(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return pages.render(
        request,
        "accounts/own_account.html",
        {
            "facts": showing.own_facts(user_of(request)),
            "memberships": showing.memberships_table(memberships_of(user_of(request).pk), actor.today),
            "state": second_factor_of(user_of(request).pk),
            "grants": actor.grants if len({grant.organisation_id for grant in actor.grants}) > 1 else (),
            "acting": actor.organisation,
        },
        title="自分の設定",
    )


@requires(Permission.VIEW_OWN_ACCOUNT)
def own_name(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = forms.OwnNameForm(
        request.POST or None,
        initial={"version": user.version, "name": user.name, "kana": user.kana, "email": user.email},
    )
    if form.is_valid():
        try:
            rename_user(actor=actor_of(request), user_id=user.pk, **form.cleaned_data)
        except UnableToChangeUser as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "氏名などを直しました。これまでの記録には、そのときの氏名が残ります。")
            return redirect(OWN)
    return pages.render(request, "accounts/own_name.html", {"form": form}, title="氏名を直す", breadcrumbs=above())


@requires(Permission.VIEW_OWN_ACCOUNT)
@sensitive_post_parameters()
def own_password(request: HttpRequest) -> HttpResponse:
    """The session this is asked from goes on; every other one ends."""
    form = forms.OwnPasswordForm(request.POST or None, login_name=user_of(request).login_name)
    if form.is_valid():
        try:
            user = change_own_password(
                actor=actor_of(request), current=form.cleaned_data["current"], new=form.cleaned_data["password"]
            )
        except UnableToChangeUser as refusal:
            form.add_error(None, str(refusal))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "パスワードを変えました。ほかの機械でのログインは終わりました。")
            return redirect(OWN)
    return pages.render(
        request, "accounts/own_password.html", {"form": form}, title="パスワードを変える", breadcrumbs=above()
    )


@requires(Permission.VIEW_OWN_ACCOUNT)
@require_POST
def own_sessions_end(request: HttpRequest) -> HttpResponse:
    user = end_sessions(actor=actor_of(request), user_id=user_of(request).pk)
    update_session_auth_hash(request, user)
    messages.success(request, "ほかの機械でのログインをすべて終えました。この画面は続けて使えます。")
    return redirect(OWN)


@requires(Permission.VIEW_OWN_ACCOUNT)
@require_POST
def own_organisation(request: HttpRequest) -> HttpResponse:
    """For somebody with several: as whose officer the next acts are recorded."""
    chosen = uuid_of(request.POST.get("organisation", ""))
    names = {grant.organisation_id: grant.organisation_name for grant in actor_of(request).grants}
    if chosen in names:
        request.session[ACTING_ORGANISATION] = str(chosen)
        messages.success(request, f"これからの操作は、{names[chosen]}の担当者として記録します。")
    else:
        messages.error(request, "その組織は選べません。いまの所属から選んでください。")
    return redirect(OWN)
