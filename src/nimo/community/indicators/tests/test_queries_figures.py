from __future__ import annotations

from decimal import Decimal

import pytest

from nimo.community.indicators.queries.dictionary import indicator_list, values_by_region
from nimo.community.indicators.queries.figures import RegionFigure, region_figures
from nimo.community.indicators.queries.maps import map_values
from nimo.community.indicators.queries.series import series, stay_breakdowns
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.services.stale import mark_stale
from nimo.community.indicators.services.statistics import load_national_series, load_prefecture_beds
from nimo.community.indicators.tests.support import (
    GUNMA,
    MAEBASHI,
    OTA,
    PUBLIC,
    SYSTEM,
    count,
    inpatients,
    member,
    record,
    sheet,
)
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import NATION_CODE, RegionKind

pytestmark = pytest.mark.django_db
POPULATION = count("population", 222_364, as_of="2024-05")


def by_code(figures: list[RegionFigure]) -> dict[str, RegionFigure]:
    return {one.figure.indicator: one for one in figures}


def officer(region_code: str = OTA):
    return member(Role.MUNICIPAL_OFFICER, region_code)


def test_gives_each_figure_with_everything_it_needs(store):
    record([POPULATION])
    (one,) = region_figures(officer(), OTA)
    figure = one.as_component
    assert (figure.label, figure.value, figure.unit) == ("人口", "222,364", "人")
    assert figure.as_of == "令和6年5月（2024年）"
    assert figure.basis == "シートの記載どおり"
    assert "自治体情報シート" in figure.source
    assert figure.href == f"/indicators/observations/{one.figure.id}/"
    assert figure.state == "value"


def test_the_public_sees_nothing_before_somebody_publishes(store):
    record([POPULATION])
    assert region_figures(PUBLIC, OTA) == []
    assert region_figures(officer(MAEBASHI), OTA) == []
    assert len(region_figures(officer(), OTA)) == 1


def test_the_public_form_holds_no_hidden_value_and_says_why(store):
    done = record([POPULATION, *inpatients(66, 4, 175, 109, note="4人だけ")])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    for reader in (PUBLIC, officer(MAEBASHI)):
        one = by_code(region_figures(reader, OTA))["inpatients_3_to_12_months"]
        assert one.figure.state == "suppressed"
        assert one.figure.value is None
        assert one.figure.note == ""
        assert one.as_component.state == "suppressed"
        assert "表示しません" in one.as_component.reason
    own = by_code(region_figures(officer(), OTA))["inpatients_3_to_12_months"]
    assert own.figure.value == 4
    preview = by_code(region_figures(officer(), OTA, as_public=True))["inpatients_3_to_12_months"]
    assert preview.figure.value is None


def test_an_absent_figure_stays_absent_and_is_not_papered_over_by_an_older_one(store):
    record([count("health_centres", 1, as_of="2023-04")], sheet(year=2023))
    record([count("health_centres", None, as_of="2024-04")], sheet(year=2024))
    (one,) = region_figures(officer(), OTA)
    assert one.figure.state == "absent"
    assert one.as_component.value is None
    assert "0という意味ではありません" in one.as_component.reason


def test_asks_for_the_figures_up_to_a_year(store):
    for year, value in ((2022, 10), (2023, 11), (2024, 12)):
        record([count("health_centres", value, as_of=f"{year}-04")], sheet(year=year))
    assert region_figures(officer(), OTA, fiscal_year=2023)[0].figure.value == 11
    assert region_figures(officer(), OTA)[0].figure.value == 12
    assert region_figures(officer(), OTA, indicator_codes=["population"]) == []


def test_compares_with_the_year_before_of_the_same_sheet(store):
    record([count("inpatients", 390, as_of="2022-06-30")], sheet(year=2023))
    record([count("inpatients", 386, as_of="2023-06-30")], sheet(year=2024))
    (one,) = region_figures(officer(), OTA)
    assert [(c.label, c.figure.value, c.reason) for c in one.comparisons] == [("前年度（令和4年度）", 390, "")]
    assert one.as_component.comparisons[0].value == "390"


def test_says_why_a_figure_does_not_compare(store):
    record([count("inpatients", 390, as_of="2022-05")], sheet(year=2023))
    record([count("inpatients", 386, as_of="2023-06-30")], sheet(year=2024))
    (one,) = region_figures(officer(), OTA)
    assert "時点の取り方が違う" in one.comparisons[0].reason
    assert one.as_component.comparisons == []
    assert "時点の取り方が違う" in one.as_component.reason


def test_sets_a_prefecture_beside_the_nation_on_one_basis_only(store):
    load_prefecture_beds(actor=SYSTEM)
    load_national_series(actor=SYSTEM)
    figures = by_code(region_figures(PUBLIC, GUNMA))
    beds = figures["psychiatric_beds"]
    assert [(c.label, c.figure.value_text) for c in beds.comparisons if not c.reason] == [("全国", "291,008")]
    old = figures["inpatients_over_1_year_65_and_over"]
    assert old.figure.basis == "630_address"
    assert [c.figure.value for c in old.comparisons if not c.reason] == [96_935]


def test_a_city_is_not_set_beside_a_prefecture_counted_otherwise(store):
    load_prefecture_beds(actor=SYSTEM)
    record([count("inpatients", 386, as_of="2025-06-30")])
    (one,) = region_figures(officer(), OTA)
    assert [c.label for c in one.comparisons] == ["群馬県", "全国"]
    assert all("基準が違う" in c.reason for c in one.comparisons)


def test_keeps_coverages_and_counts_of_meetings_apart(store):
    drafts = [
        count("councils_municipality", 30, GUNMA, as_of="2024-03"),
        count("councils_municipality", 28, GUNMA, as_of="2024-03", coverage="政令市を除く"),
        count("council_frequency", 2, GUNMA, as_of="FY2023", dimension="会議=全体会"),
        count("council_frequency", 12, GUNMA, as_of="FY2023", dimension="会議=専門部会"),
    ]
    record(drafts, sheet(GUNMA))
    figures = region_figures(member(Role.PREFECTURE_OFFICER, GUNMA), GUNMA)
    assert [(one.figure.value, one.figure.coverage, one.figure.dimension_text) for one in figures] == [
        (2, "", "会議: 全体会"),
        (12, "", "会議: 専門部会"),
        (30, "", ""),
        (28, "政令市を除く", ""),
    ]


def test_puts_another_source_of_the_same_year_beside_not_into_a_figure(store):
    load_prefecture_beds(actor=SYSTEM)
    record([count("psychiatric_beds", 4_900, GUNMA, as_of="2025-06-30")], sheet(GUNMA))
    one = by_code(region_figures(member(Role.PREFECTURE_OFFICER, GUNMA), GUNMA))["psychiatric_beds"]
    assert one.figure.value == 4_953
    assert [other.value for other in one.others] == [4_900]


def test_marks_a_figure_that_waits_to_be_counted_again(store):
    record([POPULATION])
    mark_stale(actor=SYSTEM, fact="population", region_code=OTA, fiscal_year=2024)
    (one,) = region_figures(officer(), OTA)
    assert one.stale
    assert "数え直し" in one.as_component.mark


def test_says_yes_and_no_in_words(store):
    record([count("has_mental_health_subcommittee", None, as_of="FY2023", state="value", yes_no=False)])
    (one,) = region_figures(officer(), OTA)
    assert one.figure.cell_text == "なし"
    assert one.as_component.unit == ""


def test_an_unknown_region_has_no_figures(store):
    assert region_figures(SYSTEM, "99999") == []


def test_a_line_never_changes_its_basis(store):
    load_prefecture_beds(actor=SYSTEM)
    load_national_series(actor=SYSTEM)
    lines = series(PUBLIC, NATION_CODE, ["inpatients_over_1_year_65_and_over"])
    assert [(line.basis, [one.fiscal_year for one in line.points]) for line in lines] == [
        ("630_address", [2025]),
        ("unspecified", [2018, 2019, 2020, 2021]),
    ]


def test_a_gap_in_a_line_stays_a_gap_with_its_reason(store):
    load_national_series(actor=SYSTEM)
    (line,) = series(PUBLIC, NATION_CODE, ["early_discharge_rate_12_months"])
    assert [one.value for one in line.points] == [Decimal("89.5"), Decimal("89.3"), Decimal("88.3"), None]
    assert line.as_component.points[-1].note == "読み取れない"
    assert (
        series(PUBLIC, NATION_CODE, ["early_discharge_rate_12_months"], from_year=2020, to_year=2020)[0]
        .points[0]
        .fiscal_year
        == 2020
    )


def test_days_counted_in_two_ways_are_two_lines(store):
    load_national_series(actor=SYSTEM)
    lines = series(PUBLIC, NATION_CODE, ["community_living_days"])
    assert len(lines) == 2


def test_breaks_stays_down_with_shares_that_follow(store):
    record(inpatients(66, 36, 175, 109))
    (year,) = stay_breakdowns(officer(), OTA)
    assert [(part.figure.value, part.share) for part in year.stays] == [
        (66, Decimal("17.1")),
        (36, Decimal("9.3")),
        (284, Decimal("73.6")),
    ]
    assert [part.share for part in year.ages] == [Decimal("61.6"), Decimal("38.4")]
    assert (year.whole.value, year.doubt, year.mixed) == (386, "", ())


def test_gives_no_share_of_or_from_a_hidden_stay(store):
    done = record([POPULATION, *inpatients(66, 4, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    (year,) = stay_breakdowns(PUBLIC, OTA)
    for part in (*year.stays, *year.ages):
        if part.figure.value is None:
            assert part.share is None
    shown = [part for part in year.stays if part.share is not None]
    assert len(shown) < 3


def test_shows_a_difference_between_the_parts_and_the_whole_instead_of_repairing_it(store):
    drafts = [count("inpatients", 400) if d.indicator == "inpatients" else d for d in inpatients(66, 36, 175, 109)]
    record(drafts)
    (year,) = stay_breakdowns(officer(), OTA)
    assert "386人" in year.doubt
    assert "400人" in year.doubt


def test_never_adds_age_groups_counted_on_two_bases(store):
    load_prefecture_beds(actor=SYSTEM)
    (year,) = stay_breakdowns(PUBLIC, GUNMA)
    assert year.stays == ()
    assert len(year.mixed) == 6
    assert "住所地" in year.mixed_reason
    assert "所在地" in year.mixed_reason


def test_takes_the_fuller_statement_of_a_year(store):
    load_prefecture_beds(actor=SYSTEM)
    record(inpatients(66, 36, 175, 109, GUNMA, as_of="2025-06-30"), sheet(GUNMA))
    (year,) = stay_breakdowns(member(Role.PREFECTURE_OFFICER, GUNMA), GUNMA)
    assert len(year.stays) == 3
    assert year.mixed == ()


def test_a_map_shows_one_time_and_basis_and_says_who_is_left_out(store):
    load_prefecture_beds(actor=SYSTEM)
    record([count("psychiatric_beds", 9, "14100", as_of="2025-05", basis="sheet_as_given")], sheet("14100"))
    found = map_values(PUBLIC, "psychiatric_beds", 2025, region_kinds=[RegionKind.PREFECTURE])
    assert len(found.values) == 47
    assert found.measure is not None
    assert found.measure.basis == "630_hospital"
    assert {value.level for value in found.values.values()} == {0, 1, 2, 3, 4}
    both = map_values(SYSTEM, "psychiatric_beds", 2025)
    assert both.values["14100"].level is None
    assert "比べません" in both.values["14100"].note
    assert list(both.values) == sorted(both.values)


def test_a_hidden_value_has_no_colour(store):
    for code, value in ((OTA, 4), (MAEBASHI, 300)):
        done = record(
            [count("population", 300_000, code, as_of="2024-05"), count("inpatients", value, code)], sheet(code)
        )
        publish(actor=SYSTEM, source_ids=[done.source_id])
    found = map_values(PUBLIC, "inpatients", 2023, prefecture_code=GUNMA)
    assert found.values[OTA].level is None
    assert found.values[OTA].figure.value is None
    assert "4" not in found.values[OTA].text
    assert found.values[MAEBASHI].level is not None
    assert map_values(PUBLIC, "inpatients", 1999).values == {}


def test_lists_values_by_region_code_never_by_size(store):
    load_prefecture_beds(actor=SYSTEM)
    codes = [one.region_code for one in values_by_region(PUBLIC, "psychiatric_beds", 2025)]
    assert codes == sorted(codes)
    assert len(codes) == 48
    record([count("psychiatric_beds", 9, OTA, as_of="2025-05")])
    assert [one.region_code for one in values_by_region(SYSTEM, "psychiatric_beds", 2025, prefecture_code=GUNMA)] == [
        OTA
    ]


def test_finds_indicators_by_words_group_and_evidence(store):
    assert "population" in {one.code for one in indicator_list(words="ジンコウ 人口")} or indicator_list(words="人口")
    assert {one.group for one in indicator_list(group="outcome")} == {"outcome"}
    assert {one.evidence for one in indicator_list(evidence="K")} == {"K"}
    assert indicator_list(words="存在しない言葉") == []
    assert len(indicator_list(group="nonsense")) == len(indicator_list())
