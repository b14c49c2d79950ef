"""A sentence in plain Japanese beside each picture: the figure, its time, the change, what it compares with, the caveat.

Nothing is called good or bad beyond the dictionary's own direction, nobody is first or last, and what is hidden or missing is
said to be so. Sizes are compared for rates and means only: a count is large because the region is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from nimo.community.indicators.rules.evaluation import exact
from nimo.community.indicators.rules.values import Number
from nimo.community.indicators.rules.words import SUPPRESSED, state_words
from nimo.core.numbers import format_number

NOT_ZERO = "0という意味ではありません。"
_DIRECTIONS = {"higher": "高いほど望ましい", "lower": "低いほど望ましい"}
_LEAST_FOR_A_PERIOD = 3


@dataclass(frozen=True, slots=True)
class Said:
    """One figure for a sentence. text: with its unit, or the words in its place. value: None where there is none.

    when: the as-of in words; kind: count, rate, days, yes_no or text.
    """

    region: str
    year: str
    when: str
    text: str
    state: str
    value: Number | None
    unit: str
    kind: str

    @property
    def has_text(self) -> bool:
        return self.state == "value"


def _difference(now: Number, before: Number, unit: str) -> str:
    """6人, 2.3ポイント: the size of a difference, exact."""
    size = exact(abs(Fraction(now) - Fraction(before)))
    assert size is not None  # the difference of two finite decimals is one
    return f"{format_number(size)}{'ポイント' if unit == '%' else unit}"


def _moved(now: Said, before: Said) -> str:
    """6人減りました, 2.3ポイント上がりました, 変わっていません."""
    assert now.value is not None  # the callers give figures with values
    assert before.value is not None
    if now.value == before.value:
        return "変わっていません"
    up = now.value > before.value
    verb = ("増えました" if up else "減りました") if now.kind == "count" else ("上がりました" if up else "下がりました")
    return f"{_difference(now.value, before.value, now.unit)}{verb}"


def _now(name: str, one: Said) -> str:
    if one.has_text:
        return f"{one.region}の{name}は、{one.when}で{one.text}です。"
    if one.state == SUPPRESSED:
        return f"{one.region}の{name}は、{one.year}の値を公表していません。{NOT_ZERO}"
    return f"{one.region}の{name}は、{one.year}の値がありません（{state_words(one.state)}）。{NOT_ZERO}"


def nothing(region: str, name: str) -> str:
    """Where no figure is known to this reader."""
    return f"{region}の{name}は、見られる値がまだありません。{NOT_ZERO}"


def direction_words(direction: str) -> str:
    """Only where the plans want a direction; "" for figures that are neither good nor bad."""
    wanted = _DIRECTIONS.get(direction)
    return f"計画では、{wanted}とされている指標です。" if wanted else ""


def trend(name: str, points: Sequence[Said], *, comparable: Sequence[bool], direction: str = "neutral") -> str:
    """points in order of time; comparable[n]: may point n be compared with the last one?

    The last figure, the change since the one before and over the whole period, then what the plans want.
    """
    last = points[-1]
    said = [_now(name, last)]
    if last.value is None:
        known = next((point for point in reversed(points[:-1]) if point.has_text), None)
        if known is not None:
            said.append(f"値のあるもっとも新しい年度は{known.year}で、{known.text}です。")
    else:
        earlier = [p for p, may in zip(points[:-1], comparable, strict=False) if may and p.value is not None]
        if earlier:
            before = earlier[-1]
            said.append(f"その前の{before.year}（{before.text}）からは、{_moved(last, before)}。")
            if len(earlier) + 1 >= _LEAST_FOR_A_PERIOD:
                said.append(f"{earlier[0].year}（{earlier[0].text}）からは、{_moved(last, earlier[0])}。")
        elif len(points) > 1:
            said.append("前の年度と比べられる値はありません。")
    hidden = [point.year for point in points[:-1] if point.state == SUPPRESSED]
    if hidden:
        said.append(f"{'・'.join(hidden)}は値を公表していません。")
    return "".join([*said, direction_words(direction)])


def _beside(own: Said, other: Said) -> str:
    assert own.value is not None  # the caller gives figures with values
    assert other.value is not None
    if own.value == other.value:
        return f"{other.region}（{other.text}）と同じ"
    word = "高い" if own.value > other.value else "低い"
    return f"{other.region}（{other.text}）より{_difference(own.value, other.value, own.unit)}{word}"


def comparison(name: str, own: Said, others: Sequence[tuple[Said, str]]) -> str:
    """others: each with the reason why it does not compare ("" when it does): the prefecture, the nation."""
    if own.value is None:
        return _now(name, own) + "ほかの地域とは比べていません。"
    fitting = [other for other, reason in others if not reason and other.value is not None]
    refused = [(other, reason) for other, reason in others if reason]
    said = []
    if fitting and own.kind in ("rate", "days"):
        said.append(
            f"{own.region}の{name}（{own.text}）は、{'、'.join(_beside(own, other) for other in fitting)}値です。"
        )
    elif fitting:
        listed = "、".join(f"{other.region}は{other.text}" for other in fitting)
        said.append(f"{own.region}は{own.text}、{listed}です。数は地域の大きさで変わるため、大小は比べません。")
    else:
        said.append(f"{own.region}は{own.text}です。同じ時点・同じ数え方で比べられる値は、ほかにありません。")
    said += [f"{other.region}とは比べていません（{reason.rstrip('。')}）。" for other, reason in refused]
    return "".join(said)


def neighbours(
    region: str, whole: int, figures: Sequence[tuple[Said, str]], reason: str, missing: Sequence[str]
) -> str:
    """whole: how many are alike; figures: of those that have one, each with the reason why it does not compare.

    reason: why there is nobody alike ("" when there is).
    """
    if reason:
        return reason + (f"値のない項目: {'、'.join(missing)}。" if missing else "")
    fitting = [one for one, refused in figures if not refused and one.value is not None]
    hidden = sum(1 for one, _ in figures if one.state == SUPPRESSED)
    said = [f"{region}と似ている市町村を{whole}か所並べています。"]
    if len(fitting) > 1:
        ordered = sorted(fitting, key=lambda one: one.value if one.value is not None else 0)
        said.append(
            f"そのうち比べられる値がある{len(fitting)}か所の値は、{ordered[0].text}から{ordered[-1].text}の間です。"
        )
    elif fitting:
        said.append(f"比べられる値があるのは{fitting[0].region}（{fitting[0].text}）だけです。")
    else:
        said.append("同じ時点・同じ数え方で比べられる値は、まだありません。")
    if hidden:
        said.append(f"値を公表していないところが{hidden}か所あります。")
    if missing:
        said.append(f"{'、'.join(missing)}は{region}の値がないため、似ているかどうかの材料に使っていません。")
    return "".join(said + ["似ている順に並べたもので、順位ではありません。"])


def regions(place: str, name: str, year: str, *, whole: int, valued: int, hidden: int, unlike: int) -> str:
    """Beside the map and the table of the regions in a place: how much of it is known, and what the colours are not."""
    if valued == 0 and hidden == 0 and unlike == 0:
        return f"{place}の中の{name}（{year}）は、見られる値がまだありません。{NOT_ZERO}"
    said = [f"{place}の中の{whole}の地域のうち、{year}の{name}の比べられる値があるのは{valued}です。"]
    if hidden:
        said.append(f"値を公表していないところが{hidden}あります。")
    if unlike:
        said.append(f"時点や数え方が違うため比べないところが{unlike}あります。")
    rest = whole - valued - hidden - unlike
    if rest > 0:
        said.append(f"残りの{rest}は値がありません（{NOT_ZERO.rstrip('。')}）。")
    return "".join([*said, "地域コードの順に並べ、色は値の大きさだけを示します。良し悪しや順位ではありません。"])
