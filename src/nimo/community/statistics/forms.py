"""What the screens ask; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from nimo.community.indicators.choices import Basis
from nimo.community.statistics.choices import ColumnRole, Decision, LayoutKind
from nimo.community.statistics.formats.layouts.columns import ColumnMapping, MappedColumn, as_of_of
from nimo.community.statistics.formats.layouts.mapped import Preview
from nimo.core.eras import parse_partial_date

_VARIANTS = [
    ("", "ファイルの記載による"),
    ("plain", "公費負担医療を含まない"),
    ("including_public", "公費負担医療を含む"),
]


class OptionsForm(forms.Form):
    """What only some tables need to be told."""

    layout = forms.ChoiceField(label="表の種類", required=False, choices=LayoutKind.choices, initial=LayoutKind.AUTO)
    as_of = forms.CharField(
        label="時点（ファイルに書かれていないとき）",
        required=False,
        max_length=20,
        help_text="例: 令和7年6月30日。ファイルの記載と違うと、記録の前に止まります。",
    )
    prefecture = forms.CharField(
        label="都道府県（市町村名だけの表のとき）", required=False, max_length=10, help_text="例: 福島県"
    )
    variant = forms.ChoiceField(label="NDB集計の公費の扱い", required=False, choices=_VARIANTS)
    version = forms.CharField(
        label="NDB集計の版", required=False, max_length=10, help_text="例: 1.0（ファイルの名前にあるときは不要です）"
    )

    def clean_as_of(self) -> str:
        typed = self.cleaned_data["as_of"].strip()
        if not typed:
            return ""
        found = as_of_of(typed) or (lambda day: (day.iso, None) if day else None)(parse_partial_date(typed))
        if found is None:
            raise forms.ValidationError(
                "時点を読み取れませんでした。「令和7年6月30日」か「令和6年度」のように入れてください。"
            )
        return str(found[0])

    def clean_layout(self) -> str:
        return self.cleaned_data["layout"] or LayoutKind.AUTO.value

    def options(self) -> dict[str, str]:
        names = ("as_of", "prefecture", "variant", "version")
        return {name: self.cleaned_data[name].strip() for name in names if self.cleaned_data.get(name, "").strip()}


class TakeInForm(OptionsForm):
    """A file, or a block pasted from Excel."""

    file = forms.FileField(
        label="ファイル",
        required=False,
        help_text="Excel（.xlsx）かCSV。630調査の集計表、NDB集計の付表、ReMHRADのExcelは、そのままの形で読めます。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
        error_messages={
            "empty": "選んだファイルは中身が空です。何も保存していません。元のファイルを確かめてください。"
        },
    )
    pasted = forms.CharField(
        label="Excelから貼り付ける",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="見出しの行を含めて範囲を写し（Ctrl+C）、ここに貼り付け（Ctrl+V）てください。",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, pasted = given.get("file"), str(given.get("pasted") or "").strip()
        if file and pasted:
            self.add_error("pasted", "ファイルと貼り付けの両方があります。どちらか一方にしてください。")
        elif not file and not pasted and "file" not in self.errors:
            self.add_error("file", "ファイルを選ぶか、Excelから貼り付けてください。")
        return given


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CellsForm(VersionForm):
    """One answer a doubtful cell of the page."""

    def __init__(self, *args: Any, cells: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids: list[int] = []
        for cell in cells:
            choices = [
                (value, label)
                for value, label in Decision.choices
                if cell.severity != "stop" or value != Decision.ACCEPTED
            ]
            self.ids.append(cell.pk)
            self.fields[f"decision-{cell.pk}"] = forms.ChoiceField(
                label=f"{cell.address}をどうしますか", choices=choices, required=False, initial=cell.decision
            )
            self.fields[f"value-{cell.pk}"] = forms.CharField(
                label=f"{cell.address}の正しい値（直すとき）", required=False, max_length=120, initial=cell.corrected
            )

    def answers(self, *, accept_all: bool = False) -> dict[int, tuple[str, str]]:
        """cell id → (decision, corrected text). A value typed without choosing 直した means it."""
        found: dict[int, tuple[str, str]] = {}
        for pk in self.ids:
            decision = self.cleaned_data.get(f"decision-{pk}") or Decision.PENDING.value
            text = self.cleaned_data.get(f"value-{pk}", "").strip()
            if text and decision == Decision.PENDING:
                decision = Decision.CORRECTED.value
            may_accept = Decision.ACCEPTED in dict(self.fields[f"decision-{pk}"].choices)  # type: ignore[attr-defined]
            if accept_all and decision == Decision.PENDING and may_accept:
                decision = Decision.ACCEPTED.value
            found[pk] = (str(decision), text if decision == Decision.CORRECTED else "")
        return found


class RegionsForm(VersionForm):
    """Which region each unknown name means; a code may be typed where no candidate fits."""

    LEAVE = "-"

    def __init__(self, *args: Any, unknown: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = [str(one["text"]) for one in unknown]
        for index, one in enumerate(unknown):
            choices = [("", "まだ決めない"), *one["candidates"], (self.LEAVE, "この行は記録しない")]
            self.fields[f"region-{index}"] = forms.ChoiceField(
                label=f"「{one['text']}」（{one['address']} など）",
                choices=choices,
                required=False,
                help_text=one["why"],
            )
            self.fields[f"code-{index}"] = forms.RegexField(
                r"^[0-9A-Za-z]{2,12}$",
                label=f"「{one['text']}」の地域コード（候補にないとき）",
                required=False,
                error_messages={"invalid": "地域コードは5桁の数字で入れてください（例: 10205）。"},
            )

    def choices(self) -> dict[str, str]:
        """text → region code, or "" for: leave the rows out."""
        found: dict[str, str] = {}
        for index, text in enumerate(self.texts):
            code = self.cleaned_data.get(f"code-{index}") or self.cleaned_data.get(f"region-{index}")
            if code:
                found[text] = "" if code == self.LEAVE else str(code)
        return found


class MappingForm(VersionForm):
    """What the columns of a table hold, and what holds for the whole table."""

    name = forms.CharField(label="この表の名前", max_length=120, help_text="例: 県独自調査 市町村別の相談件数")
    indicator = forms.ChoiceField(label="表全体の指標", required=False)
    basis = forms.ChoiceField(label="表全体の基準", required=False, choices=[("", "決めない"), *Basis.choices])
    as_of = forms.CharField(label="表全体の時点", required=False, max_length=20, help_text="例: 令和6年度、2025-06-30")
    unit = forms.CharField(label="表全体の単位", required=False, max_length=20)

    def __init__(
        self, *args: Any, preview: Preview, columns: ColumnMapping, indicators: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        initial = {
            "name": columns.title or preview.sheet,
            "indicator": columns.indicator,
            "basis": columns.basis,
            "as_of": columns.as_of,
            "unit": columns.unit,
        }
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.preview = preview
        codes = [("", "選ばない"), *indicators]
        self.fields["indicator"].choices = codes  # type: ignore[attr-defined]
        for index, header in enumerate(preview.headers):
            kept = columns.columns[index] if index < len(columns.columns) else MappedColumn()
            named = f"{header or '（見出しなし）'}"
            self.fields[f"role-{index}"] = forms.ChoiceField(
                label=f"「{named}」の意味", choices=ColumnRole.choices, initial=kept.role
            )
            self.fields[f"indicator-{index}"] = forms.ChoiceField(
                label=f"「{named}」の指標", choices=codes, required=False, initial=kept.indicator
            )
            self.fields[f"basis-{index}"] = forms.ChoiceField(
                label=f"「{named}」の基準",
                choices=[("", "決めない"), *Basis.choices],
                required=False,
                initial=kept.basis,
            )
            self.fields[f"as_of-{index}"] = forms.CharField(
                label=f"「{named}」の時点", required=False, max_length=20, initial=kept.as_of
            )
            self.fields[f"dimension-{index}"] = forms.CharField(
                label=f"「{named}」の内訳",
                required=False,
                max_length=60,
                initial=kept.dimension,
                help_text="例: 性別=男",
            )

    def columns(self) -> ColumnMapping:
        given = self.cleaned_data
        made = []
        for index in range(len(self.preview.headers)):
            role = given[f"role-{index}"]
            if role == ColumnRole.FIGURE:
                own = {name: given[f"{name}-{index}"].strip() for name in ("indicator", "basis", "as_of", "dimension")}
                made.append(MappedColumn(role, **own))
            else:
                made.append(MappedColumn(role))
        return ColumnMapping(
            header_row=self.preview.header_row,
            columns=tuple(made),
            sheet=self.preview.sheet,
            indicator=given["indicator"],
            basis=given["basis"],
            as_of=given["as_of"].strip(),
            unit=given["unit"].strip(),
            title=given["name"].strip(),
        )

    def boxes(self) -> list[dict[str, Any]]:
        """Column by column, for the template."""
        return [
            {
                "header": header or "（見出しなし）",
                "samples": [text or "（空）" for text in self.preview.samples[index]],
                "role": self[f"role-{index}"],
                "more": [self[f"{name}-{index}"] for name in ("indicator", "basis", "as_of", "dimension")],
                "open": bool(self[f"indicator-{index}"].value()),
            }
            for index, header in enumerate(self.preview.headers)
        ]


class RecordForm(VersionForm):
    only_sound = forms.BooleanField(
        label="止まっている値と、確かめていない値を除いて、残りだけを記録する", required=False
    )
    replace_editions = forms.BooleanField(
        label="今の値を置き換える（前の値は消えずに残り、取り消せば戻ります）", required=False
    )
    publish = forms.BooleanField(
        label="公表統計として、記録と同時に公開する（内訳のある値は公開しません）", required=False
    )


class UndoForm(VersionForm):
    reason = forms.CharField(
        label="取り消す理由", max_length=200, help_text="操作の記録に残ります。個人の名前は書かないでください。"
    )
