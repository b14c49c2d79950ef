"""A job is seen by whoever asked for it, and by colleagues as far as their role reaches."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, refused
from nimo.foundation.jobs.choices import FINAL_STATES
from nimo.foundation.jobs.models import Job


class JobNotFound(Exception):
    """No such job, or none this actor may see: the page answers 404."""


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    """The actor's own jobs, and those `jobs.view` reaches by organisation or region."""
    if actor.kind == "anonymous" or not actor.has_anywhere(Permission.VIEW_JOBS):
        return Job.objects.none()
    reach = actor.reach(Permission.VIEW_JOBS)
    if reach.everything:
        return Job.objects.all()
    return Job.objects.filter(
        Q(requested_by_id=actor.user_id)
        | Q(organisation_id__in=reach.organisation_ids)
        | Q(region_code__in=reach.region_codes)
    )


def get_job(actor: Actor, job_id: UUID) -> Job:
    """One job the actor may see. Raises JobNotFound."""
    job = visible_jobs(actor).filter(pk=job_id).first()
    if job is None:
        raise JobNotFound
    return job


def may_cancel(actor: Actor, job: Job) -> Decision:
    """Whoever asked for a job may stop it; others as far as `jobs.cancel` reaches. Not after it has ended."""
    if job.state in FINAL_STATES:
        return refused("この処理はすでに終わっているため、中止できません。結果はこの画面に残っています。")
    own = actor.kind == "user" and job.requested_by_id == actor.user_id and actor.has_anywhere(Permission.CANCEL_JOB)
    reaches = actor.may(Permission.CANCEL_JOB, region_code=job.region_code or None, organisation_id=job.organisation_id)
    return ALLOWED if own or reaches else refused("この処理を中止できるのは、依頼した人とその組織の担当者です。")
