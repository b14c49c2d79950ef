"""Making a form: its title, its sections, its questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.questionnaires.choices import FormPurpose, Operator, QuestionKind
from nimo.foundation.questionnaires.rules.answers import as_number, clean_text
from nimo.foundation.questionnaires.rules.conditions import BY_SIZE, BY_VALUE
from nimo.foundation.questionnaires.rules.counting import answer_codes
from nimo.foundation.questionnaires.rules.editing import column_lines, columns_from, options_from
from nimo.foundation.questionnaires.rules.structure import WITH_OPTIONS, Condition, Question, Section, Structure

CONDITION_ROWS = 3
RUBY_HINT = "ふりがなは「漢字《かんじ》」のように書きます。"


class FormForm(forms.Form):
    title = forms.CharField(label="題名", max_length=120, help_text="例：令和8年度 協議の場の事前アンケート")
    purpose = forms.ChoiceField(label="種類", choices=FormPurpose.choices)
    about = forms.CharField(
        label="目的と使い方",
        max_length=2000,
        required=False,
        help_text="何のために聞き、答えをどこで使うか。次の担当者が読みます。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class IntroductionForm(forms.Form):
    introduction = forms.CharField(
        label="はじめの案内",
        max_length=2000,
        required=False,
        help_text=f"質問の前に示します。{RUBY_HINT}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    furigana = forms.BooleanField(label="ふりがなをいつも示す", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class SectionForm(forms.Form):
    text = forms.CharField(label="見出し", max_length=200, help_text=RUBY_HINT)
    help = forms.CharField(label="説明", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    plain = forms.CharField(
        label="やさしい日本語の説明", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    audiences = forms.MultipleChoiceField(
        label="聞く相手（組織の区分）",
        choices=OrganisationKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばなければ、すべての相手に聞きます。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def section(self, before: Section) -> Section:
        """The section as it shall be."""
        data = self.cleaned_data
        return replace(
            before,
            text=clean_text(data["text"]),
            help=clean_text(data["help"]),
            plain=clean_text(data["plain"]),
            audiences=tuple(data["audiences"]),
        )


class NewQuestionForm(forms.Form):
    text = forms.CharField(
        label="質問の文", max_length=500, help_text=RUBY_HINT, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.ChoiceField(label="答え方", choices=QuestionKind.choices, widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)


def condition_choices(structure: Structure, link_id: str) -> list[tuple[str, str]]:
    """Everything an earlier question can be asked for, as (token, words); numbers take their limit from a box."""
    choices = [("", "（なし）")]
    for number, _, question in structure.numbered():
        if question.link_id == link_id:
            break
        name = f"問{number}"
        if question.kind in BY_VALUE:
            for code, words in answer_codes(question):
                choices.append((f"{question.link_id}|=|{code}", f"{name} が「{words}」"))
            for code, words in answer_codes(question):
                choices.append((f"{question.link_id}|!=|{code}", f"{name} が「{words}」でない"))
        elif question.kind in BY_SIZE:
            choices.append((f"{question.link_id}|>=|", f"{name} が右の数以上"))
            choices.append((f"{question.link_id}|<=|", f"{name} が右の数以下"))
            choices.append((f"{question.link_id}|=|", f"{name} が右の数と同じ"))
        choices.append((f"{question.link_id}|exists|", f"{name} に答えがある"))
    return choices


class QuestionForm(forms.Form):
    """Every property of one question; only the boxes its kind needs are there."""

    text = forms.CharField(
        label="質問の文", max_length=500, help_text=RUBY_HINT, widget=forms.Textarea(attrs={"rows": 2})
    )
    required = forms.BooleanField(label="必ず答えてもらう", required=False)
    help = forms.CharField(
        label="説明",
        max_length=2000,
        required=False,
        help_text="答え方や言葉の意味。質問のすぐ下に示します。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    plain = forms.CharField(
        label="やさしい日本語の説明",
        max_length=2000,
        required=False,
        help_text="「やさしい日本語」を選んだ人には、説明の代わりにこちらを示します。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, structure: Structure, question: Question, **kwargs: Any) -> None:
        self.question, self.structure = question, structure
        kwargs.setdefault("initial", initial_of(question, structure))
        super().__init__(*args, **kwargs)
        kind = question.kind
        if kind in WITH_OPTIONS:
            self.fields["options"] = forms.CharField(
                label="選択肢",
                max_length=8000,
                help_text="1行に一つ書きます。並びは、この順になります。",
                widget=forms.Textarea(attrs={"rows": 6}),
            )
        if kind is QuestionKind.NUMBER:
            self.fields["unit"] = forms.CharField(
                label="単位", max_length=20, required=False, help_text="例：人、回、か所"
            )
            self.fields["decimals"] = forms.ChoiceField(
                label="小数", choices=[("0", "なし（整数）"), ("1", "1けたまで"), ("2", "2けたまで")]
            )
        if kind in {QuestionKind.NUMBER, QuestionKind.SCALE}:
            self.fields["minimum"] = forms.CharField(label="最小", max_length=16, required=False)
            self.fields["maximum"] = forms.CharField(label="最大", max_length=16, required=False)
        if kind is QuestionKind.SCALE:
            self.fields["low_label"] = forms.CharField(
                label="最小の意味", max_length=40, required=False, help_text="例：まったくそう思わない"
            )
            self.fields["high_label"] = forms.CharField(
                label="最大の意味", max_length=40, required=False, help_text="例：とてもそう思う"
            )
        if kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}:
            self.fields["max_length"] = forms.IntegerField(
                label="字数の上限",
                min_value=1,
                max_value=20000,
                required=False,
                help_text="空けておくと、短い文は200字、長い文は4,000字です。",
            )
        if kind is QuestionKind.TABLE:
            self.fields["columns"] = forms.CharField(
                label="表の列",
                max_length=2000,
                help_text="1行に一列、「名前｜種類」と書きます。種類は 文字・数・日付・はい・いいえ（書かなければ文字）。",
                widget=forms.Textarea(attrs={"rows": 4}),
            )
            self.fields["max_rows"] = forms.IntegerField(label="行の上限", min_value=1, max_value=30)
        self.fields["audiences"] = forms.MultipleChoiceField(
            label="聞く相手（組織の区分）",
            choices=OrganisationKind.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="選ばなければ、まとまりと同じ相手に聞きます。",
        )
        choices = condition_choices(structure, question.link_id)
        known = {token for token, _ in choices}
        for row in range(CONDITION_ROWS):
            current = str(self.initial.get(f"condition_{row}", ""))
            more = [] if current in known else [(current, "（いまは使えない条件）")]
            self.fields[f"condition_{row}"] = forms.ChoiceField(
                label=f"条件{row + 1}", choices=[*choices, *more], required=False
            )
            self.fields[f"limit_{row}"] = forms.CharField(label=f"条件{row + 1}の数", max_length=16, required=False)
        self.fields["behaviour"] = forms.ChoiceField(
            label="条件が二つ以上あるとき",
            choices=[("all", "すべて当てはまるときに聞く"), ("any", "一つでも当てはまるときに聞く")],
            widget=forms.RadioSelect,
        )

    def main_fields(self) -> list[Any]:
        skip = {"audiences", "behaviour", "version"}
        return [
            self[name] for name in self.fields if name not in skip and not name.startswith(("condition_", "limit_"))
        ]

    def condition_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"condition_{row}"], self[f"limit_{row}"]) for row in range(CONDITION_ROWS)]

    def _limit(self, name: str) -> str:
        text = self.cleaned_data.get(name, "").strip()
        if not text:
            return ""
        number = as_number(text)
        if number is None or not number.is_finite():
            self.add_error(name, "数で入力してください。")
            return ""
        return format(number, "f")

    def clean_columns(self) -> Any:
        try:
            return columns_from(self.cleaned_data["columns"].splitlines(), self.question)
        except ValueError as unknown:
            raise forms.ValidationError(
                f"「{unknown}」という種類はありません。文字・数・日付・はい・いいえ のどれかを書いてください。"
            ) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("minimum", "maximum"):
            if name in self.fields:
                data[name] = self._limit(name)
        for row in range(CONDITION_ROWS):
            data[f"limit_{row}"] = self._limit(f"limit_{row}")
        return data

    def changed(self) -> Question:
        """The question as it shall be. Asked after is_valid()."""
        data = self.cleaned_data
        conditions = []
        for row in range(CONDITION_ROWS):
            token = data[f"condition_{row}"]
            if token:
                link_id, operator, answer = token.split("|", 2)
                conditions.append(Condition(link_id, Operator(operator), answer or data[f"limit_{row}"]))
        changes: dict[str, Any] = {
            "text": clean_text(data["text"]),
            "required": data["required"],
            "help": clean_text(data["help"]),
            "plain": clean_text(data["plain"]),
            "audiences": tuple(data["audiences"]),
            "conditions": tuple(conditions),
            "all_conditions": data["behaviour"] == "all",
        }
        for name in ("unit", "low_label", "high_label", "minimum", "maximum", "columns", "max_rows"):
            if name in self.fields:
                changes[name] = data[name]
        if "options" in self.fields:
            changes["options"] = options_from(clean_text(data["options"]).splitlines(), self.question.options)
        if "decimals" in self.fields:
            changes["decimals"] = int(data["decimals"])
        if "max_length" in self.fields:
            changes["max_length"] = data["max_length"] or 0
        return replace(self.question, **changes)


def initial_of(question: Question, structure: Structure) -> dict[str, Any]:
    """A question as it stands in the boxes."""
    initial: dict[str, Any] = {
        "text": question.text,
        "required": question.required,
        "help": question.help,
        "plain": question.plain,
        "options": "\n".join(option.display for option in question.options),
        "unit": question.unit,
        "decimals": str(question.decimals),
        "minimum": question.minimum,
        "maximum": question.maximum,
        "low_label": question.low_label,
        "high_label": question.high_label,
        "max_length": question.max_length or None,
        "columns": column_lines(question),
        "max_rows": question.max_rows or 5,
        "audiences": list(question.audiences),
        "behaviour": "all" if question.all_conditions else "any",
    }
    for row, condition in enumerate(question.conditions[:CONDITION_ROWS]):
        target = structure.question(condition.question)
        typed = target is not None and target.kind in BY_SIZE and condition.operator is not Operator.EXISTS
        initial[f"condition_{row}"] = (
            f"{condition.question}|{condition.operator.value}|{'' if typed else condition.answer}"
        )
        initial[f"limit_{row}"] = condition.answer if typed else ""
    return initial
