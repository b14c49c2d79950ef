"""Lists of names and what they mean, and of what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.foundation.ui.components.navigation import TimelineItem
from nimo.foundation.ui.components.registry import Context, component


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and its text; None as text is shown as 「記載なし」 (absent is not empty, and not zero)."""

    term: str
    text: str | None
    href: str | None = None
    note: str = ""


@component("definition_list")
def definition_list(items: Sequence[Definition | tuple[str, object]]) -> Context:
    """項目名と内容の並び。内容がない項目は「記載なし」と示します。

    Items are pairs (term, text), or `Definition` where a link or a note is needed.
    """
    entries = [
        item
        if isinstance(item, Definition)
        else Definition(item[0], None if item[1] is None or item[1] == "" else str(item[1]))
        for item in items
    ]
    return {"items": entries}


@component("timeline")
def timeline(items: Sequence[TimelineItem]) -> Context:
    """いつ何があったかの並び。古い順か新しい順かは、渡した順のとおりです。"""
    return {"items": list(items)}
