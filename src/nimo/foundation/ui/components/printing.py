"""What only paper, or only the screen, shows."""

from __future__ import annotations

from nimo.foundation.ui.components.registry import Context, component


@component("print_only", block=True)
def print_only(content: str) -> Context:
    """紙にだけ出すもの（作成日、文書番号の欄など）。"""
    return {"content": content}


@component("screen_only", block=True)
def screen_only(content: str) -> Context:
    """画面にだけ出すもの（操作の説明など）。紙には出ません。"""
    return {"content": content}
