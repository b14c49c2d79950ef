"""A figure of today's place on an earlier day: added from the figures of the areas that made it up then.

Counts are summed; rates and means are recomputed from their parts, never summed or averaged; what cannot be recomputed
is absent, with the reason in words. A hidden operand hides the result. Pure: no table, no clock.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nimo.community.indicators.rules.addition import UnableToAdd, addable, pooled, total
from nimo.community.indicators.rules.values import Datum, Number
from nimo.community.indicators.rules.words import NO_RECORD, NOT_COMPUTED, SUPPRESSED
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.rules.changes import Change, Composition, compose

SHARED_INDICATORS = frozenset({"population", "resident_population", "census_population"})
"""What published shares of population may divide: nothing says that beds or patients lie alike."""
_PER: Mapping[str, int] = {"%": 100, "人口10万対": 100_000, "人口千対": 1_000}


@dataclass(frozen=True, slots=True)
class Laid:
    """A figure on today's map. value is None exactly when state is not "value"; `reason` then says why.

    qualifier: 約 where a published share was applied.
    """

    state: str
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    qualifier: str = ""
    reason: str = ""


def period_of(as_of: str, fiscal_year: int) -> tuple[date, date]:
    """First and last day an as-of text speaks of; a day is both. Not stated ("" ): the fiscal year."""
    parts = as_of.split("-")
    if len(parts) == 3:
        day = date.fromisoformat(as_of)
        return day, day
    if len(parts) == 2:
        year, month = int(parts[0]), int(parts[1])
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    if as_of.isdigit():
        return date(int(as_of), 1, 1), date(int(as_of), 12, 31)
    year = int(as_of[2:]) if as_of.startswith("FY") else fiscal_year
    return FiscalYear(year).start, FiscalYear(year).end


@dataclass(frozen=True, slots=True)
class Choice:
    """Which areas to add; `refusal`: none may be, and why."""

    composition: Composition
    refusal: str = ""


def choose(
    code: str, changes: Sequence[Change], *, period: tuple[date, date], on: date, stated: Collection[str]
) -> Choice:
    """The areas that made up a place in a period. stated: areas for which the period has a figure.

    A figure the source itself gives for the new area is taken as it stands. Where an area changed within the period
    (年度の途中) the side that has figures is taken; where both have, adding might count twice, and nothing is added.
    """
    start, end = period
    early, late = (compose(code, changes, day=day, on=on) for day in (start, end))
    if code in stated and code not in early.codes | late.codes:
        return Choice(Composition(frozenset({code})))
    if early == late:
        return Choice(late)
    within = [change for change in early.changes if change not in late.changes]
    stay = {code for change in within for code in change.survivors}
    before = early.codes - late.codes
    after = (late.codes - early.codes) | (stay & late.codes)
    if before & set(stated) and after & set(stated):
        days = "、".join(to_wareki(change.effective_on) for change in within)
        return Choice(
            late,
            f"期間の途中（{days}）に区域が変わり、前と後の両方の区域の値があります。"
            "足すと二重に数えるおそれがあるため、計算しません。",
        )
    return Choice(early if before & set(stated) else late)


def lay(items: Mapping[str, Datum], composition: Composition, names: Mapping[str, str]) -> Laid:
    """One figure from those of the areas of a composition. items: by code, all of one indicator, time and basis."""
    listed = [items[code] for code in sorted(composition.codes & items.keys())]
    if any(item.state == SUPPRESSED for item in listed):
        return Laid(
            SUPPRESSED,
            reason="もとの区域の値に、人数が少ないなどの理由で表示しない値があるため、合わせた値も表示しません。",
        )
    if composition.unknown:
        named = "、".join(names.get(code, code) for code in sorted(composition.unknown))
        return Laid(
            NOT_COMPUTED,
            reason=f"「{named}」は分割され、どれだけがこの地域に入ったか、公表された割合がないため計算できません。",
        )
    missing = sorted(composition.codes - items.keys())
    if missing:
        named = "、".join(names.get(code, code) for code in missing)
        return Laid(NO_RECORD, reason=f"「{named}」の値がないため計算できません。0という意味ではありません。")
    first = listed[0]
    if first.kind in ("yes_no", "text"):
        return Laid(NOT_COMPUTED, reason="有無や文章は足せません。もとの区域の値をそれぞれ見てください。")
    try:
        if composition.shares:
            return _divided(items, composition, names)
        return _summed(listed) if first.kind == "count" else _recomputed(listed)
    except UnableToAdd as refusal:
        return Laid(NOT_COMPUTED, reason=str(refusal))


def _summed(items: Sequence[Datum]) -> Laid:
    added = total(items, over="regions")
    return Laid(added.state, added.value, reason=added.reason)


def _recomputed(items: Sequence[Datum]) -> Laid:
    first = items[0]
    per = 1 if first.kind == "days" else _PER.get(first.unit)
    if per is None:
        raise UnableToAdd(f"単位「{first.unit}」の割合は、分子と分母から計算し直せません。")
    missing = next((item for item in items if item.state != "value"), None)
    if missing is not None:
        return Laid(missing.state, reason=f"{missing.name}の値がないため計算できません。")
    ratio = pooled(items, per=per)
    value = ratio.value(max(1, *(_places(item.value) for item in items)))
    if value is None:
        raise UnableToAdd("分母が0のため、値がありません。0という意味ではありません。")
    return Laid("value", value, ratio.numerator, ratio.denominator)


def _places(value: Number | None) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _divided(items: Mapping[str, Datum], composition: Composition, names: Mapping[str, str]) -> Laid:
    """Whole areas and published parts of others; only for the population, and marked 約."""
    named = "、".join(names.get(share.code, share.code) for share in composition.shares)
    listed = [items[code] for code in sorted(composition.codes)]
    if listed[0].indicator not in SHARED_INDICATORS or listed[0].dimension:
        raise UnableToAdd(
            f"「{named}」は分割されています。公表されている割合は人口だけのため、この値は分けられません。"
        )
    decision = addable(listed, over="regions")
    if not decision:
        raise UnableToAdd(decision.reason)
    missing = next((item for item in listed if not item.has_value), None)
    if missing is not None:
        return Laid(missing.state, reason=f"{missing.name}の値がないため計算できません。")
    value: Number = sum((items[code].value or 0 for code in sorted(composition.whole)), 0)
    for share in composition.shares:
        whole = items[share.code].value
        if not isinstance(whole, int):
            raise UnableToAdd(f"「{named}」の値が整数でないため、分けられません。")
        value += share.of(whole)
    return Laid("value", value, qualifier="約")
