"""What the screens ask: search words, years, a file of statistics, a reason."""

from __future__ import annotations

from typing import Any

from django import forms

from nimo.community.indicators.choices import Evidence, Group
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.fields import FiscalYearField


class SearchForm(forms.Form):
    q = forms.CharField(label="言葉（名称、定義、コード、出どころ）", required=False, max_length=80)
    group = forms.ChoiceField(label="分類", required=False, choices=[("", "すべて"), *Group.choices])
    evidence = forms.ChoiceField(label="確認状態", required=False, choices=[("", "すべて"), *Evidence.choices])


class ValuesForm(forms.Form):
    """Which year and place of an indicator's values to show."""

    year = forms.TypedChoiceField(label="年度", coerce=int, required=False)
    area = forms.ChoiceField(label="地域", required=False)

    def __init__(self, *args: Any, years: list[int], areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, FiscalYear(year).label_with_western) for year in years]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "全国と都道府県"), *areas]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=200, help_text="操作の記録に残ります。個人の名前は書かないでください。"
    )


class RecountForm(forms.Form):
    """The fiscal years of a full recount, as western years."""

    from_year = FiscalYearField(label="この年度から")
    to_year = FiscalYearField(label="この年度まで")

    def clean_from_year(self) -> int:
        return int(self.cleaned_data["from_year"].year)

    def clean_to_year(self) -> int:
        return int(self.cleaned_data["to_year"].year)
