"""The plain reference for what happens after discharge: sets of days in bed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from nimo.analysis.rules import Rules
from nimo.analysis.tests.reference import ONE, Spell, Stay, by_person, linked, place


def days_in_bed(spells: list[Spell], after: date, until: date, rules: Rules) -> set[date]:
    """Every day after `after` that one of the spells fills, as the rule counts the day of discharge."""
    days: set[date] = set()
    own = sorted(spells, key=lambda s: (s.admitted, s.discharged or date.max, s.row))
    for spell in own:
        last = spell.discharged or until
        day = spell.admitted
        while day <= last:
            days.add(day)
            day += ONE
    if not rules.community.discharge_day_in_hospital:
        # The last day of an unbroken run in bed is a day at home, unless the person died that day or is still in.
        for spell in own:
            end = spell.discharged
            if end is None:
                continue
            goes_on = any((other.discharged or date.max) > end and other.admitted <= end for other in own)
            died = any(other.discharged == end and other.outcome == "death" for other in own)
            if not goes_on and not died:
                days.discard(end)
    return {day for day in days if day > after}


def community_days(
    spells: list[Spell], first: date, last: date, until: date, rules: Rules, basis: str
) -> dict[tuple[int, int], tuple[int, int, int]]:
    totals: dict[tuple[int, int], list[int]] = {}
    everything = by_person(spells)
    for person, stays in linked(spells, rules).items():
        for stay in _index(stays, first, last, rules.community.longest_stay_days, rules.community.transfers):
            out = stay.discharged
            assert out is not None
            window = [out + (n + 1) * ONE for n in range(rules.community.window_days)]
            deaths = [
                s.discharged
                for s in everything[person]
                if s.outcome == "death" and s.discharged is not None and out < s.discharged <= window[-1]
            ]
            death = min(deaths) if deaths else None
            if death and rules.community.deaths == "exclude":
                continue
            if death and rules.community.deaths == "stop":
                window = [day for day in window if day <= death]
            complete = window[-1] <= until
            state = 2 if not complete else 1 if death else 0
            total = totals.setdefault((place(stay.last, basis), state), [0, 0, 0])
            total[0] += 1
            if complete:
                own = everything[person]
                psychiatric = days_in_bed([s for s in own if s.bed == "psychiatric"], out, until, rules)
                anywhere = days_in_bed(own, out, until, rules)
                total[1] += sum(1 for day in window if day not in psychiatric)
                total[2] += sum(1 for day in window if day not in anywhere)
    return {key: (total[0], total[1], total[2]) for key, total in totals.items()}


def _index(stays: list[Stay], first: date, last: date, longest: int, transfers: str) -> list[Stay]:
    return [
        stay
        for stay in stays
        if stay.discharged is not None
        and first <= stay.discharged <= last
        and stay.outcome != "death"
        and (stay.outcome != "transfer" or transfers == "include")
        and (not longest or (stay.discharged - stay.admitted).days <= longest)
    ]


def readmission(
    spells: list[Spell], first: date, last: date, until: date, rules: Rules, basis: str
) -> Counter[tuple[int, ...]]:
    own = rules.readmission
    counts: Counter[tuple[int, ...]] = Counter()
    for stays in linked(spells, rules).values():
        for stay in _index(stays, first, last, own.longest_stay_days, own.transfers):
            out = stay.discharged
            assert out is not None
            later = stays[stays.index(stay) + 1 :]
            gaps = {
                "any": [(s.admitted - out).days for s in later],
                "stay_length": [
                    (s.admitted - out).days
                    for s in later
                    if s.discharged is None or (s.discharged - s.admitted).days >= own.min_stay_days
                ],
                "interval": [
                    (s.admitted - out).days for s in later if (s.admitted - out).days >= own.min_interval_days
                ],
            }
            bands = [sum(1 for h in own.horizons if not any(gap <= h for gap in gaps[name])) for name in gaps]
            followed = out + (own.horizons[-1] + own.min_stay_days) * ONE <= until
            counts[(place(stay.last, basis), *bands, int(followed))] += 1
    return counts
