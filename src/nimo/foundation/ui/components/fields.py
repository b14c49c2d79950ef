"""Form fields of our own: dates and fiscal years as people write them (R6, 令和6年, 2024)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from nimo.core.eras import parse_partial_date, to_wareki
from nimo.core.fiscal import FiscalYear, parse_fiscal_year

DATE_HINT = "例：令和6年4月1日、R6.4.1、2024-04-01"
YEAR_HINT = "例：令和6年度、R6、2024"


class JapaneseDateField(forms.CharField):
    """A day in any notation of the Japanese or the Western calendar; cleans to `datetime.date` or None.

    A date that is there but not complete (a month without a day) is refused, never rounded.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DATE_HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return to_wareki(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, date):
            return value
        text = super().to_python(value)
        if not text:
            return None
        found = parse_partial_date(text)
        if found is None:
            raise ValidationError(
                "日付として読み取れませんでした。例のように、年・月・日を入力してください。", code="invalid"
            )
        if found.day is None:
            raise ValidationError("年・月・日のすべてを入力してください。", code="incomplete")
        return found.first_day

    def run_validators(self, value: Any) -> None:
        """The validators of a text do not fit a date."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class FiscalYearField(forms.CharField):
    """A fiscal year in any notation; cleans to `nimo.core.fiscal.FiscalYear` or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", YEAR_HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.label if isinstance(value, FiscalYear) else value

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, FiscalYear):
            return value
        text = super().to_python(value)
        if not text:
            return None
        found = parse_fiscal_year(text)
        if found is None:
            raise ValidationError("年度として読み取れませんでした。例のように入力してください。", code="invalid")
        return found

    def run_validators(self, value: Any) -> None:
        """The validators of a text do not fit a year."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
