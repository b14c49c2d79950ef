"""Length of stay: 平均在院日数, the truncated mean of new admissions, and the counts of the survival curve."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from nimo.analysis.indicators.classes import place, step
from nimo.analysis.indicators.discharge import admitted_in
from nimo.analysis.spells.contract import DEATH, TRANSFER
from nimo.analysis.spells.dataset import Basis, Dataset, Period
from nimo.analysis.spells.prepare import OUTCOME_NUMBER, STILL_IN, day_number


def average_stay(data: Dataset, period: Period, *, basis: Basis) -> ir.Table:
    """平均在院日数. Unit: 日. Columns: place, patient_days, admissions, discharges.

    Definition: 在院患者延数 ÷ {(新入院患者数 + 退院患者数) ÷ 2}; to keep integers: 2 × patient_days ÷ (admissions +
    discharges). 在院患者延数 counts who is in at 24:00 of each day of the period. By spell, as hospitals report it, a
    transfer is a discharge and an admission; by stay it is neither, and the place is that of the first spell.
    Parameters: average_stay.*, linking.* (by stay). Reference: 病院報告
    (https://wic-net.com/material/document/12117/12). PeriodError when the period is not observed to its end.
    """
    data.require_observed(period.last)
    first, last = period.days
    by_stay = data.rules.average_stay.unit == "stay"
    rows = data.stays if by_stay else data.linked
    rows = rows.filter((rows.a <= last) & (rows.end >= first))
    days = ibis.greatest(ibis.least(rows.end - 1, last) - ibis.greatest(rows.a, first) + 1, 0)
    if data.rules.average_stay.same_day_counts:
        days = days + ibis.ifelse(rows.end == rows.a, data.rules.average_stay.same_day_counts, 0)
    counted = rows.select(
        place=rows[place(basis, "first" if by_stay else "")],
        days=days,
        came=((rows.a >= first) & (rows.a <= last)).cast("int64"),
        left=((rows.end >= first) & (rows.end <= last)).cast("int64"),
    )
    return counted.group_by("place").agg(
        patient_days=counted.days.cast("int64").sum(),
        admissions=counted.came.sum(),
        discharges=counted.left.sum(),
    )


def truncated_stay(data: Dataset, period: Period, *, basis: Basis, limit: int = 365) -> ir.Table:
    """新規入院患者の平均在院日数（365日で打ち切り）. Unit: 日. Columns: place, followed (0, 1), stays, days.

    Definition: mean of min(length, `limit`) over stays that begin in the period and whose `limit` days are observed
    (followed = 1); the others are counted apart, without days.
    Parameters: linking.*. Reference: 第7次医療計画の指標「新規入院患者の平均在院日数」
    https://wic-net.com/material/document/1167/31.
    """
    rows = admitted_in(data, period)
    followed = rows.a + limit <= day_number(data.observed_until)
    days = ibis.ifelse(followed, ibis.least(rows.end - rows.a, limit), 0)
    counted = rows.select(place=rows[place(basis, "first")], followed=followed.cast("int8"), days=days.cast("int64"))
    return counted.group_by("place", "followed").agg(stays=counted.count(), days=counted.days.sum())


def _ending(data: Dataset, rows: ir.Table) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """Length of stay as far as observed, and 1 where it ended in what the rules call an event (else 0: censored)."""
    rules = data.rules.survival
    until = day_number(data.observed_until)
    out = rows.end != STILL_IN
    event = out
    for outcome, rule in ((DEATH, rules.deaths), (TRANSFER, rules.transfers)):
        if rule == "censor":
            event = event & (rows.outcome != OUTCOME_NUMBER[outcome])
    return ibis.ifelse(out, rows.end, until) - rows.a, event.cast("int8")


def durations(data: Dataset, period: Period) -> ir.Table:
    """Lengths of stay for the survival curve. Unit: 件. Columns: days, event (1 left, 0 censored), stays.

    Definition: stays that begin in the period, by the days from admission to leaving hospital or to the end of the
    observation. `rates.survival.kaplan_meier` makes the curve of it.
    Parameters: linking.*, survival.deaths, survival.transfers. Reference: Kaplan & Meier (1958) J Am Stat Assoc 53:457.
    """
    rows = admitted_in(data, period)
    days, event = _ending(data, rows)
    counted = rows.select(days=days, event=event)
    return counted.group_by("days", "event").agg(stays=counted.count())


def duration_bands(data: Dataset, period: Period, *, basis: Basis) -> ir.Table:
    """Lengths of stay by place, in bands of days. Unit: 件. Columns: place, band, event (1 left, 0 censored), stays.

    Definition: as `durations`, in the bands of `survival.grid` (0 up to the first day of the grid, …, the last: longer
    than the grid). Beyond the grid nothing is an event: those stays are all survivors. `rates.survival.life_table`
    makes the curve of it.
    Parameters: linking.*, survival.*. Reference: Cutler & Ederer (1958) J Chronic Dis 8:699 (the life table).
    """
    rows = admitted_in(data, period)
    grid = data.rules.survival.grid
    days, event = _ending(data, rows)
    band = step(days, grid)
    counted = rows.select(
        place=rows[place(basis, "first")],
        band=band,
        event=ibis.ifelse(days > grid[-1], ibis.literal(0, "int8"), event),
    )
    return counted.group_by("place", "band", "event").agg(stays=counted.count())
