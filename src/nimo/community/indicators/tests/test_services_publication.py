"""Publishing through the disclosure gate: what the public may see, in whatever order it looks."""

from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.support import (
    OTA,
    SYSTEM,
    count,
    inpatients,
    record,
)

pytestmark = pytest.mark.django_db


def exposures(region_code: str = OTA) -> dict[str, str]:
    rows = Observation.objects.published().filter(region_id=region_code)
    return dict(rows.values_list("indicator_id", "exposure"))


POPULATION = count("population", 222_364, as_of="2024-05")


def test_hides_a_small_stay_and_one_more_so_that_it_cannot_be_subtracted(store):
    done = record([POPULATION, *inpatients(66, 4, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    seen = exposures()
    assert seen["inpatients_3_to_12_months"] in ("small", "joint")
    hidden = {code for code, exposure in seen.items() if exposure != "shown"}
    assert len(hidden) >= 2
    stays = {"inpatients", "inpatients_under_3_months", "inpatients_3_to_12_months", "inpatients_over_1_year"}
    assert len(hidden & stays) >= 2, "the small stay would follow from the total"
    assert seen["population"] == "shown"


def test_shows_everything_where_nothing_is_small(store):
    done = record([POPULATION, *inpatients(66, 36, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert set(exposures().values()) == {"shown"}
