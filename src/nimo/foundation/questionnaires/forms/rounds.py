"""Handing a form out: the round, whom it asks, what came back on paper or as a file."""

from __future__ import annotations

from typing import Any

from django import forms

from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.questionnaires.choices import AnswerRule, Identity, RespondentUnit
from nimo.foundation.questionnaires.services.rounds import RoundPlan
from nimo.foundation.ui.components.fields import JapaneseDateField


class RoundForm(forms.Form):
    title = forms.CharField(label="回の名前", max_length=120, help_text="例：令和8年度 第1回 事前アンケート")
    opens_on = JapaneseDateField(label="受付の始まり")
    due_on = JapaneseDateField(label="回答の期限")
    unit = forms.ChoiceField(label="答える単位", choices=RespondentUnit.choices, widget=forms.RadioSelect)
    identity = forms.ChoiceField(
        label="記名・無記名",
        choices=Identity.choices,
        widget=forms.RadioSelect,
        help_text="無記名では、だれの答えかを事務局も調べられません。集計と自由記述は、締め切ってから見られます。",
    )
    answer_rule = forms.ChoiceField(
        label="出したあとの直し",
        choices=AnswerRule.choices,
        widget=forms.RadioSelect,
        help_text="無記名のときは「一度だけ」になります。",
    )
    link_allowed = forms.BooleanField(
        label="ログインしなくても、案内文のリンク（コード）から答えられるようにする",
        required=False,
        help_text="このシステムを使わない相手にも聞くときに選びます。",
    )
    small_numbers = forms.BooleanField(
        label="無記名でも、少ない人数の集計を事務局が見る",
        required=False,
        help_text="選ぶと、答える人にもそのことが示されます。選ばなければ、少ない数は伏せます。",
    )
    message = forms.CharField(
        label="回答する人への案内", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact = forms.CharField(
        label="問い合わせ先", max_length=200, required=False, help_text="例：○○市障害福祉課　電話 00-0000-0000"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def plan(self) -> RoundPlan:
        """Asked after is_valid()."""
        data: dict[str, Any] = self.cleaned_data
        identity = Identity(data["identity"])
        return RoundPlan(
            title=data["title"],
            opens_on=data["opens_on"],
            due_on=data["due_on"],
            identity=identity,
            unit=RespondentUnit(data["unit"]),
            answer_rule=AnswerRule.ONCE if identity is Identity.ANONYMOUS else AnswerRule(data["answer_rule"]),
            link_allowed=data["link_allowed"],
            small_numbers=data["small_numbers"],
            message=data["message"],
            contact=data["contact"],
        )


class InviteForm(forms.Form):
    """Organisations and people of this system, and names for letters; any of the three."""

    organisations = forms.MultipleChoiceField(
        label="組織",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="組織のだれか一人が、組織として答えます。",
    )
    people = forms.MultipleChoiceField(label="利用者", required=False, widget=forms.CheckboxSelectMultiple)
    labels = forms.CharField(
        label="このシステムを使わない相手",
        required=False,
        max_length=60000,
        help_text="あて名を1行に一つ書きます。案内文（紙）にコードを印刷して渡します。個人の名前のほか「自治会 御中」なども使えます。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    audience = forms.ChoiceField(label="その相手の区分", required=False)

    def __init__(self, *args: Any, organisations: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].choices = organisations  # type: ignore[attr-defined]
        self.fields["people"].choices = people  # type: ignore[attr-defined]
        self.fields["audience"].choices = [("", "（区分なし）"), *OrganisationKind.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data["organisations"] or data["people"] or data["labels"].strip()):
            raise forms.ValidationError("配る相手を一つ以上選ぶか、あて名を書いてください。")
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200, required=False)


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="回答票のファイル",
        help_text="お渡しした Excel の回答票（.xlsx）。3MBまで。",
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "このファイルは中身が空です。選び直してください。",
        },
    )


class AudienceForm(forms.Form):
    """Whose sheet of paper it is, when papers carry no name."""

    audience = forms.ChoiceField(label="答えた人の区分", required=False)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(kind, str(OrganisationKind(kind).label)) for kind in kinds if kind]
        self.fields["audience"].choices = [("", "（区分なし）"), *labels]  # type: ignore[attr-defined]
