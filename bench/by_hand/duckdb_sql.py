"""The same figures in DuckDB's SQL, written by hand for the rules as shipped: what nimo is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import OUTCOMES

Figures = dict[str, list[tuple[Any, ...]]]
OPEN = "DATE '9999-12-31'"
PLACE = {"address": ("area", "first_area", "last_area"), "hospital": ("harea", "first_harea", "last_harea")}
MONTHS = "(year({b}) * 12 + month({b}) - year({a}) * 12 - month({a}) - (day({b}) < day({a}))::INT)"
YMD = "(year({a}) * 10000 + month({a}) * 100 + day({a}))"


def months(a: str, b: str) -> str:
    return MONTHS.format(a=a, b=b)


def stay_class(a: str, b: str) -> str:
    return f"CASE WHEN {months(a, b)} < 3 THEN 0 WHEN {months(a, b)} < 12 THEN 1 ELSE 2 END"


PREPARE = """
CREATE TABLE spells AS
SELECT row, person_key AS p, coalesce(municipality::INT, 0) AS area, coalesce(hospital_municipality::INT, 0) AS harea,
       admitted_on AS a, CASE WHEN discharged_on <= $until THEN discharged_on ELSE {open} END AS e,
       CASE WHEN discharged_on <= $until THEN coalesce(outcome, 'unknown') END AS outcome,
       diagnosis_group AS dx, birth_date AS born, coalesce(bed, 'psychiatric') AS bed
FROM read_parquet($path) WHERE admitted_on <= $until;

CREATE TABLE linked AS
WITH marked AS (
  SELECT *, coalesce(a > max(e) OVER (PARTITION BY p ORDER BY a, e, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                     true) AS begins, row_number() OVER (PARTITION BY p ORDER BY a, e, row) AS seq
  FROM spells WHERE bed = 'psychiatric')
SELECT *, sum(begins::INT) OVER so_far AS stay, max(CASE WHEN begins THEN a END) OVER so_far AS stay_a
FROM marked WINDOW so_far AS (PARTITION BY p ORDER BY seq ROWS UNBOUNDED PRECEDING);

CREATE TABLE stays AS
SELECT p, stay, min(a) AS a, max(e) AS e, arg_min(area, seq) AS first_area, arg_min(harea, seq) AS first_harea,
       arg_max(area, seq) AS last_area, arg_max(harea, seq) AS last_harea, arg_max(outcome, seq) AS outcome,
       bool_or(outcome = 'death') AS died
FROM linked GROUP BY p, stay;

CREATE TABLE others AS SELECT DISTINCT p FROM spells WHERE bed <> 'psychiatric';
CREATE TABLE anywhere AS
WITH marked AS (
  SELECT p, a, e, outcome, row,
         coalesce(a > max(e) OVER (PARTITION BY p ORDER BY a, e, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                  true) AS begins
  FROM spells WHERE p IN (SELECT p FROM others)),
numbered AS (
  SELECT *, sum(begins::INT) OVER (PARTITION BY p ORDER BY a, e, row ROWS UNBOUNDED PRECEDING) AS run FROM marked)
SELECT p, min(a) AS a, max(e) AS e, bool_or(outcome = 'death') AS died FROM numbered GROUP BY p, run
UNION ALL SELECT p, a, e, died FROM stays WHERE p NOT IN (SELECT p FROM others);
""".replace("{open}", OPEN)

AGE = """CASE WHEN born IS NULL THEN 3 WHEN ({on} - {born}) // 10000 < 65 THEN 0 WHEN ({on} - {born}) // 10000 < 75 THEN 1
              ELSE 2 END"""


def statements(
    on: date, recent: tuple[date, date], followed: tuple[date, date], until: date
) -> Iterator[tuple[str, str]]:
    """Name and SELECT of every figure."""
    day, last = f"DATE '{on}'", f"DATE '{until}'"
    in_recent = "BETWEEN DATE '{}' AND DATE '{}'".format(*recent)
    in_followed = "BETWEEN DATE '{}' AND DATE '{}'".format(*followed)
    ymd_on, born = on.year * 10000 + on.month * 100 + on.day, YMD.format(a="born")
    age = AGE.format(on=ymd_on, born=born)
    there = f"FROM linked WHERE a < {day} AND e >= {day}"
    for basis, (here, first, final) in PLACE.items():
        yield (
            f"census {basis}",
            f"SELECT {here}, {stay_class('stay_a', day)} AS s, {age} AS g, count(*) {there} GROUP BY ALL",
        )
        yield (
            f"dementia {basis}",
            f"SELECT {here}, {stay_class('stay_a', day)} AS s, "
            f"coalesce(dx = 'F00-F03' AND ({ymd_on} - {born}) // 10000 >= 40, false)::INT AS g, count(*) {there} GROUP BY ALL",
        )
        month = "(year(e) * 12 + month(e) - year(a) * 12 - month(a))"
        observed = f"year(a) * 12 + month(a) + 11 < year({last} + 1) * 12 + month({last} + 1)"
        for name, time, limits, known in (
            ("months", month, (2, 5, 11), observed),
            ("days", "(e - a)", (90, 180, 365), f"a + 365 <= {last}"),
        ):
            yield (
                f"discharge {name} {basis}",
                f"SELECT {first}, CASE WHEN NOT ({known}) THEN 4 WHEN e = {OPEN} OR outcome = 'transfer' THEN 3 "
                + " ".join(f"WHEN {time} <= {limit} THEN {number}" for number, limit in enumerate(limits))
                + f" ELSE 3 END AS band, count(*) FROM stays WHERE a {in_followed} GROUP BY ALL",
            )
        yield (
            f"destinations {basis}",
            f"SELECT {final}, outcome, {stay_class('a', 'e')} AS s, count(*) FROM stays WHERE e {in_recent} GROUP BY ALL",
        )
        yield (
            f"average stay {basis}",
            f"SELECT {here}, sum(greatest(least(e - 1, DATE '{recent[1]}') - greatest(a, DATE '{recent[0]}') + 1, 0)), "
            f"count(*) FILTER (a {in_recent}), count(*) FILTER (e {in_recent}) FROM linked "
            f"WHERE a <= DATE '{recent[1]}' AND e >= DATE '{recent[0]}' GROUP BY ALL",
        )
        yield (
            f"truncated stay {basis}",
            f"SELECT {first}, (a + 365 <= {last})::INT AS f, count(*), "
            f"sum(CASE WHEN a + 365 <= {last} THEN least(e - a, 365) ELSE 0 END) FROM stays WHERE a {in_followed} GROUP BY ALL",
        )
        yield f"community {basis}", _community(final, in_followed, last)
        yield f"readmission {basis}", _readmission(final, in_followed, last)
        yield f"survival {basis}", _survival(first, in_followed, last)
    yield "census flows", f"SELECT area, harea, count(*) {there} GROUP BY ALL"
    yield (
        "admission flows",
        f"SELECT first_area, first_harea, count(*) FROM stays WHERE a {in_recent} GROUP BY ALL",
    )


def _community(place: str, period: str, last: str) -> str:
    def days(table: str) -> str:
        return f"""(SELECT i.p, i.stay,
            sum(greatest(least(least(l.e, {last}), i.e + 365) - greatest(l.a, i.e + 1) + 1, 0)) AS days,
            min(CASE WHEN l.died AND l.e <= i.e + 365 THEN l.e END) AS death
          FROM chosen i JOIN {table} l ON l.p = i.p AND l.e > i.e AND l.a <= i.e + 365 GROUP BY ALL)"""

    return f"""
      WITH chosen AS (SELECT p, stay, e, {place} AS place FROM stays
                      WHERE e {period} AND outcome NOT IN ('death', 'transfer') AND e - a <= 365),
      joined AS (SELECT i.place, i.e, w.death, w.days AS any_days, c.days AS own_days,
                        coalesce(w.death, i.e + 365) - i.e AS span, i.e + 365 <= {last} OR w.death IS NOT NULL AS complete
                 FROM chosen i LEFT JOIN {days("anywhere")} w USING (p, stay) LEFT JOIN {days("stays")} c USING (p, stay))
      SELECT place, CASE WHEN NOT complete THEN 2 WHEN death IS NOT NULL THEN 1 ELSE 0 END AS state, count(*),
             sum(CASE WHEN complete THEN span - coalesce(own_days, 0) ELSE 0 END),
             sum(CASE WHEN complete THEN span - coalesce(any_days, 0) ELSE 0 END) FROM joined GROUP BY ALL"""


def _readmission(place: str, period: str, last: str) -> str:
    def band(value: str) -> str:
        return f"CASE WHEN {value} <= 90 THEN 0 WHEN {value} <= 180 THEN 1 WHEN {value} <= 365 THEN 2 ELSE 3 END"

    return f"""
      WITH chosen AS (SELECT p, stay, e, {place} AS place FROM stays
                      WHERE e {period} AND outcome NOT IN ('death', 'transfer')),
      again AS (SELECT i.p, i.stay, min(l.a - i.e) AS soonest, min(l.a - i.e) FILTER (l.e - l.a >= 30) AS longer,
                       min(l.a - i.e) FILTER (l.a - i.e >= 30) AS later
                FROM chosen i JOIN stays l ON l.p = i.p AND l.stay > i.stay AND l.a <= i.e + 365 GROUP BY ALL)
      SELECT place, {band("soonest")} AS x, {band("longer")} AS y, {band("later")} AS z, (e + 395 <= {last})::INT AS f,
             count(*) FROM chosen LEFT JOIN again USING (p, stay) GROUP BY ALL"""


def _survival(place: str, period: str, last: str) -> str:
    grid = Rules().survival.grid
    band = " ".join(f"WHEN least(e, {last}) - a <= {limit} THEN {number}" for number, limit in enumerate(grid))
    return f"""
      SELECT {place}, CASE {band} ELSE {len(grid)} END AS band,
             (least(e, {last}) - a <= {grid[-1]} AND e <> {OPEN} AND outcome <> 'transfer')::INT AS event, count(*)
      FROM stays WHERE a {period} GROUP BY ALL"""


def figures(path: Path, folder: Path, times: tuple[date, tuple[date, date], tuple[date, date], date]) -> Figures:
    """Everything, from the file on."""
    config = {"temp_directory": str(folder), "memory_limit": "2GB", "threads": 2, "preserve_insertion_order": "false"}
    with duckdb.connect(str(folder / "by_hand.duckdb"), config=config) as connection:
        for statement in PREPARE.split(";"):
            if statement.strip():
                given = {
                    name: value for name, value in (("until", times[3]), ("path", str(path))) if f"${name}" in statement
                }
                connection.execute(statement, given)
        found = {name: connection.execute(select).fetchall() for name, select in statements(*times)}
    codes = {outcome: number for number, outcome in enumerate(OUTCOMES, 1)}
    for name in ("destinations address", "destinations hospital"):
        found[name] = [(place, codes[outcome], stay, count) for place, outcome, stay, count in found[name]]
    return found
