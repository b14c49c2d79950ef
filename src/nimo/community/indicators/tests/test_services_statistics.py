from __future__ import annotations

from dataclasses import replace

import pytest

from nimo.community.indicators.formats.packaged import packaged_dictionary, packaged_survey_630
from nimo.community.indicators.models import (
    DerivedIndicator,
    DictionaryVersion,
    Indicator,
    Observation,
    PlanTarget,
    Source,
    StaleMark,
)
from nimo.community.indicators.queries.stale import stale_marks
from nimo.community.indicators.services import dictionary as dictionary_service
from nimo.community.indicators.services.dictionary import UnableToLoadDictionary, load_dictionary
from nimo.community.indicators.services.stale import mark_stale
from nimo.community.indicators.services.statistics import UnableToLoad, load_national_series, load_prefecture_beds
from nimo.community.indicators.tests.support import GUNMA, MAEBASHI, OTA, PUBLIC, SYSTEM, member
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_loads_the_dictionary_once(store):
    again = load_dictionary(actor=SYSTEM)
    assert again.unchanged
    assert Indicator.objects.count() == len(packaged_dictionary().entries)
    assert PlanTarget.objects.count() == again.targets
    assert DictionaryVersion.objects.count() == 1


def test_a_corrected_definition_is_taken_over_and_audited(store):
    edition = packaged_dictionary()
    entries = tuple(
        replace(entry, definition="書き直した定義") if entry.code == "population" else entry
        for entry in edition.entries
    )
    done = load_dictionary(actor=SYSTEM, dictionary=replace(edition, version="2099-1", digest="x", entries=entries))
    assert (done.added, done.changed) == (0, 1)
    assert Indicator.objects.get(pk="population").definition == "書き直した定義"
    assert "書き直した定義" in Entry.objects.order_by("-id").first().diff


def test_refuses_to_change_what_recorded_figures_mean(store):
    load_prefecture_beds(actor=SYSTEM)
    edition = packaged_dictionary()
    entries = tuple(replace(e, unit="千床") if e.code == "psychiatric_beds" else e for e in edition.entries)
    with pytest.raises(UnableToLoadDictionary, match="精神科病床数"):
        load_dictionary(actor=SYSTEM, dictionary=replace(edition, version="2099-1", digest="x", entries=entries))
    assert Indicator.objects.get(pk="psychiatric_beds").unit == "床"


def test_refuses_to_change_how_a_derived_indicator_is_reckoned(store):
    edition = packaged_dictionary()
    first, *others = edition.derived
    changed = (replace(first, expression="share(inpatients_under_3_months, inpatients)"), *others)
    with pytest.raises(UnableToLoadDictionary, match=first.name):
        load_dictionary(actor=SYSTEM, dictionary=replace(edition, version="2099-1", digest="x", derived=changed))
    assert DerivedIndicator.objects.get(pk=first.code).expression == first.expression
    renamed = (replace(first, definition="書き直した定義"), *others)
    load_dictionary(actor=SYSTEM, dictionary=replace(edition, version="2099-1", digest="x", derived=renamed))
    assert DerivedIndicator.objects.get(pk=first.code).definition == "書き直した定義"
    assert DerivedIndicator.objects.count() == len(edition.derived)


def test_a_code_that_leaves_the_dictionary_keeps_its_figures(store):
    load_prefecture_beds(actor=SYSTEM)
    edition = packaged_dictionary()
    entries = tuple(entry for entry in edition.entries if entry.code != "permitted_psychiatric_beds")
    load_dictionary(actor=SYSTEM, dictionary=replace(edition, version="2099-1", digest="x", entries=entries))
    assert Observation.objects.filter(indicator_id="permitted_psychiatric_beds").count() == 48


def test_only_who_reaches_every_region_loads_the_dictionary(store):
    with pytest.raises(UnableToLoadDictionary, match="システム管理者"):
        load_dictionary(actor=member(Role.PREFECTURE_MANAGER, GUNMA))
    assert load_dictionary(actor=member(Role.SYSTEM_ADMINISTRATOR, GUNMA)).unchanged


def test_loads_the_630_figures_public_and_each_on_its_own_basis(store):
    done = load_prefecture_beds(actor=SYSTEM)
    assert done.recorded == 480
    rows = Observation.objects.published()
    assert rows.count() == 480
    assert set(rows.values_list("exposure", flat=True)) == {"shown"}
    assert set(rows.filter(indicator__code__endswith="65_and_over").values_list("basis", flat=True)) == {"630_address"}
    assert set(rows.filter(indicator__code__endswith="under_65").values_list("basis", flat=True)) == {"630_hospital"}
    nation = dict(rows.filter(region_id="00000").values_list("indicator_id", "value"))
    assert nation["hospitals_with_psychiatric_beds"] == 1_522
    assert nation["psychiatric_beds"] == 291_008
    assert nation["inpatients"] == 247_808
    assert "inpatients_over_1_year" not in nation, "no sum over two bases is made up"
    source = Source.objects.get()
    assert source.credit == "精神保健福祉資料"
    assert source.open_reason
    row = rows.get(region_id=GUNMA, indicator_id="psychiatric_beds")
    assert (row.value, row.as_of, row.evidence) == (4953, "2025-06-30", "S3")
    assert row.locator == "11行目「精神病床数」"


def test_loading_the_630_figures_again_changes_nothing(store):
    first = load_prefecture_beds(actor=SYSTEM)
    again = load_prefecture_beds(actor=SYSTEM)
    assert again.unchanged
    assert again.source_id == first.source_id


def test_a_corrected_630_file_replaces_the_former_one(store):
    load_prefecture_beds(actor=SYSTEM)
    content = packaged_survey_630().decode().replace("群馬県,20,4953", "群馬県,20,4954").encode()
    done = load_prefecture_beds(actor=SYSTEM, content=content)
    assert done.superseded == 480
    assert Observation.objects.published().get(region_id=GUNMA, indicator_id="psychiatric_beds").value == 4954


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("10,群馬県", "10,栃木県", "11行目: コード 10 は群馬県ですが"),
        ("10,群馬県,20", "10,群馬県,二十", "11行目 C列"),
        ("許可病床数", "許可された病床", "1行目 E列"),
    ],
)
def test_refuses_a_wrong_file_naming_the_place_and_writes_nothing(store, old, new, words):
    content = packaged_survey_630().decode().replace(old, new).encode()
    with pytest.raises(UnableToLoad, match="何も記録していません") as refusal:
        load_prefecture_beds(actor=SYSTEM, content=content)
    assert words in str(refusal.value)
    assert not Observation.objects.exists()


def test_refuses_an_impossible_as_of(store):
    with pytest.raises(UnableToLoad, match="時点"):
        load_prefecture_beds(actor=SYSTEM, as_of="2025-06-31")


def test_a_prefecture_cannot_load_the_figures_of_others(store):
    with pytest.raises(UnableToLoad, match="権限"):
        load_prefecture_beds(actor=member(Role.PREFECTURE_MANAGER, GUNMA))
    assert not Observation.objects.exists()
    assert load_prefecture_beds(actor=member(Role.SYSTEM_ADMINISTRATOR, GUNMA)).recorded == 480


def test_loads_the_national_series_with_marks_and_gaps(store):
    done = load_national_series(actor=SYSTEM)
    assert (done.sources, done.recorded) == (8, 36)
    assert load_national_series(actor=SYSTEM).recorded == 0
    rows = Observation.objects.published().filter(region_id="00000")
    assert rows.get(indicator_id="inpatients_over_1_year", fiscal_year=2021).evidence == "D"
    assert rows.get(indicator_id="inpatients_over_1_year", fiscal_year=2023).qualifier == "約"
    gap = rows.get(indicator_id="early_discharge_rate_12_months", fiscal_year=2021)
    assert (gap.state, gap.value) == ("unreadable", None)


def test_a_fact_that_changed_is_marked_once_and_shown_within_reach(store):
    for _ in range(2):
        mark_stale(actor=SYSTEM, fact="A01", region_code=OTA, fiscal_year=2025)
    mark_stale(actor=SYSTEM, fact="A01", region_code=OTA, fiscal_year=2024)
    assert StaleMark.objects.count() == 2
    assert [mark.fiscal_year for mark in stale_marks(member(Role.MUNICIPAL_OFFICER, OTA))] == [2024, 2025]
    assert not stale_marks(member(Role.MUNICIPAL_OFFICER, MAEBASHI))
    assert not stale_marks(PUBLIC)


def test_the_meaning_of_an_indicator_is_more_than_its_name():
    assert set(dictionary_service.MEANING) >= {"kind", "unit", "numerator", "denominator"}
