"""Constant queries and indexes: the same number of reads for one city and for every municipality over ten years."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nimo.community.indicators.models import Observation, Source
from nimo.community.indicators.queries.dictionary import indicator_page, prefectures_with_values, values_by_region
from nimo.community.indicators.queries.figures import region_figures
from nimo.community.indicators.queries.lineage import lineage, source_page
from nimo.community.indicators.queries.maps import map_values
from nimo.community.indicators.queries.series import STAY_CODES, series, stay_breakdowns
from nimo.community.indicators.rules.periods import sortable
from nimo.community.indicators.tests.support import GUNMA, NOW, OTA, PUBLIC, make_region, member
from nimo.foundation.access.permissions import Role
from tests.support.queries import assert_constant_queries, count_queries, learn_sizes

pytestmark = pytest.mark.django_db(databases=["default", "side"])
CODES = ("population", "psychiatric_beds", "health_centres", *STAY_CODES)


def fill(region_codes: Iterable[str], years: Iterable[int], codes: Iterable[str] = CODES) -> None:
    """Published sheets, many at once (the store's own service is measured in the bench, not here)."""
    sources = Source.objects.bulk_create(
        Source(
            series=f"sheet:{region}:{year}",
            origin=f"sheet:{region}",
            kind="sheet",
            title=f"シート {year}",
            publisher=region,
            region_id=region,
            fiscal_year=year,
            recorded_at=NOW,
            recorded_by_name="試験",
        )
        for region in region_codes
        for year in years
    )
    Observation.objects.bulk_create(
        [
            Observation(
                indicator_id=code,
                region_id=source.region_id,
                source=source,
                fiscal_year=source.fiscal_year,
                as_of=f"{source.fiscal_year}-06-30",
                as_of_sort=sortable(f"{source.fiscal_year}-06-30", source.fiscal_year),
                basis="sheet_as_given",
                state="value",
                value=100 + source.fiscal_year,
                unit="人",
                evidence="S",
                locator="1行目",
                recorded_at=NOW,
                recorded_by_name="試験",
                published_at=NOW,
                published_by_name="試験",
                exposure="shown",
            )
            for source in sources
            for code in codes
        ],
        batch_size=500,
    )


def more_cities(number: int) -> list[str]:
    codes = [f"10{300 + place}" for place in range(number)]
    for code in codes:
        make_region(code, f"町{code}")
    return codes


@pytest.mark.parametrize("reader", ["public", "member"])
def test_the_figures_of_a_region_take_the_same_reads_however_much_there_is(store, reader):
    fill([OTA, GUNMA], [2024])
    actor = PUBLIC if reader == "public" else member(Role.MUNICIPAL_OFFICER, OTA)

    def run() -> None:
        assert region_figures(actor, OTA)
        assert series(actor, OTA, CODES)
        assert stay_breakdowns(actor, OTA)

    assert_constant_queries(run, lambda: fill([*more_cities(20)], range(2015, 2025)) or fill([OTA], range(2015, 2024)))
    assert count_queries(lambda: region_figures(actor, OTA)) == 3
    assert count_queries(lambda: series(actor, OTA, CODES)) == 1
    assert count_queries(lambda: stay_breakdowns(actor, OTA)) == 1


def test_a_map_is_one_read_however_many_municipalities(store):
    fill([OTA], [2024])
    assert count_queries(lambda: map_values(PUBLIC, "inpatients", 2024)) == 1
    fill(more_cities(40), [2023, 2024], ["inpatients"])
    assert count_queries(lambda: map_values(PUBLIC, "inpatients", 2024)) == 1
    assert len(map_values(PUBLIC, "inpatients", 2024).values) == 41


def test_pages_of_an_indicator_and_a_source_take_the_same_reads(store):
    fill([OTA], [2024])
    row = Observation.objects.first()

    def run() -> None:
        indicator_page(PUBLIC, "inpatients")
        values_by_region(PUBLIC, "inpatients", 2024, prefecture_code=GUNMA)
        lineage(PUBLIC, row.pk)
        source_page(PUBLIC, row.source_id)

    assert_constant_queries(run, lambda: fill(more_cities(20), range(2020, 2025)))


@pytest.mark.parametrize("reader", ["public", "member"])
def test_the_prefectures_with_values_are_two_reads_and_never_one_inside_the_other(store, reader):
    """Without fresh statistics PostgreSQL would read the store once for each prefecture."""
    actor = PUBLIC if reader == "public" else member(Role.MUNICIPAL_OFFICER, OTA)
    fill([OTA], [2024])
    assert count_queries(lambda: prefectures_with_values(actor, "inpatients", 2024)) == 2
    fill(["14100", *more_cities(30)], [2023, 2024], ["inpatients"])
    with CaptureQueriesContext(connection) as captured:
        found = prefectures_with_values(actor, "inpatients", 2024)
    assert [one.code for one in found] == [GUNMA, "14000"]
    reads = [query["sql"] for query in captured.captured_queries]
    assert len(reads) == 2
    assert not any(sql.upper().count("SELECT") > 1 for sql in reads)


def plan(queryset) -> str:
    return queryset.explain()


def test_every_read_of_the_store_goes_by_an_index(store):
    """On both databases, with enough rows that reading the whole table would not be the planner's choice."""
    fill([OTA, *more_cities(40)], range(2015, 2025), CODES[:10])
    learn_sizes("indicators_observation")
    live = Observation.objects.live()
    region = live.filter(region_id__in=[OTA, GUNMA, "00000"])
    assert "indicators_obs_region" in plan(region)
    assert "indicators_obs_region" in plan(region.filter(indicator_id__in=["inpatients"], fiscal_year__lte=2020))
    one = live.filter(indicator_id="inpatients", fiscal_year=2020)
    assert "indicators_obs_indicator" in plan(one)
    source = plan(live.filter(source=Source.objects.order_by("-pk").first()))
    assert "indicators_obs_source" in source or "indicators_observation_one_live" in source
    for words in (plan(region), plan(one), source):
        assert "SCAN indicators_observation" not in words
        assert "Seq Scan on indicators_observation" not in words
    assert "SCAN indicators_observation" in plan(live.filter(raw="x")) or "Seq Scan" in plan(live.filter(raw="x"))
