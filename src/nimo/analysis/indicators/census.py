"""Persons in hospital on a day, and who travelled where for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from nimo.analysis.indicators.classes import age_class, dementia_40, place, stay_class
from nimo.analysis.spells.contract import PERSON
from nimo.analysis.spells.dataset import Basis, Dataset, Period, day_after
from nimo.analysis.spells.prepare import day_number, ymd


def persons_on(data: Dataset, on: date) -> ir.Table:
    """The spells that fill a psychiatric bed at the moment of the census, one per person.

    At 0:00 of a day: who came in before that day and has not left before it (who leaves that day is in, who comes is
    not). At 24:00: the same for the next day. Where overlapping spells were joined, the one that began last counts.
    PeriodError when the day is not observed.
    """
    moment = _moment(data, on)
    number = day_number(moment)
    rows = data.linked
    there = rows.filter((rows.a < number) & (rows.end >= number))
    latest = ibis.row_number().over(ibis.window(group_by=PERSON, order_by=[ibis.desc("a"), ibis.desc("row")]))
    ranked = there.mutate(rank=latest)
    return ranked.filter(ranked["rank"] == 0).drop("rank")


def _moment(data: Dataset, on: date) -> date:
    """The day at whose beginning the census is taken."""
    if data.rules.census.moment == "end_of_day":
        data.require_observed(on)
        return day_after(on)
    if on > day_after(data.observed_until):
        data.require_observed(on)
    return on


def census(data: Dataset, *, on: date, basis: Basis, by: Sequence[str] = ("stay", "age")) -> ir.Table:
    """在院患者数: persons in psychiatric beds on a day. Unit: 人. Columns: place, those of `by`, persons.

    Definition: 実人数 at 0:00 of the day (630調査: 6月30日午前0時), by place of residence (`address`) or of the hospital;
    a transfer is no discharge. by: "stay" (0–2, length of stay), "age" (class number), "dementia_40" (0, 1),
    "diagnosis", "admission_type" (numbers of the contract's lists, admission type of the present spell).
    Parameters: linking.*, census.moment, census.stay_classes, census.length_from, census.age_limits, age.*.
    Reference: 630調査 Ⅲ.2.(11); 障害福祉計画の基本指針 別表第四; length classes https://wic-net.com/material/document/12764/6.
    """
    rules = data.rules.census
    rows = persons_on(data, on)
    moment = _moment(data, on)
    linked = rules.length_from == "linked"
    start, start_ymd = (rows.stay_a, rows.stay_a_ymd) if linked else (rows.a, rows.a_ymd)
    columns = {
        "stay": lambda: stay_class(start_ymd, day_number(moment) - start, ymd(moment), rules.stay_classes),
        "age": lambda: age_class(rows.birth_ymd, ymd(moment), rules.age_limits),
        "dementia_40": lambda: dementia_40(rows.diagnosis, rows.birth_ymd, ymd(moment)),
        "diagnosis": lambda: rows.diagnosis,
        "admission_type": lambda: rows.admission_type,
    }
    keys = {"place": rows[place(basis)], **{name: columns[name]() for name in by}}
    return rows.select(**keys).group_by(list(keys)).agg(persons=lambda t: t.count())


def census_flows(data: Dataset, *, on: date) -> ir.Table:
    """住所地と病院の所在地の組ごとの在院患者数 (origin–destination). Unit: 人. Columns: origin, destination, persons.

    Definition: the persons of `census` by residence and hospital; 0 stands for an unknown place.
    Parameters: linking.*, census.moment. Reference: 630調査; ReMHRAD https://remhrad.jp/facility_mapping.
    """
    rows = persons_on(data, on)
    keys = {"origin": rows.area, "destination": rows.hospital_area}
    return rows.select(**keys).group_by(list(keys)).agg(persons=lambda t: t.count())


def admission_flows(data: Dataset, period: Period) -> ir.Table:
    """住所地と入院した病院の所在地の組ごとの新入院数. Unit: 件 (stays; a transfer is no new admission).

    Columns: origin, destination, stays. Definition: stays that begin in the period, by residence and first hospital.
    Parameters: linking.*. Reference: ReMHRAD の患者住所ベース・病院所在地ベース https://remhrad.jp/facility_mapping.
    PeriodError when the period is not observed to its end.
    """
    data.require_observed(period.last)
    first, last = period.days
    rows = data.stays.filter((data.stays.a >= first) & (data.stays.a <= last))
    keys = {"origin": rows.first_area, "destination": rows.first_hospital_area}
    return rows.select(**keys).group_by(list(keys)).agg(stays=lambda t: t.count())
