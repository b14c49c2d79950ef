"""Cleaning what comes from the screens; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from nimo.community.councils.choices.bodies import BodyKind
from nimo.community.sheets.queries.councils import SheetCouncil
from nimo.community.sheets.queries.editing import Editor, WriteField
from nimo.community.sheets.queries.review import Review, ReviewField
from nimo.community.sheets.rules.edits import EditError
from nimo.community.sheets.rules.fields import FieldKind
from nimo.community.sheets.services.councils import Chosen
from nimo.core.fiscal import parse_fiscal_year
from nimo.foundation.ui.components.fields import FiscalYearField, JapaneseDateField


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


def _box(each: ReviewField | WriteField) -> forms.Field:
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


class DocumentForm(forms.Form):
    """Which sheet to begin."""

    region_code = forms.ChoiceField(label="地域")
    fiscal_year = FiscalYearField(label="シートの年度", help_text="例: 令和8年度、R8、2026")
    organisation_id = forms.ChoiceField(label="作成する組織")
    from_last_year = forms.BooleanField(
        label="前の年度のシートの文を下書きにする（数値は写しません）", required=False, initial=True
    )
    due_on = JapaneseDateField(
        label="提出の期限", required=False, help_text="例: 令和8年6月30日。決まっていなければ空のままにします。"
    )

    def __init__(
        self, *args: Any, regions: list[tuple[str, str]], organisations: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = regions  # type: ignore[attr-defined]
        self.fields["organisation_id"].choices = organisations  # type: ignore[attr-defined]


class ChapterForm(forms.Form):
    """One box for every field of a chapter, named by its path."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, editor: Editor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in editor.rows:
            for each in row.fields:
                self.fields[each.path] = _box(each)
                self.initial.setdefault(each.path, each.text)
                if each.as_of is not None and not each.is_yes_no:
                    self.fields[f"{each.path}.as_of"] = forms.CharField(label=f"{each.label}の時点", required=False)
                    self.initial.setdefault(f"{each.path}.as_of", each.as_of)

    def edits(self) -> dict[str, str]:
        """path → typed text."""
        return {name: value for name, value in self.cleaned_data.items() if isinstance(value, str)}

    def add_errors(self, errors: Iterable[EditError]) -> None:
        """Puts the refusals of the service beside their boxes."""
        for error in errors:
            self.add_error(error.path if error.path in self.fields else None, error.message)


class PasteForm(forms.Form):
    """A block copied in Excel, for one table of a chapter."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    list_path = forms.CharField(widget=forms.HiddenInput)
    block = forms.CharField(label="貼り付ける枠", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}))
    first_row = forms.IntegerField(
        label="何行目から",
        min_value=1,
        initial=1,
        error_messages={"invalid": "何行目から貼り付けるかを数字で入れてください。何も変わっていません。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class DroppedForm(forms.Form):
    """Why an indicator of last year is not pursued any more. `name`: the indicator."""

    reason = forms.CharField(label="やめた理由", max_length=300)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name


class WhyForm(forms.Form):
    """The reason for mending a sheet in somebody else's place."""

    reason = forms.CharField(label="直す理由", max_length=500)


class SendForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    route_id = forms.ChoiceField(label="経路")
    note = forms.CharField(
        label="添えることば", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, routes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route_id"].choices = routes  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A move with a word, optional or needed; the service says when it is missing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="理由・添えることば", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    on_behalf = forms.BooleanField(label="紙やほかのシステムで受けた結果を、代わりに記録する", required=False)

    def __init__(self, *args: Any, may_record_for: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_record_for:
            del self.fields["on_behalf"]


class DecisionForm(NoteForm):
    """What is written down of a decision."""

    decided_on = JapaneseDateField(label="決裁日", required=False, help_text="例: 令和8年5月20日")
    document_number = forms.CharField(
        label="文書番号", required=False, max_length=80, help_text="例: 障福第12号。番号のない文書は「番号なし」"
    )
    field_order = ["decided_on", "document_number", "note", "on_behalf"]


class CorrectionForm(forms.Form):
    path = forms.ChoiceField(label="訂正する欄")
    after = forms.CharField(label="正しい記載", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label="訂正の理由", required=False, max_length=300)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = choices  # type: ignore[attr-defined]


class RouteForm(forms.Form):
    """A route of up to eight steps; empty ones are left out."""

    STEPS = 8
    organisation_id = forms.ChoiceField(label="作成する組織")
    name = forms.CharField(label="経路の名前", max_length=80, required=False, help_text="例: 通常の提出")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        own: list[tuple[str, str]],
        organisations: list[tuple[str, str]],
        kinds: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_id"].choices = own  # type: ignore[attr-defined]
        for number in range(1, self.STEPS + 1):
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"{number}段目の役目", required=False, choices=[("", "使わない"), *kinds]
            )
            self.fields[f"at_{number}"] = forms.ChoiceField(
                label=f"{number}段目の組織", required=False, choices=[("", "選んでください"), *organisations]
            )
            self.fields[f"post_{number}"] = forms.CharField(
                label=f"{number}段目の職・係", required=False, max_length=80
            )

    def steps(self) -> list[tuple[str, str, str]]:
        """(kind, organisation id, post) of the steps in use, in order."""
        given = [
            tuple(self.cleaned_data.get(f"{name}_{number}") or "" for name in ("kind", "at", "post"))
            for number in range(1, self.STEPS + 1)
        ]
        return [(kind, at, post) for kind, at, post in given if kind]

    def rows(self) -> list[list[Any]]:
        """The boxes of each step, for the page."""
        return [[self[f"{name}_{number}"] for name in ("kind", "at", "post")] for number in range(1, self.STEPS + 1)]


class CouncilsForm(forms.Form):
    """For each council a sheet names and nobody registered yet: whether to register it, and under which name."""

    def __init__(self, *args: Any, rows: Iterable[SheetCouncil], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [row.place for row in rows]
        for row in rows:
            take, name, kind = self.names(row.place)
            self.fields[take] = forms.BooleanField(label=f"「{row.name[:40]}」を登録する", required=False)
            self.fields[name] = forms.CharField(label="名称", max_length=120, initial=row.name[:120])
            self.fields[kind] = forms.ChoiceField(
                label="種類", choices=BodyKind.choices, initial=BodyKind.PRACTITIONERS
            )

    @staticmethod
    def names(place: int) -> tuple[str, str, str]:
        return f"take_{place}", f"name_{place}", f"kind_{place}"

    def chosen(self) -> list[Chosen]:
        data = self.cleaned_data
        return [
            Chosen(place, data[name], BodyKind(data[kind]))
            for place in self.places
            for take, name, kind in [self.names(place)]
            if data[take]
        ]


class CouncilRowForm(forms.Form):
    """Which row of the sheet is a body's. rows: (place, name) of those no body is known for yet."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    body_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    row = forms.ChoiceField(label="どの行に入れるか", required=False)

    def __init__(self, *args: Any, rows: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [("", "新しい行をつくる"), *rows]  # type: ignore[attr-defined]

    @property
    def place(self) -> int | None:
        return int(self.cleaned_data["row"]) if self.cleaned_data["row"] else None
