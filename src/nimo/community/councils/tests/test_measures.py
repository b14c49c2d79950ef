"""What is counted: each measure has a two-hat meeting once, and the meeting itself is one."""

from __future__ import annotations

from datetime import date

import pytest

from nimo.community.councils.choices.bodies import SENSITIVE_CATEGORIES, Category, HatKind, Layer
from nimo.community.councils.choices.meetings import ReviewDecision
from nimo.community.councils.measures import (
    bodies_by_layer,
    goal_reviews,
    meetings,
    participants,
    participants_by,
    under_hats,
)
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.services.bodies import set_hats
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.community.councils.tests.support import CITY, PREFECTURE, body_of, officer
from nimo.community.indicators.models import Indicator
from nimo.community.indicators.rules.recount import indicator_code
from nimo.core.measures import all_measures
from tests.support.people import load_places

pytestmark = pytest.mark.django_db
YEAR, DAY = 2026, date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _places():
    load_places()


def _met(actor, body, day=DAY, counts=None, **said):
    given = {Category.HEALTH: 13, Category.PEER: 1} if counts is None else counts
    return record_meeting(
        actor=actor, body_id=body.pk, facts=MeetingFacts(held_on=day, summary="要旨", **said), counts=given
    )


def test_a_meeting_under_two_hats_is_one_meeting_and_one_of_each():
    actor = officer()
    body = body_of(actor)
    set_hats(actor=actor, body_id=body.pk, version=1, hats=[(HatKind.INPATIENT_VISITS, ""), (HatKind.TRAINING, "")])
    hats = {hat.kind: hat.pk for hat in body.hats.all()}
    _met(actor, body, hats=tuple(hats.values()))
    assert meetings(CITY, YEAR).value == 1
    assert under_hats[HatKind.INPATIENT_VISITS](CITY, YEAR).value == 1
    assert under_hats[HatKind.TRAINING](CITY, YEAR).value == 1
    _met(actor, body, date(2026, 7, 1), hats=(hats["training"],))
    assert meetings(CITY, YEAR).value == 2
    assert under_hats[HatKind.INPATIENT_VISITS](CITY, YEAR).value == 1


def test_counts_only_bodies_that_count_and_only_what_was_recorded():
    actor = officer()
    _met(actor, body_of(actor))
    _met(actor, body_of(actor, "架空市 勉強会", counts_as_council=False))
    assert meetings(CITY, YEAR).value == 1
    assert goal_reviews(CITY, YEAR).value == 0
    assert participants(CITY, YEAR).value == 14
    assert participants_by[Category.HEALTH](CITY, YEAR).value == 13


def test_a_meeting_without_its_attendance_leaves_no_figure():
    actor = officer()
    body = body_of(actor)
    _met(actor, body)
    _met(actor, body, date(2026, 7, 1), counts={Category.HEALTH: 2})
    assert participants_by[Category.PEER](CITY, YEAR).value is None
    assert participants_by[Category.HEALTH](CITY, YEAR).value == 15


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({Category.HEALTH: 4, Category.PEER: 1}, set()),
        ({Category.HEALTH: 9, Category.PEER: 1, Category.FAMILY: 0}, {Category.HEALTH}),
        ({Category.HEALTH: 9, Category.PEER: 12, Category.FAMILY: 3}, {Category.HEALTH}),
        ({Category.HEALTH: 9, Category.PEER: 12, Category.FAMILY: 10}, {Category.HEALTH, *SENSITIVE_CATEGORIES}),
    ],
)
def test_a_small_number_of_peers_or_families_is_a_figure_for_nobody(counts, told):
    actor = officer()
    _met(actor, body_of(actor), counts=dict.fromkeys(Category, 0) | counts)
    assert participants(CITY, YEAR).value == sum(counts.values())
    for one in counts:
        for figure in (participants_by[one](CITY, YEAR), participants_by[one]._many([CITY], [YEAR])[CITY, YEAR]):
            assert figure.value == (counts[one] if one in told else None)
            assert bool(figure.withheld) == (one not in told)


def test_tables_at_a_time_give_the_same_as_one_by_one():
    actor = officer()
    _met(actor, body_of(actor), goals_reviewed=True)
    for one in (meetings, goal_reviews, participants):
        assert one._many([CITY, PREFECTURE], [YEAR])[CITY, YEAR] == one(CITY, YEAR)
        assert one.count_together((CITY, PREFECTURE), YEAR) == one(CITY, YEAR)


def test_opens_the_meetings_behind_a_figure_for_those_who_may_see_them():
    actor = officer()
    meeting = _met(actor, body_of(actor))
    [found] = meetings._opener(actor, (CITY,), YEAR)
    assert str(meeting.pk) in found.path


def test_a_body_stands_in_the_years_between_its_beginning_and_its_end():
    actor = officer()
    body_of(actor, established_on=date(2025, 6, 1))
    assert bodies_by_layer["municipality"](CITY, 2024).value == 0
    assert bodies_by_layer["municipality"](CITY, 2025).value == 1
    assert bodies_by_layer["area"](CITY, 2025).value is None  # nobody registered one: that is not none


def test_a_body_of_an_area_is_counted_in_its_layer():
    actor = officer()
    body_of(actor, layer=Layer.WELFARE_AREA)
    assert bodies_by_layer["area"](CITY, YEAR).value == 1


def test_every_measure_of_the_councils_stands_in_the_dictionary():
    known = set(Indicator.objects.values_list("pk", flat=True))
    assert {indicator_code(one.code) for one in all_measures() if one.code.startswith("councils.")} <= known


def test_nothing_recorded_is_no_figure_and_a_year_decided_without_a_meeting_is_zero():
    actor = officer()
    body = body_of(actor)
    for one in (meetings, goal_reviews, participants):
        assert one(CITY, YEAR).value is None
        assert one._many([CITY, PREFECTURE], [YEAR])[CITY, YEAR].value is None
    YearReview.objects.create(
        body=body, fiscal_year=YEAR, decision=ReviewDecision.values[0], reason="理由", decided_on=DAY
    )
    assert meetings(CITY, YEAR).value == 0
    assert meetings._many([CITY, PREFECTURE], [YEAR])[CITY, YEAR].value == 0
    assert meetings(CITY, YEAR - 1).value is None
