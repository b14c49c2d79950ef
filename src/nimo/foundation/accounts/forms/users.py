"""Users and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.rules import LOGIN_NAME_RULE

ROLES = [(role.value, role.label) for role in Role]
STATES = [
    ("active", "利用中"),
    ("waiting", "招待中"),
    ("idle", "所属なし"),
    ("suspended", "停止中"),
    ("all", "すべて"),
]


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日付を 2026-04-01 の形で入力してください。"},
        **options,
    )


Choices = Sequence[tuple[str, str]]


class UserFilterForm(forms.Form):
    organisation = forms.ChoiceField(label="組織", required=False)
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *ROLES])
    state = forms.ChoiceField(label="状態", required=False, choices=STATES)

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "すべて"), *organisations]


class UserSearchForm(forms.Form):
    text = forms.CharField(label="氏名・よみ・利用者ID", max_length=80)


class MatrixFilterForm(forms.Form):
    role = forms.ChoiceField(label="役割", required=False, choices=[("", "すべて"), *ROLES])
    text = forms.CharField(label="できることの一部", required=False, max_length=80)


class RoleForm(forms.Form):
    organisation = forms.ChoiceField(label="組織")
    role = forms.ChoiceField(label="役割", choices=[("", "選んでください"), *ROLES])
    valid_from = day_field("この日から")
    valid_to = day_field(
        "この日の前日まで",
        required=False,
        help_text="終わりが決まっていないときは空けておきます。",
    )

    def __init__(self, *args: Any, organisations: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "選んでください"), *organisations]
        self.initial.setdefault("valid_from", today)


class InvitationForm(RoleForm):
    name = forms.CharField(label="氏名", max_length=80)
    kana = forms.CharField(label="よみ（ひらがな）", max_length=160, required=False)
    login_name = forms.CharField(label="利用者ID", max_length=64, help_text=LOGIN_NAME_RULE)
    email = forms.EmailField(label="メールアドレス（職場のもの）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "kana", "login_name", "email", "organisation", "role", "valid_from", "valid_to"])


class UserNameForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="氏名", max_length=80)
    kana = forms.CharField(label="よみ（ひらがな）", max_length=160, required=False)
    email = forms.EmailField(label="メールアドレス（職場のもの）", required=False)
    reason = forms.CharField(label="直す理由", max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200, help_text="監査の記録に残ります。")


class MembershipEndForm(forms.Form):
    ends_on = day_field("この日から役割がなくなります")
    reason = forms.CharField(label="理由", max_length=200, required=False)


class HandOverForm(forms.Form):
    successor = forms.ChoiceField(label="後任")
    effective_on = day_field(
        "引き継ぎの日", help_text="この日の0時に役割が移ります。今日を選ぶと、すぐに引き継ぎます。"
    )
    memberships = forms.MultipleChoiceField(
        label="引き継ぐ役割",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="例: 4月1日付の人事異動")

    def __init__(self, *args: Any, successors: Choices, memberships: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("successor", [("", "選んでください"), *successors]),
            ("memberships", list(memberships)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not memberships:
            del self.fields["memberships"]
        else:
            self.initial.setdefault("memberships", [value for value, _ in memberships])
