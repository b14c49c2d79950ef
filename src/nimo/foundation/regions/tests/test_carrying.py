"""Carrying memberships over to a year: what is shown is what is written, recorded changes are followed, nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.models import Region, RegionMembership
from nimo.foundation.regions.policies import RegionNotFound
from nimo.foundation.regions.queries.carrying import carrying_plan
from nimo.foundation.regions.rules.carrying import plan
from nimo.foundation.regions.rules.changes import Change, Link
from nimo.foundation.regions.rules.recording import Facts, NewPlace
from nimo.foundation.regions.services.changes import record_change
from nimo.foundation.regions.services.members import carry_forward, set_members
from nimo.foundation.regions.services.places import UnableToChange, create_area, end_region
from nimo.foundation.regions.tests.support import SYSTEM, actor
from tests.support.queries import count_queries

R6, R7 = FiscalYear(2024), FiscalYear(2025)
MANAGER = actor(Role.PREFECTURE_MANAGER)
W = RegionKind.WELFARE_AREA
APRIL = date(2025, 4, 1)


def change(kind: ChangeKind, *links: tuple, day: date = APRIL) -> Change:
    return Change("1", kind, day, tuple(Link(*link) for link in links), "告示第1号")


def planned(before: dict[str, str], there: dict[str, str], *changes: Change, living: str, wards=None):
    cities = {code: (wards or {}).get(code) for code in living.split() if not code.startswith("w")}
    made = plan(before, there, living=living.split(), cities=cities, changes=changes, from_year=R6, to_year=R7)
    return {row.child: (row.before, row.after, row.why, row.writes) for row in made.rows}


class TestThePlan:
    def test_what_did_not_change_is_the_same(self):
        assert planned({"A": "w1"}, {}, living="A w1") == {"A": ("w1", "w1", "same", True)}

    def test_what_is_registered_stays(self):
        found = planned({"A": "w1", "B": "w1", "E": "w2"}, {"A": "w1", "B": "w2"}, living="A B E w1 w2")
        assert found.pop("E") == ("w2", None, "open", False), "the list of w2 is there, and E is not on it"
        assert found == {"A": ("w1", "w1", "same", False), "B": ("w1", "w2", "changed", False)}

    def test_a_merged_town_is_gone_and_its_city_is_new_in_its_place(self):
        found = planned({"A": "w1", "B": "w1"}, {}, change(ChangeKind.MERGER, ("A", "C"), ("B", "C")), living="C w1")
        assert found == {
            "A": ("w1", None, "gone", False),
            "B": ("w1", None, "gone", False),
            "C": (None, "w1", "new", True),
        }

    def test_a_city_out_of_two_areas_is_open(self):
        merged = change(ChangeKind.MERGER, ("A", "C"), ("B", "C"))
        assert planned({"A": "w1", "B": "w2"}, {}, merged, living="C w1 w2")["C"] == (None, None, "open", False)

    def test_a_move_and_joined_areas_are_followed(self):
        moved = change(ChangeKind.MOVE, ("w1", "w2", "A"))
        assert planned({"A": "w1"}, {}, moved, living="A w1 w2")["A"] == ("w1", "w2", "changed", True)
        joined = change(ChangeKind.MERGER, ("w1", "w3"), ("w2", "w3"))
        assert planned({"A": "w1"}, {}, joined, living="A w3")["A"] == ("w1", "w3", "changed", True)
        divided = change(ChangeKind.SPLIT, ("w1", "w3"), ("w1", "w4"))
        assert planned({"A": "w1"}, {}, divided, living="A w3 w4")["A"] == ("w1", None, "open", False)

    def test_changes_of_other_years_are_not_followed(self):
        for day in (date(2024, 4, 1), date(2025, 3, 31), date(2026, 4, 1)):
            moved = change(ChangeKind.MOVE, ("w1", "w2", "A"), day=day)
            assert planned({"A": "w1"}, {}, moved, living="A w1 w2")["A"] == ("w1", "w1", "same", True)

    def test_wards_and_their_city_are_open_only_where_the_other_belongs(self):
        wards = {"X": "Y", "Z": "Y"}
        assert planned({"Y": "w1"}, {}, living="Y X Z w1", wards=wards) == {"Y": ("w1", "w1", "same", True)}
        found = planned({"X": "w1"}, {}, living="Y X Z w1", wards=wards)
        assert found == {"X": ("w1", "w1", "same", True), "Z": (None, None, "open", False)}

    def test_the_digest_tells_one_plan_from_another(self):
        def digest(before: dict[str, str]) -> str:
            return plan(
                before, {}, living=["A", "w1", "w2"], cities={"A": None}, changes=(), from_year=R6, to_year=R7
            ).digest

        assert digest({"A": "w1"}) == digest({"A": "w1"}) != digest({"A": "w2"})


@pytest.fixture
def areas(country) -> tuple[Region, Region]:
    made = [create_area(actor=SYSTEM, kind=W, prefecture_code="10000", name=name, kana="よみ") for name in ("甲", "乙")]
    for one, codes in zip(made, (["10205", "10207"], ["10201"]), strict=True):
        set_members(actor=SYSTEM, area_code=one.code, fiscal_year=R6, child_codes=codes, version=1)
    return made[0], made[1]


def carry(by=MANAGER, digest: str | None = None, kind=W):
    shown = carrying_plan("10000", kind, R7).digest
    return carry_forward(actor=by, prefecture_code="10000", kind=kind, to_year=R7, digest=digest or shown)


def members(one: Region, year: FiscalYear) -> list[str]:
    rows = RegionMembership.objects.filter(parent=one, fiscal_year=year.year)
    return sorted(rows.values_list("child_id", flat=True))


class TestCarrying:
    def test_writes_what_was_shown_and_is_audited(self, areas):
        one, other = areas
        done = carry()
        assert (members(one, R7), members(other, R7)) == (["10205", "10207"], ["10201"])
        assert len(done.to_write) == 3
        assert {row.why for row in done.rows if row.child not in {"10205", "10207", "10201"}} == {"open"}
        assert Entry.objects.get(verb="regions.copy_members").region_code == "10000"

    def test_keeps_rows_of_the_new_year(self, areas):
        one, other = areas
        set_members(actor=SYSTEM, area_code=other.code, fiscal_year=R7, child_codes=["10207"], version=2)
        rows = {row.child: row for row in carry().rows}
        assert (members(one, R7), members(other, R7)) == (["10205"], ["10207"])
        assert (rows["10201"].why, rows["10201"].note) == ("open", "令和7年度の圏域の登録に入っていません。")

    def test_begins_with_what_holds_also_where_only_one_area_was_written_since(self, areas):
        one, other = areas
        set_members(actor=SYSTEM, area_code=one.code, fiscal_year=R7, child_codes=["10205"], version=2)
        plan = carrying_plan("10000", W, FiscalYear(2026))
        assert {row.child: row.after for row in plan.to_write} == {"10205": one.code, "10201": other.code}

    def test_follows_a_merger_that_was_recorded(self, areas):
        one, _ = areas
        new = NewPlace("10999", RegionKind.CITY, "架空市", "かくうし")
        facts = Facts(ChangeKind.MERGER, APRIL, "告示第1号", (Link("10205", "10999"), Link("10207", "10999")), (new,))
        record_change(actor=SYSTEM, prefecture_code="10000", facts=facts)
        RegionMembership.objects.filter(fiscal_year=2025).delete()
        rows = {row.child: row for row in carry().rows}
        assert members(one, R7) == ["10999"]
        assert rows["10205"].note == "令和7年4月1日の合併（告示第1号）"

    def test_leaves_open_what_was_in_an_ended_area(self, areas):
        _, other = areas
        end_region(actor=SYSTEM, region_code=other.code, version=2, valid_to=APRIL, reason="見直し")
        rows = {row.child: row for row in carry().rows}
        assert (rows["10201"].why, rows["10201"].note) == ("open", "前の圏域がなくなりました。")
        assert members(other, R7) == []

    def test_refuses_when_something_changed_since_it_was_shown(self, areas):
        one, other = areas
        shown = carrying_plan("10000", W, R7).digest
        set_members(actor=SYSTEM, area_code=other.code, fiscal_year=R7, child_codes=["10207"], version=2)
        with pytest.raises(UnableToChange, match="もう一度確かめて"):
            carry(digest=shown)
        assert members(one, R7) == []

    def test_says_when_there_is_nothing_to_write(self, areas):
        carry()
        with pytest.raises(UnableToChange, match="写す所属がありません"):
            carry()
        with pytest.raises(UnableToChange, match="写す所属がありません"):
            carry(kind=RegionKind.MEDICAL_AREA)

    def test_does_not_touch_other_kinds_and_prefectures(self, areas):
        for prefecture, kind, code in (("10000", RegionKind.HEALTH_CENTRE_AREA, "10205"), ("11000", W, "11203")):
            made = create_area(actor=SYSTEM, kind=kind, prefecture_code=prefecture, name="別", kana="べつ")
            set_members(actor=SYSTEM, area_code=made.code, fiscal_year=R6, child_codes=[code], version=1)
        carry()
        assert RegionMembership.objects.filter(fiscal_year=R7.year).count() == 3

    def test_is_for_the_managers_of_the_prefecture(self, areas):
        with pytest.raises(RegionNotFound):
            carry(by=actor(Role.PREFECTURE_MANAGER, region_code="11000"))

    @pytest.mark.django_db(databases=["default", "side"])
    def test_the_plan_costs_the_same_however_many_belong(self, areas):
        before = count_queries(lambda: carrying_plan("10000", W, R7))
        carry()
        assert count_queries(lambda: carrying_plan("10000", W, R7)) == before
