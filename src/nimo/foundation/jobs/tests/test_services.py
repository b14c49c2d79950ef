"""A job begins after the commit, runs once, ends with a sentence, and is never lost."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django_tasks_db.models import DBTaskResult

from nimo.core import events
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Membership, User
from nimo.foundation.audit.models import Entry
from nimo.foundation.jobs import rules, services
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.events import JobEnded
from nimo.foundation.jobs.models import Job, JobProgress
from nimo.foundation.jobs.policies import JobNotFound
from nimo.foundation.jobs.tests.support import NOW, SYSTEM, official, organisation

pytestmark = pytest.mark.django_db(databases=["default", "side"])
_numbers = itertools.count()


@pytest.fixture
def queue(settings):
    """The queue in the database, as in production: nothing runs until somebody takes it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


def registered(task):
    """Registers a task of this test under a code of its own."""
    task.__qualname__ = f"{task.__qualname__}{next(_numbers)}"
    code = f"test.task{next(_numbers)}"
    rules.job(code)(task)
    return code


def asked(task, *, actor: Actor = SYSTEM, **parameters) -> Job:
    return services.enqueue(actor=actor, code=registered(task), title="試験の処理", parameters=parameters)


def done_by_worker(job: Job, *, now=NOW) -> Job:
    services.run(job_id=job.pk, clock=lambda: now)
    return fresh(job)


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


class TestAsking:
    def test_leaves_nothing_queued_when_the_caller_rolls_back(self, queue):
        with transaction.atomic():
            asked(lambda run: {})
            transaction.set_rollback(True)
        assert not Job.objects.exists()
        assert not DBTaskResult.objects.exists()

    def test_puts_the_number_of_the_job_into_the_queue(self, queue):
        job = asked(lambda run: {})
        assert DBTaskResult.objects.get(pk=job.queue_id).args_kwargs["args"] == [str(job.pk)]
        assert fresh(job).state == JobState.WAITING

    def test_begins_after_the_commit_where_the_queue_has_no_table(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            job = asked(lambda run: {"summary": "終わりました"})
            assert fresh(job).state == JobState.WAITING
        assert fresh(job).state == JobState.DONE

    def test_keeps_the_name_the_requester_had(self):
        user, actor = official("改姓 前")
        job = asked(lambda run: {}, actor=actor)
        User.objects.filter(pk=user.pk).update(name="改姓 後")
        assert fresh(job).requested_by_name == "改姓 前"
        assert job.organisation_id == actor.organisation.organisation_id

    @pytest.mark.parametrize("parameters", [{"day": NOW}, {"rate": float("nan")}, {"text": "あ" * 20_001}])
    def test_refuses_parameters_that_cannot_be_kept(self, parameters):
        with pytest.raises((TypeError, ValueError)):
            asked(lambda run: {}, **parameters)
        assert not Job.objects.exists()

    def test_is_not_for_the_public(self):
        with pytest.raises(ValueError):
            asked(lambda run: {}, actor=Actor.anonymous(now=NOW))


class TestDoing:
    def test_hands_the_task_its_parameters_and_keeps_its_result(self, queue):
        job = done_by_worker(asked(lambda run: {"twice": run.parameters["number"] * 2}, number=21))
        assert (job.state, job.result, job.finished_at) == (JobState.DONE, {"twice": 42}, NOW)

    def test_runs_with_the_rights_the_requester_has_now(self, queue):
        user, actor = official()
        seen = []
        job = asked(lambda run: seen.append(run.actor), actor=actor)
        Membership.objects.filter(user=user).update(role=Role.MUNICIPAL_MANAGER)
        done_by_worker(job, now=NOW + timedelta(hours=2))
        assert seen[0].grants[0].role is Role.MUNICIPAL_MANAGER
        assert (seen[0].user_id, seen[0].now) == (user.pk, NOW + timedelta(hours=2))

    def test_acts_in_the_organisation_it_was_asked_for(self, queue):
        user, actor = official(at=organisation("一つ目の課"))
        second = organisation("二つ目の課")
        Membership.objects.create(user=user, organisation=second, role=Role.MUNICIPAL_OFFICER, valid_from=NOW.date())
        seen = []
        job = asked(lambda run: seen.append(run.actor.organisation.organisation_name), actor=actor)
        Job.objects.filter(pk=job.pk).update(organisation=second)
        done_by_worker(job)
        assert seen == ["二つ目の課"]

    @pytest.mark.parametrize("ended", ["suspended", "moved"])
    def test_does_nothing_for_a_requester_who_has_left(self, queue, ended):
        user, actor = official()
        ran = []
        job = asked(lambda run: ran.append(1), actor=actor)
        if ended == "suspended":
            User.objects.filter(pk=user.pk).update(is_active=False)
        else:
            Membership.objects.filter(user=user).update(valid_to=NOW.date())
        job = done_by_worker(job)
        assert (job.state, job.error, ran) == (JobState.FAILED, rules.NO_LONGER_ALLOWED, [])

    def test_runs_once_however_often_it_is_called(self, queue):
        ran = []
        job = asked(lambda run: ran.append(1))
        for _ in range(3):
            done_by_worker(job)
        assert ran == [1]
        assert fresh(job).attempts == 1

    def test_fails_with_a_message_when_nobody_knows_the_code(self, queue):
        job = services.enqueue(actor=SYSTEM, code="gone.task", title="なくなった処理")
        assert done_by_worker(job).error == rules.UNKNOWN_CODE

    def test_says_what_a_refusal_says(self, queue):
        class UnableToRead(Exception):
            pass

        def task(run):
            raise UnableToRead("ファイルに文字がありません。")

        assert done_by_worker(asked(task)).error == "ファイルに文字がありません。"

    def test_says_nothing_technical_and_logs_no_content(self, queue, caplog):
        def task(run):
            raise KeyError("秘密の氏名")

        job = done_by_worker(asked(task))
        assert (job.state, job.error) == (JobState.FAILED, rules.UNEXPECTED)
        assert "KeyError at task:" in caplog.text
        assert "秘密の氏名" not in caplog.text

    def test_fails_when_the_result_is_no_json(self, queue):
        assert done_by_worker(asked(lambda run: {"when": NOW})).error == rules.UNEXPECTED

    def test_tells_whoever_listens_that_it_ended(self, queue, django_capture_on_commit_callbacks, monkeypatch):
        heard = []
        monkeypatch.setitem(events._handlers, JobEnded, {"test": heard.append})
        _, actor = official()
        job = asked(lambda run: {}, actor=actor)
        with django_capture_on_commit_callbacks(execute=True):
            done_by_worker(job)
        assert heard == [JobEnded(job.pk, job.code, "試験の処理", JobState.DONE, actor.user_id)]


class TestProgress:
    def test_shows_how_far_it_is(self, queue):
        job = asked(lambda run: run.progress(3, 10, "3枚目を読んでいます"))
        done_by_worker(job)
        row = JobProgress.objects.get(job_id=job.pk)
        assert (row.done, row.total, row.text, row.updated_at) == (3, 10, "3枚目を読んでいます", NOW)

    def test_writes_seldom_but_always_the_end(self, queue):
        def task(run):
            for number in range(1, 101):
                run.progress(number, 100)
                written.add(JobProgress.objects.get(job_id=run.job_id).done)

        written: set[int] = set()
        done_by_worker(asked(task))
        assert written == {1, 100}

    def test_stops_at_the_next_progress_after_a_cancel(self, queue):
        _, actor = official()
        steps = []

        def task(run):
            for number in range(10):
                steps.append(number)
                run.progress(number, 10)
                if number == 2:
                    services.cancel(actor=actor, job_id=run.job_id)

        job = done_by_worker(asked(task, actor=actor))
        assert (job.state, steps) == (JobState.CANCELLED, [0, 1, 2, 3])

    def test_a_row_that_swallows_errors_does_not_swallow_a_cancel(self, queue):
        def task(run):
            for number in range(3):
                try:
                    run.progress(number, 3)
                    JobProgress.objects.filter(job_id=run.job_id).update(cancel_requested=True)
                except Exception:
                    pytest.fail("the order to stop was taken for an error")

        assert done_by_worker(asked(task)).state == JobState.CANCELLED


class TestCancelling:
    def test_stops_a_waiting_job_at_once(self, queue):
        _, actor = official()
        ran = []
        job = asked(lambda run: ran.append(1), actor=actor)
        services.cancel(actor=actor, job_id=job.pk)
        assert done_by_worker(job).state == JobState.CANCELLED
        assert ran == []

    def test_is_audited(self, queue):
        _, actor = official()
        job = asked(lambda run: {}, actor=actor)
        services.cancel(actor=actor, job_id=job.pk)
        entry = Entry.objects.get(verb="jobs.cancel")
        assert (entry.target_id, entry.actor_name) == (str(job.pk), actor.name)

    def test_refuses_a_job_that_has_ended(self, queue):
        _, actor = official()
        job = done_by_worker(asked(lambda run: {}, actor=actor))
        with pytest.raises(services.UnableToCancel, match="すでに終わっている"):
            services.cancel(actor=actor, job_id=job.pk)
        assert fresh(job).state == JobState.DONE

    def test_knows_nothing_of_the_jobs_of_strangers(self, queue):
        _, actor = official()
        _, stranger = official(at=organisation("別の市", "11203"))
        job = asked(lambda run: {}, actor=actor)
        with pytest.raises(JobNotFound):
            services.cancel(actor=stranger, job_id=job.pk)
        assert fresh(job).state == JobState.WAITING


class TestLostWorkers:
    def lost(self, job: Job) -> None:
        """A worker took the job and died: the row says running, the sign of life grows old."""
        services._take(job.pk, NOW)
        JobProgress.objects.update_or_create(job_id=job.pk, defaults={"attempt": 1, "updated_at": NOW})

    def test_gives_the_job_to_the_next_worker(self, queue):
        ran = []
        job = asked(lambda run: ran.append(run.attempt))
        self.lost(job)
        assert services.revive_lost(now=NOW + timedelta(seconds=30)) == 0, "the worker may be alive"
        assert services.revive_lost(now=NOW + timedelta(seconds=61)) == 1
        assert done_by_worker(job).state == JobState.DONE
        assert ran == [2]

    def test_puts_it_back_into_the_queue(self, queue):
        job = asked(lambda run: {})
        self.lost(job)
        services.revive_lost(now=NOW + timedelta(minutes=2))
        assert fresh(job).queue_id != job.queue_id
        assert DBTaskResult.objects.filter(pk=fresh(job).queue_id, status="READY").exists()

    def test_a_beating_heart_is_no_lost_worker(self, queue):
        job = asked(lambda run: {})
        self.lost(job)
        services.sign_of_life(job_id=job.pk, now=NOW + timedelta(minutes=10))
        assert services.revive_lost(now=NOW + timedelta(minutes=10, seconds=30)) == 0

    def test_reports_a_job_that_kills_its_workers(self, queue, django_capture_on_commit_callbacks, monkeypatch):
        heard = []
        monkeypatch.setitem(events._handlers, JobEnded, {"test": heard.append})
        job = asked(lambda run: {})
        with django_capture_on_commit_callbacks(execute=True):
            for day in range(1, 4):
                services._take(job.pk, NOW)
                services.revive_lost(now=NOW + timedelta(days=day))
        assert (fresh(job).state, fresh(job).error) == (JobState.FAILED, rules.WORKER_DIED)
        assert [event.state for event in heard] == [JobState.FAILED]

    def test_a_worker_taken_for_dead_cannot_end_the_job(self, queue, caplog):
        def task(run):
            if run.attempt == 1:  # while this one sleeps, another is called and finishes
                services.revive_lost(now=NOW + timedelta(minutes=5))
                services.run(job_id=run.job_id, clock=lambda: NOW + timedelta(minutes=6))
            return {"by": run.attempt}

        job = done_by_worker(asked(task))
        assert job.result == {"by": 2}
        assert "ended too late" in caplog.text

    def test_a_worker_taken_for_dead_stops_at_its_next_progress(self, queue):
        after = []

        def task(run):
            if run.attempt == 1:
                services.revive_lost(now=NOW + timedelta(minutes=5))
                services.run(job_id=run.job_id, clock=lambda: NOW + timedelta(minutes=6))
                run.progress(1, 2)
                after.append("went on")
            return {}

        assert done_by_worker(asked(task)).attempts == 2
        assert after == []

    def test_calls_again_for_a_job_whose_call_was_used_up(self, queue):
        job = asked(lambda run: {})
        DBTaskResult.objects.filter(pk=job.queue_id).update(status="RUNNING", started_at=NOW)
        assert services.revive_lost(now=NOW + timedelta(minutes=2)) == 1
        assert services.revive_lost(now=NOW + timedelta(minutes=2)) == 0, "the new call still waits"

    def test_a_worker_asked_to_end_gives_the_job_back(self, queue, monkeypatch):
        def task(run):
            rules.shutting_down.set()
            run.progress(1, 2)

        try:
            job = done_by_worker(asked(task))
        finally:
            rules.shutting_down.clear()
        assert (job.state, job.losses) == (JobState.WAITING, 0)
        assert DBTaskResult.objects.filter(pk=job.queue_id, status="READY").exists()

    def test_tries_again_after_the_database_was_away(self, queue):
        def task(run):
            if run.attempt == 1:
                raise OperationalError("server closed the connection")
            return {"attempt": run.attempt}

        job = asked(task)
        assert done_by_worker(job).state == JobState.WAITING
        assert done_by_worker(job).result == {"attempt": 2}
