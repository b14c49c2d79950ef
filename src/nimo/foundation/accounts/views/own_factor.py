"""Setting up the second factor: a printed card, an authenticator app, or both."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.adapter import SecondFactorAdapter
from nimo.foundation.accounts.formats.pictures import qr_svg
from nimo.foundation.accounts.formats.sealed import NotReadable, seal, unseal
from nimo.foundation.accounts.forms import own as forms
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.rules import CARD_USED_UP, SECOND_FACTOR, grouped
from nimo.foundation.accounts.services.second_factors import (
    UnableToSetUp,
    activate_card,
    activate_totp,
    issue_card,
    remove_totp,
)
from nimo.foundation.accounts.views.asking import actor_of, user_of
from nimo.foundation.accounts.views.own import OWN, above
from nimo.foundation.ui import pages

PENDING_TOTP = "nimo_pending_totp"
PURPOSE = "pending totp"


@requires(Permission.VIEW_OWN_ACCOUNT)
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """The two ways, and for whom each is meant. Whoever must set one up sees nothing else until it is done."""
    return pages.render(
        request,
        "accounts/second_factor_set_up.html",
        {
            "state": second_factor_of(user_of(request).pk),
            "must": getattr(request, "nimo_must_set_up", False),
            "used_up": request.session.get(CARD_USED_UP, False),
        },
        title="二段階認証の設定",
    )


@requires(Permission.VIEW_OWN_ACCOUNT)
@sensitive_post_parameters()
def code_card(request: HttpRequest) -> HttpResponse:
    """POST makes a card and shows it once; the page prints in card size. Reloading makes another one."""
    state = second_factor_of(user_of(request).pk)
    ask_password = state.exists
    form = forms.PasswordForm(request.POST or None) if ask_password else None
    if request.method == "POST" and (form is None or form.is_valid()):
        password = form.cleaned_data["password"] if form else ""
        try:
            card = issue_card(actor=actor_of(request), password=password)
        except UnableToSetUp as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect("accounts:second_factor_set_up")
            form.add_error("password", str(refusal))
        else:
            return pages.render(
                request,
                "accounts/code_card_issued.html",
                {
                    "codes": [(number, grouped(code)) for number, code in card.codes],
                    "login_name": user_of(request).login_name,
                    "issued_at": card.issued_at,
                    "form": forms.CardActivationForm(initial={"card": card.card_id}),
                },
                title="コードカード",
                breadcrumbs=above(),
            )
    return pages.render(
        request,
        "accounts/code_card.html",
        {"form": form, "state": state},
        title="コードカードを作る",
        breadcrumbs=above(),
    )


@requires(Permission.VIEW_OWN_ACCOUNT)
def code_card_activate(request: HttpRequest) -> HttpResponse:
    """Begins to use the card. After a mistake the codes are not shown again: they are read from the paper."""
    form = forms.CardActivationForm(request.POST or None)
    if not form.is_bound:
        return redirect("accounts:code_card")
    if form.is_valid():
        try:
            activate_card(actor=actor_of(request), card_id=form.cleaned_data["card"], code=form.cleaned_data["code"])
        except UnableToSetUp as refusal:
            form.add_error("code", str(refusal))
        else:
            return _is_set_up(
                request, "card", "コードカードを使い始めました。カードは名札や財布など、なくさない所に入れてください。"
            )
    return pages.render(
        request,
        "accounts/code_card_activate.html",
        {"form": form},
        title="コードカードを使い始める",
        breadcrumbs=above(),
    )


def _is_set_up(request: HttpRequest, method: str, text: str) -> HttpResponse:
    """The code that was just typed counts as this session's second factor."""
    must = getattr(request, "nimo_must_set_up", False)
    request.session[SECOND_FACTOR] = method
    request.session[CARD_USED_UP] = False
    messages.success(request, text)
    return redirect(settings.LOGIN_REDIRECT_URL if must else OWN)


@requires(Permission.VIEW_OWN_ACCOUNT)
@sensitive_post_parameters()
def totp_set_up(request: HttpRequest) -> HttpResponse:
    ask_password = second_factor_of(user_of(request).pk).exists
    secret = _pending_secret(request)
    form = forms.TotpForm(request.POST or None, ask_password=ask_password)
    if form.is_valid():
        try:
            activate_totp(
                actor=actor_of(request),
                secret=secret,
                code=form.cleaned_data["code"],
                password=form.cleaned_data.get("password", ""),
            )
        except UnableToSetUp as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session.pop(PENDING_TOTP, None)
            return _is_set_up(
                request, "totp", "認証アプリを登録しました。次のログインから、アプリに出る数字も使います。"
            )
    return pages.render(
        request,
        "accounts/totp_set_up.html",
        {"form": form, "secret": grouped(secret), "picture": reverse("accounts:totp_picture")},
        title="認証アプリを登録する",
        breadcrumbs=above(),
    )


def _pending_secret(request: HttpRequest) -> str:
    """The key that waits to be confirmed, sealed in the session (sessions lie in a table)."""
    try:
        return unseal(request.session[PENDING_TOTP], settings.SECRET_KEY, PURPOSE)
    except (KeyError, NotReadable):
        secret: str = generate_totp_secret()
        request.session[PENDING_TOTP] = seal(secret, settings.SECRET_KEY, PURPOSE)
        return secret


@requires(Permission.VIEW_OWN_ACCOUNT)
def totp_picture(request: HttpRequest) -> HttpResponse:
    """The QR code as our own SVG: the content security policy allows no `data:` images."""
    address = SecondFactorAdapter().build_totp_url(user_of(request), _pending_secret(request))
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


@requires(Permission.VIEW_OWN_ACCOUNT)
@sensitive_post_parameters()
def totp_remove(request: HttpRequest) -> HttpResponse:
    form = forms.PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            remove_totp(actor=actor_of(request), password=form.cleaned_data["password"])
        except UnableToSetUp as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "認証アプリの登録を外しました。次のログインからは、コードカードを使います。")
            return redirect(OWN)
    return pages.render(
        request, "accounts/totp_remove.html", {"form": form}, title="認証アプリの登録を外す", breadcrumbs=above()
    )
