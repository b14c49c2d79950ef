"""Cleaning what comes from the screens of agenda, minutes, decisions, calls and slips."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from nimo.community.councils.choices.bodies import Axis, Origin, Standing
from nimo.community.councils.choices.meetings import (
    Attendance,
    Confidentiality,
    DecisionKind,
    DecisionState,
    ReferralState,
    Reply,
    ReplyChannel,
    Stance,
)
from nimo.community.councils.services.agenda import ItemFacts
from nimo.community.councils.services.calls import Slip
from nimo.community.councils.services.decisions import DecisionFacts
from nimo.foundation.ui.components.fields import JapaneseDateField

NAMES_READ = "名前を確かめた（公開してよい名前だけが書かれている）"
MARKS = (
    "公開しないところは［構成員限り］と［ここまで］、事務局だけのところは［事務局限り］と［ここまで］で囲みます。"
    "一つの記録から、事務局用・構成員用・公開用の三つができます。"
)


def _levels(initial: Confidentiality = Confidentiality.MEMBERS) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="公開の範囲", choices=Confidentiality.choices, initial=initial, widget=forms.RadioSelect
    )


class ItemForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="議題", max_length=200)
    purpose = forms.CharField(label="この議題の目的", max_length=300, required=False)
    presenter = forms.CharField(label="説明する人・機関", max_length=120, required=False)
    axis = forms.ChoiceField(
        label="軸",
        required=False,
        choices=[("", "あとで付ける"), *Axis.choices],
        help_text="年度末にまとめて付けられます。",
    )
    origin = forms.ChoiceField(label="起点", required=False, choices=[("", "あとで付ける"), *Origin.choices])
    confidentiality = _levels()
    names_read = forms.BooleanField(label=NAMES_READ, required=False)

    def facts(self) -> ItemFacts:
        given = self.cleaned_data
        return ItemFacts(
            given["title"],
            given["purpose"],
            given["presenter"],
            given["axis"],
            given["origin"],
            Confidentiality(given["confidentiality"]),
        )


class PaperForm(forms.Form):
    title = forms.CharField(label="資料の名前", max_length=120, help_text="同じ名前で加えると、新しい版になります。")
    file = forms.FileField(
        label="ファイル",
        error_messages={"required": "ファイルを選んでください。", "empty": "選んだファイルは中身が空です。"},
    )
    furigana = forms.FileField(
        label="ふりがなの付いたファイル",
        required=False,
        help_text="当事者・家族の方などに渡す、ふりがなを付けた資料があれば加えます。",
    )
    confidentiality = _levels()
    names_read = forms.BooleanField(label=NAMES_READ, required=False)


class ReadingForm(forms.Form):
    term = forms.CharField(label="ことば", max_length=60, help_text="例：協議の場")
    reading = forms.CharField(
        label="よみ", max_length=120, required=False, help_text="例：きょうぎのば。空にすると、登録したよみを消します。"
    )


class MinuteForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="記録",
        required=False,
        strip=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=MARKS,
    )


class ApproveForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    confirmed_by = forms.CharField(
        label="内容を確かめた人", max_length=200, help_text="例：会長、出席した構成員（12月3日に回覧）"
    )
    names_read = forms.BooleanField(label=NAMES_READ, required=False)


class CorrectionForm(forms.Form):
    passage = forms.CharField(label="誤った記載", max_length=500, help_text="確定した議事録から写します。")
    correct = forms.CharField(label="正しい記載", max_length=500)
    reason = forms.CharField(label="訂正の理由", max_length=300)
    confidentiality = _levels()
    names_read = forms.BooleanField(label=NAMES_READ, required=False)

    def given(self) -> dict[str, Any]:
        return self.cleaned_data | {"confidentiality": Confidentiality(self.cleaned_data["confidentiality"])}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200)


class NothingForm(forms.Form):
    """A question answered by its button."""


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label="種類", choices=DecisionKind.choices, initial=DecisionKind.DECISION, widget=forms.RadioSelect
    )
    text = forms.CharField(label="決めたこと・宿題", max_length=400)
    owner = forms.ChoiceField(label="担当", required=False, help_text="人ではなく、席（職）か会議体を選びます。")
    due_on = JapaneseDateField(label="期限", required=False)
    review_on = JapaneseDateField(label="見直す日", required=False)
    confidentiality = _levels()

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "まだ決めない"), *owners]  # type: ignore[attr-defined]

    def facts(self) -> DecisionFacts:
        given = self.cleaned_data
        kind, _, key = given["owner"].partition(":")
        return DecisionFacts(
            given["text"],
            DecisionKind(given["kind"]),
            UUID(key) if kind == "post" else None,
            UUID(key) if kind == "body" else None,
            given["due_on"],
            given["review_on"],
            Confidentiality(given["confidentiality"]),
        )


class CloseDecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="結果",
        choices=[(one.value, one.label) for one in DecisionState if one is not DecisionState.OPEN],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(label="どうなったか・理由", max_length=400, required=False)


class ReferralForm(forms.Form):
    to_body = forms.ChoiceField(label="上げる先の会議体")
    summary = forms.CharField(label="上げる内容", max_length=400)

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_body"].choices = bodies  # type: ignore[attr-defined]


class ReferralAnswerForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="返事",
        choices=[(one.value, one.label) for one in ReferralState if one is not ReferralState.WAITING],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label="返事の内容・理由", max_length=400, required=False)


class CallForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer_by = JapaneseDateField(label="回答期限日", required=False)
    document_number = forms.CharField(label="文書番号", max_length=80, required=False)
    message = forms.CharField(label="案内文", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}))


class GuestForm(forms.Form):
    name = forms.CharField(label="氏名", max_length=80)
    affiliation = forms.CharField(label="所属・職", max_length=200, required=False)
    standing = forms.ChoiceField(
        label="立場",
        choices=[(one.value, one.label) for one in Standing if one is not Standing.MEMBER],
        initial=Standing.GUEST,
        widget=forms.RadioSelect,
    )


def _row(person: Any, boxes: list[Any]) -> dict[str, Any]:
    note = f"{person.affiliation}（{person.get_standing_display()}）"
    return {"person": person, "note": note, "boxes": boxes}


class SlipsForm(forms.Form):
    """One line a person: the slip as it came."""

    channel = forms.ChoiceField(label="届き方", choices=ReplyChannel.choices, initial=ReplyChannel.FAX)

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for one in people:
            key = one.pk
            self.fields[f"version_{key}"] = forms.IntegerField(initial=one.version, widget=forms.HiddenInput)
            self.fields[f"reply_{key}"] = forms.ChoiceField(label="出欠", choices=Reply.choices, initial=one.reply)
            self.fields[f"proxy_{key}"] = forms.CharField(
                label="代理の人の氏名", required=False, max_length=80, initial=one.proxy_name
            )
            self.fields[f"support_{key}"] = forms.CharField(
                label="付き添い・当日の支え", required=False, max_length=200, initial=one.support
            )
            self.fields[f"furigana_{key}"] = forms.BooleanField(
                label="ふりがなの付いた資料を渡す", required=False, initial=one.furigana
            )

    def rows(self) -> list[dict[str, Any]]:
        names = ("version", "reply", "proxy", "support", "furigana")
        return [_row(one, [self[f"{name}_{one.pk}"] for name in names]) for one in self.people]

    def meet(self, now: list[Any]) -> None:
        """Somebody saved first: what stands in each such line now is said beside it, and the next press may replace it.

        now: the same people as they are recorded at this moment.
        """
        data = {name: self.data.get(name) for name in self.data}
        for one in now:
            if data.get(f"version_{one.pk}") != str(one.version):
                data[f"version_{one.pk}"] = str(one.version)
                self.add_error(
                    f"reply_{one.pk}",
                    f"ほかの人が「{one.get_reply_display()}」と保存しました。置きかえるときは、もう一度保存してください。",
                )
        self.data = data

    def slips(self) -> dict[UUID, Slip]:
        given = self.cleaned_data
        return {
            one.pk: Slip(
                given[f"version_{one.pk}"],
                Reply(given[f"reply_{one.pk}"]),
                given[f"proxy_{one.pk}"],
                given[f"support_{one.pk}"],
                given[f"furigana_{one.pk}"],
            )
            for one in self.people
        }


_CAME_AS = {
    Reply.COMING: Attendance.PRESENT,
    Reply.ONLINE: Attendance.ONLINE,
    Reply.PROXY: Attendance.PROXY,
    Reply.ABSENT: Attendance.ABSENT,
}


class AttendanceForm(forms.Form):
    """One line a person: who came. Not yet recorded lines begin with what the slip said."""

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for one in people:
            said = _CAME_AS.get(Reply(one.reply), Attendance.UNRECORDED)
            initial = said if one.attendance == Attendance.UNRECORDED else one.attendance
            self.fields[f"there_{one.pk}"] = forms.ChoiceField(
                label="当日の出欠", choices=Attendance.choices, initial=initial
            )
            self.fields[f"spoke_{one.pk}"] = forms.ChoiceField(
                label="発言",
                required=False,
                choices=[("", "記録しない"), ("yes", "した"), ("no", "しなかった")],
                initial={True: "yes", False: "no"}.get(one.spoke, ""),
            )
        self.fields["count"] = forms.BooleanField(
            label="区分ごとの参加者数を、この出欠から数え直す（事務局の人は数えません）", required=False, initial=True
        )

    def rows(self) -> list[dict[str, Any]]:
        names = ("there", "spoke")
        return [_row(one, [self[f"{name}_{one.pk}"] for name in names]) for one in self.people]

    def there(self) -> dict[UUID, tuple[Attendance, bool | None]]:
        given = self.cleaned_data
        return {
            one.pk: (
                Attendance(given[f"there_{one.pk}"]),
                {"yes": True, "no": False}.get(given[f"spoke_{one.pk}"]),
            )
            for one in self.people
        }


class OpinionForm(forms.Form):
    attendee = forms.ChoiceField(label="だれの回答か")
    stance = forms.ChoiceField(label="賛否", choices=Stance.choices, widget=forms.RadioSelect)
    text = forms.CharField(label="意見", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    channel = forms.ChoiceField(label="届き方", choices=ReplyChannel.choices, initial=ReplyChannel.FAX)
    received_on = JapaneseDateField(label="届いた日")

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendee"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]


class ClassifyForm(forms.Form):
    """Axis and origin of every item of a year."""

    def __init__(self, *args: Any, items: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for one in items:
            self.fields[f"axis_{one.pk}"] = forms.ChoiceField(
                label="軸", required=False, choices=[("", "未分類"), *Axis.choices], initial=one.axis
            )
            self.fields[f"origin_{one.pk}"] = forms.ChoiceField(
                label="起点", required=False, choices=[("", "未分類"), *Origin.choices], initial=one.origin
            )

    def rows(self) -> list[dict[str, Any]]:
        return [{"item": one, "boxes": [self[f"axis_{one.pk}"], self[f"origin_{one.pk}"]]} for one in self.items]

    def said(self) -> dict[UUID, tuple[str, str]]:
        given = self.cleaned_data
        return {one.pk: (given[f"axis_{one.pk}"], given[f"origin_{one.pk}"]) for one in self.items}
