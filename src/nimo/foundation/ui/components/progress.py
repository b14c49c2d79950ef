"""Progress of long work."""

from __future__ import annotations

from nimo.foundation.ui.components.registry import Context, component


@component("progress")
def progress(label: str, value: int | None = None, max: int | None = None, text: str = "") -> Context:
    """時間のかかる処理の進み具合。全体の量が分からないときは「進行中」とだけ示します。

    `value` or `max` None: the whole is not known. `text` says what is being done now; the share is written as a number too.
    """
    known = value is not None and max is not None and max > 0
    done = min(value or 0, max or 0)
    return {
        "label": label,
        "known": known,
        "value": done,
        "max": max,
        "percent": done * 100 // max if known and max else None,
        "text": text,
    }
