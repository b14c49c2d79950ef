"""Transfers: which spells of one person are one stay. A transfer is no discharge, so rates are counted over stays.

The rule, over the spells of one person in the order (admitted_on, discharged_on, row), an open spell last: a spell
belongs to the stay before it when it begins no later than `max_gap_days` after the latest discharge so far (0: the same
day; overlapping spells always belong together). With `needs_transfer`, a spell that does not overlap also needs the
spell right before it to have ended in a transfer.
"""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir

from nimo.analysis.rules import LinkingRules
from nimo.analysis.spells.contract import DEATH, PERSON, PSYCHIATRIC, TRANSFER
from nimo.analysis.spells.prepare import BED_NUMBER, OUTCOME_NUMBER, STILL_IN

Beds = Literal["psychiatric", "any"]
_SEQUENCE = 1 << 32
_AREAS = 100_000


def of_beds(spells: ir.Table, beds: Beds) -> ir.Table:
    """The prepared spells in psychiatric beds, or in any."""
    return spells.filter(spells.bed == BED_NUMBER[PSYCHIATRIC]) if beds == "psychiatric" else spells


def link(spells: ir.Table, rules: LinkingRules) -> ir.Table:
    """Prepared spells with their stay: + end (d, or STILL_IN), stay (number within the person), stay_a, stay_a_ymd, seq,
    begins (the first of its stay).

    Rows stay rows: nothing is merged here. seq counts the spells of a person in order.
    """
    rows = spells.mutate(end=spells.d.fill_null(STILL_IN).cast("int32"))
    order = [rows.a, rows.end, rows.row]
    in_order = ibis.window(group_by=PERSON, order_by=order)
    before = ibis.window(group_by=PERSON, order_by=order, preceding=(None, 1))
    last_end = rows.end.max().over(before)
    begins = last_end.isnull() | (rows.a > last_end + rules.max_gap_days)
    if rules.needs_transfer:
        no_transfer = rows.outcome.lag().over(in_order) != OUTCOME_NUMBER[TRANSFER]
        begins = begins | ((rows.a >= last_end) & no_transfer)
    marked = rows.mutate(begins=begins, seq=(ibis.row_number().over(in_order) + 1).cast("int32"))
    so_far = ibis.window(group_by=PERSON, order_by="seq", preceding=None, following=0)
    return marked.mutate(
        stay=marked.begins.cast("int32").sum().over(so_far).cast("int32"),
        stay_a=ibis.ifelse(marked.begins, marked.a, ibis.null("int32")).max().over(so_far),
        stay_a_ymd=ibis.ifelse(marked.begins, marked.a_ymd, ibis.null("int32")).max().over(so_far),
    )


def stays(linked: ir.Table) -> ir.Table:
    """One row per stay: a, a_ymd, end, d_ymd (null while in hospital), first_… and last_… places, outcome, birth_ymd, …

    outcome is that of the spell that ended last, died says whether any ended in death; diagnosis and admission_type
    are those at admission. Stays of one person are numbered in order and do not overlap.
    """
    last = linked.end.cast("int64") * _SEQUENCE + linked.seq
    # Several values in one number: an engine holds one state per stay instead of seven.
    places = linked.area.cast("int64") * _AREAS + linked.hospital_area
    at_first = (places * 100 + linked.admission_type) * 100 + linked.diagnosis
    at_last = places * 100 + linked.outcome
    made = linked.group_by(PERSON, "stay").agg(
        a=linked.a.min(),
        a_ymd=linked.a_ymd.min(),
        end=linked.end.max(),
        last_d_ymd=linked.d_ymd.max(),
        birth_ymd=linked.birth_ymd.max(),
        at_first=ibis.ifelse(linked.begins, at_first, 0).max(),
        at_last=at_last.argmax(last),
        died=(linked.outcome == OUTCOME_NUMBER[DEATH]).cast("int8").max(),
    )
    first_places, last_places = made.at_first // 10_000, made.at_last // 100
    return made.select(
        PERSON,
        "stay",
        "a",
        "a_ymd",
        "end",
        "birth_ymd",
        d_ymd=ibis.ifelse(made.end == STILL_IN, ibis.null("int32"), made.last_d_ymd),
        first_area=(first_places // _AREAS).cast("int32"),
        first_hospital_area=(first_places % _AREAS).cast("int32"),
        last_area=(last_places // _AREAS).cast("int32"),
        last_hospital_area=(last_places % _AREAS).cast("int32"),
        admission_type=(made.at_first // 100 % 100).cast("int8"),
        diagnosis=(made.at_first % 100).cast("int8"),
        outcome=(made.at_last % 100).cast("int8"),
        died=made.died == 1,
    )


def bed_intervals(spells: ir.Table) -> ir.Table:
    """Days in bed of each person as intervals that share no day: person_key, a, end, died (a spell of it ended in death).

    Spells that touch or overlap are united whatever the linking rule is, so that no day is counted twice.
    """
    united = link(spells, LinkingRules())
    died = (united.outcome == OUTCOME_NUMBER[DEATH]).cast("int8")
    made = united.group_by(PERSON, "stay").agg(a=united.a.min(), end=united.end.max(), died=died.max())
    return made.select(PERSON, "a", "end", died=made.died == 1)
