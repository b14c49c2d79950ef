"""Where django-allauth meets nimo: who may sign in, what it leaves behind, how the second factor is asked."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.formats.sealed import seal, unseal
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.rules import CARD_USED_UP, SECOND_FACTOR, SIGNED_IN_AT, USED_AT
from nimo.foundation.accounts.services.sessions import record_refused_sign_in, record_sign_in

TOTP_SECRET = "totp"  # noqa: S105 (what the sealed text is for)

NO_MEMBERSHIP = (
    "いま有効な所属がないため、ログインできません。所属が始まる日をたしかめるか、"
    "所属の責任者に、役割を付けるよう頼んでください。これまでの記録はそのまま残っています。"
)
SUSPENDED = "この利用者IDは停止されているため、ログインできません。所属の責任者に問い合わせてください。"
CARD_IS_EMPTY = (
    "コードカードのコードをすべて使い終えているため、ログインできません。"
    "所属の責任者に、二段階認証の取り消しを頼んでください。次のログインで新しいカードを作れます。"
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": (
            "利用者IDかパスワードが違います。大文字と小文字、半角と全角を確かめて、もう一度入力してください。"
        ),
        "too_many_login_attempts": (
            "まちがいが続いたため、この利用者IDでのログインを5分間止めています。"
            "利用者IDやパスワードは変わっていません。5分待ってから、もう一度入力してください。"
            "パスワードが分からないときは、所属の責任者に再設定の案内を頼んでください。"
        ),
        "account_inactive": SUSPENDED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["nimo.foundation.accounts.adapter.SecondFactorStage"]

    def add_message(self, *_: Any, **__: Any) -> None:
        """allauth's own messages are not ours; the views say what is to be said."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._refused(request, credentials.get("username", ""), "続けてまちがえたため停止中")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._refused(request, credentials.get("username", ""), "利用者IDかパスワードの違い")

    def _refused(self, request: HttpRequest, login_name: str, reason: str) -> None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        record_refused_sign_in(actor=actor, login_name=login_name, reason=reason)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """The password was right: may this person come in today?"""
        if not user.is_active:
            self._refused(request, user.login_name, "停止中の利用者")
            return _back_to_sign_in(request, SUSPENDED)
        if not actor_for_user(user, timezone.now()).grants:
            self._refused(request, user.login_name, "有効な所属なし")
            return _back_to_sign_in(request, NO_MEMBERSHIP)
        refusal: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return refusal

    def login(self, request: HttpRequest, user: User) -> None:
        now = timezone.now()
        method = getattr(request, "nimo_second_factor", "")
        door: Actor = request.actor  # type: ignore[attr-defined]
        record_sign_in(actor=actor_for_user(user, now, request_id=door.request_id), method=method)
        super().login(request, user)
        request.session[SIGNED_IN_AT] = request.session[USED_AT] = now.isoformat()
        if method:
            request.session[SECOND_FACTOR] = method
            request.session[CARD_USED_UP] = not second_factor_of(user.pk).usable


class SecondFactorStage(LoginStage):  # type: ignore[misc]
    """After the password: whoever has a second factor is asked for it, whether or not the role demands one."""

    key = "nimo_second_factor"
    urlname = "accounts:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        state = second_factor_of(self.login.user.pk)
        if not state.exists:
            return None, True
        if not state.usable:
            return _back_to_sign_in(self.request, CARD_IS_EMPTY), False
        return redirect(self.urlname), True

    def is_resumable(self, request: HttpRequest) -> bool:
        """On a shared PC the sign-in page never leads into somebody else's half-finished sign-in."""
        return False


def _back_to_sign_in(request: HttpRequest, text: str) -> HttpResponse:
    clear_login(request)
    messages.error(request, text)
    return redirect("account_login")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What an authenticator app shows, and how its key lies in the table."""

    def get_totp_label(self, user: User) -> str:
        return user.login_name

    def get_totp_issuer(self) -> str:
        return "nimo"

    def encrypt(self, text: str) -> str:
        return seal(text, settings.SECRET_KEY, TOTP_SECRET)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, settings.SECRET_KEY, TOTP_SECRET)
