"""Signing in, and the first password."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms

from nimo.foundation.accounts.rules import login_name_as_typed

CODE_WIDGET = forms.TextInput(
    attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": "20"}
)


def password_field(label: str, *, new: bool) -> forms.CharField:
    """Password managers tell an old password from a new one by `autocomplete`."""
    attributes = {"autocomplete": "new-password" if new else "current-password"}
    return forms.CharField(label=label, strip=False, max_length=256, widget=forms.PasswordInput(attrs=attributes))


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="利用者ID",
            max_length=64,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True, "spellcheck": "false"}
            ),
        )
        self.fields["password"] = password_field("パスワード", new=False)
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return login_name_as_typed(self.cleaned_data["login"])


class SecondFactorForm(forms.Form):
    code = forms.CharField(label="コード", max_length=20, widget=CODE_WIDGET)


class InvitationCodeForm(forms.Form):
    code = forms.CharField(
        label="招待コード",
        max_length=60,
        help_text="紙に書かれた24文字です。区切りの空白やハイフンは、あってもなくてもかまいません。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """`login_name` is shown so that a password manager stores the pair."""

    login_name = forms.CharField(
        label="利用者ID",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "username", "readonly": True}),
        help_text="これからログインするときに使います。控えておいてください。",
    )
    password = password_field("新しいパスワード", new=True)
    again = password_field("新しいパスワード（もう一度）", new=True)

    def __init__(self, *args: Any, login_name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["login_name"] = login_name
        self.fields["password"].help_text = "12文字以上。ほかで使っていない、言葉をいくつかつないだものが安全です。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "2つのパスワードが違います。同じものを2回入力してください。")
        return cleaned
