"""Gallery pages: fields of every kind, the error summary, the place to drop a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from nimo.foundation.ui.components.fields import FiscalYearField, JapaneseDateField
from nimo.foundation.ui.components.gallery.examples import Example, page


class ExampleForm(forms.Form):
    name = forms.CharField(
        label="協議の場の名前",
        max_length=80,
        help_text="要綱のとおりに書きます。",
        error_messages={"required": "名前を入力してください。"},
    )
    held_on = JapaneseDateField(label="開催日", error_messages={"required": "開催日を入力してください。"})
    fiscal_year = FiscalYearField(label="年度", required=False)
    members = forms.IntegerField(label="構成員", required=False, min_value=0)
    level = forms.ChoiceField(
        label="単位", choices=[("", "選んでください"), ("prefecture", "都道府県"), ("area", "圏域"), ("town", "市町村")]
    )
    way = forms.ChoiceField(
        label="開き方", choices=[("meeting", "集まって開く"), ("paper", "書面で開く")], widget=forms.RadioSelect
    )
    parts = forms.MultipleChoiceField(
        label="出席した立場",
        required=False,
        help_text="あてはまるものをすべて選びます。",
        choices=[("peer", "本人・ピアサポーター"), ("family", "家族"), ("hospital", "精神科病院")],
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(label="話し合ったこと", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    is_open = forms.BooleanField(label="議事の概要を公開する", required=False)
    file = forms.FileField(
        label="資料",
        required=False,
        help_text="PowerPoint、Excel、PDF、テキスト。50MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".pptx,.xlsx,.pdf,.txt"}),
    )


def _form(prefix: str, data: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    bound = {f"{prefix}-{key}": value for key, value in data.items()} if data is not None else None
    return {"form": ExampleForm(bound, prefix=prefix)}


WRONG = {"name": "", "held_on": "6月ごろ", "level": "area", "way": "", "members": "多数"}

page(
    "field",
    Example("一行の欄", "{% field form.name %}", lambda: _form("text")),
    Example(
        "日付", '{% field form.held_on width="medium" %}', lambda: _form("date"), note="和暦でも西暦でも入力できます。"
    ),
    Example("年度", '{% field form.fiscal_year width="short" %}', lambda: _form("year")),
    Example("数と単位", '{% field form.members unit="人" width="short" %}', lambda: _form("number")),
    Example("1つ選ぶ（多いとき）", '{% field form.level width="medium" %}', lambda: _form("select")),
    Example("1つ選ぶ", "{% field form.way %}", lambda: _form("radio")),
    Example("いくつでも選ぶ", "{% field form.parts %}", lambda: _form("checks")),
    Example("はい・いいえ", "{% field form.is_open %}", lambda: _form("check")),
    Example("長い文", "{% field form.summary %}", lambda: _form("textarea")),
    Example("ファイル", "{% field form.file %}", lambda: _form("plainfile")),
    Example("まちがいがあるとき", "{% field form.held_on %}", lambda: _form("wrong", WRONG)),
    Example("選び忘れたとき", "{% field form.way %}", lambda: _form("wrongradio", WRONG)),
)
page(
    "form_fields",
    Example("すべての欄", "{% form_fields form %}", lambda: _form("all")),
)
page(
    "error_summary",
    Example(
        "送信できなかったとき",
        "{% error_summary form %}\n{% field form.name %}\n{% field form.held_on %}\n{% field form.way %}",
        lambda: _form("summary", WRONG),
        note="送信に失敗した画面では、まとめに焦点が移り、読み上げられます。",
    ),
)
page(
    "file_drop",
    Example("ファイルを置く場所", "{% file_drop form.file %}", lambda: _form("drop")),
)
page(
    "search_box",
    Example(
        "言葉で探す",
        '{% search_box action="#search_box" label="市町村や都道府県を探す" value="太田" hint="漢字でも、ひらがなでも探せます。" %}',
    ),
)
