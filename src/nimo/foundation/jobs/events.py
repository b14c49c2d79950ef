"""What others may react to. May be late, may be lost: the job's own page is where the outcome stays."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nimo.foundation.jobs.choices import JobState


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job reached one of its final states. `requested_by_id` is None when no person asked for it."""

    job_id: UUID
    code: str
    title: str
    state: JobState
    requested_by_id: UUID | None
