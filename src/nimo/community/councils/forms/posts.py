"""Cleaning what comes from the screens of seats and those who hold them. A category is entered and never read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from nimo.community.councils.choices.bodies import Category, Field, Standing
from nimo.community.councils.rules.posts import PersonFacts, SeatTerms
from nimo.foundation.ui.components.fields import JapaneseDateField

KEEP = "keep"


class PostForm(forms.Form):
    title = forms.CharField(label="職・立場", max_length=120, help_text="例：地域連携室長、委員、保健師")
    affiliation = forms.CharField(label="機関", max_length=120, required=False, help_text="例：○○病院")
    category = forms.ChoiceField(
        label="数えるときの区分",
        choices=Category.choices,
        help_text="人数を数えるためだけに使います。登録したあとは、どの画面にも氏名と並べて出ません。",
    )
    fields_for = forms.MultipleChoiceField(
        label="代表する分野（あるとき）", choices=Field.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mending = mending
        if mending:
            field = self.fields["category"]
            field.choices = [(KEEP, "変えない"), *Category.choices]  # type: ignore[attr-defined]
            field.help_text = "いまの区分は表示しません。変えるときだけ選びます。"
            self.fields["fields_for"].help_text = "変えるときだけ、すべて選び直します。"

    def category_entered(self) -> Category | None:
        text = self.cleaned_data["category"]
        return None if text == KEEP else Category(text)

    def fields_entered(self) -> list[Field] | None:
        """None: leave as they are."""
        chosen = [Field(one) for one in self.cleaned_data["fields_for"]]
        return None if self.mending and not chosen else chosen


class PaymentForm(forms.Form):
    """What is paid for one meeting to whoever holds the seat."""

    fee_yen = forms.IntegerField(
        label="謝金（円・1回）",
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text="支払わない人、辞退した人は0にします。決まっていないときは空けておきます。",
    )
    travel_paid = forms.BooleanField(label="旅費を支払う", required=False)
    travel_yen = forms.IntegerField(
        label="旅費（円・1回）",
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text="1回の額が決まっているときに入れます。空けておくと、そのつどの実費とします。",
    )


class SeatForm(PaymentForm):
    field_order = ("known", "name", "kana", "affiliation", "login_name", "standing", "valid_from", "term_to")
    known = forms.ChoiceField(label="登録されている人から選ぶ", required=False)
    name = forms.CharField(label="氏名（新しい人のとき）", max_length=80, required=False)
    kana = forms.CharField(label="よみ", max_length=160, required=False)
    affiliation = forms.CharField(label="所属", max_length=120, required=False)
    login_name = forms.CharField(
        label="利用者ID（nimoを使う人のとき）",
        max_length=64,
        required=False,
        help_text="入れると、その人は構成員として資料と議事録を開けます。",
    )
    standing = forms.ChoiceField(label="立場", choices=Standing.choices, widget=forms.RadioSelect, initial="member")
    valid_from = JapaneseDateField(label="就いた日")
    term_to = JapaneseDateField(
        label="任期の最後の日", required=False, help_text="空けておくと、設置要綱の任期から計算します。"
    )
    consent_on = JapaneseDateField(
        label="本人が、区分を氏名の横に示すことを選んだ日",
        required=False,
        help_text="当事者・家族として名前を出すことを本人が選んだときだけ入れます。入れなければ、だれにも示しません。",
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known"].choices = [("", "新しい人"), *people]  # type: ignore[attr-defined]

    def person(self) -> PersonFacts | UUID:
        data = self.cleaned_data
        if data["known"]:
            return UUID(data["known"])
        return PersonFacts(data["name"], data["kana"], data["affiliation"], data["login_name"])

    def terms(self) -> SeatTerms:
        data = self.cleaned_data
        return SeatTerms(
            Standing(data["standing"]),
            data["valid_from"],
            data["term_to"],
            data["fee_yen"],
            data["travel_paid"],
            data["consent_on"],
            data["travel_yen"],
        )


class HoldingForm(PaymentForm):
    field_order = ("term_to",)
    term_to = JapaneseDateField(label="任期の最後の日", required=False)
    pay_from = JapaneseDateField(
        label="新しい額で支払う最初の日",
        required=False,
        help_text="額を変えるときに入れます。この日より前の会議は、前の額のままです。"
        "空けておくと今日からです（まだ決まっていなかった額は、就いた日からです）。"
        "入力のまちがいを直すときは、就いた日を入れます。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class LeaveForm(forms.Form):
    on = JapaneseDateField(label="離れた日", help_text="この日から、席に就いていないことになります。")
    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="例：人事異動、任期満了")
    version = forms.IntegerField(widget=forms.HiddenInput)


class PromoteForm(forms.Form):
    on = JapaneseDateField(label="構成員になる日")
    term_to = JapaneseDateField(
        label="任期の最後の日", required=False, help_text="空けておくと、設置要綱の任期から計算します。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ChoiceForm(forms.Form):
    shown = forms.ChoiceField(
        label="本人の選択",
        choices=[("yes", "区分を氏名の横に示してよい"), ("no", "示さない（取りやめる）")],
        widget=forms.RadioSelect,
    )
    on = JapaneseDateField(label="本人が選んだ日")


class EndPostForm(forms.Form):
    on = JapaneseDateField(label="席を終える日")
    version = forms.IntegerField(widget=forms.HiddenInput)
