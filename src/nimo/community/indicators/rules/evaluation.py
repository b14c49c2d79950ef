"""What an expression gives for one region and year: a value with its parts, or the named reason why there is none.

Exact throughout (Fraction); rounded once, half up, when it is shown. An operand without a value never counts as zero, and
a hidden one is never looked at: the result is then hidden too, so a derived figure tells no more than its operands do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from nimo.community.indicators.rules.comparison import comparable, same_basis, same_coverage, same_time
from nimo.community.indicators.rules.expressions import Arithmetic, Change, Constant, Near, Node, Ratio, Reference
from nimo.community.indicators.rules.values import Datum, Number
from nimo.community.indicators.rules.words import NO_RECORD, NOT_APPLICABLE, NOT_COMPUTED, SUPPRESSED, state_words

_GRAVEST_FIRST = (
    SUPPRESSED,
    "suppressed_at_source",
    "unreadable",
    "not_filled",
    "absent",
    NO_RECORD,
    NOT_APPLICABLE,
    NOT_COMPUTED,
)
Find = Callable[[Reference, int], Datum | None]
"""(which indicator, years back: 0 or 1) → the figure as the reader may see it, None where nothing is recorded."""


@dataclass(frozen=True, slots=True)
class Missing:
    """state: why an operand has no value."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Result:
    """value is None exactly when `state` is not "value"; `reason` then says why (Japanese).

    numerator, denominator: of a rate, exact. used: every figure that was read; near: those of them whose time may differ.
    """

    state: str
    value: Fraction | None
    reason: str = ""
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    used: tuple[Datum, ...] = ()
    near: tuple[Datum, ...] = ()
    qualifier: str = ""


class _NotComputed(Exception):
    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state


@dataclass
class _Working:
    """What one evaluation has read so far."""

    find: Find
    names: Callable[[str], str]
    used: list[Datum] = field(default_factory=list)
    near: list[Datum] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def read(self, one: Reference, back: int = 0) -> Datum | None:
        """The figure if it has a value; else it is noted as missing."""
        found = self.find(one, back)
        before = "前の年度の" if back else ""
        if found is None:
            self.missing.append(Missing(before + self.names(one.code), NO_RECORD))
            return None
        self.used.append(found)
        if found.state == "value" and found.value is None:
            self.missing.append(Missing(before + self.names(one.code), NOT_APPLICABLE))
        elif not found.has_value:
            self.missing.append(Missing(before + self.names(one.code), found.state))
        return found if found.has_value else None

    def nearest(self, node: Near) -> Datum | None:
        """The first option with a value; of several without one, the first that is recorded at all says why."""
        seen: list[tuple[Datum, Reference]] = []
        for back in (0, 1):
            for one in node.options:
                found = self.find(one, back)
                if found is not None and found.has_value:
                    self.near.append(found)
                    self.used.append(found)
                    return found
                if found is not None:
                    seen.append((found, one))
        if seen:
            self.used.append(seen[0][0])
            self.missing.append(Missing(self.names(seen[0][1].code), seen[0][0].state))
        else:
            self.missing.append(Missing("または".join(self.names(one.code) for one in node.options), NO_RECORD))
        return None


def _number(datum: Datum | None) -> Fraction:
    """A missing operand stands in as one: the result is thrown away, all other operands are still looked at."""
    return Fraction(1) if datum is None or datum.value is None else Fraction(datum.value)


def _changed(node: Change, working: _Working) -> Fraction:
    now, before = working.read(node.of), working.read(node.of, 1)
    if now is not None and before is not None:
        decision = comparable(now, before, across="years")
        if not decision:
            raise _NotComputed(NOT_COMPUTED, decision.reason)
    return _number(now) - _number(before)


def _divided(above: Fraction, below: Fraction, working: _Working) -> Fraction:
    if below == 0:
        if working.missing:
            return Fraction(1)
        raise _NotComputed(NOT_APPLICABLE, "分母が0のため、値がありません。0という意味ではありません。")
    return above / below


def _work(node: Node, working: _Working) -> Fraction:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Reference):
        return _number(working.read(node))
    if isinstance(node, Near):
        return _number(working.nearest(node))
    if isinstance(node, Change):
        return _changed(node, working)
    if isinstance(node, Ratio):
        return _rate(node, working)[0]
    left, right = _work(node.left, working), _work(node.right, working)
    if node.operator == "+":
        return left + right
    if node.operator == "-":
        return left - right
    return left * right if node.operator == "*" else _divided(left, right, working)


def _rate(node: Ratio, working: _Working) -> tuple[Fraction, Fraction, Fraction]:
    above, below = _work(node.numerator, working), _work(node.denominator, working)
    if node.inside and above > below and not working.missing:
        raise _NotComputed(
            NOT_COMPUTED, "内訳の値が全体の値より大きいため、割合を出しません。元の資料を確かめてください。"
        )
    return _divided(above * node.per, below, working), above, below


def _may_be_computed(working: _Working, several: bool) -> None:
    """Same basis where it matters, same coverage, same time; raises _NotComputed with the reason."""
    if not working.used:
        return
    first = working.used[0]
    for other in working.used[1:]:
        if other.coverage != first.coverage:
            raise _NotComputed(
                NOT_COMPUTED, same_coverage(first, other).reason.replace("比べられません", "計算しません")
            )
    matter = [one for one in working.used if one.basis_matters]
    for other in matter[1:]:
        decision = same_basis(matter[0], other)
        if not decision:
            raise _NotComputed(NOT_COMPUTED, decision.reason.replace("比べられません", "計算しません"))
    together = [one for one in working.used if one not in working.near]
    for other in together[1:]:
        decision = same_time(together[0], other)
        if not decision:
            raise _NotComputed(NOT_COMPUTED, decision.reason.replace("比べられません", "計算しません"))
    if several and any(one.qualifier for one in working.used):
        raise _NotComputed(NOT_COMPUTED, "概数の値が入っているため、足し引きはしません。")


def _adds(node: Node) -> bool:
    if isinstance(node, Arithmetic):
        return node.operator in "+-" or _adds(node.left) or _adds(node.right)
    if isinstance(node, Ratio):
        return _adds(node.numerator) or _adds(node.denominator)
    return isinstance(node, Change)


def _nothing(working: _Working) -> Result:
    states = {one.state for one in working.missing}
    state = next((known for known in _GRAVEST_FIRST if known in states), "absent")
    named = "、".join(dict.fromkeys(f"{one.name}（{state_words(one.state)}）" for one in working.missing))
    reason = f"{named}の値がないため、計算していません。0という意味ではありません。"
    return Result(state, None, reason, used=tuple(working.used), near=tuple(working.near))


def evaluate(node: Node, find: Find, names: Callable[[str], str] = str) -> Result:
    """The value of an expression for one region and year; never raises for what figures there are or are not.

    names: code → how a reason names the indicator.
    """
    working = _Working(find, names)
    try:
        above = below = None
        if isinstance(node, Ratio):
            value, above, below = _rate(node, working)
        else:
            value = _work(node, working)
        if working.missing:
            return _nothing(working)
        if not isinstance(node, Change):
            _may_be_computed(working, _adds(node))
    except _NotComputed as refusal:
        if working.missing:
            return _nothing(working)
        return Result(refusal.state, None, str(refusal), used=tuple(working.used), near=tuple(working.near))
    qualifier = next((one.qualifier for one in working.used if one.qualifier), "")
    return Result("value", value, "", above, below, tuple(working.used), tuple(working.near), qualifier)


def shown(value: Fraction, places: int) -> Number:
    """Rounded half up (away from zero) to decimal places; a whole number where places is 0."""
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    signed = -whole if value < 0 else whole
    return signed if places == 0 else Decimal(signed).scaleb(-places)


def exact(value: Fraction) -> Number | None:
    """A whole number or a finite decimal as it is; None for what has no end (1/3)."""
    if value.denominator == 1:
        return value.numerator
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(value.numerator) / Decimal(value.denominator) if rest == 1 else None
