"""What becomes of an import whose job was stopped: its file is there, and a person decides again."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import StatisticsImport

STOPPED = (
    "読み取りが途中で止まりました。ファイルは保管してあり、失われていません。何も記録していません。"
    "「読み直す」を押すと、同じファイルをもう一度読みます。"
)


def job_stopped(*, job_id: UUID) -> int:
    """Reading → failed with the reason (it can be read again); recording → review, nothing was recorded; checking →
    review, where the person asks for it again before anything can be recorded. How many."""
    rows = StatisticsImport.objects.filter(job_id=job_id)
    reading = rows.filter(state=ImportState.READING).update(
        state=ImportState.FAILED, failure=STOPPED, version=F("version") + 1
    )
    others = rows.filter(state__in=[ImportState.RECORDING, ImportState.CHECKING])
    return reading + others.update(state=ImportState.REVIEW, version=F("version") + 1)
