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


class ExploreForm(forms.Form):
    """What the explorer is asked; every field may be left empty."""

    region = forms.CharField(
        label="地域（名前、または5桁のコード）",
        required=False,
        max_length=80,
        help_text="例：太田市、群馬県 太田市、10205。空のときは、所属の地域か全国です。",
    )
    indicator = forms.ChoiceField(label="指標", required=False)
    beside = forms.CharField(
        label="ならべる地域（三つまで）",
        required=False,
        max_length=240,
        help_text="「、」で区切ります。例：前橋市、高崎市。都道府県と全国はいつもならびます。",
    )
    second = forms.ChoiceField(label="いっしょに見る指標", required=False)
    third = forms.ChoiceField(label="もう一つ", required=False)
    basis = forms.ChoiceField(label="数え方", required=False)
    dimension = forms.ChoiceField(label="内訳", required=False)

    def __init__(
        self,
        *args: Any,
        indicators: list[tuple[str, list[tuple[str, str]]]],
        bases: list[tuple[str, str]],
        dimensions: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = FiscalYearField(label="この年度から", required=False)
        self.fields["to"] = FiscalYearField(label="この年度まで", required=False)
        for name, nothing in (("indicator", None), ("second", "選ばない"), ("third", "選ばない")):
            first = [] if nothing is None else [("", nothing)]
            self.fields[name].choices = [*first, *indicators]  # type: ignore[attr-defined]
        self.fields["basis"].choices = [("", "自動で選ぶ"), *bases]  # type: ignore[attr-defined]
        self.fields["dimension"].choices = [("", "自動で選ぶ"), *dimensions]  # type: ignore[attr-defined]


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
