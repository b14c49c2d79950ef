"""The explorer where the store holds 1,741 municipalities × 60 indicators × 10 years, beside a store of one prefecture.

Three indicators on one page: trend, likeness over all municipalities, the table of the prefecture. The ratios say how far
the page feels the size of the store, and what it costs beside one indexed query for the region's own figures.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.timing import say, seconds

ASKED = {"region": "10205", "indicator": "inpatients_over_1_year", "second": "long_stay_share", "third": "population"}
YEARS, INDICATORS = 10, 60


def run() -> None:
    django.setup()
    from nimo.community.indicators.models import Indicator, Observation, Source  # noqa: PLC0415 - after setup
    from nimo.community.indicators.queries.catalogue import catalogue  # noqa: PLC0415
    from nimo.community.indicators.queries.explorer.asking import read_question  # noqa: PLC0415
    from nimo.community.indicators.queries.explorer.page import explore  # noqa: PLC0415
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.regions.choices import MUNICIPALITY_KINDS  # noqa: PLC0415
    from nimo.foundation.regions.models import Region  # noqa: PLC0415
    from nimo.surfaces.demo.services.world import load_world  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    now = timezone.now()
    load_world(actor=Actor.system("測定", now=now), people=False)
    visitor = Actor.anonymous(now=now)
    needed = ["population", "resident_population", "resident_population_65_and_over", "psychiatric_beds"]
    needed += ["inpatients", "inpatients_over_1_year", "inpatients_under_3_months", "inpatients_3_to_12_months"]
    known = Indicator.objects.filter(kind="count")
    entries = list(known.filter(pk__in=needed)) + list(known.exclude(pk__in=needed).order_by("position"))
    towns = list(Region.objects.filter(kind__in=MUNICIPALITY_KINDS).order_by("code").values_list("pk", flat=True))
    own = [code for code in towns if code.startswith("10")]

    def page() -> object:
        words = catalogue()
        return explore(visitor, read_question(visitor, ASKED, words), words)

    def indexed() -> object:
        rows = Observation.objects.filter(region_id="10205", indicator_id="inpatients_over_1_year")
        return list(rows.select_related("source", "indicator"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    made = _fill(Observation, Source, own, entries[:INDICATORS], now)
    few, few_queries = seconds(page, times=7), queries()
    whole = [code for code in towns if not code.startswith("10")]
    if os.environ.get("NIMO_BENCH_SMALL"):
        whole = whole[:200]
    made += _fill(Observation, Source, whole, entries[:INDICATORS], now)
    many, many_queries, one = seconds(page, times=7), queries(), seconds(indexed, times=15)
    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    print(f"  {engine}: 値 {made:,} 件、問い合わせ {few_queries} → {many_queries} 回")
    say(
        f"指標をくらべる画面（{len(own) + len(whole):,}市町村×{INDICATORS}指標×{YEARS}年）",
        many,
        few,
        "群馬県の市町村だけ",
    )
    say("同じ画面", many, one, "索引を使う問い合わせ1回")


def _fill(observation, source, codes, entries, now) -> int:  # type: ignore[no-untyped-def]
    """Invented figures straight into the table, one source a municipality; every town another size."""
    made = 0
    for place, code in enumerate(codes):
        origin = source.objects.create(
            series=f"bench:{code}", origin=f"bench:{code}", kind="sheet", title="測定用", publisher="測定用",
            region_id=code, recorded_at=now, recorded_by_name="測定",
        )  # fmt: skip
        rows = [
            observation(
                indicator=one, region_id=code, source=origin, fiscal_year=2014 + year, as_of=f"{2014 + year}-06-30",
                as_of_sort=f"{2014 + year}-06-30", basis="sheet_as_given", state="value",
                value=1000 + place * 37 + year * 3 + number, unit=one.unit, evidence="S", locator="測定用",
                recorded_at=now, recorded_by_name="測定", published_at=now, published_by_name="測定", exposure="shown",
            )
            for year in range(YEARS)
            for number, one in enumerate(entries)
        ]  # fmt: skip
        observation.objects.bulk_create(rows, batch_size=1000)
        made += len(rows)
    return made
