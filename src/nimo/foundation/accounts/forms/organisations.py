"""Organisations."""

from __future__ import annotations

from typing import Any

from django import forms

from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.forms.users import day_field


class OrganisationFilterForm(forms.Form):
    kind = forms.ChoiceField(label="区分", required=False, choices=[("", "すべて"), *OrganisationKind.choices])


class OrganisationForm(forms.Form):
    kind = forms.ChoiceField(label="区分", choices=[("", "選んでください"), *OrganisationKind.choices])
    name = forms.CharField(label="名称", max_length=120)
    kana = forms.CharField(label="よみ（ひらがな）", max_length=240, required=False)
    region = forms.ChoiceField(label="受け持つ地域", help_text="この地域と、その中の地域のことを扱えるようになります。")
    valid_from = day_field("始まりの日", required=False, help_text="分からないときや、ずっと前のときは空けておきます。")

    def __init__(self, *args: Any, regions: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["region"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "選んでください"), *regions]


class OrganisationNameForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="新しい名称", max_length=120)
    kana = forms.CharField(label="よみ（ひらがな）", max_length=240, required=False)
    effective_on = day_field("この日から新しい名称です")
    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="例: 組織改編")


class OrganisationCorrectionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="名称", max_length=120)
    kana = forms.CharField(label="よみ（ひらがな）", max_length=240, required=False)
    reason = forms.CharField(label="直す理由", max_length=200, help_text="例: 誤字")


class OrganisationEndForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    ends_on = day_field("この日から、この組織はありません")
    reason = forms.CharField(label="理由", max_length=200, help_text="例: 統合、廃止")
