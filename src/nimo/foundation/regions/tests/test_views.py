"""The screens of regions: found, read, changed, and closed to whoever does not manage the prefecture."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region, RegionMembership
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.queries.carrying import carrying_plan
from nimo.foundation.regions.services import members as memberships
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import NOW, SYSTEM, GivenActorMiddleware, actor
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LIST = reverse("regions:region_list")
YEAR = 2026


@pytest.fixture(autouse=True)
def door(settings, monkeypatch):
    """Requests come from whoever `door` lets in; nobody at first."""
    replaced = {
        "nimo.foundation.accounts.middleware.ActorMiddleware": f"{GivenActorMiddleware.__module__}.GivenActorMiddleware"
    }
    settings.MIDDLEWARE = [
        replaced.get(name, name) for name in settings.MIDDLEWARE if not name.endswith("LoginRequiredMiddleware")
    ]
    monkeypatch.setattr(GivenActorMiddleware, "actor", Actor.anonymous(now=NOW))
    return lambda role, code: monkeypatch.setattr(GivenActorMiddleware, "actor", actor(role, region_code=code))


@pytest.fixture
def gunma(country, door):
    """Signed in as the manager of 群馬県."""
    door(Role.PREFECTURE_MANAGER, "10000")


def area(name: str = "甲圏域", kind: RegionKind = RegionKind.WELFARE_AREA) -> Region:
    return services.create_area(actor=SYSTEM, kind=kind, prefecture_code="10000", name=name, kana="こう")


def fill(one: Region, *codes: str, year: int = YEAR) -> None:
    version = Region.objects.get(pk=one.pk).version
    memberships.set_members(
        actor=SYSTEM, area_code=one.pk, fiscal_year=FiscalYear(year), child_codes=codes, version=version
    )


def url(name: str, *arguments) -> str:
    return reverse(f"regions:{name}", args=arguments)


def text_of(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.usefixtures("gunma")
class TestLooking:
    def test_lists_the_prefectures_one_manages(self, client):
        shown = text_of(client, LIST)
        assert "群馬県" in shown
        assert "埼玉県" not in shown
        assert "未登録" in shown, "no area is not zero areas"

    def test_finds_by_name_and_refuses_a_mistyped_code(self, client):
        assert url("region_detail", "10205") in text_of(client, f"{LIST}?q=おおた")
        assert "見つかりませんでした" in text_of(client, f"{LIST}?q=架空の町")
        assert "検査数字" in text_of(client, f"{LIST}?q=102058")

    def test_shows_a_prefecture_with_its_areas_and_municipalities(self, client):
        one = area()
        fill(one, "10205")
        shown = text_of(client, f"{url('region_detail', '10000')}?year={YEAR}")
        for text in ("障害保健福祉圏域", "保健所管内", "二次医療圏", "甲圏域", "太田市", "102059"):
            assert text in shown

    def test_teaches_what_an_area_is_for_where_none_is_registered(self, client):
        shown = text_of(client, url("region_detail", "10000"))
        assert "障害者総合支援法第89条" in shown
        assert url("area_create", "10000") in shown

    def test_says_that_members_come_from_an_earlier_year(self, client):
        one = area()
        fill(one, "10205", year=2024)
        assert "令和6年度のもの" in text_of(client, f"{url('region_detail', one.code)}?year={YEAR}")

    def test_shows_former_names(self, client):
        services.rename_region(
            actor=SYSTEM,
            region_code="10205",
            version=1,
            name="新太田市",
            kana="しんおおたし",
            valid_from=date(2026, 4, 1),
        )
        shown = text_of(client, url("region_detail", "10205"))
        assert "新太田市の以前の名称" in shown
        assert "令和8年4月1日" in shown

    @pytest.mark.parametrize("code", ["11000", "11203", "00000", "99999", "10w01"])
    def test_hides_what_one_does_not_manage(self, client, code):
        text_of(client, url("region_detail", code), status=404)

    def test_a_wrong_year_is_this_year(self, client):
        for year in ("abcd", "9999", "", "１９９９"):
            text_of(client, f"{url('region_detail', '10000')}?year={year}")

    def test_asks_the_same_number_of_questions_however_many_areas_there_are(self, client):
        fill(area("初"), "10201")
        codes = iter(one.code for one in places.municipalities_of("10000")[5:])

        def grow():
            for number in range(8):
                fill(area(f"圏域{number}"), next(codes))

        assert_constant_queries(lambda: client.get(f"{url('region_detail', '10000')}?year={YEAR}"), grow)


@pytest.mark.usefixtures("gunma")
class TestChanging:
    def test_registers_an_area(self, client):
        data = {
            "kind": "welfare_area",
            "name": "太田・館林",
            "kana": "オオタ・タテバヤシ",
            "valid_from": "R6.4.1",
            "source": "",
        }
        answer = client.post(url("area_create", "10000"), data, follow=True)
        assert "「太田・館林」を登録しました" in answer.content.decode()
        one = Region.objects.get(pk="10w01")
        assert (one.kana, one.valid_from) == ("おおた・たてばやし", date(2024, 4, 1))

    def test_registers_a_living_area_in_a_municipality(self, client):
        client.post(url("area_create", "10205"), {"name": "東部", "kana": "とうぶ"})
        assert Region.objects.get(pk="10205-01").kind == RegionKind.LIVING_AREA
        assert "東部" in text_of(client, url("region_detail", "10205"))

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client):
        area("甲圏域")
        data = {"kind": "welfare_area", "name": "甲圏域", "kana": "こう", "valid_from": "いつか"}
        answer = client.post(url("area_create", "10000"), data)
        assert answer.status_code == 422
        assert "日付として読み取れませんでした" in answer.content.decode()
        answer = client.post(url("area_create", "10000"), {**data, "valid_from": ""})
        assert "すでに登録されています" in answer.content.decode()
        assert 'value="甲圏域"' in answer.content.decode()

    def test_registers_nothing_in_an_area_or_a_ward(self, client):
        text_of(client, url("area_create", area().code), status=404)

    def test_renames(self, client):
        data = {"name": "新太田市", "kana": "しんおおたし", "valid_from": "令和8年4月1日", "version": 1}
        client.post(url("region_rename", "10205"), data)
        assert Region.objects.get(pk="10205").name == "新太田市"
        answer = client.post(url("region_rename", "10205"), data)
        assert answer.status_code == 422

    def test_ends_an_area_with_a_reason(self, client):
        one = area()
        assert client.post(url("region_end", one.code), {"valid_to": "R8.4.1", "version": 1}).status_code == 422
        client.post(url("region_end", one.code), {"valid_to": "R8.4.1", "reason": "見直し", "version": 1})
        assert Region.objects.get(pk=one.pk).valid_to == date(2026, 4, 1)
        assert "いまは使われていない" in text_of(client, url("region_detail", one.code))

    def test_sets_the_members_of_a_year(self, client):
        one = area()
        address = url("area_members", one.code, YEAR)
        assert "太田市" in text_of(client, address)
        answer = client.post(address, {"members": ["10205", "10207"], "version": 1, "source": "計画"}, follow=True)
        assert "変わったところ 2 件" in answer.content.decode()
        assert set(RegionMembership.objects.values_list("child_id", "fiscal_year")) == {
            ("10205", YEAR),
            ("10207", YEAR),
        }

    def test_starts_from_the_members_of_the_year_before(self, client):
        one = area()
        fill(one, "10205", year=2024)
        shown = text_of(client, url("area_members", one.code, YEAR))
        assert "令和6年度の所属から始めます" in shown
        boxes = {
            re.search('value="([^"]*)"', box)[1]: "checked" in box
            for box in re.findall("<input[^>]*members[^>]*>", shown)
        }
        assert [code for code, checked in boxes.items() if checked] == ["10205"]

    def test_a_form_opened_before_a_colleague_saved_changes_nothing(self, client):
        one = area()
        fill(one, "10205")
        answer = client.post(url("area_members", one.code, YEAR), {"members": ["10207"], "version": 1})
        assert "ほかの担当者" in answer.content.decode()
        assert [row.child_id for row in RegionMembership.objects.all()] == ["10205"]

    def test_shows_before_it_copies_a_year(self, client):
        one = area()
        fill(one, "10205", "10207", year=2025)
        address = url("area_copy", "10000", "welfare_area", YEAR)
        assert "2 件を、令和8年度に写します" in text_of(client, address)
        assert not RegionMembership.objects.filter(fiscal_year=YEAR).exists()
        client.post(address)
        client.post(address, {"digest": "another"})
        assert not RegionMembership.objects.filter(fiscal_year=YEAR).exists()
        client.post(address, {"digest": carrying_plan("10000", one.kind, FiscalYear(YEAR)).digest})
        assert RegionMembership.objects.filter(fiscal_year=YEAR).count() == 2
        assert "写すものはありません" in text_of(client, address)

    def test_teaches_when_there_is_nothing_to_copy_from(self, client):
        assert "写すもとになる所属がありません" in text_of(client, url("area_copy", "10000", "medical_area", YEAR))
        assert client.post(url("area_copy", "10000", "medical_area", YEAR)).status_code == 200

    @pytest.mark.parametrize(
        "kind, year", [("living_area", YEAR), ("city", YEAR), ("welfare_area", 1), ("welfare_area", 9999)]
    )
    def test_copies_nothing_else(self, client, kind, year):
        text_of(client, url("area_copy", "10000", kind, year), status=404)


class TestDoors:
    ADDRESSES = [
        LIST,
        url("region_detail", "10000"),
        url("region_rename", "10205"),
        url("region_end", "10205"),
        url("area_create", "10000"),
        url("area_members", "10w01", YEAR),
        url("area_copy", "10000", "welfare_area", YEAR),
        url("change_list", "10000"),
        url("change_create", "10000", "merger"),
    ]

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_officers_without_the_permission_stay_outside(self, country, client, door, address):
        door(Role.PREFECTURE_OFFICER, "10000")
        text_of(client, address, status=403)

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_visitors_are_sent_to_the_login(self, country, client, address):
        text_of(client, address, status=302)

    @pytest.mark.parametrize("address", ADDRESSES[1:])
    def test_managers_of_another_prefecture_find_nothing(self, country, client, door, address):
        area()
        door(Role.PREFECTURE_MANAGER, "11000")
        text_of(client, address, status=404)
        assert client.post(address).status_code in {404, 405}
