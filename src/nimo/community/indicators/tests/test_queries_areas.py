"""Series of invented towns through mergers and moves, as read by people inside and outside: both views, nothing more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.queries.areas import LaidSeen, laid_figure, todays_map
from nimo.community.indicators.queries.catalogue import catalogue
from nimo.community.indicators.queries.explorer.asking import read_question
from nimo.community.indicators.queries.explorer.page import explore
from nimo.community.indicators.queries.explorer.screens import derived_value_page
from nimo.community.indicators.queries.reading import read
from nimo.community.indicators.queries.series import series
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.support import PUBLIC, SYSTEM, count, make_region, member, record, sheet
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.models import Region, RegionChange
from nimo.foundation.regions.rules.changes import Link
from nimo.foundation.regions.rules.recording import Facts, NewPlace
from nimo.foundation.regions.services.changes import ChangeRecorded, cancel_change, record_change
from nimo.foundation.regions.services.members import set_members
from nimo.foundation.regions.services.places import create_area
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
A, B, C, D, NEW = "10901", "10902", "10903", "10904", "10999"
APRIL = date(2025, 4, 1)
OFFICER = Role.PREFECTURE_OFFICER


@pytest.fixture(autouse=True)
def _towns(store):
    for code, name in ((A, "架空甲町"), (B, "架空乙町"), (C, "架空丙町"), (D, "架空丁町")):
        make_region(code, name, RegionKind.TOWN)


def change(kind: ChangeKind, *links: tuple, day: date = APRIL, new: tuple[NewPlace, ...] = ()) -> ChangeRecorded:
    facts = Facts(kind, day, "架空県告示第1号", tuple(Link(*link) for link in links), new)
    return record_change(actor=SYSTEM, prefecture_code="10000", facts=facts)


def merge(*towns: str, into: str = NEW, day: date = APRIL) -> ChangeRecorded:
    new = () if into in towns else (NewPlace(into, RegionKind.CITY, "架空市", "かくうし"),)
    return change(ChangeKind.MERGER, *[(town, into) for town in towns], day=day, new=new)


def state(year: int, values: dict[str, int | None], indicator: str = "population", **more) -> None:
    """One publication of 1 October of a year, with a value for each region."""
    given = {"as_of": f"{year}-10-01", "basis": "sheet_as_given", **more}
    rows = [count(indicator, value, code, **given) for code, value in values.items()]
    source = sheet(
        "10000", year, series=f"{indicator}:{year}:{sorted(values)[0]}", kind="official_statistics", title=f"統計{year}"
    )
    record(rows, source)


def now(*codes: str, indicator: str = "population", actor=SYSTEM, **more):
    """{(region, fiscal year): figure} on today's map."""
    there = todays_map(codes, date(2026, 5, 11))
    rows = Observation.objects.live().filter(region_id__in=there.codes, indicator_id=indicator)
    return {(one.region_code, one.fiscal_year): one for one in there.lay(read(actor, rows, **more))}


def then(actor=SYSTEM, indicator: str = "population"):
    rows = Observation.objects.live().filter(indicator_id=indicator, region__kind__in=["town", "city"])
    return {(one.region_code, one.fiscal_year): one for one in read(actor, rows)}


class TestBothViews:
    @pytest.mark.parametrize("indicator", ["population", "inpatients"])
    @pytest.mark.parametrize("day", [APRIL, date(2025, 7, 1)])
    def test_totals_of_a_prefecture_are_equal_before_and_after_a_merger(self, indicator, day):
        basis = {"basis": "630_address"} if indicator == "inpatients" else {}
        state(2024, {A: 1200, B: 800, C: 501, D: 30}, indicator, **basis)
        before = {
            year: sum(one.value for (_, y), one in then(indicator=indicator).items() if y == year) for year in (2024,)
        }
        merge(A, B, day=day)
        state(2025, {NEW: 1990, C: 500, D: 31}, indicator, **basis)
        living = [one.code for one in Region.objects.filter(code__in=[A, B, C, D, NEW], valid_to=None)]
        laid = now(*living, indicator=indicator)
        totals = {year: sum(one.value for (_, y), one in laid.items() if y == year) for year in (2024, 2025)}
        recorded = {
            year: sum(one.value for (_, y), one in then(indicator=indicator).items() if y == year)
            for year in (2024, 2025)
        }
        assert totals == recorded == {2024: 2531, 2025: 2521}
        assert before == {2024: 2531}
        assert laid[NEW, 2024].value == 2000

    def test_a_chain_of_mergers_is_one_series(self):
        state(2020, {A: 1, B: 10, C: 100})
        merge(A, B, day=date(2021, 4, 1))
        state(2022, {NEW: 12, C: 101})
        big = NewPlace("10998", RegionKind.CITY, "架空大市", "かくうおおし")
        change(ChangeKind.MERGER, (NEW, "10998"), (C, "10998"), day=date(2023, 10, 2), new=(big,))
        state(2023, {NEW: 13, C: 102})
        state(2024, {"10998": 116})
        assert {year: one.value for (_, year), one in now("10998").items()} == {
            2020: 111,
            2022: 113,
            2023: 115,
            2024: 116,
        }

    def test_a_rename_keeps_the_series_as_it_was_stated(self):
        state(2024, {A: 1200})
        change(ChangeKind.RENAME, (A, NEW), new=(NewPlace(NEW, RegionKind.CITY, "架空市", "かくうし"),))
        state(2025, {NEW: 1300})
        laid = now(NEW)
        assert {year: one.value for (_, year), one in laid.items()} == {2024: 1200, 2025: 1300}
        assert laid[NEW, 2024].source_title == "統計2024"

    def test_a_cancelled_change_changes_nothing(self):
        state(2024, {A: 1200, B: 800})
        unchanged = now(A, B)
        done = merge(A, B, into=A)
        assert now(A)[A, 2024].value == 2000
        cancel_change(actor=SYSTEM, change_id=done.change.pk, version=1, reason="誤り")
        assert now(A, B) == unchanged
        assert not todays_map([A], date(2026, 5, 11)).changed(A)

    def test_a_change_to_come_is_not_on_todays_map(self):
        state(2024, {A: 1200, B: 800})
        merge(A, B, into=A, day=date(2027, 4, 1))
        assert now(A)[A, 2024].value == 1200
        assert not todays_map([A], date(2026, 5, 11)).changed(A)


class TestWhatCannotBeAdded:
    def test_a_rate_is_recomputed_and_a_mean_without_parts_is_absent(self):
        fields = {"fiscal_year": 2024, "as_of": "FY2024", "basis": "ndb"}
        rate, mean = "early_discharge_rate_3_months", "community_living_days"
        rows = [
            count(rate, Decimal("50.0"), A, numerator=5, denominator=10, unit="%", **fields),
            count(rate, Decimal("90.0"), B, numerator=81, denominator=90, unit="%", **fields),
            count(mean, Decimal("300.0"), A, unit="日", **fields),
            count(mean, Decimal("320.0"), B, unit="日", **fields),
        ]
        record(rows, sheet("10000", 2024))
        merge(A, B)
        assert now(NEW, indicator=rate)[NEW, 2024].value == Decimal("86.0")
        lost = now(NEW, indicator=mean)[NEW, 2024]
        assert lost.value is None
        assert "分子と分母が分からない" in lost.reason

    def test_a_town_without_a_figure_leaves_no_sum(self):
        state(2024, {A: 1200})
        merge(A, B)
        lost = now(NEW)[NEW, 2024]
        assert (lost.state, lost.value, lost.cell_text) == ("no_record", None, "記録なし")
        assert "「架空乙町」の値がない" in lost.reason

    def test_a_division_is_laid_by_published_population_only(self):
        state(2024, {A: 1001})
        state(2024, {A: 90}, "psychiatric_beds")
        new = NewPlace(NEW, RegionKind.TOWN, "架空新町", "かくうしんまち")
        facts = Facts(
            ChangeKind.SPLIT,
            APRIL,
            "架空県告示第2号",
            (Link(A, A, None, 300, 1000), Link(A, NEW, None, 700, 1000)),
            (new,),
            share_reference="架空統計書",
        )
        record_change(actor=SYSTEM, prefecture_code="10000", facts=facts)
        laid = now(A, NEW)
        assert {code: one.cell_text for (code, _), one in laid.items()} == {A: "約300人", NEW: "約701人"}
        beds = now(A, NEW, indicator="psychiatric_beds")
        assert [one.value for one in beds.values()] == [None, None]


def publish_all() -> None:
    publish(actor=SYSTEM, source_ids=list(Observation.objects.values_list("source_id", flat=True).distinct()))


class TestReaders:
    def test_one_hidden_town_hides_the_sum_from_outsiders_and_not_from_insiders(self):
        state(2024, {A: 30_000, B: 30_000})
        state(2024, {A: 300, B: 4}, "inpatients", basis="630_address")
        merge(A, B)
        publish_all()
        laid = now(NEW, indicator="inpatients", actor=PUBLIC)[NEW, 2024]
        assert isinstance(laid, LaidSeen)
        assert (laid.state, laid.value, laid.cell_text) == ("suppressed", None, "－（非表示）")
        assert "304" not in repr(laid.reason)
        assert now(NEW, indicator="inpatients", actor=SYSTEM)[NEW, 2024].value == 304
        assert now(NEW, indicator="inpatients", actor=SYSTEM, as_public=True)[NEW, 2024].value is None

    def test_outsiders_get_nothing_of_what_is_not_published(self):
        state(2024, {A: 1200, B: 800})
        Observation.objects.update(published_at=None, exposure="not_assessed")
        merge(A, B)
        assert now(NEW, actor=PUBLIC) == {}
        with pytest.raises(FigureNotAvailable):
            laid_figure(PUBLIC, NEW, Observation.objects.get(region_id=A).pk)

    def test_a_sum_stated_for_the_new_town_does_not_give_a_hidden_one_away(self):
        """統計 that state the merged town for the years before: with it and one town the other would follow."""
        merge(A, B)
        state(2024, {A: 30_000, B: 30_000, NEW: 60_000})
        state(2024, {A: 300, B: 4, NEW: 304}, "inpatients", basis="630_address")
        publish_all()
        shown = {
            one.region_code
            for one in read(PUBLIC, Observation.objects.live().filter(indicator_id="inpatients"))
            if one.value is not None
        }
        assert B not in shown
        assert shown != {A, NEW}, "304 − 300 would be known"


class TestAreas:
    def areas(self, move_on: date) -> tuple[Region, Region]:
        one, other = (
            create_area(actor=SYSTEM, kind=RegionKind.WELFARE_AREA, prefecture_code="10000", name=name, kana="よみ")
            for name in ("東圏域", "西圏域")
        )
        for area, codes in ((one, [A, B]), (other, [C])):
            set_members(actor=SYSTEM, area_code=area.code, fiscal_year=FiscalYear(2023), child_codes=codes, version=1)
        change(ChangeKind.MOVE, (one.code, other.code, B), day=move_on)
        return one, other

    @pytest.mark.parametrize("day", [APRIL, date(2024, 12, 1)])
    def test_a_move_keeps_the_totals_and_adds_the_members_of_today(self, day):
        one, other = self.areas(day)
        state(2024, {A: 1200, B: 800, C: 500})
        state(2024, {one.code: 2000, other.code: 500})
        state(2025, {one.code: 1190, other.code: 1310})
        laid = now(one.code, other.code)
        assert {key: figure.value for key, figure in laid.items()} == {
            (one.code, 2024): 1200,
            (other.code, 2024): 1300,
            (one.code, 2025): 1190,
            (other.code, 2025): 1310,
        }
        assert not isinstance(laid[one.code, 2025], LaidSeen)

    def test_what_its_members_do_not_tell_is_absent(self):
        one, other = self.areas(APRIL)
        state(2024, {one.code: 2000, other.code: 500, A: 1200})
        laid = now(one.code, other.code)
        assert laid[one.code, 2024].value == 1200
        assert laid[other.code, 2024].value is None

    def test_a_merger_inside_an_area_leaves_the_area_as_it_was(self):
        one, other = self.areas(date(2023, 4, 2))
        merge(B, C, day=APRIL)
        state(2024, {one.code: 1200, other.code: 1300})
        laid = now(one.code, other.code)
        assert [figure.value for figure in laid.values()] == [1200, 1300]
        assert not any(isinstance(figure, LaidSeen) for figure in laid.values())


class TestPages:
    def test_every_figure_opens_what_made_it(self, client):
        state(2024, {A: 1200, B: 800})
        merge(A, B)
        publish_all()
        laid = now(NEW)[NEW, 2024]
        assert laid.href == f"/indicators/laid/{NEW}/{laid.id}/"
        page = client.get(laid.href).content.decode()
        for text in (
            "2,000",
            "1,200人",
            "800人",
            "架空甲町・架空乙町が合併し、架空市になりました。",
            "架空県告示第1号",
        ):
            assert text in page
        for operand in laid.operands:
            assert operand.href in page
            assert client.get(operand.href).status_code == 200

    def test_answers_404_for_figures_that_do_not_belong_together(self, client):
        state(2024, {A: 1200, B: 800, C: 7})
        merge(A, B)
        publish_all()
        ids = dict(Observation.objects.values_list("region_id", "pk"))
        assert client.get(f"/indicators/laid/{NEW}/{ids[A]}/").status_code == 200
        assert client.get(f"/indicators/laid/{NEW}/{ids[C]}/").status_code == 404
        assert client.get(f"/indicators/laid/{C}/{ids[C]}/").status_code == 404
        assert client.get(f"/indicators/laid/99999/{ids[A]}/").status_code == 404
        assert client.get(f"/indicators/laid/{NEW}/999999/").status_code == 404

    def test_an_official_inside_sees_it_before_it_is_published(self):
        state(2024, {A: 1200, B: 800})
        Observation.objects.update(published_at=None, exposure="not_assessed")
        merge(A, B)
        inside = member(OFFICER, "10000", frozenset({A, B, NEW}))
        figure, _ = laid_figure(inside, NEW, Observation.objects.get(region_id=A).pk)
        assert figure.value == 2000


def test_series_read_either_view_with_constant_queries():
    state(2020, {A: 1200, B: 800})
    merge(A, B, day=date(2021, 4, 1))
    state(2024, {NEW: 1900})

    def run(view: bool):
        there = todays_map([NEW], date(2026, 5, 11)) if view else None
        return series(SYSTEM, NEW, ["population"], on_map=there)

    assert [(one.fiscal_year, one.value) for one in run(True)[0].points] == [(2020, 2000), (2024, 1900)]
    assert [(one.fiscal_year, one.value) for one in run(False)[0].points] == [(2024, 1900)]

    def grow() -> None:
        for year in (2017, 2018, 2019):
            state(year, {A: year, B: 1})
        change(ChangeKind.SPLIT, (C, C), (C, "10997"), new=(NewPlace("10997", RegionKind.TOWN, "架空町", "か"),))
        assert RegionChange.objects.count() > 1

    assert_constant_queries(lambda: run(True), grow)


def test_the_explorer_shows_a_merged_town_on_either_map():
    state(2023, {A: 1_000, B: 500})
    merge(A, B)
    state(2025, {NEW: 1_480})
    known = catalogue()

    def years(**given: str) -> dict[int, object]:
        page = explore(SYSTEM, read_question(SYSTEM, {"region": NEW, "indicator": "population", **given}, known), known)
        assert page is not None
        assert page.changed
        line = page.blocks[0].own
        assert line is not None
        return {point.fiscal_year: point.value for point in line.points}

    assert years() == {2025: 1_480}
    assert years(map="now") == {2023: 1_500, 2025: 1_480}


def test_a_derived_figure_on_todays_map_opens_what_it_was_made_of(client):
    for indicator, values in (("inpatients_over_1_year", (100, 50)), ("inpatients", (200, 100))):
        state(2023, dict(zip((A, B), values, strict=True)), indicator, as_of="2023-06-30")
    merge(A, B)
    known = catalogue()
    given = {"region": NEW, "indicator": "long_stay_share", "map": "now"}
    page = explore(SYSTEM, read_question(SYSTEM, given, known), known)
    assert page is not None
    line = page.blocks[0].own
    assert line is not None
    assert str(line.last.value) == "50.0"
    assert "map=now" in line.last.href
    shown = derived_value_page(SYSTEM, "long_stay_share", NEW, 2023, "sheet_as_given", today=True)
    assert shown.figure.value == "50.0"
    with pytest.raises(FigureNotAvailable):
        derived_value_page(SYSTEM, "long_stay_share", NEW, 2023, "sheet_as_given")
