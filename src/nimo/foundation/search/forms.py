"""What is looked for, and words for one another."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from nimo.core.searching.words import QUESTION_LIMIT
from nimo.foundation.search.rules import LONGEST_WORD
from nimo.foundation.ui.components.fields import FiscalYearField


class SearchForm(forms.Form):
    """Too long a question is no mistake: it is cut, and the page says so."""

    q = forms.CharField(
        label="探すことば",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "maxlength": QUESTION_LIMIT}),
    )
    prefecture = forms.ChoiceField(label="都道府県", required=False)
    year = FiscalYearField(label="年度", required=False)
    kind = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, prefectures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["prefecture"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "すべて"), *prefectures]


class SynonymForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    word = forms.CharField(label="ことば", max_length=LONGEST_WORD)
    others = forms.CharField(
        label="いっしょに探すことば",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行に一つ、または「、」で区切ります。かな、全角と半角、旧字の違いは、登録しなくても同じに探せます。",
    )
    both_ways = forms.BooleanField(label="いっしょに探すことばからも、このことばを探す", required=False, initial=True)
    reference = forms.CharField(label="根拠・理由", required=False, max_length=200)
    in_use = forms.BooleanField(label="使う", required=False, initial=True)

    def clean_others(self) -> list[str]:
        words = [one.strip() for one in re.split(r"[\n、，,]", self.cleaned_data["others"]) if one.strip()]
        return list(dict.fromkeys(words))
