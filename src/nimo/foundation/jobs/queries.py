"""What the pages of jobs show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse

from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import JAPAN, Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.jobs.choices import FINAL_STATES, JobState
from nimo.foundation.jobs.models import Job, JobProgress
from nimo.foundation.jobs.policies import get_job, may_cancel, visible_jobs
from nimo.foundation.jobs.rules import MAX_LOSSES, is_lost
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.tables import Cell, Column, Table

TONES = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "warning",
}
PAGE_SIZE = 30
WAITED_TOO_LONG = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class JobResult:
    """The parts of a task's result that people read (rules.job says what a task may return)."""

    summary: str
    path: str
    path_label: str
    figures: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, result: Mapping[str, Any] | None) -> JobResult:
        given = result or {}
        path = str(given.get("path", ""))
        return cls(
            summary=str(given.get("summary", "")),
            path=path if path.startswith("/") and not path.startswith("//") else "",
            path_label=str(given.get("path_label", "")) or "結果の画面を開く",
            figures=tuple((str(label), str(value)) for label, value in given.get("figures", [])),
            warnings=tuple(str(warning) for warning in given.get("warnings", [])),
        )


@dataclass(frozen=True, slots=True)
class JobPage:
    """One job as its page shows it. `done`/`total` None: not known yet."""

    job: Job
    state: JobState
    tone: str
    over: bool
    done: int | None
    total: int | None
    text: str
    stopping: bool
    result: JobResult
    facts: Sequence[Definition]
    cancel: Decision


def moment(when: datetime | None) -> str | None:
    """令和8年5月11日 12時00分, in Japan."""
    if when is None:
        return None
    local = when.astimezone(JAPAN)
    return f"{to_wareki(local.date())} {local.hour}時{local.minute:02d}分"


def job_page(actor: Actor, job_id: UUID) -> JobPage:
    """One job and how far it is. Raises JobNotFound."""
    job = get_job(actor, job_id)
    state = JobState(job.state)
    progress = JobProgress.objects.filter(job_id=job.pk).first() if state is JobState.RUNNING else None
    known = progress if progress is not None and progress.attempt == job.attempts else None
    facts = [
        Definition("依頼した人", job.requested_by_name),
        Definition("依頼した日時", moment(job.requested_at)),
        Definition("始まった日時", moment(job.started_at) or "まだ始まっていません"),
        Definition("終わった日時", moment(job.finished_at) or "まだ終わっていません"),
        Definition("番号", str(job.pk)),
    ]
    if job.losses:
        facts.append(Definition("途中で止まり、やり直した回数", str(job.losses)))
    return JobPage(
        job=job,
        state=state,
        tone=TONES[state],
        over=state in FINAL_STATES,
        done=known.done if known and known.total else None,
        total=known.total if known else None,
        text=known.text if known else "",
        stopping=bool(progress and progress.cancel_requested),
        result=JobResult.of(job.result),
        facts=facts,
        cancel=may_cancel(actor, job),
    )


@dataclass(frozen=True, slots=True)
class JobList:
    """A page of the list: `own` shows the actor's own jobs only."""

    own: bool
    own_count: int
    all_count: int
    page: Page[Job]
    table: Table


def job_list_page(actor: Actor, *, own: bool, number: int) -> JobList:
    """The actor's jobs, or all the actor may see, newest first; progress of the running ones in one query."""
    everything = visible_jobs(actor)
    mine = everything.filter(requested_by_id=actor.user_id)
    rows = (mine if own else everything).order_by("-requested_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    running = [job.pk for job in page.object_list if job.state == JobState.RUNNING]
    progress = JobProgress.objects.in_bulk(running)
    return JobList(
        own=own,
        own_count=mine.count(),
        all_count=everything.count(),
        page=page,
        table=_table(list(page.object_list), progress, own=own),
    )


def _share(job: Job, progress: JobProgress | None) -> str:
    if progress is None or not progress.total or progress.attempt != job.attempts:
        return ""
    return f"{min(progress.done, progress.total) * 100 // progress.total}％"


def _table(jobs: Sequence[Job], progress: Mapping[UUID, JobProgress], *, own: bool) -> Table:
    columns = [
        Column("title", "件名", is_row_header=True),
        Column("state", "状態"),
        Column("requested_at", "依頼した日時"),
        Column("requested_by", "依頼した人"),
    ]
    return Table(
        id="jobs",
        caption="自分が依頼した処理" if own else "見ることのできる処理",
        columns=columns if not own else columns[:3],
        rows=[
            {
                "title": Cell(job.title, href=reverse("jobs:job_detail", args=[job.pk])),
                "state": Cell(
                    f"{JobState(job.state).label} {_share(job, progress.get(job.pk))}".strip(),
                    tone=TONES[JobState(job.state)],
                ),
                "requested_at": moment(job.requested_at),
                "requested_by": job.requested_by_name,
            }
            for job in jobs
        ],
        empty=EmptyState(
            title="まだ処理はありません",
            body="ファイルの取り込みや集計など、時間のかかる処理を依頼すると、進み具合と結果がここに並びます。",
        ),
    )


def is_waiting(*, code: str) -> bool:
    """Whether work of this kind, asked for by the system itself, has not ended yet. Checks no permission."""
    open_states = [state for state in JobState if state not in FINAL_STATES]
    return Job.objects.filter(code=code, requested_by__isnull=True, state__in=open_states).exists()


def is_under_way(*, code: str) -> bool:
    """Whether work of this kind has not ended yet, whoever asked for it. Checks no permission."""
    open_states = [state for state in JobState if state not in FINAL_STATES]
    return Job.objects.filter(code=code, state__in=open_states).exists()


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job in somebody's hands. silent: its worker has given no sign of life for too long."""

    job: Job
    done: int | None
    total: int | None
    last_sign: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Station:
    """Where the work of the whole deployment stands, for whoever keeps it running.

    oldest: since when the longest waiting job waits; failed: how many failed within the last seven days;
    reported: of them, those that killed their workers.
    """

    waiting: int
    oldest: datetime | None
    running: tuple[RunningJob, ...]
    failed: int
    reported: int
    now: datetime

    @property
    def stuck(self) -> bool:
        """Work waits and nobody takes it: no worker is alive."""
        return self.oldest is not None and self.now - self.oldest > WAITED_TOO_LONG and not self.living

    @property
    def living(self) -> int:
        return sum(1 for one in self.running if not one.silent)

    @property
    def silent(self) -> int:
        return sum(1 for one in self.running if one.silent)


def station(*, now: datetime) -> Station:
    """For operators at the command line: checks no permission, names no requester. Four queries."""
    waiting = Job.objects.filter(state=JobState.WAITING)
    recent = Job.objects.filter(state=JobState.FAILED, finished_at__gte=now - timedelta(days=7))
    jobs = list(Job.objects.filter(state=JobState.RUNNING).order_by("started_at"))
    signs = JobProgress.objects.in_bulk([job.pk for job in jobs])
    running = []
    for job in jobs:
        sign = signs.get(job.pk)
        last = sign.updated_at if sign else None
        silent = is_lost(sign_of_life=last, started_at=job.started_at, now=now)
        known = sign is not None and sign.attempt == job.attempts
        running.append(
            RunningJob(job, sign.done if sign and known else None, sign.total if sign and known else None, last, silent)
        )
    first = waiting.order_by("requested_at").values_list("requested_at", flat=True).first()
    counts = recent.aggregate(failed=Count("pk"), reported=Count("pk", filter=Q(losses__gte=MAX_LOSSES)))
    return Station(waiting.count(), first, tuple(running), counts["failed"], counts["reported"], now)
