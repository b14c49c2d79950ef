"""Publishing through the disclosure gate: what the public may see, in whatever order it looks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.services.observations import withdraw_source
from nimo.community.indicators.services.publication import UnableToPublish, publish, unpublish
from nimo.community.indicators.tests.support import (
    MAEBASHI,
    OTA,
    SYSTEM,
    count,
    inpatients,
    make_region,
    member,
    record,
    sheet,
)
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import RegionMembership

pytestmark = pytest.mark.django_db
POPULATION = count("population", 222_364, as_of="2024-05")


def exposures(region_code: str = OTA) -> dict[str, str]:
    rows = Observation.objects.published().filter(region_id=region_code)
    return dict(rows.values_list("indicator_id", "exposure"))


def hidden(region_code: str = OTA) -> set[str]:
    return {code for code, exposure in exposures(region_code).items() if exposure != "shown"}


def population(value: int, region_code: str):
    return count("population", value, region_code, as_of="2024-05")


def test_hides_a_small_stay_and_one_more_so_that_it_cannot_be_subtracted(store):
    done = record([POPULATION, *inpatients(66, 4, 175, 109)])
    result = publish(actor=SYSTEM, source_ids=[done.source_id])
    stays = {"inpatients", "inpatients_under_3_months", "inpatients_3_to_12_months", "inpatients_over_1_year"}
    assert "inpatients_3_to_12_months" in hidden()
    assert len(hidden() & stays) >= 2, "the small stay would follow from the total"
    assert exposures()["population"] == "shown"
    assert result.published == 7
    assert result.hidden == len(hidden())


def test_shows_everything_where_nothing_is_small(store):
    done = record([POPULATION, *inpatients(66, 36, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert not hidden()


def test_a_zero_may_be_shown(store):
    done = record([POPULATION, *inpatients(66, 0, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert not hidden()


def test_shows_no_count_of_patients_where_the_population_is_not_known(store):
    done = record(inpatients(66, 36, 175, 109))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert hidden() == set(exposures())


def test_a_population_that_comes_later_opens_what_it_may(store):
    done = record(inpatients(66, 36, 175, 109))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    later = record([POPULATION], sheet(series="sheet:10205:population"))
    publish(actor=SYSTEM, source_ids=[later.source_id])
    assert not hidden()


def test_hides_every_count_in_a_village_of_fewer_than_2000_people(store):
    done = record([population(1_100, "10366"), *inpatients(30, 0, 40, 30, "10366")], sheet("10366"))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert hidden("10366") == set(exposures("10366")) - {"population"}


def test_takes_the_higher_threshold_below_25000_people(store):
    done = record([population(24_999, OTA), *inpatients(66, 19, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert "inpatients_3_to_12_months" in hidden()


def test_a_prefecture_total_does_not_give_away_its_one_small_city(store):
    """Published one after another, in the worst order: the total and the large cities first."""
    cities = {"31201": 120, "31202": 80, "31203": 4}
    for code in cities:
        make_region(code, f"市{code}")
    for code, value in {"31000": sum(cities.values()), **cities}.items():
        drafts = [count("inpatients", value, code, basis="630_address")]
        if code != "31000":
            drafts.append(population(60_000, code))
        done = record(drafts, sheet(code))
        publish(actor=SYSTEM, source_ids=[done.source_id])
    assert "inpatients" in hidden("31203")
    # what came first is out; so the small one may not be calculable only if another stayed behind
    shown = [code for code in ("31000", *cities) if "inpatients" not in hidden(code)]
    assert len(shown) <= 2


def test_an_unpublished_neighbour_is_counted_as_known(store):
    """The last city is not public, but the total and the others would tell its small figure all the same."""
    for code, value in {"31201": 120, "31202": 4}.items():
        make_region(code, f"市{code}")
        record([count("inpatients", value, code, basis="630_address"), population(60_000, code)], sheet(code))
    total = record([count("inpatients", 124, "31000", basis="630_address")], sheet("31000"))
    publish(actor=SYSTEM, source_ids=[total.source_id])
    first = Observation.objects.get(region_id="31201", indicator_id="inpatients").source_id
    publish(actor=SYSTEM, source_ids=[first])
    assert "inpatients" in hidden("31000") | hidden("31201")


def test_an_area_total_does_not_give_away_its_small_town(store):
    make_region("31w01", "東部圏域", RegionKind.WELFARE_AREA)
    for code in ("31201", "31202"):
        make_region(code, f"市{code}")
        RegionMembership.objects.create(child_id=code, parent_id="31w01", fiscal_year=2020)
    values = {"31w01": 104, "31201": 100, "31202": 4}
    ids = []
    for code, value in values.items():
        drafts = [count("inpatients", value, code, basis="630_address")]
        if code != "31w01":
            drafts.append(population(60_000, code))
        ids.append(record(drafts, sheet(code)).source_id)
    publish(actor=SYSTEM, source_ids=ids)
    assert "inpatients" in hidden("31202")
    assert "inpatients" in hidden("31w01") | hidden("31201")


def test_a_figure_with_and_without_the_designated_city_does_not_give_away_the_rest(store):
    drafts = [
        count("inpatients", 300, "14000", basis="630_address"),
        count("inpatients", 297, "14000", basis="630_address", coverage="政令市を除く"),
    ]
    done = record(drafts, sheet("14000"))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    rows = Observation.objects.published().filter(region_id="14000").values_list("coverage", "exposure")
    assert sum(exposure != "shown" for _, exposure in rows) >= 1


def test_what_was_hidden_stays_hidden_when_a_corrected_edition_comes(store):
    first = record([POPULATION, *inpatients(66, 4, 175, 109)])
    publish(actor=SYSTEM, source_ids=[first.source_id])
    before = hidden()
    second = record([POPULATION, *inpatients(67, 4, 175, 109)], sheet(digest="b"))
    assert not exposures(), "a new edition is not public by itself"
    publish(actor=SYSTEM, source_ids=[second.source_id])
    assert "inpatients_3_to_12_months" in hidden()
    shown_then = set(exposures()) - before
    shown_now = set(exposures()) - hidden()
    stays = {"inpatients", "inpatients_under_3_months", "inpatients_over_1_year"}
    assert not stays <= shown_then | shown_now, "the two editions together would tell the small stay"


def test_a_rate_is_hidden_where_its_parts_are_small(store):
    parts = {"as_of": "FY2023", "basis": "ndb", "numerator": 3, "denominator": 40}
    draft = count("early_discharge_rate_3_months", Decimal("7.5"), OTA, **parts)
    done = record([POPULATION, draft], sheet(kind="report"))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert exposures()["early_discharge_rate_3_months"] == "derived"


def test_a_rate_of_many_is_shown(store):
    parts = {"as_of": "FY2023", "basis": "ndb", "numerator": 650, "denominator": 1000}
    draft = count("early_discharge_rate_3_months", Decimal("65.0"), OTA, **parts)
    done = record([POPULATION, draft], sheet(kind="report"))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert exposures()["early_discharge_rate_3_months"] == "shown"


@pytest.mark.parametrize("region_code, exposure", [(OTA, "no_rule"), ("10000", "shown"), ("00000", "shown")])
def test_a_rate_without_its_parts_is_shown_for_wide_regions_only(store, region_code, exposure):
    draft = count("early_discharge_rate_3_months", Decimal("65.0"), region_code, as_of="FY2023", basis="ndb")
    done = record([draft], sheet(region_code, kind="report"))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert exposures(region_code)["early_discharge_rate_3_months"] == exposure


def test_users_of_a_service_are_counted_as_persons_too(store):
    drafts = [POPULATION, count("A04", 3, as_of="FY2023", basis="unspecified")]
    done = record(drafts, sheet(kind="report"))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert "A04" in hidden()


def test_words_in_place_of_a_count_of_patients_are_not_shown(store):
    draft = count("inpatients", None, state="value", text="7人くらい")
    done = record([POPULATION, draft])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert exposures()["inpatients"] == "no_rule"


def test_publishing_some_indicators_leaves_the_others_closed(store):
    done = record([POPULATION, *inpatients(66, 36, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id], indicator_codes=["population"])
    assert set(exposures()) == {"population"}


def test_taking_back_needs_a_reason_and_is_remembered(store):
    done = record([POPULATION])
    publish(actor=SYSTEM, source_ids=[done.source_id], reason="公表のため")
    with pytest.raises(UnableToPublish, match="理由"):
        unpublish(actor=SYSTEM, source_ids=[done.source_id], reason=" ")
    assert unpublish(actor=SYSTEM, source_ids=[done.source_id], reason="誤りのため") == 1
    row = Observation.objects.get()
    assert row.published_at is None
    assert row.was_shown
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True))[-2:] == [
        "indicators.publish",
        "indicators.unpublish",
    ]


def test_says_so_when_there_is_nothing_to_publish_or_to_take_back(store):
    done = record([POPULATION])
    with pytest.raises(UnableToPublish, match="公開されていません"):
        unpublish(actor=SYSTEM, source_ids=[done.source_id], reason="試験")
    publish(actor=SYSTEM, source_ids=[done.source_id])
    with pytest.raises(UnableToPublish, match="ありませんでした"):
        publish(actor=SYSTEM, source_ids=[done.source_id])


def test_refuses_a_replaced_edition(store):
    old = record([POPULATION])
    record([count("population", 222_365, as_of="2024-05")], sheet(digest="b"))
    with pytest.raises(UnableToPublish, match="置き換え済み"):
        publish(actor=SYSTEM, source_ids=[old.source_id])


@pytest.mark.parametrize(
    "role, region, allowed",
    [
        (Role.MUNICIPAL_MANAGER, OTA, True),
        (Role.PREFECTURE_MANAGER, OTA, True),
        (Role.MUNICIPAL_OFFICER, OTA, False),
        (Role.PREFECTURE_OFFICER, OTA, False),
    ],
)
def test_only_those_who_may_publish_the_sheet_publish_its_figures(store, role, region, allowed):
    done = record([POPULATION])
    actor = member(role, region)
    if allowed:
        assert publish(actor=actor, source_ids=[done.source_id]).published == 1
    else:
        with pytest.raises(UnableToPublish, match="権限"):
            publish(actor=actor, source_ids=[done.source_id])
        assert not exposures()


def test_another_city_cannot_even_tell_that_the_sheet_is_there(store):
    done = record([POPULATION])
    with pytest.raises(FigureNotAvailable):
        publish(actor=member(Role.MUNICIPAL_MANAGER, MAEBASHI), source_ids=[done.source_id])


def test_one_refusal_in_a_batch_publishes_nothing(store):
    ours = record([POPULATION])
    theirs = record([population(330_000, MAEBASHI)], sheet(MAEBASHI))
    publish(actor=SYSTEM, source_ids=[theirs.source_id])
    with pytest.raises(UnableToPublish):
        publish(actor=member(Role.MUNICIPAL_MANAGER, OTA), source_ids=[ours.source_id, theirs.source_id])
    assert not exposures()


def test_an_undone_import_brings_the_published_edition_back(store):
    first = record([POPULATION, *inpatients(66, 4, 175, 109)])
    publish(actor=SYSTEM, source_ids=[first.source_id])
    before = exposures()
    second = record([count("population", 1, as_of="2024-05")], sheet(digest="b"))
    assert not exposures()
    withdraw_source(actor=SYSTEM, source_id=second.source_id, reason="別の市のシートだった")
    after = exposures()
    assert set(after) == set(before)
    assert hidden() >= {code for code, exposure in before.items() if exposure != "shown"}


def test_a_breakdown_of_persons_stays_inside_because_the_whole_less_the_part_tells_the_rest(store):
    part = count("inpatients", 380, as_of="2023-06-30", dimension="性別=女")
    done = record([POPULATION, count("inpatients", 386, as_of="2023-06-30"), part])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert not Observation.objects.published().filter(dimension="性別=女").exists()
    assert exposures()["inpatients"] == "shown"
    only = record([count("inpatients", 380, MAEBASHI, as_of="2023-06-30", dimension="性別=女")], sheet(MAEBASHI))
    with pytest.raises(UnableToPublish, match="内訳のある人数"):
        publish(actor=SYSTEM, source_ids=[only.source_id])
