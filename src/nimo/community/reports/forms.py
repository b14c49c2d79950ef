"""What is asked for an answer: which figures, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from nimo.foundation.ui.components.fields import JapaneseDateField


class SearchForm(forms.Form):
    q = forms.CharField(label="言葉（件名、地域、会議、質問、答弁）", required=False, max_length=80)


class RegionForm(forms.Form):
    q = forms.CharField(label="地域の名前", required=False, max_length=80, help_text="例: 太田市、おおた、群馬県")


class ChoiceForm(forms.Form):
    region = forms.CharField(max_length=12, widget=forms.HiddenInput)
    indicators = forms.MultipleChoiceField(
        label="載せる指標",
        widget=forms.CheckboxSelectMultiple,
        help_text="4つまで選べます。1つなら、ふつうA4で1枚に収まります。",
        error_messages={"required": "指標を1つ以上選んでください。"},
    )
    public_only = forms.BooleanField(
        label="公表用にする（公開された値だけを使い、少数の値は公開の画面と同じように伏せる）", required=False
    )

    def __init__(self, *args: Any, indicators: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicators"].choices = indicators  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="件名", max_length=80)
    meeting_name = forms.CharField(
        label="会議の名称", max_length=80, required=False, help_text="例: 令和8年第4回定例会 一般質問"
    )
    asked_on = JapaneseDateField(label="質問の日", required=False)
    answerer_post = forms.CharField(
        label="答弁する職", max_length=80, required=False, help_text="職名だけを書きます。例: 福祉こども部長"
    )
    question = forms.CharField(label="質問", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    answer = forms.CharField(label="答弁", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 10}))


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="取りやめる理由", max_length=200)
