"""Badges: a state in a word. The colour repeats what the word says, never replaces it."""

from __future__ import annotations

from nimo.foundation.ui.components.registry import Context, component, one_of

TONES = ("neutral", "info", "success", "warning", "danger")


@component("badge")
def badge(label: str, tone: str = "neutral") -> Context:
    """状態を表す短い言葉（確認待ち、公開中など）。色だけで意味を伝えません。"""
    return {"label": label, "tone": one_of(tone, TONES, "tone")}
