"""The one function django-tasks knows: the queue holds the number of a job, everything else is in its row."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from nimo.foundation.jobs import services


@task()
def run_job(job_id: str) -> None:
    services.run(job_id=UUID(job_id), clock=timezone.now)
