"""Nothing of a sheet is found by anybody outside until a named person publishes it; then that chapter, and no other."""

from __future__ import annotations

import pytest
from django.test import Client

from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.confirming import undo_sheet
from nimo.community.sheets.services.publishing import publish_sections, unpublish_sections
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.surfaces.portal.views import region
from tests.journeys.people import signed_in
from tests.leaks.sheets import (
    CITY,
    EVERY_CHAPTER,
    FILE_MARK,
    MARKER,
    PREFECTURE,
    WITHOUT_WORDS,
    confirmed,
    marked_city,
    marked_prefecture,
    markers_of,
    read,
)
from tests.leaks.walk import VISITOR, addresses, ask, strangers
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
PUBLIC_PATHS = (
    "/regions/",
    "/regions/prefectures.csv",
    "/regions/00000/",
    "/regions/00000/figures.csv",
    f"/regions/{PREFECTURE}/",
    f"/regions/{PREFECTURE}/figures.csv",
    f"/regions/{CITY}/",
    f"/regions/{CITY}/?year=2024",
    f"/regions/{CITY}/figures.csv",
    f"/regions/{CITY}/sheets/2024/",
    f"/regions/{PREFECTURE}/sheets/2021/",
    "/regions/?q=館林",
    "/indicators/",
    "/indicators/list.csv",
    *(
        f"/indicators/{code}/{ending}"
        for code in (
            "population",
            "inpatients",
            "inpatients_3_to_12_months",
            "psychiatric_beds",
            "core_consultation_centres",
        )
        for ending in ("", "?year=2024", "?area=10000", "values.csv")
    ),
)


@pytest.fixture
def manager():
    return actor_of(Role.PREFECTURE_MANAGER, PREFECTURE)


@pytest.fixture
def both(manager) -> tuple[Sheet, Sheet]:
    """The city's sheet and the prefecture's, confirmed and not published."""
    return confirmed(manager, marked_city()), confirmed(manager, marked_prefecture(), "r3")


def marks(answers: dict[str, str]) -> dict[str, set[str]]:
    """path → the markers told there."""
    return {path: found for path, text in answers.items() if (found := set(MARKER.findall(text)))}


def test_the_markers_stand_in_every_chapter(both):
    """Else the tests below would find nothing because there is nothing."""
    chapters = {key: found for sheet in both for key, found in markers_of(sheet).items()}
    assert set(chapters) == EVERY_CHAPTER
    assert all(found for key, found in chapters.items() if key not in WITHOUT_WORDS)


def test_the_officials_of_the_region_do_find_them(both, manager):
    """The walk is able to find what is there."""
    found = marks(ask(signed_in(User.objects.get(pk=manager.user_id)), addresses()))
    everything = {mark for sheet in both for chapter in markers_of(sheet).values() for mark in chapter}
    assert set().union(*found.values()) >= everything | {FILE_MARK}


@pytest.mark.long
def test_nobody_outside_finds_a_word_or_a_number_before_publication(manager):
    readers = strangers()
    watched = [VISITOR, "a hospital worker of the city", "an officer of another prefecture"]
    before = {name: ask(readers[name], PUBLIC_PATHS) for name in watched}
    confirmed(manager, marked_city())
    confirmed(manager, marked_prefecture(), "r3")
    read(manager, marked_city())  # and one that still waits
    for name, client in readers.items():
        found = marks(ask(client, addresses(every_figure=name == VISITOR)))
        assert not found, f"{name} finds {found}"
    found = marks(ask(readers["an officer of another prefecture"], addresses(), post=True))
    assert not found, f"a refused act tells {found}"
    for name in watched:
        after = ask(readers[name], PUBLIC_PATHS)
        different = [path for path in PUBLIC_PATHS if after[path] != before[name][path]]
        assert not different, f"{name} can tell from {different} that something was confirmed"


def test_no_search_answers_to_a_word_of_an_unpublished_sheet(both):
    words = [*sorted({min(found) for sheet in both for found in markers_of(sheet).values() if found}), FILE_MARK]
    for name, client in strangers().items():
        for path in ("/regions/", "/indicators/", "/indicators/list.csv", "/search/"):
            nothing = ask(client, [f"{path}?q=QZXYY"]).popitem()[1].replace("QZXYY", "?")
            for word in words if name == VISITOR else [words[0], FILE_MARK]:
                answer = ask(client, [f"{path}?q={word}"]).popitem()[1].replace(word, "?")
                assert answer == nothing, f"{name} learns from {path}?q={word}"


def test_an_error_page_tells_nothing_of_what_was_being_drawn(both, monkeypatch):
    drawn = region.region_page

    def breaks(*arguments, **keywords):
        drawn(*arguments, **keywords)
        raise RuntimeError("boom")

    monkeypatch.setattr(region, "region_page", breaks)
    client = Client(raise_request_exception=False)
    answer = client.get(f"/regions/{CITY}/")
    assert answer.status_code == 500
    assert not MARKER.search(answer.content.decode())
    assert "boom" not in answer.content.decode()


def test_one_published_chapter_brings_its_own_words_and_no_others(both, manager):
    city, _ = both
    own = markers_of(city)
    publish_sections(actor=manager, sheet_id=city.pk, keys=["targets"])
    apart = ("/sheets/", "/files/", "/jobs/", "/indicators/", "/reports/", "/notices/", "/home/")
    for name, client in strangers().items():
        paths = addresses(every_figure=True) if name == VISITOR else [p for p in addresses() if p.startswith(apart)]
        found = marks(ask(client, [*paths, *PUBLIC_PATHS[:13]]))
        assert set().union(*found.values()) == own["targets"], name
        assert {f"/regions/{CITY}/", f"/regions/{CITY}/sheets/2024/"} <= set(found)
    figures = Client().get(f"/regions/{CITY}/figures.csv").content.decode("utf-8-sig")
    assert "148205" not in figures, "the figures wait for their own chapter"


def test_each_chapter_opens_by_itself_and_closes_again(both, manager):
    paths = [path for path in PUBLIC_PATHS if path.startswith((f"/regions/{CITY}", f"/regions/{PREFECTURE}"))]
    for sheet in both:
        for key, own in markers_of(sheet).items():
            publish_sections(actor=manager, sheet_id=sheet.pk, keys=[key])
            found = marks(ask(Client(), paths))
            assert set().union(*found.values()) == own, f"{key} brings other words than its own"
            unpublish_sections(actor=manager, sheet_id=sheet.pk, keys=[key])
            assert not marks(ask(Client(), paths)), f"{key} leaves something behind"


def test_what_is_undone_is_not_found_any_more(both, manager):
    city, _ = both
    publish_sections(actor=manager, sheet_id=city.pk, keys=list(markers_of(city)))
    undo_sheet(actor=manager, sheet_id=city.pk, reason="別の年度のファイルだった")
    assert not marks(ask(Client(), [*addresses(every_figure=True), *PUBLIC_PATHS]))
