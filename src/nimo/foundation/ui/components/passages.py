"""Quoted passages of source documents, for review screens."""

from __future__ import annotations

from nimo.foundation.ui.components.navigation import Passage
from nimo.foundation.ui.components.registry import Context, component


def split_at_highlight(passage: Passage) -> tuple[str, str, str]:
    """(before, marked, after). A highlight that is not in the text marks nothing rather than something else."""
    text, highlight = passage.text, passage.highlight
    if isinstance(highlight, tuple):
        start, end = highlight
        if 0 <= start <= end <= len(text):
            return text[:start], text[start:end], text[end:]
        return text, "", ""
    if highlight and highlight in text:
        before, _, after = text.partition(highlight)
        return before, highlight, after
    return text, "", ""


@component("source_passage")
def source_passage(passage: Passage, label: str = "元の資料の記載") -> Context:
    """元の資料の一節と、その場所。読み取った部分に印を付けて、確かめられるようにします。"""
    before, marked, after = split_at_highlight(passage)
    return {"passage": passage, "before": before, "marked": marked, "after": after, "label": label}
