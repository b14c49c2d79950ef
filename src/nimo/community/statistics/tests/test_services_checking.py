"""A large import: what a person says is saved at once, and a job looks at everything else before anything is recorded."""

from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import ReadCell, StatisticsImport
from nimo.community.statistics.queries.checking import quiet
from nimo.community.statistics.queries.plan import outline_of, plan_of, severity_counts
from nimo.community.statistics.services import checking
from nimo.community.statistics.services.checking import check_import
from nimo.community.statistics.services.deciding import UnableToDecide, ask_again, choose_regions, decide_cells
from nimo.community.statistics.services.reading import read_again
from nimo.community.statistics.services.recording import UnableToRecordImport, ask_recording
from nimo.community.statistics.services.stopping import job_stopped
from nimo.community.statistics.tests.builders import workbooks as w
from nimo.community.statistics.tests.support import administrator, again, cell, officer, recorded, taken
from nimo.foundation.audit.models import Entry
from nimo.foundation.jobs.models import Job
from tests.support.queries import count_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LEFT_ALONE = ("decided_at", "id", "import_of_id")


@pytest.fixture
def large(monkeypatch):
    """Every import counts as large from here on."""

    def from_here():
        monkeypatch.setattr(checking, "AT_ONCE", 0)

    return from_here


def two_broken(sheet):
    sheet.cell(w.body_row(10), 2).value = "1O7O人"
    sheet.cell(w.body_row(12), 4).value = w.count(12, 2) + 5000


def unnamed() -> bytes:
    rows = w.offices_rows()
    rows[4][0] = "郡山"
    rows[4][5] = ""
    return w.book_of_rows(rows, merges=w.OFFICES_MERGES)


def said(one: StatisticsImport) -> list[dict]:
    """Everything there is about its cells, but who they belong to and the moment."""
    cells = ReadCell.objects.filter(import_of=one).order_by("position").values()
    return [{key: value for key, value in row.items() if key not in LEFT_ALONE} for row in cells]


def correct(actor, one):
    return decide_cells(
        actor=actor, import_id=one.pk, version=one.version, answers={cell(one, "B16").pk: ("corrected", "1,070")}
    )


def refusal_to_record(actor, one) -> str:
    with pytest.raises(UnableToRecordImport) as refusal:
        ask_recording(
            actor=actor, import_id=one.pk, version=one.version, only_sound=True, replace_editions=True, publish=False
        )
    return str(refusal.value)


def test_a_job_finds_what_would_have_been_found_at_once(large):
    actor = administrator()
    at_once, by_a_job = (taken(actor, w.book_11(two_broken)) for _ in range(2))
    correct(actor, at_once)
    large()
    waiting = correct(actor, by_a_job)
    assert waiting.state == ImportState.CHECKING
    assert cell(waiting, "B16").corrected == "1,070"
    assert said(waiting) != said(at_once)
    done = check_import(actor=actor, import_id=waiting.pk, progress=quiet)
    assert (done.state, done.unchecked) == (ImportState.REVIEW, {})
    assert said(done) == said(at_once)
    assert Entry.objects.filter(verb="statistics.decide").count() == 2


def test_regions_chosen_in_a_large_import_reach_all_their_rows(large):
    actor = officer("07000")
    at_once, by_a_job = (taken(actor, unnamed()) for _ in range(2))
    choices = {"郡山": "07203"}
    choose_regions(actor=actor, import_id=at_once.pk, version=at_once.version, choices=choices)
    large()
    waiting = choose_regions(actor=actor, import_id=by_a_job.pk, version=by_a_job.version, choices=choices)
    assert (waiting.state, waiting.unchecked["texts"]) == (ImportState.CHECKING, ["郡山"])
    done = check_import(actor=actor, import_id=waiting.pk, progress=quiet)
    assert said(done) == said(at_once)
    assert recorded(actor, done, only_sound=True).recorded_count == 6


def test_nobody_decides_or_records_while_the_rest_is_looked_at(large):
    actor = administrator()
    one = taken(actor, w.book_11(two_broken))
    large()
    one = correct(actor, one)
    with pytest.raises(UnableToDecide, match="確かめ直し中"):
        correct(actor, one)
    assert "確かめ直し中" in refusal_to_record(actor, one)
    assert Job.objects.filter(code="statistics.check").count() == 1


def test_an_answer_that_changes_nothing_asks_for_no_job(large):
    actor = administrator()
    one = taken(actor, w.book_11(two_broken))
    large()
    bad = cell(one, "B16")
    one = decide_cells(actor=actor, import_id=one.pk, version=one.version, answers={bad.pk: ("pending", "")})
    assert one.state == ImportState.REVIEW
    assert not Job.objects.filter(code="statistics.check").exists()


def test_after_a_stop_nothing_is_recorded_before_it_was_looked_at_again(large):
    actor = administrator()
    one = taken(actor, w.book_11(two_broken))
    large()
    one = correct(actor, one)
    job_stopped(job_id=one.job_id)
    one.refresh_from_db()
    assert one.state == ImportState.REVIEW
    assert one.unchecked["positions"] == [cell(one, "B16").position]
    assert "確かめ直す" in refusal_to_record(actor, one)
    other = cell(one, "D18")
    decide_cells(actor=actor, import_id=one.pk, version=one.version, answers={other.pk: ("left_out", "")})
    one.refresh_from_db()
    assert one.unchecked["positions"] == sorted({cell(one, "B16").position, other.position})
    job_stopped(job_id=one.job_id)
    one.refresh_from_db()
    with pytest.raises(UnableToDecide, match="ほかの人が先に"):
        ask_again(actor=actor, import_id=one.pk, version=one.version - 1)
    one = ask_again(actor=actor, import_id=one.pk, version=one.version)
    done = check_import(actor=actor, import_id=one.pk, progress=quiet)
    assert cell(done, "B16").severity == ""
    assert recorded(actor, done, only_sound=True).state == ImportState.RECORDED
    assert Entry.objects.filter(verb="statistics.check_again").count() == 1


def test_what_was_looked_at_is_not_looked_at_again_on_demand(large):
    actor = administrator()
    one = taken(actor, w.book_11())
    large()
    with pytest.raises(UnableToDecide, match="もう全部確かめてあります"):
        ask_again(actor=actor, import_id=one.pk, version=one.version)


def test_reading_the_file_anew_leaves_nothing_to_look_at(large):
    actor = administrator()
    one = taken(actor, w.book_11(two_broken))
    large()
    one = correct(actor, one)
    job_stopped(job_id=one.job_id)
    one.refresh_from_db()
    one = again(actor, read_again(actor=actor, import_id=one.pk, version=one.version, layout="auto", options={}))
    assert (one.state, one.unchecked) == (ImportState.REVIEW, {})


def test_a_job_that_comes_too_late_changes_nothing(large):
    actor = administrator()
    one = taken(actor, w.book_11(two_broken))
    large()
    one = correct(actor, one)
    check_import(actor=actor, import_id=one.pk, progress=quiet)
    before = said(one)
    check_import(actor=actor, import_id=one.pk, progress=quiet)
    assert said(one) == before


def test_the_outline_counts_what_the_plan_writes_out():
    actor = administrator()
    recorded(actor, taken(actor, w.book_11()))
    one = taken(actor, w.book_11(two_broken))
    plan, outline = plan_of(one), outline_of(one)
    assert [(s.draft, s.count, s.replaces, s.may_be_opened) for s in plan.sources] == [
        (s.draft, s.count, s.replaces, s.may_be_opened) for s in outline.sources
    ]
    assert [len(source.rows) for source in plan.sources] == [source.count for source in outline.sources]
    counted = ("count", "held", "held_rows", "waiting", "left_out", "replaces", "may_be_opened")
    assert [getattr(plan, name) for name in counted] == [getattr(outline, name) for name in counted]
    assert outline.held
    assert outline.waiting
    assert not any(source.rows for source in outline.sources)
    assert Observation.objects.live().exists()


def test_the_counts_of_a_page_are_one_question_and_few_rows():
    one = taken(administrator(), w.book_11(two_broken))
    assert count_queries(lambda: severity_counts(one)) == 1
    cells = list(ReadCell.objects.filter(import_of=one))
    counts = severity_counts(one)
    assert counts["all"] == len(cells)
    assert counts["stop"] == sum(one.severity == "stop" for one in cells) > 0
    assert counts["check"] == counts["waiting"] == sum(one.severity == "check" for one in cells) > 0
