"""Asking for work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django_tasks import task

from nimo.foundation.access.actors import Actor
from nimo.foundation.jobs.models import Job
from nimo.foundation.jobs.rules import PARAMETERS_LIMIT, checked_json


@task()
def run_job(job_id: str) -> None:
    raise NotImplementedError


def enqueue(
    *, actor: Actor, code: str, title: str, parameters: Mapping[str, Any] | None = None, region_code: str = ""
) -> Job:
    """Asks for the work `code`; it begins after the caller's transaction has committed, or never existed.

    title: Japanese, shown in lists, no personal data. parameters: JSON, no personal data (hand over ids).
    """
    with transaction.atomic():
        return Job.objects.create(
            code=code,
            title=title,
            parameters=checked_json(parameters or {}, limit=PARAMETERS_LIMIT),
            requested_by_id=actor.user_id,
            requested_by_name=actor.name,
            organisation_id=actor.organisation.organisation_id if actor.organisation else None,
            region_code=region_code,
            requested_at=actor.now,
        )
