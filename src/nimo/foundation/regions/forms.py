"""What officials type about regions: names, days, members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from nimo.core.text import normalise, to_hiragana
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS, ChangeKind, RegionKind
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


_TEXT = forms.Textarea(attrs={"rows": 4})
_BOTH = "1行に1つ、名称かコードで書きます。"
CHANGE_FIELDS = {
    ChangeKind.MERGER: ("befores", "after", "new"),
    ChangeKind.SPLIT: ("before", "afters", "new", "share_reference"),
    ChangeKind.REORGANISATION: ("pairs", "new", "share_reference"),
    ChangeKind.RENAME: ("before", "new_name", "new_kana", "new_code", "new_kind"),
    ChangeKind.MOVE: ("members", "area_before", "area_after"),
}
_COMMON = ("effective_on", "reference", "note")


class ChangeForm(forms.Form):
    """A change of areas: the fields its kind needs (CHANGE_FIELDS), the day, where it is written, and when correcting why."""

    befores = forms.CharField(
        label="前の地域", widget=_TEXT, max_length=4000, help_text=f"{_BOTH}編入合併では、編入した市町村も入れます。"
    )
    before = forms.CharField(label="前の地域", max_length=80, help_text="名称かコード")
    after = forms.CharField(
        label="後の地域",
        max_length=80,
        help_text="名称かコード。まだ登録されていない地域は、名称をここに、くわしくは下に書きます。",
    )
    afters = forms.CharField(
        label="分かれた先",
        widget=_TEXT,
        max_length=4000,
        help_text=f"{_BOTH}残る地域も入れます。公表された人口があれば「架空新町、1200」のように続けます。",
    )
    pairs = forms.CharField(
        label="前の地域と後の地域",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
        help_text="1行に1組、「架空甲区 → 架空中央区」のように書きます。分かれる地域は、分かれた先の数だけ行を書きます。",
    )
    new = forms.CharField(
        label="まだ登録されていない地域",
        widget=_TEXT,
        required=False,
        max_length=4000,
        help_text="1行に1つ、名称、よみ、区分、コードの順に書きます。例：架空市、かくうし、市、10299。"
        "この変更でなくなった旧市町村は、最後に「、旧」を付けます。圏域のコードは書かなくてかまいません。",
    )
    share_reference = forms.CharField(
        label="人口の割合の出典",
        required=False,
        max_length=300,
        help_text="分かれた先に人口を書いたときに、公表した資料の名前を書きます。",
    )
    new_name = forms.CharField(label="新しい名称", max_length=80)
    new_kana = forms.CharField(label="新しいよみ", max_length=160, help_text="ひらがなで入力します。")
    new_code = forms.CharField(
        label="新しいコード", required=False, max_length=12, help_text="市制施行などでコードが変わるときだけ書きます。"
    )
    new_kind = forms.ChoiceField(label="新しい区分（コードが変わるとき）", required=False, choices=[])
    members = forms.CharField(label="移る市区町村", widget=_TEXT, max_length=4000, help_text=_BOTH)
    area_before = forms.ChoiceField(label="前の圏域", required=False, choices=[])
    area_after = forms.ChoiceField(label="後の圏域", required=False, choices=[])
    effective_on = JapaneseDateField(
        label="効力の生じる日", help_text="新しい区域や名称になった最初の日。例：令和8年4月1日、R8.4.1"
    )
    reference = forms.CharField(
        label="根拠", max_length=300, help_text="例：令和8年総務省告示第○号、第8期障害福祉計画、県告示第12号"
    )
    note = forms.CharField(label="補足", required=False, max_length=400)
    reason = forms.CharField(label="直す理由", max_length=200, help_text="例：告示の日付の誤り")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, kind: ChangeKind, areas: Sequence[tuple[str, str]], correcting: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wanted = [*CHANGE_FIELDS[kind], *_COMMON, *(("reason", "version") if correcting else ())]
        self.fields = {name: self.fields[name] for name in wanted}
        for name in ("area_before", "area_after"):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = [("", "どの圏域にも入っていない"), *areas]
        if "new_kind" in self.fields:
            field = self.fields["new_kind"]
            assert isinstance(field, forms.ChoiceField)
            kinds = sorted((*MUNICIPALITY_KINDS, RegionKind.WARD), key=list(RegionKind).index)
            field.choices = [("", "変わらない"), *((one.value, one.label) for one in kinds)]

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if given and given.get("new_code") and not given.get("new_kind"):
            self.add_error("new_kind", "コードが変わるときは、新しい区分を選んでください。")
        return given


class CancelForm(forms.Form):
    reason = forms.CharField(label="取り消す理由", max_length=200, help_text="例：同じ合併を二度記録した")
    version = forms.IntegerField(widget=forms.HiddenInput)


class CarryForm(forms.Form):
    """What was shown is what is confirmed."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
