"""The list of a body's meetings among 200,000 meetings of 2,000 bodies, against the same list when it stands alone."""

from __future__ import annotations

from datetime import date, timedelta

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.timing import say, seconds

BODIES, EACH = 2_000, 100


def run() -> None:
    django.setup()
    from nimo.community.councils.models.bodies import Body  # noqa: PLC0415 - after setup
    from nimo.community.councils.models.meetings import AttendanceCount, Meeting  # noqa: PLC0415
    from nimo.community.councils.queries.meetings import Wanted, meeting_table, meetings_of  # noqa: PLC0415
    from nimo.core.ids import new_id  # noqa: PLC0415
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.accounts.models import Organisation  # noqa: PLC0415
    from nimo.foundation.regions.services import load_municipalities  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    now = timezone.now()
    actor = Actor.system("測定", now=now)
    load_municipalities(actor=actor)
    office = Organisation.objects.create(region_id="10205", kind="municipality", name="架空の組織")

    def bodies(number: int) -> list[Body]:
        return Body.objects.bulk_create(
            Body(
                id=new_id(),
                organisation=office,
                region_id="10205",
                name=f"架空{one}",
                layer="municipality",
                kind="practitioners",
                created_at=now,
            )
            for one in range(number)
        )

    def fill(body: Body) -> list[Meeting]:
        return [
            Meeting(
                id=new_id(),
                body=body,
                title=f"第{number}回",
                fiscal_year=2000 + number // 4,
                held_on=date(2000, 4, 1) + timedelta(days=number * 91),
                state="held",
                summary="要旨",
                created_at=now,
                recorded_by_name="測定",
            )
            for number in range(EACH)
        ]

    mine = bodies(1)[0]
    first = Meeting.objects.bulk_create(fill(mine))
    AttendanceCount.objects.bulk_create(AttendanceCount(meeting=one, category="health", number=3) for one in first)

    def page() -> object:
        rows = list(meetings_of(actor, mine, Wanted())[:50])
        return meeting_table(rows, near=True), meetings_of(actor, mine, Wanted()).count()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    page()
    few, few_queries = seconds(page, times=15), queries()
    for body in bodies(BODIES - 1):
        Meeting.objects.bulk_create(fill(body))
    many, many_queries = seconds(page, times=15), queries()
    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    print(f"  {engine}: 問い合わせ {few_queries} → {many_queries} 回（会議 {Meeting.objects.count():,} 件）")
    say(f"会議の一覧（{BODIES * EACH:,}件のうち{EACH}件の会議体）", many, few, "その会議体だけ")
