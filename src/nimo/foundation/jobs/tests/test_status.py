"""What an operator is told: work that waits, silent workers, jobs that kill; and when a person is needed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from nimo.foundation.jobs import services
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.models import Job, JobProgress
from nimo.foundation.jobs.queries import station
from nimo.foundation.jobs.rules import MAX_LOSSES
from nimo.foundation.jobs.tests.support import NOW, SYSTEM
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


def asked(**fields) -> Job:
    job = services.enqueue(actor=SYSTEM, code="test.status", title="架空の取り込み")
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def running(sign, **fields) -> Job:
    job = asked(state=JobState.RUNNING, attempts=1, started_at=NOW, **fields)
    JobProgress.objects.create(job_id=job.pk, attempt=1, done=3, total=12, updated_at=sign)
    return job


def test_a_quiet_place_is_sound():
    found = station(now=NOW)
    assert (found.waiting, found.running, found.failed, found.stuck) == (0, (), 0, False)


def test_work_that_nobody_takes_needs_a_person():
    asked()
    assert not station(now=NOW + timedelta(minutes=9)).stuck
    assert station(now=NOW + timedelta(minutes=11)).stuck
    running(NOW + timedelta(minutes=11))
    assert not station(now=NOW + timedelta(minutes=11)).stuck  # a worker is alive and busy


def test_a_silent_worker_is_told_from_a_living_one():
    running(NOW)
    running(NOW + timedelta(seconds=50))
    found = station(now=NOW + timedelta(seconds=80))
    assert (found.living, found.silent) == (1, 1)


def test_failures_of_the_week_and_those_that_killed_their_workers_are_counted():
    asked(state=JobState.FAILED, error="x", finished_at=NOW, losses=MAX_LOSSES)
    asked(state=JobState.FAILED, error="x", finished_at=NOW)
    asked(state=JobState.FAILED, error="x", finished_at=NOW - timedelta(days=8))
    found = station(now=NOW)
    assert (found.failed, found.reported) == (2, 1)


def test_asks_the_same_number_of_questions_however_much_runs():
    running(NOW)
    assert_constant_queries(lambda: station(now=NOW), lambda: [running(NOW) for _ in range(9)])


def test_the_command_shows_how_far_each_job_is_and_names_nobody():
    running(timezone.now())
    out = io.StringIO()
    call_command("jobs_status", stdout=out)
    assert "架空の取り込み  3/12  1回目" in out.getvalue()
    assert "処理中 1 件" in out.getvalue()
    assert SYSTEM.name not in out.getvalue()


def test_the_command_fails_when_no_worker_is_alive():
    asked(requested_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(CommandError, match="失われていません"):
        call_command("jobs_status", stdout=io.StringIO())
