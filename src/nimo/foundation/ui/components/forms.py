"""Form fields: label, hint, 「必須」, the error beside the field and in the summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from nimo.foundation.ui.components.registry import Context, component, one_of

WIDTHS = ("full", "long", "medium", "short")


def _forms_of(form: Any) -> Iterator[forms.BaseForm]:
    """A form, or the forms of a formset."""
    yield from form.forms if isinstance(form, forms.BaseFormSet) else [form]


def first_input_id(bound: BoundField) -> str:
    """The id a link of the error summary leads to: the input itself, or the first of a group."""
    if bound.field.widget.use_fieldset and bound.auto_id:
        widget = bound.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id or ""


def error_texts(bound: BoundField) -> list[str]:
    """The errors of a field. Where an app wrote no sentence of its own, 「必須です」 becomes what to do about it."""
    data = bound.form.errors.as_data().get(bound.name, [])
    default = str(forms.Field.default_error_messages["required"])
    chosen = isinstance(bound.field.widget, forms.Select | forms.RadioSelect | forms.FileInput)
    plain = f"{bound.label}を{'選んでください' if chosen else '入力してください'}。"
    if isinstance(bound.field.widget, forms.CheckboxInput):
        plain = "確かめて、印を付けてください。"
    texts: list[str] = []
    for error in data:
        texts += [
            plain if error.code == "required" and message == default else message
            for message in (str(text) for text in error.messages)
        ]
    return texts


@component("error_summary")
def error_summary(form: Any) -> Context:
    """送信できなかった理由のまとめ。各行から入力欄へ移れます。送信に失敗した画面の最初に置きます。

    Takes a form or a formset; draws nothing when there is no error. It receives the focus.
    """
    entries: list[dict[str, str]] = []
    if isinstance(form, forms.BaseFormSet):
        entries += [{"text": str(text), "href": "", "label": ""} for text in form.non_form_errors()]
    for each in _forms_of(form):
        if not each.is_bound:
            continue
        entries += [{"text": str(text), "href": "", "label": ""} for text in each.non_field_errors()]
        for bound in each:
            target = "" if bound.is_hidden else f"#{first_input_id(bound)}"
            entries += [{"text": text, "href": target, "label": str(bound.label)} for text in error_texts(bound)]
    return {"entries": entries}


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.Select):
        return "select"
    return "input"


def _context_of(bound: BoundField, hint: str, unit: str, width: str) -> dict[str, Any]:
    kind = _kind(bound.field.widget)
    hint = hint or str(bound.help_text or "")
    hint_id = f"{bound.auto_id}_helptext" if hint else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    described_by = " ".join(part for part in (hint_id, error_id) if part)
    attributes: dict[str, Any] = {"class": f"{kind} {kind}--{width}" if kind in {"input", "select"} else kind}
    if described_by:
        attributes["aria-describedby"] = described_by
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "widget": "" if kind == "group" else bound.as_widget(attrs=attributes),
        "options": list(bound) if kind == "group" else [],
        "label": bound.label,
        "label_for": bound.id_for_label,
        "hint": hint,
        "hint_id": hint_id,
        "errors": error_texts(bound),
        "error_id": error_id,
        "described_by": described_by,
        "required": bound.field.required,
        "unit": unit,
    }


@component("field")
def field(bound: BoundField, hint: str = "", unit: str = "", width: str = "long") -> Context:
    """入力欄1つ。名前、書き方、必須の印、まちがいの説明を必ずいっしょに示します。

    Works for text, number, date, select, textarea, checkbox, radio and checkbox groups, file, hidden.
    `unit` stands behind the box (「人」); `width` is how long an answer is expected: full, long, medium, short.
    """
    return _context_of(bound, hint, unit, one_of(width, WIDTHS, "width"))


@component("form_fields")
def form_fields(form: Any) -> Context:
    """フォームのすべての欄を、決められた順に並べます。"""
    return {
        "management": form.management_form if isinstance(form, forms.BaseFormSet) else "",
        "forms": [list(each) for each in _forms_of(form)],
    }


@component("file_drop")
def file_drop(bound: BoundField, hint: str = "") -> Context:
    """ファイルを選ぶ、または置く場所。どのファイルが使えるかを先に示します。

    The whole box is the file input: dropping works without script.
    """
    return _context_of(bound, hint, "", "full")


@component("search_box")
def search_box(
    action: str, label: str, value: str = "", name: str = "q", button: str = "さがす", hint: str = ""
) -> Context:
    """言葉で探す欄。結果のアドレスは、そのまま人に送れます。

    `action` is the address of the list (GET); `value` what was searched last; `name` the query parameter.
    """
    return {"action": action, "label": label, "value": value, "name": name, "button": button, "hint": hint}
