"""Which part of a year's payments is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms


class MonthForm(forms.Form):
    month = forms.ChoiceField(label="月", required=False)

    def __init__(self, *args: Any, months: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = list(months)  # type: ignore[attr-defined]

    def chosen(self) -> int | None:
        """None: the whole year."""
        text = self.cleaned_data["month"] if self.is_valid() else ""
        return int(text) if text else None
