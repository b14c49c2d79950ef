"""Recording, correcting and cancelling changes, on invented areas of 群馬県: what follows, what is refused, what returns."""

from __future__ import annotations

from datetime import date

import pytest
from django.forms.models import model_to_dict

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.models import Region, RegionChange, RegionMembership, RegionName, RegionSuccession
from nimo.foundation.regions.policies import RegionNotFound
from nimo.foundation.regions.queries import changes as histories
from nimo.foundation.regions.queries import places
from nimo.foundation.regions.rules.changes import Link
from nimo.foundation.regions.rules.recording import Facts, NewPlace
from nimo.foundation.regions.services import changes as services
from nimo.foundation.regions.services.members import set_members
from nimo.foundation.regions.services.places import UnableToChange, create_area
from nimo.foundation.regions.tests.support import SYSTEM, actor

MANAGER = actor(Role.PREFECTURE_MANAGER)
APRIL, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)
R6, R8, R9 = FiscalYear(2024), FiscalYear(2026), FiscalYear(2027)
KINDS = {"10901": "架空甲町", "10902": "架空乙町", "10903": "架空丙町", "10904": "架空丁町"}
A, B, C, D = KINDS
NEW = "10999"
CITY = NewPlace(NEW, RegionKind.CITY, "架空市", "かくうし")


@pytest.fixture(autouse=True)
def _country(country):
    for code, name in KINDS.items():
        Region.objects.create(
            code=code, kind=RegionKind.TOWN, name=name, kana="かくう", prefecture_id="10000", search_key=name
        )


def area(name: str, *codes: str, year: FiscalYear = R6, kind: RegionKind = RegionKind.WELFARE_AREA) -> Region:
    made = create_area(actor=SYSTEM, kind=kind, prefecture_code="10000", name=name, kana="よみ")
    if codes:
        set_members(actor=SYSTEM, area_code=made.code, fiscal_year=year, child_codes=codes, version=1)
    return made


def facts(kind: ChangeKind, *links: tuple, day: date = APRIL, new: tuple[NewPlace, ...] = (), **more) -> Facts:
    given = {"reference": "架空県告示第1号", **more}
    return Facts(kind, day, links=tuple(Link(*link) for link in links), new=new, **given)


def merger(*befores: str, day: date = APRIL, after: str = NEW, new: tuple[NewPlace, ...] = (CITY,), **more) -> Facts:
    return facts(ChangeKind.MERGER, *[(one, after) for one in befores], day=day, new=new, **more)


def write(given: Facts, by=MANAGER) -> services.ChangeRecorded:
    return services.record_change(actor=by, prefecture_code="10000", facts=given)


def cancel(change: RegionChange, reason: str = "入力の誤り"):
    version = RegionChange.objects.get(pk=change.pk).version
    return services.cancel_change(actor=MANAGER, change_id=change.pk, version=version, reason=reason)


def everything() -> dict[str, list[object]]:
    """All that is known of regions, but for the counters of edits."""
    return {
        "regions": [
            {k: v for k, v in model_to_dict(one).items() if k != "version"} for one in Region.objects.order_by("code")
        ],
        "names": list(RegionName.objects.order_by("pk").values()),
        "members": list(
            RegionMembership.objects.order_by("child_id", "parent_id", "fiscal_year").values_list(
                "child_id", "parent_id", "fiscal_year", "source"
            )
        ),
        "lines": list(RegionSuccession.objects.order_by("pk").values()),
    }


def members(one: Region, year: FiscalYear) -> list[str]:
    return [child.code for child in places.children(one, year)]


class TestRecording:
    def test_a_merger_ends_the_towns_and_begins_the_city(self):
        done = write(merger(A, B))
        assert {one.code: one.valid_to for one in Region.objects.filter(pk__in=[A, B])} == {A: APRIL, B: APRIL}
        city = Region.objects.get(pk=NEW)
        assert (city.valid_from, city.prefecture_id, city.source) == (APRIL, "10000", "架空県告示第1号")
        assert [one.sentence for one in histories.history(NEW)] == ["架空甲町・架空乙町が合併し、架空市になりました。"]
        entry = Entry.objects.get(verb="regions.record_change")
        assert (entry.target_id, entry.region_code) == (str(done.change.pk), "10000")
        assert f"{A}>{NEW}" in entry.diff

    def test_the_city_takes_the_towns_place_in_their_areas_from_the_year_on(self):
        one = area("甲", A, B, C)
        area("医", A, B, kind=RegionKind.MEDICAL_AREA)
        done = write(merger(A, B))
        assert done.undecided == ()
        assert members(one, R8) == [C, NEW]
        assert members(one, FiscalYear(2025)) == [A, B, C]
        assert {up.name for up in places.ancestors(Region.objects.get(pk=NEW), R9)} >= {"甲", "医"}

    def test_a_merger_in_autumn_holds_for_the_year_it_falls_in(self):
        one = area("甲", A, B)
        write(merger(A, B, day=AUTUMN))
        assert members(one, R8) == [NEW]

    def test_towns_of_different_areas_leave_the_decision_to_the_official(self):
        one, other = area("甲", A, C), area("乙", B)
        done = write(merger(A, B))
        assert done.undecided == ("障害保健福祉圏域: 前の地域が別々の圏域に入っていたため、所属を決めてください。",)
        assert (members(one, R8), members(other, R8)) == ([C], [])

    def test_an_absorbing_city_goes_on(self):
        write(merger(A, B, after=A, new=()))
        assert Region.objects.get(pk=A).valid_to is None
        assert Region.objects.get(pk=B).valid_to == APRIL
        assert histories.history(B)[0].sentence == "架空乙町が、架空甲町に編入されました。"

    def test_registers_a_former_town_that_was_not_in_the_list(self):
        old = NewPlace("10998", RegionKind.VILLAGE, "架空旧村", "かくうきゅうむら", former=True)
        write(merger(A, "10998", after=A, new=(old,), day=date(2005, 3, 28)))
        assert Region.objects.get(pk="10998").valid_to == date(2005, 3, 28)
        assert Region.objects.get(pk=A).valid_from is None

    def test_a_split_needs_no_shares_and_keeps_those_that_were_published(self):
        new = NewPlace(NEW, RegionKind.TOWN, "架空新町", "かくうしんまち")
        links = ((A, A, None, 600, 1000), (A, NEW, None, 400, 1000))
        done = write(facts(ChangeKind.SPLIT, *links, new=(new,), share_reference="架空統計書"))
        view = histories.view_of(done.change)
        assert view.sentence == "架空甲町が、架空甲町・架空新町に分かれました。"
        assert view.shares == (
            "架空甲町（1,000人）のうち架空甲町へ 600人",
            "架空甲町（1,000人）のうち架空新町へ 400人",
        )

    def test_a_rename_keeps_the_code_and_the_old_name(self):
        renamed = NewPlace(A, RegionKind.TOWN, "架空花町", "かくうはなまち")
        write(facts(ChangeKind.RENAME, (A, A), new=(renamed,)))
        assert (Region.objects.get(pk=A).name, RegionName.objects.get().name) == ("架空花町", "架空甲町")
        assert [one.code for one in places.search("架空花")] == [A]

    def test_a_town_that_becomes_a_city_takes_a_new_code_and_its_place(self):
        one = area("甲", A, B)
        write(facts(ChangeKind.RENAME, (A, NEW), new=(CITY,)))
        assert members(one, R8) == [B, NEW]
        assert Region.objects.get(pk=A).valid_to == APRIL

    def test_a_move_is_written_into_the_memberships_of_the_year_and_later_ones(self):
        one, other = area("甲", A, B), area("乙", C)
        set_members(actor=SYSTEM, area_code=one.code, fiscal_year=R9, child_codes=[A, B], version=2)
        write(facts(ChangeKind.MOVE, (one.code, other.code, A)))
        assert (members(one, FiscalYear(2025)), members(one, R8), members(one, R9)) == ([A, B], [B], [B])
        assert (members(other, FiscalYear(2025)), members(other, R8), members(other, R9)) == ([C], [A, C], [A, C])
        assert histories.history(A)[0].sentence == "架空甲町が、「甲」から「乙」に移りました。"

    def test_areas_that_are_joined_keep_their_members_together(self):
        one, other = area("甲", A, B), area("乙", C)
        joined = NewPlace("10w09", RegionKind.WELFARE_AREA, "甲乙", "こうおつ")
        write(facts(ChangeKind.MERGER, (one.code, "10w09"), (other.code, "10w09"), new=(joined,)))
        assert members(Region.objects.get(pk="10w09"), R8) == [A, B, C]
        ups = places.ancestors(Region.objects.get(pk=A), R8)
        assert [up.code for up in ups if up.kind == RegionKind.WELFARE_AREA] == ["10w09"]
        ups = places.ancestors(Region.objects.get(pk=A), R6)
        assert [up.code for up in ups if up.kind == RegionKind.WELFARE_AREA] == [one.code]

    def test_history_is_recorded_in_any_order(self):
        city = NewPlace(NEW, RegionKind.CITY, "架空市", "かくうし", former=True)
        write(merger(NEW, C, after="10998", new=(city, NewPlace("10998", RegionKind.CITY, "架空大市", "かくう"))))
        former = tuple(
            NewPlace(code, RegionKind.VILLAGE, name, "むら", former=True)
            for code, name in (("10990", "架空一村"), ("10991", "架空二村"))
        )
        write(merger("10990", "10991", new=former, day=date(2005, 1, 1)))
        assert Region.objects.get(pk=NEW).valid_from == date(2005, 1, 1)


class TestCancelling:
    @pytest.mark.parametrize("day", [APRIL, AUTUMN])
    def test_restores_exactly_what_was_before(self, day):
        one, other = area("甲", A, B), area("乙", C)
        set_members(actor=SYSTEM, area_code=one.code, fiscal_year=R9, child_codes=[A, B], version=2)
        renamed = NewPlace(D, RegionKind.TOWN, "架空花町", "かくうはなまち")
        for given in (
            merger(A, B, day=day),
            merger(A, B, day=day, after=A, new=()),
            facts(ChangeKind.MOVE, (one.code, other.code, A), day=day),
            facts(ChangeKind.RENAME, (D, D), new=(renamed,), day=day),
            facts(ChangeKind.RENAME, (A, NEW), new=(CITY,), day=day),
            facts(ChangeKind.SPLIT, (A, A), (A, NEW), new=(CITY,), day=day),
        ):
            before = everything()
            done = write(given)
            assert everything() != before
            sentence = histories.view_of(done.change).sentence
            cancelled = cancel(done.change)
            assert everything() == before
            assert histories.view_of(cancelled).sentence == sentence, "what was cancelled can still be read"
        assert histories.changes_of_prefecture("10000") == []
        assert len(histories.changes_of_prefecture("10000", cancelled=True)) == 6
        assert Entry.objects.filter(verb="regions.cancel_change", reason="入力の誤り").count() == 6

    def test_needs_a_reason_and_the_latest_version(self):
        done = write(merger(A, B))
        with pytest.raises(UnableToChange, match="理由"):
            cancel(done.change, reason=" ")
        with pytest.raises(UnableToChange, match="ほかの担当者"):
            services.cancel_change(actor=MANAGER, change_id=done.change.pk, version=9, reason="誤り")
        cancel(done.change)
        with pytest.raises(UnableToChange, match="すでに取り消されて"):
            cancel(done.change)

    def test_waits_for_later_changes_of_the_same_areas(self):
        first = write(merger(A, B))
        last = NewPlace("10998", RegionKind.CITY, "架空大市", "かくう")
        second = write(merger(NEW, C, after="10998", new=(last,), day=AUTUMN))
        with pytest.raises(UnableToChange, match="架空大市になりました"):
            cancel(first.change)
        assert Region.objects.filter(pk=NEW).exists()
        cancel(second.change)
        cancel(first.change)
        assert not Region.objects.filter(pk__in=[NEW, "10998"]).exists()

    def test_refuses_when_what_followed_was_edited_since_and_changes_nothing(self):
        one = area("甲", A, B, C)
        done = write(merger(A, B))
        version = Region.objects.get(pk=one.code).version
        set_members(actor=SYSTEM, area_code=one.code, fiscal_year=R8, child_codes=[C], version=version)
        before = everything()
        with pytest.raises(UnableToChange, match="令和8年度の所属"):
            cancel(done.change)
        assert everything() == before

    def test_refuses_while_the_new_city_has_something_recorded(self):
        done = write(merger(A, B))
        create_area(
            actor=SYSTEM,
            kind=RegionKind.LIVING_AREA,
            prefecture_code="10000",
            name="東部",
            kana="とうぶ",
            city_code=NEW,
        )
        with pytest.raises(UnableToChange, match="「架空市」の数値"):
            cancel(done.change)
        assert Region.objects.get(pk=A).valid_to == APRIL


class TestCorrecting:
    def correct(self, done, given: Facts, reason: str = "告示の日付の誤り"):
        version = RegionChange.objects.get(pk=done.change.pk).version
        return services.correct_change(
            actor=MANAGER, change_id=done.change.pk, version=version, facts=given, reason=reason
        )

    def test_is_as_if_it_had_been_recorded_like_this(self):
        one = area("甲", A, B, C)
        done = write(merger(A, B))
        self.correct(done, merger(A, B, C, day=AUTUMN))
        assert Region.objects.get(pk=C).valid_to == AUTUMN
        assert Region.objects.get(pk=NEW).valid_from == AUTUMN
        assert members(one, R8) == [NEW]
        assert RegionChange.objects.get().version == 2
        assert Entry.objects.get(verb="regions.correct_change").reason == "告示の日付の誤り"

    def test_words_alone_are_corrected_also_under_a_later_change(self):
        done = write(merger(A, B))
        last = NewPlace("10998", RegionKind.CITY, "架空大市", "かくう")
        write(merger(NEW, C, after="10998", new=(last,), day=AUTUMN))
        self.correct(done, merger(A, B, new=(), reference="架空県告示第2号"))
        assert RegionChange.objects.get(pk=done.change.pk).reference == "架空県告示第2号"
        with pytest.raises(UnableToChange, match="先にそちらを取り消して"):
            self.correct(done, merger(A, B, D))

    def test_what_cannot_be_leaves_the_record_as_it_was(self):
        done = write(merger(A, B))
        before = everything()
        with pytest.raises(UnableToChange):
            self.correct(done, merger(A))
        with pytest.raises(UnableToChange, match="理由"):
            self.correct(done, merger(A, B, C), reason="")
        assert everything() == before


class TestRefusals:
    def refused(self, given: Facts, says: str, by=MANAGER) -> None:
        before = everything()
        with pytest.raises(UnableToChange, match=says) as refusal:
            write(given, by)
        assert "何も保存していません" in str(refusal.value)
        assert everything() == before

    def test_a_change_before_its_predecessor_existed(self):
        Region.objects.filter(pk=A).update(valid_from=date(2010, 4, 1))
        self.refused(merger(A, B, day=date(2010, 4, 1)), "架空甲町」は平成22年4月1日に始まった")
        self.refused(merger(A, B, day=date(2001, 4, 1)), "前の地域にはできません")

    def test_a_change_of_what_had_ended(self):
        write(merger(A, B))
        self.refused(merger(A, C, after=D, new=(), day=AUTUMN), "終わったと登録")

    def test_a_successor_that_was_there_before(self):
        Region.objects.filter(pk=C).update(valid_from=date(2010, 4, 1))
        self.refused(merger(A, B, after=C, new=()), "前の地域にも入れてください")

    def test_a_circle(self):
        write(facts(ChangeKind.RENAME, (A, NEW), new=(CITY,)))
        self.refused(facts(ChangeKind.RENAME, (NEW, A), day=AUTUMN), "「架空甲町」は令和8年4月1日に終わったため")
        Region.objects.filter(pk=A).update(valid_to=None)
        self.refused(facts(ChangeKind.RENAME, (NEW, A), day=AUTUMN), "終わった地域に戻る変更は記録できません")

    def test_two_changes_of_one_town_on_one_day(self):
        write(merger(A, B))
        self.refused(facts(ChangeKind.SPLIT, (NEW, NEW), (NEW, C)), "始まったため|同じ日")

    def test_a_membership_that_is_missing(self):
        one, other = area("甲", A), area("乙", B)
        self.refused(facts(ChangeKind.MOVE, (one.code, other.code, C)), "どの圏域にも入っていません")
        self.refused(facts(ChangeKind.MOVE, (other.code, one.code, A)), "登録: 甲")

    def test_a_town_in_two_areas_of_one_kind(self):
        one, other = area("甲", A, B), area("乙", C)
        self.refused(facts(ChangeKind.MOVE, (None, other.code, A)), "一つの年度に入れる圏域は一つ")
        twice = facts(ChangeKind.MOVE, (one.code, other.code, A), (one.code, None, A))
        self.refused(twice, "二度入っています")

    def test_an_area_that_would_be_empty(self):
        one, other = area("甲", A), area("乙", C)
        self.refused(facts(ChangeKind.MOVE, (one.code, other.code, A)), "含まれる市区町村がなくなります")

    def test_kinds_that_do_not_fit(self):
        one, health = area("甲", A, B), area("保", C, kind=RegionKind.HEALTH_CENTRE_AREA)
        self.refused(facts(ChangeKind.MOVE, (one.code, health.code, A)), "同じ種類の圏域")
        self.refused(merger(A, one.code, after=A, new=()), "同じ種類の圏域どうし")
        self.refused(facts(ChangeKind.SPLIT, (A, B)), "分割は")
        self.refused(merger(A), "合併は")
        self.refused(facts(ChangeKind.RENAME, (A, A)), "新しい名称")
        self.refused(merger(A, B, reference=" "), "根拠")
        self.refused(merger(A, "10777"), "登録されていない地域があります（10777）")
        self.refused(merger(A, B, new=(NewPlace(C, RegionKind.CITY, "架空市", "か"),), after=C), "使われています")

    def test_shares_that_do_not_add_up_or_have_no_source(self):
        links = ((A, A, None, 600, 1000), (A, C, None, 300, 1000))
        Region.objects.filter(pk=C).update(valid_from=APRIL)
        self.refused(facts(ChangeKind.SPLIT, *links, share_reference="統計書"), "分ける前の人口になりません")
        whole = ((A, A, None, 600, 1000), (A, C, None, 400, 1000))
        self.refused(facts(ChangeKind.SPLIT, *whole), "出典")
        self.refused(facts(ChangeKind.SPLIT, whole[0], (A, C)), "すべてについて入力")

    def test_a_town_of_another_prefecture(self):
        self.refused(merger(A, "11203", after=A, new=()), "川口市")

    def test_people_of_other_prefectures_and_officers(self):
        for by in (actor(Role.PREFECTURE_MANAGER, region_code="11000"), actor(Role.PREFECTURE_OFFICER)):
            with pytest.raises(RegionNotFound):
                write(merger(A, B), by=by)
        done = write(merger(A, B))
        with pytest.raises(RegionNotFound):
            services.cancel_change(
                actor=actor(Role.PREFECTURE_MANAGER, region_code="11000"),
                change_id=done.change.pk,
                version=1,
                reason="誤り",
            )


def test_the_wards_of_hamamatsu_are_171_before_and_after_their_reorganisation_is_recorded():
    """令和6年1月1日の浜松市の行政区再編: the shipped list has both sides; recording it writes down what became what."""
    wards = Region.objects.filter(kind=RegionKind.WARD)
    before = set(wards.living().values_list("pk", flat=True))
    assert len(before) == 171
    tenryu = facts(ChangeKind.RENAME, ("22137", "22140"), day=date(2024, 1, 1), reference="浜松市条例")
    services.record_change(actor=SYSTEM, prefecture_code="22000", facts=tenryu)
    assert set(wards.living().values_list("pk", flat=True)) == before
    assert len(wards.on(date(2023, 12, 31))) == 175
