from __future__ import annotations

from django.db.models import TextChoices


class JobState(TextChoices):
    """Where a job stands. The three last ones are final: nothing changes such a row any more."""

    WAITING = "waiting", "順番待ち"
    RUNNING = "running", "処理中"
    DONE = "done", "完了"
    FAILED = "failed", "失敗"
    CANCELLED = "cancelled", "中止"


FINAL_STATES = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
