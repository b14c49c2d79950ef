"""What became of those discharged: 地域における平均生活日数 and 再入院率."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from nimo.analysis.indicators.classes import place, step
from nimo.analysis.indicators.discharge import discharged_in
from nimo.analysis.spells.contract import DEATH, PERSON, TRANSFER
from nimo.analysis.spells.dataset import Basis, Dataset, Period
from nimo.analysis.spells.linking import Beds
from nimo.analysis.spells.prepare import OUTCOME_NUMBER, STILL_IN, day_number

STATES: Mapping[str, str] = {
    "complete": "1年間追えた",
    "died": "1年以内の死亡が分かった",
    "not_followed": "1年後まで追えていない",
}
READINGS: Mapping[str, str] = {
    "any": "すべての再入院（旧定義）",
    "stay_length": "30日以上続いた再入院",
    "interval": "退院から30日以上たってからの再入院",
}
_NEVER = 1_000_000


def alive_discharges(data: Dataset, period: Period, *, longest: int, transfers: str) -> ir.Table:
    """Stays that end in the period, not in death, and not in an unlinked transfer unless the rule includes it.

    longest: longest stay in days (0: any).
    """
    rows = discharged_in(data, period)
    rows = rows.filter(rows.outcome != OUTCOME_NUMBER[DEATH])
    if transfers == "exclude":
        rows = rows.filter(rows.outcome != OUTCOME_NUMBER[TRANSFER])
    return rows.filter(rows.end - rows.a <= longest) if longest else rows


def _days_in_bed(data: Dataset, index: ir.Table, beds: Beds) -> ir.Table:
    """By discharge: days in bed in the window after it, and the day of a death in bed (null: none). person, stay, …"""
    rules = data.rules.community
    until = day_number(data.observed_until)
    later = data.intervals(beds)
    later = later.select(later_person=later[PERSON], later_a=later.a, later_end=later.end, died=later.died)
    joined = index.inner_join(
        later,
        [
            index[PERSON] == later.later_person,
            later.later_end > index.end,
            later.later_a <= index.end + rules.window_days,
        ],
    )
    # The last day in bed counts, unless the rule gives the day of discharge to the community; a death always counts.
    last_day = ibis.least(joined.later_end, until)
    if not rules.discharge_day_in_hospital:
        went_home = (joined.later_end != STILL_IN) & ~joined.died
        last_day = last_day - went_home.cast("int32")
    first_day = ibis.greatest(joined.later_a, joined.end + 1)
    days = ibis.greatest(ibis.least(last_day, joined.end + rules.window_days) - first_day + 1, 0)
    death = ibis.ifelse(
        joined.died & (joined.later_end <= joined.end + rules.window_days), joined.later_end, ibis.null("int32")
    )
    return (
        joined.select(PERSON, "stay", days=days.cast("int64"), death=death)
        .group_by(PERSON, "stay")
        .agg(days=lambda t: t.days.sum(), death=lambda t: t.death.min())
    )


def community_days(data: Dataset, period: Period, *, basis: Basis) -> ir.Table:
    """退院後1年以内の地域における平均生活日数. Unit: 日.

    Columns: place (at discharge), state (number in STATES), discharges, days_psychiatric, days_any: days not spent in a
    psychiatric bed, or in any bed. Mean = days ÷ discharges over the states 0 and 1.
    Definition: of the discharges in the period after a stay of at most a year, not by death, the days of the 365 from
    the day after discharge that are not spent in bed. A death known from a later spell ends the days (rule "stop"),
    takes the discharge out ("exclude") or is ignored. Discharges not observed for the whole window are counted apart,
    without days. A death outside hospital is not in the table and cannot be known.
    Parameters: linking.*, community.*. Reference: 障害福祉計画の基本指針 (第7期本文
    https://wic-net.com/material/document/21778/17); series 全病床・精神病床 after NCNP 付表1.1.
    """
    rules = data.rules.community
    index = alive_discharges(data, period, longest=rules.longest_stay_days, transfers=rules.transfers)
    index = index.select(PERSON, "stay", "end", place=index[place(basis, "last")])
    beds: tuple[Beds, ...] = ("any", "psychiatric") if data.has_other_beds else ("any",)
    rows = index
    for which in beds:
        found = _days_in_bed(data, index, which)
        found = found.rename({f"{which}_{name}": name for name in found.columns})
        rows = rows.left_join(
            found, [rows[PERSON] == found[f"{which}_{PERSON}"], rows.stay == found[f"{which}_stay"]]
        ).drop(f"{which}_{PERSON}", f"{which}_stay")
    window_end = rows.end + rules.window_days
    died = rows.any_death.notnull()
    if rules.deaths == "exclude":
        rows = rows.filter(~died)
        died = rows.any_death.notnull()
        window_end = rows.end + rules.window_days
    last_day = ibis.coalesce(rows.any_death, window_end) if rules.deaths == "stop" else window_end
    followed = window_end <= day_number(data.observed_until)
    # A known death completes the picture whenever the observation ends; under "ignore" the year must still be over.
    complete = followed if rules.deaths != "stop" else followed | died
    state = ibis.cases(
        (~complete, ibis.literal(2, "int8")), (died, ibis.literal(1, "int8")), else_=ibis.literal(0, "int8")
    )
    span = last_day - rows.end
    days = {which: ibis.ifelse(complete, span - rows[f"{which}_days"].fill_null(0), 0) for which in beds}
    counted = rows.select("place", state=state, **days)
    return counted.group_by("place", "state").agg(
        discharges=counted.count(),
        days_psychiatric=counted[beds[-1]].sum(),
        days_any=counted["any"].sum(),
    )


def readmission_rate(data: Dataset, period: Period, *, basis: Basis) -> ir.Table:
    """再入院率 at 90, 180 and 365 days, read in three ways side by side. Unit: 件; the rate is in %.

    Columns: place (at discharge), any, stay_length, interval (band numbers: up to the first horizon, …, one past the
    last: not readmitted), followed (0, 1), discharges.
    Definition: of the discharges in the period that did not end in death, those followed by a stay in a psychiatric
    bed that begins within N days; `any`: every one; `stay_length`: one that lasted at least 30 days; `interval`: one
    that begins at least 30 days after the discharge. 「30日以上の再入院」 can be read either way and the notice does not
    decide it. A discharge is followed when the last horizon and the 30 days after it are observed: one denominator for
    all three. Deaths outside hospital cannot be known.
    Parameters: linking.*, readmission.*. Reference: 第8期の見直し案 https://wic-net.com/material/document/21776/20;
    `any` with stays of at most 365 days: 中医協 2023-11-22 https://wic-net.com/material/document/12117/12.
    """
    rules = data.rules.readmission
    index = alive_discharges(data, period, longest=rules.longest_stay_days, transfers=rules.transfers)
    index = index.select(PERSON, "stay", "end", place=index[place(basis, "last")])
    farthest = rules.horizons[-1]
    later = data.stays.select(
        later_person=data.stays[PERSON], later_stay=data.stays.stay, later_a=data.stays.a, later_end=data.stays.end
    )
    joined = index.inner_join(
        later,
        [
            index[PERSON] == later.later_person,
            later.later_stay > index.stay,
            later.later_a <= index.end + farthest,
        ],
    )
    gap = joined.later_a - joined.end
    never = ibis.literal(_NEVER, "int32")
    seen = joined.select(
        PERSON,
        "stay",
        any=gap,
        stay_length=ibis.ifelse(joined.later_end - joined.later_a >= rules.min_stay_days, gap, never),
        interval=ibis.ifelse(gap >= rules.min_interval_days, gap, never),
    )
    first = seen.group_by(PERSON, "stay").agg(**{name: seen[name].min() for name in READINGS})
    first = first.rename(seen_person=PERSON, seen_stay="stay")
    rows = index.left_join(first, [index[PERSON] == first.seen_person, index.stay == first.seen_stay])
    follow_up = farthest + rules.min_stay_days
    keys = {
        "place": rows.place,
        **{name: step(rows[name].fill_null(_NEVER), rules.horizons) for name in READINGS},
        "followed": (rows.end + follow_up <= day_number(data.observed_until)).cast("int8"),
    }
    return rows.select(**keys).group_by(list(keys)).agg(discharges=lambda t: t.count())
