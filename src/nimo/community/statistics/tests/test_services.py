"""Taking in, reading, deciding, recording, taking back: against the database."""

from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation, Source
from nimo.community.statistics.choices import Decision, ImportState
from nimo.community.statistics.models import ReadCell
from nimo.community.statistics.services import recording
from nimo.community.statistics.services.deciding import UnableToDecide, choose_regions, decide_cells, discard_import
from nimo.community.statistics.services.reading import read_again
from nimo.community.statistics.services.recording import (
    UnableToRecordImport,
    UnableToUndoImport,
    ask_recording,
    undo_import,
)
from nimo.community.statistics.services.taking import UnableToTakeIn, take_in, take_paste
from nimo.community.statistics.tests.builders import workbooks as w
from nimo.community.statistics.tests.support import administrator, again, cell, codes, officer, recorded, taken
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.jobs.models import Job
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])


def test_the_tables_of_the_630_survey_are_recorded_with_the_cell_each_figure_stands_in():
    actor = administrator()
    one = taken(actor, w.book_11())
    assert one.state == ImportState.REVIEW
    assert one.layout == "survey_630"
    assert not ReadCell.objects.filter(import_of=one).exclude(severity="").exists()
    assert not Observation.objects.exists()
    done = recorded(actor, one)
    assert done.state == ImportState.RECORDED
    assert Observation.objects.live().count() == 48 * 12
    row = Observation.objects.get(
        region_id="10000", indicator_id="inpatients_over_1_year_65_and_over", basis="630_hospital"
    )
    assert row.value == w.count(10, 11)
    assert row.locator == "シート「Ⅲ.2.(11)」M16（1年以上・施設所在地・65歳以上）"
    assert row.raw == str(w.count(10, 11))
    assert (row.as_of, row.source.file_id) == ("2025-06-30", one.file_id)
    assert row.published_at is None
    assert Entry.objects.filter(verb="statistics.record").count() == 1


def test_an_office_of_one_prefecture_records_only_its_own_rows():
    actor = officer()
    one = taken(actor, w.book_11())
    assert one.beyond_reach == 47 * 12
    recorded(actor, one)
    assert set(Observation.objects.values_list("region_id", flat=True)) == {"10000"}
    assert Source.objects.get().region_id == "10000"


def test_published_statistics_become_public_when_recorded_if_the_person_says_so():
    actor = administrator()
    recorded(actor, taken(actor, w.book_11()), publish=True)
    assert not Observation.objects.live().filter(published_at__isnull=True).exists()


def test_figures_with_a_breakdown_do_not_become_public_by_being_recorded():
    actor = administrator()
    recorded(actor, taken(actor, w.book_of_rows(w.forms_rows(), "Ⅲ.2.(1)")), publish=True)
    assert Observation.objects.live().exists()
    assert not Observation.objects.filter(published_at__isnull=False).exists()


def test_undoing_brings_the_former_edition_back():
    actor = administrator()
    recorded(actor, taken(actor, w.book_11()))

    def other(sheet):
        sheet.cell(w.body_row(10), 2).value = 1100

    second = taken(actor, w.book_11(other))
    with pytest.raises(UnableToRecordImport, match="今の値を置き換える"):
        recorded(actor, second, only_sound=True)
    second.refresh_from_db()
    done = recorded(actor, second, only_sound=True, replace_editions=True)
    address = {"region_id": "10000", "indicator_id": "inpatients_under_3_months_under_65", "basis": "630_address"}
    assert Observation.objects.live().get(**address).value == 1100
    back = undo_import(actor=actor, import_id=done.pk, version=done.version, reason="版の取り違え")
    assert back.state == ImportState.REVIEW
    assert Observation.objects.live().get(**address).value == w.count(10, 0)
    assert Entry.objects.filter(verb="statistics.undo").count() == 1


def test_nothing_is_half_recorded_when_a_later_table_of_the_file_fails(monkeypatch):
    actor = administrator()
    one = taken(actor, w.book_11())
    real = recording.record_observations
    calls = []

    def second_fails(**given):
        calls.append(given)
        if len(calls) > 1:
            raise recording.UnableToRecord("試験のための失敗です。")
        return real(**given)

    monkeypatch.setattr(recording, "record_observations", second_fails)
    ReadCell.objects.filter(import_of=one, region_id="01000").update(as_of="2024-06-30")
    with pytest.raises(UnableToRecordImport, match="試験のための失敗"):
        recorded(actor, one)
    assert len(calls) == 2
    assert not Observation.objects.exists()
    assert not Source.objects.exists()
    one.refresh_from_db()
    assert one.state == ImportState.REVIEW


def test_a_row_that_is_stopped_holds_only_itself_back():
    def broken(sheet):
        sheet.cell(w.body_row(10), 2).value = -5

    actor = administrator()
    one = taken(actor, w.book_11(broken))
    assert codes(one, "B16") == ["negative"]
    with pytest.raises(UnableToRecordImport, match="残りだけを記録する"):
        recorded(actor, one)
    one.refresh_from_db()
    recorded(actor, one, only_sound=True)
    held = Observation.objects.live().filter(region_id="10000").count()
    assert held == 0
    assert Observation.objects.live().filter(region_id="11000").count() == 12
    assert cell(one, "B16").raw == "-5"


def test_a_corrected_cell_is_recorded_with_what_stood_there():
    def broken(sheet):
        sheet.cell(w.body_row(10), 2).value = "1O7O人"

    actor = administrator()
    one = taken(actor, w.book_11(broken))
    bad = cell(one, "B16")
    assert codes(one, "B16") == ["unreadable"]
    with pytest.raises(UnableToDecide, match="このままでよい"):
        decide_cells(actor=actor, import_id=one.pk, version=one.version, answers={bad.pk: ("accepted", "")})
    one = decide_cells(actor=actor, import_id=one.pk, version=one.version, answers={bad.pk: ("corrected", "1,070")})
    assert cell(one, "B16").severity == ""
    recorded(actor, one)
    row = Observation.objects.live().get(
        region_id="10000", indicator_id="inpatients_under_3_months_under_65", basis="630_address"
    )
    assert (row.value, row.raw) == (1070, "1O7O人")
    assert "直した値" in row.note


def test_two_people_do_not_decide_past_each_other():
    actor = administrator()
    one = taken(actor, w.book_11())
    any_cell = ReadCell.objects.filter(import_of=one).first()
    answers = {any_cell.pk: (Decision.LEFT_OUT.value, "")}
    decide_cells(actor=actor, import_id=one.pk, version=one.version, answers=answers)
    with pytest.raises(UnableToDecide, match="ほかの人が先に"):
        decide_cells(actor=actor, import_id=one.pk, version=one.version, answers=answers)


def test_a_file_of_another_day_cannot_be_recorded_before_the_day_is_settled():
    actor = administrator()
    one = taken(actor, w.book_11(), options={"as_of": "2024-06-30"})
    assert "2025-06-30" in one.blocks[0]
    assert "A1" in one.blocks[0]
    with pytest.raises(UnableToRecordImport, match="記録の前に"):
        ask_recording(
            actor=actor, import_id=one.pk, version=one.version, only_sound=True, replace_editions=True, publish=False
        )
    one = again(actor, read_again(actor=actor, import_id=one.pk, version=one.version, layout="auto", options={}))
    assert one.blocks == []
    recorded(actor, one)


def test_a_shifted_file_is_refused_with_the_cell_named():
    def shifted(sheet):
        sheet.unmerge_cells("B4:C4")
        sheet.cell(4, 2).value = None
        sheet.cell(4, 3).value = "圏域別"

    one = taken(administrator(), w.book_11(shifted))
    assert one.state == ImportState.FAILED
    assert "C4" in one.failure
    assert "何も変わっていません" in one.failure


def test_an_unknown_region_is_chosen_by_a_person_and_only_within_the_reach():
    rows = w.offices_rows()
    rows[4][0] = "郡山"
    rows[4][5] = ""
    actor = officer("07000")
    one = taken(actor, w.book_of_rows(rows, merges=w.OFFICES_MERGES))
    assert codes(one, "B5") == ["unknown_region"]
    with pytest.raises(UnableToDecide, match="担当の地域"):
        choose_regions(actor=actor, import_id=one.pk, version=one.version, choices={"郡山": "10201"})
    one = choose_regions(actor=actor, import_id=one.pk, version=one.version, choices={"郡山": "07203"})
    assert codes(one, "B5") == []
    done = recorded(actor, one, only_sound=True)
    assert done.recorded_count == 6
    assert Observation.objects.live().get(region_id="07203", fiscal_year=2025).value == 41


def test_codes_without_their_leading_zero_and_marks_are_read():
    actor = officer("07000")
    one = taken(actor, w.offices_book())
    assert cell(one, "B4").region_id == "07202"
    recorded(actor, one, only_sound=True)
    row = Observation.objects.live().get(region_id="07202", fiscal_year=2020)
    assert (row.value, row.dimension, row.unit) == (12, "サービス=共同生活援助", "か所")
    dash = Observation.objects.live().get(region_id="07364", fiscal_year=2020)
    assert (dash.state, dash.value) == ("not_filled", None)


def test_the_variant_with_public_funding_is_another_source_and_another_breakdown():
    actor = officer("07000")
    for name, kohi in (("Tables_ver1.0.xlsx", False), ("Tables_kohi_ver1.0.xlsx", True)):
        recorded(actor, taken(actor, w.days_book(kohi=kohi), name=name))
    assert Source.objects.filter(state="active").count() == 2
    assert set(Source.objects.values_list("origin", flat=True)) == {"ncnp-ndb:1.0", "ncnp-ndb-kohi:1.0"}
    both = Observation.objects.live().filter(indicator_id="community_living_days", dimension__contains="全病床")
    assert {("公費" in row.dimension) for row in both} == {True, False}


def test_a_discarded_file_is_kept_and_nothing_of_it_recorded():
    actor = administrator()
    one = taken(actor, w.book_11())
    one = discard_import(actor=actor, import_id=one.pk, version=one.version)
    assert one.state == ImportState.DISCARDED
    with pytest.raises(UnableToRecordImport, match="取り込まない"):
        ask_recording(
            actor=actor, import_id=one.pk, version=one.version, only_sound=True, replace_editions=True, publish=False
        )


def test_undoing_needs_a_reason_and_the_right_state():
    actor = administrator()
    one = taken(actor, w.book_11())
    with pytest.raises(UnableToUndoImport, match="理由"):
        undo_import(actor=actor, import_id=one.pk, version=one.version, reason=" ")
    with pytest.raises(UnableToUndoImport, match="確認待ち"):
        undo_import(actor=actor, import_id=one.pk, version=one.version, reason="まちがい")


def test_only_who_may_load_figures_takes_a_file_in():
    actor = actor_of(Role.MUNICIPAL_OFFICER, "10201")
    with pytest.raises(UnableToTakeIn, match="権限"):
        take_in(actor=actor, content=w.book_11(), name="表.xlsx")
    with pytest.raises(UnableToTakeIn, match="表になっていません"):
        take_paste(actor=officer(), text="ただの文")
    with pytest.raises(UnableToTakeIn, match="空"):
        take_in(actor=officer(), content=b"", name="表.xlsx")


def test_reading_twice_does_no_harm():
    actor = administrator()
    one = taken(actor, w.book_11())
    again(actor, one)
    assert ReadCell.objects.filter(import_of=one).count() == 48 * 12
    assert Job.objects.filter(code="statistics.read").count() == 1
