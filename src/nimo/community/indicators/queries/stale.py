"""Which figures wait to be counted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nimo.community.indicators.models import StaleMark
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Stale:
    """A fact that changed after figures were counted from it."""

    fact: str
    region_code: str
    fiscal_year: int
    marked_at: datetime


def stale_marks(actor: Actor, *, region_code: str | None = None) -> Sequence[Stale]:
    """The marks of the regions within the actor's reach (of one of them, if given), by region, year and fact."""
    reach = actor.reach(Permission.VIEW_INDICATORS)
    marks = StaleMark.objects.order_by("region_id", "fiscal_year", "fact")
    if not reach.everything:
        marks = marks.filter(region_id__in=reach.region_codes)
    if region_code is not None:
        marks = marks.filter(region_id=region_code)
    return [Stale(mark.fact, mark.region_id, mark.fiscal_year, mark.marked_at) for mark in marks]
