"""The questions as a form: fields made from the structure, checked by the same rules as paper and Excel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.answers import as_question
from nimo.foundation.questionnaires.rules.counting import answer_codes
from nimo.foundation.questionnaires.rules.ruby import segments, without_ruby
from nimo.foundation.questionnaires.rules.structure import Question, Section

NO_ANSWER = "（答えない）"
WIDTHS = {QuestionKind.NUMBER: "short", QuestionKind.DATE: "medium", QuestionKind.TEXT: "full"}


def with_ruby(text: str, *, shown: bool) -> SafeString | str:
    """A text with its readings above it, or without."""
    if not shown:
        return without_ruby(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>", base, reading) if reading else base,)
            for base, reading in segments(text)
        ),
    )


class CodeForm(forms.Form):
    """The code of a letter, typed."""

    code = forms.CharField(
        label="案内文にあるコード",
        max_length=80,
        help_text="英字と数字の24文字です。空白やハイフンは、あってもなくてもかまいません。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "案内文にあるコードを入力してください。"},
    )


def _field(question: Question, *, easy: bool, ruby: bool, number: int = 0) -> forms.Field:
    """How one question is answered. Nothing is required by the browser: what is missing is said when it is given."""
    label = with_ruby(question.text, shown=ruby)
    if number:
        label = format_html("問{}　{}", number, label)
    hint = (question.plain if easy and question.plain else question.help) or _default_hint(question)
    common: dict[str, Any] = {
        "label": label,
        "required": question.required,
        "help_text": with_ruby(hint, shown=ruby),
    }
    if question.kind is QuestionKind.MULTIPLE:
        return forms.MultipleChoiceField(choices=answer_codes(question), widget=forms.CheckboxSelectMultiple, **common)
    if answer_codes(question):
        choices = [(code, with_ruby(display, shown=ruby)) for code, display in answer_codes(question)]
        if not question.required:
            choices.append(("", NO_ANSWER))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    attributes = {"autocomplete": "off"}
    if question.kind is QuestionKind.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 5, **attributes}), **common)
    if question.kind is QuestionKind.NUMBER:
        attributes["inputmode"] = "decimal"
    return forms.CharField(widget=forms.TextInput(attrs=attributes), **common)


def _default_hint(question: Question) -> str:
    if question.kind is QuestionKind.DATE:
        return "例：令和8年4月1日、R8.4.1、2026-04-01"
    if question.kind is QuestionKind.MULTIPLE:
        return "当てはまるものをすべて選んでください。"
    return ""


class AnswerForm(forms.Form):
    """Some sections of a questionnaire. `errors`: link_id (or "link_id.row.column") → sentence, found by the rules.

    Not validated by Django: what was typed is kept as it was typed, right or wrong, and judged by `rules.answers`.
    """

    use_required_attribute = False

    def __init__(
        self,
        sections: list[Section],
        typed: Mapping[str, Any],
        *,
        errors: Mapping[str, str] | None = None,
        easy: bool = False,
        ruby: bool = False,
        more_rows: str = "",
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        self.sections = sections
        self.problems = dict(errors or {})
        self.numbers = dict(numbers or {})
        self.rows: dict[str, int] = {}
        for section in sections:
            for question in section.questions:
                if question.kind is QuestionKind.TABLE:
                    given = len(typed.get(question.link_id) or [])
                    wanted = given + (3 if more_rows == question.link_id else 1)
                    self.rows[question.link_id] = min(question.max_rows, max(2, wanted))
        super().__init__(data=self._as_data(typed) if errors is not None else None, initial=self._as_data(typed))
        for section in sections:
            for question in section.questions:
                if question.kind is QuestionKind.TABLE:
                    for row in range(self.rows[question.link_id]):
                        for column in question.columns:
                            name = f"{question.link_id}.{row}.{column.link_id}"
                            self.fields[name] = _field(as_question(column), easy=easy, ruby=ruby)
                else:
                    number = self.numbers.get(question.link_id, 0)
                    self.fields[question.link_id] = _field(question, easy=easy, ruby=ruby, number=number)

    def _as_data(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name, value in typed.items():
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                for row, cells in enumerate(value):
                    for column, text in cells.items():
                        data[f"{name}.{row}.{column}"] = text
            else:
                data[name] = value
        return data

    def full_clean(self) -> None:
        """The rules' sentences instead of Django's."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        if not self.is_bound:
            return
        for name, text in self.problems.items():
            if name in self.fields:
                self.add_error(name, text)
            elif (first := f"{name.split('.')[0]}.0.{name.split('.')[0]}c1") in self.fields:
                self.add_error(first, text)


def typed_from(post: QueryDict, sections: list[Section]) -> dict[str, Any]:
    """What a page of the form sent, by link_id; a question whose boxes are empty is there with an empty value."""
    typed: dict[str, Any] = {}
    for section in sections:
        for question in section.questions:
            name = question.link_id
            if question.kind is QuestionKind.MULTIPLE:
                typed[name] = post.getlist(name)
            elif question.kind is QuestionKind.TABLE:
                rows = [
                    {column.link_id: post.get(f"{name}.{row}.{column.link_id}", "") for column in question.columns}
                    for row in range(question.max_rows)
                ]
                typed[name] = [row for row in rows if any(text.strip() for text in row.values())]
            else:
                typed[name] = post.get(name, "")
    return typed
