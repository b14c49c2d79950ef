"""The filter of the audit list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from nimo.foundation.audit.queries.entries import Conditions
from nimo.foundation.audit.rules import verbs

DEFAULT_DAYS = 7


class EntryFilterForm(forms.Form):
    first = forms.DateField(label="いつから", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="いつまで", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    verb = forms.ChoiceField(label="操作", required=False)
    actor = forms.UUIDField(required=False, widget=forms.HiddenInput)
    """By id: a name never stands in an address. `ActorSearchForm` finds the id."""
    region = forms.RegexField(
        label="地域のコード",
        regex=r"^[0-9A-Za-z-]{5,12}$",
        required=False,
        error_messages={"invalid": "地域のコードは、10205 のような5けたの番号です。"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        verb = self.fields["verb"]
        assert isinstance(verb, forms.ChoiceField)
        verb.choices = [("", "すべて"), *verbs().items()]
        week = self.conditions()
        self.initial.update(first=week.first.isoformat(), last=week.last.isoformat())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "「いつまで」は「いつから」と同じ日か、それより後の日にしてください。")
        return cleaned

    def conditions(self) -> Conditions:
        """What to look for: the last week unless a period is given; wrong fields count as not given."""
        given = getattr(self, "cleaned_data", {})
        last = given.get("last") or self.today
        first = given.get("first") or last - timedelta(days=DEFAULT_DAYS - 1)
        return Conditions(
            first=first,
            last=last,
            verb=given.get("verb") or "",
            actor_id=str(given.get("actor") or ""),
            region_code=given.get("region") or "",
        )


class ActorSearchForm(forms.Form):
    """Sent by POST, so that the name stands neither in the address nor in the log of the web server."""

    name = forms.CharField(label="操作した人の氏名（一部でも可）", max_length=80)
