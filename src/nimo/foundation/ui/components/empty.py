"""Empty states: they teach what the place is for, on whose word, and how to begin."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.foundation.ui.components.registry import Context, component


@dataclass(frozen=True, slots=True)
class EmptyState:
    """The same four texts for a table that has no rows yet (`Table.empty`)."""

    title: str
    body: str
    action_label: str = ""
    action_href: str = ""


@component("empty_state")
def empty_state(title: str, body: str, action_label: str = "", action_href: str = "") -> Context:
    """まだ何もないときの案内。何のための場所か、根拠は何か、始めるためのボタン1つを示します。"""
    return {"state": EmptyState(title, body, action_label, action_href)}
