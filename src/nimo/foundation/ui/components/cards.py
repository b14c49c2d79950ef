"""Cards, sections and grids: the bones of a page, so that no app writes its own boxes."""

from __future__ import annotations

from nimo.foundation.ui.components.badges import TONES
from nimo.foundation.ui.components.registry import Context, component, one_of


@component("card", block=True)
def card(
    content: str, title: str = "", href: str = "", badge: str = "", tone: str = "neutral", heading_level: int = 2
) -> Context:
    """一まとまりの内容。題にリンクを付けると、くわしい画面への入口になります。

    `badge` with `tone` says the state beside the title.
    """
    return {
        "content": content,
        "title": title,
        "href": href,
        "badge": badge,
        "tone": one_of(tone, TONES, "tone"),
        "heading_level": heading_level,
    }


@component("section", block=True)
def section(content: str, title: str, id: str = "", lead: str = "", heading_level: int = 2) -> Context:
    """見出しのある区切り。名札を付けると、ほかの画面からその場所へ直接来られます。

    `id` is that name; `lead` is one sentence under the heading.
    """
    return {"content": content, "title": title, "id": id, "lead": lead, "heading_level": heading_level}


@component("grid", block=True)
def grid(content: str, columns: int = 3) -> Context:
    """カードや数字を並べる格子。広い画面では2列から4列、電話の画面では1列になります。"""
    return {"content": content, "columns": int(one_of(str(columns), ("2", "3", "4"), "columns"))}


@component("entry_row", block=True)
def entry_row(content: str, title: str, note: str = "", heading_level: int = 2) -> Context:
    """一人・一件ごとの入力を、広い画面では一行に、電話の画面では縦に並べます。同じ行をいくつも続けて使います。

    `content` is the fields; `note` stands under the title.
    """
    return {"content": content, "title": title, "note": note, "heading_level": heading_level}
