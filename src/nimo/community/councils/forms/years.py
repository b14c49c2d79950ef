"""Cleaning what comes from the screens of a body's year."""

from __future__ import annotations

from typing import Any

from django import forms

from nimo.community.councils.choices.meetings import ReviewDecision
from nimo.foundation.ui.components.fields import JapaneseDateField

_MONTHS = [(str(month), f"{month}月") for month in (*range(4, 13), *range(1, 4))]


class PlanLineForm(forms.Form):
    month = forms.TypedChoiceField(label="予定の月", choices=_MONTHS, coerce=int)
    theme = forms.CharField(label="テーマ", max_length=200)
    goal = forms.CharField(label="年度の目標との関わり", max_length=200, required=False)


class PlanTieForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    meeting = forms.ChoiceField(label="この計画で開いた（開く）会議", required=False)

    def __init__(self, *args: Any, meetings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = [("", "まだない"), *meetings]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    findings = forms.CharField(
        label="話し合ったこと",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="目的は共有できているか。課題は上がってきたか。決めたことは実行されたか。会議を減らす・まとめることはできるか。",
    )
    round = forms.ChoiceField(
        label="構成員アンケート", required=False, help_text="アンケートの画面で作って配った回を選びます。"
    )

    def __init__(self, *args: Any, rounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].choices = [("", "使わない"), *rounds]  # type: ignore[attr-defined]


class ReviewDecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="この会議体をどうするか", choices=ReviewDecision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label="理由", max_length=400)
    next_year = forms.CharField(label="来年度に変えること", max_length=400, required=False)
    decided_on = JapaneseDateField(label="決めた日")
