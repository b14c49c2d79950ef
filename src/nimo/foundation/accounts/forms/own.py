"""One's own account."""

from __future__ import annotations

from typing import Any

from django import forms

from nimo.foundation.accounts.forms.entrance import CODE_WIDGET, NewPasswordForm, password_field


class OwnNameForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="氏名", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    kana = forms.CharField(label="よみ（ひらがな）", max_length=160, required=False)
    email = forms.EmailField(
        label="メールアドレス（職場のもの）",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class OwnPasswordForm(NewPasswordForm):
    current = password_field("今のパスワード", new=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["login_name", "current", "password", "again"])


class PasswordForm(forms.Form):
    """Asked again before something that would help whoever found the screen open."""

    password = password_field("パスワード", new=False)


class CardActivationForm(forms.Form):
    card = forms.UUIDField(widget=forms.HiddenInput)
    code = forms.CharField(
        label="1番のコード",
        max_length=20,
        widget=CODE_WIDGET,
        help_text="印刷したカードを見ながら入力してください。1番のコードはここで使い終わります。",
    )


class TotpForm(forms.Form):
    code = forms.CharField(
        label="認証アプリに今出ている6けたの数字",
        max_length=20,
        widget=CODE_WIDGET,
    )
    password = password_field("パスワード", new=False)

    def __init__(self, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_password:
            del self.fields["password"]
