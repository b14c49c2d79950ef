"""Cleaning what comes from the screens of meetings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from nimo.community.councils.choices.bodies import Category
from nimo.community.councils.choices.meetings import MeetingState, MeetingWay
from nimo.community.councils.services.meetings import MeetingFacts
from nimo.foundation.ui.components.fields import FiscalYearField, JapaneseDateField

_TIME_ERROR = "時刻として読み取れませんでした。「13:30」のように入れてください。"


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H時%M分", "%H時"],
        error_messages={"invalid": _TIME_ERROR},
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
        help_text="例：13:30",
    )


class FilterForm(forms.Form):
    """Filters of the list, by query string."""

    fiscal_year = forms.ChoiceField(label="年度", required=False)
    state = forms.ChoiceField(label="状態", required=False, choices=[("", "すべての状態"), *MeetingState.choices])
    way = forms.ChoiceField(label="方法", required=False, choices=[("", "すべての方法"), *MeetingWay.choices])

    def __init__(self, *args: Any, years: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].choices = years  # type: ignore[attr-defined]


class _FactsForm(forms.Form):
    """What a held and a planned meeting have in common."""

    title = forms.CharField(
        label="会議の名前",
        required=False,
        max_length=120,
        help_text="空のままにすると「令和8年度 第2回」のように付けます。",
    )
    starts_at = _time("開始")
    ends_at = _time("終了")
    place = forms.CharField(label="場所", required=False, max_length=200)
    online_address = forms.CharField(
        label="オンラインの接続先", required=False, max_length=500, help_text="構成員と事務局だけに見えます。"
    )
    hats = forms.MultipleChoiceField(
        label="兼ねた会議",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="同じ会議がほかの会議を兼ねるときに選びます。それぞれの集計で1回と数え、会議の数は1回のままです。",
    )
    regulation_read = forms.BooleanField(label="設置要綱を確かめた（書面での開催）", required=False)

    def __init__(self, *args: Any, hats: list[tuple[str, str]], ask_regulation: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hats"].choices = hats  # type: ignore[attr-defined]
        if not hats:
            del self.fields["hats"]
        if not ask_regulation and "regulation_read" not in self.data:
            self.fields["regulation_read"].widget = forms.HiddenInput()

    def facts(self) -> MeetingFacts:
        given = self.cleaned_data
        return MeetingFacts(
            title=given.get("title", ""),
            way=MeetingWay(given["way"]),
            held_on=given.get("held_on"),
            starts_at=given.get("starts_at"),
            ends_at=given.get("ends_at"),
            place=given.get("place", ""),
            online_address=given.get("online_address", ""),
            summary=given.get("summary", ""),
            goals_reviewed=given.get("goals_reviewed", False),
            answer_by=given.get("answer_by"),
            hats=tuple(UUID(one) for one in given.get("hats", [])),
        )

    def ask_regulation(self) -> None:
        """Shows the box after a refusal."""
        self.fields["regulation_read"].widget = forms.CheckboxInput()


class HeldForm(_FactsForm):
    """The minimum on one form: the day, attendance by category, one line. The rest may stay empty."""

    field_order = ("held_on", "way")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    held_on = JapaneseDateField(label="開催日", help_text="例：R8.11.20。書面開催は、開催したとみなす日です。")
    way = forms.ChoiceField(
        label="開催方法", choices=MeetingWay.choices, initial=MeetingWay.IN_PERSON, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label="ひとことの要旨",
        max_length=300,
        help_text="例：退院後の住まいについて意見交換し、住宅部局と打ち合わせることにした",
    )
    goals_reviewed = forms.BooleanField(label="目標の設定または評価を行った（活動指標）", required=False)
    again = forms.BooleanField(label="同じ日の別の会議として記録する", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in Category:
            self.fields[f"count_{category.value}"] = forms.IntegerField(
                label=category.label,
                required=False,
                min_value=0,
                max_value=2000,
                error_messages={
                    "invalid": "人数を数字で入れてください。",
                    "min_value": "0以上の人数で入れてください。",
                    "max_value": "2,000人までで入れてください。",
                },
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def counts(self) -> dict[Category, int | None]:
        return {category: self.cleaned_data.get(f"count_{category.value}") for category in Category}

    def count_boxes(self) -> list[forms.BoundField]:
        return [self[f"count_{category.value}"] for category in Category]

    def ask_again(self) -> None:
        self.fields["again"].widget = forms.CheckboxInput()

    def more(self) -> list[forms.BoundField]:
        """Boxes that may stay empty."""
        return [self[name] for name in ("title", "starts_at", "ends_at", "place", "online_address")]


class PlannedForm(_FactsForm):
    """A meeting to come."""

    held_on = JapaneseDateField(label="開催日", required=False, help_text="決まっていなければ空のままにします。")
    fiscal_year = FiscalYearField(
        label="年度", required=False, help_text="開催日が決まっていないときに入れます。例：R8"
    )
    way = forms.ChoiceField(
        label="開催方法", choices=MeetingWay.choices, initial=MeetingWay.IN_PERSON, widget=forms.RadioSelect
    )
    answer_by = JapaneseDateField(
        label="回答期限日", required=False, help_text="書面開催では必ず入れます。ほかの方法では、出欠の返事の期限です。"
    )


class CancelForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="中止の理由",
        max_length=200,
        help_text="例：台風のため。個人の名前は書かないでください。",
        error_messages={"required": "中止の理由を入れてください。"},
    )
