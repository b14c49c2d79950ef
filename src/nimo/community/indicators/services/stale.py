"""Stale marks: a fact changed after figures were counted from it."""

from __future__ import annotations

from django.db import transaction

from nimo.community.indicators.models import StaleMark
from nimo.foundation.access.actors import Actor


def mark_stale(*, actor: Actor, fact: str, region_code: str, fiscal_year: int) -> None:
    """Remember that what is counted from `fact` must be counted again for this region and year.

    fact: an indicator's code, or "app.noun" as a later measure will name it. Called inside the service that changed the
    fact, in its transaction and under its audit entry; marking twice keeps one mark with the later time.
    """
    with transaction.atomic():
        StaleMark.objects.bulk_create(
            [
                StaleMark(
                    fact=fact,
                    region_id=region_code,
                    fiscal_year=fiscal_year,
                    marked_at=actor.now,
                    marked_by_name=actor.name,
                )
            ],
            update_conflicts=True,
            unique_fields=["region", "fact", "fiscal_year"],
            update_fields=["marked_at", "marked_by_name"],
        )
