"""A job that was stopped or died leaves no import "being read" or "being recorded" for ever."""

from __future__ import annotations

from nimo.community.statistics.services.stopping import job_stopped
from nimo.core.events import on
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.events import JobEnded


@on(JobEnded)
def import_job_ended(event: JobEnded) -> None:
    if event.code.startswith("statistics.") and event.state in (JobState.CANCELLED, JobState.FAILED):
        job_stopped(job_id=event.job_id)
