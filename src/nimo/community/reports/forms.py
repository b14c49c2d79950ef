"""What is asked for an answer: which figures, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from nimo.foundation.ui.components.fields import FiscalYearField, JapaneseDateField


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


class ShownForm(forms.Form):
    """Which bodies a page shows."""

    show = forms.CharField(required=False, max_length=20)


class CollectionForm(forms.Form):
    title = forms.CharField(label="件名", max_length=80, help_text="例: 令和8年度 自治体情報シートの提出のお願い")
    fiscal_year = FiscalYearField(label="シートの年度")
    scope = forms.ChoiceField(label="依頼先", help_text="作ったあと、依頼する前に一つずつ選び直せます。")
    due_on = JapaneseDateField(label="提出の期限")
    contact = forms.CharField(
        label="問い合わせ先",
        max_length=120,
        required=False,
        help_text="課と電話番号。例: 障害福祉課 こころの健康係 0000-00-0000",
    )
    message = forms.CharField(
        label="依頼のことば", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, scopes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]


class CollectionEditForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="件名", max_length=80)
    due_on = JapaneseDateField(label="提出の期限")
    contact = forms.CharField(label="問い合わせ先", max_length=120, required=False)
    message = forms.CharField(
        label="依頼のことば", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    targets = forms.MultipleChoiceField(
        label="依頼先",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "依頼先を一つ以上選んでください。"},
    )

    def __init__(self, *args: Any, bodies: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["targets"].choices = bodies  # type: ignore[attr-defined]


class RemindForm(forms.Form):
    words = forms.CharField(
        label="添えることば",
        required=False,
        max_length=120,
        help_text="なくてもかまいません。例: 協議の場の欄だけでも先にお願いします。",
    )


class ContactForm(forms.Form):
    words = forms.CharField(
        label="話したこと",
        max_length=300,
        help_text="支援している方の名前や事情は書かないでください。例: 電話。来週までに出すとのこと",
        error_messages={"required": "話したことを入れてください。"},
    )


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label="求めない理由", required=False, max_length=200, help_text="空にすると、求めることに戻ります。"
    )


class PacketForm(forms.Form):
    file = forms.FileField(
        label="戻ってきたExcelの用紙",
        help_text="お渡しした用紙に書き込んで保存したもの（.xlsx）。",
        error_messages={"required": "ファイルを選んでください。", "empty": "選んだファイルは中身が空です。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
