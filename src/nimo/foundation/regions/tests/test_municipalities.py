"""The shipped list: counts of the law's day, codes that check, names without doubles."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from nimo.core.codes import AreaCode, check_digit
from nimo.core.text import to_hiragana
from nimo.foundation.audit.models import Entry
from nimo.foundation.regions.formats.municipalities import shipped_facts
from nimo.foundation.regions.formats.tiles import PREFECTURE_TILES
from nimo.foundation.regions.models import Region, RegionName
from nimo.foundation.regions.rules.places import place_key
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import REPOSITORY, SYSTEM

LIVING = [fact for fact in shipped_facts() if fact.valid_to is None]


def test_holds_47_prefectures_1741_municipalities_and_171_wards():
    assert Counter(fact.kind for fact in LIVING) == {
        "prefecture": 47,
        "designated_city": 20,
        "special_ward": 23,
        "city": 772,
        "town": 743,
        "village": 183,
        "ward": 171,
    }
    assert 20 + 23 + 772 + 743 + 183 == 1741


def test_every_code_is_used_once_and_of_the_right_range():
    codes = [fact.code for fact in shipped_facts()]
    assert len(codes) == len(set(codes))
    kinds = {"town": "town_or_village", "village": "town_or_village"}
    assert [f for f in shipped_facts() if AreaCode(f.code).kind.value != kinds.get(f.kind, f.kind)] == []


def test_every_ward_names_its_city_and_every_place_its_prefecture():
    names = {fact.code: fact for fact in shipped_facts()}
    for fact in names.values():
        if fact.kind == "ward":
            assert names[fact.city].kind == "designated_city"
            assert fact.name.startswith(names[fact.city].name)
            assert fact.kana.startswith(names[fact.city].kana)
        else:
            assert fact.city == ""
        if fact.kind != "prefecture":
            assert fact.prefecture == f"{fact.code[:2]}000"
        assert fact.kana == to_hiragana(fact.kana)


def test_no_two_places_of_a_prefecture_share_a_spelling():
    keys = Counter((fact.prefecture, place_key(fact.name)) for fact in LIVING)
    assert [key for key, count in keys.items() if count > 1] == []


def test_knows_the_wards_hamamatsu_had_and_has():
    wards = {fact.name: (fact.valid_from, fact.valid_to) for fact in shipped_facts() if fact.city == "22130"}
    change = date(2024, 1, 1)
    assert {name for name, (_, end) in wards.items() if end is None} == {
        "浜松市中央区",
        "浜松市浜名区",
        "浜松市天竜区",
    }
    assert sorted(f.code for f in LIVING if f.city == "22130") == ["22138", "22139", "22140"]
    ended = [fact.code for fact in shipped_facts() if fact.valid_to == change]
    assert ended == ["22131", "22132", "22133", "22134", "22135", "22136", "22137"]


def test_says_the_same_as_the_list_it_was_made_from():
    folder = Path(os.environ.get("NIMO_SHARED_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (folder / "municipalities.csv").exists():
        pytest.skip(f"the list it was made from is not on this machine ({folder})")
    with (folder / "municipalities.csv").open(encoding="utf-8-sig", newline="") as file:
        given = {(row["code"], row["kana"], row["kind"]) for row in csv.DictReader(file)}
    assert {(fact.code + check_digit(fact.code), fact.kana, fact.kind) for fact in LIVING} == given


def test_every_prefecture_has_a_tile_of_its_own():
    assert set(PREFECTURE_TILES) == {fact.code for fact in LIVING if fact.kind == "prefecture"}
    assert len(set(PREFECTURE_TILES.values())) == 47


@pytest.mark.parametrize(
    "western, eastern",
    [
        ("47000", "46000"),
        ("42000", "41000"),
        ("34000", "33000"),
        ("27000", "29000"),
        ("17000", "15000"),
        ("14000", "12000"),
    ],
)
def test_tiles_lie_west_to_east_as_the_prefectures_do(western, eastern):
    assert PREFECTURE_TILES[western][1] < PREFECTURE_TILES[eastern][1]


@pytest.mark.parametrize(
    "northern, southern",
    [("01000", "02000"), ("15000", "20000"), ("32000", "34000"), ("37000", "36000"), ("46000", "47000")],
)
def test_tiles_lie_north_to_south_as_the_prefectures_do(northern, southern):
    assert PREFECTURE_TILES[northern][0] < PREFECTURE_TILES[southern][0]


class TestLoading:
    def test_loads_everything_once(self, country):
        assert (country.created, country.updated, country.unchanged) == (1 + len(shipped_facts()), 0, 0)
        assert Region.objects.get(pk="10205").name == "太田市"
        again = services.load_municipalities(actor=SYSTEM)
        assert (again.created, again.updated, again.kept) == (0, 0, 0)
        assert again.unchanged == country.created

    def test_brings_a_wrong_row_back(self, country):
        Region.objects.filter(pk="10205").update(kana="まちがい")
        assert services.load_municipalities(actor=SYSTEM).updated == 1
        assert Region.objects.get(pk="10205").kana == "おおたし"

    def test_leaves_what_an_official_renamed(self, country):
        region = Region.objects.get(pk="10205")
        services.rename_region(
            actor=SYSTEM,
            region_code="10205",
            version=region.version,
            name="新太田市",
            kana="しんおおたし",
            valid_from=date(2026, 4, 1),
            source="合併協議会",
        )
        report = services.load_municipalities(actor=SYSTEM)
        assert (report.updated, report.kept) == (0, 1)
        assert Region.objects.get(pk="10205").name == "新太田市"
        assert RegionName.objects.get(region_id="10205").name == "太田市"

    def test_is_audited_only_when_something_changed(self, country):
        services.load_municipalities(actor=SYSTEM)
        assert Entry.objects.filter(verb="regions.load").count() == 1


def test_the_list_is_inside_the_package():
    assert settings.PACKAGE.joinpath("foundation/regions/data/municipalities.csv").exists()
