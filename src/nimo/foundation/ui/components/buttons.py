"""Buttons: one primary action a page, every target at least 44 px high."""

from __future__ import annotations

from typing import Any

from nimo.foundation.ui.components.registry import Context, component, html_attributes, one_of

VARIANTS = ("primary", "secondary", "danger", "quiet")


@component("button")
def button(
    label: str,
    type: str = "submit",
    variant: str = "primary",
    name: str = "",
    value: str = "",
    note: str = "",
    disabled: bool = False,
    **attributes: Any,
) -> Context:
    """押すと何かが起きるもの（保存、確定、取り消し）。1画面に主なボタンは1つです。

    `note` is read aloud after the label and not shown ("太田市の" before "削除"). Extra attributes: htmx and aria.
    """
    return {
        "label": label,
        "type": one_of(type, ("submit", "button", "reset"), "type"),
        "variant": one_of(variant, VARIANTS, "variant"),
        "name": name,
        "value": value,
        "note": note,
        "disabled": disabled,
        "attributes": html_attributes(attributes),
    }


@component("link_button")
def link_button(label: str, href: str, variant: str = "secondary", note: str = "", **attributes: Any) -> Context:
    """ほかの画面へ移るボタン。見た目はボタン、働きはリンクです。"""
    return {
        "label": label,
        "href": href,
        "variant": one_of(variant, VARIANTS, "variant"),
        "note": note,
        "attributes": html_attributes(attributes),
    }


@component("actions", block=True)
def actions(content: str) -> Context:
    """ボタンを並べる帯。左から、主なボタン、ほかのボタンの順に置きます。"""
    return {"content": content}
