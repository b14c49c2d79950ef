"""Sums, pooled rates and shares: computed only from figures that may be added, never over what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nimo.community.indicators.rules.comparison import same_basis, same_coverage
from nimo.community.indicators.rules.periods import as_of_words
from nimo.community.indicators.rules.values import Datum, Number, rounded
from nimo.community.indicators.rules.words import state_words
from nimo.foundation.access.rules import ALLOWED, Decision, refused

Over = Literal["regions", "parts"]


class UnableToAdd(Exception):
    """The figures must not be added or pooled; the message says which two and why."""


@dataclass(frozen=True, slots=True)
class Total:
    """value is None when a term is missing: then `state` is the first missing term's and `missing` names them all."""

    state: str
    value: Number | None
    terms: int
    missing: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why there is no total; "" when there is one."""
        return f"{'、'.join(self.missing)}の値がないため、合計は出せません。" if self.missing else ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate or a mean with its parts. `per`: 100 for percent, 1 for means, 100000 for rates per 100,000."""

    numerator: Number
    denominator: Number
    per: int = 100

    def value(self, places: int = 1) -> Decimal | None:
        """Half up; None when the denominator is zero."""
        if self.denominator == 0:
            return None
        return rounded(Decimal(self.numerator) * self.per / Decimal(self.denominator), places)


def _is_inside(inner: str, outer: str, parents: Mapping[str, frozenset[str]]) -> bool:
    """By the code (nation, prefecture) or by `parents` (areas, wards): does `outer` contain `inner`?"""
    if inner == outer:
        return False
    by_code = outer == "00000" or (len(outer) == 5 and outer.endswith("000") and inner[:2] == outer[:2])
    return by_code or outer in parents.get(inner, frozenset())


def _regions_do_not_overlap(items: Sequence[Datum], parents: Mapping[str, frozenset[str]]) -> Decision:
    if len({item.indicator for item in items}) > 1:
        return refused("指標が違うため足せません。")
    if len({item.dimension for item in items}) > 1:
        return refused("内訳が違うため足せません。")
    codes = Counter(item.region_code for item in items)
    twice = next((code for code, count in codes.items() if count > 1), None)
    if twice is not None:
        name = next(item.name for item in items if item.region_code == twice)
        return refused(f"同じ地域の値が二度あるため足せません（{name}）。")
    outside = {outer for code in codes for outer in parents.get(code, frozenset())} | {"00000"}
    outside |= {f"{code[:2]}000" for code in codes}
    for outer in sorted(outside & codes.keys()):
        for item in items:
            if _is_inside(item.region_code, outer, parents):
                container = next(one.name for one in items if one.region_code == outer)
                return refused(f"{item.name}は{container}に含まれるため、足すと二重になります。")
    return ALLOWED


def _parts_of_one_whole(items: Sequence[Datum]) -> Decision:
    if len({item.region_code for item in items}) > 1:
        return refused("地域が違うため、内訳の合計にはなりません。")
    wholes = {item.part_of for item in items}
    if len(wholes) > 1 or "" in wholes:
        return refused("同じ項目の内訳どうしではないため足せません（再掲は足せません）。")
    if len({(item.indicator, item.dimension) for item in items}) < len(items):
        return refused("同じ内訳の値が二度あるため足せません。")
    return ALLOWED


def _same_measure(items: Sequence[Datum]) -> Decision:
    """Unit, basis, coverage and time of every figure, also of those without a value."""
    first = items[0]
    for item in items[1:]:
        for decision in (same_basis(first, item), same_coverage(first, item)):
            if not decision:
                return refused(f"{first.name}と{item.name}: {decision.reason.replace('比べられ', '足せ')}")
        if item.unit != first.unit:
            return refused(f"{first.name}と{item.name}: 単位が違うため足せません（{first.unit} と {item.unit}）。")
        if (item.fiscal_year, item.as_of) != (first.fiscal_year, first.as_of):
            times = f"{as_of_words(first.as_of)} と {as_of_words(item.as_of)}"
            return refused(f"{first.name}と{item.name}: 時点が違うため足せません（{times}）。")
    if len(items) > 1 and not first.as_of:
        return refused("時点の記載がないため足せません。")
    approximate = next((item for item in items if item.qualifier), None)
    if approximate is not None and len(items) > 1:
        return refused(f"{approximate.name}は概数（{approximate.qualifier}）のため足せません。")
    return ALLOWED


def addable(items: Sequence[Datum], *, over: Over, parents: Mapping[str, frozenset[str]] | None = None) -> Decision:
    """May these counts be added over regions (one indicator) or over the parts of one whole (one region)?

    parents: region code → codes of the regions that contain it, for areas and wards; prefectures and the nation are
    known by their codes. Rates and means never add: see `pooled`.
    """
    if not items:
        return refused("足す値がありません。")
    other = next((item for item in items if item.kind != "count"), None)
    if other is not None:
        return refused(f"{other.name}は件数ではないため足せません。割合や平均は分子と分母から計算し直します。")
    decision = _regions_do_not_overlap(items, parents or {}) if over == "regions" else _parts_of_one_whole(items)
    return decision and _same_measure(items)


def total(items: Sequence[Datum], *, over: Over, parents: Mapping[str, frozenset[str]] | None = None) -> Total:
    """The sum of counts. UnableToAdd when they must not be added; no value (and which are missing) when one is absent."""
    decision = addable(items, over=over, parents=parents)
    if not decision:
        raise UnableToAdd(decision.reason)
    missing = [item for item in items if not item.has_value]
    if missing:
        names = tuple(f"{item.name}（{state_words(item.state)}）" for item in missing)
        return Total(state=missing[0].state, value=None, terms=len(items), missing=names)
    value: Number = sum((item.value for item in items if item.value is not None), 0)
    return Total(state="value", value=value, terms=len(items))


def pooled(items: Sequence[Datum], *, per: int = 100, parents: Mapping[str, frozenset[str]] | None = None) -> Ratio:
    """A rate (per 100) or a mean (per 1) of several regions together, recomputed from numerators and denominators.

    UnableToAdd for counts, for figures whose parts are not known and wherever counts could not be added either.
    """
    if not items:
        raise UnableToAdd("計算する値がありません。")
    for item in items:
        if item.kind not in ("rate", "days"):
            raise UnableToAdd(f"{item.name}は割合でも平均でもありません。")
        if item.state != "value":
            raise UnableToAdd(f"{item.name}は「{state_words(item.state)}」のため計算できません。")
        if not item.has_parts:
            raise UnableToAdd(
                f"{item.name}の分子と分母が分からないため計算できません。割合どうしは足しも平均もしません。"
            )
    decision = _regions_do_not_overlap(items, parents or {}) and _same_measure(items)
    if not decision:
        raise UnableToAdd(decision.reason)
    numerator: Number = sum((item.numerator for item in items if item.numerator is not None), 0)
    denominator: Number = sum((item.denominator for item in items if item.denominator is not None), 0)
    return Ratio(numerator, denominator, per)


def share(part: Datum, whole: Datum) -> Ratio:
    """The share of a part in its whole, in percent. UnableToAdd when the two do not belong together."""
    if part.part_of != whole.indicator or part.region_code != whole.region_code:
        raise UnableToAdd(f"{part.name}は{whole.name}の内訳ではありません。")
    for item in (part, whole):
        if item.kind != "count":
            raise UnableToAdd(f"{item.name}は件数ではないため、構成割合を出せません。")
        if item.value is None or item.state != "value":
            raise UnableToAdd(f"{item.name}は「{state_words(item.state)}」のため、構成割合を出せません。")
    decision = _same_measure([whole, part])
    if not decision:
        raise UnableToAdd(decision.reason.replace("足せ", "比べられ"))
    if part.value is None or whole.value is None or part.value > whole.value:
        raise UnableToAdd(f"{part.name}が{whole.name}より大きいため、構成割合を出せません。")
    return Ratio(part.value, whole.value)
