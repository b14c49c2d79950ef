"""Asking for work, doing it once, ending it, and finding the work of workers that died.

waiting → running → done | failed | cancelled; running → waiting again when its worker dies or is shut down.
Every change is a conditional update on state and attempt, so that two workers cannot hold one job and a worker
that was taken for dead cannot end it any more.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils.module_loading import autodiscover_modules, import_string
from django_tasks import TaskResultStatus
from django_tasks.base import Task as QueueTask
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from nimo.core.events import publish
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.jobs import rules
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.events import JobEnded
from nimo.foundation.jobs.models import Job, JobProgress
from nimo.foundation.jobs.policies import get_job, may_cancel

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
CANCEL = register_verb("jobs.cancel", "時間のかかる処理の中止を依頼した")
_QUEUE_TASK = "nimo.foundation.jobs.tasks.run_job"


class UnableToCancel(Exception):
    """The job goes on, or has ended; str() says why, in Japanese."""


def discover() -> None:
    """Imports every app's `tasks`, and what they lean on: called where jobs run, so that a web worker loads no tasks."""
    autodiscover_modules("tasks", "handlers", "measures")


def enqueue(
    *, actor: Actor, code: str, title: str, parameters: Mapping[str, Any] | None = None, region_code: str = ""
) -> Job:
    """Asks for the work `code`; it begins after the caller's transaction has committed, or never existed.

    The caller has checked that the actor may. code: the one of `@job(code)` in an app's tasks.py. title: Japanese,
    shown in lists. parameters: JSON of at most 20,000 characters. Neither holds personal data: hand over ids.
    Send the user to `/jobs/<job.id>/`.
    """
    if actor.kind == "anonymous":
        raise ValueError("the public asks for no jobs")
    organisation = actor.organisation
    job = Job(
        id=new_id(),
        code=code,
        title=title,
        parameters=rules.checked_json(parameters or {}, limit=rules.PARAMETERS_LIMIT),
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        organisation_id=organisation.organisation_id if organisation else None,
        region_code=region_code,
        requested_at=actor.now,
    )
    with transaction.atomic():
        job.queue_id = _call_worker(job.pk)
        job.save(force_insert=True)
    return job


def _call_worker(job_id: UUID) -> UUID | None:
    """Puts the job's number into the queue, in the open transaction; a queue without a table is called on commit."""
    # by name, because services never import tasks (tasks import services)
    queue: QueueTask[..., None] = import_string(_QUEUE_TASK)
    if isinstance(queue.get_backend(), DatabaseBackend):
        return UUID(str(queue.enqueue(str(job_id)).id))
    transaction.on_commit(lambda: queue.enqueue(str(job_id)))
    return None


def cancel(*, actor: Actor, job_id: UUID) -> Job:
    """Stops a job: at once while it waits, at its next sign of progress while it runs; what is committed stays.

    Raises JobNotFound and UnableToCancel.
    """
    with transaction.atomic():
        job = get_job(actor, job_id)
        decision = may_cancel(actor, job)
        if not decision:
            raise UnableToCancel(decision.reason)
        waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
        at_once = waiting.update(state=JobState.CANCELLED, finished_at=actor.now) == 1
        record(
            actor,
            verb=CANCEL,
            target=("jobs.job", str(job.pk)),
            region_code=job.region_code,
            organisation_id=job.organisation_id,
            diff={"state": [job.state, JobState.CANCELLED]} if at_once else None,
        )
        if at_once:
            job.state, job.finished_at = JobState.CANCELLED, actor.now
            _announce(job, JobState.CANCELLED)
        else:
            JobProgress.objects.update_or_create(job_id=job.pk, defaults={"cancel_requested": True})
    return job


class _Progress:
    """Signs of life of one attempt, in the side database; its answers are the orders to stop."""

    def __init__(self, job_id: UUID, attempt: int, clock: Clock) -> None:
        self._rows = JobProgress.objects.filter(job_id=job_id)
        self._attempt = attempt
        self._clock = clock
        self._written_at: datetime | None = None
        JobProgress.objects.get_or_create(job_id=job_id)
        self._rows.update(attempt=attempt, done=0, total=None, text="", updated_at=clock())

    def report(self, done: int, total: int | None, text: str) -> None:
        self.check()
        now = self._clock()
        whole = total is not None and done >= total
        if self._written_at is None or whole or now - self._written_at >= rules.PROGRESS_PAUSE:
            self._written_at = now
            self._rows.filter(attempt=self._attempt).update(
                done=max(0, done), total=total, text=text[: rules.PROGRESS_TEXT_LIMIT], updated_at=now
            )

    def check(self) -> None:
        row = self._rows.values("attempt", "cancel_requested").first()
        if row is not None and row["attempt"] != self._attempt:
            raise rules.JobReplaced
        if row is not None and row["cancel_requested"]:
            raise rules.JobCancelled
        if rules.shutting_down.is_set():
            raise rules.JobInterrupted


def run(*, job_id: UUID, clock: Clock) -> None:
    """Takes one waiting job and does it: the worker's only verb. Does nothing when somebody else has it or had it.

    Whatever the task raises ends in the job's row; only an order to stop the process passes through.
    """
    discover()
    job = _take(job_id, clock())
    if job is None:
        return
    try:
        progress = _Progress(job.pk, job.attempts, clock)
        progress.check()
        result = _do(job, progress, clock())
    except rules.JobReplaced:
        logger.warning("job %s (%s): attempt %d was replaced", job.pk, job.code, job.attempts)
    except rules.JobInterrupted:
        _give_back(job, lost=False)
    except rules.JobCancelled:
        _end(job, JobState.CANCELLED, clock())
    except OperationalError as error:
        _log(job, error)
        _give_back(job, lost=True, now=clock())
    except Exception as error:
        _log(job, error)
        _end(job, JobState.FAILED, clock(), error=rules.message_for(error))
    else:
        _end(job, JobState.DONE, clock(), result=result)


def _take(job_id: UUID, now: datetime) -> Job | None:
    with transaction.atomic():
        taken = Job.objects.filter(pk=job_id, state=JobState.WAITING).update(
            state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now
        )
        return Job.objects.get(pk=job_id) if taken == 1 else None


def _do(job: Job, progress: _Progress, now: datetime) -> dict[str, Any]:
    task = rules.task_for(job.code)
    if task is None:
        raise rules.UnableToFinish(rules.UNKNOWN_CODE)
    run = rules.JobRun(job.pk, job.code, job.parameters, _actor(job, now), job.attempts, progress)
    return rules.checked_json(task(run) or {}, limit=rules.RESULT_LIMIT)


def _actor(job: Job, now: datetime) -> Actor:
    """The requester with the rights of this moment, in the organisation the job was asked for."""
    if job.requested_by_id is None:
        return Actor.system(job.requested_by_name, now=now)
    user = User.objects.get(pk=job.requested_by_id)
    actor = actor_for_user(user, now, acting_organisation_id=job.organisation_id)
    if job.organisation_id not in {grant.organisation_id for grant in actor.grants}:
        raise rules.UnableToFinish(rules.NO_LONGER_ALLOWED)
    return actor


def _log(job: Job, error: Exception) -> None:
    """The kind and the place of an error, never its message: that may quote the record it is about."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    logger.error("job %s (%s) attempt %d: %s at %s", job.pk, job.code, job.attempts, type(error).__qualname__, places)


def _end(job: Job, state: JobState, now: datetime, *, result: Mapping[str, Any] | None = None, error: str = "") -> None:
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
        if mine.update(state=state, finished_at=now, result=result, error=error) == 1:
            _announce(job, state)
        else:
            logger.warning("job %s (%s): attempt %d ended too late", job.pk, job.code, job.attempts)


def _announce(job: Job, state: JobState) -> None:
    publish(JobEnded(job.pk, job.code, job.title, state, job.requested_by_id))


def _give_back(job: Job, *, lost: bool, now: datetime | None = None) -> JobState | None:
    """Running → waiting again, or → failed when too many workers died over it. None: somebody else was quicker."""
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
        if lost and job.losses + 1 >= rules.MAX_LOSSES:
            changed = mine.update(
                state=JobState.FAILED, finished_at=now, losses=job.losses + 1, error=rules.WORKER_DIED
            )
            if changed:
                _announce(job, JobState.FAILED)
            return JobState.FAILED if changed else None
        if not mine.update(state=JobState.WAITING, losses=job.losses + lost, queue_id=_call_worker(job.pk)):
            transaction.set_rollback(True)  # the call that was just put into the queue
            return None
        return JobState.WAITING


def revive_lost(*, now: datetime) -> int:
    """Finds jobs whose worker died and jobs nobody was called for; gives them back or reports them. How many.

    Called by every worker between two jobs: any number of them may do it at once.
    """
    running = list(Job.objects.filter(state=JobState.RUNNING).filter(started_at__lte=now - rules.LOST_AFTER))
    signs = JobProgress.objects.in_bulk([job.pk for job in running])
    revived = 0
    for job in running:
        sign = signs.get(job.pk)
        if rules.is_lost(sign_of_life=sign.updated_at if sign else None, started_at=job.started_at, now=now):
            revived += _give_back(job, lost=True, now=now) is not None
    return revived + _call_again(now)


def _call_again(now: datetime) -> int:
    """Jobs that wait although their queue entry has been used up: the worker died between taking it and beginning."""
    waiting = list(
        Job.objects.filter(
            Q(started_at__isnull=True) | Q(started_at__lte=now - rules.LOST_AFTER),
            state=JobState.WAITING,
            requested_at__lte=now - rules.LOST_AFTER,
            queue_id__isnull=False,
        )
    )
    entries = DBTaskResult.objects.in_bulk([job.queue_id for job in waiting])
    called = 0
    for job in waiting:
        entry = entries.get(job.queue_id)
        if entry is not None and entry.status == TaskResultStatus.READY:
            continue
        with transaction.atomic():
            same = Job.objects.filter(pk=job.pk, state=JobState.WAITING, queue_id=job.queue_id)
            if same.update(queue_id=_call_worker(job.pk)) == 1:
                called += 1
            else:
                transaction.set_rollback(True)
    return called


def sign_of_life(*, job_id: UUID, now: datetime) -> None:
    """The worker's own heartbeat while a task is silent. Only for a running job that has its row."""
    JobProgress.objects.filter(job_id=job_id).update(updated_at=now)
