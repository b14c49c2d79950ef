"""What officials type about regions: names, days, members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from nimo.core.text import normalise, to_hiragana
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.ui.components.fields import JapaneseDateField

AREA_CHOICES = [
    (kind.value, kind.label)
    for kind in (RegionKind.WELFARE_AREA, RegionKind.HEALTH_CENTRE_AREA, RegionKind.MEDICAL_AREA)
]


class SearchForm(forms.Form):
    q = forms.CharField(label="地域を探す", required=False, max_length=60, help_text="名称・よみ・コードの一部")


class _Named(forms.Form):
    name = forms.CharField(label="名称", max_length=80)
    kana = forms.CharField(label="よみ", max_length=160, help_text="ひらがなで入力します。並べ替えに使います。")

    def clean_name(self) -> str:
        return normalise(self.cleaned_data["name"]).strip()

    def clean_kana(self) -> str:
        return to_hiragana(normalise(self.cleaned_data["kana"])).strip()


class AreaForm(_Named):
    """A new area of a prefecture; a 日常生活圏域 has no choice of kind."""

    kind = forms.ChoiceField(label="区分", choices=AREA_CHOICES, widget=forms.RadioSelect)
    valid_from = JapaneseDateField(label="始まりの日（分かるとき）", required=False)
    source = forms.CharField(label="出典", max_length=200, required=False, help_text="例：第7期障害福祉計画、県要綱")
    field_order = ["kind", "name", "kana", "valid_from", "source"]

    def __init__(self, *args: Any, living: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if living:
            del self.fields["kind"]


class RenameForm(_Named):
    valid_from = JapaneseDateField(label="新しい名称の始まりの日")
    source = forms.CharField(label="出典", max_length=200, required=False, help_text="例：県告示第12号")
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    valid_to = JapaneseDateField(label="なくなる日", help_text="この日から使わなくなります。例：令和8年4月1日")
    reason = forms.CharField(label="理由", max_length=200, help_text="例：合併、区域の見直し")
    version = forms.IntegerField(widget=forms.HiddenInput)


class MembersForm(forms.Form):
    members = forms.MultipleChoiceField(label="含まれる市区町村", required=False, widget=forms.CheckboxSelectMultiple)
    source = forms.CharField(label="出典", max_length=200, required=False, help_text="例：第7期障害福祉計画")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
