"""Notices that follow from what other apps publish."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from nimo.core.events import on
from nimo.foundation.access.actors import Actor
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.events import JobEnded
from nimo.foundation.notices.rules import TEXT_LIMIT
from nimo.foundation.notices.services import notify

_ENDINGS = {JobState.DONE: "が終わりました。", JobState.FAILED: "ができませんでした。理由を確かめてください。"}


@on(JobEnded)
def tell_the_requester(event: JobEnded) -> None:
    """Whoever asked for a job need not watch its page. A cancelled one is no news to those who stopped it."""
    ending = _ENDINGS.get(event.state)
    if ending is None or event.requested_by_id is None:
        return
    notify(
        actor=Actor.system("nimo", now=timezone.now()),
        recipients=[event.requested_by_id],
        text=f"「{event.title[: TEXT_LIMIT - 60]}」{ending}",
        path=reverse("jobs:job_detail", args=[event.job_id]),
    )
