"""The region page with one municipality and with 1,741 municipalities × 10 years × 20 figures in the store.

Constant queries and flat time are the aim: the ratio says how far the page feels the size of the store.
"""

from __future__ import annotations

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.timing import say, seconds


def run() -> None:
    django.setup()
    from nimo.community.indicators.models import Indicator, Observation, Source  # noqa: PLC0415 - after setup
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.regions.queries.places import region  # noqa: PLC0415
    from nimo.surfaces.demo.services.world import load_world  # noqa: PLC0415
    from nimo.surfaces.portal.queries.region import region_page  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    now = timezone.now()
    load_world(actor=Actor.system("測定", now=now), people=False)
    visitor = Actor.anonymous(now=now)

    def page() -> object:
        one = region("10205")
        assert one is not None
        return region_page(visitor, one)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    page()
    few, few_queries = seconds(page, times=15), queries()
    rows = fill(Indicator, Observation, Source, now)
    many, many_queries = seconds(page, times=15), queries()
    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    print(f"  {engine}: 問い合わせ {few_queries} → {many_queries} 回（値 {rows:,} 件を足したあと）")
    say("地域のページ（1,741市町村×10年）", many, few, "1市町村")


def fill(indicator, observation, source, now, *, years: int = 10) -> int:  # type: ignore[no-untyped-def]
    """Invented figures for every municipality, straight into the table (the services are measured elsewhere)."""
    from nimo.foundation.regions.choices import MUNICIPALITY_KINDS  # noqa: PLC0415
    from nimo.foundation.regions.models import Region  # noqa: PLC0415

    codes = list(Region.objects.filter(kind__in=MUNICIPALITY_KINDS).exclude(pk="10205").values_list("pk", flat=True))
    indicators = list(indicator.objects.filter(group="basic_info", kind="count").order_by("position"))
    made = 0
    for code in codes:
        origin = source.objects.create(
            series=f"bench:{code}",
            origin=f"bench:{code}",
            kind="sheet",
            title="測定用",
            publisher="測定用",
            region_id=code,
            recorded_at=now,
            recorded_by_name="測定",
        )
        rows = [
            observation(
                indicator=one,
                region_id=code,
                source=origin,
                fiscal_year=2015 + year,
                as_of=f"{2015 + year}-06-30",
                as_of_sort=f"{2015 + year}-06-30",
                basis="sheet_as_given",
                state="value",
                value=100 + year + number,
                unit=one.unit,
                evidence="S",
                locator="測定用",
                recorded_at=now,
                recorded_by_name="測定",
                published_at=now,
                published_by_name="測定",
                exposure="shown",
            )
            for year in range(years)
            for number, one in enumerate(indicators)
        ]
        observation.objects.bulk_create(rows, batch_size=1000)
        made += len(rows)
    return made
