"""Figures of a sheet that the records of meetings count: offered, taken by a person, never a zero nobody recorded."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from nimo.community.councils.choices.bodies import Category
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.community.councils.tests.support import body_of
from nimo.community.indicators.services.recount import mark_all, next_marks, recount
from nimo.community.sheets.choices import DocumentState, SectionKey
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.queries.counted_rows import counted_rows
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.rules.counted_rows import measure_named
from nimo.community.sheets.services.chapters import save_chapter
from nimo.community.sheets.services.filling import fill_basic_info
from nimo.community.sheets.services.filling_counts import UnableToTakeCount, take_count
from nimo.community.sheets.tests.writing import CITY, start, write
from nimo.core.measures import get
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import signed_in
from tests.support.people import NOW, actor_of, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LAST_YEAR = date(2025, 6, 1)


@pytest.fixture
def officer():
    load_places()
    return actor_of(Role.MUNICIPAL_OFFICER, CITY)


def _met(actor, body, day=LAST_YEAR):
    facts = MeetingFacts(held_on=day, summary="要旨")
    return record_meeting(actor=actor, body_id=body.pk, facts=facts, counts={Category.HEALTH: 3})


def _with_indicator(actor, name: str, key: str = "results"):
    document = start(actor)
    save_chapter(actor=actor, document_id=document.pk, key=key, version=1, edits={}, add_row=key)
    write(actor, document, key, **{f"{key}__0__indicator": name})
    return document


def _version(document, key: str) -> int:
    return document.chapters.get(key=key).version


def _take(actor, document, offer, key=SectionKey.RESULTS):
    return take_count(
        actor=actor,
        document_id=document.pk,
        key=key,
        version=_version(document, key),
        path=offer.path,
        seen=offer.seen,
    )


@pytest.mark.parametrize("name", ["協議の場の開催回数", "協議の場　の開催回数", "協議の場の参加者数（保健）"])
def test_knows_its_indicators_however_they_are_spelled(name):
    code = measure_named(name)
    assert code is not None
    assert get(code).code == code


@pytest.mark.parametrize("name", ["", "協議会の開催回数", "協議の場の参加者数（当事者）", "協議の場の参加者数（家族）"])
def test_never_guesses_and_never_tells_peers_or_families_apart(name):
    assert measure_named(name) is None


def test_last_years_count_is_offered_and_goes_in_when_a_person_presses(officer):
    body = body_of(officer)
    _met(officer, body)
    _met(officer, body, date(2026, 6, 1))  # of this year: not a result of the last
    document = _with_indicator(officer, "協議の場の開催回数")
    [offer] = counted_rows(officer, document, SectionKey.RESULTS)
    assert (offer.said, offer.state, offer.year_label) == ("1回", "fill", "令和7年度")
    assert "fiscal_year=2025" in offer.href
    chapter = _take(officer, document, offer)
    cell = content_of(document)["results"][0]["actual"]
    assert (cell["raw"], cell["values"][0]["value"]) == ("1回", 1)
    assert chapter.origins["results.0.actual"]["href"] == offer.href
    [offer] = counted_rows(officer, document, SectionKey.RESULTS)
    assert offer.state == "same"


def test_nothing_recorded_is_offered_as_nothing_and_not_as_zero(officer):
    body_of(officer)
    document = _with_indicator(officer, "協議の場の開催回数")
    [offer] = counted_rows(officer, document, SectionKey.RESULTS)
    assert (offer.said, offer.state) == ("", "none")
    with pytest.raises(UnableToTakeCount):
        _take(officer, document, offer)


def test_a_typed_figure_stays_until_its_replacement_is_chosen_and_a_changed_count_is_not_taken(officer):
    body = body_of(officer)
    _met(officer, body)
    document = _with_indicator(officer, "協議の場の開催回数", "targets")
    write(officer, document, "targets", targets__0__current="3回")
    [offer] = counted_rows(officer, document, SectionKey.TARGETS)
    assert (offer.now, offer.said, offer.state) == ("3回", "1回", "differs")
    _met(officer, body, date(2025, 7, 1))
    with pytest.raises(UnableToTakeCount, match="「2回」に変わりました"):
        _take(officer, document, offer, SectionKey.TARGETS)
    assert content_of(document)["targets"][0]["current"]["raw"] == "3回"


def test_a_sheet_that_was_sent_on_takes_no_count(officer):
    _met(officer, body_of(officer))
    document = _with_indicator(officer, "協議の場の開催回数")
    [offer] = counted_rows(officer, document, SectionKey.RESULTS)
    SheetDocument.objects.filter(pk=document.pk).update(state=DocumentState.CHECKING)
    with pytest.raises(UnableToTakeCount):
        _take(officer, document, offer)


def test_the_number_of_councils_comes_from_the_registered_bodies_of_a_year_that_is_over(officer):
    body_of(officer)
    system = Actor.system("test", now=NOW)
    mark_all(actor=system, region_codes=[CITY], from_year=2025, to_year=2026)
    marks = next_marks(actor=system, region_code=CITY, after=0)
    recount(actor=system, marks=marks)
    document = start(officer)
    chapter, keys = fill_basic_info(actor=officer, document_id=document.pk, version=1)
    assert keys == ["councils_municipality"]
    [item] = chapter.content["items"]
    assert (item["key"], item["value"], item["unit"], item["as_of"]) == ("councils_municipality", 1, "か所", "FY2025")
    assert chapter.origins["basic_info.councils_municipality"]["href"].startswith("/indicators/observations/")


def test_document_counts():
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    actor, client = actor_for_user(user, NOW), signed_in(user)
    _met(actor, body_of(actor))
    document = _with_indicator(actor, "協議の場の開催回数")
    shown = client.get(reverse("sheets:document_chapter", args=[document.pk, "results"])).content.decode()
    assert "数えた値を入れる" in shown
    [offer] = counted_rows(actor, document, SectionKey.RESULTS)
    assert offer.seen in shown
    url = reverse("sheets:document_counts", args=[document.pk, "results"])
    given = {"version": str(_version(document, "results")), "path": offer.path, "seen": offer.seen}
    assert client.post(url, given | {"seen": "x"}).status_code == 302
    assert content_of(document)["results"][0]["actual"]["raw"] is None
    assert client.post(url, given).status_code == 302
    assert content_of(document)["results"][0]["actual"]["raw"] == "1回"
    assert client.post(reverse("sheets:document_counts", args=[document.pk, "nothing"]), given).status_code == 404
