"""Finding a municipality as documents write it, walking up and down, names of another day."""

from __future__ import annotations

from datetime import date

import pytest

from nimo.core.codes import WrongCheckDigit
from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.services import members as memberships
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import SYSTEM
from tests.support.queries import assert_constant_queries, count_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
R5, R6, R7 = FiscalYear(2023), FiscalYear(2024), FiscalYear(2025)


@pytest.mark.parametrize(
    "prefecture, name, code, how",
    [
        ("群馬県", "太田市", "10205", "exact"),
        ("群馬", "太田市", "10205", "exact"),
        ("群馬県", "群馬県太田市", "10205", "exact"),
        (None, "群馬県太田市", "10205", "exact"),
        ("群馬県", " 太　田　市 ", "10205", "exact"),
        ("群馬県", "邑楽郡大泉町", "10524", "exact"),
        ("群馬県", "群馬県邑楽郡大泉町", "10524", "exact"),
        ("埼玉県", "鶴ケ島市", "11241", "folded"),
        ("埼玉県", "鶴ヶ島市", "11241", "exact"),
        ("茨城県", "竜ヶ崎市", "08208", "folded"),
        ("千葉県", "袖ヶ浦市", "12229", "folded"),
        ("千葉県", "袖が浦市", "12229", "folded"),
        ("神奈川県", "茅ケ崎市", "14207", "folded"),
        ("神奈川県", "横浜市", "14100", "exact"),
        ("神奈川県", "横浜市鶴見区", "14101", "exact"),
        ("神奈川県", "鶴見区", "14101", "exact"),
        ("神奈川県", "横浜市 鶴見区", "14101", "exact"),
        ("東京都", "檜原村", "13307", "exact"),
        ("東京都", "桧原村", "13307", "folded"),
        ("福島県", "郡山市", "07203", "exact"),
        ("奈良県", "大和郡山市", "29203", "exact"),
        ("北海道", "上ノ国町", "01362", "exact"),
        ("北海道", "檜山郡上之国町", "01362", "folded"),
        ("京都", "京都市", "26100", "exact"),
        ("東京", "府中市", "13206", "exact"),
    ],
)
def test_finds_a_municipality_as_it_is_written(country, prefecture, name, code, how):
    match = places.find_municipality(prefecture, name)
    assert match.region is not None, match
    assert (match.region.code, match.how) == (code, how)


@pytest.mark.parametrize(
    "prefecture, name, candidates",
    [
        (None, "府中市", {"13206", "34208"}),
        ("神奈川県", "緑区", {"14113", "14151"}),
        (None, "大泉町", {"10524"}),
    ],
)
def test_names_the_candidates_of_a_name_borne_twice(country, prefecture, name, candidates):
    match = places.find_municipality(prefecture, name)
    assert {one.code for one in match.candidates} == candidates
    assert (match.region is None) == (len(candidates) > 1)


@pytest.mark.parametrize(
    "prefecture, name",
    [
        ("群馬県", "太田"),
        ("埼玉県", "太田市"),
        ("架空県", "太田市"),
        ("群馬県", ""),
        ("群馬県", "群馬県"),
        ("群馬県", "太田市役所"),
    ],
)
def test_never_guesses(country, prefecture, name):
    assert places.find_municipality(prefecture, name).region is None


def test_offers_names_that_begin_alike(country):
    match = places.find_municipality("群馬県", "太田")
    assert (match.how, [one.name for one in match.candidates]) == ("none", ["太田市"])


def test_finds_the_wards_of_the_day_the_document_speaks_of(country):
    assert places.find_municipality("静岡県", "浜松市中区", on=date(2023, 12, 31)).region.code == "22131"
    assert places.find_municipality("静岡県", "浜松市中区").region is None
    assert places.find_municipality("静岡県", "浜松市中央区", on=date(2023, 12, 31)).region is None
    assert places.find_municipality("静岡県", "浜松市中央区").region.code == "22138"


def test_finds_a_name_a_place_no_longer_bears(country):
    services.rename_region(
        actor=SYSTEM, region_code="10205", version=1, name="新太田市", kana="しんおおたし", valid_from=date(2026, 4, 1)
    )
    assert places.find_municipality("群馬県", "太田市").how == "former"
    assert places.find_municipality("群馬県", "新太田市").how == "exact"


@pytest.mark.parametrize("name, code", [("群馬", "10000"), ("北海道", "01000"), ("東京都", "13000"), ("京都", "26000")])
def test_finds_a_prefecture_without_its_ending(country, name, code):
    assert places.find_prefecture(name).code == code


@pytest.mark.parametrize("name", ["都", "北海", "東京県", "", "群"])
def test_finds_no_prefecture_where_there_is_none(country, name):
    assert places.find_prefecture(name) is None


class TestSearch:
    @pytest.mark.parametrize("text", ["太田市", "おおたし", "オオタ", "ｵｵﾀｼ", "10205", "102059", "１０２０５"])
    def test_finds_by_name_reading_and_code(self, country, text):
        assert "10205" in {one.code for one in places.search(text)}

    def test_refuses_a_code_that_was_mistyped(self, country):
        with pytest.raises(WrongCheckDigit):
            places.search("102058")

    def test_puts_the_city_before_its_wards(self, country):
        assert [one.name for one in places.search("横浜市")][:2] == ["横浜市", "横浜市鶴見区"]

    def test_can_be_narrowed(self, country):
        found = places.search("府中", prefecture_code="34000", kinds=[RegionKind.CITY, RegionKind.TOWN])
        assert {one.name for one in found} == {"府中市", "府中町"}

    @pytest.mark.parametrize("text", ["", "　", "%", "_", "架空の町"])
    def test_finds_nothing_where_nothing_is(self, country, text):
        assert places.search(text) == []

    def test_leaves_out_what_has_ended(self, country):
        assert places.search("浜松市中区") == []


@pytest.fixture
def areas(country):
    """Two areas of 群馬, filled for 令和5年度; the first one smaller in 令和7年度."""
    made = {}
    for name, kana, members in [
        ("甲圏域", "こう", ["10205", "10207"]),
        ("乙圏域", "おつ", ["10201"]),
    ]:
        area = services.create_area(
            actor=SYSTEM, kind=RegionKind.WELFARE_AREA, prefecture_code="10000", name=name, kana=kana
        )
        memberships.set_members(
            actor=SYSTEM, area_code=area.code, fiscal_year=R5, child_codes=members, version=area.version
        )
        made[name] = area.code
    memberships.set_members(actor=SYSTEM, area_code=made["甲圏域"], fiscal_year=R7, child_codes=["10205"], version=2)
    return made


class TestWalking:
    def test_goes_down_from_the_nation_to_the_wards(self, country):
        assert len(places.children(places.region("00000"), R6)) == 47
        assert len(places.children(places.region("10000"), R6)) == 35
        assert len(places.children(places.region("14100"), R6)) == 18

    def test_shows_the_wards_of_the_year(self, country):
        hamamatsu = places.region("22130")
        assert len(places.children(hamamatsu, FiscalYear(2022))) == 7
        assert [one.code for one in places.children(hamamatsu, R6)] == ["22138", "22139", "22140"]

    def test_members_hold_until_a_later_year_is_written(self, areas):
        area = places.region(areas["甲圏域"])
        codes = [[one.code for one in places.children(area, year)] for year in (R5, R6, R7, FiscalYear(2026))]
        assert codes == [["10205", "10207"], ["10205", "10207"], ["10205"], ["10205"]]
        assert places.members_year(area.code, R6) == R5

    def test_has_no_members_before_the_first_year_that_was_written(self, areas):
        area = places.region(areas["甲圏域"])
        assert places.children(area, FiscalYear(2022)) == []
        assert places.members_year(area.code, FiscalYear(2022)) is None

    def test_goes_up_by_way_of_the_areas_of_the_year(self, areas):
        ota, tatebayashi = places.region("10205"), places.region("10207")
        assert [one.name for one in places.ancestors(ota, R6)] == ["甲圏域", "群馬県", "全国"]
        assert [one.name for one in places.ancestors(tatebayashi, R6)] == ["甲圏域", "群馬県", "全国"]
        assert [one.name for one in places.ancestors(tatebayashi, R7)] == ["群馬県", "全国"]

    def test_goes_up_from_a_ward_through_its_city(self, country):
        names = [one.name for one in places.ancestors(places.region("14101"), R6)]
        assert names == ["横浜市", "神奈川県", "全国"]

    def test_says_whom_a_region_reaches(self, areas):
        asked = [places.region(code) for code in ("10000", areas["甲圏域"], "14100", "10205")]
        below = places.codes_below(asked, date(2024, 5, 1))
        assert {"10000", "10205", areas["甲圏域"], areas["乙圏域"]} <= below["10000"]
        assert below[areas["甲圏域"]] == {areas["甲圏域"], "10205", "10207"}
        assert len(below["14100"]) == 19
        assert below["10205"] == {"10205"}
        assert count_queries(lambda: places.codes_below(asked, date(2024, 5, 1))) == 2

    def test_reaches_the_living_areas_and_wards_of_its_members(self, country):
        living = services.create_area(
            actor=SYSTEM,
            kind=RegionKind.LIVING_AREA,
            prefecture_code="14000",
            city_code="14100",
            name="東部",
            kana="とうぶ",
        )
        area = services.create_area(
            actor=SYSTEM, kind=RegionKind.MEDICAL_AREA, prefecture_code="14000", name="横浜", kana="よこはま"
        )
        memberships.set_members(actor=SYSTEM, area_code=area.code, fiscal_year=R6, child_codes=["14100"], version=1)
        assert {living.code, "14101", "14100"} <= places.codes_below([area], date(2025, 1, 1))[area.code]

    def test_asks_the_same_number_of_questions_however_large_the_region(self, areas):
        area = places.region(areas["甲圏域"])

        def walk():
            for one in places.children(area, R7):
                assert one.name

        def grow():
            codes = [one.code for one in places.municipalities_of("10000")[5:30]]
            version = Region.objects.get(pk=area.code).version
            memberships.set_members(
                actor=SYSTEM, area_code=area.code, fiscal_year=R7, child_codes=codes, version=version
            )

        assert_constant_queries(walk, grow)


def test_shows_the_name_of_the_day(country):
    for name, kana, day in [
        ("中太田市", "なかおおたし", date(2020, 4, 1)),
        ("新太田市", "しんおおたし", date(2026, 4, 1)),
    ]:
        version = Region.objects.get(pk="10205").version
        services.rename_region(actor=SYSTEM, region_code="10205", version=version, name=name, kana=kana, valid_from=day)
    ota = places.region("10205")
    days = [date(2019, 1, 1), date(2020, 3, 31), date(2020, 4, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [places.name_on(ota, day) for day in days] == ["太田市", "太田市", "中太田市", "中太田市", "新太田市"]
    both = [ota, places.region("10201")]
    assert count_queries(lambda: places.names_on(both, days[0])) == 1
