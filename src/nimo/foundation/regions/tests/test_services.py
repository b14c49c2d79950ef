"""Areas, their names and their members: what is refused, what is kept, what is audited."""

from __future__ import annotations

from datetime import date

import pytest

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region, RegionMembership, RegionName
from nimo.foundation.regions.policies import RegionNotFound
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.rules.places import MembershipChange, next_area_code
from nimo.foundation.regions.services import members as memberships
from nimo.foundation.regions.services import places as services
from nimo.foundation.regions.tests.support import SYSTEM, actor

R6, R7 = FiscalYear(2024), FiscalYear(2025)
MANAGER = actor(Role.PREFECTURE_MANAGER)
W = RegionKind.WELFARE_AREA


@pytest.fixture(autouse=True)
def _country(country):
    pass


def area(name: str = "甲", *, kind: RegionKind = W, prefecture: str = "10000", **more) -> Region:
    return services.create_area(actor=SYSTEM, kind=kind, prefecture_code=prefecture, name=name, kana="よみ", **more)


def fill(one: Region, year: FiscalYear, *codes: str, by=SYSTEM, version: int | None = None):
    current = Region.objects.get(pk=one.pk).version
    return memberships.set_members(
        actor=by, area_code=one.pk, fiscal_year=year, child_codes=codes, version=version or current
    )


def members(one: Region, year: FiscalYear) -> list[str]:
    rows = RegionMembership.objects.filter(parent=one, fiscal_year=year.year)
    return sorted(rows.values_list("child_id", flat=True))


class TestCodes:
    @pytest.mark.parametrize(
        "kind, base, taken, code",
        [
            (W, "10000", [], "10w01"),
            (W, "10000", ["10w01", "10w07"], "10w08"),
            (RegionKind.HEALTH_CENTRE_AREA, "14000", ["14h10"], "14h11"),
            (RegionKind.MEDICAL_AREA, "01000", [], "01m01"),
            (RegionKind.LIVING_AREA, "10205", ["10205-01"], "10205-02"),
        ],
    )
    def test_gives_the_next_number(self, kind, base, taken, code):
        assert next_area_code(kind, base=base, taken=taken) == code

    def test_refuses_what_is_no_area_and_what_is_full(self):
        with pytest.raises(ValueError):
            next_area_code(RegionKind.CITY, base="10000", taken=[])
        with pytest.raises(ValueError):
            next_area_code(W, base="10000", taken=["10w99"])


class TestCreating:
    def test_registers_an_area_under_a_code_of_its_own(self):
        made = services.create_area(
            actor=MANAGER,
            kind=W,
            prefecture_code="10000",
            name="太田・館林",
            kana="おおた・たてばやし",
            valid_from=date(2024, 4, 1),
            source="障害福祉計画",
        )
        assert (made.code, made.prefecture_id, made.city_id) == ("10w01", "10000", None)
        assert [one.code for one in places.areas_of("10000", W)] == ["10w01"]
        entry = Entry.objects.get(verb="regions.create_area")
        assert (entry.target_id, entry.region_code) == ("10w01", "10000")

    def test_keeps_the_kinds_apart(self):
        assert [area("甲", kind=kind).code for kind in (W, RegionKind.HEALTH_CENTRE_AREA)] == ["10w01", "10h01"]

    def test_puts_a_living_area_into_its_municipality(self):
        made = area("東部", kind=RegionKind.LIVING_AREA, city_code="10205")
        assert (made.code, made.city_id) == ("10205-01", "10205")
        assert [one.code for one in places.children(places.region("10205"), R6)] == ["10205-01"]

    @pytest.mark.parametrize(
        "arguments, says",
        [
            ({"kind": RegionKind.CITY}, "登録できるのは"),
            ({"name": " "}, "名称とよみ"),
            ({"kana": ""}, "名称とよみ"),
            ({"name": "あ" * 81}, "80 文字"),
            ({"kind": RegionKind.LIVING_AREA}, "市町村を選び"),
            ({"city_code": "10205"}, "選ばないで"),
            ({"kind": RegionKind.LIVING_AREA, "city_code": "11203"}, "組み合わせ"),
            ({"prefecture_code": "10205"}, "組み合わせ"),
        ],
    )
    def test_refuses_what_cannot_be(self, arguments, says):
        given = {"kind": W, "prefecture_code": "10000", "name": "甲", "kana": "こう", **arguments}
        with pytest.raises(services.UnableToChange, match=says):
            services.create_area(actor=SYSTEM, **given)
        assert places.areas_of("10000") == []

    def test_refuses_a_name_twice_but_not_after_the_first_has_ended(self):
        first = area("甲")
        with pytest.raises(services.UnableToChange, match="すでに登録"):
            area("甲")
        services.end_region(
            actor=SYSTEM, region_code=first.code, version=1, valid_to=date(2026, 4, 1), reason="区域の見直し"
        )
        assert area("甲").code == "10w02", "the number of an ended area is not given again"

    def test_is_for_the_managers_of_the_prefecture(self):
        with pytest.raises(RegionNotFound):
            services.create_area(actor=MANAGER, kind=W, prefecture_code="11000", name="甲", kana="こう")
        officer = actor(Role.PREFECTURE_OFFICER)
        with pytest.raises(RegionNotFound):
            services.create_area(actor=officer, kind=W, prefecture_code="10000", name="甲", kana="こう")


class TestRenaming:
    def rename(
        self, *, version: int = 1, name: str = "乙", kana: str = "おつ", day: date = date(2026, 4, 1), code="10w01"
    ):
        return services.rename_region(
            actor=MANAGER, region_code=code, version=version, name=name, kana=kana, valid_from=day
        )

    def test_keeps_the_old_name_with_its_period(self):
        area("甲", valid_from=date(2024, 4, 1))
        assert self.rename().name == "乙"
        old = RegionName.objects.get()
        assert (old.name, old.valid_from, old.valid_to) == ("甲", date(2024, 4, 1), date(2026, 4, 1))
        assert Entry.objects.get(verb="regions.rename").region_code == "10w01"
        assert [one.code for one in places.search("おつ", kinds=[W])] == ["10w01"]

    def test_refuses_a_day_before_the_name_in_use_began(self):
        area("甲", valid_from=date(2024, 4, 1))
        for day in (date(2024, 4, 1), date(2020, 1, 1)):
            with pytest.raises(services.UnableToChange, match="後の日"):
                self.rename(day=day)
        self.rename()
        with pytest.raises(services.UnableToChange, match="後の日"):
            self.rename(version=2, name="丙", day=date(2026, 4, 1))

    def test_refuses_the_same_name_and_none(self):
        area("乙")
        with pytest.raises(services.UnableToChange):
            self.rename(name="乙", kana="よみ")
        with pytest.raises(services.UnableToChange):
            self.rename(name="")

    def test_refuses_when_somebody_was_quicker(self):
        area("甲")
        self.rename()
        with pytest.raises(services.UnableToChange, match="ほかの担当者"):
            self.rename(name="丙", day=date(2027, 4, 1))
        assert Region.objects.get(pk="10w01").name == "乙"
        assert RegionName.objects.count() == 1


class TestEnding:
    def test_needs_a_reason_and_a_day_after_the_beginning(self):
        one = area("甲", valid_from=date(2024, 4, 1))
        for arguments, says in [
            ({"valid_to": date(2024, 4, 1), "reason": "見直し"}, "始まりの日より後"),
            ({"valid_to": date(2026, 4, 1), "reason": " "}, "理由"),
        ]:
            with pytest.raises(services.UnableToChange, match=says):
                services.end_region(actor=MANAGER, region_code=one.code, version=1, **arguments)
        services.end_region(actor=MANAGER, region_code=one.code, version=1, valid_to=date(2026, 4, 1), reason="見直し")
        assert places.areas_of("10000") == []
        assert places.areas_of("10000", on=date(2026, 3, 31)) == [one]
        assert Entry.objects.get(verb="regions.end").reason == "見直し"

    def test_never_ends_a_prefecture(self):
        with pytest.raises(services.UnableToChange, match="都道府県"):
            services.end_region(actor=SYSTEM, region_code="10000", version=1, valid_to=date(2026, 4, 1), reason="試験")


class TestMembers:
    def test_writes_exactly_the_members_of_the_year(self):
        one = area()
        fill(one, R6, "10205", "10207")
        changes = fill(one, R6, "10205", "10201")
        assert members(one, R6) == ["10201", "10205"]
        assert changes == [MembershipChange("10201", None, one.code), MembershipChange("10207", one.code, None)]
        assert members(one, R7) == []

    def test_is_audited_with_both_lists(self):
        one = area()
        fill(one, R6, "10205")
        assert '"2024":[[],["10205"]]' in Entry.objects.get(verb="regions.set_members").diff

    @pytest.mark.parametrize(
        "codes, says",
        [
            (["11203"], "入れられない地域があります: 川口市"),
            (["10000"], "群馬県"),
            (["99999"], "99999"),
        ],
    )
    def test_refuses_members_that_do_not_fit(self, codes, says):
        one = area()
        with pytest.raises(services.UnableToChange, match=says):
            fill(one, R6, *codes)
        assert members(one, R6) == []

    def test_refuses_a_ward_that_had_ended_or_not_begun(self):
        one = area(prefecture="22000")
        with pytest.raises(services.UnableToChange, match="浜松市中区"):
            fill(one, R6, "22131")
        with pytest.raises(services.UnableToChange, match="浜松市浜名区"):
            fill(one, FiscalYear(2022), "22139")
        fill(one, FiscalYear(2023), "22139")

    def test_refuses_a_city_beside_its_own_ward(self):
        one = area(prefecture="14000")
        with pytest.raises(services.UnableToChange, match="同時に"):
            fill(one, R6, "14100", "14101")
        fill(one, R6, "14101", "14102")

    def test_refuses_a_member_of_another_area_of_the_same_kind_and_year(self):
        one, other = area("甲"), area("乙")
        fill(one, R6, "10205")
        with pytest.raises(services.UnableToChange, match="太田市は、令和6年度の「甲」"):
            fill(other, R6, "10205")
        fill(other, R7, "10205")
        fill(area("丙", kind=RegionKind.HEALTH_CENTRE_AREA), R6, "10205")

    def test_refuses_when_somebody_was_quicker(self):
        one = area()
        fill(one, R6, "10205", version=1)
        with pytest.raises(services.UnableToChange, match="ほかの担当者"):
            fill(one, R6, "10207", version=1)
        assert members(one, R6) == ["10205"]

    def test_a_living_area_has_no_members(self):
        one = area(kind=RegionKind.LIVING_AREA, city_code="10205")
        with pytest.raises(services.UnableToChange):
            fill(one, R6, "10207")

    def test_is_for_the_managers_of_the_prefecture(self):
        with pytest.raises(RegionNotFound):
            fill(area(), R6, "10205", by=actor(Role.PREFECTURE_MANAGER, region_code="11000"))
