"""What opens on demand: dialogs (HTML popover, no script) and details."""

from __future__ import annotations

from nimo.foundation.ui.components.buttons import VARIANTS
from nimo.foundation.ui.components.registry import Context, component, one_of


@component("dialog", block=True)
def dialog(content: str, id: str, trigger: str, title: str, variant: str = "secondary") -> Context:
    """押すと開く小さな窓。取り消しにくいことの前に、もう一度たしかめるために使います。

    Opened by the HTML popover attribute: no script, Escape closes, focus returns to the trigger. A browser
    without popovers shows the content in place.
    """
    return {
        "content": content,
        "id": id,
        "trigger": trigger,
        "title": title,
        "variant": one_of(variant, VARIANTS, "variant"),
    }


@component("details", block=True)
def details(content: str, summary: str, open: bool = False) -> Context:
    """ふだんは畳んでおく説明。読まなくても先へ進める内容だけを入れます。印刷では開いた形になります。"""
    return {"content": content, "summary": summary, "open": open}
