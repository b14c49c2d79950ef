"""Counting 60 measures of 1,741 municipalities over 10 years again, against counting the same records one query a figure.

Scaled down to one municipality in sixty; NIMO_BENCH_FULL=1 counts them all. The baseline writes nothing: the ratio says
what marks, comparing, lineage and audit cost on top of the counting itself, and what a table at a time saves.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

MEASURES, YEARS, FIRST_YEAR, EACH = 60, 10, 2015, 3


def run() -> None:
    django.setup()
    from nimo.community.indicators.models import Observation  # noqa: PLC0415 - after setup
    from nimo.community.indicators.services.dictionary import load_dictionary  # noqa: PLC0415
    from nimo.core.measures import all_measures  # noqa: PLC0415
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.regions.choices import MUNICIPALITY_KINDS  # noqa: PLC0415
    from nimo.foundation.regions.models import Region  # noqa: PLC0415
    from nimo.foundation.regions.services.places import load_municipalities  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    actor = Actor.system("測定", now=timezone.now())
    if not Region.objects.filter(pk="10205").exists():
        load_municipalities(actor=actor)
        load_dictionary(actor=actor)
    codes = list(Region.objects.filter(kind__in=MUNICIPALITY_KINDS).order_by("code").values_list("pk", flat=True))
    whole = len(codes)
    if os.environ.get("NIMO_BENCH_FULL") != "1":
        codes = codes[::60]
    fill(codes)
    offer_measures()
    figures = len(codes) * MEASURES * YEARS
    print(f"  {len(codes)}市町村（全国{whole}） × {MEASURES}指標 × {YEARS}年 = {figures:,}件の値", flush=True)
    plain = timed(
        lambda: [count(number, code, year) for code in codes for number in range(MEASURES) for year in years()]
    )
    first = timed(lambda: recount_all(actor, codes))
    assert Observation.objects.filter(source__kind="counted").count() == figures
    say("はじめての数え直し（すべて書く）", first, plain, figures)
    again = timed(lambda: recount_all(actor, codes))
    assert Observation.objects.filter(source__kind="counted").count() == figures, "an unchanged value left a row"
    say("変わらないときの数え直し", again, plain, figures)
    for one in all_measures():
        one._many = None
    say("同じ、一件ずつ数える指標のとき", timed(lambda: recount_all(actor, codes)), plain, figures)


def years() -> range:
    return range(FIRST_YEAR, FIRST_YEAR + YEARS)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def say(label: str, value: float, plain: float, figures: int) -> None:
    print(
        f"  {label}: {value / plain:.2f} × 一件一問（{value:.1f} 秒 / {plain:.1f} 秒、1件 {value / figures * 1000:.2f} ms）",
        flush=True,
    )


def fill(codes: Collection[str]) -> None:
    """Plain records of three rows a figure."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_record (measure integer, region varchar(12), year integer)")
        for code in codes:
            rows = [(number, code, year) for number in range(MEASURES) for year in years() for _ in range(EACH)]
            cursor.executemany("INSERT INTO bench_record VALUES (%s, %s, %s)", rows)
        cursor.execute("CREATE INDEX bench_record_key ON bench_record (measure, region, year)")


def count(number: int, code: str, year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM bench_record WHERE measure = %s AND region = %s AND year = %s", [number, code, year]
        )
        return int(cursor.fetchone()[0])


def offer_measures() -> None:
    from nimo.community.indicators.models import Indicator  # noqa: PLC0415
    from nimo.community.indicators.queries.recount import discover  # noqa: PLC0415
    from nimo.core import measures  # noqa: PLC0415

    discover()
    measures._measures.clear()
    pattern = Indicator.objects.get(pk="sheets_confirmed")
    for number in range(MEASURES):
        pattern.pk = f"bench_m{number}"
        pattern._state.adding = True
        pattern.save(force_insert=True)
        offer(number, measures)


def offer(number: int, measures: Any) -> None:
    @measures.measure(code=f"bench.m{number}", label=f"測定{number}", unit="件", basis="records", over="own")
    def one(region_code: str, fiscal_year: int) -> Any:
        found = count(number, region_code, fiscal_year)
        return measures.MeasureCount(found, found)

    @one.many
    def table(region_codes: Collection[str], fiscal_years: Collection[int]) -> Mapping[tuple[str, int], Any]:
        marks = ", ".join(["%s"] * len(region_codes))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT region, year, count(*) FROM bench_record WHERE measure = %s AND region IN ({marks}) "
                "GROUP BY region, year",
                [number, *region_codes],
            )
            rows = {(code, year): found for code, year, found in cursor.fetchall()}
        keys = [(code, year) for code in region_codes for year in fiscal_years]
        return {key: measures.MeasureCount(rows.get(key, 0), rows.get(key, 0)) for key in keys}


def recount_all(actor: Any, codes: list[str]) -> None:
    """As the job does it: marks of some regions, then step by step until none is left."""
    from nimo.community.indicators.services.recount import STEP, mark_all, next_marks, recount  # noqa: PLC0415
    from nimo.community.indicators.tasks import REGIONS_AT_ONCE  # noqa: PLC0415

    for start in range(0, len(codes), REGIONS_AT_ONCE):
        part = codes[start : start + REGIONS_AT_ONCE]
        mark_all(actor=actor, region_codes=part, from_year=FIRST_YEAR, to_year=FIRST_YEAR + YEARS - 1)
        after = 0
        while marks := next_marks(actor=actor, region_code=None, after=after, limit=STEP):
            recount(actor=actor, marks=marks)
            after = marks[-1].pk
