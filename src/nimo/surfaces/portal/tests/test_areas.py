"""A merged town's page: figures as the areas were then or on today's map, what they came from, the same for everyone."""

from __future__ import annotations

from datetime import date

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.support import count, make_region, record, sheet
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.rules.changes import Link
from nimo.foundation.regions.rules.recording import Facts, NewPlace
from nimo.foundation.regions.services.changes import record_change
from tests.support.people import SYSTEM, load_places
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
A, B, NEW = "10901", "10902", "10999"
PAGE = f"/regions/{NEW}/"


@pytest.fixture(autouse=True)
def _places():
    load_places()
    make_region(A, "架空甲町", RegionKind.TOWN)
    make_region(B, "架空乙町", RegionKind.TOWN)


def state(year: int, values: dict[str, int]) -> None:
    rows = [
        count("population", value, code, as_of=f"{year}-10-01", basis="sheet_as_given")
        for code, value in values.items()
    ]
    record(rows, sheet("10000", year, kind="official_statistics", title=f"架空統計{year}", series=f"架空:{year}"))


def merge() -> None:
    new = NewPlace(NEW, RegionKind.CITY, "架空市", "かくうし")
    facts = Facts(ChangeKind.MERGER, date(2022, 4, 1), "架空県告示第1号", (Link(A, NEW), Link(B, NEW)), (new,))
    record_change(actor=SYSTEM, prefecture_code="10000", facts=facts)


def publish_all() -> None:
    publish(actor=SYSTEM, source_ids=list(Observation.objects.values_list("source_id", flat=True).distinct()))


@pytest.fixture
def merged():
    state(2020, {A: 1201, B: 802})
    state(2021, {A: 1200, B: 800})
    merge()
    state(2023, {NEW: 1990})
    state(2024, {NEW: 1980})
    publish_all()


def test_region_detail_offers_both_views_without_javascript(client, merged):
    then, now = (client.get(PAGE + query).content.decode() for query in ("", "?areas=now"))
    for page in (then, now):
        assert f"{PAGE}?areas=then#over-years" in page
        assert f"{PAGE}?areas=now#over-years" in page
        assert "1,990人" in page
    assert "2,000人" not in then
    assert "架空甲町・架空乙町のページにあります" in then
    assert "2,000人" in now
    assert "2,003人" in now
    assert "計算し直しています" in now
    assert "架空甲町・架空乙町から" in now
    assert "/indicators/laid/10999/" in now


def test_region_detail_keeps_the_chosen_year_in_the_links(client, merged):
    assert "?areas=now&amp;year=2024#over-years" in client.get(PAGE + "?year=2024").content.decode()


def test_region_detail_tells_how_the_area_came_to_be(client, merged):
    for code in (A, B, NEW):
        page = client.get(f"/regions/{code}/").content.decode()
        assert "沿革" in page
        assert "架空甲町・架空乙町が合併し、架空市になりました。" in page
        assert "架空県告示第1号" in page
    assert f'href="/regions/{A}/">架空甲町' in client.get(PAGE).content.decode()


def test_region_detail_of_an_area_that_never_changed_has_no_choice(client):
    state(2020, {A: 1201})
    state(2021, {A: 1200})
    publish_all()
    page = client.get(f"/regions/{A}/?areas=now").content.decode()
    assert "1,201人" in page
    assert "areas=" not in page
    assert "沿革" not in page


def test_a_visitor_sees_no_sum_of_what_is_not_published(client):
    state(2020, {A: 1201, B: 802})
    state(2021, {A: 1200, B: 800})
    merge()
    page = client.get(PAGE + "?areas=now").content.decode()
    assert "2,000" not in page
    assert "1,200" not in page


def test_queries_do_not_grow_with_years_and_changes(client, merged):
    def grow() -> None:
        for year in (2015, 2016, 2017):
            state(year, {A: year, B: 10})
        publish_all()
        make_region("10903", "架空丙町", RegionKind.TOWN)
        facts = Facts(ChangeKind.MERGER, date(2025, 4, 1), "架空県告示第2号", (Link(NEW, NEW), Link("10903", NEW)))
        record_change(actor=SYSTEM, prefecture_code="10000", facts=facts)

    assert_constant_queries(lambda: client.get(PAGE + "?areas=now"), grow)
