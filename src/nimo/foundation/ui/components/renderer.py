"""How Django's forms are drawn: its own templates, and lists to choose from without one template for each option.

A list of a prefecture's municipalities took a fifth of the page's time. The letters are those of Django's templates
`select.html` and `select_option.html` (5.2): tests compare them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

_SELECT = "django/forms/widgets/select.html"
_OPTION = "django/forms/widgets/select_option.html"


class FormRenderer(DjangoTemplates):
    """The setting FORM_RENDERER. A widget with templates of its own is drawn by them."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == _SELECT:
            return self._select(context["widget"])
        return str(super().render(template_name, context, request))

    def _select(self, widget: Mapping[str, Any]) -> SafeString:
        parts: list[str] = [format_html('<select name="{}"{}>', widget["name"], _attributes(widget["attrs"]))]
        for name, options, _ in widget["optgroups"]:
            if name:
                parts.append(format_html('\n  <optgroup label="{}">', name))
            parts += ["\n  " + self._option(option) for option in options]
            if name:
                parts.append("\n  </optgroup>")
        parts.append("\n</select>")
        return mark_safe("".join(parts))

    def _option(self, option: Mapping[str, Any]) -> str:
        if option["template_name"] != _OPTION:
            return str(self.get_template(option["template_name"]).render({"widget": option}))
        value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
        return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>\n'


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    said = (
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(str(value))}"'
        for name, value in attributes.items()
        if value is not False
    )
    return mark_safe("".join(said))
