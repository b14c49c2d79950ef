"""Which code runs which function, what a running job may ask for, and what its user reads when it fails.

A job runs *at least* once: a worker that dies in the middle is replaced and the function starts again. Write
tasks so that a second run does no harm (look first, then act; short transactions).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from nimo.foundation.access.actors import Actor

MAX_LOSSES = 3
"""So many workers may die over one job; then it is reported instead of killing the next one."""
HEARTBEAT_SECONDS = 10.0
LOST_AFTER = timedelta(seconds=60)
"""A worker gives a sign of life every HEARTBEAT_SECONDS; after this long without one it is taken for dead."""
PROGRESS_PAUSE = timedelta(seconds=0.3)
"""Progress is written at most this often: a task may report every row."""
PROGRESS_TEXT_LIMIT = 200
PARAMETERS_LIMIT = 20_000
RESULT_LIMIT = 200_000

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


shutting_down = threading.Event()
"""Set by the worker when it is asked to end: running jobs go back to the queue at their next sign of progress."""


class JobStopped(BaseException):
    """An order to stop. No `Exception`, so that `except Exception` around one row of a task does not swallow it."""


class JobCancelled(JobStopped):
    """Somebody asked for the job to stop. Let it pass through: what was committed before stays."""


class JobReplaced(JobStopped):
    """This worker was taken for dead and another one runs the job now: stop without touching anything."""


class JobInterrupted(JobStopped):
    """The worker is being shut down: the job goes back to the queue and starts again elsewhere or later."""


class UnableToFinish(Exception):
    """Raised by a task with a sentence for the user: what happened, that nothing was lost, what to do."""


class Progress(Protocol):
    """Where a run leaves its signs of life. Raises a JobStopped when it must stop."""

    def report(self, done: int, total: int | None, text: str) -> None: ...

    def check(self) -> None: ...


@dataclass(frozen=True, slots=True)
class JobRun:
    """One attempt at a job, as the task sees it.

    parameters: what was enqueued (JSON). actor: the requester with the rights of today, or the system actor.
    attempt: 1 on the first run, 2 or 3 when an earlier worker died.
    """

    job_id: UUID
    code: str
    parameters: Mapping[str, Any]
    actor: Actor
    attempt: int
    sink: Progress

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Shows `done` of `total` (None: not known) and a Japanese sentence on the job's page; stops when cancelled."""
        self.sink.report(done, total, text)

    def stop_if_cancelled(self) -> None:
        """Raises JobCancelled when somebody pressed 中止."""
        self.sink.check()


Task = Callable[[JobRun], Mapping[str, Any] | None]
_TASKS: dict[str, Task] = {}


def job(code: str) -> Callable[[Task], Task]:
    """Registers a function of an app's `tasks.py` under a code such as "sheets.read".

    It returns a JSON object, shown on the page that stays: `summary` (one sentence), `path` and `path_label`
    (where to go next, inside nimo), `figures` ([[label, value text], …]), `warnings` ([sentence, …]); other
    keys are kept for programs. No personal data: the page is read by colleagues.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"a job code reads app.verb, not {code!r}")

    def register(task: Task) -> Task:
        known = _TASKS.get(code)
        if known is not None and (known.__module__, known.__qualname__) != (task.__module__, task.__qualname__):
            raise ValueError(f"two tasks claim the job code {code}")
        _TASKS[code] = task
        return task

    return register


def task_for(code: str) -> Task | None:
    """The registered function; None when no installed app offers it (then the job fails with a message)."""
    return _TASKS.get(code)


def checked_json(value: Mapping[str, Any], *, limit: int) -> dict[str, Any]:
    """The value as it will be read back from the database. ValueError when it is no JSON or longer than `limit`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(text) > limit:
        raise ValueError(f"{len(text)} characters of JSON, at most {limit}: store a file and hand over its id")
    plain: dict[str, Any] = json.loads(text)
    return plain


def is_lost(*, sign_of_life: datetime | None, started_at: datetime | None, now: datetime) -> bool:
    """Whether the worker of a running job must be taken for dead."""
    last = max((moment for moment in (sign_of_life, started_at) if moment is not None), default=None)
    return last is None or now - last > LOST_AFTER


UNKNOWN_CODE = (
    "この処理を行うプログラムが、いま動いている nimo に見つかりませんでした。登録済みの内容は変わっていません。"
    "システム管理者に、この画面の番号を伝えてください。"
)
NO_LONGER_ALLOWED = (
    "依頼した方の利用者登録または所属が、処理を始める前に終わっていたため、処理を行いませんでした。"
    "登録済みの内容は変わっていません。いまの担当者がもう一度依頼してください。"
)
WORKER_DIED = (
    "処理の途中で動作が止まることが続いたため、処理を終わりにしました。それまでに確定した内容は残っています。"
    "もう一度依頼しても同じことが起きるときは、システム管理者に、この画面の番号を伝えてください。"
)
UNEXPECTED = (
    "処理の途中で予期しないことが起きたため、止まりました。それまでに確定した内容は残っています。"
    "もう一度依頼しても同じことが起きるときは、システム管理者に、この画面の番号を伝えてください。"
)


def message_for(error: BaseException) -> str:
    """The sentence for the user: that of a refusal (`UnableTo…`), else a general one without technical words."""
    if any(kind.__name__.startswith("UnableTo") for kind in type(error).__mro__) and str(error):
        return str(error)
    return UNEXPECTED
