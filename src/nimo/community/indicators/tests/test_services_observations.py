from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from nimo.community.indicators.models import Observation, Source
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.rules.drafts import SourceDraft
from nimo.community.indicators.services import observations as service
from nimo.community.indicators.services.observations import (
    UnableToRecord,
    UnableToWithdraw,
    correct_observation,
    record_observations,
    withdraw_source,
)
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.support import (
    GUNMA,
    MAEBASHI,
    NOW,
    OTA,
    SYSTEM,
    count,
    inpatients,
    member,
    record,
    sheet,
)
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry

pytestmark = pytest.mark.django_db


def live(region_code: str = OTA) -> dict[str, object]:
    return dict(Observation.objects.live().filter(region_id=region_code).values_list("indicator_id", "value"))


def test_records_a_figure_with_its_whole_lineage(store):
    draft = count("population", 222_364, as_of="2024-05", raw="222,364人", locator="スライド2 表1 3行2列", unit="名")
    actor = member(Role.MUNICIPAL_OFFICER, OTA)
    done = record([draft], sheet(digest="a", reference="窓口で受け取り"), actor)
    row = Observation.objects.select_related("source").get()
    assert (row.value, row.unit, row.as_of, row.fiscal_year) == (222_364, "人", "2024-05", 2024)
    assert (row.locator, row.raw) == ("スライド2 表1 3行2列", "222,364人")
    assert (row.recorded_by_name, row.recorded_at) == ("試験 花子", NOW)
    assert row.source_id == done.source_id
    assert row.source.recorded_by_id == actor.user_id
    assert row.source.organisation_id == actor.organisation.organisation_id
    assert row.published_at is None


def test_writes_one_audit_entry_for_the_whole_batch(store):
    before = Entry.objects.count()
    record([count("population", 1, as_of="2024-05"), count("inpatients", None)])
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.order_by("-id").first()
    assert entry.verb == "indicators.record"
    assert "自治体情報シート" in entry.diff
    assert '"記録した件数": [null, 2]' in entry.diff or '"記録した件数":[null,2]' in entry.diff


def test_absent_is_kept_as_absent_and_never_as_zero(store):
    record([count("core_consultation_centres", None, as_of="2024-05")])
    row = Observation.objects.get()
    assert (row.state, row.value) == ("absent", None)


def test_keeps_decimals_exactly(store):
    draft = count("early_discharge_rate_3_months", Decimal("63.80"), as_of="FY2023", basis="ndb")
    record([draft], sheet(kind="report"))
    assert str(Observation.objects.get().value) == "63.80"


def test_keeps_two_coverages_of_one_figure_apart(store):
    record(
        [
            count("municipalities", 33, as_of="2024-05"),
            count("municipalities", 30, as_of="2024-05", coverage="政令市を除く"),
        ]
    )
    assert Observation.objects.live().count() == 2


def test_records_all_or_nothing_and_names_every_problem(store):
    drafts = [
        count("population", 1, as_of="2024-05"),
        count("population", 1, as_of="2024-13", locator="9行目"),
        count("happiness", 5, locator="10行目"),
        count("inpatients", 1, "99999"),
    ]
    with pytest.raises(UnableToRecord, match="何も記録していません") as refusal:
        record(drafts)
    message = str(refusal.value)
    assert all(words in message for words in ("9行目", "10行目", "辞書にありません", "99999"))
    assert len(refusal.value.problems) == 3
    assert not Observation.objects.exists()
    assert not Source.objects.exists()


def test_refuses_an_empty_batch_and_an_unknown_kind_of_source(store):
    with pytest.raises(UnableToRecord, match="記録する値がありません"):
        record([])
    with pytest.raises(UnableToRecord, match="種類"):
        record([count("population", 1, as_of="2024-05")], sheet(kind="rumour"))


def test_a_sheet_never_becomes_public_while_it_is_recorded(store):
    with pytest.raises(UnableToRecord, match="公表された統計"):
        record([count("population", 1, as_of="2024-05")], sheet(open_reason="急ぐので"))


def test_the_same_source_again_changes_nothing(store):
    first = record(inpatients(66, 36, 175, 109), sheet(digest="a"))
    again = record(inpatients(66, 36, 175, 109), sheet(digest="a"))
    assert again.unchanged
    assert again.source_id == first.source_id
    assert Observation.objects.count() == 6


def test_a_new_edition_replaces_the_old_one_and_keeps_it(store):
    first = record([count("population", 222_364, as_of="2024-05"), count("inpatients", 386)], sheet(digest="a"))
    second = record([count("population", 222_365, as_of="2024-05")], sheet(digest="b"))
    assert second.superseded == 2
    assert live() == {"population": 222_365}
    old = Observation.objects.get(source_id=first.source_id, indicator_id="population")
    assert old.status == "superseded"
    assert old.value == 222_364
    assert old.superseded_by.value == 222_365
    dropped = Observation.objects.get(source_id=first.source_id, indicator_id="inpatients")
    assert (dropped.superseded_by, dropped.superseded_by_source_id) == (None, second.source_id)
    assert Source.objects.get(pk=first.source_id).superseded_by_id == second.source_id


def test_another_series_stands_beside_it(store):
    record([count("inpatients", 386)])
    record([count("inpatients", 380, basis="630_address")], sheet(series="survey:10205:2023", kind="report"))
    assert Observation.objects.live().count() == 2


def test_undo_restores_what_the_import_replaced(store):
    first = record([count("population", 222_364, as_of="2024-05"), count("inpatients", 386)], sheet(digest="a"))
    second = record([count("population", 1, as_of="2024-05")], sheet(digest="b"))
    undone = withdraw_source(actor=SYSTEM, source_id=second.source_id, reason="別の年度のシートだった")
    assert (undone.withdrawn, undone.restored, undone.restored_source_id) == (1, 2, first.source_id)
    assert live() == {"population": 222_364, "inpatients": 386}
    row = Observation.objects.get(source_id=first.source_id, indicator_id="population")
    assert (row.superseded_by, row.superseded_by_source) == (None, None)
    assert Source.objects.get(pk=second.source_id).withdrawal_reason == "別の年度のシートだった"
    assert Entry.objects.order_by("-id").first().verb == "indicators.withdraw"


def test_undo_of_a_first_import_leaves_nothing_live(store):
    done = record([count("population", 1, as_of="2024-05")])
    withdraw_source(actor=SYSTEM, source_id=done.source_id, reason="誤り")
    assert live() == {}
    assert Observation.objects.get().status == "withdrawn"


def test_import_and_undo_can_be_repeated(store):
    for digest in ("a", "b", "a"):
        done = record([count("population", 1, as_of="2024-05")], sheet(digest=digest))
        withdraw_source(actor=SYSTEM, source_id=done.source_id, reason="誤り")
    assert live() == {}


def test_refuses_to_undo_twice_or_under_a_later_edition(store):
    first = record([count("population", 1, as_of="2024-05")], sheet(digest="a"))
    second = record([count("population", 2, as_of="2024-05")], sheet(digest="b"))
    with pytest.raises(UnableToWithdraw, match="あとの取込み"):
        withdraw_source(actor=SYSTEM, source_id=first.source_id, reason="誤り")
    withdraw_source(actor=SYSTEM, source_id=second.source_id, reason="誤り")
    with pytest.raises(UnableToWithdraw, match="すでに取り消された"):
        withdraw_source(actor=SYSTEM, source_id=second.source_id, reason="誤り")
    assert live() == {"population": 1}


def test_undo_needs_a_reason(store):
    done = record([count("population", 1, as_of="2024-05")])
    with pytest.raises(UnableToWithdraw, match="理由"):
        withdraw_source(actor=SYSTEM, source_id=done.source_id, reason="  ")


@pytest.mark.parametrize(
    "role, region, allowed",
    [
        (Role.MUNICIPAL_OFFICER, OTA, True),
        (Role.HEALTH_CENTRE_OFFICER, OTA, True),
        (Role.PREFECTURE_OFFICER, OTA, True),
        (Role.MUNICIPAL_OFFICER, MAEBASHI, False),
        (Role.ADVISER, OTA, False),
        (Role.AUDITOR, OTA, False),
        (Role.PEER_SUPPORTER, OTA, False),
    ],
)
def test_whoever_confirms_the_sheet_of_a_region_records_its_figures(store, role, region, allowed):
    actor = member(role, region)
    if allowed:
        assert record([count("population", 1, as_of="2024-05")], actor=actor).recorded == 1
    else:
        with pytest.raises(UnableToRecord, match="権限"):
            record([count("population", 1, as_of="2024-05")], actor=actor)
        assert not Observation.objects.exists()


def test_a_sheet_may_not_carry_figures_of_a_region_out_of_reach(store):
    drafts = [count("population", 1, as_of="2024-05"), count("population", 1, MAEBASHI, as_of="2024-05")]
    with pytest.raises(UnableToRecord, match=MAEBASHI):
        record(drafts, actor=member(Role.MUNICIPAL_OFFICER, OTA))


def test_other_sources_need_the_right_to_load_figures(store):
    source = sheet(kind="report")
    with pytest.raises(UnableToRecord, match="権限"):
        record([count("population", 1, as_of="2024-05")], source, member(Role.MUNICIPAL_OFFICER, OTA))
    assert record([count("population", 1, as_of="2024-05")], source, member(Role.PREFECTURE_OFFICER, OTA)).recorded


def test_undo_is_refused_to_others_and_hidden_from_outsiders(store):
    done = record([count("population", 1, as_of="2024-05")])
    with pytest.raises(UnableToWithdraw, match="権限"):
        withdraw_source(actor=member(Role.ADVISER, OTA), source_id=done.source_id, reason="誤り")
    with pytest.raises(FigureNotAvailable):
        withdraw_source(actor=member(Role.MUNICIPAL_OFFICER, MAEBASHI), source_id=done.source_id, reason="誤り")
    assert live() == {"population": 1}


def test_a_correction_keeps_the_old_row_and_is_not_public_by_itself(store):
    done = record([count("population", 222_364, as_of="2024-05")])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    old = Observation.objects.get()
    new_id = correct_observation(
        actor=member(Role.MUNICIPAL_OFFICER, OTA),
        observation_id=old.pk,
        draft=count("population", 222_384, as_of="2024-05"),
        reason="転記の誤り",
    )
    old.refresh_from_db()
    new = Observation.objects.get(pk=new_id)
    assert (old.status, old.superseded_by_id, old.supersession_reason) == ("superseded", new_id, "転記の誤り")
    assert (new.value, new.source_id, new.locator, new.published_at) == (222_384, old.source_id, old.locator, None)
    assert Entry.objects.order_by("-id").first().verb == "indicators.correct"


def test_a_correction_must_be_a_possible_figure(store):
    record([count("population", 222_364, as_of="2024-05")])
    old = Observation.objects.get()
    for draft, reason in (
        (count("population", -1, as_of="2024-05"), "誤り"),
        (count("population", 1, as_of="2024-05"), ""),
    ):
        with pytest.raises(UnableToRecord):
            correct_observation(actor=SYSTEM, observation_id=old.pk, draft=draft, reason=reason)
    assert live() == {"population": 222_364}


def test_an_old_row_cannot_be_corrected_again(store):
    record([count("population", 1, as_of="2024-05")])
    old = Observation.objects.get()
    draft = count("population", 2, as_of="2024-05")
    correct_observation(actor=SYSTEM, observation_id=old.pk, draft=draft, reason="誤り")
    with pytest.raises(UnableToRecord, match="すでに訂正"):
        correct_observation(actor=SYSTEM, observation_id=old.pk, draft=draft, reason="誤り")


def test_undo_of_an_edition_brings_back_the_corrected_row_not_the_mistake(store):
    record([count("population", 1, as_of="2024-05")], sheet(digest="a"))
    old = Observation.objects.get()
    correct_observation(
        actor=SYSTEM, observation_id=old.pk, draft=count("population", 2, as_of="2024-05"), reason="誤り"
    )
    later = record([count("population", 3, as_of="2024-05")], sheet(digest="b"))
    withdraw_source(actor=SYSTEM, source_id=later.source_id, reason="誤り")
    assert live() == {"population": 2}


def test_the_database_itself_refuses_two_live_rows_of_one_fact(store):
    record([count("population", 1, as_of="2024-05")])
    row = Observation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    row.status = "superseded"
    row.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        {"value": None},
        {"state": "absent"},
        {"numerator": 3},
        {"superseded_by_id": 1},
    ],
)
def test_the_database_itself_refuses_a_row_that_contradicts_itself(store, change):
    record([count("population", 1, as_of="2024-05")])
    row = Observation.objects.get()
    fields = {**change, "superseded_by_id": row.pk} if "superseded_by_id" in change else change
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.filter(pk=row.pk).update(**fields)


def test_the_database_itself_refuses_two_active_editions(store):
    record([count("population", 1, as_of="2024-05")], sheet(digest="a"))
    record([count("population", 2, as_of="2024-05")], sheet(digest="b"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.update(state="active", superseded_by=None)


def test_two_people_at_once_end_with_one_edition_and_a_message(store, monkeypatch):
    """The second one read the table before the first one wrote."""
    first = record([count("population", 1, as_of="2024-05")], sheet(digest="a"))
    stale = Source.objects.get(pk=first.source_id)
    record([count("population", 2, as_of="2024-05")], sheet(digest="b"))
    with pytest.raises(UnableToRecord, match="同時に"):
        service._give_way(stale)
    monkeypatch.setattr(QuerySet, "first", lambda self: None)
    with pytest.raises(UnableToRecord, match="同時に"):
        record([count("population", 3, as_of="2024-05")], sheet(digest="c"))
    monkeypatch.undo()
    assert live() == {"population": 2}


def test_a_large_batch_takes_the_same_number_of_reads(store):
    codes = ["population", "health_centres", "psychiatric_hospitals"]
    drafts = [
        replace(count(code, 5, GUNMA, as_of=f"{year}-05"), locator=f"{code} {year}")
        for code in codes
        for year in range(1990, 2090)
    ]
    source = SourceDraft(series="large", kind="manual", title="大きな表", publisher="試験", region_code=GUNMA)
    assert record_observations(actor=SYSTEM, rows=drafts, source=source).recorded == 300
