"""Banners: what the reader should know before going on."""

from __future__ import annotations

from nimo.foundation.ui.components.badges import TONES
from nimo.foundation.ui.components.registry import Context, component, one_of

TONE_WORDS = {
    "neutral": "補足",
    "info": "お知らせ",
    "success": "完了",
    "warning": "注意",
    "danger": "重要",
}


@component("banner", block=True)
def banner(content: str, tone: str = "info", title: str = "", live: bool = False, heading_level: int = 2) -> Context:
    """先に知っておいてほしいこと。何が起きているか、次に何をすればよいかを書きます。

    `live`: announced by screen readers when it appears (answers of htmx requests).
    """
    return {
        "content": content,
        "tone": one_of(tone, TONES, "tone"),
        "word": TONE_WORDS[tone],
        "title": title,
        "role": ("alert" if tone == "danger" else "status") if live else "",
        "heading_level": heading_level,
    }
