"""How those admitted in a period left: 退院率, and where those discharged went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir

from nimo.analysis.indicators.classes import place, stay_class, step
from nimo.analysis.rules import DischargeRules
from nimo.analysis.spells.contract import DEATH, TRANSFER
from nimo.analysis.spells.dataset import Basis, Dataset, Period, day_after
from nimo.analysis.spells.prepare import OUTCOME_NUMBER, STILL_IN, day_number

Counting = Literal["month", "day"]
MONTHS = (3, 6, 12)
BANDS: Mapping[str, str] = {
    "within_3_months": "3か月以内に退院",
    "4_to_6_months": "3か月を超え6か月以内に退院",
    "7_to_12_months": "6か月を超え1年以内に退院",
    "not_within_1_year": "1年以内に退院していない",
    "not_followed": "1年後まで追えていない",
    "excluded": "対象外",
}


def admitted_in(data: Dataset, period: Period) -> ir.Table:
    """The stays that begin in the period. PeriodError when it is not observed to its end."""
    data.require_observed(period.last)
    first, last = period.days
    return data.stays.filter((data.stays.a >= first) & (data.stays.a <= last))


def discharged_in(data: Dataset, period: Period) -> ir.Table:
    """The stays that end in the period. PeriodError when it is not observed to its end."""
    data.require_observed(period.last)
    first, last = period.days
    return data.stays.filter((data.stays.end >= first) & (data.stays.end <= last))


def month_number(day: date) -> int:
    """Months counted through the years: 2024-03 → 24290 (year × 12 + month − 1)."""
    return day.year * 12 + day.month - 1


def _month_of(value: ir.IntegerValue) -> ir.IntegerValue:
    return (value // 10000) * 12 + (value // 100) % 100 - 1


def discharge_rate(data: Dataset, period: Period, *, basis: Basis, counting: Counting = "month") -> ir.Table:
    """退院率 at 3, 6 and 12 months: stays admitted in the period by when they ended. Unit: 件; the rate is in %.

    Columns: place (at admission), band (number in BANDS), stays. Rate at 12 months = bands 0+1+2 ÷ (0+1+2+3).
    Definition (month rule): of those admitted in a month, the share discharged within N months counted from that
    month. Day rule: discharged within 90, 180, 365 days of admission. Stays whose twelve months are not observed are
    counted apart and are in no denominator.
    Parameters: linking.*, discharge.*. Reference: 障害福祉計画の基本指針 (第5期～第7期の成果目標) as quoted by 第7期県計画;
    旧630調査の計算式 http://www.ncnp.go.jp/nimh/keikakuold/old/archive/vision/datataiinritsu.html.
    """
    rules = data.rules.discharge
    rows = admitted_in(data, period)
    time, limits, followed = _reckoning(rows, rules, counting, data.observed_until)
    out = rows.end != STILL_IN
    died, moved = rows.outcome == OUTCOME_NUMBER[DEATH], rows.outcome == OUTCOME_NUMBER[TRANSFER]
    leaves = out & ~died & ~moved
    excluded: ir.BooleanValue = ibis.literal(False)
    for which, rule in ((died, rules.deaths), (moved, rules.transfers)):
        if rule == "discharge":
            leaves = leaves | (out & which)
        elif rule == "exclude":
            excluded = excluded | (out & which & (time <= limits[-1]))
    band = ibis.cases(
        (~followed, ibis.literal(4, "int8")),
        (excluded, ibis.literal(5, "int8")),
        (leaves, step(time, limits)),
        else_=ibis.literal(3, "int8"),
    )
    keys = {"place": rows[place(basis, "first")], "band": band}
    return rows.select(**keys).group_by(list(keys)).agg(stays=lambda t: t.count())


def _reckoning(
    rows: ir.Table, rules: DischargeRules, counting: Counting, until: date
) -> tuple[ir.IntegerValue, tuple[int, ...], ir.BooleanValue]:
    """Time to the end of a stay, the limits it is compared with, and whether the longest one is observed."""
    if counting == "day":
        return rows.end - rows.a, rules.day_limits, rows.a + rules.day_limits[-1] <= day_number(until)
    # 起算: the month of admission is the first month, so "within 3 months" ends with the second month after it.
    limits = tuple(months - 1 if rules.admission_month_counts else months for months in MONTHS)
    admitted = _month_of(rows.a_ymd)
    time = ibis.ifelse(rows.d_ymd.isnull(), limits[-1] + 1, _month_of(rows.d_ymd) - admitted)
    # A month is observed when the day after the observation no longer belongs to it.
    return time, limits, admitted + limits[-1] < month_number(day_after(until))


def discharge_destinations(data: Dataset, period: Period, *, basis: Basis) -> ir.Table:
    """退院後の行き先別の退院患者数. Unit: 件. Columns: place (at discharge), outcome (number), stay (0–2), stays.

    Definition: stays that end in the period by the outcome of their last spell; a linked transfer is no discharge, one
    whose continuation is not in the table is counted as 転院. The length of stay is that from admission to discharge.
    Parameters: linking.*, census.stay_classes. Reference: 活動指標「退院後の行き先別の退院患者数」 (障害福祉計画の基本指針
    第7期 別表第一の八); classes after the former 630調査 https://expydoc.com/doc/7803089/.
    """
    rows = discharged_in(data, period)
    how = data.rules.census.stay_classes
    keys = {
        "place": rows[place(basis, "last")],
        "outcome": rows.outcome,
        "stay": stay_class(rows.a_ymd, rows.end - rows.a, rows.d_ymd, how),
    }
    return rows.select(**keys).group_by(list(keys)).agg(stays=lambda t: t.count())
