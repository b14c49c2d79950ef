"""Lists among 200,000 meetings of 1,801 bodies, against the same pages when one body with its 100 meetings stands alone.

Whole pages over the test client, as an officer of the town that keeps the body and as one of another town. The bodies
belong to the country's municipalities; one of them holds 20,000 of the meetings, more than any real one, to see what its
last page costs. NIMO_DATABASE_URL: the same on PostgreSQL.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test import Client
from django.utils import timezone

from bench.timing import say, seconds

BODIES, EACH, LONG = 1_801, 100, 20_000
TOWN, OTHER_TOWN = "10205", "10201"
AT_ONCE = 10_000


def run() -> None:
    django.setup()
    from nimo.community.councils.models.bodies import Body  # noqa: PLC0415 - after setup
    from nimo.community.councils.models.meetings import Meeting  # noqa: PLC0415
    from nimo.core.ids import new_id  # noqa: PLC0415
    from nimo.foundation.access.actors import Actor  # noqa: PLC0415
    from nimo.foundation.access.permissions import Role  # noqa: PLC0415
    from nimo.foundation.accounts.models import Organisation  # noqa: PLC0415
    from nimo.foundation.regions.choices import MUNICIPALITY_KINDS  # noqa: PLC0415
    from nimo.foundation.regions.models import Region  # noqa: PLC0415
    from nimo.foundation.regions.services.places import load_municipalities  # noqa: PLC0415
    from tests.journeys.people import signed_in  # noqa: PLC0415
    from tests.support.people import user_of  # noqa: PLC0415

    for alias in ("default", "side"):
        call_command("migrate", verbosity=0, database=alias, interactive=False)
    settings.ALLOWED_HOSTS = ["testserver"]
    now = timezone.now()
    load_municipalities(actor=Actor.system("測定", now=now))
    own, foreign = (signed_in(user_of(Role.MUNICIPAL_OFFICER, code)) for code in (TOWN, OTHER_TOWN))
    towns = list(Region.objects.filter(kind__in=MUNICIPALITY_KINDS).exclude(pk=TOWN).values_list("pk", flat=True))
    offices = Organisation.objects.bulk_create(
        Organisation(region_id=code, kind="municipality", name=f"架空の役場{code}") for code in towns
    )

    def body(number: int, office: Organisation) -> Body:
        return Body(
            id=new_id(),
            organisation=office,
            region_id=office.region_id,
            name=f"架空{number}",
            layer="municipality",
            kind="practitioners",
            audience="public",
            created_at=now,
        )

    def meetings(of: Body, number: int) -> Iterator[dict[str, Any]]:
        every = 9_131 / number  # from 2000 to 2024, however many
        for one in range(number):
            day = date(2000, 4, 1) + timedelta(days=int(one * every))
            yield {
                "id": new_id(),
                "body_id": of.pk,
                "title": f"第{one + 1}回",
                "fiscal_year": day.year - (day.month < 4),
                "held_on": day,
            }

    common = Meeting(state="held", summary="要旨", created_at=now, recorded_by_name="測定")
    mine = body(0, Organisation.objects.get(region_id=TOWN))
    mine.save()
    poured(common, meetings(mine, EACH))
    path = f"/councils/bodies/{mine.pk}/meetings/"
    pages = {
        "会議の一覧（受け持ちの町）": (own, path),
        "会議の一覧（年度で絞る）": (own, f"{path}?fiscal_year=2010"),
        "会議の一覧（ほかの町）": (foreign, path),
        "会議体の一覧": (own, "/councils/"),
        "会議体の一覧（ことばで探す）": (own, "/councils/?q=17"),
        "会議体の一覧（最後の面）": (foreign, "/councils/?page=99"),
        "ホーム": (own, "/home/"),
    }
    alone = {label: measured(*page) for label, page in pages.items()}
    begun = time.perf_counter()
    others = Body.objects.bulk_create(body(one, offices[one % len(offices)]) for one in range(1, BODIES))
    poured(common, (row for place, one in enumerate(others) for row in meetings(one, EACH if place else LONG)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    taken = time.perf_counter() - begun
    print(f"  {connection.vendor}: 会議体 {BODIES:,}・会議 {Meeting.objects.count():,} 件（入れるのに {taken:.0f} 秒）")
    for label, page in pages.items():
        slow, asked = measured(*page)
        fast, before = alone[label]
        say(f"{label}、問い合わせ {before} → {asked} 回", slow, fast, "会議体が一つのとき")
    for label, number in (("最初", 1), ("最後", LONG // 50)):
        slow, asked = measured(own, f"/councils/bodies/{others[0].pk}/meetings/?page={number}")
        fast, _ = alone["会議の一覧（受け持ちの町）"]
        say(f"会議が{LONG:,}件ある会議体の{label}の面、問い合わせ {asked} 回", slow, fast, "会議が100件のとき")


def poured(common: models.Model, rows: Iterator[dict[str, Any]]) -> None:
    """Straight into the table: making a row of the model costs many times what the database takes for it. rows: what
    differs from the common row."""
    fields = common._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    sql = f"INSERT INTO {common._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"
    same = {field.attname: field.get_db_prep_save(getattr(common, field.attname), connection) for field in fields}
    by_name = {field.attname: field for field in fields}
    with transaction.atomic(), connection.cursor() as cursor:
        while some := list(islice(rows, AT_ONCE)):
            for row in some:
                row.update({name: by_name[name].get_db_prep_save(value, connection) for name, value in row.items()})
            cursor.executemany(sql, [list((same | row).values()) for row in some])


def measured(client: Client, path: str) -> tuple[float, int]:
    """Seconds, and how many times the database was asked."""
    asked: list[str] = []

    def page() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, parameters, many, context)

    page()
    with connection.execute_wrapper(note):
        page()
    return seconds(page, times=7), len(asked)
