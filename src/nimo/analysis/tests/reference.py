"""The statistics again, in the plainest Python there is: loops over days and persons. It shares no code with the engine.

Spells are `Spell` tuples of usable rows; everything is seen on the evening of `until`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import ADMISSION_TYPES, DIAGNOSIS_GROUPS

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    row: int
    person: str
    admitted: date
    discharged: date | None
    municipality: str | None = "10201"
    hospital: str = "H1"
    hospital_municipality: str | None = "10201"
    outcome: str | None = None
    admission_type: str | None = None
    diagnosis: str | None = None
    birth: date | None = None
    birth_year: int | None = None
    bed: str = "psychiatric"


@dataclass(frozen=True)
class Stay:
    spells: tuple[Spell, ...]

    @property
    def admitted(self) -> date:
        return min(spell.admitted for spell in self.spells)

    @property
    def last(self) -> Spell:
        """The spell that ended last; open ones are the very last, later rows break ties."""
        return max(enumerate(self.spells), key=lambda item: (item[1].discharged or date.max, item[0]))[1]

    @property
    def discharged(self) -> date | None:
        return self.last.discharged

    @property
    def outcome(self) -> str:
        return self.last.outcome or "unknown"


def seen(spells: list[Spell], until: date) -> list[Spell]:
    """What is known on the evening of `until`."""
    known = []
    for spell in spells:
        if spell.admitted > until:
            continue
        if spell.discharged is not None and spell.discharged > until:
            spell = replace(spell, discharged=None, outcome=None)
        known.append(spell)
    return known


def in_order(spells: list[Spell]) -> list[Spell]:
    return sorted(spells, key=lambda s: (s.admitted, s.discharged or date.max, s.row))


def by_person(spells: list[Spell]) -> dict[str, list[Spell]]:
    persons: dict[str, list[Spell]] = defaultdict(list)
    for spell in in_order(spells):
        persons[spell.person].append(spell)
    return persons


def linked(spells: list[Spell], rules: Rules) -> dict[str, list[Stay]]:
    """Stays of each person, psychiatric beds only."""
    found: dict[str, list[Stay]] = {}
    for person, own in by_person([s for s in spells if s.bed == "psychiatric"]).items():
        groups: list[list[Spell]] = []
        end_so_far: date | None = None
        for index, spell in enumerate(own):
            together = False
            if groups:
                assert end_so_far is not None
                if spell.admitted < end_so_far or (
                    (end_so_far == date.max or spell.admitted <= end_so_far + rules.linking.max_gap_days * ONE)
                    and (not rules.linking.needs_transfer or own[index - 1].outcome == "transfer")
                ):
                    together = True
            if together:
                groups[-1].append(spell)
            else:
                groups.append([spell])
            end = spell.discharged or date.max
            end_so_far = end if end_so_far is None else max(end_so_far, end)
        found[person] = [Stay(tuple(group)) for group in groups]
    return found


def all_stays(spells: list[Spell], rules: Rules) -> list[Stay]:
    return [stay for stays in linked(spells, rules).values() for stay in stays]


# -- calendar -----------------------------------------------------------------------------------------------------


def month_later(day: date, months: int) -> date:
    """The day at whose beginning that many months are complete: the same number, or the first of the month after."""
    number = day.year * 12 + day.month - 1 + months
    try:
        return date(number // 12, number % 12 + 1, day.day)
    except ValueError:
        number += 1
        return date(number // 12, number % 12 + 1, 1)


def whole_months(start: date, day: date) -> int:
    months = 0
    while month_later(start, months + 1) <= day:
        months += 1
    return months


def age_on(spell: Spell, day: date, rules: Rules) -> int | None:
    born = spell.birth
    if born is None and spell.birth_year is not None:
        month, number = divmod(rules.age.assumed_birthday, 100)
        born = date(spell.birth_year, month, number)
    if born is None:
        return None
    if day < born:
        return -1
    years = 0
    while month_later(born, 12 * (years + 1)) <= day:
        years += 1
    return years


def stay_class(start: date, day: date, how: str) -> int:
    if how == "calendar":
        months = whole_months(start, day)
        return 0 if months < 3 else 1 if months < 12 else 2
    days = (day - start).days
    return 0 if days <= 90 else 1 if days <= 365 else 2


def age_class(spell: Spell, day: date, rules: Rules) -> int:
    limits = rules.census.age_limits
    age = age_on(spell, day, rules)
    if age is None:
        return len(limits) + 1
    return sum(1 for limit in limits if age >= limit)


def area(code: str | None) -> int:
    return int(code or 0)


def number(code: str | None, codes: Mapping[str, str]) -> int:
    """Which of the contract's codes it is, from 1; an empty cell is unknown."""
    return list(codes).index(code or "unknown") + 1


def place(spell: Spell, basis: str) -> int:
    return area(spell.municipality if basis == "address" else spell.hospital_municipality)


# -- indicators ---------------------------------------------------------------------------------------------------


def persons_on(spells: list[Spell], on: date, rules: Rules) -> list[tuple[Spell, Stay, date]]:
    moment = on + ONE if rules.census.moment == "end_of_day" else on
    found = []
    for stays in linked(spells, rules).values():
        there = [
            (spell, stay)
            for stay in stays
            for spell in stay.spells
            # Nights count: in bed during the night before `moment`.
            if spell.admitted <= moment - ONE and (spell.discharged or date.max) > moment - ONE
        ]
        if there:
            spell, stay = max(there, key=lambda item: (item[0].admitted, item[0].row))
            found.append((spell, stay, moment))
    return found


def census(spells: list[Spell], on: date, rules: Rules, basis: str, by: tuple[str, ...]) -> Counter[tuple[int, ...]]:
    counts: Counter[tuple[int, ...]] = Counter()
    for spell, stay, moment in persons_on(spells, on, rules):
        start = stay.admitted if rules.census.length_from == "linked" else spell.admitted
        values = {
            "stay": stay_class(start, moment, rules.census.stay_classes),
            "age": age_class(spell, moment, rules),
            "diagnosis": number(spell.diagnosis, DIAGNOSIS_GROUPS),
            "admission_type": number(spell.admission_type, ADMISSION_TYPES),
            "dementia_40": int(spell.diagnosis == "F00-F03" and (age_on(spell, moment, rules) or 0) >= 40),
        }
        counts[(place(spell, basis), *(values[name] for name in by))] += 1
    return counts


def census_flows(spells: list[Spell], on: date, rules: Rules) -> Counter[tuple[int, ...]]:
    return Counter(
        (area(spell.municipality), area(spell.hospital_municipality)) for spell, _, _ in persons_on(spells, on, rules)
    )


def admission_flows(spells: list[Spell], first: date, last: date, rules: Rules) -> Counter[tuple[int, ...]]:
    return Counter(
        (area(stay.spells[0].municipality), area(stay.spells[0].hospital_municipality))
        for stay in all_stays(spells, rules)
        if first <= stay.admitted <= last
    )


def discharge_rate(
    spells: list[Spell], first: date, last: date, until: date, rules: Rules, basis: str, counting: str = "month"
) -> Counter[tuple[int, ...]]:
    counts: Counter[tuple[int, ...]] = Counter()
    for stay in all_stays(spells, rules):
        if not first <= stay.admitted <= last:
            continue
        ends = []
        for position, months in enumerate((3, 6, 12)):
            if counting == "day":
                ends.append(stay.admitted + rules.discharge.day_limits[position] * ONE)
            else:
                more = months if rules.discharge.admission_month_counts else months + 1
                ends.append(month_later(stay.admitted.replace(day=1), more) - ONE)
        if ends[-1] > until:
            band = 4
        else:
            out, outcome = stay.discharged, stay.outcome
            rule = {"death": rules.discharge.deaths, "transfer": rules.discharge.transfers}.get(outcome, "discharge")
            if out is not None and rule == "exclude" and out <= ends[-1]:
                band = 5
            elif out is None or rule != "discharge":
                band = 3
            else:
                band = sum(1 for end in ends if out > end)
        counts[place(stay.spells[0], basis), band] += 1
    return counts


def destinations(spells: list[Spell], first: date, last: date, rules: Rules, basis: str) -> Counter[tuple[object, ...]]:
    counts: Counter[tuple[object, ...]] = Counter()
    for stay in all_stays(spells, rules):
        if stay.discharged is not None and first <= stay.discharged <= last:
            kind = stay_class(stay.admitted, stay.discharged, rules.census.stay_classes)
            counts[place(stay.last, basis), stay.outcome, kind] += 1
    return counts


def average_stay(
    spells: list[Spell], first: date, last: date, rules: Rules, basis: str
) -> dict[int, tuple[int, int, int]]:
    units = (
        [(stay.spells[0], stay.admitted, stay.discharged) for stay in all_stays(spells, rules)]
        if rules.average_stay.unit == "stay"
        else [(s, s.admitted, s.discharged) for s in spells if s.bed == "psychiatric"]
    )
    totals: dict[int, list[int]] = {}
    for spell, a, d in units:
        days = 0
        day = max(a, first)
        while day <= last and (d is None or day < d):
            days += 1
            day += ONE
        came, left = first <= a <= last, d is not None and first <= d <= last
        if came and d == a:
            days += rules.average_stay.same_day_counts
        if days or came or left:
            total = totals.setdefault(place(spell, basis), [0, 0, 0])
            total[0] += days
            total[1] += came
            total[2] += left
    return {code: (total[0], total[1], total[2]) for code, total in totals.items()}


def truncated_stay(
    spells: list[Spell], first: date, last: date, until: date, rules: Rules, basis: str
) -> dict[tuple[int, int], tuple[int, int]]:
    totals: dict[tuple[int, int], list[int]] = {}
    for stay in all_stays(spells, rules):
        if first <= stay.admitted <= last:
            followed = stay.admitted + 365 * ONE <= until
            total = totals.setdefault((place(stay.spells[0], basis), int(followed)), [0, 0])
            total[0] += 1
            if followed:
                total[1] += min(((stay.discharged or date.max) - stay.admitted).days, 365)
    return {key: (total[0], total[1]) for key, total in totals.items()}


def ending(stay: Stay, until: date, rules: Rules) -> tuple[int, int]:
    """Days in hospital as far as known, and 1 for an event."""
    event = stay.discharged is not None
    if stay.outcome == "death" and rules.survival.deaths == "censor":
        event = False
    if stay.outcome == "transfer" and rules.survival.transfers == "censor":
        event = False
    return ((stay.discharged or until) - stay.admitted).days, int(event)


def durations(spells: list[Spell], first: date, last: date, until: date, rules: Rules) -> Counter[tuple[int, ...]]:
    stays = [stay for stay in all_stays(spells, rules) if first <= stay.admitted <= last]
    return Counter(ending(stay, until, rules) for stay in stays)


def duration_bands(
    spells: list[Spell], first: date, last: date, until: date, rules: Rules, basis: str
) -> Counter[tuple[int, ...]]:
    counts: Counter[tuple[int, ...]] = Counter()
    for stay in all_stays(spells, rules):
        if first <= stay.admitted <= last:
            days, event = ending(stay, until, rules)
            band = sum(1 for end in rules.survival.grid if days > end)
            beyond = band == len(rules.survival.grid)
            counts[place(stay.spells[0], basis), band, 0 if beyond else event] += 1
    return counts
