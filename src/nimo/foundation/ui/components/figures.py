"""A number in context: unit, as-of, basis, coverage, source, state, and the way to the records behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.foundation.ui.components.registry import Context, component, one_of

STATES = ("value", "absent", "suppressed", "not_filled")

STATE_WORDS = {
    "absent": "記載なし",
    "suppressed": "公表しない値",
    "not_filled": "未入力",
}
STATE_REASONS = {
    "absent": "元の資料に値がありません。0という意味ではありません。",
    "suppressed": "人数が少なく、個人が分かるおそれがあるため示しません。",
    "not_filled": "まだ入力されていません。0という意味ではありません。",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same figure elsewhere or earlier; None is shown as 「値なし」."""

    label: str
    value: str | None
    unit: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is formatted for reading ("1,234"); it is None exactly when `state` is not "value".

    mark: a word that stands as a badge beside the value, also when there is one (「数え直し待ち」).
    actions: what else may be done with it, as (label, href).
    """

    label: str
    value: str | None
    unit: str = ""
    as_of: str = ""
    basis: str = ""
    coverage: str = ""
    source: str = ""
    href: str | None = None
    state: str = "value"
    reason: str = ""
    comparisons: Sequence[Comparison] = ()
    mark: str = ""
    actions: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        one_of(self.state, STATES, "state")
        if (self.state == "value") != (self.value is not None):
            raise ValueError(f"figure {self.label!r}: state {self.state!r} does not go with value {self.value!r}")


@component("figure")
def figure(figure: Figure, heading_level: int = 3) -> Context:
    """数字1つ。単位、時点、数え方、出典、元の記録への道をいっしょに示します。値がないときは0にしません。"""
    facts = [
        (term, text)
        for term, text in (
            ("時点", figure.as_of),
            ("数え方", figure.basis),
            ("範囲", figure.coverage),
            ("出典", figure.source),
        )
        if text
    ]
    return {
        "figure": figure,
        "word": STATE_WORDS.get(figure.state, ""),
        "reason": figure.reason or STATE_REASONS.get(figure.state, ""),
        "facts": facts,
        "heading_level": heading_level,
    }
