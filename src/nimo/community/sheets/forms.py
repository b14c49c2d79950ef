"""Cleaning what comes from the screens; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from nimo.community.sheets.queries.review import Review, ReviewField
from nimo.community.sheets.rules.edits import EditError
from nimo.community.sheets.rules.fields import FieldKind
from nimo.core.fiscal import parse_fiscal_year


class UploadForm(forms.Form):
    file = forms.FileField(
        label="自治体情報シートのファイル",
        help_text="PowerPoint（.pptx）、Excel（.xlsx）、PDF、テキスト。一つのファイルに複数の自治体があっても読めます。",
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "選んだファイルは中身が空です。何も保存していません。元のファイルを開いて確かめてください。",
        },
        widget=forms.FileInput(attrs={"accept": ".pptx,.xlsx,.xlsm,.pdf,.txt,.csv"}),
    )


class PublishForm(forms.Form):
    """Which chapters to publish or to take back."""

    sections = forms.MultipleChoiceField(
        label="章", error_messages={"required": "章を一つ以上選んでください。"}, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].choices = list(choices)  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    replace = forms.BooleanField(label="今のシートと置き換える", required=False)


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="取り消す理由",
        max_length=300,
        help_text="例: 別の年度のファイルだった",
        error_messages={"required": "取り消す理由を入れてください。あとで見る人のために残します。"},
    )


def _box(each: ReviewField) -> forms.Field:
    if each.is_yes_no:
        return forms.ChoiceField(
            label=each.label, required=False, choices=[("", "資料にない・分からない"), ("有", "有"), ("無", "無")]
        )
    if each.kind in {FieldKind.TEXT, FieldKind.LIST}:
        rows = min(12, max(2, each.text.count("\n") + 1 + len(each.text) // 40))
        return forms.CharField(
            label=each.label, required=False, strip=False, widget=forms.Textarea(attrs={"rows": rows})
        )
    return forms.CharField(label=each.label, required=False, strip=False)


class ReviewForm(forms.Form):
    """One box for every field of the sheet, named by its path; region and year above them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    region = forms.CharField(
        label="地域のコード（5桁）",
        required=False,
        max_length=12,
        help_text="例: 太田市は 10205。都道府県は 群馬県なら 10000。",
    )
    fiscal_year = forms.CharField(label="シートの年度", required=False, help_text="例: 令和6年度、R6、2024")

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in review.sections:
            for row in section.rows:
                for each in row.fields:
                    self.fields[each.path] = _box(each)
                    self.initial.setdefault(each.path, each.text)
                    if each.as_of is not None and not each.is_yes_no:
                        self.fields[f"{each.path}.as_of"] = forms.CharField(label=f"{each.label}の時点", required=False)
                        self.initial.setdefault(f"{each.path}.as_of", each.as_of)

    def clean_fiscal_year(self) -> int | None:
        typed = self.cleaned_data["fiscal_year"].strip()
        if not typed:
            return None
        year = parse_fiscal_year(typed)
        if year is None:
            raise forms.ValidationError("年度として読めません。「令和6年度」「R6」「2024」のように入れてください。")
        return year.year

    def edits(self) -> dict[str, str]:
        """path → typed text."""
        own = {"version", "region", "fiscal_year"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own and isinstance(value, str)}

    def add_errors(self, errors: Iterable[EditError]) -> None:
        """Puts the refusals of the service beside their boxes."""
        for error in errors:
            self.add_error(error.path if error.path in self.fields else None, error.message)
