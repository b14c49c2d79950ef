"""Signing in and out, taking turns at one PC, accepting an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from nimo.foundation.access.decorators import public
from nimo.foundation.accounts.adapter import SecondFactorStage
from nimo.foundation.accounts.forms import entrance as forms
from nimo.foundation.accounts.queries.second_factors import SecondFactorState, second_factor_of
from nimo.foundation.accounts.queries.users import invited_user
from nimo.foundation.accounts.rules import ATTEMPTS, SESSION_LIMIT, token_as_typed
from nimo.foundation.accounts.services.attempts import UnableToVerify
from nimo.foundation.accounts.services.invitations import NO_LONGER_VALID, UnableToAccept, accept_invitation
from nimo.foundation.accounts.services.second_factors import check_second_factor
from nimo.foundation.accounts.services.sessions import record_sign_out
from nimo.foundation.accounts.views.asking import actor_of
from nimo.foundation.ui import pages

INVITATION_CODE = "nimo_invitation_code"


def _times() -> dict[str, int]:
    return {
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "longest_hours": int(SESSION_LIMIT.total_seconds() // 3600),
    }


class _LoginView(LoginView):  # type: ignore[misc]
    """allauth checks the password, counts the tries and walks the stages; the page is ours."""

    form_class = forms.LoginForm

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        return pages.render(self.request, "account/login.html", {**context, **_times()}, title="ログイン")


@public(reason="ログインする画面。利用者IDとパスワードを入れるまで、何も見せない。")
def account_login(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = _LoginView.as_view()(request)
    return answer


@public(reason="ログアウト。だれのログインでもないときは、ログイン画面へ移るだけ。")
def account_logout(request: HttpRequest) -> HttpResponse:
    """GET: one button. POST: ends the session."""
    if request.method != "POST" and request.user.is_authenticated:
        return pages.render(request, "account/logout.html", title="ログアウト")
    return _leave(request, switching=False, text="ログアウトしました。")


@public(reason="共有の機械で次の人に代わる。二段階認証の設定前でも、役割のない人でも使えなければならない。")
def switch(request: HttpRequest) -> HttpResponse:
    """POST ends the session and asks the next user to sign in; GET warns of what is not saved.

    Who used the machine before is not shown: names do not belong on a screen anybody can reach.
    """
    if request.method != "POST" and request.user.is_authenticated:
        return pages.render(request, "accounts/switch.html", title="利用者を切り替える")
    return _leave(request, switching=True, text="前の利用者のログインを終えました。次の方がログインしてください。")


def _leave(request: HttpRequest, *, switching: bool, text: str) -> HttpResponse:
    clear_login(request)
    if request.user.is_authenticated:
        record_sign_out(actor=actor_of(request), switching=switching)
        get_adapter(request).logout(request)
        messages.info(request, text)
    response = redirect("account_login")
    response.headers["Clear-Site-Data"] = '"cache"'  # nothing of the last user is left in the browser
    return response


@public(reason="パスワードの次に、二つめの認証を求める画面。パスワードが合った人だけが進める。")
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second stage of signing in. The card's code is asked for by its number."""
    stage: LoginStage | None = None
    if not request.user.is_authenticated:
        stage = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None:
        return redirect("account_login")
    user_id = stage.login.user.pk
    form = forms.SecondFactorForm(request.POST or None)
    if form.is_valid():
        try:
            method = check_second_factor(actor=actor_of(request), user_id=user_id, code=form.cleaned_data["code"])
        except UnableToVerify as refusal:
            form.add_error("code", str(refusal))
        else:
            request.nimo_second_factor = method  # type: ignore[attr-defined]
            answer: HttpResponse = stage.exit()
            return _warned(request, answer, second_factor_of(user_id))
    return pages.render(
        request,
        "accounts/second_factor.html",
        {"form": form, "state": second_factor_of(user_id), "attempts": ATTEMPTS},
        title="二段階認証",
    )


def _warned(request: HttpRequest, answer: HttpResponse, state: SecondFactorState) -> HttpResponse:
    if request.user.is_authenticated and state.runs_out:
        messages.warning(
            request,
            f"コードカードの残りは{state.remaining}個です。「自分の設定」で新しいカードを作り、印刷してください。",
        )
    return answer


@public(reason="招待のリンクを開く入り口。コードを覚えて、アドレスにコードのない画面へ移る。")
@never_cache
def invitation_link(request: HttpRequest, code: str) -> HttpResponse:
    request.session[INVITATION_CODE] = token_as_typed(code)
    return redirect("accounts:invitation")


@public(reason="招待された人が、はじめのパスワードを決める画面。招待コードを持つ人だけが進める。")
@sensitive_post_parameters("password", "again")
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    """Without a code in the session: asks for it. With one: whose it is, and a password."""
    actor = actor_of(request)
    code: str = request.session.get(INVITATION_CODE, "")
    user = invited_user(code, actor.now) if code else None
    if user is None:
        return _ask_code(request, wrong=bool(code))
    form = forms.NewPasswordForm(request.POST if "password" in request.POST else None, login_name=user.login_name)
    if form.is_valid():
        try:
            accept_invitation(actor=actor, code=code, password=form.cleaned_data["password"])
        except UnableToAccept as refusal:
            form.add_error("password", str(refusal))
        else:
            logout(request)
            messages.success(request, "パスワードを決めました。続けて、利用者IDとパスワードでログインしてください。")
            return redirect("account_login")
    return pages.render(
        request, "accounts/invitation.html", {"form": form, "name": user.name}, title="はじめてのパスワード"
    )


def _ask_code(request: HttpRequest, *, wrong: bool) -> HttpResponse:
    request.session.pop(INVITATION_CODE, None)
    form = forms.InvitationCodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        request.session[INVITATION_CODE] = token_as_typed(form.cleaned_data["code"])
        return redirect("accounts:invitation")
    return pages.render(
        request,
        "accounts/invitation_code.html",
        {"form": form, "refusal": NO_LONGER_VALID if wrong else ""},
        title="招待コードの入力",
    )


@public(reason="いま有効な所属のない利用者に、何をすればよいかを知らせる画面。データは出さない。")
def no_membership(request: HttpRequest) -> HttpResponse:
    return pages.render(request, "accounts/no_membership.html", title="いま有効な所属がありません", status=403)
