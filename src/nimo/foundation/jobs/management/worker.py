"""One worker process: takes calls from the queue, gives signs of life while it works, looks for work that was lost."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from types import FrameType
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connections
from django.db.utils import DatabaseError
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from nimo.foundation.jobs import rules, services

logger = logging.getLogger(__name__)
IDLE_SECONDS = 1.0
LOOK_FOR_LOST_SECONDS = 15.0


class Heartbeat:
    """Says every few seconds that the process lives, from a thread with a connection of its own.

    A silent task (one long query) is not a dead worker; a killed process is one after rules.LOST_AFTER.
    """

    def __init__(self, job_id: UUID) -> None:
        self._job_id = job_id
        self._seconds = rules.HEARTBEAT_SECONDS
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job_id}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(self._seconds)

    def _beat(self) -> None:
        try:
            while not self._over.wait(self._seconds):
                try:
                    services.sign_of_life(job_id=self._job_id, now=timezone.now())
                except DatabaseError as error:  # one missed beat is no harm
                    logger.warning("heartbeat of job %s missed: %s", self._job_id, type(error).__name__)
        finally:
            connections.close_all()


class JobWorker(Worker):
    """The library's worker, with heartbeats; asked to end, it lets the running job go back to the queue."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        rules.shutting_down.set()
        super().shutdown(signum, frame)

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        with Heartbeat(UUID(db_task_result.args_kwargs["args"][0])):
            super().run_task(db_task_result)


def work(*, burst: bool, limit: int | None = None, idle_seconds: float = IDLE_SECONDS) -> int:
    """Works until asked to end; `burst`: until nothing waits; `limit`: at most so many jobs. How many were taken."""
    options: dict[str, Any] = {
        "queue_names": ["default"],
        "excluded_queue_names": [],
        "interval": 0,
        "batch": True,
        "backend_name": "default",
        "startup_delay": False,
        "worker_id": secrets.token_hex(16),
    }
    worker = JobWorker(max_tasks=limit, **options)
    worker.configure_signals()
    services.discover()
    if not burst:
        call_command("prune_db_task_results", verbosity=0)  # calls that were answered two weeks ago; jobs stay
    looked_at: float | None = None
    while worker.running:
        if looked_at is None or time.monotonic() - looked_at >= LOOK_FOR_LOST_SECONDS:
            looked_at = time.monotonic()
            services.revive_lost(now=timezone.now())
        if DBTaskResult.objects.ready().exists():  # looking costs no lock; the library's way of taking one does
            worker.run()  # everything that waits, then returns
        if burst or (limit is not None and worker._run_tasks >= limit):
            break
        if worker.running:
            time.sleep(idle_seconds)
    return int(worker._run_tasks)
