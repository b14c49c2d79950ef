"""Dates and codes as integers: day numbers, YYYYMMDD, five-digit areas. One place, so that every engine reckons alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from nimo.analysis.engine import Engine
from nimo.analysis.rules import AgeRules
from nimo.analysis.spells.contract import (
    ADMISSION_TYPES,
    BEDS,
    DIAGNOSIS_GROUPS,
    OUTCOMES,
    PERSON,
    UNKNOWN,
)
from nimo.analysis.spells.references import References

EPOCH = date(1970, 1, 1)
STILL_IN = 3_000_000  # the day number an open spell is said to end on: after the year 9999


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def ymd(day: date) -> int:
    """2024-02-29 → 20240229: compares like the date, and its parts can be taken out again."""
    return day.year * 10000 + day.month * 100 + day.day


def code_number(codes: Mapping[str, str]) -> dict[str, int]:
    """The small integer that stands for each code inside the engine, counted from 1 (0: empty)."""
    return {code: number for number, code in enumerate(codes, 1)}


ADMISSION_TYPE_NUMBER = code_number(ADMISSION_TYPES)
DIAGNOSIS_NUMBER = code_number(DIAGNOSIS_GROUPS)
OUTCOME_NUMBER = code_number(OUTCOMES)
BED_NUMBER = code_number(BEDS)


def days_of(value: ir.DateValue) -> ir.IntegerValue:
    """Day number of a date column."""
    return value.delta(ibis.date(1970, 1, 1), unit="day").cast("int32")


def ymd_of(value: ir.DateValue) -> ir.IntegerValue:
    """YYYYMMDD of a date column."""
    return (value.year() * 10000 + value.month() * 100 + value.day()).cast("int32")


def _number_of(value: ir.StringValue, numbers: Mapping[str, int], empty: int) -> ir.IntegerValue:
    cases = [(value == code, ibis.literal(number, "int8")) for code, number in numbers.items()]
    return ibis.cases(*cases, else_=ibis.literal(empty, "int8"))


def prepare(
    engine: Engine, spells: ir.Table, *, observed_until: date, references: References, age: AgeRules
) -> ir.Table:
    """Spells of the contract (usable rows only) → integers, as seen on the evening of `observed_until`.

    Spells that begin later are left out, discharges that come later have not happened yet. Columns: person_key, row,
    a, d (day numbers; d null while in hospital), a_ymd, d_ymd, birth_ymd (0 unknown), area, hospital_area (five-digit
    codes as numbers, 0 unknown; merged municipalities under their new code), admission_type, diagnosis, outcome, bed
    (small integers of the contract's lists).
    """
    last = ibis.date(observed_until.year, observed_until.month, observed_until.day)
    seen = spells.filter(spells.admitted_on <= last)
    discharged = ibis.ifelse(seen.discharged_on <= last, seen.discharged_on, ibis.null("date"))
    here = discharged.notnull()
    born = ibis.coalesce(
        ymd_of(seen.birth_date), (seen.birth_year.cast("int32") * 10000 + age.assumed_birthday).cast("int32"), 0
    )
    hospital_municipality = seen.hospital_municipality
    if references.hospitals:
        hospitals = engine.table(
            pa.table(
                {
                    "known_hospital": [hospital.code for hospital in references.hospitals],
                    "known_municipality": [hospital.municipality for hospital in references.hospitals],
                }
            )
        )
        seen = seen.left_join(hospitals, seen.hospital == hospitals.known_hospital)
        hospital_municipality = ibis.coalesce(seen.hospital_municipality, seen.known_municipality)
    changed = references.current_codes(observed_until)
    return seen.select(
        person_key=seen[PERSON],
        row=seen.row,
        a=days_of(seen.admitted_on),
        d=days_of(discharged),
        a_ymd=ymd_of(seen.admitted_on),
        d_ymd=ymd_of(discharged),
        birth_ymd=born.cast("int32"),
        area=_area(seen.municipality, changed),
        hospital_area=_area(hospital_municipality, changed),
        admission_type=_number_of(seen.admission_type, ADMISSION_TYPE_NUMBER, ADMISSION_TYPE_NUMBER[UNKNOWN]),
        diagnosis=_number_of(seen.diagnosis_group, DIAGNOSIS_NUMBER, DIAGNOSIS_NUMBER[UNKNOWN]),
        outcome=ibis.ifelse(
            here,
            _number_of(seen.outcome, OUTCOME_NUMBER, OUTCOME_NUMBER[UNKNOWN]),
            ibis.literal(0, "int8"),
        ),
        bed=_number_of(seen.bed, BED_NUMBER, BED_NUMBER["psychiatric"]),
    )


def _area(code: ir.StringValue, changed: Mapping[str, str]) -> ir.IntegerValue:
    current = code.substitute(dict(changed)) if changed else code
    return current.cast("int32").fill_null(0).cast("int32")


def completed_months(start: ir.IntegerValue, day: int | ir.IntegerValue) -> ir.IntegerValue:
    """Whole months from one YYYYMMDD to another, at the beginning of the later day (民法第143条).

    A month is complete on the day of the same number; where there is none, on the first of the next month:
    from 30 November it is two months on 28 February and three on 1 March.
    """
    return _months(day) - _months(start) - ibis.ifelse(_dom(day) < _dom(start), 1, 0)


def completed_years(start: ir.IntegerValue, day: int | ir.IntegerValue) -> ir.IntegerValue:
    """Whole years likewise: who was born on 29 February completes a year on 1 March of a common year."""
    return (day - start) // 10000


def _dom(value: int | ir.IntegerValue) -> int | ir.IntegerValue:
    return value % 100


def _months(value: int | ir.IntegerValue) -> int | ir.IntegerValue:
    return (value // 10000) * 12 + (value // 100) % 100
