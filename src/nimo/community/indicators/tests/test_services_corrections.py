"""Figures that are corrected after the public has seen them: what was hidden then must not follow from what stands now."""

from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.indicators.services.observations import correct_observation, withdraw_source
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.support import OTA, SYSTEM, count, inpatients, make_region, record, sheet

pytestmark = pytest.mark.django_db
POPULATION = count("population", 222_364, as_of="2024-05")
LONG, OLD, YOUNG = "inpatients_over_1_year", "inpatients_over_1_year_65_and_over", "inpatients_over_1_year_under_65"


def shown(region_code: str = OTA) -> dict[str, int]:
    rows = Observation.objects.published().filter(region_id=region_code, exposure="shown")
    return {code: int(value) for code, value in rows.values_list("indicator_id", "value")}


def correct(indicator: str, value: int) -> None:
    old = Observation.objects.live().get(indicator_id=indicator, region_id=OTA)
    correct_observation(
        actor=SYSTEM, observation_id=old.pk, draft=count(indicator, value), reason="原典を読み直したため（架空）"
    )


def test_a_corrected_part_does_not_tell_what_it_was(store):
    """21 = 1 + 20 stood there with 1 and 20 hidden; 20 = 0 + 20 with the 20 printed would tell the 1."""
    source = record([POPULATION, *inpatients(66, 30, 1, 20)]).source_id
    publish(actor=SYSTEM, source_ids=[source])
    assert shown()[LONG] == 21
    assert not {OLD, YOUNG} & set(shown())
    for code, value in ((OLD, 0), (LONG, 20), ("inpatients", 116)):
        correct(code, value)
    publish(actor=SYSTEM, source_ids=[source])
    assert YOUNG not in shown(), "21 − 20 would tell the 1"


def test_a_corrected_city_does_not_tell_what_it_was_by_the_total_of_the_prefecture(store):
    """44 = 12 + 5 + 27 with 5 hidden, and 12 for its sake; when 5 becomes 30 and 12 is printed, 44 − 12 − 27 tells it."""
    cities = {"31201": 12, "31202": 5, "31203": 27}
    for code in cities:
        make_region(code, f"市{code}")

    def edition(values: dict[str, int], digest: str) -> None:
        rows = {**values, "31000": sum({**cities, **values}.values())}
        ids = []
        for code, value in rows.items():
            drafts = [count("inpatients", value, code, basis="630_address")]
            if code != "31000":
                drafts.append(count("population", 60_000, code, as_of="2024-05"))
            ids.append(record(drafts, sheet(code, digest=digest)).source_id)
        publish(actor=SYSTEM, source_ids=ids)

    edition(cities, "a")
    total = {code: shown(code).get("inpatients") for code in ("31000", *cities)}
    assert total["31202"] is None
    before = {code for code, value in total.items() if value is not None}
    edition({"31202": 30}, "b")
    after = {code for code in cities if shown(code).get("inpatients") is not None}
    assert not {"31000", "31201", "31203"} <= before | (after - {"31202"}), "the old total tells the old five"


def test_a_withdrawn_edition_is_remembered_with_the_figures_around_it(store):
    first = record([POPULATION, *inpatients(66, 30, 40, 20)]).source_id
    publish(actor=SYSTEM, source_ids=[first])
    second = record([POPULATION, *inpatients(66, 30, 1, 59)], sheet(digest="b")).source_id
    publish(actor=SYSTEM, source_ids=[second])
    assert OLD not in shown()
    withdraw_source(actor=SYSTEM, source_id=second, reason="別の市のシートだった（架空）")
    assert shown()[LONG] == 60
    assert shown()[OLD] == 40
    third = record([POPULATION, *inpatients(66, 30, 3, 59)], sheet(digest="c")).source_id
    publish(actor=SYSTEM, source_ids=[third])
    assert YOUNG not in shown(), "60 of the withdrawn edition less 59 would tell the one hidden there"
