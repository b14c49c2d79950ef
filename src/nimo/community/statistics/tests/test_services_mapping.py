"""Mappings that are remembered, jobs that are stopped, and what a successor takes over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.formats.layouts.columns import MappedColumn
from nimo.community.statistics.models import ColumnMapping, StatisticsImport
from nimo.community.statistics.queries.mappings import newest_mappings
from nimo.community.statistics.queries.preview import table_preview
from nimo.community.statistics.services.deciding import UnableToDecide, decide_cells
from nimo.community.statistics.services.mapping import UnableToMap, retire_mapping, save_mapping
from nimo.community.statistics.services.recording import UnableToRecordImport
from nimo.community.statistics.services.stopping import job_stopped
from nimo.community.statistics.services.taking import take_in
from nimo.community.statistics.tests.builders import workbooks as w
from nimo.community.statistics.tests.support import (
    LONG,
    again,
    cell,
    codes,
    mapped_and_remembered,
    officer,
    pasted,
    recorded,
    taken,
)
from nimo.foundation.access.permissions import Role
from nimo.foundation.jobs.models import Job
from nimo.foundation.jobs.services import cancel, discover
from tests.support.people import actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])


def named(actor, one: StatisticsImport, indicator: str, name: str = "相談件数の表"):
    preview, columns = table_preview(actor, one, "", "")
    columns = replace(columns, columns=(*columns.columns[:-1], MappedColumn("figure", indicator=indicator)), title=name)
    return save_mapping(actor=actor, import_id=one.pk, version=one.version, columns=columns, preview=preview, name=name)


def test_the_same_table_is_known_again_within_the_organisation_only():
    actor = officer()
    mapped_and_remembered(actor)
    next_year = pasted(actor, LONG.replace("5年度", "6年度"))
    assert next_year.state == ImportState.REVIEW
    assert next_year.mapping == ColumnMapping.objects.get()
    assert pasted(officer("11000"), LONG).state == ImportState.MAPPING


def test_a_changed_meaning_is_a_new_version_and_the_same_one_is_not():
    actor = officer()
    one = mapped_and_remembered(actor)
    named(actor, one, "A03")
    one = again(actor, one)
    assert [row.version for row in ColumnMapping.objects.order_by("version")] == [1, 2]
    assert cell(one, "C2").indicator == "A03"
    named(actor, one, "A03")
    assert ColumnMapping.objects.count() == 2


def test_a_retired_mapping_is_not_used_and_may_be_decided_anew():
    actor = officer()
    one = mapped_and_remembered(actor)
    retire_mapping(actor=actor, mapping_id=one.mapping_id)
    with pytest.raises(UnableToMap, match="もう使われていません"):
        retire_mapping(actor=actor, mapping_id=one.mapping_id)
    assert pasted(actor, LONG).state == ImportState.MAPPING
    mapped_and_remembered(actor)
    assert [(row.version, row.retired_at) for row in newest_mappings(actor)] == [(2, None)]


def test_a_mapped_table_is_recorded_with_its_cells_and_waits_for_publication():
    actor = officer()
    done = recorded(actor, mapped_and_remembered(actor))
    assert done.recorded_count == 2
    row = Observation.objects.live().get(region_id="10201")
    assert (row.value, row.locator, row.as_of) == (120, "C2（相談件数）", "FY2023")
    assert (row.source.kind, row.published_at) == ("report", None)


def test_another_year_of_the_same_table_replaces_nothing():
    actor = officer()
    recorded(actor, mapped_and_remembered(actor))
    recorded(actor, mapped_and_remembered(actor, LONG.replace("5年度", "6年度")), only_sound=True)
    assert Observation.objects.live().count() == 4


def test_an_officer_cannot_make_figures_public_while_recording():
    actor = officer()
    with pytest.raises(UnableToRecordImport, match="公開する権限"):
        recorded(actor, taken(actor, w.book_11()), publish=True)
    manager = actor_of(Role.PREFECTURE_MANAGER, "10000")
    recorded(manager, taken(manager, w.book_11()), publish=True)
    assert Observation.objects.filter(published_at__isnull=False).count() == 12


def test_a_correction_that_breaks_a_sum_is_told_at_once():
    actor = officer()
    rows = w.forms_rows()
    rows[-1][0] = "10群馬県"
    one = taken(actor, w.book_of_rows(rows, "Ⅲ.2.(1)"))
    assert not StatisticsImport.objects.get(pk=one.pk).cells.exclude(severity="").exists()
    total = cell(one, "B6")
    one = decide_cells(actor=actor, import_id=one.pk, version=one.version, answers={total.pk: ("corrected", "5000")})
    assert codes(one, "B6") == ["sum", "sum"]
    with pytest.raises(UnableToDecide, match="空です"):
        decide_cells(actor=actor, import_id=one.pk, version=one.version, answers={total.pk: ("corrected", "")})


def test_a_sum_of_the_file_that_does_not_agree_is_shown_at_the_total():
    rows = w.forms_rows()
    rows[-1][0], rows[-1][1] = "10群馬県", 5961
    one = taken(officer(), w.book_of_rows(rows, "Ⅲ.2.(1)"))
    assert codes(one, "B6") == ["sum", "sum"]
    assert "5,960" in cell(one, "B6").findings[0]["message"]


def test_a_jump_against_what_was_recorded_last_year_is_told():
    actor = officer()
    recorded(actor, taken(actor, w.book_11(title="Ⅲ.2.(11) 令和6年6月30日")))

    def slipped(sheet):
        sheet.cell(w.body_row(10), 2).value = w.count(10, 0) * 10

    one = taken(actor, w.book_11(slipped))
    assert codes(one, "B16") == ["jump", "outlier"]
    assert "2024年度は 1,070" in cell(one, "B16").findings[0]["message"]


def test_the_day_of_a_table_is_not_remembered_with_its_columns():
    text = "市町村名\tA01\n前橋市\t3\n"
    actor = officer()
    one = pasted(actor, text, options={"as_of": "FY2023"})
    one = again(actor, named(actor, one, "A01"))
    assert cell(one, "B2").as_of == "FY2023"
    assert ColumnMapping.objects.get().content["as_of"] == ""
    undated = pasted(actor, text)
    assert undated.state == ImportState.REVIEW
    assert "いつの値か" in undated.blocks[0]


def test_a_job_that_is_stopped_leaves_no_import_being_read_for_ever(django_capture_on_commit_callbacks):
    discover()
    actor = officer()
    one = take_in(actor=actor, content=w.book_11(), name="表.xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        cancel(actor=actor, job_id=Job.objects.get(pk=one.job_id).pk)
    one.refresh_from_db()
    assert one.state == ImportState.FAILED
    assert "読み直す" in one.failure
    StatisticsImport.objects.filter(pk=one.pk).update(state=ImportState.RECORDING)
    job_stopped(job_id=one.job_id)
    one.refresh_from_db()
    assert one.state == ImportState.REVIEW


def test_text_in_every_encoding_and_codes_without_zero_reach_their_regions():
    rows = "団体コード,市町村名,A01\n10201,前橋市,3\n102059,太田市,4\n10202,太田市,5\n"
    actor = officer()
    one = taken(actor, rows.encode("cp932"), name="表.csv", options={"as_of": "FY2024"})
    one = again(actor, named(actor, one, "A01"))
    assert [cell(one, f"C{row}").region_id for row in (2, 3, 4)] == ["10201", "10205", None]
    assert "食い違って" in cell(one, "C4").findings[0]["message"]
