"""The explorer: what each reader sees of a region over the years, beside others, and in its file."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from nimo.community.indicators.models import Observation
from nimo.community.indicators.queries.catalogue import catalogue
from nimo.community.indicators.queries.explorer.asking import read_question
from nimo.community.indicators.queries.explorer.page import ExplorerPage, explore
from nimo.community.indicators.services.observations import withdraw_source
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.support import (
    GUNMA,
    MAEBASHI,
    OTA,
    PUBLIC,
    SYSTEM,
    count,
    inpatients,
    make_region,
    member,
    record,
    sheet,
)
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import RegionKind
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LONG_STAY, SMALL = "inpatients_over_1_year", "inpatients_3_to_12_months"


def ask(actor: Actor = PUBLIC, **given: str) -> ExplorerPage | None:
    known = catalogue()
    return explore(actor, read_question(actor, given, known), known)


def get(address: str = "explorer", **given: str) -> str:
    return Client().get(reverse(f"indicators:{address}"), given).content.decode()


def rows_of(**given: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(get("explorer_csv", **given).removeprefix("\ufeff"))))


def year_of(region: str, year: int, small: int = 40, *, population: int = 200_000, published: bool = True) -> int:
    """A sheet's block of stays and the population, as of June of the year."""
    at = {"as_of": f"{year}-06-30"}
    drafts = [
        *inpatients(66, small, 175, 109, region, **at),
        count("population", population, region, as_of=f"{year}-05"),
    ]
    done = record(drafts, sheet(region, year + 1))
    if published:
        publish(actor=SYSTEM, source_ids=[done.source_id])
    return done.source_id


@pytest.fixture
def three_years(store):
    for year in (2021, 2022, 2023):
        year_of(OTA, year, population=222_000)
        year_of(MAEBASHI, year, population=330_000)


def test_shows_the_years_the_neighbours_and_the_place_with_a_sentence_each(three_years):
    page = get(region=OTA, indicator=LONG_STAY)
    assert "太田市の1年以上" in page
    assert "284人" in page
    assert "変わっていません" in page
    assert "似ている市町村を1か所" in page
    assert "人口が" in page
    assert "地域コードの順に並べ" in page
    assert "<svg" in page


def test_nothing_is_a_rank(three_years):
    for words in ("1位", "2位", "ランキング", "最下位"):
        assert words not in get(region=OTA, indicator=LONG_STAY)


def test_the_public_sees_nothing_before_somebody_publishes(store):
    year_of(OTA, 2023, published=False)
    assert "284" not in get(region=OTA, indicator=LONG_STAY)
    assert not [row for row in rows_of(region=OTA, indicator=LONG_STAY) if row["値"]]
    own = ask(member(Role.MUNICIPAL_OFFICER, OTA), region=OTA, indicator=LONG_STAY)
    assert own is not None
    assert own.blocks[0].own is not None
    assert own.blocks[0].own.last.value == 284
    other = ask(member(Role.MUNICIPAL_OFFICER, MAEBASHI), region=OTA, indicator=LONG_STAY)
    assert other is not None
    assert other.blocks[0].own is None


def test_a_small_number_is_hidden_from_the_page_the_file_and_what_is_computed_from_it(store):
    year_of(OTA, 2022, small=4)
    year_of(OTA, 2023, small=4)
    for code in (SMALL, "inpatients", "long_stay_share", "inpatients_change"):
        page, file = get(region=OTA, indicator=code), rows_of(region=OTA, indicator=code)
        assert "4人" not in page.replace("284人", "").replace("354人", "")
        assert not [row for row in file if row["指標コード"] == SMALL and row["値"]]
    hidden = rows_of(region=OTA, indicator=SMALL)
    assert {row["値がない理由・注意"] for row in hidden if row["地域コード"] == OTA} != {""}


def test_an_official_of_the_region_sees_the_small_number(store):
    year_of(OTA, 2023, small=4)
    page = ask(member(Role.MUNICIPAL_OFFICER, OTA), region=OTA, indicator=SMALL)
    assert page is not None
    assert page.blocks[0].own is not None
    assert page.blocks[0].own.last.value == 4


def test_a_withdrawn_figure_is_gone(three_years):
    source = year_of(OTA, 2024)
    assert "2024" in {row["年度（西暦）"] for row in rows_of(region=OTA, indicator=LONG_STAY)}
    withdraw_source(actor=SYSTEM, source_id=source, reason="架空の取り消し")
    assert "2024" not in {row["年度（西暦）"] for row in rows_of(region=OTA, indicator=LONG_STAY)}


def test_a_derived_indicator_shows_its_formula_and_opens_its_operands(three_years):
    page = get(region=OTA, indicator="long_stay_share")
    assert "式: " in page
    assert "72.8%" in page
    way = reverse("indicators:derived_value", args=["long_stay_share", OTA, 2023])
    assert way in page
    opened = Client().get(way).content.decode()
    operands = Observation.objects.filter(region_id=OTA, indicator_id__in=[LONG_STAY, "inpatients"], as_of="2023-06-30")
    for operand in operands:
        assert reverse("indicators:observation_detail", args=[operand.pk]) in opened
    assert len(operands) == 2


def test_a_derived_value_of_hidden_operands_is_hidden(store):
    year_of(OTA, 2023, small=4)
    page = ask(region=OTA, indicator="months_3_to_12_share")
    assert page is not None
    assert page.blocks[0].own is not None
    assert page.blocks[0].own.last.value is None
    opened = (
        Client().get(reverse("indicators:derived_value", args=["months_3_to_12_share", OTA, 2023])).content.decode()
    )
    assert "公表" in opened
    assert "1.1" not in opened


def test_a_derived_value_of_nothing_is_not_there(store):
    for code, region in (("long_stay_share", OTA), ("happiness", OTA), ("long_stay_share", "99999")):
        assert Client().get(reverse("indicators:derived_value", args=[code, region, 2023])).status_code == 404
    assert Client().get(reverse("indicators:derived_detail", args=["happiness"])).status_code == 404
    assert "式" in Client().get(reverse("indicators:derived_detail", args=["long_stay_share"])).content.decode()


def test_the_file_reads_back_without_loss(three_years):
    make_region("01100", "札幌市")
    year_of("01100", 2023, population=1_960_000)
    rows = rows_of(region="01100", indicator=LONG_STAY)
    own = [row for row in rows if row["図"] == "移り変わり"]
    assert {row["地域コード"].strip() for row in own} == {"01100"}
    assert [row["値"] for row in own] == ["284"]
    assert own[0]["地域"] == "札幌市"
    assert get("explorer_csv", region="01100").startswith("\ufeff")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("太田市", "太田市の指標"),
        ("群馬県 太田市", "太田市の指標"),
        ("おおた", "太田市"),
        ("ないない村", "見つかりません"),
    ],
)
@pytest.mark.usefixtures("db")
def test_finds_the_region_by_its_words(words, expected):
    assert expected in get(region=words)


@pytest.mark.parametrize(
    "given",
    [
        {"from": "令和九十年", "to": "xx"},
        {"from": "令和5年度", "to": "令和3年度"},
        {"indicator": "happiness", "second": "'; DROP TABLE", "third": LONG_STAY},
        {"basis": "x" * 400, "dimension": "=1+1"},
        {"region": "102057"},
        {"region": "𠮷" * 200},
    ],
)
def test_odd_questions_get_a_calm_page(three_years, given):
    assert Client().get(reverse("indicators:explorer"), {"region": OTA, **given}).status_code == 200


def test_a_file_of_no_region_is_not_there(three_years):
    assert Client().get(reverse("indicators:explorer_csv"), {"region": "ないない村"}).status_code == 404


def test_years_are_chosen(three_years):
    years = {row["年度（西暦）"] for row in rows_of(region=OTA, indicator=LONG_STAY, **{"from": "R4", "to": "R4"})}
    assert years - {""} == {"2022"}  # "": places without a figure, which the file names too


def test_three_indicators_stand_on_one_page(three_years):
    page = ask(region=OTA, indicator=LONG_STAY, second="population", third="inpatients")
    assert page is not None
    assert [block.entry.code for block in page.blocks] == [LONG_STAY, "population", "inpatients"]


def test_figures_of_another_year_do_not_compare(three_years):
    year_of(OTA, 2024)
    page = ask(region=OTA, indicator="long_stay_share")
    assert page is not None
    (row,) = page.blocks[0].alike
    assert row.figure is None or row.refused


def test_asks_as_often_for_one_municipality_as_for_many(three_years):
    make_region("10202", "高崎市")
    make_region("10203", "桐生市")

    def grow() -> None:
        for year in (2019, 2020, 2023):
            year_of("10202", year)
            year_of("10203", year)

    def run() -> None:
        ask(region=OTA, indicator=LONG_STAY, second="long_stay_share", third="population")

    assert_constant_queries(run, grow)
    assert_constant_queries(lambda: ask(region=GUNMA, indicator=LONG_STAY), grow=lambda: year_of("10203", 2018))


def test_regions_asked_for_stand_beside_it_and_in_the_file(three_years):
    page = ask(region=OTA, indicator="population", beside=f"{MAEBASHI}、10366")
    assert page is not None
    (block,) = page.blocks
    assert [(label, one.value) for label, one, _ in block.beside if one.region_code != OTA] == [("前橋市", 330_000)]
    assert [region.name for region in block.without] == ["上野村"]
    assert "値の記録がない地域（0という意味ではありません）: 上野村" in get(
        region=OTA, indicator="population", beside=f"{MAEBASHI}、10366"
    )
    rows = [
        row
        for row in rows_of(region=OTA, indicator="population", beside=f"{MAEBASHI}、10366")
        if "ほかの地域" in row["図"]
    ]
    named = {
        (row["地域"], row["値"]) for row in rows if row["図"] == "前の年度・ほかの地域" and row["地域"] != "太田市"
    }
    assert named == {("前橋市", "330000"), ("上野村", "")}


def test_a_count_of_a_region_asked_for_is_drawn_where_it_is_counted_alike(store):
    for code, first in ((OTA, 6), (MAEBASHI, 9)):
        for year in (2022, 2023):
            record(
                [count("psychiatric_beds", first + year, code, as_of=f"{year}-06-30", basis="630_hospital")],
                sheet(code, year, kind="report", origin="beds", series=f"beds:{code}:{year}"),
            )
    publish(actor=SYSTEM, source_ids=list(Observation.objects.values_list("source_id", flat=True).distinct()))
    (alone,) = ask(region=OTA, indicator="psychiatric_beds").blocks
    (beside,) = ask(region=OTA, indicator="psychiatric_beds", beside=MAEBASHI).blocks
    assert [name for name, _ in alone.upper] == []
    assert [name for name, _ in beside.upper] == ["前橋市"]
    assert beside.trend is not None
    assert [series.name for series in beside.trend.series] == ["太田市", "前橋市"]
    file = rows_of(region=OTA, indicator="psychiatric_beds", beside=MAEBASHI)
    assert [row["値"] for row in file if row["図"] == "移り変わり（ほかの地域）"] == ["2031", "2032"]


def test_words_for_a_region_beside_that_mean_nobody_are_told(three_years):
    page = get(region=OTA, indicator=LONG_STAY, beside="ないない村、前橋市")
    assert "ならべる地域が一つに決まりませんでした" in page
    assert "ないない村" in page
    assert "284人" in page


def test_a_region_beside_is_seen_as_its_reader_may(store):
    year_of(OTA, 2023)
    year_of(MAEBASHI, 2023, small=4)
    for given in ({"indicator": SMALL}, {"indicator": "months_3_to_12_share"}):
        rows = [r for r in rows_of(region=OTA, beside=MAEBASHI, **given) if r["地域"] == "前橋市"]
        assert rows
        assert not [row for row in rows if row["値"] or row["分子"]]


def test_every_year_opens_its_record_and_tells_its_source_and_how_surely_it_was_read(three_years):
    page = get(region=OTA, indicator=LONG_STAY)
    rows = Observation.objects.filter(region_id=OTA, indicator_id=LONG_STAY)
    assert len(rows) == 3
    for row in rows:
        assert reverse("indicators:observation_detail", args=[row.pk]) in page
        assert row.source.title in page
        assert str(row.get_evidence_display()) in page


def test_the_kinds_of_missing_are_told_apart(store):
    at = {"as_of": "2023-06-30"}
    drafts = [
        *inpatients(66, 4, 175, 109, **at),
        count("population", 222_000, as_of="2023-05"),
        count("psychiatric_beds", None, basis="630_hospital", state="not_filled", **at),
    ]
    publish(actor=SYSTEM, source_ids=[record(drafts).source_id])
    hidden, empty = (get(region=OTA, indicator=code) for code in (SMALL, "psychiatric_beds"))
    assert "値を公表していません" in hidden
    assert "（記入なし）" in empty or "未記入" in empty
    assert "値を公表していません" not in empty
    assert "見られる値がまだありません" in get(region="10366", indicator=SMALL)


def test_an_area_is_asked_for_by_its_code(three_years):
    make_region("10w01", "東部圏域", RegionKind.WELFARE_AREA)
    assert "東部圏域の指標をくらべる" in get(region="10w01")


def test_asks_as_often_whatever_stands_beside(three_years):
    make_region("10202", "高崎市")

    def run() -> None:
        ask(region=OTA, indicator=LONG_STAY, beside=f"{MAEBASHI}、10202")

    assert_constant_queries(run, grow=lambda: [year_of("10202", year) for year in (2019, 2020, 2023)])
